//! Identities: one type per kind of thing, so that an order's id cannot stand where an article's belongs.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

use crate::time::Timestamp;

/// A new UUIDv7 made of a moment and ten random bytes: ascending in time, unique by chance. Not a secret.
pub fn new_uuid(now: Timestamp, random: [u8; 10]) -> Uuid {
    let milliseconds = u64::try_from(now.0 / 1000).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid()
}

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )+};
}

id! {
    /// A purchase order; the same value names the order at the supplier.
    OrderId,
    /// A line of a purchase order at the buyer.
    OrderLineId,
    /// Lines kept under a name.
    TemplateId,
    /// What tells an open order form from every other; a new one each time a form is shown.
    FormKey,
    /// A window of a browser in which a page is open.
    TabId,
    /// What was typed over somebody else's changes and waits for a choice.
    ConflictId,
    /// An order draft at the supplier.
    DraftId,
    /// A sales order at the supplier.
    SalesOrderId,
    /// An article in the own register.
    ArticleId,
    /// A contact: another company, or the own one.
    ContactId,
    /// A person at a contact.
    ContactPersonId,
    /// A token issued here to a partner.
    TokenId,
    /// A partner's endpoint with the token it gave us.
    ConnectionId,
    /// What travels between two instances; the sender chooses it, and it is the idempotency key.
    MessageId,
    /// One row of the message table.
    MessageKey,
    /// One try to send a message.
    AttemptId,
    /// One request of a partner that made no message.
    PartnerRequestId,
    /// One run of "Eksporter til partner".
    ExportJobId,
    /// A file that was brought in.
    ImportId,
    /// A saved view of a list.
    SavedViewId,
    /// Something that was done with many orders at once.
    OrderBatchId,
    /// Many order drafts that were answered at once.
    DraftBatchId,
    /// A decision about a number and an article of a supplier.
    SupplierLinkId,
    /// A person who signs in.
    UserId,
    /// The identity of one database, made when it is made.
    InstanceId,
    /// Follows one piece of work through both systems.
    CorrelationId,
}

impl FormKey {
    /// The id of the form's new line with this number, from 0: the same each time it is sent, so that it is kept once.
    pub fn line_id(self, number: u32) -> OrderLineId {
        let mut bytes = self.0.into_bytes();
        bytes[12..].copy_from_slice(&number.to_be_bytes());
        OrderLineId(Uuid::from_bytes(bytes))
    }
}
