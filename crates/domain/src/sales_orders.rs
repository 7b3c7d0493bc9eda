//! Sales orders: what an approved draft becomes.

mod filter;

use serde::{Deserialize, Serialize};

use crate::decimal::{Percent, Quantity, UnitPrice};
use crate::ids::{DraftId, SalesOrderId};
use crate::money::Money;
use crate::time::{CalendarDate, Timestamp};
use crate::vat::VatLine;

pub use filter::{SalesOrderFilter, SalesOrderSort};

/// A row of *Salgsordre*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SalesOrderRow {
    pub sales_order_id: SalesOrderId,
    pub number: String,
    pub draft_number: String,
    pub customer_name: String,
    pub customer_order_number: String,
    pub requested_delivery_date: Option<CalendarDate>,
    pub currency: String,
    pub net_total: Money,
    pub line_count: i64,
    pub created_at: Timestamp,
    pub created_by: String,
}

/// A line of a sales order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SalesOrderLine {
    pub line_number: i32,
    pub article_number: String,
    pub description: String,
    pub customer_article_number: String,
    pub quantity: Quantity,
    pub unit: String,
    pub unit_price: UnitPrice,
    pub price_base_quantity: Quantity,
    pub discount_percent: Percent,
    pub vat_rate: Percent,
    pub amount: Money,
}

/// A sales order with its lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SalesOrder {
    pub sales_order_id: SalesOrderId,
    pub number: String,
    pub draft_id: DraftId,
    pub draft_number: String,
    pub customer_name: String,
    pub customer_order_number: String,
    pub requested_delivery_date: Option<CalendarDate>,
    pub currency: String,
    pub net_total: Money,
    pub vat: Vec<VatLine>,
    pub created_at: Timestamp,
    pub created_by: String,
    pub lines: Vec<SalesOrderLine>,
}
