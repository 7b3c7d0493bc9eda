//! A supplier's catalogue as last read over the partner API.

use domain::decimal::{Quantity, UnitPrice};
use domain::ids::ConnectionId;
use domain::matching::{PartnerArticle, loose_key};
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{Tx, on};

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
        }
    }
}

/// Writes articles of the catalogue over what was known of them.
pub async fn upsert(
    tx: &mut Tx,
    connection: ConnectionId,
    articles: &[PartnerArticle],
) -> Result<(), StoreError> {
    for article in articles {
        on!(tx, |conn| {
            sqlx::query(
            "INSERT INTO partner_article (connection_id, number, loose_key, name, name_key, unit, price, price_base_quantity, currency,
                 gtin, pack_size)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             ON CONFLICT (connection_id, number) DO UPDATE SET name = excluded.name, name_key = excluded.name_key, unit = excluded.unit,
                 price = excluded.price, price_base_quantity = excluded.price_base_quantity, currency = excluded.currency,
                 gtin = excluded.gtin, pack_size = excluded.pack_size"
        )
        .bind(connection.0)
        .bind(&article.number)
        .bind(loose_key(&article.number))
        .bind(&article.name)
        .bind(article.name.to_lowercase())
        .bind(&article.unit)
        .bind(article.price.map(|price| price.0))
        .bind(article.price_base_quantity.0)
        .bind(&article.currency)
        .bind(article.gtin.as_deref())
        .bind(article.pack_size.map(|size| size.0))
        .execute(conn)
        .await?
        .rows_affected()
        });
    }
    Ok(())
}

/// Articles that come into question for a line: the identical number, one that looks alike, the same GTIN; at most ten.
pub async fn candidates(
    tx: &mut Tx,
    connection: ConnectionId,
    number: &str,
    gtin: Option<&str>,
) -> Result<Vec<PartnerArticle>, StoreError> {
    // Three questions, each answered by its index: one question with three conditions makes SQLite read the partner's whole catalogue
    // for every line.
    let alike = if number.is_empty() { None } else { Some(loose_key(number)) };
    let rows: Vec<Row> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT number, name, unit, price, price_base_quantity, currency, gtin, pack_size FROM (
             SELECT * FROM partner_article WHERE connection_id = $1 AND number = $2
             UNION SELECT * FROM partner_article WHERE connection_id = $1 AND loose_key = $3
             UNION SELECT * FROM partner_article WHERE connection_id = $1 AND gtin = $4) AS alike
         ORDER BY CASE WHEN number = $2 THEN 0 ELSE 1 END, number LIMIT 10",
        )
        .bind(connection.0)
        .bind(number)
        .bind(alike)
        .bind(gtin)
        .fetch_all(conn)
        .await?
    });
    Ok(rows.into_iter().map(PartnerArticle::from).collect())
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
