//! The lines of one order as a file, in the columns in which orders come in.

use domain::errors::ErrorCode;
use domain::imports::FileKind;
use domain::roles::Permission;

use super::sheet::made;
use super::{SheetFormat, orders};
use crate::ctx::Ctx;
use crate::error::ServiceError;

/// Writes the file of the order with this number. `words` finds the words of a head (`column.…`); every one of them is read again as the
/// column that it stands over.
pub async fn write_order(
    ctx: &Ctx,
    number: &str,
    format: SheetFormat,
    words: impl Fn(&str) -> String,
) -> Result<Vec<u8>, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    let order_id = store::orders::find_by_number(&mut tx, number).await?.ok_or(ErrorCode::NotFound)?;
    let rows = orders::one(&mut tx, order_id, ctx.today()).await?;
    drop(tx);
    let columns = FileKind::PurchaseOrders.columns().iter();
    let head = columns.map(|column| words(&format!("column.{}", column.name))).collect();
    made(head, format, rows).await
}
