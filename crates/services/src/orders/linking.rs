//! A confirmed link on a line of an order: the line gets the supplier's number, and has its own back when the link is taken back.

use std::collections::HashMap;

use domain::errors::{ErrorCode, Refusal};
use domain::ids::{OrderId, OrderLineId, SupplierLinkId};
use domain::links::{FormPlace, GivenBack, LinePlace, LinkMade, MAX_GIVEN_BACK, SupplierLink, Verdict};
use domain::orders::{OrderInput, OrderLineInput};
use store::Tx;
use store::links::LinkedLine;

use super::{Saving, keep, snapshot};
use crate::ctx::Ctx;
use crate::error::ServiceError;

/// Orders whose lines are read in one step; each order has a limited number of lines.
const ORDERS_AT_ONCE: i64 = 50;

/// Puts the supplier's number into the line, and remembers what stood there.
pub(crate) async fn give_number(
    ctx: &Ctx,
    tx: &mut Tx,
    place: LinePlace,
    made: &LinkMade,
) -> Result<(), ServiceError> {
    let order = store::orders::lock(tx, place.order_id).await?.ok_or(ErrorCode::NotFound)?;
    if !order.status.is_editable() {
        return Err(ErrorCode::InvalidTransition.into());
    }
    let mut input = snapshot(tx, &order).await?;
    let line = line_of(&mut input, place.line_id).ok_or(ErrorCode::NotFound)?;
    let written = std::mem::replace(&mut line.supplier_article_number, made.partner_number.clone());
    keep(ctx, tx, order, &input, &SAVING).await?;
    Ok(store::links::keep_line(tx, made.supplier_link_id, place.line_id, &written, ctx.now()).await?)
}

/// Checks that a line which a form names is a line of the form's order, or one that is not saved yet, and that the order may be changed.
pub(crate) async fn check_form_line(tx: &mut Tx, place: FormPlace) -> Result<(), ServiceError> {
    let of_form = match (place.order_id, place.form_key) {
        (Some(order_id), _) => Some(order_id),
        // The form's first save may have made the order, and its answer may not be there yet.
        (None, Some(form_key)) => store::orders::order_of_form(tx, form_key).await?,
        (None, None) => None,
    };
    if let Some(order_id) = of_form {
        let order = store::orders::lookup(tx, order_id).await?.ok_or(ErrorCode::NotFound)?;
        if !order.status.is_editable() {
            return Err(ErrorCode::InvalidTransition.into());
        }
    }
    let of_line = store::orders::order_of_line(tx, place.line_id).await?;
    if of_line.is_some() && of_line != of_form {
        return Err(ErrorCode::NotFound.into());
    }
    Ok(())
}

/// Gives the lines that have their number by one of these links back what stood there, where their order has not been sent and the line
/// still has that number; all lines of an order in one save. Of the line `but` nothing is changed: an open form writes it. The order
/// `also`, which the caller is going to change, is kept from others together with them.
///
/// # Errors
/// [`ErrorCode::LinksInTooManyOrders`] where more than [`MAX_GIVEN_BACK`] orders have such lines.
pub(crate) async fn give_numbers_back(
    ctx: &Ctx,
    tx: &mut Tx,
    links: &[SupplierLink],
    but: Option<OrderLineId>,
    also: Option<OrderId>,
) -> Result<GivenBack, ServiceError> {
    let theirs: HashMap<SupplierLinkId, &str> = links
        .iter()
        .filter(|link| link.verdict == Verdict::Same)
        .map(|link| (link.supplier_link_id, link.partner_number.as_str()))
        .collect();
    let ids: Vec<SupplierLinkId> = theirs.keys().copied().collect();
    let orders = store::links::count_orders(tx, &ids).await?;
    if orders > MAX_GIVEN_BACK {
        let refusal = Refusal::from(ErrorCode::LinksInTooManyOrders);
        return Err(refusal.with("orders", orders).with("max", MAX_GIVEN_BACK).into());
    }
    store::links::lock_orders(tx, &ids, also).await?;
    let mut back = GivenBack::default();
    let mut after = None;
    loop {
        let lines = store::links::lines(tx, &ids, after, ORDERS_AT_ONCE).await?;
        let Some(last) = lines.last() else { return Ok(back) };
        after = Some(last.order_id);
        for of_order in lines.chunk_by(|one, next| one.order_id == next.order_id) {
            let of_order: Vec<&LinkedLine> =
                of_order.iter().filter(|line| Some(line.line_id) != but).collect();
            if let Some(number) = give_back_in(ctx, tx, &of_order, &theirs).await? {
                back.add(number);
            }
        }
    }
}

/// Gives lines of one order their own number back; the order's number, if that changed anything.
async fn give_back_in(
    ctx: &Ctx,
    tx: &mut Tx,
    lines: &[&LinkedLine],
    theirs: &HashMap<SupplierLinkId, &str>,
) -> Result<Option<String>, ServiceError> {
    let Some(first) = lines.first() else { return Ok(None) };
    let Some(order) = store::orders::lock(tx, first.order_id).await? else { return Ok(None) };
    if !order.status.is_editable() {
        return Ok(None);
    }
    let mut given: HashMap<OrderLineId, Vec<(&str, &str)>> = HashMap::new();
    for line in lines {
        if let Some(number) = theirs.get(&line.supplier_link_id) {
            given.entry(line.line_id).or_default().push((number, &line.written_number));
        }
    }
    let has_it = |line_id: &OrderLineId, given: &[(&str, &str)]| {
        let line = order.lines.iter().find(|line| line.line_id == *line_id);
        line.is_some_and(|line| given.iter().any(|(theirs, _)| line.supplier_article_number == *theirs))
    };
    given.retain(|line_id, given| has_it(line_id, given));
    if given.is_empty() {
        return Ok(None);
    }
    let mut input = snapshot(tx, &order).await?;
    for line in &mut input.lines {
        // An order that is kept as it was typed has what somebody wrote; the number of the link stands in its line only, and goes when
        // the line is filled in again.
        let Some(given) = line.line_id.parse().ok().and_then(|id: OrderLineId| given.get(&id)) else {
            continue;
        };
        line.supplier_article_number = GivenBack::number_before(given, &line.supplier_article_number);
    }
    let version = order.version;
    let saved = keep(ctx, tx, order, &input, &SAVING).await?;
    Ok((saved.version != version).then_some(saved.number))
}

const SAVING: Saving = Saving { kind: "order_changed", form_key: None };

fn line_of(input: &mut OrderInput, line_id: OrderLineId) -> Option<&mut OrderLineInput> {
    let line_id = line_id.to_string();
    input.lines.iter_mut().find(|line| line.line_id == line_id)
}
