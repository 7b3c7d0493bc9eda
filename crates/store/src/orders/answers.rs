//! What suppliers answered, as it is kept on the orders.

use std::collections::{HashMap, HashSet};

use domain::ids::{CorrelationId, OrderId};
use domain::orders::OrderStatus;
use domain::time::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{ROWS, Tx, on, push_list};
use crate::value::required;

/// The supplier's answer, as it is kept on the order.
#[derive(Clone, Debug)]
pub struct Answer {
    pub sequence: i64,
    pub status: OrderStatus,
    pub draft_number: String,
    pub sales_order_number: Option<String>,
    pub reason: Option<String>,
}

/// Where an order stands, for judging an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub status: OrderStatus,
    /// The sequence number of the newest answer that it has; 0 without one.
    pub answer_sequence: i64,
    pub correlation_id: CorrelationId,
}

/// Where orders stand, kept from others until the transaction ends; those that are there.
pub async fn lock_standings(
    tx: &mut Tx,
    order_ids: &[OrderId],
) -> Result<HashMap<OrderId, Standing>, StoreError> {
    // SQLite has one writer and needs no such lock. Everybody locks in the same order, so that nobody waits in a circle.
    let ending = if tx.is_postgres() { " ORDER BY order_id FOR UPDATE" } else { "" };
    let mut standings = HashMap::with_capacity(order_ids.len());
    for chunk in order_ids.chunks(ROWS) {
        let rows: Vec<(Uuid, String, i64, Uuid)> = on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new(
                "SELECT order_id, status, answer_sequence, correlation_id FROM purchase_order WHERE order_id IN ",
            );
            push_list(&mut query, chunk.iter().map(|id| id.0));
            query.push(ending);
            query.build_query_as().fetch_all(conn).await?
        });
        for (order_id, status, answer_sequence, correlation_id) in rows {
            let status = required(OrderStatus::from_code(&status), "purchase_order", "status")?;
            let correlation_id = CorrelationId(correlation_id);
            standings.insert(OrderId(order_id), Standing { status, answer_sequence, correlation_id });
        }
    }
    Ok(standings)
}

/// Applies answers, one for each order, and gives the orders that changed: an answer counts where it is newer than what the order has.
pub async fn apply_answers(
    tx: &mut Tx,
    answers: &[(OrderId, Answer)],
    now: Timestamp,
) -> Result<HashSet<OrderId>, StoreError> {
    let mut changed = HashSet::new();
    for chunk in answers.chunks(ROWS) {
        let ids: Vec<Uuid> = on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new(
                "WITH told (order_id, status, sequence, draft_number, sales_order_number, reason) AS (",
            );
            query.push_values(chunk, |mut row, (order_id, answer)| {
                row.push_bind(order_id.0)
                    .push_bind(answer.status.as_str())
                    .push_bind(answer.sequence)
                    .push_bind(answer.draft_number.clone())
                    .push_bind(answer.sales_order_number.clone())
                    .push_bind(answer.reason.clone());
            });
            query.push(
                ") UPDATE purchase_order SET status = told.status, answer_sequence = told.sequence, partner_draft_number = told.draft_number,
                     partner_sales_order_number = told.sales_order_number, answer_reason = told.reason, version = version + 1, updated_at = ",
            );
            query.push_bind(now.0).push(
                " FROM told WHERE purchase_order.order_id = told.order_id AND purchase_order.answer_sequence < told.sequence
                 RETURNING purchase_order.order_id",
            );
            query.build_query_scalar().fetch_all(conn).await?
        });
        changed.extend(ids.into_iter().map(OrderId));
    }
    Ok(changed)
}
