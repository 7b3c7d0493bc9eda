//! Lists of order drafts.

use domain::drafts::{DraftStatus, DraftView, OrderDraftRow};
use domain::paging::{Page, PageRequest};

use super::{COLUMNS, HeadRow, JOINED, heads};
use crate::error::StoreError;
use crate::tx::{Tx, on};

const WITH_ISSUES: &str = " AND (d.issue_count > 0 OR d.new_customer)";

/// The statuses of a view's drafts; `None`: every status.
fn statuses(view: DraftView) -> Option<&'static [DraftStatus]> {
    match view {
        DraftView::Open | DraftView::WithIssues => Some(&[DraftStatus::Received, DraftStatus::InReview]),
        DraftView::Approved => Some(&[DraftStatus::Approved, DraftStatus::ApprovedWithChanges]),
        DraftView::Rejected => Some(&[DraftStatus::Rejected, DraftStatus::Withdrawn]),
        DraftView::All => None,
    }
}

/// What a view's drafts must have beside their status, as SQL.
fn besides(view: DraftView) -> &'static str {
    if view == DraftView::WithIssues { WITH_ISSUES } else { "" }
}

/// The condition of a view, as SQL.
fn condition(view: DraftView) -> String {
    let Some(statuses) = statuses(view) else { return String::new() };
    let quoted: Vec<String> = statuses.iter().map(|status| format!("'{}'", status.as_str())).collect();
    format!(" AND d.status IN ({}){}", quoted.join(", "), besides(view))
}

fn push_search<DB: sqlx::Database>(query: &mut sqlx::QueryBuilder<DB>, search: &str)
where
    String: sqlx::Type<DB> + for<'q> sqlx::Encode<'q, DB>,
{
    let pattern = format!("%{}%", search.to_lowercase().replace(['%', '_'], ""));
    query.push(" AND (LOWER(d.number) LIKE ").push_bind(pattern.clone());
    query.push(" OR LOWER(d.customer_order_number) LIKE ").push_bind(pattern.clone());
    query.push(" OR LOWER(c.name) LIKE ").push_bind(pattern);
    query.push(")");
}

/// One page of the drafts of a view, newest first.
pub async fn list(
    tx: &mut Tx,
    view: DraftView,
    search: Option<&str>,
    page: PageRequest,
) -> Result<Page<OrderDraftRow>, StoreError> {
    let (total, rows): (i64, Vec<HeadRow>) = match search {
        Some(search) => (count_found(tx, view, search).await?, find(tx, view, search, page).await?),
        None => (count(tx, view).await?, shown(tx, view, page).await?),
    };
    let rows = rows.into_iter().map(|row| Ok(row.into_head()?.row)).collect::<Result<_, StoreError>>()?;
    Ok(Page { rows, total, page: page.page, page_size: page.limit() })
}

/// A page of a view. Each status is read from its own index in the order of the list, no further than the page reaches.
async fn shown(tx: &mut Tx, view: DraftView, page: PageRequest) -> Result<Vec<HeadRow>, StoreError> {
    const NEWEST: &str = "ORDER BY d.received_at DESC, d.draft_id DESC LIMIT";
    let reach = page.offset() + page.limit();
    let parts: Vec<String> = match statuses(view) {
        None => vec![format!("SELECT d.draft_id, d.received_at FROM order_draft d {NEWEST} {reach}")],
        Some(statuses) => statuses
            .iter()
            .map(|status| {
                let (status, besides) = (status.as_str(), besides(view));
                format!(
                    "SELECT d.draft_id, d.received_at FROM order_draft d WHERE d.status = '{status}'{besides} {NEWEST} {reach}"
                )
            })
            .collect(),
    };
    let parts: Vec<String> = parts
        .into_iter()
        .enumerate()
        .map(|(place, part)| format!("SELECT draft_id, received_at FROM ({part}) AS part_{place}"))
        .collect();
    let sql = format!(
        "{COLUMNS} FROM (SELECT draft_id FROM ({}) AS parts ORDER BY received_at DESC, draft_id DESC LIMIT {} OFFSET {}) AS shown
         JOIN order_draft d ON d.draft_id = shown.draft_id {JOINED} ORDER BY d.received_at DESC, d.draft_id DESC",
        parts.join(" UNION ALL "),
        page.limit(),
        page.offset()
    );
    Ok(on!(tx, |conn| {
        // The statement names statuses and numbers alone, nothing that was typed.
        let mut query = sqlx::QueryBuilder::new(sql);
        query.build_query_as().persistent(false).fetch_all(conn).await?
    }))
}

async fn find(
    tx: &mut Tx,
    view: DraftView,
    search: &str,
    page: PageRequest,
) -> Result<Vec<HeadRow>, StoreError> {
    Ok(on!(tx, |conn| {
        let mut query = heads();
        query.push(condition(view));
        push_search(&mut query, search);
        query.push(" ORDER BY d.received_at DESC, d.draft_id DESC LIMIT ").push_bind(page.limit());
        query.push(" OFFSET ").push_bind(page.offset());
        query.build_query_as().fetch_all(conn).await?
    }))
}

async fn count_found(tx: &mut Tx, view: DraftView, search: &str) -> Result<i64, StoreError> {
    Ok(on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(
            "SELECT COUNT(*) FROM order_draft d JOIN contact c ON c.contact_id = d.customer_id WHERE 1 = 1",
        );
        query.push(condition(view));
        push_search(&mut query, search);
        query.build_query_scalar().fetch_one(conn).await?
    }))
}

async fn count(tx: &mut Tx, view: DraftView) -> Result<i64, StoreError> {
    let counts = counts(tx).await?;
    Ok(counts.into_iter().find(|(counted, _)| *counted == view).map_or(0, |(_, count)| count))
}

/// How many drafts each view holds: counted once by status, in the index.
pub async fn counts(tx: &mut Tx) -> Result<Vec<(DraftView, i64)>, StoreError> {
    let by_status = crate::list_counts::by_status(tx, "order_draft").await?;
    let with_issues: i64 = on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new("SELECT COUNT(*) FROM order_draft d WHERE 1 = 1");
        query.push(condition(DraftView::WithIssues));
        query.build_query_scalar().fetch_one(conn).await?
    });
    let views =
        [DraftView::Open, DraftView::WithIssues, DraftView::Approved, DraftView::Rejected, DraftView::All];
    let count = |view: DraftView| {
        if view == DraftView::WithIssues {
            return with_issues;
        }
        let holds = |status: &str| {
            statuses(view).is_none_or(|statuses| statuses.iter().any(|held| held.as_str() == status))
        };
        by_status.iter().filter(|(status, _)| holds(status)).map(|(_, count)| count).sum()
    };
    Ok(views.into_iter().map(|view| (view, count(view))).collect())
}
