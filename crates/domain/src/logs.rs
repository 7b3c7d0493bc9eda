//! *Integrasjonslogger*: a view over messages, their attempts, and partners' refused requests.

use serde::{Deserialize, Serialize};

use crate::errors::ErrorCode;
use crate::ids::{AttemptId, CorrelationId};
use crate::messages::{Direction, MessageState};
use crate::time::Timestamp;

/// Which kind of row the entry is; its id names it together with this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogKind {
    Message,
    /// A request of a partner that made no message.
    PartnerRequest,
}

/// The views of the list, as tabs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogView {
    #[default]
    All,
    Failed,
    Waiting,
}

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogRow {
    pub kind: LogKind,
    /// A `MessageKey` or a `PartnerRequestId`.
    pub id: uuid::Uuid,
    pub at: Timestamp,
    pub direction: Direction,
    pub partner_name: Option<String>,
    /// `POST /purchase-orders` and the like.
    pub operation: String,
    /// The order's number, where it is known.
    pub subject: Option<String>,
    pub state: Option<MessageState>,
    pub error: Option<ErrorCode>,
    pub http_status: Option<i32>,
    pub duration_ms: Option<i64>,
    pub attempts: i64,
    pub next_attempt_at: Option<Timestamp>,
    pub correlation_id: Option<CorrelationId>,
}

/// One try to send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptRow {
    pub attempt_id: AttemptId,
    pub number: i64,
    pub started_at: Timestamp,
    /// `None` while it runs, or when the program stopped in the middle of it.
    pub finished_at: Option<Timestamp>,
    pub http_status: Option<i32>,
    pub error: Option<ErrorCode>,
    pub duration_ms: Option<i64>,
    /// The first 2,000 bytes of the answer.
    pub answer: Option<String>,
}

/// Everything the detail page shows. Nothing in it is secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogDetail {
    pub row: LogRow,
    pub attempts: Vec<AttemptRow>,
    /// The document as it travels, or the part of a refused request that was kept.
    pub request: Option<String>,
    /// The receipt, or the refusal.
    pub response: Option<String>,
    pub body_sha256: Option<String>,
    pub can_retry: bool,
    pub endpoint: Option<String>,
    pub order_path: Option<String>,
}
