//! Contacts: other companies, and the own one.

mod list;
mod similar;

use std::collections::{HashMap, HashSet};

use domain::contacts::{Address, CheckedContact, Contact, ContactPerson};
use domain::ids::{ContactId, ContactPersonId};
use domain::time::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{ROWS, Tx, on, push_list};

use list::{LIST, ListRow};
pub use list::{ids, list, list_of, row};
pub use similar::{named, similar};

#[derive(sqlx::FromRow)]
struct Row {
    contact_id: Uuid,
    name: String,
    org_number: Option<String>,
    street: String,
    postal_code: String,
    city: String,
    country: String,
    email: Option<String>,
    phone: Option<String>,
    is_supplier: bool,
    is_customer: bool,
    needs_review: bool,
    updated_at: i64,
    version: i64,
}

impl Row {
    fn into_contact(self, contact_persons: Vec<ContactPerson>) -> Contact {
        Contact {
            contact_id: ContactId(self.contact_id),
            name: self.name,
            org_number: self.org_number,
            address: Address {
                street: self.street,
                postal_code: self.postal_code,
                city: self.city,
                country: self.country,
            },
            email: self.email,
            phone: self.phone,
            is_supplier: self.is_supplier,
            is_customer: self.is_customer,
            needs_review: self.needs_review,
            contact_persons,
            updated_at: Timestamp(self.updated_at),
            version: self.version,
        }
    }
}

#[derive(sqlx::FromRow)]
struct PersonRow {
    contact_id: Uuid,
    contact_person_id: Uuid,
    name: String,
    email: Option<String>,
    phone: Option<String>,
}

/// What kind of contact is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ContactFlags {
    /// The own company.
    pub is_self: bool,
    /// Made by an incoming order.
    pub needs_review: bool,
}

/// Writes a contact. `false` when another one has the number in that country.
pub async fn add(
    tx: &mut Tx,
    id: ContactId,
    contact: &CheckedContact,
    flags: ContactFlags,
    person_ids: &[ContactPersonId],
    now: Timestamp,
) -> Result<bool, StoreError> {
    let affected = on!(tx, |conn| {
        sqlx::query(
        "INSERT INTO contact (contact_id, name, org_number, street, postal_code, city, country, email, phone, is_supplier, is_customer,
             is_self, needs_review, created_at, updated_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, 1)
         ON CONFLICT (org_number, country) DO NOTHING"
    )
    .bind(id.0)
    .bind(&contact.name)
    .bind(contact.org_number.as_deref())
    .bind(&contact.address.street)
    .bind(&contact.address.postal_code)
    .bind(&contact.address.city)
    .bind(&contact.address.country)
    .bind(contact.email.as_deref())
    .bind(contact.phone.as_deref())
    .bind(contact.is_supplier)
    .bind(contact.is_customer)
    .bind(flags.is_self)
    .bind(flags.needs_review)
    .bind(now.0)
    .execute(conn)
    .await?
    .rows_affected()
    });
    if affected == 0 {
        return Ok(false);
    }
    replace_persons(tx, id, &contact.contact_persons, person_ids).await?;
    Ok(true)
}

/// Saves a contact that nobody changed since `version`; `false` when someone did. A role that it has is kept.
pub async fn save(
    tx: &mut Tx,
    id: ContactId,
    contact: &CheckedContact,
    version: i64,
    person_ids: &[ContactPersonId],
    now: Timestamp,
) -> Result<bool, StoreError> {
    let affected = on!(tx, |conn| {
        sqlx::query(
        "UPDATE contact SET name = $1, org_number = $2, street = $3, postal_code = $4, city = $5, country = $6, email = $7, phone = $8,
             is_supplier = (is_supplier OR $9), is_customer = (is_customer OR $10), updated_at = $11, version = version + 1
         WHERE contact_id = $12 AND version = $13"
    )
    .bind(&contact.name)
    .bind(contact.org_number.as_deref())
    .bind(&contact.address.street)
    .bind(&contact.address.postal_code)
    .bind(&contact.address.city)
    .bind(&contact.address.country)
    .bind(contact.email.as_deref())
    .bind(contact.phone.as_deref())
    .bind(contact.is_supplier)
    .bind(contact.is_customer)
    .bind(now.0)
    .bind(id.0)
    .bind(version)
    .execute(conn)
    .await?
    .rows_affected()
    });
    if affected == 0 {
        return Ok(false);
    }
    replace_persons(tx, id, &contact.contact_persons, person_ids).await?;
    Ok(true)
}

async fn replace_persons(
    tx: &mut Tx,
    id: ContactId,
    persons: &[ContactPerson],
    person_ids: &[ContactPersonId],
) -> Result<(), StoreError> {
    on!(tx, |conn| sqlx::query("DELETE FROM contact_person WHERE contact_id = $1")
        .bind(id.0)
        .execute(conn)
        .await?
        .rows_affected());
    for (ordinal, (person, person_id)) in persons.iter().zip(person_ids).enumerate() {
        on!(tx, |conn| {
            sqlx::query(
            "INSERT INTO contact_person (contact_person_id, contact_id, ordinal, name, email, phone) VALUES ($1, $2, $3, $4, $5, $6)"
        )
        .bind(person_id.0)
        .bind(id.0)
        .bind(i64::try_from(ordinal).unwrap_or(i64::MAX))
        .bind(&person.name)
        .bind(person.email.as_deref())
        .bind(person.phone.as_deref())
        .execute(conn)
        .await?
        .rows_affected()
        });
    }
    Ok(())
}

/// A contact with its persons.
pub async fn lookup(tx: &mut Tx, id: ContactId) -> Result<Option<Contact>, StoreError> {
    let row = on!(tx, |conn| sqlx::query_as("SELECT * FROM contact WHERE contact_id = $1")
        .bind(id.0)
        .fetch_optional(conn)
        .await?);
    with_persons(tx, row).await
}

/// Contacts with their persons, by their ids; those that are there. Many are looked up in one statement.
pub async fn lookup_each(tx: &mut Tx, ids: &[ContactId]) -> Result<HashMap<ContactId, Contact>, StoreError> {
    let mut found = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(ROWS) {
        let rows: Vec<Row> = on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new("SELECT * FROM contact WHERE contact_id IN ");
            push_list(&mut query, chunk.iter().map(|id| id.0));
            query.build_query_as().fetch_all(conn).await?
        });
        let contacts = with_persons_each(tx, rows).await?;
        found.extend(contacts.into_iter().map(|contact| (contact.contact_id, contact)));
    }
    Ok(found)
}

/// A contact's name.
pub async fn name(tx: &mut Tx, id: ContactId) -> Result<Option<String>, StoreError> {
    Ok(on!(tx, |conn| sqlx::query_scalar("SELECT name FROM contact WHERE contact_id = $1")
        .bind(id.0)
        .fetch_optional(conn)
        .await?))
}

/// The own company.
pub async fn own(tx: &mut Tx) -> Result<Option<Contact>, StoreError> {
    let row =
        on!(tx, |conn| sqlx::query_as("SELECT * FROM contact WHERE is_self").fetch_optional(conn).await?);
    with_persons(tx, row).await
}

/// The contact of that name that has no organisation number, which is all that tells such contacts apart.
pub async fn find_by_name_alone(
    tx: &mut Tx,
    name: &str,
    country: &str,
) -> Result<Option<Contact>, StoreError> {
    let row = on!(tx, |conn| {
        sqlx::query_as(
        "SELECT * FROM contact WHERE name = $1 AND country = $2 AND org_number IS NULL AND NOT is_self ORDER BY created_at LIMIT 1"
    )
    .bind(name)
    .bind(country)
    .fetch_optional(conn)
    .await?
    });
    with_persons(tx, row).await
}

/// The contact of that country with the organisation number: what a company is known by.
pub async fn find_by_identity(
    tx: &mut Tx,
    country: &str,
    org_number: &str,
) -> Result<Option<Contact>, StoreError> {
    let row = on!(tx, |conn| sqlx::query_as(
        "SELECT * FROM contact WHERE org_number = $1 AND country = $2 AND NOT is_self"
    )
    .bind(org_number)
    .bind(country)
    .fetch_optional(conn)
    .await?);
    with_persons(tx, row).await
}

/// The suppliers with the organisation number, one in each country; at most two.
pub async fn suppliers_with_number(tx: &mut Tx, org_number: &str) -> Result<Vec<ContactId>, StoreError> {
    let ids: Vec<Uuid> = on!(tx, |conn| sqlx::query_scalar(
        "SELECT contact_id FROM contact WHERE org_number = $1 AND is_supplier AND NOT is_self LIMIT 2"
    )
    .bind(org_number)
    .fetch_all(conn)
    .await?);
    Ok(ids.into_iter().map(ContactId).collect())
}

/// Which of the organisation numbers suppliers of several countries have.
pub async fn shared_by_suppliers(tx: &mut Tx, org_numbers: &[String]) -> Result<HashSet<String>, StoreError> {
    let mut shared = HashSet::new();
    for chunk in org_numbers.chunks(ROWS) {
        let found: Vec<String> = on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new("SELECT org_number FROM contact WHERE org_number IN ");
            push_list(&mut query, chunk.iter().cloned());
            query.push(" AND is_supplier AND NOT is_self GROUP BY org_number HAVING COUNT(*) > 1");
            query.build_query_scalar().fetch_all(conn).await?
        });
        shared.extend(found);
    }
    Ok(shared)
}

async fn with_persons(tx: &mut Tx, row: Option<Row>) -> Result<Option<Contact>, StoreError> {
    Ok(with_persons_each(tx, row.into_iter().collect()).await?.pop())
}

/// Contacts with their persons; no more rows than one statement can name.
async fn with_persons_each(tx: &mut Tx, rows: Vec<Row>) -> Result<Vec<Contact>, StoreError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let persons: Vec<PersonRow> = on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(
            "SELECT contact_id, contact_person_id, name, email, phone FROM contact_person WHERE contact_id IN ",
        );
        push_list(&mut query, rows.iter().map(|row| row.contact_id));
        query.push(" ORDER BY contact_id, ordinal");
        query.build_query_as().fetch_all(conn).await?
    });
    let mut of_contact: HashMap<Uuid, Vec<ContactPerson>> = HashMap::with_capacity(rows.len());
    for person in persons {
        of_contact.entry(person.contact_id).or_default().push(ContactPerson {
            contact_person_id: Some(ContactPersonId(person.contact_person_id)),
            name: person.name,
            email: person.email,
            phone: person.phone,
        });
    }
    let contacts = rows.into_iter().map(|row| {
        let persons = of_contact.remove(&row.contact_id).unwrap_or_default();
        row.into_contact(persons)
    });
    Ok(contacts.collect())
}

/// A person has looked at the contact: it is no longer marked.
pub async fn confirm(tx: &mut Tx, id: ContactId) -> Result<(), StoreError> {
    on!(tx, |conn| sqlx::query("UPDATE contact SET needs_review = FALSE WHERE contact_id = $1")
        .bind(id.0)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}

/// The contact also is a customer.
pub async fn make_customer(tx: &mut Tx, id: ContactId) -> Result<(), StoreError> {
    on!(tx, |conn| sqlx::query(
        "UPDATE contact SET is_customer = TRUE WHERE contact_id = $1 AND NOT is_customer"
    )
    .bind(id.0)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}
