//! What partners said when they were asked to check orders.

use std::collections::HashMap;

use domain::ids::OrderId;
use domain::time::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{ROWS, Tx, on, push_list};

/// An answer as it was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
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

/// The last answers about orders, for those that have one.
pub async fn lookup_each(
    tx: &mut Tx,
    order_ids: &[OrderId],
) -> Result<HashMap<OrderId, KeptCheck>, StoreError> {
    let mut kept = HashMap::new();
    for chunk in order_ids.chunks(ROWS) {
        let rows: Vec<(Uuid, i64, i64, String)> = on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new(
                "SELECT order_id, order_version, checked_at, answer FROM partner_check WHERE order_id IN ",
            );
            push_list(&mut query, chunk.iter().map(|id| id.0));
            query.build_query_as().fetch_all(conn).await?
        });
        kept.extend(rows.into_iter().map(|(order, order_version, checked_at, answer)| {
            (OrderId(order), KeptCheck { order_version, checked_at, answer })
        }));
    }
    Ok(kept)
}
