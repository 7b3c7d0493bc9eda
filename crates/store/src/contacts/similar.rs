//! Contacts that may be the same company as another.

use domain::contacts::{ContactRole, ContactRow};
use domain::ids::ContactId;
use uuid::Uuid;

use super::{LIST, ListRow};
use crate::error::StoreError;
use crate::tx::{Tx, on};

/// Contacts that may be the same company: the same name but for capitals, the same organisation number, or the same first word
/// at the same postal code. At most five.
pub async fn similar(
    tx: &mut Tx,
    name: &str,
    postal_code: &str,
    org_number: Option<&str>,
) -> Result<Vec<ContactRow>, StoreError> {
    let first_word = name.split_whitespace().next().unwrap_or(name).to_lowercase().replace(['%', '_'], "");
    let rows: Vec<ListRow> = on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(LIST);
        query.push(" AND (LOWER(c.name) = ").push_bind(name.to_lowercase());
        query.push(" OR c.org_number = ").push_bind(org_number.unwrap_or("-").to_owned());
        query.push(" OR (c.postal_code = ").push_bind(postal_code.to_owned());
        query.push(" AND LOWER(c.name) LIKE ").push_bind(format!("{first_word}%"));
        query.push(")) ORDER BY c.created_at LIMIT 6");
        query.build_query_as().fetch_all(conn).await?
    });
    Ok(rows.into_iter().map(ContactRow::from).collect())
}

/// The contacts of a role whose name holds the text, by name; at most `limit`. Letter case does not count, also where the database knows only
/// the letters A to Z.
pub async fn named(
    tx: &mut Tx,
    role: ContactRole,
    text: &str,
    limit: i64,
) -> Result<Vec<ContactId>, StoreError> {
    let pattern = |text: String| format!("%{}%", text.replace(['%', '_'], ""));
    let typed = text.trim();
    if !typed.chars().any(char::is_alphanumeric) {
        return Ok(Vec::new());
    }
    let found: Vec<Uuid> = on!(tx, |conn| {
        sqlx::query_scalar(
            "SELECT contact_id FROM contact WHERE ((is_supplier AND $5) OR (is_customer AND $6)) AND NOT is_self
             AND (LOWER(name) LIKE $1 OR LOWER(name) LIKE $2 OR LOWER(name) LIKE $3) ORDER BY name, contact_id LIMIT $4",
        )
        .bind(pattern(typed.to_lowercase()))
        .bind(pattern(typed.to_ascii_lowercase()))
        .bind(pattern(typed.to_uppercase().to_ascii_lowercase()))
        .bind(limit)
        .bind(role == ContactRole::Supplier)
        .bind(role == ContactRole::Customer)
        .fetch_all(conn)
        .await?
    });
    Ok(found.into_iter().map(ContactId).collect())
}
