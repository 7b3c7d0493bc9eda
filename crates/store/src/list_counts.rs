//! How many rows a list has of each status, kept by the database with every change: tabs need not count a hundred thousand rows.
//!
//! On PostgreSQL each connection adds to a slot of its own, and the figure is the sum of the slots, so that writers do not wait for
//! one another.

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
