//! What is asked of the log, as SQL: one text for both databases, put together from the filters.

use domain::logs::{LogFilter, LogResult, LogView, StatusClass};
use domain::time::Timestamp;
use uuid::Uuid;

use crate::sql::{Sql, Value};

/// A filter with the moment from which on it looks.
#[derive(Clone, Debug, Default)]
pub struct Question {
    pub view: Option<LogView>,
    pub filter: LogFilter,
    /// `None` for everything that is kept.
    pub since: Option<Timestamp>,
}

/// Where entries come from, and what their columns are called there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Messages,
    Requests,
}

impl Source {
    pub(super) const BOTH: [Self; 2] = [Self::Messages, Self::Requests];

    /// Everything that a row of the list needs.
    pub(super) fn columns(self) -> &'static str {
        match self {
            Self::Messages => {
                "'message' AS kind, m.message_key AS id, m.updated_at AS at, m.direction, c.name AS partner_name, m.connection_id,
        'POST /purchase-orders' AS operation, m.subject_number AS subject, m.state, m.error_code, m.http_status,
        (SELECT a.duration_ms FROM attempt a WHERE a.message_key = m.message_key ORDER BY a.number DESC LIMIT 1) AS duration_ms,
        m.attempt_count AS attempts, m.next_attempt_at,
        CAST(CASE WHEN m.direction = 'out' AND m.state IN ('queued', 'waiting', 'sending') AND EXISTS (SELECT 1 FROM connection k
            WHERE k.connection_id = m.connection_id AND k.state = 'paused') THEN 1 ELSE 0 END AS BIGINT) AS held,
        CAST(NULL AS BIGINT) AS resolved_at, m.correlation_id"
            }
            Self::Requests => {
                "'partner_request' AS kind, r.request_id AS id, r.at, r.direction, c.name AS partner_name, r.connection_id,
        r.operation, r.subject, CAST(NULL AS TEXT) AS state, r.error_code, r.http_status, r.duration_ms, r.attempts,
        CAST(NULL AS BIGINT) AS next_attempt_at, CAST(0 AS BIGINT) AS held, r.resolved_at, r.correlation_id"
            }
        }
    }

    pub(super) fn tables(self) -> &'static str {
        match self {
            Self::Messages => {
                " FROM message m LEFT JOIN contact c ON c.contact_id = m.contact_id WHERE 1 = 1"
            }
            Self::Requests => {
                " FROM partner_request r LEFT JOIN contact c ON c.contact_id = r.contact_id WHERE 1 = 1"
            }
        }
    }

    pub(super) fn at(self) -> &'static str {
        if self == Self::Messages { "m.updated_at" } else { "r.at" }
    }

    pub(super) fn id(self) -> &'static str {
        if self == Self::Messages { "m.message_key" } else { "r.request_id" }
    }

    fn alias(self) -> &'static str {
        if self == Self::Messages { "m" } else { "r" }
    }

    /// What stands as failed: what was mended, or got through after all, does not.
    pub(super) fn failing(self) -> &'static str {
        match self {
            Self::Messages => "m.error_code IS NOT NULL",
            Self::Requests => "r.error_code IS NOT NULL AND r.resolved_at IS NULL",
        }
    }
}

/// Adds the conditions of a question to the rows of a source.
pub(super) fn push_conditions(sql: &mut Sql, source: Source, question: &Question) {
    let alias = source.alias();
    let filter = &question.filter;
    let correlation = filter.search.as_deref().and_then(|text| Uuid::parse_str(text.trim()).ok());
    match (question.since, correlation) {
        // Who has the id wants the one thing, however old it is.
        (_, Some(id)) => {
            sql.push(&format!(" AND {alias}.correlation_id = ")).bind(Value::Id(id));
        }
        (Some(since), None) => {
            sql.push(&format!(" AND {} >= ", source.at())).bind(Value::Number(since.0));
        }
        (None, None) => {}
    }
    if let (Some(text), None) = (&filter.search, correlation) {
        push_search(sql, source, text);
    }
    if let Some(partner) = filter.partner {
        sql.push(&format!(" AND {alias}.contact_id = ")).bind(Value::Id(partner.0));
    }
    if let Some(direction) = filter.direction {
        sql.push(&format!(" AND {alias}.direction = ")).bind(Value::Text(direction.as_str().to_owned()));
    }
    if let Some(operation) = filter.operation {
        push_operation(sql, source, operation.calls());
    }
    if let Some(code) = filter.cause {
        sql.push(&format!(" AND {} AND {alias}.error_code = ", source.failing()))
            .bind(Value::Text(code.as_str().to_owned()));
    }
    match filter.status.map(StatusClass::bounds) {
        Some(Some((lowest, highest))) => {
            sql.push(&format!(" AND {alias}.http_status BETWEEN ")).bind(Value::Number(lowest));
            sql.push(" AND ").bind(Value::Number(highest));
        }
        Some(None) => {
            sql.push(&format!(" AND {alias}.http_status IS NULL"));
        }
        None => {}
    }
    push_standing(sql, source, question);
}

fn push_search(sql: &mut Sql, source: Source, text: &str) {
    let pattern = format!("%{}%", text.to_lowercase().replace(['%', '_'], ""));
    let subject = if source == Source::Messages { "m.subject_number" } else { "r.subject" };
    sql.push(&format!(" AND (LOWER(COALESCE({subject}, '')) LIKE ")).bind(Value::Text(pattern.clone()));
    sql.push(" OR LOWER(COALESCE(c.name, '')) LIKE ").bind(Value::Text(pattern)).push(")");
}

fn push_operation(sql: &mut Sql, source: Source, calls: &[&str]) {
    if source == Source::Messages {
        // Every message is an order that travels.
        if !calls.contains(&"POST /purchase-orders") {
            sql.push(" AND 1 = 0");
        }
        return;
    }
    sql.push(" AND r.operation IN (");
    for (index, call) in calls.iter().enumerate() {
        sql.push(if index == 0 { "" } else { ", " }).bind(Value::Text((*call).to_owned()));
    }
    sql.push(")");
}

/// The view and the result: how entries stand.
fn push_standing(sql: &mut Sql, source: Source, question: &Question) {
    let waiting = match source {
        Source::Messages => "m.state IN ('queued', 'sending', 'waiting')",
        Source::Requests => "1 = 0",
    };
    let parked = match source {
        Source::Messages => "m.state = 'parked'",
        Source::Requests => "1 = 0",
    };
    let succeeded = match source {
        Source::Messages => "m.state = 'delivered' AND m.error_code IS NULL",
        Source::Requests => "(r.error_code IS NULL OR r.resolved_at IS NOT NULL)",
    };
    let of_view = match question.view {
        Some(LogView::Causes) => Some(source.failing()),
        Some(LogView::Waiting) => Some(waiting),
        Some(LogView::All) | None => None,
    };
    let of_result = question.filter.result.map(|result| match result {
        LogResult::Succeeded => succeeded,
        LogResult::Failed => source.failing(),
        LogResult::Waiting => waiting,
        LogResult::Parked => parked,
    });
    for condition in of_view.into_iter().chain(of_result) {
        sql.push(" AND ").push(condition);
    }
}
