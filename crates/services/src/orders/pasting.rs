//! Lines that come from elsewhere into an order that is being written: pasted, from a file, from an order before.

use domain::errors::{ErrorCode, FieldError, Refusal};
use domain::ids::OrderId;
use domain::orders::{MAX_LINES, OrderInput, OrderLineInput};
use domain::paste;
use domain::roles::Permission;

use super::filling::fill_in;
use super::{SavedOrder, Saving, keep, snapshot};
use crate::ctx::Ctx;
use crate::error::ServiceError;

/// The most faults of pasted rows that are told at once.
const MAX_FAULTS: usize = 50;

/// The id of the order with this number, for whoever may write in it.
pub async fn id_of(ctx: &Ctx, number: &str) -> Result<OrderId, ServiceError> {
    ctx.require(Permission::Purchase)?;
    let mut tx = ctx.store.glance().await?;
    Ok(store::orders::find_by_number(&mut tx, number).await?.ok_or(ErrorCode::NotFound)?)
}

/// Reads pasted text and adds its rows to the order, or none of them.
///
/// # Errors
/// When the text cannot become lines, a row has a fault (told with its row and column), or the order has too many lines.
pub async fn paste(ctx: &Ctx, order_id: OrderId, text: &str) -> Result<SavedOrder, ServiceError> {
    ctx.require(Permission::Purchase)?;
    let lines = lines_of_text(text)?;
    append(ctx, order_id, lines).await
}

/// Adds lines below those that the order has, filled in by the registers. What was typed before stays as it is.
pub async fn append(
    ctx: &Ctx,
    order_id: OrderId,
    lines: Vec<OrderLineInput>,
) -> Result<SavedOrder, ServiceError> {
    ctx.require(Permission::Purchase)?;
    if lines.len() > MAX_LINES {
        return Err(too_many());
    }
    ctx.write((order_id, lines), |ctx, tx, (order_id, lines)| {
        Box::pin(async move {
            let order = store::orders::lock(tx, *order_id).await?.ok_or(ErrorCode::NotFound)?;
            if !order.status.is_editable() {
                return Err(ErrorCode::InvalidTransition.into());
            }
            let input = snapshot(tx, &order).await?;
            let supplier = input.supplier_id.trim().parse().ok();
            let added = fill_in(tx, supplier, &input.currency, lines.clone()).await?;
            let mut all = input.lines;
            all.retain(|line| !line.is_empty());
            all.extend(added);
            if all.len() > MAX_LINES {
                return Err(too_many());
            }
            keep(
                ctx,
                tx,
                order,
                &OrderInput { lines: all, ..input },
                &Saving { kind: "order_changed", form_key: None },
            )
            .await
        })
    })
    .await
}

/// The lines of pasted text, if none of them has a fault.
fn lines_of_text(text: &str) -> Result<Vec<OrderLineInput>, Refusal> {
    let sheet = paste::read(text)?;
    let found = paste::lines(&sheet, &paste::guess(&sheet));
    if found.is_empty() {
        return Err(ErrorCode::PasteNoColumns.into());
    }
    let faults = found.iter().flat_map(|line| {
        line.faults.iter().map(|fault| FieldError {
            pointer: format!("/rows/{}{}", line.row, fault.pointer),
            ..fault.clone()
        })
    });
    let faults: Vec<FieldError> = faults.take(MAX_FAULTS).collect();
    if faults.is_empty() {
        Ok(found.into_iter().map(|line| line.line).collect())
    } else {
        Err(Refusal::of_fields(faults))
    }
}

fn too_many() -> ServiceError {
    Refusal::from(ErrorCode::TooManyLines).with("max", MAX_LINES).into()
}
