//! Messages that go out: queued, claimed by a worker, tried, settled.

use std::collections::{HashMap, HashSet};

use domain::errors::ErrorCode;
use domain::ids::{AttemptId, ConnectionId, ContactId, CorrelationId, MessageId, MessageKey};
use domain::messages::MessageState;
use domain::time::Timestamp;
use protocol::faults::{self, Bug};
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{ROWS, Tx, on, push_list};
use crate::value::required;

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

/// Writes messages to be sent now. Fewer rows than messages: one has a message of this kind for this revision already.
pub async fn add_outbound(
    tx: &mut Tx,
    messages: &[NewOutbound],
    now: Timestamp,
) -> Result<usize, StoreError> {
    let mut written = 0;
    for chunk in messages.chunks(ROWS) {
        written += on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new(
                "INSERT INTO message (message_key, direction, message_id, connection_id, contact_id, kind, subject_id, subject_number,
                     revision, body, body_digest, state, attempt_count, next_attempt_at, fence, correlation_id, created_at, updated_at) ",
            );
            query.push_values(chunk, |mut row, message| {
                row.push_bind(message.message_id.0)
                    .push("'out'")
                    .push_bind(message.message_id.0)
                    .push_bind(message.connection_id.0)
                    .push_bind(message.contact_id.map(|id| id.0))
                    .push_bind(message.kind)
                    .push_bind(message.subject_id)
                    .push_bind(message.subject_number.clone())
                    .push_bind(i64::from(message.revision))
                    .push_bind(message.body.clone())
                    .push_bind(message.body_digest.to_vec())
                    .push("'queued', 0")
                    .push_bind(now.0)
                    .push("0")
                    .push_bind(message.correlation_id.0)
                    .push_bind(now.0)
                    .push_bind(now.0);
            });
            query.push(" ON CONFLICT DO NOTHING");
            query.build().execute(conn).await?.rows_affected()
        });
    }
    Ok(usize::try_from(written).unwrap_or(usize::MAX))
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

const STATUS: &str = "SELECT message_key, message_id, connection_id, state, next_attempt_at, error_code, subject_id, correlation_id, revision
     FROM message WHERE direction = 'out' AND ";

/// The newest message that carries each of the things out, for those that have one.
pub async fn outbound_of_each(
    tx: &mut Tx,
    subjects: &[Uuid],
) -> Result<HashMap<Uuid, MessageStatus>, StoreError> {
    let mut newest = HashMap::new();
    for chunk in subjects.chunks(ROWS) {
        let rows: Vec<StatusRow> = on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new(STATUS);
            query.push("subject_id IN ");
            push_list(&mut query, chunk.iter().copied());
            query.push(" ORDER BY revision");
            query.build_query_as().fetch_all(conn).await?
        });
        for row in rows {
            newest.insert(row.subject_id, row.into_status()?);
        }
    }
    Ok(newest)
}

/// The newest message that carries the thing out.
pub async fn outbound_of(tx: &mut Tx, subject_id: Uuid) -> Result<Option<MessageStatus>, StoreError> {
    Ok(outbound_of_each(tx, &[subject_id]).await?.remove(&subject_id))
}

/// A message that goes out, by its key.
pub async fn lookup_outbound(tx: &mut Tx, key: MessageKey) -> Result<Option<MessageStatus>, StoreError> {
    let row: Option<StatusRow> = on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(STATUS);
        query.push("message_key = ").push_bind(key.0);
        query.build_query_as().fetch_optional(conn).await?
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
}

impl ClaimedRow {
    fn into_claimed(self) -> Result<Claimed, StoreError> {
        Ok(Claimed {
            message_key: MessageKey(self.message_key),
            message_id: MessageId(self.message_id),
            connection_id: ConnectionId(required(self.connection_id, "message", "connection_id")?),
            subject_id: self.subject_id,
            body: self.body,
            body_digest: self.body_digest,
            correlation_id: CorrelationId(self.correlation_id),
            attempt_number: self.attempt_count,
            tries: self.tries,
            fence: self.fence,
        })
    }
}

/// Takes due messages, and those whose worker's lease ran out, for one connection; raises each fence. In the order of their keys, which
/// is that of the orders.
///
/// While a message is being sent, it is due again when the lease ends: one condition, and one index (`message_due`), finds both.
/// Claims by state, never by a cursor, so that nothing is passed over. The one query whose text must differ: only PostgreSQL has row
/// locks to skip. The states stand there by themselves, as in the index: SQLite uses a partial index only where it finds the index's
/// own condition, and would else read every message that was ever sent.
pub async fn claim(
    tx: &mut Tx,
    connection_id: ConnectionId,
    now: Timestamp,
    lease_until: Timestamp,
    limit: i64,
) -> Result<Vec<Claimed>, StoreError> {
    const SQLITE: &str = "UPDATE message SET state = 'sending', next_attempt_at = $1, lease_until = $1, fence = fence + 1, attempt_count = attempt_count + 1, tries = tries + 1, updated_at = $2
         WHERE message_key IN (SELECT message_key FROM message
             WHERE direction = 'out' AND connection_id = $3 AND next_attempt_at <= $2 AND state IN ('queued', 'waiting', 'sending')
             ORDER BY next_attempt_at, message_key LIMIT $4)
         RETURNING message_key, message_id, connection_id, subject_id, body, body_digest, correlation_id, attempt_count, tries, fence";
    const POSTGRES: &str = "UPDATE message SET state = 'sending', next_attempt_at = $1, lease_until = $1, fence = fence + 1, attempt_count = attempt_count + 1, tries = tries + 1, updated_at = $2
         WHERE message_key = ANY (ARRAY(SELECT message_key FROM message
             WHERE direction = 'out' AND connection_id = $3 AND next_attempt_at <= $2 AND state IN ('queued', 'waiting', 'sending')
             ORDER BY next_attempt_at, message_key LIMIT $4 FOR UPDATE SKIP LOCKED))
         RETURNING message_key, message_id, connection_id, subject_id, body, body_digest, correlation_id, attempt_count, tries, fence";
    let sql = if tx.is_postgres() { POSTGRES } else { SQLITE };
    let mut rows: Vec<ClaimedRow> = on!(tx, |conn| sqlx::query_as(sql)
        .bind(lease_until.0)
        .bind(now.0)
        .bind(connection_id.0)
        .bind(limit)
        .fetch_all(conn)
        .await?);
    rows.sort_by_key(|row| row.message_key);
    rows.into_iter().map(ClaimedRow::into_claimed).collect()
}

/// When the next message is due on each connection that is not paused and has one. Nothing is while the extension is off: what is queued
/// lies where it is until it is switched on again.
pub async fn schedule(tx: &mut Tx) -> Result<Vec<(ConnectionId, Timestamp)>, StoreError> {
    let rows: Vec<(Uuid, Option<i64>)> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT c.connection_id, (SELECT MIN(m.next_attempt_at) FROM message m WHERE m.connection_id = c.connection_id
                 AND m.direction = 'out' AND m.state IN ('queued', 'waiting', 'sending'))
             FROM connection c WHERE c.state <> 'paused' AND EXISTS (SELECT 1 FROM instance i WHERE i.extension_on)",
        )
        .fetch_all(conn)
        .await?
    });
    Ok(rows.into_iter().filter_map(|(id, at)| Some((ConnectionId(id), Timestamp(at?)))).collect())
}

/// Writes that tries begin. Committed before the first byte leaves.
pub async fn add_attempts(
    tx: &mut Tx,
    attempts: &[(Claimed, AttemptId)],
    now: Timestamp,
) -> Result<(), StoreError> {
    for chunk in attempts.chunks(ROWS) {
        on!(tx, |conn| {
            let mut query =
                sqlx::QueryBuilder::new("INSERT INTO attempt (attempt_id, message_key, number, started_at) ");
            query.push_values(chunk, |mut row, (message, id)| {
                row.push_bind(id.0)
                    .push_bind(message.message_key.0)
                    .push_bind(message.attempt_number)
                    .push_bind(now.0);
            });
            query.build().execute(conn).await?.rows_affected()
        });
    }
    Ok(())
}

/// How a try ended.
#[derive(Clone, Debug)]
pub struct AttemptOutcome {
    pub attempt_id: AttemptId,
    pub http_status: Option<u16>,
    pub error: Option<ErrorCode>,
    pub duration_ms: i64,
    pub answer: Option<String>,
}

/// Writes how tries ended.
pub async fn finish_attempts(
    tx: &mut Tx,
    outcomes: &[AttemptOutcome],
    now: Timestamp,
) -> Result<(), StoreError> {
    for chunk in outcomes.chunks(ROWS) {
        on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new(
                "WITH ended (attempt_id, http_status, error_code, duration_ms, answer) AS (",
            );
            query.push_values(chunk, |mut row, outcome| {
                row.push_bind(outcome.attempt_id.0)
                    .push_bind(outcome.http_status.map(i64::from))
                    .push_bind(outcome.error.map(ErrorCode::as_str))
                    .push_bind(outcome.duration_ms)
                    .push_bind(outcome.answer.clone());
            });
            query.push(") UPDATE attempt SET finished_at = ").push_bind(now.0);
            query.push(
                ", http_status = ended.http_status, error_code = ended.error_code, duration_ms = ended.duration_ms, answer = ended.answer
                 FROM ended WHERE attempt.attempt_id = ended.attempt_id",
            );
            query.build().execute(conn).await?.rows_affected()
        });
    }
    Ok(())
}

/// Where a message goes after a try.
#[derive(Clone, Debug)]
pub struct Settlement {
    pub message_key: MessageKey,
    /// The fence of the worker that tried it.
    pub fence: i64,
    pub state: MessageState,
    pub next_attempt_at: Timestamp,
    pub receipt: Option<Vec<u8>>,
    pub error: Option<ErrorCode>,
    pub http_status: Option<u16>,
}

/// Settles those of the messages that this worker still holds, and gives their keys. One that a later worker has is left alone: our
/// result is dropped.
pub async fn settle(
    tx: &mut Tx,
    settlements: &[Settlement],
    now: Timestamp,
) -> Result<HashSet<MessageKey>, StoreError> {
    const HELD: &str = "message.fence = ended.fence AND message.state = 'sending'";
    const HELD_OR_NOT: &str = "message.fence >= ended.fence";
    let held = if faults::has(Bug::SettleWithoutFence) { HELD_OR_NOT } else { HELD };
    let mut settled = HashSet::new();
    for chunk in settlements.chunks(ROWS) {
        let keys: Vec<Uuid> = on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new(
                "WITH ended (message_key, fence, state, next_attempt_at, receipt, error_code, http_status) AS (",
            );
            query.push_values(chunk, |mut row, settlement| {
                row.push_bind(settlement.message_key.0)
                    .push_bind(settlement.fence)
                    .push_bind(settlement.state.as_str())
                    .push_bind(settlement.next_attempt_at.0)
                    .push_bind(settlement.receipt.clone())
                    .push_bind(settlement.error.map(ErrorCode::as_str))
                    .push_bind(settlement.http_status.map(i64::from));
            });
            query.push(
                ") UPDATE message SET state = ended.state, next_attempt_at = ended.next_attempt_at, receipt = ended.receipt,
                     error_code = ended.error_code, http_status = ended.http_status, lease_until = NULL, updated_at = ",
            );
            query.push_bind(now.0).push(" FROM ended WHERE message.message_key = ended.message_key AND ");
            query.push(held).push(" RETURNING message.message_key");
            query.build_query_scalar().fetch_all(conn).await?
        });
        settled.extend(keys.into_iter().map(MessageKey));
    }
    Ok(settled)
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
