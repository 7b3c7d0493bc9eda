//! A confirmed link on a line of an order: the line gets the supplier's number, and has its own back when the link is taken back.

use domain::errors::ErrorCode;
use domain::ids::OrderLineId;
use domain::links::{LinePlace, LinkMade};
use domain::orders::{OrderInput, OrderLine, OrderLineInput};
use domain::text::normalise;
use store::Tx;

use super::{Saving, keep, snapshot};
use crate::ctx::Ctx;
use crate::error::ServiceError;

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

/// Gives the line back what stood there, where the order has not been sent and the line still has the number of the link.
pub(crate) async fn give_number_back(
    ctx: &Ctx,
    tx: &mut Tx,
    place: LinePlace,
    partner_number: &str,
    written: &str,
) -> Result<(), ServiceError> {
    let order = store::orders::lock(tx, place.order_id).await?.ok_or(ErrorCode::NotFound)?;
    let has_it =
        |line: &OrderLine| line.line_id == place.line_id && line.supplier_article_number == partner_number;
    if !order.status.is_editable() || !order.lines.iter().any(has_it) {
        return Ok(());
    }
    let mut input = snapshot(tx, &order).await?;
    // Of a line that was taken away since, nothing is to be given back.
    let Some(line) = line_of(&mut input, place.line_id) else { return Ok(()) };
    // An order that is kept as it was typed has what somebody wrote; the number of the link stands in its line only, and goes when the
    // line is filled in again.
    if normalise(&line.supplier_article_number) == partner_number {
        written.clone_into(&mut line.supplier_article_number);
    }
    keep(ctx, tx, order, &input, &SAVING).await?;
    Ok(())
}

const SAVING: Saving = Saving { kind: "order_changed", form_key: None };

fn line_of(input: &mut OrderInput, line_id: OrderLineId) -> Option<&mut OrderLineInput> {
    let line_id = line_id.to_string();
    input.lines.iter_mut().find(|line| line.line_id == line_id)
}
