//! Order drafts at the supplier: what came in, what differs, and the answer.

mod batch;
mod filter;
mod prices;

use serde::{Deserialize, Serialize};

use crate::contacts::ContactRow;
use crate::decimal::{Percent, Quantity, UnitPrice};
use crate::errors::ErrorCode;
use crate::ids::{ArticleId, ContactId, CorrelationId, DraftId, OrderId, SalesOrderId};
use crate::matching::LineDifference;
use crate::money::Money;
use crate::orders::DeliveryAddress;
use crate::orders::TimelineEntry;
use crate::time::{CalendarDate, Timestamp};

pub use batch::{ChosenDrafts, DraftAnswer, DraftBatch, DraftBatchItem, DraftSeen, MAX_DRAFTS};
pub use filter::{DraftFilter, DraftSort};
pub use prices::{LineNumbers, SeenPrices, prices_checked};

/// Where a draft is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftStatus {
    Received,
    InReview,
    Approved,
    ApprovedWithChanges,
    Rejected,
    Withdrawn,
}

impl DraftStatus {
    pub const ALL: [Self; 6] = [
        Self::Received,
        Self::InReview,
        Self::Approved,
        Self::ApprovedWithChanges,
        Self::Rejected,
        Self::Withdrawn,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::InReview => "in_review",
            Self::Approved => "approved",
            Self::ApprovedWithChanges => "approved_with_changes",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }

    pub fn from_code(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }

    /// Waiting for the supplier's answer.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Received | Self::InReview)
    }
}

/// What can happen to a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DraftEvent {
    /// A person began to work on it: linked a line.
    Review,
    /// `parked` lines are still without an article.
    Approve {
        parked: i64,
    },
    Reject,
}

/// The one table of a draft's transitions.
///
/// # Errors
/// [`ErrorCode::LineParked`] when a line is still parked, [`ErrorCode::InvalidTransition`] otherwise.
pub fn apply(status: DraftStatus, event: DraftEvent) -> Result<DraftStatus, ErrorCode> {
    match (status.is_open(), event) {
        (true, DraftEvent::Review) => Ok(DraftStatus::InReview),
        (true, DraftEvent::Approve { parked: 0 }) => Ok(DraftStatus::Approved),
        (true, DraftEvent::Approve { .. }) => Err(ErrorCode::LineParked),
        (true, DraftEvent::Reject) => Ok(DraftStatus::Rejected),
        (false, _) => Err(ErrorCode::InvalidTransition),
    }
}

/// Why a line is parked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineIssue {
    /// The number is not in the supplier's register.
    UnknownArticle,
    /// The line came without a supplier's article number.
    NumberMissing,
}

impl LineIssue {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UnknownArticle => "unknown_article",
            Self::NumberMissing => "number_missing",
        }
    }

    pub fn from_code(text: &str) -> Option<Self> {
        [Self::UnknownArticle, Self::NumberMissing].into_iter().find(|issue| issue.as_str() == text)
    }
}

/// A line as the customer sent it, with our article and what differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftLine {
    pub line_number: i32,
    /// The customer's own number.
    pub customer_article_number: String,
    /// Our number, as the customer has it.
    pub supplier_article_number: String,
    pub description: String,
    pub quantity: Quantity,
    pub unit: String,
    pub unit_price: UnitPrice,
    pub price_base_quantity: Quantity,
    pub discount_percent: Percent,
    pub amount: Money,
    pub note: String,
    pub article_id: Option<ArticleId>,
    pub article_number: Option<String>,
    pub article_name: Option<String>,
    pub issue: Option<LineIssue>,
    pub differences: Vec<LineDifference>,
}

impl DraftLine {
    /// A person must look at it: it is parked, or says something else than our article. This is what *avvik* means wherever it is counted.
    pub fn differs(&self) -> bool {
        self.issue.is_some() || !self.differences.is_empty()
    }

    /// Its price is so far from ours that it is not approved before somebody has said that it was looked at.
    pub fn is_far_off(&self) -> bool {
        self.differences.iter().any(LineDifference::is_far_off)
    }
}

/// How many lines differ.
pub fn differing(lines: &[DraftLine]) -> i64 {
    i64::try_from(lines.iter().filter(|line| line.differs()).count()).unwrap_or(i64::MAX)
}

/// A row of *Ordrekladder*; also what a live update carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderDraftRow {
    pub draft_id: DraftId,
    pub number: String,
    pub customer_name: String,
    pub customer_order_number: String,
    pub status: DraftStatus,
    pub line_count: i64,
    /// Lines that are parked.
    pub issue_count: i64,
    /// Lines that differ, the parked ones among them, see [`differing`].
    #[serde(default)]
    pub differing_count: i64,
    pub new_customer: bool,
    pub currency: String,
    pub net_total: Money,
    pub requested_delivery_date: Option<CalendarDate>,
    pub received_at: Timestamp,
}

/// The views of the list, as tabs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftView {
    #[default]
    Open,
    WithIssues,
    Approved,
    Rejected,
    All,
}

/// Everything the review page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftReview {
    pub row: OrderDraftRow,
    pub order_id: OrderId,
    pub customer_id: ContactId,
    pub customer_org_number: Option<String>,
    pub revision: i32,
    pub note: String,
    pub customer_reference: String,
    /// What we call what is ordered, as the buyer knows.
    #[serde(default)]
    pub supplier_reference: String,
    pub delivery: DeliveryAddress,
    pub lines: Vec<DraftLine>,
    pub timeline: Vec<TimelineEntry>,
    /// Contacts that may be the same company as a newly made customer.
    pub likely_duplicates: Vec<ContactRow>,
    pub correlation_id: CorrelationId,
    pub reason: Option<String>,
    pub decided_at: Option<Timestamp>,
    pub decided_by: Option<String>,
    pub sales_order_id: Option<SalesOrderId>,
    pub sales_order_number: Option<String>,
    pub version: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decided_draft_stays_decided() {
        for status in DraftStatus::ALL.into_iter().filter(|status| !status.is_open()) {
            for event in [DraftEvent::Review, DraftEvent::Approve { parked: 0 }, DraftEvent::Reject] {
                assert_eq!(apply(status, event), Err(ErrorCode::InvalidTransition), "{status:?} {event:?}");
            }
        }
    }

    #[test]
    fn a_parked_line_stops_approval_but_not_rejection() {
        assert_eq!(
            apply(DraftStatus::Received, DraftEvent::Approve { parked: 1 }),
            Err(ErrorCode::LineParked)
        );
        assert_eq!(apply(DraftStatus::Received, DraftEvent::Reject), Ok(DraftStatus::Rejected));
        assert_eq!(
            apply(DraftStatus::InReview, DraftEvent::Approve { parked: 0 }),
            Ok(DraftStatus::Approved)
        );
    }
}
