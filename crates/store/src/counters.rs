//! The counters that give numbers, without gaps.
//!
//! A transaction draws from a counter in the database once, which keeps the row from others until it ends, and counts on by itself; what it
//! came to is written before the commit. A row written again for each of thousands of numbers would be slow on PostgreSQL: within one
//! transaction every look at a row goes past all its older versions.

use std::collections::BTreeMap;

use crate::error::StoreError;
use crate::tx::{Tx, on};

/// A counter that this transaction draws from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Drawn {
    /// The last number that was given.
    last: i64,
    /// What its row holds.
    written: i64,
}

/// The counters that a transaction draws from, by their names.
pub(crate) type Counters = BTreeMap<String, Drawn>;

/// The next numbers of the counter, from 1 on: the first of `count`. Kept from others until the transaction ends, so numbers have no
/// gaps.
pub async fn next_numbers(tx: &mut Tx, name: &str, count: usize) -> Result<i64, StoreError> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    if let Some(drawn) = tx.counters.get_mut(name) {
        let first = drawn.last + 1;
        drawn.last += count;
        return Ok(first);
    }
    let last: i64 = on!(tx, |conn| sqlx::query_scalar(
        "INSERT INTO counter (name, value) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET value = counter.value + excluded.value RETURNING value"
    )
    .bind(name)
    .bind(count)
    .fetch_one(conn)
    .await?);
    tx.counters.insert(name.to_owned(), Drawn { last, written: last });
    Ok(last - count + 1)
}

/// The next number of the counter.
pub async fn next_number(tx: &mut Tx, name: &str) -> Result<i64, StoreError> {
    next_numbers(tx, name, 1).await
}

/// Writes how far the counters have come that were drawn from.
pub(crate) async fn write(tx: &mut Tx) -> Result<(), StoreError> {
    let ahead: Vec<(String, i64)> = tx
        .counters
        .iter()
        .filter(|(_, drawn)| drawn.last != drawn.written)
        .map(|(name, drawn)| (name.clone(), drawn.last))
        .collect();
    for (name, last) in ahead {
        on!(tx, |conn| sqlx::query("UPDATE counter SET value = $1 WHERE name = $2")
            .bind(last)
            .bind(&name)
            .execute(conn)
            .await?
            .rows_affected());
        tx.counters.insert(name, Drawn { last, written: last });
    }
    Ok(())
}

/// Every counter with the last number that it gave; there are a handful.
pub async fn list(tx: &mut Tx) -> Result<Vec<(String, i64)>, StoreError> {
    write(tx).await?;
    Ok(on!(tx, |conn| sqlx::query_as("SELECT name, value FROM counter ORDER BY name LIMIT 100")
        .fetch_all(conn)
        .await?))
}

/// The counter gives no number up to this one any more. One that is further already stays.
pub async fn raise(tx: &mut Tx, name: &str, value: i64) -> Result<(), StoreError> {
    write(tx).await?;
    tx.counters.remove(name);
    on!(tx, |conn| {
        sqlx::query(
        "INSERT INTO counter (name, value) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET value = CASE WHEN counter.value < excluded.value THEN excluded.value ELSE counter.value END"
    )
    .bind(name)
    .bind(value)
    .execute(conn)
    .await?
    .rows_affected()
    });
    Ok(())
}
