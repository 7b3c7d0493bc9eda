//! Draft orders that were deleted: kept whole for a while, so that it can be taken back.

use domain::ids::OrderId;
use domain::orders::{OrderInput, PurchaseOrder};
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::{add, replace_lines, set_typed};
use crate::error::StoreError;
use crate::tx::{ROWS, Tx, on, push_list};
use crate::value::{json, to_json};

/// How long a deleted order is kept: 30 days, in seconds.
const KEPT: i64 = 30 * 24 * 3600;

/// An order with what was typed into its form and could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deleted {
    pub order: PurchaseOrder,
    pub typed: Option<OrderInput>,
}

/// Keeps an order that is being deleted, and forgets those that were deleted long ago.
pub async fn keep_deleted(
    tx: &mut Tx,
    deleted: &Deleted,
    by: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let content = to_json(deleted, "deleted_order", "content")?;
    on!(tx, |conn| sqlx::query("DELETE FROM deleted_order WHERE deleted_at < $1")
        .bind(now.plus_seconds(-KEPT).0)
        .execute(conn)
        .await?
        .rows_affected());
    on!(tx, |conn| {
        sqlx::query(
            "INSERT INTO deleted_order (order_id, number, deleted_at, deleted_by, content) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (order_id) DO UPDATE SET deleted_at = excluded.deleted_at, deleted_by = excluded.deleted_by,
                 content = excluded.content",
        )
        .bind(deleted.order.order_id.0)
        .bind(&deleted.order.number)
        .bind(now.0)
        .bind(by)
        .bind(&content)
        .execute(conn)
        .await?
        .rows_affected()
    });
    // What links gave its lines can be taken back as long as the order can.
    for chunk in deleted.order.lines.chunks(ROWS) {
        on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new("UPDATE supplier_link_line SET kept_at = ");
            query.push_bind(now.0).push(" WHERE line_id IN ");
            push_list(&mut query, chunk.iter().map(|line| line.line_id.0));
            query.build().execute(conn).await?.rows_affected()
        });
    }
    Ok(())
}

/// Puts a deleted order back as it was, a version further. `None` when it is not there (any more), or is back already.
pub async fn restore(
    tx: &mut Tx,
    order_id: OrderId,
    now: Timestamp,
) -> Result<Option<PurchaseOrder>, StoreError> {
    let content: Option<String> =
        on!(tx, |conn| sqlx::query_scalar("DELETE FROM deleted_order WHERE order_id = $1 RETURNING content")
            .bind(order_id.0)
            .fetch_optional(conn)
            .await?);
    let Some(content) = content else { return Ok(None) };
    let Deleted { mut order, typed } = json(&content, "deleted_order", "content")?;
    if !add(tx, &order).await? {
        // Another order has its reference by now.
        order.order_ref = None;
        add(tx, &order).await?;
    }
    replace_lines(tx, order_id, &order.lines).await?;
    set_typed(tx, order_id, typed.as_ref()).await?;
    order.version += 1;
    order.updated_at = now;
    on!(tx, |conn| sqlx::query(
        "UPDATE purchase_order SET version = $1, updated_at = $2 WHERE order_id = $3"
    )
    .bind(order.version)
    .bind(now.0)
    .bind(order_id.0)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(Some(order))
}
