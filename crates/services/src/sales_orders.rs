//! Sales orders: showing what approved drafts became.

use domain::errors::ErrorCode;
use domain::paging::{Page, PageRequest};
use domain::roles::Permission;
use domain::sales_orders::{SalesOrder, SalesOrderFilter, SalesOrderRow};
use domain::vat;

use crate::ctx::Ctx;
use crate::error::ServiceError;

/// One page of what the filter finds.
pub async fn list(
    ctx: &Ctx,
    filter: &SalesOrderFilter,
    page: PageRequest,
) -> Result<Page<SalesOrderRow>, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    Ok(store::sales_orders::list(&mut tx, filter, page).await?)
}

/// The sales order with the number.
pub async fn get(ctx: &Ctx, number: &str) -> Result<SalesOrder, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    let mut order = store::sales_orders::find_by_number(&mut tx, number).await?.ok_or(ErrorCode::NotFound)?;
    order.vat =
        vat::summarise(order.lines.iter().map(|line| (line.vat_rate, line.amount))).unwrap_or_default();
    Ok(order)
}
