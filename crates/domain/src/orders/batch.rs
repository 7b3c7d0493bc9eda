//! One thing done with many orders.

use serde::{Deserialize, Serialize};

use super::{OrderFilter, PurchaseOrder, UnreadCell, UnreadField};
use crate::errors::ErrorCode;
use crate::ids::{OrderBatchId, OrderId};
use crate::time::Timestamp;

/// The most orders that one thing is done with at once.
pub const MAX_BATCH: usize = 500;
/// The most orders that are duplicated at once: each of them makes an order.
pub const MAX_COPIES: usize = 100;

/// Which orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChosenOrders {
    Named(Vec<OrderId>),
    /// Whatever fits when it is done, and not when it was shown.
    Fitting(Box<OrderFilter>),
}

/// What is done with many orders at once, beside exporting and printing them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BatchAction {
    /// Of orders that were never sent; can be taken back.
    Delete,
    /// Makes a new draft of each, with today's prices.
    Duplicate,
}

impl BatchAction {
    pub const ALL: [Self; 2] = [Self::Delete, Self::Duplicate];

    /// The most orders that it is done with at once.
    pub fn most(self) -> usize {
        match self {
            Self::Delete => MAX_BATCH,
            Self::Duplicate => MAX_COPIES,
        }
    }

    /// The word in addresses.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Delete => "slett",
            Self::Duplicate => "dupliser",
        }
    }

    /// The word in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Delete => "delete",
            Self::Duplicate => "duplicate",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.slug() == text)
    }
}

/// One of the orders, and why it was left as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchItem {
    pub order_id: OrderId,
    pub number: String,
    #[serde(default)]
    pub supplier_name: Option<String>,
    pub skipped: Option<ErrorCode>,
    /// The number of the order that was made of it.
    #[serde(default)]
    pub made: Option<String>,
}

/// An order on a sheet of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintedOrder {
    pub order: PurchaseOrder,
    /// What of its lines cannot be read yet.
    pub unread: Vec<UnreadCell>,
    /// What of its head cannot be read yet.
    pub unread_head: Vec<UnreadField>,
}

/// What is going to be done, or was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderBatch {
    /// `None` before it is done.
    pub batch_id: Option<OrderBatchId>,
    pub action: BatchAction,
    pub at: Timestamp,
    pub by: String,
    pub items: Vec<BatchItem>,
    pub undone: bool,
}

impl OrderBatch {
    /// Those with which it is done.
    pub fn done(&self) -> impl Iterator<Item = &BatchItem> {
        self.items.iter().filter(|item| item.skipped.is_none())
    }

    /// Those that are left as they are.
    pub fn skipped(&self) -> impl Iterator<Item = &BatchItem> {
        self.items.iter().filter(|item| item.skipped.is_some())
    }
}
