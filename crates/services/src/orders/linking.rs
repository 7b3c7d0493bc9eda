//! A confirmed link on a line of an order: the line gets the supplier's number, and has its own back when the link is taken back.

use domain::errors::ErrorCode;
use domain::links::{LinePlace, LinkMade};
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
    match replace_number(ctx, tx, place, None, &made.partner_number).await? {
        Some(written) => {
            let link = made.supplier_link_id;
            Ok(store::links::keep_line(tx, link, place.line_id, &written, ctx.now()).await?)
        }
        None => Err(ErrorCode::InvalidTransition.into()),
    }
}

/// Gives the line back what stood there, where the order has not been sent and the line still has the number of the link.
pub(crate) async fn give_number_back(
    ctx: &Ctx,
    tx: &mut Tx,
    place: LinePlace,
    partner_number: &str,
    written: &str,
) -> Result<(), ServiceError> {
    replace_number(ctx, tx, place, Some(partner_number), written).await.map(|_| ())
}

/// Writes another number into a line of an order that can be changed, and gives what stood there. `expected` is what must stand there.
async fn replace_number(
    ctx: &Ctx,
    tx: &mut Tx,
    place: LinePlace,
    expected: Option<&str>,
    number: &str,
) -> Result<Option<String>, ServiceError> {
    let order = store::orders::lock(tx, place.order_id).await?.ok_or(ErrorCode::NotFound)?;
    if !order.status.is_editable() {
        return Ok(None);
    }
    let mut input = snapshot(tx, &order).await?;
    let line_id = place.line_id.to_string();
    let Some(line) = input.lines.iter_mut().find(|line| line.line_id == line_id) else {
        // Of a line that was taken away since, nothing is to be given back.
        return if expected.is_some() { Ok(None) } else { Err(ErrorCode::NotFound.into()) };
    };
    if expected.is_some_and(|expected| expected != line.supplier_article_number) {
        return Ok(None);
    }
    let before = std::mem::replace(&mut line.supplier_article_number, number.to_owned());
    keep(ctx, tx, order, &input, &Saving { kind: "order_changed", form_key: None }).await?;
    Ok(Some(before))
}
