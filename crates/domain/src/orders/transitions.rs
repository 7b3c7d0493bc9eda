//! How an order moves from one status to the next.

use super::OrderStatus;
use crate::errors::ErrorCode;

/// What can happen to an order at the buyer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderEvent {
    /// Saved with something missing.
    SavedIncomplete,
    /// Saved, and complete.
    SavedComplete,
    /// A message was written that carries it.
    Export,
    /// The supplier's status, from the receipt or the feed.
    Answer(OrderStatus),
    /// The supplier was restored from a backup and is where it was before: the only way back.
    SetBack(OrderStatus),
    /// The supplier was restored from a backup and does not have the order any more; it is sent again.
    Forgotten,
}

/// The one table of an order's transitions.
///
/// # Errors
/// [`ErrorCode::InvalidTransition`] for anything that is not in it.
pub fn apply(status: OrderStatus, event: OrderEvent) -> Result<OrderStatus, ErrorCode> {
    use OrderStatus::{
        Approved, ApprovedWithChanges, Draft, Exported, InReview, Ready, Received, Rejected, Withdrawn,
    };
    match (status, event) {
        (Draft | Ready, OrderEvent::SavedIncomplete) => Ok(Draft),
        (Draft | Ready, OrderEvent::SavedComplete) => Ok(Ready),
        (Ready, OrderEvent::Export) => Ok(Exported),
        (
            Exported,
            OrderEvent::Answer(
                answer @ (Received | InReview | Approved | ApprovedWithChanges | Rejected | Withdrawn),
            ),
        ) => Ok(answer),
        (
            Received | InReview,
            OrderEvent::Answer(answer @ (InReview | Approved | ApprovedWithChanges | Rejected | Withdrawn)),
        ) => Ok(answer),
        (status, OrderEvent::Answer(answer)) if status == answer => Ok(status),
        (
            Exported | Received | InReview | Approved | ApprovedWithChanges | Rejected | Withdrawn,
            OrderEvent::SetBack(
                answer @ (Received | InReview | Approved | ApprovedWithChanges | Rejected | Withdrawn),
            ),
        ) => Ok(answer),
        // What the supplier did not want, it is not sent again.
        (Exported | Received | InReview | Approved | ApprovedWithChanges, OrderEvent::Forgotten) => {
            Ok(Exported)
        }
        _ => Err(ErrorCode::InvalidTransition),
    }
}
