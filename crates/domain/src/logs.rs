//! *Integrasjonslogger*: a view over messages, their attempts, and requests that made no message.

use serde::{Deserialize, Serialize};

use crate::errors::ErrorCode;
use crate::ids::{AttemptId, ConnectionId, ContactId, CorrelationId};
use crate::messages::{Direction, MessageState};
use crate::paging::Page;
use crate::time::{CalendarDate, Timestamp};

mod commands;

pub use commands::{Outgoing, Shell, command};

/// Days that requests are kept which made no message; messages stay as long as their orders.
pub const KEPT_DAYS: i64 = 90;

/// Which kind of row the entry is; its id names it together with this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogKind {
    Message,
    /// A request that made no message: a partner's that was refused, or one of ours that failed or brought an answer.
    PartnerRequest,
}

/// A choice of the log's filters, with the word that stands in addresses.
macro_rules! choices {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $slug:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// As it stands in an address.
            pub fn slug(self) -> &'static str {
                match self {
                    $(Self::$variant => $slug,)+
                }
            }

            pub fn from_slug(slug: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|choice| choice.slug() == slug)
            }
        }
    };
}

choices! {
    /// The views of the list, as tabs.
    LogView {
        All = "",
        /// What stands as failed, grouped by its cause.
        Causes = "feil",
        /// *Venter på nytt forsøk*.
        Waiting = "venter",
    }
}

choices! {
    /// How far back the log is shown.
    LogPeriod {
        Day = "24t",
        Week = "7d",
        Month = "30d",
        Quarter = "90d",
        All = "alle",
    }
}

choices! {
    /// How an entry stands.
    LogResult {
        Succeeded = "ok",
        Failed = "feilet",
        Waiting = "venter",
        Parked = "stoppet",
    }
}

choices! {
    /// What was asked for.
    LogOperation {
        Orders = "ordre",
        Events = "svar",
        Check = "kontroll",
        Articles = "artikler",
        Contacts = "kontakter",
        Identity = "test",
    }
}

choices! {
    /// Answers by their first figure.
    StatusClass {
        Success = "2xx",
        Redirect = "3xx",
        Client = "4xx",
        Server = "5xx",
        /// No answer came.
        None = "ingen",
    }
}

impl LogPeriod {
    /// `None` for everything that is kept.
    pub fn days(self) -> Option<i64> {
        match self {
            Self::Day => Some(1),
            Self::Week => Some(7),
            Self::Month => Some(30),
            Self::Quarter => Some(90),
            Self::All => None,
        }
    }
}

impl LogOperation {
    /// The calls that it stands for.
    pub fn calls(self) -> &'static [&'static str] {
        match self {
            Self::Orders => &["POST /purchase-orders", "POST /purchase-orders/batch"],
            Self::Events => &["GET /events", "GET /purchase-orders/{uid}"],
            Self::Check => &["POST /purchase-orders/check"],
            Self::Articles => &["GET /articles", "POST /articles/lookup"],
            Self::Contacts => &["GET /contacts", "PUT /contacts/{uid}"],
            Self::Identity => &["GET /identity"],
        }
    }

    /// What a call belongs to.
    pub fn of(call: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|operation| operation.calls().contains(&call))
    }
}

impl StatusClass {
    /// The lowest and the highest status; `None` where there is no answer.
    pub fn bounds(self) -> Option<(i64, i64)> {
        match self {
            Self::Success => Some((200, 299)),
            Self::Redirect => Some((300, 399)),
            Self::Client => Some((400, 499)),
            Self::Server => Some((500, 599)),
            Self::None => None,
        }
    }
}

/// What of the log is asked for. Nothing chosen means everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LogFilter {
    /// An order's number, a partner's name or a correlation id, in whole or, for the first two, in part.
    pub search: Option<String>,
    /// A week unless told otherwise.
    pub period: Option<LogPeriod>,
    pub partner: Option<ContactId>,
    pub direction: Option<Direction>,
    pub operation: Option<LogOperation>,
    pub result: Option<LogResult>,
    pub status: Option<StatusClass>,
    pub cause: Option<ErrorCode>,
}

impl LogFilter {
    /// How far back is looked.
    pub fn period(&self) -> LogPeriod {
        self.period.unwrap_or(LogPeriod::Week)
    }

    /// How many choices narrow the list; the period and the search text are not among them.
    pub fn choices(&self) -> usize {
        [
            self.partner.is_some(),
            self.direction.is_some(),
            self.operation.is_some(),
            self.result.is_some(),
            self.status.is_some(),
            self.cause.is_some(),
        ]
        .into_iter()
        .filter(|chosen| *chosen)
        .count()
    }
}

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogRow {
    pub kind: LogKind,
    /// A `MessageKey` or a `PartnerRequestId`.
    pub id: uuid::Uuid,
    /// When something last happened.
    pub at: Timestamp,
    pub direction: Direction,
    pub partner_name: Option<String>,
    pub connection_id: Option<ConnectionId>,
    /// `POST /purchase-orders` and the like.
    pub operation: String,
    /// The order's number, where it is known.
    pub subject: Option<String>,
    pub state: Option<MessageState>,
    pub error: Option<ErrorCode>,
    pub http_status: Option<i32>,
    pub duration_ms: Option<i64>,
    pub attempts: i64,
    /// Only a moment that is still to come.
    pub next_attempt_at: Option<Timestamp>,
    /// A message of ours that goes when its connection, which is stopped, has been tested.
    pub held: bool,
    /// When the same call worked again after this failure.
    pub resolved_at: Option<Timestamp>,
    pub correlation_id: Option<CorrelationId>,
}

/// What came of *Prøv på nytt*.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retried {
    /// Messages that go now.
    pub sent: i64,
    /// Messages that go when their connection, which is stopped, has been tested.
    pub held: i64,
    /// The connection of one that is held.
    pub connection_id: Option<ConnectionId>,
}

impl Retried {
    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            sent: self.sent + other.sent,
            held: self.held + other.held,
            connection_id: self.connection_id.or(other.connection_id),
        }
    }
}

/// What stands as failed for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogCause {
    pub direction: Direction,
    pub error: ErrorCode,
    pub count: i64,
    /// Of these, in the last 24 hours.
    pub last_day: i64,
    /// Messages among them that can be tried again.
    pub retryable: i64,
    /// Different partners; the newest entry's is named.
    pub partners: i64,
    pub newest: LogRow,
}

/// One day of the log, by Norwegian time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogDay {
    pub date: CalendarDate,
    pub total: i64,
    pub failed: i64,
}

/// How it went, in figures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogSummary {
    /// The oldest first; today is the last.
    pub days: Vec<LogDay>,
    /// Messages among them that failed and are tried again by themselves.
    pub waiting: i64,
}

impl LogSummary {
    /// Entries of all days.
    pub fn total(&self) -> i64 {
        self.days.iter().map(|day| day.total).sum()
    }

    /// Entries that stand as failed.
    pub fn failed(&self) -> i64 {
        self.days.iter().map(|day| day.failed).sum()
    }

    /// The share that did not fail, in tenths of a percent, rounded down so that 100 % means all. `None` when nothing happened.
    pub fn per_mille(&self) -> Option<i64> {
        let total = self.total();
        (total > 0).then(|| (total - self.failed()) * 1000 / total)
    }
}

/// What the page of the log shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogOverview {
    pub entries: Page<LogRow>,
    /// In the view of causes; there the page of entries is empty.
    pub causes: Vec<LogCause>,
    pub summary: LogSummary,
    /// Who can be filtered by.
    pub partners: Vec<(ContactId, String)>,
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
    /// When the same failure was first seen; the row's own time where it was seen once.
    pub first_at: Timestamp,
    pub attempts: Vec<AttemptRow>,
    /// The document as it travels, or the part of a refused request that was kept.
    pub request: Option<String>,
    /// The receipt, or the refusal.
    pub response: Option<String>,
    pub body_sha256: Option<String>,
    pub can_retry: bool,
    /// How it is sent now, for messages of ours.
    pub outgoing: Option<Outgoing>,
    /// The order's or the draft's page here.
    pub order_path: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_is_found_by_its_slug_and_every_call_by_its_operation() {
        for period in LogPeriod::ALL {
            assert_eq!(LogPeriod::from_slug(period.slug()), Some(*period));
        }
        for operation in LogOperation::ALL {
            assert!(operation.calls().iter().all(|call| LogOperation::of(call) == Some(*operation)));
        }
        assert_eq!(LogView::from_slug(""), Some(LogView::All));
        assert_eq!(LogOperation::of("DELETE /x"), None);
    }

    #[test]
    fn a_share_of_all_is_told_only_when_nothing_failed() {
        let date = CalendarDate::from_ymd(2026, 11, 23).unwrap();
        let of = |total, failed| LogSummary { days: vec![LogDay { date, total, failed }], waiting: 0 };
        for (total, failed, expected) in [
            (0, 0, None),
            (10, 0, Some(1000)),
            (10_000, 1, Some(999)),
            (1214, 22, Some(981)),
            (3, 3, Some(0)),
        ] {
            assert_eq!(of(total, failed).per_mille(), expected, "{total} {failed}");
        }
    }
}
