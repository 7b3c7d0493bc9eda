//! A supplier's catalogue as last read over the partner API.

use std::collections::{BTreeMap, BTreeSet};

use domain::articles::ArticleStatus;
use domain::decimal::{Quantity, UnitPrice};
use domain::ids::ConnectionId;
use domain::matching::{PartnerArticle, loose_key};
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{ROWS, Tx, on, push_list};

const COLUMNS: &str =
    "number, name, unit, price, price_base_quantity, currency, gtin, pack_size, minimum_quantity, status,
    replaced_by";
/// Candidates that a line is compared with at most.
const ALIKE: usize = 10;

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

/// A line whose article is looked for: its number, and its GTIN where it has one.
pub type Wanted<'a> = (String, Option<&'a str>);

/// Articles that come into question for each of the lines: the identical number first, then those that look alike or have the same
/// GTIN; at most ten for each line.
pub async fn candidates(
    tx: &mut Tx,
    connection: ConnectionId,
    wanted: &[Wanted<'_>],
) -> Result<Vec<Vec<PartnerArticle>>, StoreError> {
    let mut found = Vec::with_capacity(wanted.len());
    for chunk in wanted.chunks(ROWS) {
        let numbers = chunk.iter().map(|(number, _)| number.clone()).filter(|number| !number.is_empty());
        let numbers: BTreeSet<String> = numbers.collect();
        let gtins: BTreeSet<&str> = chunk.iter().filter_map(|(_, gtin)| *gtin).collect();
        let articles = alike(tx, connection, &numbers, &gtins).await?;
        found.extend(chunk.iter().map(|wanted| candidates_of(wanted, &articles)));
    }
    Ok(found)
}

/// Those of the articles, which are in the order of their numbers, that come into question for one line.
fn candidates_of((number, gtin): &Wanted<'_>, articles: &[(String, PartnerArticle)]) -> Vec<PartnerArticle> {
    let wanted_key = (!number.is_empty()).then(|| loose_key(number));
    let is_alike = |key: &String, article: &PartnerArticle| {
        wanted_key.as_ref() == Some(key) || (gtin.is_some() && article.gtin.as_deref() == *gtin)
    };
    let identical = articles.iter().filter(|(_, article)| article.number == *number);
    let alike = articles.iter().filter(|(key, article)| article.number != *number && is_alike(key, article));
    identical.chain(alike).take(ALIKE).map(|(_, article)| article.clone()).collect()
}

/// Articles with one of the numbers, one that looks like one of them, or one of the GTINs; of those that look alike the first ten each.
/// In the order of their numbers, each with its loose key.
async fn alike(
    tx: &mut Tx,
    connection: ConnectionId,
    numbers: &BTreeSet<String>,
    gtins: &BTreeSet<&str>,
) -> Result<Vec<(String, PartnerArticle)>, StoreError> {
    if numbers.is_empty() && gtins.is_empty() {
        return Ok(Vec::new());
    }
    let keys: BTreeSet<String> = numbers.iter().map(|number| loose_key(number)).collect();
    // Three questions, each answered by its index: one question with three conditions makes SQLite read the partner's whole catalogue.
    let rows: Vec<Row> = on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(format!("SELECT {COLUMNS} FROM ("));
        let mut before = "";
        if !numbers.is_empty() {
            query.push(format_args!("SELECT {COLUMNS} FROM partner_article WHERE connection_id = "));
            query.push_bind(connection.0).push(" AND number IN ");
            push_list(&mut query, numbers.iter().cloned());
            before = " UNION ";
        }
        let keys = keys.iter().map(String::as_str).collect::<Vec<_>>();
        for (column, values) in [("loose_key", keys), ("gtin", gtins.iter().copied().collect())] {
            if values.is_empty() {
                continue;
            }
            query.push(before).push(format_args!(
                "SELECT {COLUMNS} FROM (SELECT {COLUMNS}, ROW_NUMBER() OVER (PARTITION BY {column} ORDER BY number) AS place
                 FROM partner_article WHERE connection_id = "
            ));
            query.push_bind(connection.0).push(format_args!(" AND {column} IN "));
            push_list(&mut query, values.into_iter().map(str::to_owned));
            query.push(format_args!(") AS {column}_alike WHERE place <= {ALIKE}"));
            before = " UNION ";
        }
        query.push(") AS alike ORDER BY number");
        query.build_query_as().fetch_all(conn).await?
    });
    Ok(rows.into_iter().map(|row| (loose_key(&row.number), PartnerArticle::from(row))).collect())
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
