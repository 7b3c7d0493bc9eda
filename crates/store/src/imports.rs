//! Reports of files that were brought in.

use domain::ids::ImportId;
use domain::time::Timestamp;

use crate::error::StoreError;
use crate::tx::{Tx, on};

/// Reports that are kept; older ones go.
const KEPT: i64 = 200;

/// Keeps a report, and lets the oldest go.
pub async fn add(
    tx: &mut Tx,
    import_id: ImportId,
    at: Timestamp,
    by: &str,
    report: &str,
) -> Result<(), StoreError> {
    on!(tx, |conn| sqlx::query(
        "INSERT INTO import_report (import_id, at, created_by, report) VALUES ($1, $2, $3, $4)"
    )
    .bind(import_id.0)
    .bind(at.0)
    .bind(by)
    .bind(report)
    .execute(conn)
    .await?
    .rows_affected());
    on!(tx, |conn| sqlx::query(
        "DELETE FROM import_report WHERE import_id NOT IN
             (SELECT import_id FROM import_report ORDER BY at DESC, import_id DESC LIMIT $1)"
    )
    .bind(KEPT)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}

/// A report as it was kept.
pub async fn lookup(tx: &mut Tx, import_id: ImportId) -> Result<Option<String>, StoreError> {
    Ok(on!(tx, |conn| sqlx::query_scalar("SELECT report FROM import_report WHERE import_id = $1")
        .bind(import_id.0)
        .fetch_optional(conn)
        .await?))
}
