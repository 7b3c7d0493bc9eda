//! Rows of contacts; several rows for several persons.

use domain::contacts::{ContactInput, ContactPerson};
use domain::errors::{ErrorCode, Refusal};
use store::Tx;

use super::{Done, Row, of_line, same_in_every_row};
use crate::contacts;
use crate::ctx::Ctx;
use crate::error::ServiceError;

/// What all rows of one contact have in common.
const HEAD: [&str; 9] =
    ["name", "org_number", "country", "role", "street", "postal_code", "city", "email", "phone"];

/// The country and the organisation number; without one, the name.
pub(super) fn key(row: &Row) -> String {
    let country = match row.get("country") {
        "" => "NO",
        written => domain::countries::from_written(written).unwrap_or(written),
    };
    let org_number = domain::organisation_number::normalise(row.get("org_number"));
    if org_number.is_empty() {
        format!("{country}\n{}\n", domain::text::normalise(row.get("name")))
    } else {
        format!("{country}\n{org_number}")
    }
}

/// Brings one contact in. The one of that country with that number is updated, and without a number the one of the same name and country.
/// Persons that the file does not name are kept.
pub(super) async fn import(ctx: &Ctx, tx: &mut Tx, rows: &[&Row]) -> Result<Done, ServiceError> {
    same_in_every_row(rows, &HEAD)?;
    let mut checked = None;
    let mut persons: Vec<ContactPerson> = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let of_row = input(row)?.check().map_err(|refusal| of_line(index, refusal))?;
        for person in &of_row.contact_persons {
            if persons.iter().any(|known| known.name == person.name && known.email == person.email) {
                return Err(Refusal::of_field(
                    format!("/lines/{index}/contact_person"),
                    ErrorCode::Duplicate,
                )
                .into());
            }
            persons.push(person.clone());
        }
        if index > 0 && of_row.contact_persons.is_empty() {
            return Err(Refusal::of_field(format!("/lines/{index}/name"), ErrorCode::Duplicate).into());
        }
        checked.get_or_insert(of_row);
    }
    let mut checked = checked.ok_or(ErrorCode::FileMalformed)?;
    let country = &checked.address.country;
    let known = match &checked.org_number {
        Some(org_number) => store::contacts::find_by_identity(tx, country, org_number).await?,
        None => store::contacts::find_by_name_alone(tx, &checked.name, country).await?,
    };
    checked.contact_persons = persons;
    match known {
        Some(known) => {
            checked.contact_persons = with_known(checked.contact_persons, &known.contact_persons);
            contacts::replace_in(ctx, tx, &known, &checked).await?;
            Ok(Done::Changed)
        }
        None => {
            contacts::add_in(ctx, tx, &checked).await?;
            Ok(Done::Added)
        }
    }
}

fn input(row: &Row) -> Result<ContactInput, Refusal> {
    let (is_supplier, is_customer) = match row.get("role").to_lowercase().as_str() {
        "supplier" | "leverandør" => (true, false),
        "customer" | "kunde" => (false, true),
        "both" | "begge" => (true, true),
        "" => return Err(Refusal::of_field("/role", ErrorCode::Required)),
        _ => return Err(Refusal::of_field("/role", ErrorCode::RoleUnknown)),
    };
    Ok(ContactInput {
        name: row.text("name"),
        org_number: row.text("org_number"),
        country: row.text("country"),
        street: row.text("street"),
        postal_code: row.text("postal_code"),
        city: row.text("city"),
        email: row.text("email"),
        phone: row.text("phone"),
        contact_person: row.text("contact_person"),
        contact_email: row.text("contact_email"),
        is_supplier,
        is_customer,
    })
}

/// The file's persons first, each with what was known of the same name; then those that the file does not name.
fn with_known(named: Vec<ContactPerson>, known: &[ContactPerson]) -> Vec<ContactPerson> {
    let same = |person: &ContactPerson, other: &ContactPerson| person.name == other.name;
    let mut persons: Vec<ContactPerson> = named
        .into_iter()
        .map(|person| match known.iter().find(|other| same(&person, other)) {
            Some(other) => ContactPerson {
                email: person.email.or_else(|| other.email.clone()),
                phone: person.phone.or_else(|| other.phone.clone()),
                ..person
            },
            None => person,
        })
        .collect();
    let unnamed: Vec<ContactPerson> =
        known.iter().filter(|other| !persons.iter().any(|person| same(person, other))).cloned().collect();
    persons.extend(unnamed);
    persons
}
