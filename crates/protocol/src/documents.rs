//! The documents that travel.
//!
//! Unknown fields are refused. Decimals and amounts are strings in the strict grammar of `domain::decimal`.

use domain::articles::ArticleStatus;
use domain::decimal::{Percent, Quantity, UnitPrice};
use domain::ids::{ContactId, CorrelationId, InstanceId, MessageId, OrderId};
use domain::money::Money;
use domain::time::CalendarDate;
use domain::tokens::Scope;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::object_only;
use crate::problem::Problem;

/// A purchase order on its way to the supplier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PurchaseOrderDocument {
    /// Chosen by the sender; equal to `Idempotency-Key`.
    #[schema(value_type = String, format = Uuid)]
    pub message_id: MessageId,
    #[schema(value_type = String, format = Uuid)]
    pub correlation_id: CorrelationId,
    /// The order's identity, for ever.
    #[schema(value_type = String, format = Uuid)]
    pub order_uid: OrderId,
    /// The buyer's order number.
    pub order_number: String,
    /// From 1.
    pub revision: i32,
    /// ISO 4217.
    pub currency: String,
    #[schema(value_type = Option<String>, format = Date)]
    pub requested_delivery_date: Option<CalendarDate>,
    /// Where the goods go; left out when it is the buyer's own address.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "object_only::optional")]
    pub delivery: Option<DeliveryPlace>,
    pub buyer_reference: Option<String>,
    /// What the supplier calls it, as the buyer knows; left out when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier_reference: Option<String>,
    pub note: Option<String>,
    /// The sum of the lines' amounts, two decimals.
    #[schema(value_type = String, example = "2302.00")]
    pub net_total: Money,
    #[serde(deserialize_with = "object_only::one")]
    pub buyer: Party,
    /// 1 to 1,000 lines.
    #[serde(deserialize_with = "object_only::many")]
    pub lines: Vec<DocumentLine>,
}

/// Where an order is to be delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeliveryPlace {
    pub name: String,
    pub street: String,
    pub postal_code: String,
    pub city: String,
}

/// One line of a purchase order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentLine {
    /// Unique in the order, from 1.
    pub line_number: i32,
    /// The supplier's article number, as the buyer has it.
    pub supplier_article_number: Option<String>,
    /// The buyer's own article number.
    pub buyer_article_number: Option<String>,
    pub gtin: Option<String>,
    pub description: String,
    #[schema(value_type = String, example = "40")]
    pub quantity: Quantity,
    /// UN/ECE Recommendation 20.
    pub unit: String,
    #[schema(value_type = String, example = "6.10")]
    pub unit_price: UnitPrice,
    /// The quantity that the price is for.
    #[schema(value_type = String, example = "1")]
    pub price_base_quantity: Quantity,
    #[schema(value_type = String, example = "12.5")]
    pub discount_percent: Percent,
    /// quantity × price ÷ base quantity × (1 − discount), rounded half up to two decimals, once.
    #[schema(value_type = String, example = "244.00")]
    pub amount: Money,
    pub note: Option<String>,
}

/// A company, as it says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Party {
    pub name: String,
    pub org_number: Option<String>,
    pub street: String,
    pub postal_code: String,
    pub city: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    #[serde(deserialize_with = "object_only::many")]
    pub contact_persons: Vec<PartyPerson>,
}

/// A person at a company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartyPerson {
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
}

/// Who answers here, and what the token may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Identity {
    #[schema(value_type = String, format = Uuid)]
    pub instance_id: InstanceId,
    /// Raised when the database is restored.
    pub epoch: i64,
    pub company: Party,
    /// The extension *ProdSys to ProdSys* is on.
    pub extension_on: bool,
    #[schema(value_type = Vec<String>)]
    pub scopes: Vec<Scope>,
    /// RFC 3339.
    pub token_expires_at: String,
    pub api_versions: Vec<String>,
    pub product_version: String,
}

/// An article of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ArticleDocument {
    pub number: String,
    pub name: String,
    pub unit: String,
    #[schema(value_type = String)]
    pub price: UnitPrice,
    #[schema(value_type = String)]
    pub price_base_quantity: Quantity,
    pub currency: String,
    #[schema(value_type = String)]
    pub vat_rate: Percent,
    pub gtin: Option<String>,
    #[schema(value_type = Option<String>)]
    pub pack_size: Option<Quantity>,
    /// The supplier sells no fewer.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    pub minimum_quantity: Option<Quantity>,
    /// `active`, `going_out` or `discontinued`. What a reader does not know is `active` to it.
    #[schema(value_type = Option<String>)]
    #[serde(default, deserialize_with = "known_status")]
    pub status: ArticleStatus,
    /// The number of the article that has taken its place.
    #[serde(default)]
    pub replaced_by: Option<String>,
}

/// A status from a partner that may know more of them, or none.
fn known_status<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<ArticleStatus, D::Error> {
    let code = Option::<String>::deserialize(deserializer)?;
    Ok(code.and_then(|code| ArticleStatus::parse(&code)).unwrap_or_default())
}

/// One page of the catalogue: what changed after the cursor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ArticlePage {
    pub articles: Vec<ArticleDocument>,
    /// The cursor for the next request.
    pub next: String,
    pub has_more: bool,
}

/// A request for articles by number; at most 500.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ArticleLookupRequest {
    pub numbers: Vec<String>,
}

/// Those of the asked-for articles that exist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ArticleLookupAnswer {
    pub articles: Vec<ArticleDocument>,
}

/// A contact that both sides keep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactDocument {
    #[schema(value_type = String, format = Uuid)]
    pub uid: ContactId,
    #[serde(deserialize_with = "object_only::one")]
    pub party: Party,
}

/// The contacts that the token may see: this company, and the caller as it is kept here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ContactPage {
    pub contacts: Vec<ContactDocument>,
}

/// What the dry run found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CheckAnswer {
    pub findings: Vec<LineFinding>,
    /// The order would be taken as from a contact that is here; else one will be made on import.
    pub customer_known: bool,
}

/// What would happen to one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LineFinding {
    pub line_number: i32,
    /// The supplier's article that the line would be linked to.
    pub article_number: Option<String>,
    /// `unknown_article` or `number_missing`: the line would be parked.
    pub issue: Option<String>,
}

/// An order's full state at the supplier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderState {
    #[schema(value_type = String, format = Uuid)]
    pub order_uid: OrderId,
    /// Rises with every change; a state with a lower one is old.
    pub sequence: i64,
    pub revision: i32,
    /// `received`, `in_review`, `approved`, `approved_with_changes`, `rejected` or `withdrawn`.
    pub status: String,
    pub draft_number: String,
    pub sales_order_number: Option<String>,
    pub reason: Option<String>,
    /// RFC 3339.
    pub changed_at: String,
}

/// What the sender must see before it takes an order for delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Receipt {
    #[schema(value_type = String, format = Uuid)]
    pub message_id: MessageId,
    /// SHA-256 of the body as it was received, 64 hexadecimal digits.
    pub body_sha256: String,
    #[schema(value_type = String, format = Uuid)]
    pub instance_id: InstanceId,
    pub epoch: i64,
    /// RFC 3339.
    pub received_at: String,
    pub state: OrderState,
}

/// One line of the answer to a batch: a receipt, or what was wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BatchLine {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub message_id: Option<MessageId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}

/// One event of the feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FeedEvent {
    pub position: String,
    /// `order`.
    pub kind: String,
    pub order: OrderState,
    #[schema(value_type = Option<String>, format = Uuid)]
    pub correlation_id: Option<CorrelationId>,
}

/// One page of the feed, in commit order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FeedPage {
    pub events: Vec<FeedEvent>,
    /// The cursor for the next request.
    pub next: String,
    /// The newest place of the catalogue, for those who asked with `articles` and may read it: another place than theirs means that
    /// articles have changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub articles: Option<String>,
}
