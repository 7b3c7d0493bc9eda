//! What open pages are told: the changed row itself, so that nobody asks again.

use serde::{Deserialize, Serialize};

use crate::drafts::OrderDraftRow;
use crate::orders::PurchaseOrderRow;
use crate::presence::OrderPresence;
use crate::roles::Permission;

/// A row that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "topic", content = "row")]
pub enum LiveRow {
    PurchaseOrder(PurchaseOrderRow),
    OrderDraft(OrderDraftRow),
    /// Who has an order open now.
    Presence(OrderPresence),
    /// Something changed in the integration log; the page asks again.
    Log,
}

impl LiveRow {
    /// What a person must be allowed to see it.
    pub fn permission(&self) -> Permission {
        match self {
            Self::PurchaseOrder(_) | Self::OrderDraft(_) | Self::Presence(_) => Permission::Read,
            Self::Log => Permission::Administer,
        }
    }
}

/// One live update.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveEvent {
    /// The event's place in commit order; a page that was away asks for everything after the last it saw.
    pub position: i64,
    #[serde(flatten)]
    pub change: LiveRow,
}
