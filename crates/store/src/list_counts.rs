//! How many rows a list has of each status, kept by the database with every change: tabs need not count a hundred thousand rows.
//!
//! On PostgreSQL each connection adds to slots of its own, and the figure is the sum of the slots, so that writers do not wait for
//! one another. Slots from 64 on are those of transactions that changed many rows.

use std::collections::HashMap;

use crate::error::StoreError;
use crate::tx::{Tx, on};

/// The rows of `table` by their status.
pub(crate) async fn by_status(tx: &mut Tx, table: &'static str) -> Result<HashMap<String, i64>, StoreError> {
    const SQL: &str =
        "SELECT status, CAST(SUM(amount) AS BIGINT) FROM list_count WHERE list = $1 GROUP BY status";
    let counts: Vec<(String, i64)> = on!(tx, |conn| sqlx::query_as(SQL).bind(table).fetch_all(conn).await?);
    Ok(counts.into_iter().collect())
}

/// Whether transactions that changed many rows have left slots behind.
pub async fn is_spread(tx: &mut Tx) -> Result<bool, StoreError> {
    if !tx.is_postgres() {
        return Ok(false);
    }
    let sql = "SELECT 1 FROM list_count WHERE slot >= 64 LIMIT 1";
    Ok(on!(tx, |conn| sqlx::query(sql).fetch_optional(conn).await?.is_some()))
}

/// Brings slots together that nobody is writing, or every list would add them up for ever. Only for PostgreSQL.
pub async fn bring_together(tx: &mut Tx) -> Result<(), StoreError> {
    on!(tx, |conn| {
        sqlx::query(
            "WITH gone AS (
             DELETE FROM list_count WHERE (list, status, slot) IN
                 (SELECT list, status, slot FROM list_count WHERE slot >= 64 FOR UPDATE SKIP LOCKED)
             RETURNING list, status, amount
         )
         INSERT INTO list_count AS kept (list, status, slot, amount)
         SELECT list, status, -1, SUM(amount) FROM gone GROUP BY list, status ORDER BY list, status
         ON CONFLICT (list, status, slot) DO UPDATE SET amount = kept.amount + excluded.amount",
        )
        .execute(conn)
        .await?
        .rows_affected()
    });
    Ok(())
}
