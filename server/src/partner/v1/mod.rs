//! Version 1 of the partner API, one file for each noun.

pub mod articles;
pub mod contacts;
pub mod events;
pub mod identity;
pub mod purchase_orders;

use domain::contacts::{Address, ContactPerson};
use domain::instance::Instance;
use protocol::documents::{Party, PartyPerson};

/// This company as a document.
pub(crate) fn own_party(own: &Instance) -> Party {
    party(
        &own.company_name,
        Some(own.org_number.clone()),
        &own.address,
        own.email.clone(),
        own.phone.clone(),
        &own.contact_persons,
    )
}

/// A company as a document.
pub(crate) fn party(
    name: &str,
    org_number: Option<String>,
    address: &Address,
    email: Option<String>,
    phone: Option<String>,
    persons: &[ContactPerson],
) -> Party {
    Party {
        name: name.to_owned(),
        org_number,
        street: address.street.clone(),
        postal_code: address.postal_code.clone(),
        city: address.city.clone(),
        country: address.country.clone(),
        email,
        phone,
        contact_persons: persons
            .iter()
            .map(|person| PartyPerson {
                name: person.name.clone(),
                email: person.email.clone(),
                phone: person.phone.clone(),
            })
            .collect(),
    }
}
