//! The two companies, their people, and what they know of each other. All of it is invented.

use domain::contacts::{ContactInput, ContactRole};
use domain::errors::ErrorCode;
use domain::ids::ContactId;
use domain::paging::PageRequest;
use domain::roles::Role;
use services::instance::{self, InitInput};
use services::users::{self, UserInput};
use services::{Actor, Ctx, articles, contacts};

use super::articles::{FACTS, SAMPLES, Sample};
use crate::cli::CliError;
use crate::config::Config;
use crate::context::{self, Opened};

/// The password of everybody in the demo.
pub(super) const PASSWORD: &str = "prodsys-demo-passord";

pub(super) struct Company {
    pub name: &'static str,
    pub org_number: &'static str,
    pub folder: &'static str,
    pub street: &'static str,
    pub postal_code: &'static str,
    pub city: &'static str,
    pub email: &'static str,
    pub phone: &'static str,
    pub contact_person: &'static str,
    pub contact_email: &'static str,
    pub people: [Person; 4],
    pub is_buyer: bool,
}

pub(super) struct Person {
    pub name: &'static str,
    pub email: &'static str,
    pub role: Role,
}

pub(super) const BUYER: Company = Company {
    name: "Nordvik Mekaniske AS",
    org_number: "310004170",
    folder: "buyer",
    street: "Verftsgata 12",
    postal_code: "7042",
    city: "Trondheim",
    email: "innkjop@nordvik.example",
    phone: "+47 73 00 00 01",
    contact_person: "Ingrid Solbakken",
    contact_email: "ingrid@nordvik.example",
    people: [
        Person { name: "Anne Nordvik", email: "admin@nordvik.example", role: Role::Administrator },
        Person { name: "Ingrid Solbakken", email: "ingrid@nordvik.example", role: Role::Buyer },
        Person { name: "Jonas Lien", email: "jonas@nordvik.example", role: Role::Seller },
        Person { name: "Mina Haug", email: "mina@nordvik.example", role: Role::Reader },
    ],
    is_buyer: true,
};

pub(super) const SUPPLIER: Company = Company {
    name: "Bolt & Feste AS",
    org_number: "313770125",
    folder: "supplier",
    street: "Industriveien 45",
    postal_code: "2007",
    city: "Kjeller",
    email: "ordre@boltfeste.example",
    phone: "+47 63 00 00 02",
    contact_person: "Petter Myhre",
    contact_email: "petter@boltfeste.example",
    people: [
        Person { name: "Kari Feste", email: "admin@boltfeste.example", role: Role::Administrator },
        Person { name: "Petter Myhre", email: "petter@boltfeste.example", role: Role::Seller },
        Person { name: "Sara Dahl", email: "sara@boltfeste.example", role: Role::Buyer },
        Person { name: "Nils Berge", email: "nils@boltfeste.example", role: Role::Reader },
    ],
    is_buyer: false,
};

/// Lines of the three orders of a connected demo, as the command line takes them.
pub(super) const ORDERS: [&[&str]; 3] = [
    &["10-1001:200", "10-1002:500", "10-2001:1000"],
    &["10-3001:40", "10-3002:25"],
    &["10-1003:100", "10-2003:100", "10-4001:10", "10-4002:5", "10-5001:2"],
];

/// Makes the company with its people, its articles and the other one as a contact; with kept data it only opens it.
pub(super) async fn prepare(config: &Config, own: &Company, other: &Company) -> Result<Opened, CliError> {
    let ctx = context::open_ctx(config, Actor::Operator).await?;
    if instance::current(&ctx).await?.is_none() {
        instance::initialise(&ctx, InitInput { company: described(own, false, false) }).await?;
        for person in &own.people {
            let user = UserInput {
                name: person.name.to_owned(),
                email: person.email.to_owned(),
                role: person.role,
                password: PASSWORD.to_owned(),
            };
            users::add_user(&ctx, user).await?;
        }
        contacts::add(&ctx, described(other, own.is_buyer, !own.is_buyer)).await?;
        for sample in &SAMPLES {
            articles::add(&ctx, article(sample, own, other)).await?;
        }
    }
    ctx.store.close().await;
    Ok(super::open(config).await?)
}

/// The contact that is the other company.
pub(super) async fn contact_id(ctx: &Ctx, company: &Company) -> Result<ContactId, CliError> {
    let role = if company.is_buyer { ContactRole::Customer } else { ContactRole::Supplier };
    let found = contacts::list(ctx, role, Some(company.name.to_owned()), PageRequest::default()).await?;
    let row = found.rows.into_iter().find(|row| row.org_number.as_deref() == Some(company.org_number));
    Ok(row.ok_or(ErrorCode::SupplierUnknown)?.contact_id)
}

fn described(company: &Company, is_supplier: bool, is_customer: bool) -> ContactInput {
    ContactInput {
        name: company.name.to_owned(),
        org_number: company.org_number.to_owned(),
        country: "NO".to_owned(),
        street: company.street.to_owned(),
        postal_code: company.postal_code.to_owned(),
        city: company.city.to_owned(),
        email: company.email.to_owned(),
        phone: company.phone.to_owned(),
        contact_person: company.contact_person.to_owned(),
        contact_email: company.contact_email.to_owned(),
        is_supplier,
        is_customer,
    }
}

fn article(sample: &Sample, own: &Company, other: &Company) -> domain::articles::ArticleInput {
    let mut input = domain::articles::ArticleInput {
        number: sample.supplier_number.to_owned(),
        name: sample.name.to_owned(),
        unit: sample.unit.to_owned(),
        price: sample.price.to_owned(),
        price_base_quantity: sample.base.to_owned(),
        ..domain::articles::ArticleInput::default()
    };
    let facts = FACTS.iter().find(|(number, ..)| *number == sample.supplier_number);
    if let Some((_, pack_size, minimum, status, replaced_by)) = facts.filter(|_| !own.is_buyer) {
        input.pack_size = (*pack_size).to_owned();
        input.minimum_quantity = (*minimum).to_owned();
        input.status = (*status).to_owned();
        input.replaced_by = (*replaced_by).to_owned();
    }
    if own.is_buyer {
        input.number = sample.buyer_number.to_owned();
        input.supplier_org_number = other.org_number.to_owned();
        input.supplier_article_number = sample.supplier_number_at_buyer.to_owned();
    }
    input
}
