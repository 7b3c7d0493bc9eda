//! A supplier's catalogue as last read over the partner API.

mod candidates;

use std::collections::BTreeMap;

use domain::articles::ArticleStatus;
use domain::decimal::{Quantity, UnitPrice};
use domain::ids::ConnectionId;
use domain::matching::{PartnerArticle, loose_key};
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{ROWS, Tx, on};

pub use candidates::{Wanted, candidates};

const COLUMNS: &str =
    "number, name, unit, price, price_base_quantity, currency, gtin, pack_size, minimum_quantity, status,
    replaced_by";

#[derive(sqlx::FromRow)]
struct Row {
    number: String,
    name: String,
    unit: String,
    price: Option<i64>,
    price_base_quantity: i64,
    currency: String,
    gtin: Option<String>,
    pack_size: Option<i64>,
    minimum_quantity: Option<i64>,
    status: String,
    replaced_by: Option<String>,
}

impl From<Row> for PartnerArticle {
    fn from(row: Row) -> Self {
        Self {
            number: row.number,
            name: row.name,
            unit: row.unit,
            price: row.price.map(UnitPrice),
            price_base_quantity: Quantity(row.price_base_quantity),
            currency: row.currency,
            gtin: row.gtin,
            pack_size: row.pack_size.map(Quantity),
            minimum_quantity: row.minimum_quantity.map(Quantity),
            status: ArticleStatus::parse(&row.status).unwrap_or_default(),
            replaced_by: row.replaced_by,
        }
    }
}

/// Writes articles of the catalogue over what was known of them; the last of two with one number counts.
pub async fn upsert(
    tx: &mut Tx,
    connection: ConnectionId,
    articles: &[PartnerArticle],
) -> Result<(), StoreError> {
    // One statement may not write a row twice.
    let last: BTreeMap<&str, &PartnerArticle> =
        articles.iter().map(|article| (article.number.as_str(), article)).collect();
    let articles: Vec<&PartnerArticle> = last.into_values().collect();
    for chunk in articles.chunks(ROWS) {
        on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new(
                "INSERT INTO partner_article (connection_id, number, loose_key, name, name_key, unit, price, price_base_quantity, currency,
                     gtin, pack_size, minimum_quantity, status, replaced_by) ",
            );
            query.push_values(chunk, |mut row, article| {
                row.push_bind(connection.0)
                    .push_bind(article.number.clone())
                    .push_bind(loose_key(&article.number))
                    .push_bind(article.name.clone())
                    .push_bind(article.name.to_lowercase())
                    .push_bind(article.unit.clone())
                    .push_bind(article.price.map(|price| price.0))
                    .push_bind(article.price_base_quantity.0)
                    .push_bind(article.currency.clone())
                    .push_bind(article.gtin.clone())
                    .push_bind(article.pack_size.map(|size| size.0))
                    .push_bind(article.minimum_quantity.map(|minimum| minimum.0))
                    .push_bind(article.status.as_str())
                    .push_bind(article.replaced_by.clone());
            });
            query.push(
                " ON CONFLICT (connection_id, number) DO UPDATE SET name = excluded.name, name_key = excluded.name_key, unit = excluded.unit,
                     price = excluded.price, price_base_quantity = excluded.price_base_quantity, currency = excluded.currency,
                     gtin = excluded.gtin, pack_size = excluded.pack_size, minimum_quantity = excluded.minimum_quantity,
                     status = excluded.status, replaced_by = excluded.replaced_by",
            );
            query.build().execute(conn).await?.rows_affected()
        });
    }
    Ok(())
}

/// How many articles of the partner are known.
pub async fn count(tx: &mut Tx, connection: ConnectionId) -> Result<i64, StoreError> {
    Ok(on!(tx, |conn| sqlx::query_scalar("SELECT COUNT(*) FROM partner_article WHERE connection_id = $1")
        .bind::<Uuid>(connection.0)
        .fetch_one(conn)
        .await?))
}

/// Forgets the catalogue: the connection leads to another partner now.
pub async fn clear(tx: &mut Tx, connection: ConnectionId) -> Result<(), StoreError> {
    on!(tx, |conn| sqlx::query("DELETE FROM partner_article WHERE connection_id = $1")
        .bind(connection.0)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}
