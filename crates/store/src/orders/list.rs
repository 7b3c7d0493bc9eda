//! Lists of purchase orders.

use std::collections::HashMap;

use domain::contacts::ContactRole;
use domain::ids::OrderId;
use domain::messages::MessageState;
use domain::money::Money;
use domain::orders::{OrderFilter, OrderStatus, OrderView, PurchaseOrderRow, UnreadMarks};
use domain::paging::{MAX_COUNTED, Page, PageRequest};
use domain::time::Timestamp;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::question::{FEW, Question, STOPPED, listed, statuses};
use crate::error::StoreError;
use crate::list_counts;
use crate::sql::bound;
use crate::tx::{ROWS, Tx, on, push_list};
use crate::value::{date, json, required};

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
    unread: i64,
    marks: Option<String>,
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
            has_unread: self.unread > 0,
            marks: match self.marks {
                Some(marks) => json(&marks, "order_typed", "marks")?,
                None => UnreadMarks::default(),
            },
            updated_at: Timestamp(self.updated_at),
        })
    }
}

const COLUMNS: &str = "SELECT o.order_id, o.number, c.name AS supplier_name, o.status, m.state AS message_state, m.next_attempt_at,
        CAST(CASE WHEN m.state IN ('queued', 'waiting') AND EXISTS (SELECT 1 FROM connection k
            WHERE k.connection_id = m.connection_id AND k.state = 'paused') THEN 1 ELSE 0 END AS BIGINT) AS held,
        CAST(CASE WHEN y.order_id IS NULL THEN 0 ELSE 1 END AS BIGINT) AS unread, y.marks,
        o.requested_delivery_date, o.currency, o.net_total, o.line_count, o.updated_at";
const JOINED: &str = " JOIN purchase_order o ON o.order_id = shown.order_id
    LEFT JOIN contact c ON c.contact_id = o.supplier_id
    LEFT JOIN order_typed y ON y.order_id = o.order_id
    LEFT JOIN message m ON m.subject_id = o.order_id AND m.direction = 'out' AND m.revision = o.revision";
const FROM: &str = " FROM purchase_order o
    LEFT JOIN contact c ON c.contact_id = o.supplier_id
    LEFT JOIN order_typed y ON y.order_id = o.order_id
    LEFT JOIN message m ON m.subject_id = o.order_id AND m.direction = 'out' AND m.revision = o.revision
    WHERE 1 = 1";
/// Suppliers that a search text may mean.
const MAX_SUPPLIERS: i64 = 50;

/// One page of what the filter finds; *mine* are the orders that `person` made. Of what was searched for or filtered no more than
/// [`MAX_COUNTED`] and one are counted.
pub async fn list(
    tx: &mut Tx,
    filter: &OrderFilter,
    person: &str,
    page: PageRequest,
) -> Result<Page<PurchaseOrderRow>, StoreError> {
    let by_status = by_status(tx).await?;
    let question = question(tx, filter, person, &by_status).await?;
    let total = if filter.is_plain() {
        of_view(filter.view, &by_status, stopped(tx, filter.view).await?)
    } else {
        let count = question.count(MAX_COUNTED + 1);
        let found: i64 = on!(tx, |conn| {
            bound!(sqlx::query_scalar(AssertSqlSafe(count.text.as_str())), count.values)
                .fetch_one(conn)
                .await?
        });
        found.min(MAX_COUNTED + 1)
    };
    let shown = question.page(page.limit(), page.offset());
    let order = question.outside("shown");
    let sql = format!("{COLUMNS} FROM ({}) AS shown {JOINED} ORDER BY {order}", shown.text);
    let rows: Vec<ListRow> = on!(tx, |conn| {
        bound!(sqlx::query_as(AssertSqlSafe(sql.as_str())), shown.values).fetch_all(conn).await?
    });
    let rows = rows.into_iter().map(ListRow::into_row).collect::<Result<_, _>>()?;
    Ok(Page { rows, total, page: page.page, page_size: page.limit() })
}

/// The ids of the first orders that the filter finds, in its order; at most `limit`.
pub async fn ids(
    tx: &mut Tx,
    filter: &OrderFilter,
    person: &str,
    limit: i64,
) -> Result<Vec<OrderId>, StoreError> {
    let by_status = by_status(tx).await?;
    let question = question(tx, filter, person, &by_status).await?;
    let shown = question.page(limit, 0);
    let order = question.outside("shown");
    let sql = format!("SELECT order_id FROM ({}) AS shown ORDER BY {order}", shown.text);
    let found: Vec<Uuid> = on!(tx, |conn| {
        bound!(sqlx::query_scalar(AssertSqlSafe(sql.as_str())), shown.values).fetch_all(conn).await?
    });
    Ok(found.into_iter().map(OrderId).collect())
}

/// Looks up what the question needs.
async fn question<'q>(
    tx: &mut Tx,
    filter: &'q OrderFilter,
    person: &'q str,
    by_status: &HashMap<String, i64>,
) -> Result<Question<'q>, StoreError> {
    let suppliers = match &filter.search {
        Some(search) => crate::contacts::named(tx, ContactRole::Supplier, search, MAX_SUPPLIERS).await?,
        None => Vec::new(),
    };
    let counted: i64 = match Question::statuses(filter) {
        Some(statuses) => statuses.iter().filter_map(|status| by_status.get(status.as_str())).sum(),
        None => by_status.values().sum(),
    };
    let suppliers = suppliers.into_iter().map(|supplier| supplier.0).collect();
    Ok(Question { filter, person, suppliers, is_few: counted <= FEW })
}

async fn by_status(tx: &mut Tx) -> Result<HashMap<String, i64>, StoreError> {
    list_counts::by_status(tx, "purchase_order").await
}

/// Orders of other statuses that *Trenger deg* shows because their message is stopped.
async fn stopped(tx: &mut Tx, view: OrderView) -> Result<i64, StoreError> {
    if view != OrderView::NeedsYou {
        return Ok(0);
    }
    let others = listed(statuses(view).unwrap_or_default());
    let sql = format!(
        "SELECT COUNT(*) FROM {STOPPED} WHERE m.direction = 'out' AND m.state = 'parked' AND o.status NOT IN ({others})"
    );
    Ok(on!(tx, |conn| sqlx::query_scalar(AssertSqlSafe(sql.as_str())).fetch_one(conn).await?))
}

fn of_view(view: OrderView, by_status: &HashMap<String, i64>, stopped: i64) -> i64 {
    let holds = |status: &str| {
        statuses(view).is_none_or(|statuses| statuses.iter().any(|held| held.as_str() == status))
    };
    by_status.iter().filter(|(status, _)| holds(status)).map(|(_, count)| count).sum::<i64>() + stopped
}

/// How many orders each view holds, from the figures that are kept with every change.
pub async fn counts(tx: &mut Tx) -> Result<Vec<(OrderView, i64)>, StoreError> {
    let by_status = by_status(tx).await?;
    let stopped = stopped(tx, OrderView::NeedsYou).await?;
    let count = |view| of_view(view, &by_status, if view == OrderView::NeedsYou { stopped } else { 0 });
    Ok(OrderView::ALL.into_iter().map(|view| (view, count(view))).collect())
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
