//! *Dupliser* and *Hent fra forrige ordre*: an order's lines again, with today's prices.

use domain::decimal::{Quantity, UnitPrice};
use domain::errors::ErrorCode;
use domain::ids::{ContactId, OrderId};
use domain::orders::{
    CopiedLine, OrderInput, OrderLine, OrderLineInput, PriceChange, PurchaseOrder, PurchaseOrderRow,
    price_changes,
};
use domain::roles::Permission;
use serde::{Deserialize, Serialize};
use store::Tx;

use super::filling::fill_in;
use super::{SavedOrder, Saving, by_number, keep, new_order, snapshot};
use crate::ctx::Ctx;
use crate::error::ServiceError;

/// Orders that are offered to fetch lines from.
const MAX_PREVIOUS: i64 = 20;

/// An order that was made of another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duplicated {
    pub order: SavedOrder,
    /// The number of the order that it was made of.
    pub from_number: String,
    /// Prices that are others today.
    pub changes: Vec<PriceChange>,
}

/// The supplier's latest orders, newest first; at most twenty.
pub async fn previous(ctx: &Ctx, supplier: ContactId) -> Result<Vec<PurchaseOrderRow>, ServiceError> {
    ctx.require(Permission::Purchase)?;
    let mut tx = ctx.store.begin_read().await?;
    let ids = store::orders::latest_of_supplier(&mut tx, supplier, MAX_PREVIOUS).await?;
    let mut rows = store::orders::rows(&mut tx, &ids).await?;
    Ok(ids.iter().filter_map(|id| rows.remove(id)).collect())
}

/// An order's lines as they would be ordered today.
pub async fn lines_of(ctx: &Ctx, order_id: OrderId) -> Result<Vec<CopiedLine>, ServiceError> {
    ctx.require(Permission::Purchase)?;
    let mut tx = ctx.store.begin_read().await?;
    let order = store::orders::lookup(&mut tx, order_id).await?.ok_or(ErrorCode::NotFound)?;
    let lines = again(&mut tx, &order).await?;
    Ok(order.lines.iter().zip(lines).map(|(old, line)| copied(old, line)).collect())
}

/// Makes a draft of an order: the same supplier, delivery and lines, no date, today's prices.
pub async fn duplicate(ctx: &Ctx, order_id: OrderId) -> Result<Duplicated, ServiceError> {
    ctx.require(Permission::Purchase)?;
    ctx.write(order_id, |ctx, tx, order_id| Box::pin(duplicate_in(ctx, tx, *order_id))).await
}

pub(super) async fn duplicate_in(
    ctx: &Ctx,
    tx: &mut Tx,
    order_id: OrderId,
) -> Result<Duplicated, ServiceError> {
    let from = store::orders::lookup(tx, order_id).await?.ok_or(ErrorCode::NotFound)?;
    let lines = again(tx, &from).await?;
    let typed = snapshot(tx, &from).await?;
    let input = OrderInput { requested_delivery_date: String::new(), lines, ..typed };
    let order = new_order(ctx, tx, None).await?;
    store::orders::add(tx, &order).await?;
    let new_id = order.order_id;
    let order = keep(ctx, tx, order, &input, &Saving { kind: "order_created", form_key: None }).await?;
    let now = store::orders::lookup(tx, new_id).await?.map(|order| order.lines).unwrap_or_default();
    Ok(Duplicated { order, from_number: from.number, changes: price_changes(&from.lines, &now) })
}

/// Prices of an order that are others than in the one it was copied from, both by their numbers.
pub async fn changes_since(ctx: &Ctx, number: &str, from: &str) -> Result<Vec<PriceChange>, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    let from = by_number(&mut tx, from).await?;
    let order = by_number(&mut tx, number).await?;
    Ok(price_changes(&from.lines, &order.lines))
}

/// The order's lines without their ids; the price of those that the register or the catalogue has is looked up anew, the price of
/// others stays.
async fn again(tx: &mut Tx, order: &PurchaseOrder) -> Result<Vec<OrderLineInput>, ServiceError> {
    let lines = snapshot(tx, order).await?.lines;
    fresh(tx, order.supplier_id, &order.currency, lines).await
}

/// Lines with today's prices, where there are any.
pub(super) async fn fresh(
    tx: &mut Tx,
    supplier: Option<ContactId>,
    currency: &str,
    lines: Vec<OrderLineInput>,
) -> Result<Vec<OrderLineInput>, ServiceError> {
    let bare = lines.iter().map(|line| OrderLineInput {
        line_id: String::new(),
        unit_price: String::new(),
        price_base_quantity: String::new(),
        ..line.clone()
    });
    let filled = fill_in(tx, supplier, currency, bare.collect()).await?;
    let with_old_price = |(filled, old): (OrderLineInput, &OrderLineInput)| {
        if !filled.unit_price.is_empty() {
            return filled;
        }
        OrderLineInput {
            unit_price: old.unit_price.clone(),
            price_base_quantity: old.price_base_quantity.clone(),
            ..filled
        }
    };
    Ok(filled.into_iter().zip(&lines).map(with_old_price).collect())
}

fn copied(old: &OrderLine, line: OrderLineInput) -> CopiedLine {
    // The fields are as we wrote them.
    let price = UnitPrice::parse_typed(&line.unit_price).ok();
    let base = Quantity::parse_typed(&line.price_base_quantity).ok();
    let change = price.zip(base).filter(|(new, new_base)| {
        domain::orders::differs(old.unit_price, old.price_base_quantity, *new, *new_base)
    });
    let change = change.map(|(new, new_base_quantity)| PriceChange {
        line_number: old.line_number,
        article_number: old.article_number.clone(),
        old: old.unit_price,
        old_base_quantity: old.price_base_quantity,
        new,
        new_base_quantity,
    });
    CopiedLine { line, change }
}
