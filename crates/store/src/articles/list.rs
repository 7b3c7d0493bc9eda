//! Lists of articles: filtered, sorted, and what a search has found.

use domain::articles::{ArticleFilter, ArticleRow, ArticleSort, ArticleStatus};
use domain::decimal::{Percent, Quantity, UnitPrice};
use domain::ids::{ArticleId, ContactId};
use domain::paging::{Direction, MAX_COUNTED, Page, PageRequest};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::{NumbersAt, count_at_supplier};
use crate::error::StoreError;
use crate::sql::{Sql, Value, bound};
use crate::tx::{Tx, on};

/// With so few articles at a supplier, all of them are read and sorted; otherwise the index of the sort is walked.
const FEW: i64 = 2_000;

#[derive(sqlx::FromRow)]
pub(super) struct ListRow {
    article_id: Uuid,
    pub(super) number: String,
    name: String,
    unit: String,
    price: i64,
    price_base_quantity: i64,
    currency: String,
    vat_rate: i64,
    gtin: Option<String>,
    status: String,
    supplier_article_number: Option<String>,
    supplier_name: Option<String>,
}

impl From<ListRow> for ArticleRow {
    fn from(row: ListRow) -> Self {
        Self {
            article_id: ArticleId(row.article_id),
            number: row.number,
            name: row.name,
            unit: row.unit,
            price: UnitPrice(row.price),
            price_base_quantity: Quantity(row.price_base_quantity),
            currency: row.currency,
            vat_rate: Percent(row.vat_rate),
            gtin: row.gtin,
            supplier_article_number: row.supplier_article_number,
            supplier_name: row.supplier_name,
            status: ArticleStatus::parse(&row.status).unwrap_or_default(),
        }
    }
}

const COLUMNS: &str =
    "SELECT a.article_id, a.number, a.name, a.unit, a.price, a.price_base_quantity, a.currency, a.vat_rate, a.gtin, a.status,
         s.supplier_article_number, c.name AS supplier_name";

/// The supplier whose number is shown: the one that is filtered by, or else one of the article's.
fn push_joined(sql: &mut Sql, supplier: Option<ContactId>) {
    sql.push(" LEFT JOIN article_supplier s ON s.article_id = a.article_id AND s.contact_id = ");
    match supplier {
        Some(supplier) => sql.bind(Value::Id(supplier.0)),
        None => sql.push(
            "(SELECT o.contact_id FROM article_supplier o WHERE o.article_id = a.article_id ORDER BY o.contact_id LIMIT 1)",
        ),
    };
    sql.push(" LEFT JOIN contact c ON c.contact_id = s.contact_id");
}

fn push_filters(sql: &mut Sql, filter: &ArticleFilter, is_few: bool) {
    if let Some(supplier) = filter.supplier {
        sql.push(if is_few {
            " AND a.article_id IN (SELECT f.article_id FROM article_supplier f WHERE f.contact_id = "
        } else {
            " AND EXISTS (SELECT 1 FROM article_supplier f WHERE f.article_id = a.article_id AND f.contact_id = "
        });
        sql.bind(Value::Id(supplier.0)).push(")");
    }
    match filter.status {
        Some(ArticleStatus::Active) => {
            sql.push(" AND a.status = 'active'");
        }
        // The index holds only what is not active, and is used only where that is said.
        Some(status) => {
            sql.push(&format!(" AND a.status <> 'active' AND a.status = '{}'", status.as_str()));
        }
        None => {}
    }
    if filter.without_supplier {
        sql.push(" AND NOT EXISTS (SELECT 1 FROM article_supplier f WHERE f.article_id = a.article_id)");
    }
}

fn order(filter: &ArticleFilter) -> String {
    let (sort, direction) = filter.sort.unwrap_or((ArticleSort::Number, Direction::Ascending));
    let way = if direction == Direction::Descending { "DESC" } else { "ASC" };
    match sort {
        ArticleSort::Number => format!("a.number {way}"),
        ArticleSort::Name => format!("a.name_key {way}, a.article_id {way}"),
        ArticleSort::Price => format!("a.price {way}, a.article_id {way}"),
    }
}

/// One page of the articles that the filters leave; what is searched for is not looked at, see [`among`]. Where something is filtered
/// no more than [`MAX_COUNTED`] and one are counted.
pub async fn list(
    tx: &mut Tx,
    filter: &ArticleFilter,
    page: PageRequest,
) -> Result<Page<ArticleRow>, StoreError> {
    let is_few = match filter.supplier {
        Some(supplier) => count_at_supplier(tx, supplier, None, NumbersAt::All, FEW + 1).await? <= FEW,
        None => true,
    };
    let mut counted = Sql::default();
    let asked = ArticleFilter { search: None, ..filter.clone() };
    if asked.is_plain() {
        counted.push("SELECT COUNT(*) FROM article");
    } else {
        counted.push("SELECT COUNT(*) FROM (SELECT 1 AS one FROM article a WHERE 1 = 1");
        push_filters(&mut counted, filter, is_few);
        counted.push(&format!(" LIMIT {}) AS found", MAX_COUNTED + 1));
    }
    let total = on!(tx, |conn| {
        bound!(sqlx::query_scalar(AssertSqlSafe(counted.text.as_str())), counted.values)
            .fetch_one(conn)
            .await?
    });
    // The page's articles first, so that what is joined is joined to them alone.
    let mut sql = Sql::default();
    let order = order(filter);
    sql.push(COLUMNS).push(" FROM (SELECT a.* FROM article a WHERE 1 = 1");
    push_filters(&mut sql, filter, is_few);
    sql.push(&format!(" ORDER BY {order} LIMIT {} OFFSET {}) AS a", page.limit(), page.offset()));
    push_joined(&mut sql, filter.supplier);
    sql.push(&format!(" ORDER BY {order}"));
    Ok(Page { rows: rows(tx, &sql).await?, total, page: page.page, page_size: page.limit() })
}

/// Those of the articles that the filters leave: in the filter's order where it has one, or else in the order of `ids`.
pub async fn among(
    tx: &mut Tx,
    filter: &ArticleFilter,
    ids: &[ArticleId],
) -> Result<Vec<ArticleRow>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::default();
    sql.push(COLUMNS).push(" FROM article a");
    push_joined(&mut sql, filter.supplier);
    sql.push(" WHERE a.article_id IN (");
    for (place, id) in ids.iter().enumerate() {
        sql.push(if place == 0 { "" } else { ", " }).bind(Value::Id(id.0));
    }
    sql.push(")");
    push_filters(&mut sql, filter, true);
    sql.push(&format!(" ORDER BY {}", order(filter)));
    let mut rows = rows(tx, &sql).await?;
    if filter.sort.is_none() {
        let place = |row: &ArticleRow| ids.iter().position(|id| *id == row.article_id);
        rows.sort_by_key(place);
    }
    Ok(rows)
}

async fn rows(tx: &mut Tx, sql: &Sql) -> Result<Vec<ArticleRow>, StoreError> {
    let rows: Vec<ListRow> = on!(tx, |conn| {
        bound!(sqlx::query_as(AssertSqlSafe(sql.text.as_str())), sql.values).fetch_all(conn).await?
    });
    Ok(rows.into_iter().map(ArticleRow::from).collect())
}
