//! Throwing away what has had its time, and reading and judging what waits for it.

use domain::ids::OrderId;
use domain::logs::KEPT_DAYS;
use domain::time::Timestamp;
use store::housekeeping::{Leftover, any_before, remove_before};

use crate::ctx::Ctx;
use crate::drafts;
use crate::error::ServiceError;
use crate::orders;

/// Rows that are removed in one transaction.
const PORTION: i64 = 1_000;
/// Drafts that are judged in one transaction: each of them is read with its lines.
const DRAFTS: i64 = 50;

/// Orders that are read again in one transaction: each may have a thousand lines.
const ORDERS: i64 = 10;

/// How long rows of a kind are kept, in days.
fn kept_days(what: Leftover) -> i64 {
    match what {
        // Nobody sends a form again after so long; a deleted order can be had back as long.
        Leftover::Forms | Leftover::Conflicts | Leftover::LinkLines => 30,
        // As long as the log tells what travelled.
        Leftover::Changes => KEPT_DAYS,
        // Whoever brought the file has gone.
        Leftover::Uploads => 7,
    }
}

/// Removes what nobody asks for any more, reads orders and judges drafts that wait for it: a portion at a time, so that everybody else
/// writes in between, and only while `goes_on` says so.
pub async fn remove_outdated(ctx: &Ctx, goes_on: impl Fn() -> bool) -> Result<(), ServiceError> {
    for what in Leftover::ALL {
        let before = ctx.now().plus_seconds(-kept_days(what) * 86_400);
        while goes_on() && is_any(ctx, what, before).await? {
            let removed = ctx
                .write((what, before), |_, tx, (what, before)| {
                    Box::pin(async move { Ok(remove_before(tx, *what, *before, PORTION).await?) })
                })
                .await?;
            if removed < PORTION.unsigned_abs() {
                break;
            }
        }
    }
    bring_counts_together(ctx).await?;
    judge_drafts(ctx, &goes_on).await?;
    read_orders(ctx, goes_on).await
}

/// The figures of lists are written in several places while many rows change.
async fn bring_counts_together(ctx: &Ctx) -> Result<(), ServiceError> {
    let mut tx = ctx.store.begin_read().await?;
    let is_spread = store::list_counts::is_spread(&mut tx).await?;
    drop(tx);
    if is_spread {
        ctx.write((), |_, tx, ()| Box::pin(async move { Ok(store::list_counts::bring_together(tx).await?) }))
            .await?;
    }
    Ok(())
}

/// Writes the lines of orders that were kept as they were typed before lines were written beside it. One that cannot be read stops no
/// other: a portion that fails is read order by order.
async fn read_orders(ctx: &Ctx, goes_on: impl Fn() -> bool) -> Result<(), ServiceError> {
    let mut last = None;
    while goes_on() {
        let mut tx = ctx.store.begin_read().await?;
        let waiting = store::orders::unmarked(&mut tx, last, ORDERS).await?;
        drop(tx);
        if waiting.is_empty() {
            break;
        }
        last = waiting.last().copied();
        if read_these(ctx, waiting.clone()).await.is_ok() {
            continue;
        }
        for order_id in waiting {
            if !goes_on() {
                break;
            }
            if let Err(error) = read_these(ctx, vec![order_id]).await {
                tracing::error!(?error, order.id = %order_id, "an order could not be read again");
            }
        }
    }
    Ok(())
}

async fn read_these(ctx: &Ctx, order_ids: Vec<OrderId>) -> Result<(), ServiceError> {
    ctx.write(order_ids, |ctx, tx, order_ids| Box::pin(orders::read_unmarked(ctx, tx, order_ids))).await
}

/// Looks without keeping anybody from writing: some rows stay for long, and most of the time there is nothing to be done.
async fn is_any(ctx: &Ctx, what: Leftover, before: Timestamp) -> Result<bool, ServiceError> {
    let mut tx = ctx.store.begin_read().await?;
    Ok(any_before(&mut tx, what, before).await?)
}

/// Counts what differs in the drafts that are marked for it: too many when their articles were changed, or from before it was counted.
async fn judge_drafts(ctx: &Ctx, goes_on: impl Fn() -> bool) -> Result<(), ServiceError> {
    while goes_on() {
        let mut tx = ctx.store.begin_read().await?;
        let is_any = !store::drafts::unjudged(&mut tx, 1).await?.is_empty();
        drop(tx);
        if !is_any {
            break;
        }
        ctx.write((), |ctx, tx, ()| Box::pin(drafts::judge_marked(ctx, tx, DRAFTS))).await?;
    }
    Ok(())
}
