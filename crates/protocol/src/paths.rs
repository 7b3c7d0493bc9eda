//! The partner API's paths.

/// In front of every path.
pub const PREFIX: &str = "/partner/v1";
/// Who the partner is.
pub const IDENTITY: &str = "/partner/v1/identity";
/// The catalogue, by cursor.
pub const ARTICLES: &str = "/partner/v1/articles";
/// Many article numbers at once.
pub const ARTICLE_LOOKUP: &str = "/partner/v1/articles/lookup";
/// Contacts that the partner may compare.
pub const CONTACTS: &str = "/partner/v1/contacts";
/// One order, and the state of one order as `{ORDERS}/{uid}`.
pub const ORDERS: &str = "/partner/v1/purchase-orders";
/// The dry run.
pub const ORDER_CHECK: &str = "/partner/v1/purchase-orders/check";
/// Many orders, one a line.
pub const ORDER_BATCH: &str = "/partner/v1/purchase-orders/batch";
/// The feed.
pub const EVENTS: &str = "/partner/v1/events";
