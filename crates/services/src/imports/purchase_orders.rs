//! Rows of purchase orders: rows with one `order_ref` make one order, a line each.

use domain::errors::{ErrorCode, FieldError, Refusal};
use domain::orders::{OrderInput, OrderLineInput};
use store::Tx;

use super::{Done, Row, same_in_every_row};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::{orders, suppliers};

/// What all rows of one order have in common.
const HEAD: [&str; 7] = [
    "supplier_org_number",
    "requested_delivery_date",
    "currency",
    "delivery_name",
    "delivery_street",
    "delivery_postal_code",
    "delivery_city",
];

/// Makes one order. A reference that is known is refused, so a file that comes twice makes its orders once.
pub(super) async fn import(ctx: &Ctx, tx: &mut Tx, rows: &[&Row]) -> Result<Done, ServiceError> {
    let first = rows.first().ok_or(ErrorCode::FileMalformed)?;
    let order_ref = first.get("order_ref");
    if order_ref.is_empty() {
        return Err(Refusal::of_field("/order_ref", ErrorCode::Required).into());
    }
    same_in_every_row(rows, &HEAD)?;
    let supplier_id = suppliers::named_in_column(tx, first.get("supplier_org_number")).await?;
    // An order form lets empty lines be; a file that has a line without anything in it is wrong.
    let empty = rows.iter().enumerate().filter(|(_, row)| line(row).is_empty());
    let empty: Vec<FieldError> = empty
        .map(|(index, _)| FieldError::new(format!("/lines/{index}/article_number"), ErrorCode::Required))
        .collect();
    if !empty.is_empty() {
        return Err(Refusal::of_fields(empty).into());
    }
    let input = OrderInput {
        supplier_id: supplier_id.to_string(),
        requested_delivery_date: first.text("requested_delivery_date"),
        currency: first.text("currency"),
        delivery_name: first.text("delivery_name"),
        delivery_street: first.text("delivery_street"),
        delivery_postal_code: first.text("delivery_postal_code"),
        delivery_city: first.text("delivery_city"),
        our_reference: String::new(),
        their_reference: String::new(),
        note: String::new(),
        lines: rows.iter().map(|row| line(row)).collect(),
    };
    orders::add_in(ctx, tx, Some(order_ref), &input).await.map(|_| Done::Added)
}

fn line(row: &Row) -> OrderLineInput {
    // What the supplier calls it names a line that has no words of its own.
    let description = match row.get("description") {
        "" => row.text("supplier_description"),
        own => own.to_owned(),
    };
    OrderLineInput {
        article_number: row.text("article_number"),
        supplier_article_number: row.text("supplier_article_number"),
        description,
        quantity: row.text("quantity"),
        unit: row.text("unit"),
        unit_price: row.text("unit_price"),
        price_base_quantity: row.text("price_base_quantity"),
        discount_percent: row.text("discount_percent"),
        note: row.text("note"),
        ..OrderLineInput::default()
    }
}
