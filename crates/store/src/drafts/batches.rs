//! What came of one answer to many drafts.

use domain::drafts::DraftBatch;
use domain::ids::DraftBatchId;
use domain::time::Timestamp;

use crate::error::StoreError;
use crate::tx::{Tx, on};
use crate::value::{json, to_json};

/// How long it is kept: 30 days, in seconds.
const KEPT: i64 = 30 * 24 * 3600;

/// Keeps what came of it; forgets what is old.
pub async fn keep_batch(
    tx: &mut Tx,
    id: DraftBatchId,
    batch: &DraftBatch,
    now: Timestamp,
) -> Result<(), StoreError> {
    let outcome = to_json(batch, "draft_batch", "outcome")?;
    on!(tx, |conn| sqlx::query("DELETE FROM draft_batch WHERE at < $1")
        .bind(now.plus_seconds(-KEPT).0)
        .execute(conn)
        .await?
        .rows_affected());
    on!(tx, |conn| sqlx::query("INSERT INTO draft_batch (batch_id, at, outcome) VALUES ($1, $2, $3)")
        .bind(id.0)
        .bind(batch.at.0)
        .bind(&outcome)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}

/// What came of it.
pub async fn batch(tx: &mut Tx, id: DraftBatchId) -> Result<Option<DraftBatch>, StoreError> {
    let outcome: Option<String> =
        on!(tx, |conn| sqlx::query_scalar("SELECT outcome FROM draft_batch WHERE batch_id = $1")
            .bind(id.0)
            .fetch_optional(conn)
            .await?);
    outcome.map(|outcome| json(&outcome, "draft_batch", "outcome")).transpose()
}
