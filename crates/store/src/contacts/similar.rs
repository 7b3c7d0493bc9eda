//! Contacts that may be the same company as another.

use domain::contacts::ContactRow;

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
