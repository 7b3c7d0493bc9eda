//! Customers' numbers that a person linked to articles of ours.

use domain::ids::{ArticleId, ContactId};
use domain::time::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{ROWS, Tx, on, push_list};

/// Remembers that a customer's number means this article.
pub async fn link(
    tx: &mut Tx,
    customer: ContactId,
    sent_number: &str,
    id: ArticleId,
    by: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(tx, |conn| {
        sqlx::query(
        "INSERT INTO article_link (contact_id, sent_number, article_id, linked_by, linked_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (contact_id, sent_number)
         DO UPDATE SET article_id = excluded.article_id, linked_by = excluded.linked_by, linked_at = excluded.linked_at"
    )
    .bind(customer.0)
    .bind(sent_number)
    .bind(id.0)
    .bind(by)
    .bind(now.0)
    .execute(conn)
    .await?
    .rows_affected()
    });
    Ok(())
}

/// Which of the customer's numbers were linked before, and to what.
pub async fn linked(
    tx: &mut Tx,
    customer: ContactId,
    numbers: &[String],
) -> Result<Vec<(String, ArticleId)>, StoreError> {
    let mut links: Vec<(String, Uuid)> = Vec::new();
    for chunk in numbers.chunks(ROWS) {
        links.extend::<Vec<(String, Uuid)>>(on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new(
                "SELECT sent_number, article_id FROM article_link WHERE contact_id = ",
            );
            query.push_bind(customer.0).push(" AND sent_number IN ");
            push_list(&mut query, chunk.iter().cloned());
            query.build_query_as().fetch_all(conn).await?
        }));
    }
    Ok(links.into_iter().map(|(number, id)| (number, ArticleId(id))).collect())
}
