//! What suppliers call our articles.

use domain::articles::Article;
use domain::ids::{ArticleId, ContactId};

use super::{Row, entry, found_anew, with_suppliers};
use crate::error::StoreError;
use crate::tx::{Tx, on};

/// Articles that have a number at the supplier, by their own number, from after `after` on.
pub async fn at_supplier(
    tx: &mut Tx,
    supplier: ContactId,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<Article>, StoreError> {
    let rows: Vec<Row> = on!(tx, |conn| sqlx::query_as(
        "SELECT a.* FROM article_supplier s JOIN article a ON a.article_id = s.article_id
         WHERE s.contact_id = $1 AND a.number > $2 ORDER BY a.number LIMIT $3"
    )
    .bind(supplier.0)
    .bind(after.unwrap_or_default())
    .bind(limit)
    .fetch_all(conn)
    .await?);
    with_suppliers(tx, rows).await
}

/// How many articles have a number at the supplier.
pub async fn count_at_supplier(tx: &mut Tx, supplier: ContactId) -> Result<i64, StoreError> {
    Ok(on!(tx, |conn| sqlx::query_scalar("SELECT COUNT(*) FROM article_supplier WHERE contact_id = $1")
        .bind(supplier.0)
        .fetch_one(conn)
        .await?))
}

/// Keeps what the supplier calls the article.
pub async fn set_supplier_number(
    tx: &mut Tx,
    id: ArticleId,
    supplier: ContactId,
    number: &str,
) -> Result<(), StoreError> {
    let before = entry(tx, id).await?;
    on!(tx, |conn| {
        sqlx::query(
        "INSERT INTO article_supplier (article_id, contact_id, supplier_article_number) VALUES ($1, $2, $3)
         ON CONFLICT (article_id, contact_id) DO UPDATE SET supplier_article_number = excluded.supplier_article_number"
    )
    .bind(id.0)
    .bind(supplier.0)
    .bind(number)
    .execute(conn)
    .await?
    .rows_affected()
    });
    found_anew(tx, id, before).await
}
