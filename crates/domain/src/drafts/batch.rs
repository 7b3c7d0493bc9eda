//! One answer to many order drafts.

use serde::{Deserialize, Serialize};

use super::DraftFilter;
use crate::errors::ErrorCode;
use crate::ids::{DraftBatchId, DraftId};
use crate::money::Money;
use crate::time::Timestamp;

/// The most drafts that are answered at once.
pub const MAX_DRAFTS: usize = 200;

/// Which drafts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChosenDrafts {
    Named(Vec<DraftId>),
    /// Whatever fits when it is shown; what is answered are the drafts that were shown.
    Fitting(Box<DraftFilter>),
}

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftAnswer {
    Approve,
    Reject,
}

impl DraftAnswer {
    pub const ALL: [Self; 2] = [Self::Approve, Self::Reject];

    /// The word in addresses.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Approve => "godkjenn",
            Self::Reject => "avvis",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|answer| answer.slug() == text)
    }

    /// The word in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Reject => "reject",
        }
    }
}

/// A draft as a person saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftSeen {
    pub draft_id: DraftId,
    pub version: i64,
}

/// One of the drafts, and why it was left as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftBatchItem {
    pub draft_id: DraftId,
    pub version: i64,
    /// Empty when there is no such draft.
    pub number: String,
    pub customer_name: String,
    pub line_count: i64,
    pub net_total: Money,
    pub currency: String,
    pub skipped: Option<ErrorCode>,
    /// The number of the sales order that it became.
    pub sales_order: Option<String>,
}

/// What is going to be answered, or was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftBatch {
    /// `None` before it is done.
    pub batch_id: Option<DraftBatchId>,
    pub answer: DraftAnswer,
    /// What the customers are told with a rejection.
    pub reason: String,
    pub at: Timestamp,
    pub by: String,
    pub items: Vec<DraftBatchItem>,
}

impl DraftBatch {
    /// Those that are answered.
    pub fn done(&self) -> impl Iterator<Item = &DraftBatchItem> {
        self.items.iter().filter(|item| item.skipped.is_none())
    }

    /// Those that are left as they are.
    pub fn skipped(&self) -> impl Iterator<Item = &DraftBatchItem> {
        self.items.iter().filter(|item| item.skipped.is_some())
    }
}
