//! What partners said when they were asked to check orders.

use domain::ids::OrderId;
use domain::time::Timestamp;

use crate::error::StoreError;
use crate::tx::{Tx, on};

/// An answer as it was kept.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct KeptCheck {
    /// The version of the order that the partner was asked about.
    pub order_version: i64,
    pub checked_at: i64,
    /// The answer's document.
    pub answer: String,
}

/// Keeps the partner's answer in the place of the one before.
pub async fn save(
    tx: &mut Tx,
    order_id: OrderId,
    order_version: i64,
    answer: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(tx, |conn| sqlx::query(
        "INSERT INTO partner_check (order_id, order_version, checked_at, answer) VALUES ($1, $2, $3, $4)
         ON CONFLICT (order_id) DO UPDATE SET order_version = excluded.order_version,
             checked_at = excluded.checked_at, answer = excluded.answer"
    )
    .bind(order_id.0)
    .bind(order_version)
    .bind(now.0)
    .bind(answer)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}

/// The last answer about an order.
pub async fn lookup(tx: &mut Tx, order_id: OrderId) -> Result<Option<KeptCheck>, StoreError> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "SELECT order_version, checked_at, answer FROM partner_check WHERE order_id = $1"
    )
    .bind(order_id.0)
    .fetch_optional(conn)
    .await?))
}
