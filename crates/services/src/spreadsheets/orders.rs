//! Orders as rows: one for each line, with what the supplier calls the article.

use std::collections::{BTreeSet, HashMap};

use domain::ids::{ContactId, OrderId};
use domain::orders::{
    OrderFilter, OrderLine, PurchaseOrder, UnreadCell, UnreadField, typed_in, unread_cells,
};
use domain::time::CalendarDate;
use store::Tx;

use super::sheet::{Cell, Rows, optional, text};
use super::{AT_ONCE, bounded, most_and_one};
use crate::error::ServiceError;
use crate::suppliers;

/// What suppliers call their articles, by supplier and number.
type TheirNames = HashMap<(ContactId, String), String>;

/// A row for each line of what the filter finds.
pub(super) async fn all(
    tx: &mut Tx,
    filter: &OrderFilter,
    person: &str,
    today: CalendarDate,
) -> Result<Rows, ServiceError> {
    let ids = store::orders::ids(tx, filter, person, most_and_one()).await?;
    let mut org_numbers: HashMap<ContactId, Option<String>> = HashMap::new();
    let mut rows = Rows::new();
    for chunk in ids.chunks(AT_ONCE) {
        rows.extend(some(tx, chunk, &mut org_numbers, today).await?);
        bounded(rows.len())?;
    }
    Ok(rows)
}

/// The lines of one order.
pub(super) async fn one(tx: &mut Tx, order_id: OrderId, today: CalendarDate) -> Result<Rows, ServiceError> {
    some(tx, &[order_id], &mut HashMap::new(), today).await
}

/// The lines of some orders; whatever belongs to them is looked up together.
async fn some(
    tx: &mut Tx,
    order_ids: &[OrderId],
    org_numbers: &mut HashMap<ContactId, Option<String>>,
    today: CalendarDate,
) -> Result<Rows, ServiceError> {
    let orders = store::orders::lookup_each(tx, order_ids).await?;
    let suppliers: BTreeSet<ContactId> = orders.values().filter_map(|order| order.supplier_id).collect();
    let unknown: Vec<ContactId> =
        suppliers.into_iter().filter(|supplier| !org_numbers.contains_key(supplier)).collect();
    let contacts = store::contacts::lookup_each(tx, &unknown).await?;
    let mut numbers = suppliers::numbers_of(tx, contacts.values()).await?;
    org_numbers.extend(unknown.into_iter().map(|supplier| (supplier, numbers.remove(&supplier))));
    let theirs: BTreeSet<(ContactId, String)> = orders
        .values()
        .flat_map(|order| order.lines.iter().filter_map(|line| their_number(order, line)))
        .collect();
    let names = store::partner_articles::names(tx, &theirs).await?;
    let typed = store::orders::typed_each(tx, order_ids).await?;
    let mut rows = Rows::new();
    for order in order_ids.iter().filter_map(|id| orders.get(id)) {
        let org_number = order.supplier_id.and_then(|supplier| org_numbers.get(&supplier)?.as_ref());
        let unread = typed.get(&order.order_id).map(|typed| unread_cells(&order.lines, typed));
        // A date that is seen from today was written out when it was kept.
        let head = typed.get(&order.order_id).map(|typed| typed.unread_head(today)).unwrap_or_default();
        rows.extend(of_order(order, org_number, &names, &unread.unwrap_or_default(), &head));
    }
    Ok(rows)
}

/// The number by which the supplier's own words are found.
fn their_number(order: &PurchaseOrder, line: &OrderLine) -> Option<(ContactId, String)> {
    let number = &line.supplier_article_number;
    Some((order.supplier_id?, number.clone())).filter(|_| !number.is_empty())
}

/// What cannot be read yet stands there as it was typed.
fn of_order(
    order: &PurchaseOrder,
    supplier_org_number: Option<&String>,
    names: &TheirNames,
    unread: &[UnreadCell],
    unread_head: &[UnreadField],
) -> Rows {
    let typed = |field: &str, read: Cell| typed_in(unread_head, field).map_or(read, text);
    let head = [
        text(order.order_ref.as_ref().unwrap_or(&order.number)),
        optional(supplier_org_number),
        typed("requested_delivery_date", order.requested_delivery_date.map_or(Cell::Empty, Cell::Date)),
        typed("currency", text(&order.currency)),
        typed("delivery_name", text(&order.delivery.name)),
        typed("delivery_street", text(&order.delivery.street)),
        typed("delivery_postal_code", text(&order.delivery.postal_code)),
        typed("delivery_city", text(&order.delivery.city)),
    ];
    let of_line = |line: &OrderLine| {
        let their_name = their_number(order, line).and_then(|number| names.get(&number));
        let cell = |field: &str, read: Cell| {
            let typed = unread.iter().find(|cell| cell.line_id == line.line_id && cell.field == field);
            typed.map_or(read, |cell| text(&cell.typed))
        };
        [
            cell("article_number", text(&line.article_number)),
            cell("supplier_article_number", text(&line.supplier_article_number)),
            cell("description", text(&line.description)),
            optional(their_name),
            cell("quantity", Cell::Number(line.quantity.0)),
            cell("unit", text(&line.unit)),
            cell("unit_price", Cell::Number(line.unit_price.0)),
            cell("price_base_quantity", Cell::Number(line.price_base_quantity.0)),
            cell("discount_percent", Cell::Number(line.discount_percent.0)),
            cell("note", text(&line.note)),
        ]
    };
    order.lines.iter().map(|line| head.iter().cloned().chain(of_line(line)).collect()).collect()
}
