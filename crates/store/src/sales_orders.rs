//! Sales orders: what approved drafts became.

mod list;

use domain::decimal::{Percent, Quantity, UnitPrice};
use domain::ids::{ArticleId, ContactId, DraftId, SalesOrderId};
use domain::money::Money;
use domain::sales_orders::{SalesOrder, SalesOrderLine};
use domain::time::{CalendarDate, Timestamp};
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{Tx, on};
use crate::value::{date, small};

pub use list::list;

/// A sales order to be written.
#[derive(Clone, Debug)]
pub struct NewSalesOrder {
    pub sales_order_id: SalesOrderId,
    pub number: String,
    pub draft_id: DraftId,
    pub customer_id: ContactId,
    pub customer_order_number: String,
    pub requested_delivery_date: Option<CalendarDate>,
    pub currency: String,
    pub net_total: Money,
    pub created_by: String,
    pub lines: Vec<(ArticleId, SalesOrderLine)>,
}

/// Writes a sales order with its lines.
pub async fn add(tx: &mut Tx, order: &NewSalesOrder, now: Timestamp) -> Result<(), StoreError> {
    on!(tx, |conn| {
        sqlx::query(
        "INSERT INTO sales_order (sales_order_id, number, draft_id, customer_id, customer_order_number, requested_delivery_date,
             currency, net_total, created_at, created_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    )
    .bind(order.sales_order_id.0)
    .bind(&order.number)
    .bind(order.draft_id.0)
    .bind(order.customer_id.0)
    .bind(&order.customer_order_number)
    .bind(order.requested_delivery_date.map(|date| date.to_string()))
    .bind(&order.currency)
    .bind(order.net_total.0)
    .bind(now.0)
    .bind(&order.created_by)
    .execute(conn)
    .await?.rows_affected()
    });
    for (article_id, line) in &order.lines {
        on!(tx, |conn| {
            sqlx::query(
            "INSERT INTO sales_order_line (sales_order_id, line_number, article_id, article_number, description, customer_article_number,
                 quantity, unit, unit_price, price_base_quantity, discount_percent, vat_rate, amount)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
        )
        .bind(order.sales_order_id.0)
        .bind(i64::from(line.line_number))
        .bind(article_id.0)
        .bind(&line.article_number)
        .bind(&line.description)
        .bind(&line.customer_article_number)
        .bind(line.quantity.0)
        .bind(&line.unit)
        .bind(line.unit_price.0)
        .bind(line.price_base_quantity.0)
        .bind(line.discount_percent.0)
        .bind(line.vat_rate.0)
        .bind(line.amount.0)
        .execute(conn)
        .await?.rows_affected()
        });
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct HeadRow {
    sales_order_id: Uuid,
    number: String,
    draft_id: Uuid,
    draft_number: String,
    customer_name: String,
    customer_order_number: String,
    requested_delivery_date: Option<String>,
    currency: String,
    net_total: i64,
    created_at: i64,
    created_by: String,
}

#[derive(sqlx::FromRow)]
struct LineRow {
    line_number: i64,
    article_number: String,
    description: String,
    customer_article_number: String,
    quantity: i64,
    unit: String,
    unit_price: i64,
    price_base_quantity: i64,
    discount_percent: i64,
    vat_rate: i64,
    amount: i64,
}

/// The sales order with the number, with its lines. The tax is left for the caller to compute.
pub async fn find_by_number(tx: &mut Tx, number: &str) -> Result<Option<SalesOrder>, StoreError> {
    let head: Option<HeadRow> = on!(tx, |conn| {
        sqlx::query_as(
        "SELECT s.*, d.number AS draft_number, c.name AS customer_name FROM sales_order s
         JOIN order_draft d ON d.draft_id = s.draft_id JOIN contact c ON c.contact_id = s.customer_id WHERE s.number = $1"
    )
    .bind(number)
    .fetch_optional(conn)
    .await?
    });
    let Some(head) = head else { return Ok(None) };
    let rows: Vec<LineRow> = on!(tx, |conn| sqlx::query_as(
        "SELECT * FROM sales_order_line WHERE sales_order_id = $1 ORDER BY line_number"
    )
    .bind(head.sales_order_id)
    .fetch_all(conn)
    .await?);
    let lines = rows
        .into_iter()
        .map(|row| {
            Ok(SalesOrderLine {
                line_number: small(row.line_number, "sales_order_line", "line_number")?,
                article_number: row.article_number,
                description: row.description,
                customer_article_number: row.customer_article_number,
                quantity: Quantity(row.quantity),
                unit: row.unit,
                unit_price: UnitPrice(row.unit_price),
                price_base_quantity: Quantity(row.price_base_quantity),
                discount_percent: Percent(row.discount_percent),
                vat_rate: Percent(row.vat_rate),
                amount: Money(row.amount),
            })
        })
        .collect::<Result<_, StoreError>>()?;
    Ok(Some(SalesOrder {
        sales_order_id: SalesOrderId(head.sales_order_id),
        number: head.number,
        draft_id: DraftId(head.draft_id),
        draft_number: head.draft_number,
        customer_name: head.customer_name,
        customer_order_number: head.customer_order_number,
        requested_delivery_date: date(
            head.requested_delivery_date,
            "sales_order",
            "requested_delivery_date",
        )?,
        currency: head.currency,
        net_total: Money(head.net_total),
        vat: Vec::new(),
        created_at: Timestamp(head.created_at),
        created_by: head.created_by,
        lines,
    }))
}
