//! *Integrasjonslogger*: messages and requests that made no message, side by side, newest first.

use domain::errors::ErrorCode;
use domain::ids::{AttemptId, ConnectionId, ContactId, CorrelationId, MessageKey, PartnerRequestId, TokenId};
use domain::logs::{AttemptRow, LogRow};
use domain::messages::Direction;
use domain::time::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{Tx, on};
use crate::value::small;

mod entries;
mod question;

pub use entries::{causes, daily, list, partners, retryable, waiting};
pub use question::Question;

/// A request that made no message, to be written.
#[derive(Clone, Debug)]
pub struct NewPartnerRequest {
    pub request_id: PartnerRequestId,
    pub direction: Direction,
    pub token_id: Option<TokenId>,
    pub connection_id: Option<ConnectionId>,
    pub contact_id: Option<ContactId>,
    pub operation: String,
    pub subject: Option<String>,
    /// `None` when no answer came.
    pub http_status: Option<u16>,
    /// `None` for one that went well.
    pub error: Option<ErrorCode>,
    pub request: Option<String>,
    pub response: Option<String>,
    pub remote_address: Option<String>,
    pub duration_ms: i64,
    pub correlation_id: Option<CorrelationId>,
}

/// Writes a request.
pub async fn add_partner_request(
    tx: &mut Tx,
    request: &NewPartnerRequest,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(tx, |conn| {
        sqlx::query(
        "INSERT INTO partner_request (request_id, direction, at, first_at, token_id, connection_id, contact_id, operation, subject,
             http_status, error_code, request, response, remote_address, duration_ms, correlation_id)
         VALUES ($1, $2, $3, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
    )
    .bind(request.request_id.0)
    .bind(request.direction.as_str())
    .bind(now.0)
    .bind(request.token_id.map(|id| id.0))
    .bind(request.connection_id.map(|id| id.0))
    .bind(request.contact_id.map(|id| id.0))
    .bind(&request.operation)
    .bind(request.subject.as_deref())
    .bind(request.http_status.map(i64::from))
    .bind(request.error.map(ErrorCode::as_str))
    .bind(request.request.as_deref())
    .bind(request.response.as_deref())
    .bind(request.remote_address.as_deref())
    .bind(request.duration_ms)
    .bind(request.correlation_id.map(|id| id.0))
    .execute(conn)
    .await?.rows_affected()
    });
    Ok(())
}

/// The failure of a call of ours that still stands: its row and its code.
pub async fn standing_failure(
    tx: &mut Tx,
    connection_id: ConnectionId,
    operation: &str,
) -> Result<Option<(PartnerRequestId, Option<ErrorCode>)>, StoreError> {
    let row: Option<(Uuid, String)> = on!(tx, |conn| {
        sqlx::query_as(
        "SELECT request_id, error_code FROM partner_request
         WHERE connection_id = $1 AND operation = $2 AND direction = 'out' AND error_code IS NOT NULL AND resolved_at IS NULL
         ORDER BY at DESC, request_id DESC LIMIT 1"
    )
    .bind(connection_id.0)
    .bind(operation)
    .fetch_optional(conn)
    .await?
    });
    Ok(row.map(|(id, code)| (PartnerRequestId(id), ErrorCode::from_code(&code))))
}

/// The same failure once more.
pub async fn repeat_failure(
    tx: &mut Tx,
    id: PartnerRequestId,
    duration_ms: i64,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(tx, |conn| sqlx::query(
        "UPDATE partner_request SET attempts = attempts + 1, at = $2, duration_ms = $3 WHERE request_id = $1"
    )
    .bind(id.0)
    .bind(now.0)
    .bind(duration_ms)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}

/// The call works again, or fails in another way: what stood as failed is over. Tells how many rows that were.
pub async fn resolve_failures(
    tx: &mut Tx,
    connection_id: ConnectionId,
    operation: &str,
    now: Timestamp,
) -> Result<u64, StoreError> {
    Ok(on!(tx, |conn| {
        sqlx::query(
        "UPDATE partner_request SET resolved_at = $3
         WHERE connection_id = $1 AND operation = $2 AND direction = 'out' AND error_code IS NOT NULL AND resolved_at IS NULL"
    )
    .bind(connection_id.0)
    .bind(operation)
    .bind(now.0)
    .execute(conn)
    .await?
    .rows_affected()
    }))
}

/// What a message carries, for the detail page.
#[derive(Clone, Debug)]
pub struct MessageBody {
    pub row: LogRow,
    pub message_id: Uuid,
    pub subject_id: Uuid,
    pub peer_instance_id: Option<Uuid>,
    pub created_at: Timestamp,
    pub body: Vec<u8>,
    pub body_digest: Vec<u8>,
    pub receipt: Option<Vec<u8>>,
}

#[derive(sqlx::FromRow)]
struct Body {
    message_id: Uuid,
    subject_id: Uuid,
    peer_instance_id: Option<Uuid>,
    created_at: i64,
    body: Vec<u8>,
    body_digest: Vec<u8>,
    receipt: Option<Vec<u8>>,
}

/// A message, for the detail page.
pub async fn message(tx: &mut Tx, key: MessageKey) -> Result<Option<MessageBody>, StoreError> {
    let Some(row) = entries::message(tx, key.0).await? else { return Ok(None) };
    let body: Body = on!(tx, |conn| {
        sqlx::query_as(
        "SELECT message_id, subject_id, peer_instance_id, created_at, body, body_digest, receipt FROM message WHERE message_key = $1"
    )
    .bind(key.0)
    .fetch_one(conn)
    .await?
    });
    Ok(Some(MessageBody {
        row,
        message_id: body.message_id,
        subject_id: body.subject_id,
        peer_instance_id: body.peer_instance_id,
        created_at: Timestamp(body.created_at),
        body: body.body,
        body_digest: body.body_digest,
        receipt: body.receipt,
    }))
}

#[derive(sqlx::FromRow)]
struct Attempt {
    attempt_id: Uuid,
    number: i64,
    started_at: i64,
    finished_at: Option<i64>,
    http_status: Option<i64>,
    error_code: Option<String>,
    duration_ms: Option<i64>,
    answer: Option<String>,
}

/// Every try to send a message, first to last; at most 200.
pub async fn attempts(tx: &mut Tx, key: MessageKey) -> Result<Vec<AttemptRow>, StoreError> {
    let rows: Vec<Attempt> = on!(tx, |conn| sqlx::query_as(
        "SELECT attempt_id, number, started_at, finished_at, http_status, error_code, duration_ms, answer
         FROM attempt WHERE message_key = $1 ORDER BY number LIMIT 200"
    )
    .bind(key.0)
    .fetch_all(conn)
    .await?);
    rows.into_iter()
        .map(|row| {
            Ok(AttemptRow {
                attempt_id: AttemptId(row.attempt_id),
                number: row.number,
                started_at: Timestamp(row.started_at),
                finished_at: row.finished_at.map(Timestamp),
                http_status: row
                    .http_status
                    .map(|status| small(status, "attempt", "http_status"))
                    .transpose()?,
                error: row.error_code.as_deref().and_then(ErrorCode::from_code),
                duration_ms: row.duration_ms,
                answer: row.answer,
            })
        })
        .collect()
}

/// A request that made no message, for the detail page.
#[derive(Clone, Debug)]
pub struct RequestBody {
    pub row: LogRow,
    pub first_at: Timestamp,
    /// The part of the request that was kept.
    pub request: Option<String>,
    pub response: Option<String>,
}

/// A request that made no message, for the detail page.
pub async fn partner_request(tx: &mut Tx, id: PartnerRequestId) -> Result<Option<RequestBody>, StoreError> {
    let Some(row) = entries::request(tx, id.0).await? else { return Ok(None) };
    let (first_at, request, response): (i64, Option<String>, Option<String>) =
        on!(tx, |conn| sqlx::query_as(
            "SELECT first_at, request, response FROM partner_request WHERE request_id = $1"
        )
        .bind(id.0)
        .fetch_one(conn)
        .await?);
    Ok(Some(RequestBody { row, first_at: Timestamp(first_at), request, response }))
}

/// Removes requests that made no message, and wake-ups of open log pages, from before the time: the oldest `limit` of each, so that nobody
/// waits long for the write lock. Messages and their attempts stay as long as their orders: they say what was sent. Tells how many rows
/// went: fewer than `limit` says that nothing is left.
pub async fn remove_before(tx: &mut Tx, before: Timestamp, limit: u64) -> Result<u64, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let refused = on!(tx, |conn| sqlx::query(
        "DELETE FROM partner_request WHERE request_id IN
             (SELECT request_id FROM partner_request WHERE at < $1 ORDER BY at LIMIT $2)"
    )
    .bind(before.0)
    .bind(limit)
    .execute(conn)
    .await?
    .rows_affected());
    let woken = on!(tx, |conn| sqlx::query(
        "DELETE FROM event WHERE event_id IN
             (SELECT event_id FROM event WHERE topic = 'log' AND at < $1 ORDER BY at LIMIT $2)"
    )
    .bind(before.0)
    .bind(limit)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(refused + woken)
}
