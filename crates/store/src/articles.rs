//! The own articles, what suppliers call them, and what customers' numbers were linked to.

mod found;
mod links;
mod list;
mod supplied;
mod supplier_numbers;

use std::collections::HashMap;

use domain::articles::{Article, ArticleStatus, CheckedArticle, SupplierNumber};
use domain::decimal::{Percent, Quantity, UnitPrice};
use domain::ids::{ArticleId, ContactId};
use domain::search::Entry;
use domain::time::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::search::{self, Change};
use crate::tx::{ROWS, Tx, on, push_list};

pub(crate) use found::entry;
use found::found_anew;
pub use found::{found, found_at_supplier, with_keys};
pub use links::{link, linked};
use list::ListRow;
pub use list::{among, list};
pub use supplied::find_by_supplier_numbers;
pub use supplier_numbers::{NumbersAt, at_supplier, count_at_supplier, set_supplier_number};

/// The counter behind the catalogue's cursor.
const CHANGES: &str = "article_change";

#[derive(sqlx::FromRow)]
struct Row {
    article_id: Uuid,
    number: String,
    name: String,
    unit: String,
    price: i64,
    price_base_quantity: i64,
    currency: String,
    vat_rate: i64,
    gtin: Option<String>,
    pack_size: Option<i64>,
    minimum_quantity: Option<i64>,
    status: String,
    replaced_by: Option<String>,
    updated_at: i64,
    change_number: i64,
    version: i64,
}

impl Row {
    fn into_article(self, suppliers: Vec<SupplierNumber>) -> Article {
        Article {
            article_id: ArticleId(self.article_id),
            number: self.number,
            name: self.name,
            unit: self.unit,
            price: UnitPrice(self.price),
            price_base_quantity: Quantity(self.price_base_quantity),
            currency: self.currency,
            vat_rate: Percent(self.vat_rate),
            gtin: self.gtin,
            pack_size: self.pack_size.map(Quantity),
            minimum_quantity: self.minimum_quantity.map(Quantity),
            status: ArticleStatus::parse(&self.status).unwrap_or_default(),
            replaced_by: self.replaced_by,
            suppliers,
            updated_at: Timestamp(self.updated_at),
            version: self.version,
        }
    }
}

/// What the search keys hold: lower case.
fn key(text: &str) -> String {
    text.to_lowercase()
}

/// Writes an article. `false` when the number is taken.
pub async fn add(
    tx: &mut Tx,
    id: ArticleId,
    article: &CheckedArticle,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let change = crate::counters::next_number(tx, CHANGES).await?;
    let document = search::new_documents(tx, 1).await?;
    let affected = on!(tx, |conn| {
        sqlx::query(
        "INSERT INTO article (article_id, number, name, number_key, name_key, unit, price, price_base_quantity, currency, vat_rate, gtin,
             pack_size, created_at, updated_at, change_number, version, minimum_quantity, status, replaced_by, document)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14, 1, $15, $16, $17, $18)
         ON CONFLICT (number) DO NOTHING"
    )
    .bind(id.0)
    .bind(&article.number)
    .bind(&article.name)
    .bind(key(&article.number))
    .bind(key(&article.name))
    .bind(&article.unit)
    .bind(article.price.0)
    .bind(article.price_base_quantity.0)
    .bind(&article.currency)
    .bind(article.vat_rate.0)
    .bind(article.gtin.as_deref())
    .bind(article.pack_size.map(|size| size.0))
    .bind(now.0)
    .bind(change)
    .bind(article.minimum_quantity.map(|minimum| minimum.0))
    .bind(article.status.as_str())
    .bind(article.replaced_by.as_deref())
    .bind(document)
    .execute(conn)
    .await?
    .rows_affected()
    });
    if affected == 1 {
        let numbers = [Some(article.number.as_str()), article.gtin.as_deref()];
        let after = Entry::of(numbers.into_iter().flatten(), &article.name);
        search::note(tx, Change { document, before: Entry::default(), after });
    }
    Ok(affected == 1)
}

/// Saves an article that nobody changed since `version`; `false` when someone did. The number stays.
pub async fn save(
    tx: &mut Tx,
    id: ArticleId,
    article: &CheckedArticle,
    version: i64,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let change = crate::counters::next_number(tx, CHANGES).await?;
    let before = entry(tx, id).await?;
    let affected = on!(tx, |conn| {
        sqlx::query(
        "UPDATE article SET name = $1, name_key = $2, unit = $3, price = $4, price_base_quantity = $5, currency = $6, vat_rate = $7,
             gtin = $8, pack_size = $9, updated_at = $10, change_number = $11, minimum_quantity = $14, status = $15, replaced_by = $16,
             version = version + 1
         WHERE article_id = $12 AND version = $13"
    )
    .bind(&article.name)
    .bind(key(&article.name))
    .bind(&article.unit)
    .bind(article.price.0)
    .bind(article.price_base_quantity.0)
    .bind(&article.currency)
    .bind(article.vat_rate.0)
    .bind(article.gtin.as_deref())
    .bind(article.pack_size.map(|size| size.0))
    .bind(now.0)
    .bind(change)
    .bind(id.0)
    .bind(version)
    .bind(article.minimum_quantity.map(|minimum| minimum.0))
    .bind(article.status.as_str())
    .bind(article.replaced_by.as_deref())
    .execute(conn)
    .await?
    .rows_affected()
    });
    found_anew(tx, id, before).await?;
    Ok(affected == 1)
}

#[derive(sqlx::FromRow)]
struct SupplierRow {
    article_id: Uuid,
    contact_id: Uuid,
    supplier_name: String,
    supplier_article_number: String,
}

async fn with_suppliers(tx: &mut Tx, rows: Vec<Row>) -> Result<Vec<Article>, StoreError> {
    let mut suppliers: HashMap<Uuid, Vec<SupplierNumber>> = HashMap::with_capacity(rows.len());
    for chunk in rows.chunks(ROWS) {
        let found: Vec<SupplierRow> = on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new(
                "SELECT s.article_id, s.contact_id, c.name AS supplier_name, s.supplier_article_number FROM article_supplier s
                 JOIN contact c ON c.contact_id = s.contact_id WHERE s.article_id IN ",
            );
            push_list(&mut query, chunk.iter().map(|row| row.article_id));
            query.push(" ORDER BY c.name");
            query.build_query_as().fetch_all(conn).await?
        });
        for row in found {
            suppliers.entry(row.article_id).or_default().push(SupplierNumber {
                contact_id: ContactId(row.contact_id),
                supplier_name: row.supplier_name,
                supplier_article_number: row.supplier_article_number,
            });
        }
    }
    let articles = rows.into_iter().map(|row| {
        let own = suppliers.remove(&row.article_id).unwrap_or_default();
        row.into_article(own)
    });
    Ok(articles.collect())
}

/// An article with its suppliers' numbers.
pub async fn lookup(tx: &mut Tx, id: ArticleId) -> Result<Option<Article>, StoreError> {
    Ok(lookup_each(tx, &[id]).await?.remove(&id))
}

/// Articles with their suppliers' numbers, by their ids; those that are there. Many are looked up in one statement.
pub async fn lookup_each(tx: &mut Tx, ids: &[ArticleId]) -> Result<HashMap<ArticleId, Article>, StoreError> {
    let rows = rows_of(tx, ids).await?;
    let articles = with_suppliers(tx, rows).await?.into_iter();
    Ok(articles.map(|article| (article.article_id, article)).collect())
}

/// The same as customers see them, without what suppliers call them: one statement less.
pub async fn lookup_listed(
    tx: &mut Tx,
    ids: &[ArticleId],
) -> Result<HashMap<ArticleId, Article>, StoreError> {
    let articles = rows_of(tx, ids).await?.into_iter().map(|row| row.into_article(Vec::new()));
    Ok(articles.map(|article| (article.article_id, article)).collect())
}

async fn rows_of(tx: &mut Tx, ids: &[ArticleId]) -> Result<Vec<Row>, StoreError> {
    let mut rows: Vec<Row> = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(ROWS) {
        rows.extend::<Vec<Row>>(on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new("SELECT * FROM article WHERE article_id IN ");
            push_list(&mut query, chunk.iter().map(|id| id.0));
            query.build_query_as().fetch_all(conn).await?
        }));
    }
    Ok(rows)
}

/// The article with exactly this number.
pub async fn find_by_number(tx: &mut Tx, number: &str) -> Result<Option<Article>, StoreError> {
    let row: Option<Row> = on!(tx, |conn| sqlx::query_as("SELECT * FROM article WHERE number = $1")
        .bind(number)
        .fetch_optional(conn)
        .await?);
    Ok(with_suppliers(tx, row.into_iter().collect()).await?.pop())
}

/// The articles with exactly these numbers, in no order.
pub async fn find_by_numbers(tx: &mut Tx, numbers: &[String]) -> Result<Vec<Article>, StoreError> {
    let mut rows: Vec<Row> = Vec::new();
    for chunk in numbers.chunks(ROWS) {
        rows.extend::<Vec<Row>>(on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new("SELECT * FROM article WHERE number IN ");
            push_list(&mut query, chunk.iter().cloned());
            query.build_query_as().fetch_all(conn).await?
        }));
    }
    with_suppliers(tx, rows).await
}

/// The ids and names of the articles with these numbers.
pub async fn named(
    tx: &mut Tx,
    numbers: &[String],
) -> Result<HashMap<String, (ArticleId, String)>, StoreError> {
    let mut named = HashMap::with_capacity(numbers.len());
    for chunk in numbers.chunks(ROWS) {
        let rows: Vec<(String, Uuid, String)> = on!(tx, |conn| {
            let mut query =
                sqlx::QueryBuilder::new("SELECT number, article_id, name FROM article WHERE number IN ");
            push_list(&mut query, chunk.iter().cloned());
            query.build_query_as().fetch_all(conn).await?
        });
        named.extend(rows.into_iter().map(|(number, id, name)| (number, (ArticleId(id), name))));
    }
    Ok(named)
}

/// Articles that changed after the change number, with the change number of each, in that order.
pub async fn changed_after(tx: &mut Tx, change: i64, limit: i64) -> Result<Vec<(i64, Article)>, StoreError> {
    let rows: Vec<Row> = on!(tx, |conn| sqlx::query_as(
        "SELECT * FROM article WHERE change_number > $1 ORDER BY change_number LIMIT $2"
    )
    .bind(change)
    .bind(limit)
    .fetch_all(conn)
    .await?);
    let changes: Vec<i64> = rows.iter().map(|row| row.change_number).collect();
    Ok(changes.into_iter().zip(with_suppliers(tx, rows).await?).collect())
}

/// The number of the newest change; 0 when there is none.
pub async fn newest_change(tx: &mut Tx) -> Result<i64, StoreError> {
    Ok(on!(tx, |conn| sqlx::query_scalar("SELECT COALESCE(MAX(change_number), 0) FROM article")
        .fetch_one(conn)
        .await?))
}
