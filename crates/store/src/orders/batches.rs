//! What came of something that was done with many orders at once.

use domain::ids::OrderBatchId;
use domain::orders::OrderBatch;
use domain::time::Timestamp;

use crate::error::StoreError;
use crate::tx::{Tx, locked, on};
use crate::value::{json, to_json};

/// How long it is kept: 30 days, in seconds.
const KEPT: i64 = 30 * 24 * 3600;

/// Keeps what came of it, or what it has become; forgets what is old.
pub async fn keep_batch(
    tx: &mut Tx,
    id: OrderBatchId,
    batch: &OrderBatch,
    now: Timestamp,
) -> Result<(), StoreError> {
    let outcome = to_json(batch, "order_batch", "outcome")?;
    on!(tx, |conn| sqlx::query("DELETE FROM order_batch WHERE at < $1")
        .bind(now.plus_seconds(-KEPT).0)
        .execute(conn)
        .await?
        .rows_affected());
    on!(tx, |conn| {
        sqlx::query(
            "INSERT INTO order_batch (batch_id, at, created_by, outcome) VALUES ($1, $2, $3, $4)
             ON CONFLICT (batch_id) DO UPDATE SET outcome = excluded.outcome",
        )
        .bind(id.0)
        .bind(batch.at.0)
        .bind(&batch.by)
        .bind(&outcome)
        .execute(conn)
        .await?
        .rows_affected()
    });
    Ok(())
}

/// What came of it.
pub async fn batch(tx: &mut Tx, id: OrderBatchId) -> Result<Option<OrderBatch>, StoreError> {
    let outcome: Option<String> =
        on!(tx, |conn| sqlx::query_scalar("SELECT outcome FROM order_batch WHERE batch_id = $1")
            .bind(id.0)
            .fetch_optional(conn)
            .await?);
    outcome.map(|outcome| json(&outcome, "order_batch", "outcome")).transpose()
}

/// The same, kept from others until the transaction ends.
pub async fn lock_batch(tx: &mut Tx, id: OrderBatchId) -> Result<Option<OrderBatch>, StoreError> {
    let sql = locked!(tx, "SELECT outcome FROM order_batch WHERE batch_id = $1");
    let outcome: Option<String> =
        on!(tx, |conn| sqlx::query_scalar(sql).bind(id.0).fetch_optional(conn).await?);
    outcome.map(|outcome| json(&outcome, "order_batch", "outcome")).transpose()
}
