//! What was ordered from suppliers: each article once, with how often and when last.

use domain::decimal::{Quantity, UnitPrice};
use domain::ids::ContactId;
use domain::search::{Bought, BoughtPrice, Entry};
use domain::time::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::search::{self, Change, Place};
use crate::tx::{ROWS, Tx, on, over_rows, push_list};
use crate::value::to_json;

/// An article that was ordered, as the order's lines name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoughtArticle {
    /// The own number; empty where there is none.
    pub article_number: String,
    /// Empty where there is none.
    pub supplier_article_number: String,
    pub description: String,
    pub gtin: Option<String>,
    pub bought: Bought,
}

#[derive(sqlx::FromRow)]
struct Row {
    article_number: String,
    supplier_article_number: String,
    description: String,
    gtin: Option<String>,
    times: i64,
    last_at: i64,
    last_price: i64,
    last_base_quantity: Option<i64>,
    last_unit: Option<String>,
}

const COLUMNS: &str = "article_number, supplier_article_number, description, gtin, times, last_at, last_price, last_base_quantity, last_unit";

impl From<Row> for BoughtArticle {
    fn from(row: Row) -> Self {
        let last_price = row.last_base_quantity.zip(row.last_unit).map(|(base, unit)| BoughtPrice {
            price: UnitPrice(row.last_price),
            base_quantity: Quantity(base),
            unit,
        });
        Self {
            article_number: row.article_number,
            supplier_article_number: row.supplier_article_number,
            description: row.description,
            gtin: row.gtin,
            bought: Bought { times: row.times, last_at: Timestamp(row.last_at), last_price },
        }
    }
}

impl BoughtArticle {
    fn entry(&self) -> Entry {
        let numbers = [Some(&self.article_number), Some(&self.supplier_article_number), self.gtin.as_ref()];
        Entry::of(numbers.into_iter().flatten().map(String::as_str), &self.description)
    }
}

/// Notes what was ordered from the supplier. An article that was ordered before counts `times` more; its names stay the first ones.
/// No two of the articles have both numbers in common.
pub async fn note(tx: &mut Tx, supplier: ContactId, articles: &[BoughtArticle]) -> Result<(), StoreError> {
    for chunk in articles.chunks(ROWS) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|article| {
                let names = (&article.article_number, &article.supplier_article_number, &article.description);
                let bought = &article.bought;
                let price = bought.last_price.as_ref();
                (
                    names.0,
                    names.1,
                    names.2,
                    &article.gtin,
                    bought.times,
                    bought.last_at.0,
                    price.map_or(0, |price| price.price.0),
                    price.map(|price| price.base_quantity.0),
                    price.map(|price| &price.unit),
                )
            })
            .collect();
        let rows = to_json(&rows, "bought_article", "rows")?;
        let sql = over_rows!(
            tx,
            "INSERT INTO bought_article (supplier_id, article_number, supplier_article_number, description, gtin, times, last_at, last_price,
                 last_base_quantity, last_unit)
             SELECT $1, listed.value ->> 0, listed.value ->> 1, listed.value ->> 2, listed.value ->> 3,
                 CAST(listed.value ->> 4 AS BIGINT), CAST(listed.value ->> 5 AS BIGINT), CAST(listed.value ->> 6 AS BIGINT),
                 CAST(listed.value ->> 7 AS BIGINT), listed.value ->> 8 FROM",
            "WHERE true ON CONFLICT (supplier_id, article_number, supplier_article_number) DO UPDATE
             SET times = bought_article.times + excluded.times, last_at = excluded.last_at, last_price = excluded.last_price,
                 last_base_quantity = excluded.last_base_quantity, last_unit = excluded.last_unit
             RETURNING article_number, supplier_article_number, description, gtin, times, last_at, last_price, last_base_quantity, last_unit,
                 document IS NULL AS is_new"
        );
        let noted: Vec<NotedRow> =
            on!(tx, |conn| sqlx::query_as(sql).bind(supplier.0).bind(&rows).fetch_all(conn).await?);
        let new: Vec<BoughtArticle> =
            noted.into_iter().filter(|noted| noted.is_new).map(|noted| noted.row.into()).collect();
        index(tx, supplier, &new).await?;
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct NotedRow {
    #[sqlx(flatten)]
    row: Row,
    is_new: bool,
}

/// Makes articles that were bought for the first time be found.
pub(crate) async fn index(
    tx: &mut Tx,
    supplier: ContactId,
    articles: &[BoughtArticle],
) -> Result<(), StoreError> {
    if articles.is_empty() {
        return Ok(());
    }
    let first = search::new_documents(tx, articles.len()).await?;
    let mut changes = Vec::with_capacity(articles.len());
    for (article, document) in articles.iter().zip(first..) {
        on!(tx, |conn| sqlx::query(
            "UPDATE bought_article SET document = $1
             WHERE supplier_id = $2 AND article_number = $3 AND supplier_article_number = $4"
        )
        .bind(document)
        .bind(supplier.0)
        .bind(&article.article_number)
        .bind(&article.supplier_article_number)
        .execute(conn)
        .await?
        .rows_affected());
        changes.push(Change { document, before: Entry::default(), after: article.entry() });
    }
    search::change(tx, Place::Bought(supplier), &changes).await
}

/// Articles that cannot be found yet, at most `limit`, by supplier.
pub(crate) async fn unindexed(
    tx: &mut Tx,
    limit: i64,
) -> Result<Vec<(ContactId, Vec<BoughtArticle>)>, StoreError> {
    let suppliers: Vec<Uuid> = on!(tx, |conn| sqlx::query_scalar(
        "SELECT supplier_id FROM bought_article WHERE document IS NULL
         ORDER BY supplier_id, article_number, supplier_article_number LIMIT 1"
    )
    .fetch_all(conn)
    .await?);
    let mut waiting = Vec::new();
    for supplier in suppliers {
        let rows: Vec<Row> = on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new(format!(
                "SELECT {COLUMNS} FROM bought_article WHERE document IS NULL AND supplier_id = "
            ));
            query.push_bind(supplier).push(" ORDER BY article_number, supplier_article_number LIMIT ");
            query.push_bind(limit).build_query_as().fetch_all(conn).await?
        });
        waiting.push((ContactId(supplier), rows.into_iter().map(BoughtArticle::from).collect()));
    }
    Ok(waiting)
}

/// The articles bought from the supplier that have these documents.
pub async fn found(
    tx: &mut Tx,
    supplier: ContactId,
    documents: &[i64],
) -> Result<Vec<BoughtArticle>, StoreError> {
    let mut rows: Vec<Row> = Vec::new();
    for chunk in documents.chunks(ROWS) {
        rows.extend::<Vec<Row>>(on!(tx, |conn| {
            let mut query =
                sqlx::QueryBuilder::new(format!("SELECT {COLUMNS} FROM bought_article WHERE supplier_id = "));
            query.push_bind(supplier.0).push(" AND document IN ");
            push_list(&mut query, chunk.iter().copied());
            query.push(" ORDER BY article_number, supplier_article_number");
            query.build_query_as().fetch_all(conn).await?
        }));
    }
    Ok(rows.into_iter().map(BoughtArticle::from).collect())
}

/// The articles bought from the supplier under one of these numbers of ours, or one of these of the supplier's.
pub async fn numbered(
    tx: &mut Tx,
    supplier: ContactId,
    own: &[String],
    theirs: &[String],
) -> Result<Vec<BoughtArticle>, StoreError> {
    let mut rows: Vec<Row> = Vec::new();
    for (column, numbers) in [("article_number", own), ("supplier_article_number", theirs)] {
        for chunk in numbers.chunks(ROWS) {
            rows.extend::<Vec<Row>>(on!(tx, |conn| {
                let mut query = sqlx::QueryBuilder::new(format!(
                    "SELECT {COLUMNS} FROM bought_article WHERE supplier_id = "
                ));
                query.push_bind(supplier.0).push(format_args!(" AND {column} IN "));
                push_list(&mut query, chunk.iter().cloned());
                query.push(" ORDER BY article_number, supplier_article_number LIMIT 1000");
                query.build_query_as().fetch_all(conn).await?
            }));
        }
    }
    Ok(rows.into_iter().map(BoughtArticle::from).collect())
}
