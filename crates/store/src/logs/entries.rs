//! Entries of both kinds: pages of the list, what failed by its cause, days in figures.

use domain::errors::ErrorCode;
use domain::ids::{ConnectionId, ContactId, CorrelationId, MessageKey};
use domain::logs::{LogCause, LogKind, LogRow};
use domain::messages::{Direction, MessageState};
use domain::paging::{Page, PageRequest};
use domain::time::Timestamp;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::question::{Question, Source, push_conditions};
use crate::error::StoreError;
use crate::sql::{Sql, Value, bound};
use crate::tx::{Tx, on};
use crate::value::{required, small};

/// Causes that are told of at once.
const MAX_CAUSES: i64 = 30;

#[derive(sqlx::FromRow)]
struct Row {
    kind: String,
    id: Uuid,
    at: i64,
    direction: String,
    partner_name: Option<String>,
    connection_id: Option<Uuid>,
    operation: String,
    subject: Option<String>,
    state: Option<String>,
    error_code: Option<String>,
    http_status: Option<i64>,
    duration_ms: Option<i64>,
    attempts: i64,
    next_attempt_at: Option<i64>,
    held: i64,
    resolved_at: Option<i64>,
    correlation_id: Option<Uuid>,
}

impl Row {
    fn into_row(self) -> Result<LogRow, StoreError> {
        let state = match self.state {
            Some(state) => Some(required(MessageState::from_code(&state), "message", "state")?),
            None => None,
        };
        let http_status = self.http_status.map(|status| small(status, "message", "http_status"));
        let next_attempt_at = self.next_attempt_at.filter(|_| state == Some(MessageState::Waiting));
        Ok(LogRow {
            kind: if self.kind == "message" { LogKind::Message } else { LogKind::PartnerRequest },
            id: self.id,
            at: Timestamp(self.at),
            direction: required(Direction::from_code(&self.direction), "message", "direction")?,
            partner_name: self.partner_name,
            connection_id: self.connection_id.map(ConnectionId),
            operation: self.operation,
            subject: self.subject,
            state,
            error: self.error_code.as_deref().and_then(ErrorCode::from_code),
            http_status: http_status.transpose()?,
            duration_ms: self.duration_ms,
            attempts: self.attempts,
            next_attempt_at: next_attempt_at.map(Timestamp),
            held: self.held > 0,
            resolved_at: self.resolved_at.map(Timestamp),
            correlation_id: self.correlation_id.map(CorrelationId),
        })
    }
}

/// One page of the log, newest first.
pub async fn list(tx: &mut Tx, question: &Question, page: PageRequest) -> Result<Page<LogRow>, StoreError> {
    let mut count = Sql::default();
    count.push("SELECT CAST(SUM(entries) AS BIGINT) FROM (");
    for source in Source::BOTH {
        count.push(if source == Source::Messages { "" } else { " UNION ALL " });
        count.push("SELECT COUNT(*) AS entries").push(source.tables());
        push_conditions(&mut count, source, question);
    }
    count.push(") AS counts");
    let total: i64 = on!(tx, |conn| bound!(sqlx::query_scalar(AssertSqlSafe(count.text)), count.values)
        .fetch_one(conn)
        .await?);
    let rows = newest(tx, question, page.offset(), page.limit()).await?;
    Ok(Page { rows, total, page: page.page, page_size: page.limit() })
}

/// The newest rows after so many. Each source gives no more than could be shown, so that its index does the sorting.
async fn newest(
    tx: &mut Tx,
    question: &Question,
    offset: i64,
    limit: i64,
) -> Result<Vec<LogRow>, StoreError> {
    let mut sql = Sql::default();
    sql.push("SELECT * FROM (");
    for source in Source::BOTH {
        let (name, joint) = match source {
            Source::Messages => ("messages", ""),
            Source::Requests => ("requests", " UNION ALL "),
        };
        sql.push(joint).push("SELECT * FROM (SELECT ").push(source.columns()).push(source.tables());
        push_conditions(&mut sql, source, question);
        sql.push(&format!(" ORDER BY {} DESC, {} DESC LIMIT ", source.at(), source.id()));
        sql.bind(Value::Number(offset + limit)).push(&format!(") AS {name}"));
    }
    sql.push(") AS entries ORDER BY at DESC, id DESC LIMIT ").bind(Value::Number(limit));
    sql.push(" OFFSET ").bind(Value::Number(offset));
    let rows: Vec<Row> =
        on!(tx, |conn| bound!(sqlx::query_as(AssertSqlSafe(sql.text)), sql.values).fetch_all(conn).await?);
    rows.into_iter().map(Row::into_row).collect()
}

#[derive(sqlx::FromRow)]
struct Cause {
    direction: String,
    error_code: String,
    total: i64,
    last_day: i64,
    retryable: i64,
    partners: i64,
}

/// What stands as failed, grouped by its cause, the most frequent first; `day` is the moment 24 hours ago.
pub async fn causes(tx: &mut Tx, question: &Question, day: Timestamp) -> Result<Vec<LogCause>, StoreError> {
    let mut sql = Sql::default();
    sql.push("SELECT direction, error_code, COUNT(*) AS total, SUM(CASE WHEN at >= ");
    sql.bind(Value::Number(day.0)).push(
        " THEN 1 ELSE 0 END) AS last_day, SUM(retryable) AS retryable, COUNT(DISTINCT partner_name) AS partners FROM (",
    );
    for source in Source::BOTH {
        sql.push(match source {
            Source::Messages => {
                "SELECT m.direction, m.error_code, m.updated_at AS at, c.name AS partner_name,
                 CASE WHEN m.direction = 'out' AND m.state IN ('parked', 'waiting') THEN 1 ELSE 0 END AS retryable"
            }
            Source::Requests => {
                " UNION ALL SELECT r.direction, r.error_code, r.at, c.name AS partner_name, 0 AS retryable"
            }
        });
        sql.push(source.tables()).push(" AND ").push(source.failing());
        push_conditions(&mut sql, source, question);
    }
    sql.push(") AS entries GROUP BY direction, error_code ORDER BY total DESC, error_code LIMIT ");
    sql.bind(Value::Number(MAX_CAUSES));
    let rows: Vec<Cause> =
        on!(tx, |conn| bound!(sqlx::query_as(AssertSqlSafe(sql.text)), sql.values).fetch_all(conn).await?);
    let mut causes = Vec::with_capacity(rows.len());
    for row in rows {
        let direction = required(Direction::from_code(&row.direction), "message", "direction")?;
        // A code of a newer version, after a step back: it is in the list all the same.
        let Some(error) = ErrorCode::from_code(&row.error_code) else { continue };
        let mut of_cause = question.clone();
        of_cause.filter.cause = Some(error);
        of_cause.filter.direction = Some(direction);
        let Some(newest) = newest(tx, &of_cause, 0, 1).await?.pop() else { continue };
        causes.push(LogCause {
            direction,
            error,
            count: row.total,
            last_day: row.last_day,
            retryable: row.retryable,
            partners: row.partners,
            newest,
        });
    }
    Ok(causes)
}

/// How many entries there were and how many of them stand as failed, in each span between one moment and the next; the last span
/// has no end. What is on its way has come to no end yet and is not counted. At most 31 moments.
pub async fn daily(
    tx: &mut Tx,
    question: &Question,
    begins: &[Timestamp],
) -> Result<Vec<(i64, i64)>, StoreError> {
    let mut sql = Sql::default();
    sql.push("SELECT span, COUNT(*) AS total, SUM(failed) AS failed FROM (");
    for source in Source::BOTH {
        sql.push(if source == Source::Messages { "SELECT CASE" } else { " UNION ALL SELECT CASE" });
        for (span, begin) in begins.iter().enumerate().rev() {
            sql.push(&format!(" WHEN {} >= ", source.at())).bind(Value::Number(begin.0));
            sql.push(&format!(" THEN {span}"));
        }
        sql.push(&format!(" END AS span, CASE WHEN {} THEN 1 ELSE 0 END AS failed", source.failing()));
        sql.push(source.tables());
        if source == Source::Messages {
            sql.push(" AND m.state NOT IN ('queued', 'sending')");
        }
        push_conditions(&mut sql, source, question);
    }
    sql.push(") AS entries GROUP BY span");
    let rows: Vec<(Option<i32>, i64, i64)> =
        on!(tx, |conn| bound!(sqlx::query_as(AssertSqlSafe(sql.text)), sql.values).fetch_all(conn).await?);
    let mut spans = vec![(0, 0); begins.len()];
    for (span, entries, failed) in rows {
        if let Some(place) =
            span.and_then(|span| usize::try_from(span).ok()).and_then(|span| spans.get_mut(span))
        {
            *place = (entries, failed);
        }
    }
    Ok(spans)
}

/// Messages of ours among what is asked for that failed and will be tried again by themselves. What has not been tried yet is not
/// among them.
pub async fn waiting(tx: &mut Tx, question: &Question) -> Result<i64, StoreError> {
    let source = Source::Messages;
    let mut sql = Sql::default();
    sql.push("SELECT COUNT(*)").push(source.tables());
    sql.push(" AND m.direction = 'out' AND m.state = 'waiting'");
    push_conditions(&mut sql, source, question);
    Ok(on!(tx, |conn| bound!(sqlx::query_scalar(AssertSqlSafe(sql.text)), sql.values)
        .fetch_one(conn)
        .await?))
}

/// Messages of ours among what is asked for that stand as failed and can be tried again, the oldest first: those that
/// [`LogCause::retryable`] counts.
pub async fn retryable(tx: &mut Tx, question: &Question, limit: i64) -> Result<Vec<MessageKey>, StoreError> {
    let source = Source::Messages;
    let mut sql = Sql::default();
    sql.push("SELECT m.message_key").push(source.tables());
    sql.push(" AND m.direction = 'out' AND m.state IN ('parked', 'waiting') AND ").push(source.failing());
    push_conditions(&mut sql, source, question);
    sql.push(" ORDER BY m.created_at, m.message_key LIMIT ").bind(Value::Number(limit));
    let keys: Vec<Uuid> = on!(tx, |conn| bound!(sqlx::query_scalar(AssertSqlSafe(sql.text)), sql.values)
        .fetch_all(conn)
        .await?);
    Ok(keys.into_iter().map(MessageKey).collect())
}

/// Partners that something is exchanged with, by name: those of a connection, and those who have a token. At most 200.
pub async fn partners(tx: &mut Tx) -> Result<Vec<(ContactId, String)>, StoreError> {
    let rows: Vec<(Uuid, String)> = on!(tx, |conn| {
        sqlx::query_as(
        "SELECT contact_id, name FROM contact
         WHERE contact_id IN (SELECT contact_id FROM connection) OR contact_id IN (SELECT contact_id FROM token)
         ORDER BY name, contact_id LIMIT 200"
    )
    .fetch_all(conn)
    .await?
    });
    Ok(rows.into_iter().map(|(id, name)| (ContactId(id), name)).collect())
}

/// One message as a row of the list.
pub(super) async fn message(tx: &mut Tx, key: Uuid) -> Result<Option<LogRow>, StoreError> {
    one(tx, Source::Messages, key).await
}

/// One request as a row of the list.
pub(super) async fn request(tx: &mut Tx, id: Uuid) -> Result<Option<LogRow>, StoreError> {
    one(tx, Source::Requests, id).await
}

async fn one(tx: &mut Tx, source: Source, id: Uuid) -> Result<Option<LogRow>, StoreError> {
    let mut sql = Sql::default();
    sql.push("SELECT ").push(source.columns()).push(source.tables());
    sql.push(&format!(" AND {} = ", source.id())).bind(Value::Id(id));
    let row: Option<Row> = on!(tx, |conn| bound!(sqlx::query_as(AssertSqlSafe(sql.text)), sql.values)
        .fetch_optional(conn)
        .await?);
    row.map(Row::into_row).transpose()
}
