//! A supplier's latest orders, whose lines are ordered again.

use domain::ids::{ContactId, OrderId};
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{Tx, on};

/// A supplier's orders that have lines, the newest first; at most `limit`.
pub async fn latest_of_supplier(
    tx: &mut Tx,
    supplier: ContactId,
    limit: i64,
) -> Result<Vec<OrderId>, StoreError> {
    let ids: Vec<Uuid> = on!(tx, |conn| {
        sqlx::query_scalar(
            "SELECT order_id FROM purchase_order WHERE supplier_id = $1 AND line_count > 0
             ORDER BY created_at DESC, order_id DESC LIMIT $2",
        )
        .bind(supplier.0)
        .bind(limit)
        .fetch_all(conn)
        .await?
    });
    Ok(ids.into_iter().map(OrderId).collect())
}
