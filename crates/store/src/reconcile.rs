//! After a partner was restored: what was delivered to it, and how an order goes back to what the partner says now.

use domain::ids::{ConnectionId, MessageKey, OrderId};
use domain::orders::OrderStatus;
use domain::time::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::orders::Answer;
use crate::tx::{Tx, on};

/// Orders that were delivered over the connection before the moment, by their messages' keys; after `after`, at most `limit`.
pub async fn delivered(
    tx: &mut Tx,
    connection: ConnectionId,
    before: Timestamp,
    after: Option<MessageKey>,
    limit: i64,
) -> Result<Vec<(MessageKey, OrderId)>, StoreError> {
    let rows: Vec<(Uuid, Uuid)> = on!(tx, |conn| {
        sqlx::query_as(
        "SELECT message_key, subject_id FROM message
         WHERE direction = 'out' AND connection_id = $1 AND state = 'delivered' AND updated_at < $2 AND message_key > $3
         ORDER BY message_key LIMIT $4"
    )
    .bind(connection.0)
    .bind(before.0)
    .bind(after.map_or(Uuid::nil(), |key| key.0))
    .bind(limit)
    .fetch_all(conn)
    .await?
    });
    Ok(rows.into_iter().map(|(key, order)| (MessageKey(key), OrderId(order))).collect())
}

/// A message that was delivered before the moment is sent again, with the same id and the same bytes. `false` when there is none such.
pub async fn send_again(
    tx: &mut Tx,
    key: MessageKey,
    before: Timestamp,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let affected = on!(tx, |conn| {
        sqlx::query(
        "UPDATE message SET state = 'queued', next_attempt_at = $1, tries = 0, receipt = NULL, error_code = NULL, updated_at = $1
         WHERE message_key = $2 AND direction = 'out' AND state = 'delivered' AND updated_at < $3"
    )
    .bind(now.0)
    .bind(key.0)
    .bind(before.0)
    .execute(conn)
    .await?
    .rows_affected()
    });
    Ok(affected == 1)
}

/// Puts an order where the partner's answer has it, even if that is further back; without an answer, to where it was when it was sent.
pub async fn set_back(
    tx: &mut Tx,
    order_id: OrderId,
    status: OrderStatus,
    answer: Option<&Answer>,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(tx, |conn| {
        sqlx::query(
        "UPDATE purchase_order SET status = $1, answer_sequence = $2, partner_draft_number = $3, partner_sales_order_number = $4,
             answer_reason = $5, updated_at = $6, version = version + 1
         WHERE order_id = $7"
    )
    .bind(status.as_str())
    .bind(answer.map_or(0, |answer| answer.sequence))
    .bind(answer.map(|answer| answer.draft_number.as_str()))
    .bind(answer.and_then(|answer| answer.sales_order_number.as_deref()))
    .bind(answer.and_then(|answer| answer.reason.as_deref()))
    .bind(now.0)
    .bind(order_id.0)
    .execute(conn)
    .await?
    .rows_affected()
    });
    Ok(())
}
