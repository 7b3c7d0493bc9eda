//! *Integrasjonslogger*: messages and refused requests side by side, newest first.

use domain::errors::ErrorCode;
use domain::ids::{AttemptId, ContactId, CorrelationId, MessageKey, PartnerRequestId, TokenId};
use domain::logs::{AttemptRow, LogKind, LogRow, LogView};
use domain::messages::{Direction, MessageState};
use domain::paging::{Page, PageRequest};
use domain::time::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{Tx, on};
use crate::value::{required, small};

/// A partner's request that made no message, to be written.
#[derive(Clone, Debug)]
pub struct NewPartnerRequest {
    pub request_id: PartnerRequestId,
    pub token_id: Option<TokenId>,
    pub contact_id: Option<ContactId>,
    pub operation: String,
    pub subject: Option<String>,
    pub http_status: u16,
    pub error: ErrorCode,
    pub request: Option<String>,
    pub response: Option<String>,
    pub remote_address: Option<String>,
    pub duration_ms: i64,
    pub correlation_id: Option<CorrelationId>,
}

/// Writes a refused request.
pub async fn add_partner_request(
    tx: &mut Tx,
    request: &NewPartnerRequest,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(tx, |conn| {
        sqlx::query(
        "INSERT INTO partner_request (request_id, at, token_id, contact_id, operation, subject, http_status, error_code, request,
             response, remote_address, duration_ms, correlation_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
    )
    .bind(request.request_id.0)
    .bind(now.0)
    .bind(request.token_id.map(|id| id.0))
    .bind(request.contact_id.map(|id| id.0))
    .bind(&request.operation)
    .bind(request.subject.as_deref())
    .bind(i64::from(request.http_status))
    .bind(request.error.as_str())
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

#[derive(sqlx::FromRow)]
struct Row {
    kind: String,
    id: Uuid,
    at: i64,
    direction: String,
    partner_name: Option<String>,
    operation: String,
    subject: Option<String>,
    state: Option<String>,
    error_code: Option<String>,
    http_status: Option<i64>,
    duration_ms: Option<i64>,
    attempts: i64,
    next_attempt_at: Option<i64>,
    correlation_id: Option<Uuid>,
}

impl Row {
    fn into_row(self) -> Result<LogRow, StoreError> {
        let state = match self.state {
            Some(state) => Some(required(MessageState::from_code(&state), "message", "state")?),
            None => None,
        };
        Ok(LogRow {
            kind: if self.kind == "message" { LogKind::Message } else { LogKind::PartnerRequest },
            id: self.id,
            at: Timestamp(self.at),
            direction: required(Direction::from_code(&self.direction), "message", "direction")?,
            partner_name: self.partner_name,
            operation: self.operation,
            subject: self.subject,
            state,
            error: self.error_code.as_deref().and_then(ErrorCode::from_code),
            http_status: self
                .http_status
                .map(|status| small(status, "message", "http_status"))
                .transpose()?,
            duration_ms: self.duration_ms,
            attempts: self.attempts,
            next_attempt_at: self
                .next_attempt_at
                .filter(|_| state == Some(MessageState::Waiting))
                .map(Timestamp),
            correlation_id: self.correlation_id.map(CorrelationId),
        })
    }
}

const MESSAGES: &str = "SELECT 'message' AS kind, m.message_key AS id, m.updated_at AS at, m.direction, c.name AS partner_name,
        'POST /purchase-orders' AS operation, m.subject_number AS subject, m.state, m.error_code, m.http_status,
        (SELECT a.duration_ms FROM attempt a WHERE a.message_key = m.message_key ORDER BY a.number DESC LIMIT 1) AS duration_ms,
        m.attempt_count AS attempts, m.next_attempt_at, m.correlation_id
    FROM message m LEFT JOIN contact c ON c.contact_id = m.contact_id WHERE 1 = 1";

const REQUESTS: &str =
    "SELECT 'partner_request' AS kind, r.request_id AS id, r.at, 'in' AS direction, c.name AS partner_name,
        r.operation, r.subject, CAST(NULL AS TEXT) AS state, r.error_code, r.http_status, r.duration_ms,
        CAST(1 AS BIGINT) AS attempts, CAST(NULL AS BIGINT) AS next_attempt_at, r.correlation_id
    FROM partner_request r LEFT JOIN contact c ON c.contact_id = r.contact_id WHERE 1 = 1";

/// The conditions of a view on messages and on refused requests, as SQL.
fn conditions(view: LogView) -> (&'static str, &'static str) {
    match view {
        LogView::All => ("", ""),
        LogView::Failed => (" AND m.error_code IS NOT NULL", ""),
        LogView::Waiting => (" AND m.state IN ('queued', 'sending', 'waiting')", " AND 1 = 0"),
    }
}

/// One page of the log. The search text is an order's number, a partner's name or a correlation id.
pub async fn list(
    tx: &mut Tx,
    view: LogView,
    search: Option<&str>,
    page: PageRequest,
) -> Result<Page<LogRow>, StoreError> {
    let (of_messages, of_requests) = conditions(view);
    let pattern = search.map(|text| format!("%{}%", text.to_lowercase().replace(['%', '_'], "")));
    let correlation = search.and_then(|text| Uuid::parse_str(text.trim()).ok());
    macro_rules! union {
        ($query:ident) => {
            for (sql, condition, alias) in [(MESSAGES, of_messages, "m"), (REQUESTS, of_requests, "r")] {
                if alias == "r" {
                    $query.push(" UNION ALL ");
                }
                $query.push(sql).push(condition);
                if let Some(correlation) = correlation {
                    $query.push(" AND ").push(alias).push(".correlation_id = ").push_bind(correlation);
                } else if let Some(pattern) = &pattern {
                    let subject = if alias == "m" { "m.subject_number" } else { "r.subject" };
                    $query
                        .push(" AND (LOWER(COALESCE(")
                        .push(subject)
                        .push(", '')) LIKE ")
                        .push_bind(pattern.clone());
                    $query.push(" OR LOWER(COALESCE(c.name, '')) LIKE ").push_bind(pattern.clone()).push(")");
                }
            }
        };
    }
    let total: i64 = on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new("SELECT COUNT(*) FROM (");
        union!(query);
        query.push(") AS entries");
        query.build_query_scalar().fetch_one(conn).await?
    });
    let rows: Vec<Row> = on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new("SELECT * FROM (");
        union!(query);
        query.push(") AS entries ORDER BY at DESC, id DESC LIMIT ").push_bind(page.limit());
        query.push(" OFFSET ").push_bind(page.offset());
        query.build_query_as().fetch_all(conn).await?
    });
    let rows = rows.into_iter().map(Row::into_row).collect::<Result<_, _>>()?;
    Ok(Page { rows, total, page: page.page, page_size: page.limit() })
}

/// What a message carries, for the detail page.
#[derive(Clone, Debug)]
pub struct MessageBody {
    pub row: LogRow,
    pub body: Vec<u8>,
    pub body_digest: Vec<u8>,
    pub receipt: Option<Vec<u8>>,
    pub endpoint: Option<String>,
}

/// A message, for the detail page.
pub async fn message(tx: &mut Tx, key: MessageKey) -> Result<Option<MessageBody>, StoreError> {
    let row: Option<Row> = on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(MESSAGES);
        query.push(" AND m.message_key = ").push_bind(key.0);
        query.build_query_as().fetch_optional(conn).await?
    });
    let Some(row) = row else { return Ok(None) };
    let (body, body_digest, receipt, endpoint): (Vec<u8>, Vec<u8>, Option<Vec<u8>>, Option<String>) = on!(
        tx,
        |conn| {
            sqlx::query_as(
            "SELECT m.body, m.body_digest, m.receipt, k.endpoint
             FROM message m LEFT JOIN connection k ON k.connection_id = m.connection_id WHERE m.message_key = $1"
        )
        .bind(key.0)
        .fetch_one(conn)
        .await?
        }
    );
    Ok(Some(MessageBody { row: row.into_row()?, body, body_digest, receipt, endpoint }))
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

/// A refused request, for the detail page: the row, the request's kept part, the answer.
pub async fn partner_request(
    tx: &mut Tx,
    id: PartnerRequestId,
) -> Result<Option<(LogRow, Option<String>, Option<String>)>, StoreError> {
    let row: Option<Row> = on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(REQUESTS);
        query.push(" AND r.request_id = ").push_bind(id.0);
        query.build_query_as().fetch_optional(conn).await?
    });
    let Some(row) = row else { return Ok(None) };
    let (request, response): (Option<String>, Option<String>) =
        on!(tx, |conn| sqlx::query_as("SELECT request, response FROM partner_request WHERE request_id = $1")
            .bind(id.0)
            .fetch_one(conn)
            .await?);
    Ok(Some((row.into_row()?, request, response)))
}

/// Removes refused requests, and wake-ups of open log pages, from before the time. Messages and their attempts stay as long as
/// their orders: they say what was sent. Tells how many rows went.
pub async fn remove_before(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    let refused = on!(tx, |conn| sqlx::query("DELETE FROM partner_request WHERE at < $1")
        .bind(before.0)
        .execute(conn)
        .await?
        .rows_affected());
    let woken = on!(tx, |conn| sqlx::query(
        "DELETE FROM event WHERE topic = 'log' AND at < $1 AND position IS NOT NULL"
    )
    .bind(before.0)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(refused + woken)
}
