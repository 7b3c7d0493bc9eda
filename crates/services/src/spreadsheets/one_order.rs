//! The lines of one order as a file, in the columns in which orders come in.

use domain::errors::ErrorCode;
use domain::imports::FileKind;
use domain::roles::Permission;

use super::{SheetFormat, head_of, made, order_rows};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::suppliers;

/// Writes the file of the order with this number.
pub async fn write_order(ctx: &Ctx, number: &str, format: SheetFormat) -> Result<Vec<u8>, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    let order_id = store::orders::find_by_number(&mut tx, number).await?.ok_or(ErrorCode::NotFound)?;
    let order = store::orders::lookup(&mut tx, order_id).await?.ok_or(ErrorCode::NotFound)?;
    let supplier = match order.supplier_id {
        Some(supplier_id) => store::contacts::lookup(&mut tx, supplier_id).await?,
        None => None,
    };
    let org_number = match supplier {
        Some(supplier) => suppliers::number_of(&mut tx, &supplier).await?,
        None => None,
    };
    drop(tx);
    made(head_of(FileKind::PurchaseOrders), format, order_rows(&order, org_number.as_ref())).await
}
