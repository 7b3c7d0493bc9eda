//! Documents of before the search: rows without a number of their own.

use domain::ids::{ArticleId, ConnectionId, ContactId};
use domain::search::Entry;
use uuid::Uuid;

use super::Place;
use super::index::{Change, change, new_documents};
use crate::error::StoreError;
use crate::tx::{Tx, on};

/// Makes some rows findable that are not yet, at most `limit` of each kind; tells how many. None are left when there were none.
pub async fn fill_in(tx: &mut Tx, limit: i64) -> Result<usize, StoreError> {
    Ok(articles(tx, limit).await? + partner_articles(tx, limit).await? + bought_articles(tx, limit).await?)
}

async fn articles(tx: &mut Tx, limit: i64) -> Result<usize, StoreError> {
    let rows: Vec<Uuid> = on!(tx, |conn| sqlx::query_scalar(
        "SELECT article_id FROM article WHERE document IS NULL ORDER BY article_id LIMIT $1"
    )
    .bind(limit)
    .fetch_all(conn)
    .await?);
    if rows.is_empty() {
        return Ok(0);
    }
    let mut changes = Vec::with_capacity(rows.len());
    let first = new_documents(tx, rows.len()).await?;
    for (article_id, document) in rows.iter().zip(first..) {
        on!(tx, |conn| sqlx::query("UPDATE article SET document = $1 WHERE article_id = $2")
            .bind(document)
            .bind(article_id)
            .execute(conn)
            .await?
            .rows_affected());
        if let Some((document, after)) = crate::articles::entry(tx, ArticleId(*article_id)).await? {
            changes.push(Change { document, before: Entry::default(), after });
        }
    }
    change(tx, Place::Own, &changes).await?;
    Ok(rows.len())
}

#[derive(sqlx::FromRow)]
struct PartnerRow {
    connection_id: Uuid,
    number: String,
    name: String,
    gtin: Option<String>,
}

async fn partner_articles(tx: &mut Tx, limit: i64) -> Result<usize, StoreError> {
    let rows: Vec<PartnerRow> = on!(tx, |conn| sqlx::query_as(
        "SELECT connection_id, number, name, gtin FROM partner_article WHERE document IS NULL
         ORDER BY connection_id, number LIMIT $1"
    )
    .bind(limit)
    .fetch_all(conn)
    .await?);
    if rows.is_empty() {
        return Ok(0);
    }
    let first = new_documents(tx, rows.len()).await?;
    let numbered: Vec<(PartnerRow, i64)> = rows.into_iter().zip(first..).collect();
    for (row, document) in &numbered {
        on!(tx, |conn| sqlx::query(
            "UPDATE partner_article SET document = $1 WHERE connection_id = $2 AND number = $3"
        )
        .bind(*document)
        .bind(row.connection_id)
        .bind(&row.number)
        .execute(conn)
        .await?
        .rows_affected());
    }
    for rows in numbered.chunk_by(|(one, _), (other, _)| one.connection_id == other.connection_id) {
        let changes: Vec<Change> = rows
            .iter()
            .map(|(row, document)| Change {
                document: *document,
                before: Entry::default(),
                after: crate::partner_articles::entry(&row.number, row.gtin.as_deref(), &row.name),
            })
            .collect();
        change(tx, Place::Partner(ConnectionId(rows[0].0.connection_id)), &changes).await?;
    }
    Ok(numbered.len())
}

async fn bought_articles(tx: &mut Tx, limit: i64) -> Result<usize, StoreError> {
    let waiting = crate::bought::unindexed(tx, limit).await?;
    for (supplier, rows) in &waiting {
        crate::bought::index(tx, ContactId(supplier.0), rows).await?;
    }
    Ok(waiting.iter().map(|(_, rows)| rows.len()).sum())
}

/// Forgets what everything is found by, as if it had been written before the search; [`fill_in`] makes it findable again.
pub async fn forget_all(tx: &mut Tx) -> Result<(), StoreError> {
    tx.unindexed.clear();
    for sql in [
        "DELETE FROM search_key",
        "DELETE FROM search_word",
        "DELETE FROM search_ending",
        "DELETE FROM search_posting",
        "UPDATE article SET document = NULL",
        "UPDATE partner_article SET document = NULL",
        "UPDATE bought_article SET document = NULL",
    ] {
        on!(tx, |conn| sqlx::query(sql).execute(conn).await?.rows_affected());
    }
    Ok(())
}
