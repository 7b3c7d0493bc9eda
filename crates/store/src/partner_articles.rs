//! A supplier's catalogue as last read over the partner API.

mod candidates;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::articles::ArticleStatus;
use domain::decimal::{Quantity, UnitPrice};
use domain::ids::{ConnectionId, ContactId};
use domain::matching::{PartnerArticle, loose_key};
use domain::search::Entry;
use uuid::Uuid;

use crate::error::StoreError;
use crate::search::{self, Change, Place};
use crate::tx::{ROWS, Tx, on, over_each, push_list};
use crate::value::to_json;

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

/// Writes articles of the catalogue over what was known of them; the last of two with one number counts. Tells how many were not known.
pub async fn upsert(
    tx: &mut Tx,
    connection: ConnectionId,
    articles: &[PartnerArticle],
) -> Result<usize, StoreError> {
    // One statement may not write a row twice.
    let last: BTreeMap<&str, &PartnerArticle> =
        articles.iter().map(|article| (article.number.as_str(), article)).collect();
    let articles: Vec<&PartnerArticle> = last.into_values().collect();
    let (documents, new) = index(tx, connection, &articles).await?;
    let articles: Vec<(&PartnerArticle, i64)> = articles.into_iter().zip(documents).collect();
    for chunk in articles.chunks(ROWS) {
        on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new(
                "INSERT INTO partner_article (connection_id, number, loose_key, name, name_key, unit, price, price_base_quantity, currency,
                     gtin, pack_size, minimum_quantity, status, replaced_by, document) ",
            );
            query.push_values(chunk, |mut row, (article, document)| {
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
                    .push_bind(article.replaced_by.clone())
                    .push_bind(*document);
            });
            query.push(
                " ON CONFLICT (connection_id, number) DO UPDATE SET name = excluded.name, name_key = excluded.name_key, unit = excluded.unit,
                     price = excluded.price, price_base_quantity = excluded.price_base_quantity, currency = excluded.currency,
                     gtin = excluded.gtin, pack_size = excluded.pack_size, minimum_quantity = excluded.minimum_quantity,
                     status = excluded.status, replaced_by = excluded.replaced_by, document = excluded.document",
            );
            query.build().execute(conn).await?.rows_affected()
        });
    }
    Ok(new)
}

/// Forgets the articles with these numbers; gives how many were known.
pub async fn forget(tx: &mut Tx, connection: ConnectionId, numbers: &[String]) -> Result<usize, StoreError> {
    let mut forgotten = 0;
    for chunk in numbers.chunks(ROWS) {
        let rows: Vec<(String, String, Option<String>, Option<i64>)> = on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new("DELETE FROM partner_article WHERE connection_id = ");
            query.push_bind(connection.0).push(" AND number IN ");
            push_list(&mut query, chunk.iter().cloned());
            query.push(" RETURNING number, name, gtin, document");
            query.build_query_as().fetch_all(conn).await?
        });
        forgotten += rows.len();
        let change = |(number, name, gtin, document): (String, String, Option<String>, Option<i64>)| {
            let before = entry(&number, gtin.as_deref(), &name);
            Some(Change { document: document?, before, after: Entry::default() })
        };
        let changes: Vec<Change> = rows.into_iter().filter_map(change).collect();
        search::change(tx, Place::Partner(connection), &changes).await?;
    }
    Ok(forgotten)
}

/// Makes the articles be found by what they will hold; gives the document of each, and how many were not known.
async fn index(
    tx: &mut Tx,
    connection: ConnectionId,
    articles: &[&PartnerArticle],
) -> Result<(Vec<i64>, usize), StoreError> {
    let sql = over_each!(
        tx,
        "SELECT p.number, p.name, p.gtin, p.document FROM",
        "partner_article",
        "p.connection_id = $1 AND p.number = listed.value AND p.document IS NOT NULL",
        ""
    );
    let numbers: Vec<&str> = articles.iter().map(|article| article.number.as_str()).collect();
    let numbers = to_json(&numbers, "partner_article", "number")?;
    let rows: Vec<(String, String, Option<String>, i64)> =
        on!(tx, |conn| sqlx::query_as(sql).bind(connection.0).bind(&numbers).fetch_all(conn).await?);
    let known: HashMap<&str, &(String, String, Option<String>, i64)> =
        rows.iter().map(|row| (row.0.as_str(), row)).collect();
    let new = articles.iter().filter(|article| !known.contains_key(article.number.as_str())).count();
    let mut unused = if new > 0 { search::new_documents(tx, new).await? } else { 0 }..;
    let (mut documents, mut changes) = (Vec::with_capacity(articles.len()), Vec::new());
    for article in articles {
        let before = known.get(article.number.as_str());
        let is_same = before.is_some_and(|(_, name, gtin, _)| (name, gtin) == (&article.name, &article.gtin));
        let document = match before {
            Some((.., document)) => *document,
            None => unused.next().unwrap_or_default(),
        };
        documents.push(document);
        if !is_same {
            let before = before.map(|(number, name, gtin, _)| entry(number, gtin.as_deref(), name));
            let after = entry(&article.number, article.gtin.as_deref(), &article.name);
            changes.push(Change { document, before: before.unwrap_or_default(), after });
        }
    }
    search::change(tx, Place::Partner(connection), &changes).await?;
    Ok((documents, new))
}

/// What an article of a partner's is found by.
pub(crate) fn entry(number: &str, gtin: Option<&str>, name: &str) -> Entry {
    Entry::of([Some(number), gtin].into_iter().flatten(), name)
}

/// The articles that have these documents or these numbers, by number.
pub async fn found(
    tx: &mut Tx,
    connection: ConnectionId,
    documents: &[i64],
    numbers: &[String],
) -> Result<Vec<PartnerArticle>, StoreError> {
    let mut rows: Vec<Row> = Vec::new();
    for chunk in documents.chunks(ROWS) {
        rows.extend::<Vec<Row>>(on!(tx, |conn| {
            let mut query =
                sqlx::QueryBuilder::new(format!("SELECT {COLUMNS} FROM partner_article WHERE document IN "));
            push_list(&mut query, chunk.iter().copied());
            query.build_query_as().fetch_all(conn).await?
        }));
    }
    for chunk in numbers.chunks(ROWS) {
        rows.extend::<Vec<Row>>(on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new(format!(
                "SELECT {COLUMNS} FROM partner_article WHERE connection_id = "
            ));
            query.push_bind(connection.0).push(" AND number IN ");
            push_list(&mut query, chunk.iter().cloned());
            query.build_query_as().fetch_all(conn).await?
        }));
    }
    rows.sort_unstable_by(|one, other| one.number.cmp(&other.number));
    rows.dedup_by(|one, other| one.number == other.number);
    Ok(rows.into_iter().map(PartnerArticle::from).collect())
}

/// What suppliers call their articles: the names of these numbers, by supplier and number. Those that a catalogue has.
pub async fn names(
    tx: &mut Tx,
    numbers: &BTreeSet<(ContactId, String)>,
) -> Result<HashMap<(ContactId, String), String>, StoreError> {
    let suppliers: Vec<Uuid> =
        numbers.iter().map(|(supplier, _)| supplier.0).collect::<BTreeSet<_>>().into_iter().collect();
    let mut catalogues: HashMap<Uuid, ContactId> = HashMap::with_capacity(suppliers.len());
    for chunk in suppliers.chunks(ROWS) {
        let pairs: Vec<(Uuid, Uuid)> = on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new(
                "SELECT connection_id, contact_id FROM connection WHERE contact_id IN ",
            );
            push_list(&mut query, chunk.iter().copied());
            query.build_query_as().fetch_all(conn).await?
        });
        catalogues.extend(pairs.into_iter().map(|(connection, supplier)| (connection, ContactId(supplier))));
    }
    let mut names = HashMap::new();
    if catalogues.is_empty() {
        return Ok(names);
    }
    // Most files are of one supplier. Of several, a number that another one has as well is read too, and not taken.
    let connections: Vec<Uuid> = catalogues.keys().copied().collect();
    let numbers: Vec<&(ContactId, String)> = numbers.iter().collect();
    for chunk in numbers.chunks(ROWS) {
        for some in connections.chunks(ROWS) {
            let rows: Vec<(Uuid, String, String)> = on!(tx, |conn| {
                let mut query = sqlx::QueryBuilder::new(
                    "SELECT connection_id, number, name FROM partner_article WHERE connection_id IN ",
                );
                push_list(&mut query, some.iter().copied());
                query.push(" AND number IN ");
                push_list(&mut query, chunk.iter().map(|(_, number)| number.clone()));
                query.build_query_as().fetch_all(conn).await?
            });
            let of_catalogue = |(connection, number, name): (Uuid, String, String)| {
                Some(((*catalogues.get(&connection)?, number), name))
            };
            names.extend(rows.into_iter().filter_map(of_catalogue));
        }
    }
    Ok(names)
}

/// Forgets the catalogue: the connection leads to another partner now.
pub async fn clear(tx: &mut Tx, connection: ConnectionId) -> Result<(), StoreError> {
    search::forget(tx, Place::Partner(connection)).await?;
    on!(tx, |conn| sqlx::query("DELETE FROM partner_article WHERE connection_id = $1")
        .bind(connection.0)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}
