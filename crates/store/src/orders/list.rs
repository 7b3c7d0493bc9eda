//! Lists of purchase orders.

use domain::ids::OrderId;
use domain::messages::MessageState;
use domain::money::Money;
use domain::orders::{OrderStatus, OrderView, PurchaseOrderRow};
use domain::paging::{Page, PageRequest};
use domain::time::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{Tx, on};
use crate::value::{date, required};

#[derive(sqlx::FromRow)]
struct ListRow {
    order_id: Uuid,
    number: String,
    supplier_name: Option<String>,
    status: String,
    message_state: Option<String>,
    next_attempt_at: Option<i64>,
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
                .filter(|_| message_state == Some(MessageState::Waiting))
                .map(Timestamp),
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

const LIST: &str = "SELECT o.order_id, o.number, c.name AS supplier_name, o.status, m.state AS message_state, m.next_attempt_at,
        o.requested_delivery_date, o.currency, o.net_total, o.line_count, o.updated_at
    FROM purchase_order o
    LEFT JOIN contact c ON c.contact_id = o.supplier_id
    LEFT JOIN message m ON m.subject_id = o.order_id AND m.direction = 'out' AND m.revision = o.revision
    WHERE 1 = 1";

/// The condition of a view, as SQL.
fn condition(view: OrderView) -> &'static str {
    match view {
        OrderView::NeedsYou => {
            " AND (o.status IN ('draft', 'ready', 'rejected', 'approved_with_changes') OR m.state = 'parked')"
        }
        OrderView::Drafts => " AND o.status IN ('draft', 'ready')",
        OrderView::Waiting => " AND o.status IN ('exported', 'received', 'in_review')",
        OrderView::Approved => " AND o.status IN ('approved', 'approved_with_changes')",
        OrderView::All => "",
    }
}

/// One page of the orders of a view, newest change first, whose number, reference or supplier holds the search text.
pub async fn list(
    tx: &mut Tx,
    view: OrderView,
    search: Option<&str>,
    page: PageRequest,
) -> Result<Page<PurchaseOrderRow>, StoreError> {
    let total = count(tx, view, search).await?;
    let rows: Vec<ListRow> = on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(LIST);
        query.push(condition(view));
        if let Some(search) = search {
            push_search(&mut query, search);
        }
        query.push(" ORDER BY o.updated_at DESC, o.order_id DESC LIMIT ").push_bind(page.limit());
        query.push(" OFFSET ").push_bind(page.offset());
        query.build_query_as().fetch_all(conn).await?
    });
    let rows = rows.into_iter().map(ListRow::into_row).collect::<Result<_, _>>()?;
    Ok(Page { rows, total, page: page.page, page_size: page.limit() })
}

/// How many orders a view holds.
pub async fn count(tx: &mut Tx, view: OrderView, search: Option<&str>) -> Result<i64, StoreError> {
    Ok(on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(
            "SELECT COUNT(*) FROM purchase_order o LEFT JOIN contact c ON c.contact_id = o.supplier_id
             LEFT JOIN message m ON m.subject_id = o.order_id AND m.direction = 'out' AND m.revision = o.revision WHERE 1 = 1",
        );
        query.push(condition(view));
        if let Some(search) = search {
            push_search(&mut query, search);
        }
        query.build_query_scalar().fetch_one(conn).await?
    }))
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

/// The row of one order, as lists and live updates show it.
pub async fn row(tx: &mut Tx, order_id: OrderId) -> Result<Option<PurchaseOrderRow>, StoreError> {
    let row: Option<ListRow> = on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(LIST);
        query.push(" AND o.order_id = ").push_bind(order_id.0);
        query.build_query_as().fetch_optional(conn).await?
    });
    row.map(ListRow::into_row).transpose()
}

/// Orders that can be exported, oldest first; at most `limit`.
pub async fn ready(tx: &mut Tx, limit: i64) -> Result<Vec<PurchaseOrderRow>, StoreError> {
    let rows: Vec<ListRow> = on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(LIST);
        query.push(" AND o.status = 'ready' ORDER BY o.created_at, o.order_id LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await?
    });
    rows.into_iter().map(ListRow::into_row).collect()
}
