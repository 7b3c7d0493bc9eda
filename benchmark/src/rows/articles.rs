//! A large catalogue at the supplier, and what the plain way of searching takes over the buyer's copy of it.

use std::time::{Duration, Instant};

use sqlx::{Postgres, QueryBuilder, Sqlite};

use super::catalogue::made;
use super::{Database, execute, now, scalar};
use crate::failure::Outcome;

/// Articles of one statement: each has a handful of values, and SQLite takes 32,766.
const ROWS: usize = 1_000;
/// Above every document number that the program has given by itself.
const DOCUMENTS: i64 = 1_000_000_000;

/// One article as a row.
macro_rules! values {
    ($row:expr, $place:expr, $newest:expr, $at:expr) => {{
        let article = made($place);
        let place = i64::try_from($place).unwrap_or_default();
        $row.push_bind(uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | u128::from($place)))
            .push_bind(article.number.clone())
            .push_bind(article.name.clone())
            .push_bind(article.number.to_lowercase())
            .push_bind(article.name.to_lowercase())
            .push_bind("EA")
            .push_bind(article.price * 10_000)
            .push_bind(1_000_000_i64)
            .push_bind("NOK")
            .push_bind(25_000_000_i64)
            .push_bind(article.gtin)
            .push_bind($at)
            .push_bind($at)
            .push_bind($newest + place)
            .push_bind(1_i64)
            .push_bind(DOCUMENTS + place);
    }};
}
/// Writes the articles of the made catalogue up to `total` into the register of the supplier. They cannot be searched there.
pub async fn large_catalogue(supplier: &mut Database, total: u64) -> Outcome<()> {
    let newest: i64 = scalar!(&mut *supplier, "SELECT MAX(change_number) FROM article");
    let at = now()?;
    supplier.begin().await?;
    let places: Vec<u64> = (1..=total).collect();
    for some in places.chunks(ROWS) {
        match supplier {
            Database::Sqlite(connection) => {
                let mut query: QueryBuilder<Sqlite> = QueryBuilder::new(INSERT);
                query.push_values(some, |mut row, place| values!(row, *place, newest, at));
                query.build().execute(&mut *connection).await?;
            }
            Database::Postgres(connection) => {
                let mut query: QueryBuilder<Postgres> = QueryBuilder::new(INSERT);
                query.push_values(some, |mut row, place| values!(row, *place, newest, at));
                query.build().execute(&mut *connection).await?;
            }
        }
    }
    let last = newest + i64::try_from(total)?;
    execute!(&mut *supplier, "UPDATE counter SET value = $1 WHERE name = 'article_change'", last);
    supplier.commit().await?;
    supplier.run("ANALYZE article".to_owned()).await
}

const INSERT: &str = "INSERT INTO article (article_id, number, name, number_key, name_key, unit, price, price_base_quantity, currency,
    vat_rate, gtin, created_at, updated_at, change_number, version, document) ";

/// Gives `count` articles of the catalogue's `total` another name and price, as if a person had changed them.
pub async fn change_articles(supplier: &mut Database, total: i64, count: i64) -> Outcome<()> {
    supplier.begin().await?;
    for place in 0..count {
        let number = made(u64::try_from(place * 977 % total + 1)?).number;
        execute!(&mut *supplier, "UPDATE counter SET value = value + 1 WHERE name = 'article_change'");
        execute!(
            &mut *supplier,
            "UPDATE article SET name = name || ' ny', price = price + 10000,
                 change_number = (SELECT value FROM counter WHERE name = 'article_change') WHERE number = $1",
            number
        );
    }
    supplier.commit().await
}

/// How many of the supplier's articles the buyer knows, and whether all that had changed were read.
pub async fn known(buyer: &mut Database) -> Outcome<(i64, bool)> {
    let count = scalar!(&mut *buyer, "SELECT MAX(catalogue_count) FROM connection");
    let read: i64 = scalar!(buyer, "SELECT COUNT(*) FROM connection WHERE catalogue_read_at IS NOT NULL");
    Ok((count, read > 0))
}

/// Who the supplier is at the buyer, as a form carries it.
pub async fn supplier_id(buyer: &mut Database) -> Outcome<String> {
    let id: uuid::Uuid = scalar!(buyer, "SELECT contact_id FROM connection WHERE contact_id IS NOT NULL");
    Ok(id.to_string())
}

/// How long it takes to find the first twelve with the text anywhere in their number or name, the shortest names first.
pub async fn like(buyer: &mut Database, text: &str) -> Outcome<Duration> {
    let pattern = format!("%{}%", text.to_lowercase());
    let started = Instant::now();
    let _: i64 = scalar!(
        buyer,
        "SELECT COUNT(*) FROM (SELECT number FROM partner_article WHERE LOWER(number) LIKE $1 OR name_key LIKE $1
             ORDER BY LENGTH(name), number LIMIT 12) AS found",
        &pattern
    );
    Ok(started.elapsed())
}
