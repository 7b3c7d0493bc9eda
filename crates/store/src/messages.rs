//! The one truth about transfers: messages both ways, with every attempt to send them. Whole batches are read and written by one
//! statement each.

mod inbound;
mod outbound;

pub use inbound::{Inbound, NewInbound, add_inbound, find_inbound};
pub use outbound::{
    AttemptOutcome, Claimed, MessageStatus, NewOutbound, Settlement, add_attempts, add_outbound, claim,
    finish_attempts, lookup_outbound, outbound_of, outbound_of_each, release_connection, retry, schedule,
    settle,
};

/// The kind of message that carries a purchase order.
pub const PURCHASE_ORDER: &str = "purchase_order";
