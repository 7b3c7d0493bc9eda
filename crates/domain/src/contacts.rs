//! Contacts: suppliers, customers, and whether both sides know each other by the same name and address.

mod filter;

use serde::{Deserialize, Serialize};

use crate::countries;
use crate::errors::{ErrorCode, FieldError, Refusal};
use crate::ids::{ContactId, ContactPersonId};
use crate::organisation_number;
use crate::text;
use crate::time::Timestamp;

pub use filter::{ContactFilter, ContactSort};

/// A postal address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    pub street: String,
    pub postal_code: String,
    pub city: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
}

/// A person at a contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactPerson {
    pub contact_person_id: Option<ContactPersonId>,
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
}

/// Which side of trade a list of contacts shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactRole {
    Supplier,
    Customer,
}

/// Another company. One contact can be supplier and customer at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    pub contact_id: ContactId,
    pub name: String,
    pub org_number: Option<String>,
    pub address: Address,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub is_supplier: bool,
    pub is_customer: bool,
    /// Made by an incoming order and not yet looked at by a person.
    pub needs_review: bool,
    pub contact_persons: Vec<ContactPerson>,
    pub updated_at: Timestamp,
    pub version: i64,
}

/// What a person types about a contact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactInput {
    pub name: String,
    #[serde(default)]
    pub org_number: String,
    #[serde(default)]
    pub country: String,
    #[serde(default)]
    pub street: String,
    #[serde(default)]
    pub postal_code: String,
    #[serde(default)]
    pub city: String,
    #[serde(default)]
    pub email: String,
    #[serde(default)]
    pub phone: String,
    #[serde(default)]
    pub contact_person: String,
    #[serde(default)]
    pub contact_email: String,
    #[serde(default)]
    pub is_supplier: bool,
    #[serde(default)]
    pub is_customer: bool,
}

/// A contact's fields after they were checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedContact {
    pub name: String,
    pub org_number: Option<String>,
    pub address: Address,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub is_supplier: bool,
    pub is_customer: bool,
    pub contact_persons: Vec<ContactPerson>,
}

impl ContactInput {
    /// Checks and normalises every field; all faults are told at once. Pointers are `/name`, `/org_number` and so on.
    pub fn check(&self) -> Result<CheckedContact, Refusal> {
        let mut errors = Vec::new();
        let mut line = |pointer: &str, value: &str, max: usize| match text::single_line(value, max) {
            Ok(value) => value,
            Err(text::TextError::TooLong) => {
                errors.push(FieldError::new(pointer, ErrorCode::TooLong).with("max", max));
                String::new()
            }
            Err(text::TextError::InvalidCharacter) => {
                errors.push(FieldError::new(pointer, ErrorCode::InvalidCharacter));
                String::new()
            }
        };
        let name = line("/name", &self.name, 200);
        let address = Address {
            street: line("/street", &self.street, 200),
            postal_code: line("/postal_code", &self.postal_code, 20),
            city: line("/city", &self.city, 100),
            country: line("/country", &self.country, 60),
        };
        let email = line("/email", &self.email, 254);
        let phone = line("/phone", &self.phone, 40);
        let person = line("/contact_person", &self.contact_person, 200);
        let person_email = line("/contact_email", &self.contact_email, 254);
        let org_number = organisation_number::normalise(&self.org_number);
        let country = match address.country.as_str() {
            "" => "NO",
            written => countries::from_written(written).unwrap_or_else(|| {
                errors.push(FieldError::new("/country", ErrorCode::CountryUnknown));
                ""
            }),
        };
        if name.is_empty() && errors.is_empty() {
            errors.push(FieldError::new("/name", ErrorCode::Required));
        }
        if !org_number.is_empty() && country == "NO" && !organisation_number::is_valid(&org_number) {
            errors.push(FieldError::new("/org_number", ErrorCode::InvalidOrganisationNumber));
        }
        if org_number.len() > 40 {
            errors.push(FieldError::new("/org_number", ErrorCode::TooLong).with("max", 40));
        }
        for (pointer, address) in [("/email", &email), ("/contact_email", &person_email)] {
            if !address.is_empty() && !text::is_email(address) {
                errors.push(FieldError::new(pointer, ErrorCode::InvalidEmail));
            }
        }
        if !errors.is_empty() {
            return Err(Refusal::of_fields(errors));
        }
        let some = |value: String| (!value.is_empty()).then_some(value);
        let contact_persons = match (some(person), some(person_email)) {
            (None, None) => Vec::new(),
            (name, email) => vec![ContactPerson {
                contact_person_id: None,
                name: name.unwrap_or_default(),
                email,
                phone: None,
            }],
        };
        Ok(CheckedContact {
            name,
            org_number: some(org_number),
            address: Address { country: country.to_owned(), ..address },
            email: some(email),
            phone: some(phone),
            is_supplier: self.is_supplier,
            is_customer: self.is_customer,
            contact_persons,
        })
    }
}

/// A row of the lists *Leverandører* and *Kunder*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactRow {
    pub contact_id: ContactId,
    pub name: String,
    pub org_number: Option<String>,
    pub city: String,
    pub country: String,
    pub is_supplier: bool,
    pub is_customer: bool,
    pub needs_review: bool,
    pub connected: bool,
    pub updated_at: Timestamp,
}

/// The guide asks for identical *Firmanavn*, *Adresse* and *Kontaktperson(er)*: the fields that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactField {
    Name,
    Street,
    PostalCode,
    City,
    Country,
    ContactPersons,
}

impl ContactField {
    /// The word in the translation files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Street => "street",
            Self::PostalCode => "postal_code",
            Self::City => "city",
            Self::Country => "country",
            Self::ContactPersons => "contact_persons",
        }
    }

    /// Reads [`ContactField::as_str`].
    pub fn from_code(text: &str) -> Option<Self> {
        let all =
            [Self::Name, Self::Street, Self::PostalCode, Self::City, Self::Country, Self::ContactPersons];
        all.into_iter().find(|field| field.as_str() == text)
    }
}

/// One field that differs, as we have it and as the partner has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactDifference {
    pub field: ContactField,
    pub ours: String,
    pub theirs: String,
}

/// Compares what we keep about a company with what it says about itself. Identical means equal in normal form.
pub fn compare(
    ours: (&str, &Address, &[ContactPerson]),
    theirs: (&str, &Address, &[ContactPerson]),
) -> Vec<ContactDifference> {
    let persons = |list: &[ContactPerson]| {
        let mut names: Vec<String> = list.iter().map(|person| text::normalise(&person.name)).collect();
        names.sort();
        names.join(", ")
    };
    let pairs = [
        (ContactField::Name, text::normalise(ours.0), text::normalise(theirs.0)),
        (ContactField::Street, text::normalise(&ours.1.street), text::normalise(&theirs.1.street)),
        (
            ContactField::PostalCode,
            text::normalise(&ours.1.postal_code),
            text::normalise(&theirs.1.postal_code),
        ),
        (ContactField::City, text::normalise(&ours.1.city), text::normalise(&theirs.1.city)),
        (ContactField::Country, text::normalise(&ours.1.country), text::normalise(&theirs.1.country)),
        (ContactField::ContactPersons, persons(ours.2), persons(theirs.2)),
    ];
    pairs
        .into_iter()
        .filter(|(_, ours, theirs)| ours != theirs)
        .map(|(field, ours, theirs)| ContactDifference { field, ours, theirs })
        .collect()
}
