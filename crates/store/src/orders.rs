//! Purchase orders.

use std::collections::HashMap;

use domain::decimal::{Percent, Quantity, UnitPrice};
use domain::ids::{ArticleId, ContactId, CorrelationId, OrderId, OrderLineId};
use domain::money::Money;
use domain::orders::{DeliveryAddress, OrderLine, OrderStatus, PurchaseOrder};
use domain::time::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{ROWS, Tx, locked, on, push_list};
use crate::value::{date, required, small};

mod answers;
mod batches;
mod changes;
mod copies;
mod deleted;
mod list;
mod question;
pub mod templates;
mod typed;

pub use answers::{Answer, Standing, apply_answers, lock_standings};
pub use batches::{batch, keep_batch, lock_batch};
pub use changes::{
    Change, KeptConflict, add_change, add_conflict, changes_after, claim_form, conflict, history_reaches,
    lines_elsewhere, order_of_form, order_of_line, remove_conflict,
};
pub use copies::latest_of_supplier;
pub use deleted::{Deleted, keep_deleted, restore};
pub use list::{counts, ids, list, ready, row, rows};
pub use typed::{lock_unmarked, set_marks, set_typed, typed, typed_each, unmarked, write_what_is_read};

#[derive(sqlx::FromRow)]
struct HeadRow {
    order_id: Uuid,
    number: String,
    order_ref: Option<String>,
    supplier_id: Option<Uuid>,
    supplier_name: Option<String>,
    status: String,
    revision: i64,
    requested_delivery_date: Option<String>,
    currency: String,
    delivery_name: String,
    delivery_street: String,
    delivery_postal_code: String,
    delivery_city: String,
    our_reference: String,
    their_reference: String,
    note: String,
    net_total: i64,
    correlation_id: Uuid,
    created_at: i64,
    created_by: String,
    updated_at: i64,
    version: i64,
    answer_sequence: i64,
    partner_draft_number: Option<String>,
    partner_sales_order_number: Option<String>,
    answer_reason: Option<String>,
}

#[derive(sqlx::FromRow)]
struct LineRow {
    order_id: Uuid,
    line_id: Uuid,
    line_number: i64,
    article_id: Option<Uuid>,
    article_number: String,
    description: String,
    supplier_article_number: String,
    gtin: Option<String>,
    quantity: i64,
    unit: String,
    unit_price: i64,
    price_base_quantity: i64,
    discount_percent: i64,
    vat_rate: i64,
    amount: i64,
    note: String,
}

impl LineRow {
    fn into_line(self) -> Result<OrderLine, StoreError> {
        Ok(OrderLine {
            line_id: OrderLineId(self.line_id),
            line_number: small(self.line_number, "order_line", "line_number")?,
            article_id: self.article_id.map(ArticleId),
            article_number: self.article_number,
            description: self.description,
            supplier_article_number: self.supplier_article_number,
            gtin: self.gtin,
            quantity: Quantity(self.quantity),
            unit: self.unit,
            unit_price: UnitPrice(self.unit_price),
            price_base_quantity: Quantity(self.price_base_quantity),
            discount_percent: Percent(self.discount_percent),
            vat_rate: Percent(self.vat_rate),
            amount: Money(self.amount),
            note: self.note,
        })
    }
}

impl HeadRow {
    fn into_order(self, lines: Vec<OrderLine>) -> Result<PurchaseOrder, StoreError> {
        Ok(PurchaseOrder {
            order_id: OrderId(self.order_id),
            number: self.number,
            order_ref: self.order_ref,
            supplier_id: self.supplier_id.map(ContactId),
            supplier_name: self.supplier_name,
            status: required(OrderStatus::from_code(&self.status), "purchase_order", "status")?,
            revision: small(self.revision, "purchase_order", "revision")?,
            requested_delivery_date: date(
                self.requested_delivery_date,
                "purchase_order",
                "requested_delivery_date",
            )?,
            currency: self.currency,
            delivery: DeliveryAddress {
                name: self.delivery_name,
                street: self.delivery_street,
                postal_code: self.delivery_postal_code,
                city: self.delivery_city,
            },
            our_reference: self.our_reference,
            their_reference: self.their_reference,
            note: self.note,
            net_total: Money(self.net_total),
            lines,
            correlation_id: CorrelationId(self.correlation_id),
            created_at: Timestamp(self.created_at),
            created_by: self.created_by,
            updated_at: Timestamp(self.updated_at),
            version: self.version,
            answer_sequence: self.answer_sequence,
            partner_draft_number: self.partner_draft_number,
            partner_sales_order_number: self.partner_sales_order_number,
            answer_reason: self.answer_reason,
        })
    }
}

/// Binds the head of an order, which its person writes, as `$1` to `$12`: in one order for every statement that keeps it.
macro_rules! bind_head {
    ($query:expr, $order:expr) => {
        $query
            .bind($order.supplier_id.map(|id| id.0))
            .bind($order.requested_delivery_date.map(|date| date.to_string()))
            .bind(&$order.currency)
            .bind(&$order.our_reference)
            .bind(&$order.their_reference)
            .bind(&$order.note)
            .bind($order.net_total.0)
            .bind(i64::try_from($order.lines.len()).unwrap_or(i64::MAX))
            .bind(&$order.delivery.name)
            .bind(&$order.delivery.street)
            .bind(&$order.delivery.postal_code)
            .bind(&$order.delivery.city)
    };
}
pub(super) use bind_head;

/// Writes a new order without lines.
pub async fn add(tx: &mut Tx, order: &PurchaseOrder) -> Result<bool, StoreError> {
    let affected = on!(tx, |conn| {
        bind_head!(
            sqlx::query(
                "INSERT INTO purchase_order (supplier_id, requested_delivery_date, currency, our_reference, their_reference, note, net_total,
                     line_count, delivery_name, delivery_street, delivery_postal_code, delivery_city, order_id, number, order_ref, status,
                     revision, correlation_id, created_at, created_by, updated_at, version, answer_sequence)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $19, 1, 0)
                 ON CONFLICT (order_ref) DO NOTHING",
            ),
            order
        )
        .bind(order.order_id.0)
        .bind(&order.number)
        .bind(order.order_ref.as_deref())
        .bind(order.status.as_str())
        .bind(i64::from(order.revision))
        .bind(order.correlation_id.0)
        .bind(order.created_at.0)
        .bind(&order.created_by)
        .execute(conn)
        .await?
        .rows_affected()
    });
    Ok(affected == 1)
}

/// Saves the head of an order that nobody changed since `version`; `false` when someone did.
pub async fn save(
    tx: &mut Tx,
    order: &PurchaseOrder,
    version: i64,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let affected = on!(tx, |conn| {
        bind_head!(
            sqlx::query(
                "UPDATE purchase_order SET supplier_id = $1, requested_delivery_date = $2, currency = $3, our_reference = $4,
                     their_reference = $5, note = $6, net_total = $7, line_count = $8, delivery_name = $9, delivery_street = $10,
                     delivery_postal_code = $11, delivery_city = $12, status = $13, updated_at = $14, version = version + 1
                 WHERE order_id = $15 AND version = $16 AND status IN ('draft', 'ready')",
            ),
            order
        )
        .bind(order.status.as_str())
        .bind(now.0)
        .bind(order.order_id.0)
        .bind(version)
        .execute(conn)
        .await?
        .rows_affected()
    });
    Ok(affected == 1)
}

/// Puts these lines in the place of those that the order has.
pub async fn replace_lines(tx: &mut Tx, order_id: OrderId, lines: &[OrderLine]) -> Result<(), StoreError> {
    on!(tx, |conn| sqlx::query("DELETE FROM order_line WHERE order_id = $1")
        .bind(order_id.0)
        .execute(conn)
        .await?
        .rows_affected());
    for chunk in lines.chunks(ROWS) {
        on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new(
                "INSERT INTO order_line (line_id, order_id, line_number, article_id, article_number, description, supplier_article_number,
                     gtin, quantity, unit, unit_price, price_base_quantity, discount_percent, vat_rate, amount, note) ",
            );
            query.push_values(chunk, |mut row, line| {
                row.push_bind(line.line_id.0)
                    .push_bind(order_id.0)
                    .push_bind(i64::from(line.line_number))
                    .push_bind(line.article_id.map(|id| id.0))
                    .push_bind(line.article_number.clone())
                    .push_bind(line.description.clone())
                    .push_bind(line.supplier_article_number.clone())
                    .push_bind(line.gtin.clone())
                    .push_bind(line.quantity.0)
                    .push_bind(line.unit.clone())
                    .push_bind(line.unit_price.0)
                    .push_bind(line.price_base_quantity.0)
                    .push_bind(line.discount_percent.0)
                    .push_bind(line.vat_rate.0)
                    .push_bind(line.amount.0)
                    .push_bind(line.note.clone());
            });
            query.build().execute(conn).await?.rows_affected()
        });
    }
    Ok(())
}

/// Orders with their lines, by their ids; those that are there.
pub async fn lookup_each(
    tx: &mut Tx,
    order_ids: &[OrderId],
) -> Result<HashMap<OrderId, PurchaseOrder>, StoreError> {
    let mut orders = HashMap::with_capacity(order_ids.len());
    for chunk in order_ids.chunks(ROWS) {
        let heads: Vec<HeadRow> = on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new(
                "SELECT o.*, c.name AS supplier_name FROM purchase_order o LEFT JOIN contact c ON c.contact_id = o.supplier_id
                 WHERE o.order_id IN ",
            );
            push_list(&mut query, chunk.iter().map(|id| id.0));
            query.build_query_as().fetch_all(conn).await?
        });
        if heads.is_empty() {
            continue;
        }
        let rows: Vec<LineRow> = on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new("SELECT * FROM order_line WHERE order_id IN ");
            push_list(&mut query, heads.iter().map(|head| head.order_id));
            query.push(" ORDER BY order_id, line_number");
            query.build_query_as().fetch_all(conn).await?
        });
        let mut lines: HashMap<Uuid, Vec<OrderLine>> = HashMap::with_capacity(heads.len());
        for row in rows {
            lines.entry(row.order_id).or_default().push(row.into_line()?);
        }
        for head in heads {
            let lines = lines.remove(&head.order_id).unwrap_or_default();
            orders.insert(OrderId(head.order_id), head.into_order(lines)?);
        }
    }
    Ok(orders)
}

/// An order with its lines.
pub async fn lookup(tx: &mut Tx, order_id: OrderId) -> Result<Option<PurchaseOrder>, StoreError> {
    Ok(lookup_each(tx, &[order_id]).await?.remove(&order_id))
}

/// Orders with their lines, kept from others until the transaction ends; those that are there.
pub async fn lock_each(
    tx: &mut Tx,
    order_ids: &[OrderId],
) -> Result<HashMap<OrderId, PurchaseOrder>, StoreError> {
    // SQLite has one writer and needs no such lock. Everybody locks in the same order, so that nobody waits in a circle.
    if tx.is_postgres() {
        for chunk in order_ids.chunks(ROWS) {
            on!(tx, |conn| {
                let mut query = sqlx::QueryBuilder::new("SELECT 1 FROM purchase_order WHERE order_id IN ");
                push_list(&mut query, chunk.iter().map(|id| id.0));
                query.push(" ORDER BY order_id FOR UPDATE");
                query.build().execute(conn).await?.rows_affected()
            });
        }
    }
    lookup_each(tx, order_ids).await
}

/// An order with its lines, kept from others until the transaction ends.
pub async fn lock(tx: &mut Tx, order_id: OrderId) -> Result<Option<PurchaseOrder>, StoreError> {
    Ok(lock_each(tx, &[order_id]).await?.remove(&order_id))
}

/// The id of the order with the number.
pub async fn find_by_number(tx: &mut Tx, number: &str) -> Result<Option<OrderId>, StoreError> {
    let id: Option<Uuid> =
        on!(tx, |conn| sqlx::query_scalar("SELECT order_id FROM purchase_order WHERE number = $1")
            .bind(number)
            .fetch_optional(conn)
            .await?);
    Ok(id.map(OrderId))
}

/// Moves orders on, and tells how many: those that still are in the status that the move starts from.
pub async fn set_status(
    tx: &mut Tx,
    order_ids: &[OrderId],
    from: OrderStatus,
    to: OrderStatus,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let mut moved = 0;
    for chunk in order_ids.chunks(ROWS) {
        moved += on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new("UPDATE purchase_order SET status = ");
            query.push_bind(to.as_str()).push(", updated_at = ").push_bind(now.0);
            query.push(", version = version + 1 WHERE status = ").push_bind(from.as_str());
            query.push(" AND order_id IN ");
            push_list(&mut query, chunk.iter().map(|id| id.0));
            query.build().execute(conn).await?.rows_affected()
        });
    }
    Ok(usize::try_from(moved).unwrap_or(usize::MAX))
}

/// Removes a draft that was never sent. `false` when there is none such.
pub async fn remove_draft(tx: &mut Tx, order_id: OrderId) -> Result<bool, StoreError> {
    let sql =
        locked!(tx, "SELECT 1 FROM purchase_order WHERE order_id = $1 AND status IN ('draft', 'ready')");
    if on!(tx, |conn| sqlx::query(sql).bind(order_id.0).fetch_optional(conn).await?.is_none()) {
        return Ok(false);
    }
    // The key of the form that made it stays, so that a late try of that form does not make it again.
    for sql in [
        "DELETE FROM export_item WHERE order_id = $1",
        "DELETE FROM partner_check WHERE order_id = $1",
        "DELETE FROM order_typed WHERE order_id = $1",
        "DELETE FROM order_presence WHERE order_id = $1",
        "DELETE FROM order_change WHERE order_id = $1",
        "DELETE FROM order_conflict WHERE order_id = $1",
        "DELETE FROM order_line WHERE order_id = $1",
        "DELETE FROM purchase_order WHERE order_id = $1",
    ] {
        on!(tx, |conn| sqlx::query(sql).bind(order_id.0).execute(conn).await?.rows_affected());
    }
    Ok(true)
}
