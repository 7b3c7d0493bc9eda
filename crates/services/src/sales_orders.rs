//! Sales orders: showing what approved drafts became.

use domain::errors::ErrorCode;
use domain::roles::Permission;
use domain::sales_orders::SalesOrder;
use domain::vat;

use crate::ctx::Ctx;
use crate::error::ServiceError;

/// The sales order with the number.
pub async fn get(ctx: &Ctx, number: &str) -> Result<SalesOrder, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    let mut order = store::sales_orders::find_by_number(&mut tx, number).await?.ok_or(ErrorCode::NotFound)?;
    order.vat =
        vat::summarise(order.lines.iter().map(|line| (line.vat_rate, line.amount))).unwrap_or_default();
    Ok(order)
}
