//! *Eksporter til partner*: check, send, follow. The check before and the check at sending are the same function.

mod checks;
mod refresh;
mod sending;

use std::collections::HashSet;

use domain::errors::ErrorCode;
use domain::exports::{CheckedOrder, ExportJob, Finding};
use domain::ids::{ExportJobId, OrderId};
use domain::orders::{PurchaseOrder, PurchaseOrderRow};
use domain::roles::Permission;
use exchange::PartnerClient;
use store::Tx;

use crate::ctx::Ctx;
use crate::error::ServiceError;
use checks::check_each;
use sending::Wanted;
pub(crate) use sending::{ToSend, send_each};

/// Orders that are offered at once: as many ids as an address has room for.
const MAX_OFFERED: i64 = 100;
/// The most orders of one run.
pub const MAX_ORDERS: usize = 2000;

/// Orders that can be exported, oldest first.
pub async fn candidates(ctx: &Ctx) -> Result<Vec<PurchaseOrderRow>, ServiceError> {
    ctx.require(Permission::Purchase)?;
    let mut tx = ctx.store.begin_read().await?;
    Ok(store::orders::ready(&mut tx, MAX_OFFERED).await?)
}

/// Asks the partners first, then checks orders without sending them.
pub async fn ask_and_check(
    ctx: &Ctx,
    client: &PartnerClient,
    order_ids: Vec<OrderId>,
) -> Result<Vec<CheckedOrder>, ServiceError> {
    ctx.require(Permission::Purchase)?;
    if order_ids.len() > MAX_ORDERS {
        return Err(ErrorCode::BatchTooLarge.into());
    }
    refresh::refresh(ctx, client, &order_ids).await?;
    check(ctx, order_ids).await
}

/// Every order that is ready, or those with these numbers.
pub async fn named(ctx: &Ctx, numbers: &[String]) -> Result<Vec<OrderId>, ServiceError> {
    ctx.require(Permission::Purchase)?;
    let mut tx = ctx.store.begin_read().await?;
    if numbers.is_empty() {
        let limit = i64::try_from(MAX_ORDERS).unwrap_or(i64::MAX);
        return Ok(store::orders::ready(&mut tx, limit).await?.into_iter().map(|row| row.order_id).collect());
    }
    let mut order_ids = Vec::with_capacity(numbers.len());
    for number in numbers {
        let found = store::orders::find_by_number(&mut tx, number).await?;
        order_ids.push(
            found.ok_or_else(|| domain::errors::Refusal::from(ErrorCode::NotFound).with("number", number))?,
        );
    }
    Ok(order_ids)
}

/// Checks orders without sending them, against what is known of the partner. The sending makes the same checks.
pub async fn check(ctx: &Ctx, order_ids: Vec<OrderId>) -> Result<Vec<CheckedOrder>, ServiceError> {
    ctx.require(Permission::Purchase)?;
    if order_ids.len() > MAX_ORDERS {
        return Err(ErrorCode::BatchTooLarge.into());
    }
    let mut tx = ctx.store.begin_read().await?;
    let orders = store::orders::lookup_each(&mut tx, &order_ids).await?;
    let mut rows = store::orders::rows(&mut tx, &order_ids).await?;
    let there: Vec<&PurchaseOrder> = order_ids.iter().filter_map(|id| orders.get(id)).collect();
    let (_, checked) = check_each(ctx, &mut tx, &there).await?;
    let pairs = there.into_iter().zip(checked);
    Ok(pairs
        .filter_map(|(order, checked)| {
            Some(CheckedOrder { row: rows.remove(&order.order_id)?, findings: checked.findings })
        })
        .collect())
}

/// One order with what the checks find.
pub(crate) async fn checked(
    ctx: &Ctx,
    tx: &mut Tx,
    row: PurchaseOrderRow,
    order: &PurchaseOrder,
) -> Result<CheckedOrder, ServiceError> {
    let (_, mut checked) = check_each(ctx, tx, &[order]).await?;
    let checked = checked.pop().ok_or(ErrorCode::Internal)?;
    Ok(CheckedOrder { row, findings: checked.findings })
}

/// What the checks find about each of the orders, as was last read of the suppliers, and whether its supplier cannot be asked now. A
/// handful of statements for each supplier, however many orders there are.
pub(crate) async fn found_each(
    ctx: &Ctx,
    tx: &mut Tx,
    orders: &[&PurchaseOrder],
) -> Result<Vec<(Vec<Finding>, bool)>, ServiceError> {
    let (_, checked) = check_each(ctx, tx, orders).await?;
    let found = |checked: checks::Checked| {
        let is_away =
            checked.connection.is_some_and(|connection| connection.row.catalogue_is_away(ctx.now()));
        (checked.findings, is_away)
    };
    Ok(checked.into_iter().map(found).collect())
}

/// Sends orders: those of `send_anyway` although a line has no exact match. A refused order never stops another; each gets one message,
/// however often it is exported.
pub async fn export(
    ctx: &Ctx,
    order_ids: Vec<OrderId>,
    send_anyway: Vec<OrderId>,
) -> Result<ExportJobId, ServiceError> {
    export_leaving(ctx, order_ids, send_anyway, &[]).await
}

/// Sends orders, and keeps with them which of those that were chosen were left, and why: those of `left` are not sent.
pub async fn export_leaving(
    ctx: &Ctx,
    order_ids: Vec<OrderId>,
    send_anyway: Vec<OrderId>,
    left: &[OrderId],
) -> Result<ExportJobId, ServiceError> {
    ctx.require(Permission::Purchase)?;
    if order_ids.len() + left.len() > MAX_ORDERS {
        return Err(ErrorCode::BatchTooLarge.into());
    }
    let job_id: ExportJobId = ctx.new_id();
    let send_anyway: HashSet<OrderId> = send_anyway.into_iter().collect();
    let sent = order_ids.into_iter().map(|order_id| (order_id, false));
    let all = sent.chain(left.iter().map(|order_id| (*order_id, true)));
    let wanted = (0..).zip(all).map(|(ordinal, (order_id, stays))| {
        let anyway = send_anyway.contains(&order_id);
        Wanted { ordinal, order_id, anyway, stays }
    });
    let wanted: Vec<Wanted> = wanted.collect();
    // In a task of its own: whoever asked may leave, and every order of the run still gets its row.
    let ctx = ctx.clone();
    let run = tokio::spawn(async move { sending::export_each(&ctx, job_id, wanted).await });
    run.await.map_err(|error| ServiceError::Internal(format!("the export ended early: {error}")))??;
    Ok(job_id)
}

/// Sends every order that is ready, at most [`MAX_ORDERS`]. `None` when there is none.
pub async fn export_all_ready(ctx: &Ctx) -> Result<Option<ExportJobId>, ServiceError> {
    ctx.require(Permission::Purchase)?;
    let mut tx = ctx.store.begin_read().await?;
    let ready = store::orders::ready(&mut tx, i64::try_from(MAX_ORDERS).unwrap_or(i64::MAX)).await?;
    drop(tx);
    if ready.is_empty() {
        return Ok(None);
    }
    export(ctx, ready.into_iter().map(|row| row.order_id).collect(), Vec::new()).await.map(Some)
}

/// A run with how each of its orders stands now.
pub async fn job(ctx: &Ctx, job_id: ExportJobId) -> Result<ExportJob, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    let mut job = store::exports::lookup(&mut tx, job_id).await?.ok_or(ErrorCode::NotFound)?;
    let now = ctx.now();
    for item in &mut job.items {
        // A moment that has passed is no promise.
        item.next_attempt_at = item.next_attempt_at.filter(|at| *at > now);
    }
    Ok(job)
}
