//! One answer to many drafts: shown first, then given to each of those that were shown.

use domain::drafts::{
    ChosenDrafts, DraftAnswer, DraftBatch, DraftBatchItem, DraftEvent, DraftSeen, LineNumbers, MAX_DRAFTS,
    apply, prices_checked,
};
use domain::errors::{ErrorCode, Refusal};
use domain::ids::{DraftBatchId, DraftId};
use domain::money::Money;
use domain::paging::PageRequest;
use domain::roles::Permission;
use store::Tx;

use super::{approve, judging, reason_of, reject};
use crate::ctx::Ctx;
use crate::error::ServiceError;

/// What the answer would do now, draft by draft.
pub async fn preview(
    ctx: &Ctx,
    answer: DraftAnswer,
    chosen: &ChosenDrafts,
) -> Result<DraftBatch, ServiceError> {
    ctx.require(Permission::Sell)?;
    let mut tx = ctx.store.begin_read().await?;
    let ids: Vec<DraftId> = match chosen {
        ChosenDrafts::Named(named) => {
            let mut seen = std::collections::HashSet::new();
            named.iter().copied().filter(|id| seen.insert(*id)).collect()
        }
        ChosenDrafts::Fitting(filter) => {
            let page = PageRequest { page: 1, page_size: i64::try_from(MAX_DRAFTS).unwrap_or(i64::MAX) };
            let found = store::drafts::list(&mut tx, filter, page).await?;
            if found.total > page.page_size {
                return Err(Refusal::from(ErrorCode::BatchTooLarge).with("max", MAX_DRAFTS).into());
            }
            found.rows.into_iter().map(|row| row.draft_id).collect()
        }
    };
    bounded(ids.len())?;
    let mut items = Vec::with_capacity(ids.len());
    for draft_id in ids {
        let mut item = item_of(&mut tx, answer, draft_id).await?;
        if answer == DraftAnswer::Approve && item.skipped.is_none() {
            item.skipped = far_off(&mut tx, draft_id, &item.currency).await?;
        }
        items.push(item);
    }
    Ok(batch_of(ctx, answer, String::new(), items))
}

/// Why a draft with a price far from ours is left out: nobody looks at single lines here.
async fn far_off(tx: &mut Tx, draft_id: DraftId, currency: &str) -> Result<Option<ErrorCode>, ServiceError> {
    let lines = judging::judged_lines(tx, draft_id, currency).await?;
    Ok(prices_checked(&lines, &LineNumbers::default()).err().map(|refusal| refusal.code))
}

fn bounded(drafts: usize) -> Result<(), Refusal> {
    if drafts == 0 {
        return Err(Refusal::of_field("/drafts", ErrorCode::Required));
    }
    if drafts > MAX_DRAFTS {
        return Err(Refusal::from(ErrorCode::BatchTooLarge).with("max", MAX_DRAFTS));
    }
    Ok(())
}

fn batch_of(ctx: &Ctx, answer: DraftAnswer, reason: String, items: Vec<DraftBatchItem>) -> DraftBatch {
    DraftBatch { batch_id: None, answer, reason, at: ctx.now(), by: ctx.actor.name().to_owned(), items }
}

async fn item_of(
    tx: &mut Tx,
    answer: DraftAnswer,
    draft_id: DraftId,
) -> Result<DraftBatchItem, ServiceError> {
    let Some(head) = store::drafts::lookup(tx, draft_id).await? else {
        return Ok(DraftBatchItem {
            draft_id,
            version: 0,
            number: String::new(),
            customer_name: String::new(),
            line_count: 0,
            net_total: Money(0),
            currency: String::new(),
            skipped: Some(ErrorCode::NotFound),
            sales_order: None,
        });
    };
    let event = match answer {
        DraftAnswer::Approve => DraftEvent::Approve { parked: head.row.issue_count },
        DraftAnswer::Reject => DraftEvent::Reject,
    };
    Ok(DraftBatchItem {
        draft_id,
        version: head.version,
        skipped: apply(head.row.status, event).err(),
        number: head.row.number,
        customer_name: head.row.customer_name,
        line_count: head.row.line_count,
        net_total: head.row.net_total,
        currency: head.row.currency,
        sales_order: None,
    })
}

/// Gives the answer to each of the drafts, as the person saw it, in a transaction of its own: one that cannot be answered stops no
/// other. Keeps what came of it.
pub async fn answer_all(
    ctx: &Ctx,
    answer: DraftAnswer,
    drafts: &[DraftSeen],
    reason: &str,
) -> Result<DraftBatchId, ServiceError> {
    ctx.require(Permission::Sell)?;
    bounded(drafts.len())?;
    let reason = match answer {
        DraftAnswer::Approve => String::new(),
        DraftAnswer::Reject => reason_of(reason)?,
    };
    let mut items = Vec::with_capacity(drafts.len());
    for DraftSeen { draft_id, version } in drafts {
        let mut tx = ctx.store.begin_read().await?;
        let mut item = item_of(&mut tx, answer, *draft_id).await?;
        drop(tx);
        let answered = match answer {
            DraftAnswer::Approve => approve(ctx, *draft_id, *version, LineNumbers::default()).await.map(Some),
            DraftAnswer::Reject => reject(ctx, *draft_id, *version, reason.clone()).await.map(|()| None),
        };
        match answered {
            Ok(sales_order) => (item.skipped, item.sales_order) = (None, sales_order),
            Err(ServiceError::Refused(refusal)) => item.skipped = Some(refusal.code),
            Err(error) => return Err(error),
        }
        items.push(item);
    }
    ctx.write(batch_of(ctx, answer, reason, items), |ctx, tx, batch| {
        Box::pin(async move {
            let id: DraftBatchId = ctx.new_id();
            let kept = DraftBatch { batch_id: Some(id), ..batch.clone() };
            store::drafts::keep_batch(tx, id, &kept, ctx.now()).await?;
            Ok(id)
        })
    })
    .await
}

/// What came of it.
pub async fn batch(ctx: &Ctx, id: DraftBatchId) -> Result<DraftBatch, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    Ok(store::drafts::batch(&mut tx, id).await?.ok_or(ErrorCode::NotFound)?)
}
