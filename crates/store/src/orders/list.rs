//! Lists of purchase orders.

use std::collections::HashMap;

use domain::ids::OrderId;
use domain::messages::MessageState;
use domain::money::Money;
use domain::orders::{OrderStatus, OrderView, PurchaseOrderRow};
use domain::paging::{Page, PageRequest};
use domain::time::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{ROWS, Tx, on, push_list};
use crate::value::{date, required};

#[derive(sqlx::FromRow)]
struct ListRow {
    order_id: Uuid,
    number: String,
    supplier_name: Option<String>,
    status: String,
    message_state: Option<String>,
    next_attempt_at: Option<i64>,
    held: i64,
    requested_delivery_date: Option<String>,
    currency: String,
    net_total: i64,
    line_count: i64,
    updated_at: i64,
}

impl ListRow {
    fn into_row(self) -> Result<PurchaseOrderRow, StoreError> {
        let message_state = match self.message_state {
            Some(state) => Some(required(MessageState::from_code(&state), "message", "state")?),
            None => None,
        };
        Ok(PurchaseOrderRow {
            order_id: OrderId(self.order_id),
            number: self.number,
            supplier_name: self.supplier_name,
            status: required(OrderStatus::from_code(&self.status), "purchase_order", "status")?,
            message_state,
            next_attempt_at: self
                .next_attempt_at
                .filter(|_| message_state == Some(MessageState::Waiting) && self.held == 0)
                .map(Timestamp),
            held: self.held > 0,
            requested_delivery_date: date(
                self.requested_delivery_date,
                "purchase_order",
                "requested_delivery_date",
            )?,
            currency: self.currency,
            net_total: Money(self.net_total),
            line_count: self.line_count,
            updated_at: Timestamp(self.updated_at),
        })
    }
}

const COLUMNS: &str = "SELECT o.order_id, o.number, c.name AS supplier_name, o.status, m.state AS message_state, m.next_attempt_at,
        CAST(CASE WHEN m.state IN ('queued', 'waiting') AND EXISTS (SELECT 1 FROM connection k
            WHERE k.connection_id = m.connection_id AND k.state = 'paused') THEN 1 ELSE 0 END AS BIGINT) AS held,
        o.requested_delivery_date, o.currency, o.net_total, o.line_count, o.updated_at";
const JOINED: &str = " JOIN purchase_order o ON o.order_id = shown.order_id
    LEFT JOIN contact c ON c.contact_id = o.supplier_id
    LEFT JOIN message m ON m.subject_id = o.order_id AND m.direction = 'out' AND m.revision = o.revision";
const FROM: &str = " FROM purchase_order o
    LEFT JOIN contact c ON c.contact_id = o.supplier_id
    LEFT JOIN message m ON m.subject_id = o.order_id AND m.direction = 'out' AND m.revision = o.revision
    WHERE 1 = 1";
/// Orders whose message is stopped; there are few, and `message_parked` finds them.
const STOPPED: &str =
    "FROM message m JOIN purchase_order o ON o.order_id = m.subject_id AND o.revision = m.revision
    WHERE m.direction = 'out' AND m.state = 'parked'";

/// The statuses of a view's orders; `None`: every status. *Trenger deg* has those whose message is stopped as well.
fn statuses(view: OrderView) -> Option<&'static [OrderStatus]> {
    match view {
        OrderView::NeedsYou => Some(&[
            OrderStatus::Draft,
            OrderStatus::Ready,
            OrderStatus::Rejected,
            OrderStatus::ApprovedWithChanges,
        ]),
        OrderView::Drafts => Some(&[OrderStatus::Draft, OrderStatus::Ready]),
        OrderView::Waiting => Some(&[OrderStatus::Exported, OrderStatus::Received, OrderStatus::InReview]),
        OrderView::Approved => Some(&[OrderStatus::Approved, OrderStatus::ApprovedWithChanges]),
        OrderView::All => None,
    }
}

/// The condition of a view, as SQL over the order and its message.
fn condition(view: OrderView) -> String {
    let Some(statuses) = statuses(view) else { return String::new() };
    let listed = listed(statuses);
    match view {
        OrderView::NeedsYou => format!(" AND (o.status IN ({listed}) OR m.state = 'parked')"),
        _ => format!(" AND o.status IN ({listed})"),
    }
}

fn listed(statuses: &[OrderStatus]) -> String {
    let quoted: Vec<String> = statuses.iter().map(|status| format!("'{}'", status.as_str())).collect();
    quoted.join(", ")
}

/// One page of the orders of a view, newest change first, whose number, reference or supplier holds the search text.
pub async fn list(
    tx: &mut Tx,
    view: OrderView,
    search: Option<&str>,
    page: PageRequest,
) -> Result<Page<PurchaseOrderRow>, StoreError> {
    let (total, rows): (i64, Vec<ListRow>) = match search {
        Some(search) => (count_found(tx, view, search).await?, find(tx, view, search, page).await?),
        None => (count(tx, view).await?, shown(tx, view, page).await?),
    };
    let rows = rows.into_iter().map(ListRow::into_row).collect::<Result<_, _>>()?;
    Ok(Page { rows, total, page: page.page, page_size: page.limit() })
}

/// A page of a view. Each status is read from its own index in the order of the list, no further than the page reaches: the cost is the
/// page's, however many orders there are.
async fn shown(tx: &mut Tx, view: OrderView, page: PageRequest) -> Result<Vec<ListRow>, StoreError> {
    const NEWEST: &str = "ORDER BY o.updated_at DESC, o.order_id DESC LIMIT";
    let reach = page.offset() + page.limit();
    let mut parts = match statuses(view) {
        None => vec![format!("SELECT o.order_id, o.updated_at FROM purchase_order o {NEWEST} {reach}")],
        Some(statuses) => statuses
            .iter()
            .map(|status| {
                let status = status.as_str();
                format!("SELECT o.order_id, o.updated_at FROM purchase_order o WHERE o.status = '{status}' {NEWEST} {reach}")
            })
            .collect(),
    };
    if view == OrderView::NeedsYou {
        let others = listed(statuses(view).unwrap_or_default());
        parts.push(format!(
            "SELECT o.order_id, o.updated_at {STOPPED} AND o.status NOT IN ({others}) {NEWEST} {reach}"
        ));
    }
    let parts: Vec<String> = parts
        .into_iter()
        .enumerate()
        .map(|(place, part)| format!("SELECT order_id, updated_at FROM ({part}) AS part_{place}"))
        .collect();
    let sql = format!(
        "{COLUMNS} FROM (SELECT order_id FROM ({}) AS parts ORDER BY updated_at DESC, order_id DESC LIMIT {} OFFSET {}) AS shown
         {JOINED} ORDER BY o.updated_at DESC, o.order_id DESC",
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
    view: OrderView,
    search: &str,
    page: PageRequest,
) -> Result<Vec<ListRow>, StoreError> {
    Ok(on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(COLUMNS);
        query.push(FROM).push(condition(view));
        push_search(&mut query, search);
        query.push(" ORDER BY o.updated_at DESC, o.order_id DESC LIMIT ").push_bind(page.limit());
        query.push(" OFFSET ").push_bind(page.offset());
        query.build_query_as().fetch_all(conn).await?
    }))
}

async fn count_found(tx: &mut Tx, view: OrderView, search: &str) -> Result<i64, StoreError> {
    Ok(on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new("SELECT COUNT(*)");
        query.push(FROM).push(condition(view));
        push_search(&mut query, search);
        query.build_query_scalar().fetch_one(conn).await?
    }))
}

async fn count(tx: &mut Tx, view: OrderView) -> Result<i64, StoreError> {
    let counts = counts(tx).await?;
    Ok(counts.into_iter().find(|(counted, _)| *counted == view).map_or(0, |(_, count)| count))
}

/// How many orders each view holds: counted once by status, in the index.
pub async fn counts(tx: &mut Tx) -> Result<Vec<(OrderView, i64)>, StoreError> {
    let by_status: Vec<(String, i64)> = on!(tx, |conn| {
        sqlx::query_as("SELECT status, COUNT(*) FROM purchase_order GROUP BY status").fetch_all(conn).await?
    });
    let others = listed(statuses(OrderView::NeedsYou).unwrap_or_default());
    let stopped: i64 = on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new("SELECT COUNT(*) ");
        query.push(STOPPED).push(format_args!(" AND o.status NOT IN ({others})"));
        query.build_query_scalar().fetch_one(conn).await?
    });
    let views =
        [OrderView::NeedsYou, OrderView::Drafts, OrderView::Waiting, OrderView::Approved, OrderView::All];
    let count = |view: OrderView| {
        let holds = |status: &str| {
            statuses(view).is_none_or(|statuses| statuses.iter().any(|held| held.as_str() == status))
        };
        let counted: i64 = by_status.iter().filter(|(status, _)| holds(status)).map(|(_, count)| count).sum();
        counted + if view == OrderView::NeedsYou { stopped } else { 0 }
    };
    Ok(views.into_iter().map(|view| (view, count(view))).collect())
}

fn push_search<DB: sqlx::Database>(query: &mut sqlx::QueryBuilder<DB>, search: &str)
where
    String: sqlx::Type<DB> + for<'q> sqlx::Encode<'q, DB>,
{
    let pattern = format!("%{}%", search.to_lowercase().replace(['%', '_'], ""));
    query.push(" AND (LOWER(o.number) LIKE ").push_bind(pattern.clone());
    query.push(" OR LOWER(COALESCE(o.order_ref, '')) LIKE ").push_bind(pattern.clone());
    query.push(" OR LOWER(COALESCE(c.name, '')) LIKE ").push_bind(pattern);
    query.push(")");
}

/// The rows of orders, as lists and live updates show them; those that are there.
pub async fn rows(
    tx: &mut Tx,
    order_ids: &[OrderId],
) -> Result<HashMap<OrderId, PurchaseOrderRow>, StoreError> {
    let mut found = HashMap::with_capacity(order_ids.len());
    for chunk in order_ids.chunks(ROWS) {
        let rows: Vec<ListRow> = on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new(COLUMNS);
            query.push(FROM).push(" AND o.order_id IN ");
            push_list(&mut query, chunk.iter().map(|id| id.0));
            query.build_query_as().fetch_all(conn).await?
        });
        for row in rows {
            found.insert(OrderId(row.order_id), row.into_row()?);
        }
    }
    Ok(found)
}

/// The row of one order.
pub async fn row(tx: &mut Tx, order_id: OrderId) -> Result<Option<PurchaseOrderRow>, StoreError> {
    Ok(rows(tx, &[order_id]).await?.remove(&order_id))
}

/// Orders that can be exported, oldest first; at most `limit`.
pub async fn ready(tx: &mut Tx, limit: i64) -> Result<Vec<PurchaseOrderRow>, StoreError> {
    let rows: Vec<ListRow> = on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(COLUMNS);
        query
            .push(FROM)
            .push(" AND o.status = 'ready' ORDER BY o.created_at, o.order_id LIMIT ")
            .push_bind(limit);
        query.build_query_as().fetch_all(conn).await?
    });
    rows.into_iter().map(ListRow::into_row).collect()
}
