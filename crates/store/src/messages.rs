//! The one truth about transfers: messages both ways, with every attempt to send them.

use domain::errors::ErrorCode;
use domain::ids::{AttemptId, ConnectionId, ContactId, CorrelationId, InstanceId, MessageId, MessageKey};
use domain::messages::MessageState;
use domain::time::Timestamp;
use protocol::faults::{self, Bug};
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{Tx, on};
use crate::value::required;

/// The kind of message that carries a purchase order.
pub const PURCHASE_ORDER: &str = "purchase_order";

/// A message to be sent.
#[derive(Clone, Debug)]
pub struct NewOutbound {
    pub message_id: MessageId,
    pub connection_id: ConnectionId,
    pub contact_id: Option<ContactId>,
    pub kind: &'static str,
    pub subject_id: Uuid,
    pub subject_number: String,
    pub revision: i32,
    pub body: Vec<u8>,
    pub body_digest: [u8; 32],
    pub correlation_id: CorrelationId,
}

/// A message that came in, with the answer it got.
#[derive(Clone, Debug)]
pub struct NewInbound {
    pub message_key: MessageKey,
    pub message_id: MessageId,
    pub peer_instance_id: InstanceId,
    pub contact_id: ContactId,
    pub kind: &'static str,
    pub subject_id: Uuid,
    pub subject_number: String,
    pub revision: i32,
    pub body: Vec<u8>,
    pub body_digest: [u8; 32],
    pub correlation_id: CorrelationId,
}

/// What is known of a message that came in before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inbound {
    pub message_key: MessageKey,
    pub message_id: MessageId,
    pub body_digest: Vec<u8>,
    pub receipt: Vec<u8>,
}

/// A message that a worker holds.
#[derive(Clone, Debug)]
pub struct Claimed {
    pub message_key: MessageKey,
    pub message_id: MessageId,
    pub connection_id: ConnectionId,
    pub subject_id: Uuid,
    pub body: Vec<u8>,
    pub body_digest: Vec<u8>,
    pub correlation_id: CorrelationId,
    /// Which attempt this is of all that were made, from 1.
    pub attempt_number: i64,
    /// Which attempt this is since the schedule last began anew, from 1.
    pub tries: i64,
    /// A later worker has a higher one, and then our result is not taken.
    pub fence: i64,
}

/// Where a message stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageStatus {
    pub message_key: MessageKey,
    pub message_id: MessageId,
    pub connection_id: ConnectionId,
    pub state: MessageState,
    pub next_attempt_at: Timestamp,
    pub error: Option<ErrorCode>,
    pub subject_id: Uuid,
    pub correlation_id: CorrelationId,
    pub revision: i64,
}

/// Writes a message to be sent now. `false` when this kind of message for this revision exists already.
pub async fn add_outbound(tx: &mut Tx, message: &NewOutbound, now: Timestamp) -> Result<bool, StoreError> {
    let affected = on!(tx, |conn| {
        sqlx::query(
        "INSERT INTO message (message_key, direction, message_id, connection_id, contact_id, kind, subject_id, subject_number,
             revision, body, body_digest, state, attempt_count, next_attempt_at, fence, correlation_id, created_at, updated_at)
         VALUES ($1, 'out', $1, $2, $3, $4, $5, $6, $7, $8, $9, 'queued', 0, $10, 0, $11, $10, $10)
         ON CONFLICT DO NOTHING"
    )
    .bind(message.message_id.0)
    .bind(message.connection_id.0)
    .bind(message.contact_id.map(|id| id.0))
    .bind(message.kind)
    .bind(message.subject_id)
    .bind(&message.subject_number)
    .bind(i64::from(message.revision))
    .bind(&message.body)
    .bind(message.body_digest.as_slice())
    .bind(now.0)
    .bind(message.correlation_id.0)
    .execute(conn)
    .await?
    .rows_affected()
    });
    Ok(affected == 1)
}

#[derive(sqlx::FromRow)]
struct StatusRow {
    message_key: Uuid,
    message_id: Uuid,
    connection_id: Option<Uuid>,
    state: String,
    next_attempt_at: i64,
    error_code: Option<String>,
    subject_id: Uuid,
    correlation_id: Uuid,
    revision: i64,
}

impl StatusRow {
    fn into_status(self) -> Result<MessageStatus, StoreError> {
        Ok(MessageStatus {
            message_key: MessageKey(self.message_key),
            message_id: MessageId(self.message_id),
            connection_id: ConnectionId(required(self.connection_id, "message", "connection_id")?),
            state: required(MessageState::from_code(&self.state), "message", "state")?,
            next_attempt_at: Timestamp(self.next_attempt_at),
            error: self.error_code.as_deref().and_then(ErrorCode::from_code),
            subject_id: self.subject_id,
            correlation_id: CorrelationId(self.correlation_id),
            revision: self.revision,
        })
    }
}

/// The newest message that carries the thing out.
pub async fn outbound_of(tx: &mut Tx, subject_id: Uuid) -> Result<Option<MessageStatus>, StoreError> {
    let row: Option<StatusRow> = on!(tx, |conn| {
        sqlx::query_as(
        "SELECT message_key, message_id, connection_id, state, next_attempt_at, error_code, subject_id, correlation_id, revision FROM message
         WHERE subject_id = $1 AND direction = 'out' ORDER BY revision DESC LIMIT 1"
    )
    .bind(subject_id)
    .fetch_optional(conn)
    .await?
    });
    row.map(StatusRow::into_status).transpose()
}

/// A message that goes out, by its key.
pub async fn lookup_outbound(tx: &mut Tx, key: MessageKey) -> Result<Option<MessageStatus>, StoreError> {
    let row: Option<StatusRow> = on!(tx, |conn| {
        sqlx::query_as(
        "SELECT message_key, message_id, connection_id, state, next_attempt_at, error_code, subject_id, correlation_id, revision FROM message
         WHERE message_key = $1 AND direction = 'out'"
    )
    .bind(key.0)
    .fetch_optional(conn)
    .await?
    });
    row.map(StatusRow::into_status).transpose()
}

#[derive(sqlx::FromRow)]
struct ClaimedRow {
    message_key: Uuid,
    message_id: Uuid,
    connection_id: Option<Uuid>,
    subject_id: Uuid,
    body: Vec<u8>,
    body_digest: Vec<u8>,
    correlation_id: Uuid,
    attempt_count: i64,
    tries: i64,
    fence: i64,
    next_attempt_at: i64,
}

/// Takes due messages, and those whose worker's lease ran out, for one connection that is not paused; raises each fence.
///
/// Claims by state, never by a cursor, so that nothing is passed over. The one query whose text must differ: only PostgreSQL
/// has row locks to skip. The states stand there by themselves, as in the index `message_due`: SQLite uses a partial index only where
/// it finds the index's own condition, and would else read every message that was ever sent.
pub async fn claim(
    tx: &mut Tx,
    connection_id: ConnectionId,
    now: Timestamp,
    lease_until: Timestamp,
    limit: i64,
) -> Result<Vec<Claimed>, StoreError> {
    const SQLITE: &str = "UPDATE message SET state = 'sending', lease_until = $1, fence = fence + 1, attempt_count = attempt_count + 1, tries = tries + 1, updated_at = $2
         WHERE message_key IN (SELECT message_key FROM message
             WHERE direction = 'out' AND connection_id = $3 AND next_attempt_at <= $2
               AND state IN ('queued', 'waiting', 'sending') AND (state <> 'sending' OR lease_until <= $2)
             ORDER BY next_attempt_at, message_key LIMIT $4)
         RETURNING message_key, message_id, connection_id, subject_id, body, body_digest, correlation_id, attempt_count, tries, fence, next_attempt_at";
    const POSTGRES: &str = "UPDATE message SET state = 'sending', lease_until = $1, fence = fence + 1, attempt_count = attempt_count + 1, tries = tries + 1, updated_at = $2
         WHERE message_key IN (SELECT message_key FROM message
             WHERE direction = 'out' AND connection_id = $3 AND next_attempt_at <= $2
               AND state IN ('queued', 'waiting', 'sending') AND (state <> 'sending' OR lease_until <= $2)
             ORDER BY next_attempt_at, message_key LIMIT $4 FOR UPDATE SKIP LOCKED)
         RETURNING message_key, message_id, connection_id, subject_id, body, body_digest, correlation_id, attempt_count, tries, fence, next_attempt_at";
    let sql = if tx.is_postgres() { POSTGRES } else { SQLITE };
    let mut rows: Vec<ClaimedRow> = on!(tx, |conn| sqlx::query_as(sql)
        .bind(lease_until.0)
        .bind(now.0)
        .bind(connection_id.0)
        .bind(limit)
        .fetch_all(conn)
        .await?);
    rows.sort_by_key(|row| (row.next_attempt_at, row.message_key));
    rows.into_iter()
        .map(|row| {
            Ok(Claimed {
                message_key: MessageKey(row.message_key),
                message_id: MessageId(row.message_id),
                connection_id: ConnectionId(required(row.connection_id, "message", "connection_id")?),
                subject_id: row.subject_id,
                body: row.body,
                body_digest: row.body_digest,
                correlation_id: CorrelationId(row.correlation_id),
                attempt_number: row.attempt_count,
                tries: row.tries,
                fence: row.fence,
            })
        })
        .collect()
}

/// Connections, not paused, that have something due.
pub async fn connections_with_due(tx: &mut Tx, now: Timestamp) -> Result<Vec<ConnectionId>, StoreError> {
    let ids: Vec<Uuid> = on!(tx, |conn| {
        sqlx::query_scalar(
        "SELECT DISTINCT m.connection_id FROM message m JOIN connection c ON c.connection_id = m.connection_id
         WHERE m.direction = 'out' AND m.next_attempt_at <= $1 AND c.state <> 'paused'
           AND m.state IN ('queued', 'waiting', 'sending') AND (m.state <> 'sending' OR m.lease_until <= $1)"
    )
    .bind(now.0)
    .fetch_all(conn)
    .await?
    });
    Ok(ids.into_iter().map(ConnectionId).collect())
}

/// When the next message is due on a connection that is not paused.
pub async fn next_due(tx: &mut Tx) -> Result<Option<Timestamp>, StoreError> {
    let due: Option<i64> = on!(tx, |conn| sqlx::query_scalar(
        "SELECT MIN(CASE WHEN m.state = 'sending' THEN m.lease_until ELSE m.next_attempt_at END)
         FROM message m JOIN connection c ON c.connection_id = m.connection_id
         WHERE m.direction = 'out' AND m.state IN ('queued', 'waiting', 'sending') AND c.state <> 'paused'"
    )
    .fetch_one(conn)
    .await?);
    Ok(due.map(Timestamp))
}

/// Writes that a try begins. Committed before the first byte leaves.
pub async fn add_attempt(
    tx: &mut Tx,
    id: AttemptId,
    message: &Claimed,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(tx, |conn| sqlx::query(
        "INSERT INTO attempt (attempt_id, message_key, number, started_at) VALUES ($1, $2, $3, $4)"
    )
    .bind(id.0)
    .bind(message.message_key.0)
    .bind(message.attempt_number)
    .bind(now.0)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}

/// How a try ended.
#[derive(Clone, Debug)]
pub struct AttemptOutcome {
    pub http_status: Option<u16>,
    pub error: Option<ErrorCode>,
    pub duration_ms: i64,
    pub answer: Option<String>,
}

/// Writes how a try ended.
pub async fn finish_attempt(
    tx: &mut Tx,
    id: AttemptId,
    outcome: &AttemptOutcome,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(tx, |conn| {
        sqlx::query(
        "UPDATE attempt SET finished_at = $1, http_status = $2, error_code = $3, duration_ms = $4, answer = $5 WHERE attempt_id = $6"
    )
    .bind(now.0)
    .bind(outcome.http_status.map(i64::from))
    .bind(outcome.error.map(ErrorCode::as_str))
    .bind(outcome.duration_ms)
    .bind(outcome.answer.as_deref())
    .bind(id.0)
    .execute(conn)
    .await?.rows_affected()
    });
    Ok(())
}

/// Where a message goes after a try.
#[derive(Clone, Debug)]
pub struct Settlement {
    pub state: MessageState,
    pub next_attempt_at: Timestamp,
    pub receipt: Option<Vec<u8>>,
    pub error: Option<ErrorCode>,
    pub http_status: Option<u16>,
}

/// Settles a message that this worker still holds. `false` when a later worker has it: then our result is dropped.
pub async fn settle(
    tx: &mut Tx,
    message: &Claimed,
    to: &Settlement,
    now: Timestamp,
) -> Result<bool, StoreError> {
    const HELD: &str = "UPDATE message SET state = $1, next_attempt_at = $2, receipt = $3, error_code = $4, http_status = $5, lease_until = NULL, updated_at = $6
         WHERE message_key = $7 AND fence = $8 AND state = 'sending'";
    const HELD_OR_NOT: &str = "UPDATE message SET state = $1, next_attempt_at = $2, receipt = $3, error_code = $4, http_status = $5, lease_until = NULL, updated_at = $6
         WHERE message_key = $7 AND fence >= $8";
    let sql = if faults::has(Bug::SettleWithoutFence) { HELD_OR_NOT } else { HELD };
    let affected = on!(tx, |conn| {
        sqlx::query(sql)
            .bind(to.state.as_str())
            .bind(to.next_attempt_at.0)
            .bind(to.receipt.as_deref())
            .bind(to.error.map(ErrorCode::as_str))
            .bind(to.http_status.map(i64::from))
            .bind(now.0)
            .bind(message.message_key.0)
            .bind(message.fence)
            .execute(conn)
            .await?
            .rows_affected()
    });
    Ok(affected == 1)
}

/// *Prøv på nytt*: a stopped or waiting message is due now, with its tries counted anew. `false` when there is none such.
pub async fn retry(tx: &mut Tx, key: MessageKey, now: Timestamp) -> Result<bool, StoreError> {
    let affected = on!(tx, |conn| {
        sqlx::query(
        "UPDATE message SET state = 'queued', next_attempt_at = $1, tries = 0, error_code = NULL, updated_at = $1
         WHERE message_key = $2 AND direction = 'out' AND state IN ('parked', 'waiting')"
    )
    .bind(now.0)
    .bind(key.0)
    .execute(conn)
    .await?
    .rows_affected()
    });
    Ok(affected == 1)
}

/// A link works again: its waiting messages are due now.
pub async fn release_connection(
    tx: &mut Tx,
    connection_id: ConnectionId,
    now: Timestamp,
) -> Result<u64, StoreError> {
    Ok(on!(tx, |conn| sqlx::query(
        "UPDATE message SET next_attempt_at = $1, tries = 0, updated_at = $1
         WHERE connection_id = $2 AND direction = 'out' AND state = 'waiting'"
    )
    .bind(now.0)
    .bind(connection_id.0)
    .execute(conn)
    .await?
    .rows_affected()))
}

#[derive(sqlx::FromRow)]
struct InboundRow {
    message_key: Uuid,
    message_id: Uuid,
    body_digest: Vec<u8>,
    receipt: Option<Vec<u8>>,
}

impl InboundRow {
    fn into_inbound(self) -> Result<Inbound, StoreError> {
        Ok(Inbound {
            message_key: MessageKey(self.message_key),
            message_id: MessageId(self.message_id),
            body_digest: self.body_digest,
            receipt: required(self.receipt, "message", "receipt")?,
        })
    }
}

/// A message that came in before, by the sender's id.
pub async fn find_inbound(
    tx: &mut Tx,
    peer: InstanceId,
    id: MessageId,
) -> Result<Option<Inbound>, StoreError> {
    let row: Option<InboundRow> = on!(tx, |conn| sqlx::query_as(
        "SELECT message_key, message_id, body_digest, receipt FROM message
         WHERE peer_instance_id = $1 AND message_id = $2 AND direction = 'in'"
    )
    .bind(peer.0)
    .bind(id.0)
    .fetch_optional(conn)
    .await?);
    row.map(InboundRow::into_inbound).transpose()
}

/// A message that came in before for this revision of this thing.
pub async fn find_inbound_revision(
    tx: &mut Tx,
    peer: InstanceId,
    kind: &str,
    subject_id: Uuid,
    revision: i32,
) -> Result<Option<Inbound>, StoreError> {
    let row: Option<InboundRow> = on!(tx, |conn| {
        sqlx::query_as(
        "SELECT message_key, message_id, body_digest, receipt FROM message
         WHERE peer_instance_id = $1 AND kind = $2 AND subject_id = $3 AND revision = $4 AND direction = 'in'"
    )
    .bind(peer.0)
    .bind(kind)
    .bind(subject_id)
    .bind(i64::from(revision))
    .fetch_optional(conn)
    .await?
    });
    row.map(InboundRow::into_inbound).transpose()
}

/// Writes a message that came in. `false` when another transaction wrote the same one first; on PostgreSQL this waits for it.
pub async fn add_inbound(tx: &mut Tx, message: &NewInbound, now: Timestamp) -> Result<bool, StoreError> {
    let affected = on!(tx, |conn| {
        sqlx::query(
        "INSERT INTO message (message_key, direction, message_id, peer_instance_id, contact_id, kind, subject_id, subject_number,
             revision, body, body_digest, state, attempt_count, next_attempt_at, fence, correlation_id, created_at, updated_at)
         VALUES ($1, 'in', $2, $3, $4, $5, $6, $7, $8, $9, $10, 'delivered', 1, $11, 0, $12, $11, $11)
         ON CONFLICT DO NOTHING"
    )
    .bind(message.message_key.0)
    .bind(message.message_id.0)
    .bind(message.peer_instance_id.0)
    .bind(message.contact_id.0)
    .bind(message.kind)
    .bind(message.subject_id)
    .bind(&message.subject_number)
    .bind(i64::from(message.revision))
    .bind(&message.body)
    .bind(message.body_digest.as_slice())
    .bind(now.0)
    .bind(message.correlation_id.0)
    .execute(conn)
    .await?
    .rows_affected()
    });
    Ok(affected == 1)
}

/// Keeps the answer that a message got, so that a repeat gets the same bytes.
pub async fn set_receipt(tx: &mut Tx, key: MessageKey, receipt: &[u8]) -> Result<(), StoreError> {
    on!(tx, |conn| sqlx::query("UPDATE message SET receipt = $1 WHERE message_key = $2")
        .bind(receipt)
        .bind(key.0)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}
