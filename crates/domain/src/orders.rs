//! Purchase orders: their lines, their status, and what a person types.

mod batch;
mod changes;
mod copies;
mod fields;
mod filter;
mod input;
mod listed_price;
mod merge;
pub mod sheet;
mod told;
mod totals;
mod transitions;
mod unread;

use serde::{Deserialize, Serialize};

use crate::contacts::Contact;
use crate::decimal::{Percent, Quantity, UnitPrice};
use crate::errors::{ErrorCode, FieldError};
use crate::exports::CheckedOrder;
use crate::ids::{ArticleId, ContactId, CorrelationId, OrderId, OrderLineId};
use crate::logs::LogRow;
use crate::matching::{LineFacts, Match};
use crate::messages::MessageState;
use crate::money::Money;
use crate::time::{CalendarDate, Timestamp};

pub use batch::{BatchAction, BatchItem, ChosenOrders, MAX_BATCH, OrderBatch, PrintedOrder};
pub use changes::{OrderDifference, OrderVersion, differences, undone};
pub use copies::{
    CopiedLine, FilledLine, MAX_TEMPLATE_NAME, MAX_TEMPLATES, OrderTemplate, OrderTemplateRow, PriceChange,
    differs, price_changes,
};
pub use fields::alike;
pub use filter::{DateRange, ExactLines, ExportStop, OrderFilter, OrderSort, searched};
pub use input::{CheckedHead, CheckedLine, OrderInput, OrderLineInput};
pub use listed_price::{ListedPrice, is_same_unit};
pub use merge::{Conflict, Merged, OrderConflict, merge};
pub use told::told_beside;
pub use totals::{Totals, USUAL_VAT};
pub use transitions::{OrderEvent, apply};
pub use unread::{AMOUNT, UnreadCell, UnreadField, UnreadMarks, typed_in, unread_cells};

/// The most lines of one order.
pub const MAX_LINES: usize = 1000;

/// Where an order is in its life. What happens to the message that carries it is another axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    Draft,
    Ready,
    /// *Sendt til leverandør*: a message carries it; no receipt yet.
    Exported,
    /// The supplier has it as a draft.
    Received,
    InReview,
    Approved,
    ApprovedWithChanges,
    Rejected,
    Withdrawn,
    Cancelled,
    Closed,
}

impl OrderStatus {
    pub const ALL: [Self; 11] = [
        Self::Draft,
        Self::Ready,
        Self::Exported,
        Self::Received,
        Self::InReview,
        Self::Approved,
        Self::ApprovedWithChanges,
        Self::Rejected,
        Self::Withdrawn,
        Self::Cancelled,
        Self::Closed,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Ready => "ready",
            Self::Exported => "exported",
            Self::Received => "received",
            Self::InReview => "in_review",
            Self::Approved => "approved",
            Self::ApprovedWithChanges => "approved_with_changes",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Cancelled => "cancelled",
            Self::Closed => "closed",
        }
    }

    pub fn from_code(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }

    /// The buyer may still change lines.
    pub fn is_editable(self) -> bool {
        matches!(self, Self::Draft | Self::Ready)
    }
}

/// A line of an order, as it is kept and shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    pub line_id: OrderLineId,
    /// From 1, without gaps.
    pub line_number: i32,
    pub article_id: Option<ArticleId>,
    pub article_number: String,
    pub description: String,
    pub supplier_article_number: String,
    pub gtin: Option<String>,
    pub quantity: Quantity,
    pub unit: String,
    pub unit_price: UnitPrice,
    pub price_base_quantity: Quantity,
    pub discount_percent: Percent,
    pub vat_rate: Percent,
    pub amount: Money,
    pub note: String,
}

impl OrderLine {
    /// What of the line is compared with the supplier's articles; the currency is the order's. What is `unread` of it says nothing yet, as
    /// in the form: there is no price, and the usual unit.
    pub fn facts(&self, currency: &str, unread: &[UnreadCell]) -> LineFacts {
        let is_unread =
            |field: &str| unread.iter().any(|cell| cell.line_id == self.line_id && cell.field == field);
        let has_price = !is_unread("unit_price") && !is_unread("price_base_quantity");
        let unit = if is_unread("unit") { "EA" } else { &self.unit };
        LineFacts {
            article_number: self.article_number.clone(),
            supplier_article_number: self.supplier_article_number.clone(),
            description: self.description.clone(),
            gtin: self.gtin.clone(),
            quantity: self.quantity,
            unit: unit.to_owned(),
            unit_price: has_price.then_some(self.unit_price),
            price_base_quantity: self.price_base_quantity,
            currency: currency.to_owned(),
        }
    }
}

/// Where an order is to be delivered; empty means the buyer's own address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryAddress {
    pub name: String,
    pub street: String,
    pub postal_code: String,
    pub city: String,
}

impl DeliveryAddress {
    /// Nothing is said about it.
    pub fn is_empty(&self) -> bool {
        [&self.name, &self.street, &self.postal_code, &self.city].iter().all(|text| text.is_empty())
    }

    /// On one line: `Lager 2, Verftsgata 12, 7042 Trondheim`.
    pub fn one_line(&self) -> String {
        let city = format!("{} {}", self.postal_code, self.city);
        let parts = [self.name.as_str(), self.street.as_str(), city.trim()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

/// A purchase order with its lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurchaseOrder {
    pub order_id: OrderId,
    pub number: String,
    /// The name of the order in the file that it came from.
    pub order_ref: Option<String>,
    pub supplier_id: Option<ContactId>,
    pub supplier_name: Option<String>,
    pub status: OrderStatus,
    pub revision: i32,
    pub requested_delivery_date: Option<CalendarDate>,
    pub currency: String,
    pub delivery: DeliveryAddress,
    pub our_reference: String,
    /// What the supplier calls it.
    #[serde(default)]
    pub their_reference: String,
    pub note: String,
    pub net_total: Money,
    pub lines: Vec<OrderLine>,
    pub correlation_id: CorrelationId,
    pub created_at: Timestamp,
    pub created_by: String,
    pub updated_at: Timestamp,
    pub version: i64,
    /// The sequence number of the supplier's last answer that was applied.
    pub answer_sequence: i64,
    pub partner_draft_number: Option<String>,
    pub partner_sales_order_number: Option<String>,
    pub answer_reason: Option<String>,
}

/// A row of the list *Innkjøpsordre*; also what a live update carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurchaseOrderRow {
    pub order_id: OrderId,
    pub number: String,
    pub supplier_name: Option<String>,
    pub status: OrderStatus,
    /// The state of the message that carries it, once there is one.
    pub message_state: Option<MessageState>,
    /// Only a moment that is still to come.
    pub next_attempt_at: Option<Timestamp>,
    /// The message waits until its connection, which is stopped, has been tested.
    #[serde(default)]
    pub held: bool,
    pub requested_delivery_date: Option<CalendarDate>,
    pub currency: String,
    pub net_total: Money,
    pub line_count: i64,
    /// Something is missing or cannot be read yet; the sum is without it.
    #[serde(default)]
    pub has_unread: bool,
    /// Which of the two, and what was typed in the head; nothing where it is not known yet.
    #[serde(default)]
    pub marks: UnreadMarks,
    pub updated_at: Timestamp,
}

/// The views of the list, as tabs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderView {
    /// Drafts, ready ones, stopped messages and rejected orders.
    NeedsYou,
    Drafts,
    Waiting,
    Approved,
    #[default]
    All,
}

/// Everything the detail page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderDetail {
    pub order: PurchaseOrder,
    pub message_state: Option<MessageState>,
    pub next_attempt_at: Option<Timestamp>,
    pub totals: Totals,
    pub timeline: Vec<TimelineEntry>,
    /// One per line, in the lines' order; empty once the order is sent.
    pub matches: Vec<Match>,
    /// What the checks before an export find now; empty once the order is sent.
    pub checked: Option<CheckedOrder>,
    /// Something typed into the form is missing or cannot be read yet.
    pub has_unread: bool,
    /// The cells of lines among it.
    pub unread: Vec<UnreadCell>,
    /// The fields of the head among it.
    pub unread_head: Vec<UnreadField>,
    /// The message waits until the connection, which is stopped, has been tested.
    pub held: bool,
    /// The message in the log while it has not come through.
    pub undelivered: Option<LogRow>,
    pub supplier: Option<Contact>,
    pub today: CalendarDate,
}

/// One thing that happened, for the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineEntry {
    pub at: Timestamp,
    /// The event's kind, such as `order_exported`; its words are in the translation files.
    pub kind: String,
    /// Who did it: a person's name, a partner's name, or empty for the system.
    pub actor: String,
    pub detail: Option<String>,
}

/// What is missing before the order can be sent: a supplier, at least one line, an article number on each.
pub fn completeness(order: &PurchaseOrder) -> Vec<FieldError> {
    let mut missing = Vec::new();
    if order.supplier_id.is_none() {
        missing.push(FieldError::new("/supplier_id", ErrorCode::Required));
    }
    if order.lines.is_empty() {
        missing.push(FieldError::new("/lines", ErrorCode::NoLines));
    }
    for (index, line) in order.lines.iter().enumerate() {
        if line.supplier_article_number.is_empty()
            && line.article_number.is_empty()
            && line.description.is_empty()
        {
            missing.push(FieldError::new(format!("/lines/{index}/article_number"), ErrorCode::Required));
        }
    }
    missing
}

#[cfg(test)]
mod tests;
