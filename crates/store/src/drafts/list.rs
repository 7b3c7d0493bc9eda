//! Lists of order drafts. As with orders, each part of a question is read from one index in the list's order, no further than the page
//! reaches.

use std::collections::HashMap;

use domain::contacts::ContactRole;
use domain::drafts::{DraftFilter, DraftSort, DraftStatus, DraftView, OrderDraftRow};
use domain::ids::ContactId;
use domain::paging::{Direction, MAX_COUNTED, Page, PageRequest};
use sqlx::AssertSqlSafe;

use super::{COLUMNS, HeadRow, JOINED};
use crate::error::StoreError;
use crate::list_counts;
use crate::sql::{Sql, Value, bound};
use crate::tx::{Tx, on};

const WITH_ISSUES: &str = " AND (d.differing_count > 0 OR d.new_customer)";
/// Where so few drafts have the statuses of a view, all of them are read and sorted.
const FEW: i64 = 2_000;
/// Customers that a search text may mean.
const MAX_CUSTOMERS: i64 = 50;

/// The statuses of a view's drafts; `None`: every status.
fn statuses(view: DraftView) -> Option<&'static [DraftStatus]> {
    match view {
        DraftView::Open | DraftView::WithIssues => Some(&[DraftStatus::Received, DraftStatus::InReview]),
        DraftView::Approved => Some(&[DraftStatus::Approved, DraftStatus::ApprovedWithChanges]),
        DraftView::Rejected => Some(&[DraftStatus::Rejected, DraftStatus::Withdrawn]),
        DraftView::All => None,
    }
}

fn listed(statuses: &[DraftStatus]) -> String {
    let quoted: Vec<String> = statuses.iter().map(|status| format!("'{}'", status.as_str())).collect();
    quoted.join(", ")
}

/// One part of a question, as a condition.
enum Arm {
    Status(DraftStatus),
    Walk,
    /// A number without zeros and letters.
    Tail(String),
    CustomerNumber(String),
    Customers(Vec<ContactId>),
}

fn arms(filter: &DraftFilter, customers: Vec<ContactId>, is_few: bool) -> Vec<Arm> {
    if let Some(search) = &filter.search {
        let bare: String = search.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let small = bare.to_ascii_lowercase();
        let number = small.strip_prefix('k').unwrap_or(&small);
        let tail = number.trim_start_matches('0');
        let is_number = !tail.is_empty() && tail.chars().all(|c| c.is_ascii_digit());
        let mut arms: Vec<Arm> = is_number.then(|| Arm::Tail(tail.to_owned())).into_iter().collect();
        let fully = bare.to_lowercase();
        if fully != small {
            arms.push(Arm::CustomerNumber(fully));
        }
        arms.push(Arm::CustomerNumber(small));
        if !customers.is_empty() {
            arms.push(Arm::Customers(customers));
        }
        return arms;
    }
    match statuses(filter.view) {
        Some(statuses) if is_few || (filter.sort == DraftSort::Received && filter.customer.is_none()) => {
            statuses.iter().copied().map(Arm::Status).collect()
        }
        _ => vec![Arm::Walk],
    }
}

fn push_arm(sql: &mut Sql, filter: &DraftFilter, arm: &Arm) {
    sql.push(" FROM order_draft d WHERE 1 = 1");
    let prefix = |sql: &mut Sql, column: &str, text: &str| {
        sql.push(&format!(" AND {column} >= ")).bind(Value::Text(text.to_owned()));
        sql.push(&format!(" AND {column} < ")).bind(Value::Text(format!("{text}\u{10ffff}")));
    };
    match arm {
        Arm::Status(status) => {
            sql.push(" AND d.status = ").bind(Value::Text(status.as_str().to_owned()));
        }
        Arm::Walk => {}
        Arm::Tail(tail) => prefix(sql, "d.number_tail", tail),
        Arm::CustomerNumber(number) => prefix(sql, "d.customer_number_key", number),
        Arm::Customers(customers) => {
            sql.push(" AND d.customer_id IN (");
            for (place, customer) in customers.iter().enumerate() {
                sql.push(if place == 0 { "" } else { ", " }).bind(Value::Id(customer.0));
            }
            sql.push(")");
        }
    }
    if let (Some(statuses), false) = (statuses(filter.view), matches!(arm, Arm::Status(_))) {
        // A condition that no index answers: here another one is read.
        sql.push(&format!(" AND COALESCE(d.status, '') IN ({})", listed(statuses)));
    }
    if filter.view == DraftView::WithIssues {
        sql.push(WITH_ISSUES);
    }
    if let Some(customer) = filter.customer {
        sql.push(" AND d.customer_id = ").bind(Value::Id(customer.0));
    }
}

/// One page of what the filter finds. Of what was searched for or filtered no more than [`MAX_COUNTED`] and one are counted.
pub async fn list(
    tx: &mut Tx,
    filter: &DraftFilter,
    page: PageRequest,
) -> Result<Page<OrderDraftRow>, StoreError> {
    let by_status = list_counts::by_status(tx, "order_draft").await?;
    let customers = match &filter.search {
        Some(search) => crate::contacts::named(tx, ContactRole::Customer, search, MAX_CUSTOMERS).await?,
        None => Vec::new(),
    };
    let is_few = of_statuses(filter.view, &by_status) <= FEW;
    let arms = arms(filter, customers, is_few);
    let total = if filter.is_plain() && filter.view != DraftView::WithIssues {
        of_statuses(filter.view, &by_status)
    } else {
        count(tx, filter, &arms).await?
    };
    let rows = shown(tx, filter, &arms, page).await?;
    let rows = rows.into_iter().map(|row| Ok(row.into_head()?.row)).collect::<Result<_, StoreError>>()?;
    Ok(Page { rows, total, page: page.page, page_size: page.limit() })
}

async fn shown(
    tx: &mut Tx,
    filter: &DraftFilter,
    arms: &[Arm],
    page: PageRequest,
) -> Result<Vec<HeadRow>, StoreError> {
    let key = match filter.sort {
        DraftSort::Received => "d.received_at",
        DraftSort::Wanted => "d.wanted_key",
        DraftSort::Total => "d.net_total",
    };
    let way = if filter.direction == Direction::Descending { "DESC" } else { "ASC" };
    let (limit, offset) = (page.limit(), page.offset());
    let mut sql = Sql::default();
    sql.push(COLUMNS).push(" FROM (SELECT draft_id, sort_key FROM (");
    for (place, arm) in arms.iter().enumerate() {
        sql.push(if place == 0 { "" } else { " UNION " });
        sql.push(&format!("SELECT draft_id, sort_key FROM (SELECT d.draft_id, {key} AS sort_key"));
        push_arm(&mut sql, filter, arm);
        let reach = limit + offset;
        sql.push(&format!(" ORDER BY {key} {way}, d.draft_id {way} LIMIT {reach}) AS part_{place}"));
    }
    sql.push(&format!(
        ") AS parts ORDER BY sort_key {way}, draft_id {way} LIMIT {limit} OFFSET {offset}) AS shown
         JOIN order_draft d ON d.draft_id = shown.draft_id {JOINED} ORDER BY shown.sort_key {way}, shown.draft_id {way}"
    ));
    Ok(on!(tx, |conn| bound!(sqlx::query_as(AssertSqlSafe(sql.text.as_str())), sql.values)
        .fetch_all(conn)
        .await?))
}

async fn count(tx: &mut Tx, filter: &DraftFilter, arms: &[Arm]) -> Result<i64, StoreError> {
    let most = MAX_COUNTED + 1;
    let mut sql = Sql::default();
    sql.push("SELECT COUNT(*) FROM (");
    for (place, arm) in arms.iter().enumerate() {
        sql.push(if place == 0 { "" } else { " UNION " });
        sql.push("SELECT draft_id FROM (SELECT d.draft_id");
        push_arm(&mut sql, filter, arm);
        sql.push(&format!(" LIMIT {most}) AS part_{place}"));
    }
    sql.push(") AS found");
    let found: i64 = on!(tx, |conn| bound!(sqlx::query_scalar(AssertSqlSafe(sql.text.as_str())), sql.values)
        .fetch_one(conn)
        .await?);
    Ok(found.min(most))
}

fn of_statuses(view: DraftView, by_status: &HashMap<String, i64>) -> i64 {
    let holds = |status: &str| {
        statuses(view).is_none_or(|statuses| statuses.iter().any(|held| held.as_str() == status))
    };
    by_status.iter().filter(|(status, _)| holds(status)).map(|(_, count)| count).sum()
}

/// How many drafts each view holds, from the figures that are kept with every change; those with issues among the open ones are
/// counted, no further than [`MAX_COUNTED`] and one.
pub async fn counts(tx: &mut Tx) -> Result<Vec<(DraftView, i64)>, StoreError> {
    let by_status = list_counts::by_status(tx, "order_draft").await?;
    let filter = DraftFilter::of_view(DraftView::WithIssues);
    let with_issues = count(tx, &filter, &arms(&filter, Vec::new(), true)).await?;
    let count = |view| match view {
        DraftView::WithIssues => with_issues,
        view => of_statuses(view, &by_status),
    };
    Ok(DraftView::ALL.into_iter().map(|view| (view, count(view))).collect())
}
