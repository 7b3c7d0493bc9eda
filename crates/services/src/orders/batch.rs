//! One thing done with many orders, named one by one or as whatever fits a filter.

use std::collections::HashMap;

use domain::errors::{ErrorCode, Refusal};
use domain::ids::{OrderBatchId, OrderId};
use domain::orders::{
    BatchAction, BatchItem, ChosenOrders, MAX_BATCH, OrderBatch, PrintedOrder, PurchaseOrder, unread_cells,
};
use domain::roles::Permission;
use store::Tx;
use store::orders::Deleted;

use super::copies::duplicate_in;
use super::keeping::mark_again;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::live;

/// The most orders that are printed at once.
const MAX_PRINTED: usize = 50;

/// The ids of the chosen orders, each once and at most `most`.
///
/// # Errors
/// [`ErrorCode::BatchTooLarge`] with `max` when there are more, [`ErrorCode::Required`] when there are none.
pub(crate) async fn chosen_ids(
    ctx: &Ctx,
    tx: &mut Tx,
    chosen: &ChosenOrders,
    most: usize,
) -> Result<Vec<OrderId>, ServiceError> {
    let ids = match chosen {
        ChosenOrders::Named(named) => {
            let mut seen = std::collections::HashSet::new();
            named.iter().copied().filter(|id| seen.insert(*id)).collect()
        }
        ChosenOrders::Fitting(filter) => {
            let limit = i64::try_from(most + 1).unwrap_or(i64::MAX);
            store::orders::ids(tx, filter, ctx.actor.name(), limit).await?
        }
    };
    if ids.is_empty() {
        return Err(Refusal::of_field("/order_ids", ErrorCode::Required).into());
    }
    if ids.len() > most {
        return Err(Refusal::from(ErrorCode::BatchTooLarge).with("max", most).into());
    }
    Ok(ids)
}

/// The chosen orders' ids, at most [`MAX_BATCH`].
pub async fn chosen(ctx: &Ctx, chosen: &ChosenOrders) -> Result<Vec<OrderId>, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    chosen_ids(ctx, &mut tx, chosen, MAX_BATCH).await
}

/// The chosen orders with their lines, to be printed, and what of them cannot be read yet; at most fifty.
pub async fn printed(ctx: &Ctx, chosen: &ChosenOrders) -> Result<Vec<PrintedOrder>, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    let ids = chosen_ids(ctx, &mut tx, chosen, MAX_PRINTED).await?;
    let mut orders = store::orders::lookup_each(&mut tx, &ids).await?;
    let typed = store::orders::typed_each(&mut tx, &ids).await?;
    let print = |order: PurchaseOrder| {
        let typed = typed.get(&order.order_id).filter(|_| order.status.is_editable());
        PrintedOrder {
            unread: typed.map(|typed| unread_cells(&order.lines, typed)).unwrap_or_default(),
            unread_head: typed.map(|typed| typed.unread_head(ctx.today())).unwrap_or_default(),
            order,
        }
    };
    Ok(ids.iter().filter_map(|id| orders.remove(id)).map(print).collect())
}

/// What would be done now, order by order.
pub async fn preview(
    ctx: &Ctx,
    action: BatchAction,
    chosen: &ChosenOrders,
) -> Result<OrderBatch, ServiceError> {
    ctx.require(Permission::Purchase)?;
    let mut tx = ctx.store.begin_read().await?;
    let ids = chosen_ids(ctx, &mut tx, chosen, action.most()).await?;
    let orders = store::orders::lookup_each(&mut tx, &ids).await?;
    Ok(batch_of(ctx, action, &ids, &orders))
}

fn batch_of(
    ctx: &Ctx,
    action: BatchAction,
    ids: &[OrderId],
    orders: &HashMap<OrderId, PurchaseOrder>,
) -> OrderBatch {
    let item = |id: &OrderId| {
        let order = orders.get(id);
        let skipped = match (action, order) {
            (_, None) => Some(ErrorCode::NotFound),
            (BatchAction::Duplicate, Some(_)) => None,
            (BatchAction::Delete, Some(order)) => {
                (!order.status.is_editable()).then_some(ErrorCode::InvalidTransition)
            }
        };
        BatchItem {
            order_id: *id,
            number: order.map(|order| order.number.clone()).unwrap_or_default(),
            supplier_name: order.and_then(|order| order.supplier_name.clone()),
            skipped,
            made: None,
        }
    };
    OrderBatch {
        batch_id: None,
        action,
        at: ctx.now(),
        by: ctx.actor.name().to_owned(),
        items: ids.iter().map(item).collect(),
        undone: false,
    }
}

/// Does it, and keeps what came of it. What cannot be done with one order never stops another.
pub async fn run(ctx: &Ctx, action: BatchAction, chosen: ChosenOrders) -> Result<OrderBatchId, ServiceError> {
    ctx.require(Permission::Purchase)?;
    ctx.write((action, chosen), |ctx, tx, (action, chosen)| {
        Box::pin(async move {
            let ids = chosen_ids(ctx, tx, chosen, action.most()).await?;
            run_in(ctx, tx, *action, &ids).await.map(|(id, _)| id)
        })
    })
    .await
}

pub(super) async fn run_in(
    ctx: &Ctx,
    tx: &mut Tx,
    action: BatchAction,
    ids: &[OrderId],
) -> Result<(OrderBatchId, OrderBatch), ServiceError> {
    let orders = store::orders::lock_each(tx, ids).await?;
    let mut batch = batch_of(ctx, action, ids, &orders);
    for item in &mut batch.items {
        let Some(order) = orders.get(&item.order_id).filter(|_| item.skipped.is_none()) else { continue };
        match action {
            BatchAction::Delete => delete(ctx, tx, order, item).await?,
            BatchAction::Duplicate => duplicate(ctx, tx, item).await?,
        }
    }
    let id: OrderBatchId = ctx.new_id();
    batch.batch_id = Some(id);
    store::orders::keep_batch(tx, id, &batch, ctx.now()).await?;
    Ok((id, batch))
}

async fn delete(
    ctx: &Ctx,
    tx: &mut Tx,
    order: &PurchaseOrder,
    item: &mut BatchItem,
) -> Result<(), ServiceError> {
    let typed = store::orders::typed(tx, order.order_id).await?;
    let deleted = Deleted { order: order.clone(), typed };
    store::orders::keep_deleted(tx, &deleted, ctx.actor.name(), ctx.now()).await?;
    if store::orders::remove_draft(tx, order.order_id).await? {
        live::order_deleted(ctx, tx, order);
    } else {
        item.skipped = Some(ErrorCode::InvalidTransition);
    }
    Ok(())
}

/// Makes a draft of the order; what stops that leaves the others standing.
async fn duplicate(ctx: &Ctx, tx: &mut Tx, item: &mut BatchItem) -> Result<(), ServiceError> {
    tx.savepoint().await?;
    match duplicate_in(ctx, tx, item.order_id).await {
        Ok(copied) => {
            tx.release().await?;
            item.made = Some(copied.order.number);
        }
        Err(ServiceError::Refused(refusal)) => {
            tx.undo().await?;
            item.skipped = Some(refusal.code);
        }
        Err(error) => return Err(error),
    }
    Ok(())
}

/// What came of it.
pub async fn batch(ctx: &Ctx, id: OrderBatchId) -> Result<OrderBatch, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    Ok(store::orders::batch(&mut tx, id).await?.ok_or(ErrorCode::NotFound)?)
}

/// *Angre*: puts the deleted orders back. Doing it again changes nothing. Copies are deleted like any other draft.
pub async fn undo(ctx: &Ctx, id: OrderBatchId) -> Result<OrderBatch, ServiceError> {
    ctx.require(Permission::Purchase)?;
    ctx.write(id, |ctx, tx, id| {
        Box::pin(async move {
            let mut batch = store::orders::lock_batch(tx, *id).await?.ok_or(ErrorCode::NotFound)?;
            if batch.undone {
                return Ok(batch);
            }
            if batch.action != BatchAction::Delete {
                return Err(ErrorCode::InvalidTransition.into());
            }
            let now = ctx.now();
            for item in batch.items.iter_mut().filter(|item| item.skipped.is_none()) {
                match store::orders::restore(tx, item.order_id, now).await? {
                    Some(order) => {
                        mark_again(ctx, tx, &order).await?;
                        let (order, correlation) = (order.order_id, order.correlation_id);
                        live::order_changed(ctx, tx, order, correlation, "order_restored", None).await?;
                    }
                    None => item.skipped = Some(ErrorCode::NotFound),
                }
            }
            batch.undone = true;
            store::orders::keep_batch(tx, *id, &batch, now).await?;
            Ok(batch)
        })
    })
    .await
}
