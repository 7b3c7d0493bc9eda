//! What people here have decided about numbers and articles of suppliers; see `domain::links`. What is taken back is kept.
//!
//! `articles::link` is the other direction: a customer's number and an article of ours.

mod lines;

use std::collections::BTreeSet;

use domain::ids::{ArticleId, ContactId, SupplierLinkId};
use domain::links::{DecisionView, SupplierLink, Undone, Verdict};
use domain::time::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{ROWS, Tx, on, push_list};

pub use lines::{LinkedLine, count_orders, keep_line, kept_of, lines, lock_orders};

const COLUMNS: &str = "supplier_link_id, contact_id, written_number, article_id, partner_number, verdict, decided_by, decided_at, undone_by,
    undone_at";

#[derive(sqlx::FromRow)]
struct Row {
    supplier_link_id: Uuid,
    contact_id: Uuid,
    written_number: String,
    article_id: Option<Uuid>,
    partner_number: String,
    verdict: String,
    decided_by: String,
    decided_at: i64,
    undone_by: Option<String>,
    undone_at: Option<i64>,
}

impl From<Row> for SupplierLink {
    fn from(row: Row) -> Self {
        Self {
            supplier_link_id: SupplierLinkId(row.supplier_link_id),
            contact_id: ContactId(row.contact_id),
            written_number: row.written_number,
            article_id: row.article_id.map(ArticleId),
            partner_number: row.partner_number,
            // The column's check holds the codes.
            verdict: Verdict::parse(&row.verdict).unwrap_or(Verdict::NotSame),
            decided_by: row.decided_by,
            decided_at: Timestamp(row.decided_at),
            undone: row.undone_by.zip(row.undone_at).map(|(by, at)| Undone { by, at: Timestamp(at) }),
        }
    }
}

/// Writes a decision. Of confirmed ones a number, and an own article, has one at a time: what stood there before is taken back with it, and
/// is given.
pub async fn decide(tx: &mut Tx, link: &SupplierLink) -> Result<Vec<SupplierLink>, StoreError> {
    let before: Vec<Row> = on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new("UPDATE supplier_link SET undone_by = ");
        query.push_bind(link.decided_by.clone()).push(", undone_at = ").push_bind(link.decided_at.0);
        query.push(" WHERE undone_at IS NULL AND contact_id = ").push_bind(link.contact_id.0);
        // What is confirmed takes the place of every other confirmed one, and of a "not the same" about the very article.
        query.push(" AND (partner_number = ").push_bind(link.partner_number.clone());
        if link.verdict == Verdict::Same {
            query.push(" OR verdict = 'same'");
        }
        query.push(") AND (");
        let mut before = "";
        if !link.written_number.is_empty() {
            query.push("written_number = ").push_bind(link.written_number.clone());
            before = " OR ";
        }
        if let Some(article_id) = link.article_id {
            query.push(before).push("article_id = ").push_bind(article_id.0);
        }
        query.push(format_args!(") RETURNING {COLUMNS}"));
        query.build_query_as().fetch_all(conn).await?
    });
    on!(tx, |conn| {
        sqlx::query(
        "INSERT INTO supplier_link (supplier_link_id, contact_id, written_number, article_id, partner_number, verdict, decided_by, decided_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
    )
    .bind(link.supplier_link_id.0)
    .bind(link.contact_id.0)
    .bind(&link.written_number)
    .bind(link.article_id.map(|id| id.0))
    .bind(&link.partner_number)
    .bind(link.verdict.as_str())
    .bind(&link.decided_by)
    .bind(link.decided_at.0)
    .execute(conn)
    .await?
    .rows_affected()
    });
    Ok(before.into_iter().map(SupplierLink::from).collect())
}

/// Takes a decision back; `false` when it is not there or was taken back before.
pub async fn undo(tx: &mut Tx, id: SupplierLinkId, by: &str, now: Timestamp) -> Result<bool, StoreError> {
    let affected = on!(tx, |conn| {
        sqlx::query(
        "UPDATE supplier_link SET undone_by = $1, undone_at = $2 WHERE supplier_link_id = $3 AND undone_at IS NULL"
    )
    .bind(by)
    .bind(now.0)
    .bind(id.0)
    .execute(conn)
    .await?
    .rows_affected()
    });
    Ok(affected == 1)
}

/// One decision.
pub async fn lookup(tx: &mut Tx, id: SupplierLinkId) -> Result<Option<SupplierLink>, StoreError> {
    let row: Option<Row> = on!(tx, |conn| {
        let mut query =
            sqlx::QueryBuilder::new(format!("SELECT {COLUMNS} FROM supplier_link WHERE supplier_link_id = "));
        query.push_bind(id.0);
        query.build_query_as().fetch_optional(conn).await?
    });
    Ok(row.map(SupplierLink::from))
}

/// Whether there is any decision about the supplier that counts; most suppliers have none, and then no line needs to be asked about.
pub async fn any(tx: &mut Tx, supplier: ContactId) -> Result<bool, StoreError> {
    let found: Option<i32> = on!(tx, |conn| sqlx::query_scalar(
        "SELECT 1 FROM supplier_link WHERE contact_id = $1 AND undone_at IS NULL LIMIT 1"
    )
    .bind(supplier.0)
    .fetch_optional(conn)
    .await?);
    Ok(found.is_some())
}

/// The decisions that count about any of these numbers, as written or as the supplier's, or about any of these articles of ours.
pub async fn concerning(
    tx: &mut Tx,
    supplier: ContactId,
    numbers: &BTreeSet<String>,
    articles: &BTreeSet<ArticleId>,
) -> Result<Vec<SupplierLink>, StoreError> {
    let mut found = Vec::new();
    let numbers: Vec<String> = numbers.iter().filter(|number| !number.is_empty()).cloned().collect();
    for column in ["written_number", "partner_number"] {
        for chunk in numbers.chunks(ROWS) {
            let rows: Vec<Row> = on!(tx, |conn| {
                let mut query = about(supplier, column);
                push_list(&mut query, chunk.iter().cloned());
                query.build_query_as().fetch_all(conn).await?
            });
            found.extend(rows.into_iter().map(SupplierLink::from));
        }
    }
    let articles: Vec<Uuid> = articles.iter().map(|id| id.0).collect();
    for chunk in articles.chunks(ROWS) {
        let rows: Vec<Row> = on!(tx, |conn| {
            let mut query = about(supplier, "article_id");
            push_list(&mut query, chunk.iter().copied());
            query.build_query_as().fetch_all(conn).await?
        });
        found.extend(rows.into_iter().map(SupplierLink::from));
    }
    found.sort_by_key(|link| link.supplier_link_id);
    found.dedup_by_key(|link| link.supplier_link_id);
    Ok(found)
}

fn about<DB: sqlx::Database>(supplier: ContactId, column: &str) -> sqlx::QueryBuilder<DB>
where
    Uuid: sqlx::Type<DB> + for<'q> sqlx::Encode<'q, DB>,
{
    let mut query = sqlx::QueryBuilder::new(format!(
        "SELECT {COLUMNS} FROM supplier_link WHERE undone_at IS NULL AND contact_id = "
    ));
    query.push_bind(supplier.0).push(format_args!(" AND {column} IN "));
    query
}

/// The decisions of one view about a supplier, the latest first; from before `before` on.
pub async fn list(
    tx: &mut Tx,
    supplier: ContactId,
    view: DecisionView,
    before: Option<SupplierLinkId>,
    limit: i64,
) -> Result<Vec<SupplierLink>, StoreError> {
    let rows: Vec<Row> = on!(tx, |conn| {
        let mut query = about_kind(format!("SELECT {COLUMNS}"), supplier, view);
        if let Some(before) = before {
            query.push(" AND supplier_link_id < ").push_bind(before.0);
        }
        query.push(LATEST).push_bind(limit);
        query.build_query_as().fetch_all(conn).await?
    });
    Ok(rows.into_iter().map(SupplierLink::from).collect())
}

/// How many decisions of one view there are about a supplier, at most `most`.
pub async fn count(
    tx: &mut Tx,
    supplier: ContactId,
    view: DecisionView,
    most: i64,
) -> Result<i64, StoreError> {
    Ok(on!(tx, |conn| {
        let mut query = about_kind("SELECT COUNT(*) FROM (SELECT 1".to_owned(), supplier, view);
        query.push(" LIMIT ").push_bind(most).push(") AS counted");
        query.build_query_scalar().fetch_one(conn).await?
    }))
}

/// The latest decisions of one view about a supplier that are about one of these articles of ours, one of these numbers, or a number that
/// begins with `beginning`, as written or as the supplier's.
pub async fn found(
    tx: &mut Tx,
    supplier: ContactId,
    view: DecisionView,
    beginning: &str,
    numbers: &[String],
    articles: &[ArticleId],
    limit: i64,
) -> Result<Vec<SupplierLink>, StoreError> {
    let mut rows: Vec<Row> = Vec::new();
    for (column, in_order) in BY_NUMBER {
        let in_order = if tx.is_postgres() { in_order } else { column };
        rows.extend::<Vec<Row>>(on!(tx, |conn| {
            let mut query = among(supplier, view);
            query.push(format_args!(" AND {in_order} >= ")).push_bind(beginning.to_owned());
            query.push(format_args!(" AND {in_order} < ")).push_bind(format!("{beginning}{LAST}"));
            latest(&mut query, in_order, limit);
            query.build_query_as().fetch_all(conn).await?
        }));
        for chunk in numbers.chunks(ROWS) {
            rows.extend::<Vec<Row>>(on!(tx, |conn| {
                let mut query = among(supplier, view);
                query.push(format_args!(" AND {column} IN "));
                push_list(&mut query, chunk.iter().cloned());
                latest(&mut query, column, limit);
                query.build_query_as().fetch_all(conn).await?
            }));
        }
    }
    for chunk in articles.chunks(ROWS) {
        rows.extend::<Vec<Row>>(on!(tx, |conn| {
            let mut query = among(supplier, view);
            query.push(" AND article_id IN ");
            push_list(&mut query, chunk.iter().map(|id| id.0));
            latest(&mut query, "article_id", limit);
            query.build_query_as().fetch_all(conn).await?
        }));
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.supplier_link_id));
    rows.dedup_by_key(|row| row.supplier_link_id);
    rows.truncate(usize::try_from(limit).unwrap_or_default());
    Ok(rows.into_iter().map(SupplierLink::from).collect())
}

/// Ids begin with their time, so that the latest are those at the end of the index.
const LATEST: &str = " ORDER BY supplier_link_id DESC LIMIT ";
/// Decisions about numbers that begin alike that are looked at for the latest ones.
const MOST_ALIKE: i64 = 2_000;
/// The columns with numbers, each also as PostgreSQL has it in its index of beginnings.
const BY_NUMBER: [(&str, &str); 2] =
    [("written_number", "written_number COLLATE \"C\""), ("partner_number", "partner_number COLLATE \"C\"")];
/// Above every text that begins alike.
const LAST: &str = "\u{10ffff}";

/// The decisions of a view. What says whether they count is written as the indexes of them say it.
fn about_kind<DB: sqlx::Database>(
    select: String,
    supplier: ContactId,
    view: DecisionView,
) -> sqlx::QueryBuilder<DB>
where
    Uuid: sqlx::Type<DB> + for<'q> sqlx::Encode<'q, DB>,
{
    let mut query = sqlx::QueryBuilder::new(format!("{select} FROM supplier_link WHERE contact_id = "));
    query.push_bind(supplier.0).push(match view {
        DecisionView::Same => " AND verdict = 'same' AND undone_at IS NULL",
        DecisionView::NotSame => " AND verdict = 'not_same' AND undone_at IS NULL",
        DecisionView::Undone => " AND undone_at IS NOT NULL",
    });
    query
}

/// Decisions of a view, to be narrowed by a column that has an index, and then closed by [`latest`]. The view is compared in such a way
/// that no index of it is used: that one would lead through all decisions of the view.
fn among<DB: sqlx::Database>(supplier: ContactId, view: DecisionView) -> sqlx::QueryBuilder<DB>
where
    Uuid: sqlx::Type<DB> + for<'q> sqlx::Encode<'q, DB>,
{
    let mut query = sqlx::QueryBuilder::new(format!(
        "SELECT {COLUMNS} FROM supplier_link WHERE supplier_link_id IN
         (SELECT supplier_link_id FROM supplier_link WHERE contact_id = "
    ));
    query.push_bind(supplier.0).push(match view {
        DecisionView::Same => " AND verdict || '' = 'same' AND undone_at + 0 IS NULL",
        DecisionView::NotSame => " AND verdict || '' = 'not_same' AND undone_at + 0 IS NULL",
        DecisionView::Undone => " AND undone_at + 0 IS NOT NULL",
    });
    query
}

/// The latest of what was found, of a bounded part in the order of the index.
fn latest<DB: sqlx::Database>(query: &mut sqlx::QueryBuilder<DB>, column: &str, limit: i64)
where
    i64: sqlx::Type<DB> + for<'q> sqlx::Encode<'q, DB>,
{
    query.push(format_args!(" ORDER BY contact_id, {column} LIMIT ")).push_bind(MOST_ALIKE);
    query.push(")").push(LATEST).push_bind(limit);
}
