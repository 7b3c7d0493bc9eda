//! One answer to many drafts: shown first, then given to each of those that were shown.

use std::collections::HashSet;

use domain::drafts::{
    ChosenDrafts, DraftAnswer, DraftBatch, DraftBatchItem, DraftEvent, DraftLine, DraftSeen, MAX_DRAFTS,
    SeenPrices, apply, prices_checked,
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

/// Drafts that are asked for by their waiting to be judged.
const MOST_UNJUDGED: i64 = 1_000;

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
            let mut seen = HashSet::new();
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
    let mut differing = HashSet::new();
    for draft_id in ids {
        let (item, differing_count) = item_of(&mut tx, answer, draft_id).await?;
        if differing_count > 0 {
            differing.insert(draft_id);
        }
        items.push(item);
    }
    if answer == DraftAnswer::Approve {
        leave_far_off_out(&mut tx, &mut items, &differing).await?;
    }
    Ok(batch_of(ctx, answer, String::new(), items))
}

/// Leaves the drafts out that have a price far from ours: nobody looks at single lines here. Only lines of drafts in which something
/// differs are read, and of those that wait to be judged; our articles in all of them at once.
async fn leave_far_off_out(
    tx: &mut Tx,
    items: &mut [DraftBatchItem],
    differing: &HashSet<DraftId>,
) -> Result<(), ServiceError> {
    let unjudged = store::drafts::unjudged(tx, MOST_UNJUDGED).await?;
    // Where so many wait that not all of them are known, any of these may be among them.
    let are_all_known = i64::try_from(unjudged.len()).is_ok_and(|count| count < MOST_UNJUDGED);
    let unjudged: HashSet<DraftId> = unjudged.into_iter().collect();
    let mut looked_at: Vec<(&mut DraftBatchItem, Vec<DraftLine>)> = Vec::new();
    for item in items.iter_mut().filter(|item| item.skipped.is_none()) {
        let may_differ =
            !are_all_known || differing.contains(&item.draft_id) || unjudged.contains(&item.draft_id);
        if may_differ {
            let lines = store::drafts::lines(tx, item.draft_id).await?;
            looked_at.push((item, lines));
        }
    }
    let articles = judging::articles_of(tx, looked_at.iter().flat_map(|(_, lines)| lines)).await?;
    for (item, mut lines) in looked_at {
        judging::judge_with(&articles, &mut lines, &item.currency);
        let refused = prices_checked(&lines, &SeenPrices::default()).err();
        item.skipped = refused.map(|refusal| refusal.code);
    }
    Ok(())
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

/// What the answer would do to a draft, and how many of its lines differ as somebody has counted.
async fn item_of(
    tx: &mut Tx,
    answer: DraftAnswer,
    draft_id: DraftId,
) -> Result<(DraftBatchItem, i64), ServiceError> {
    let Some(head) = store::drafts::lookup(tx, draft_id).await? else {
        let unknown = DraftBatchItem {
            draft_id,
            version: 0,
            number: String::new(),
            customer_name: String::new(),
            line_count: 0,
            net_total: Money(0),
            currency: String::new(),
            skipped: Some(ErrorCode::NotFound),
            sales_order: None,
        };
        return Ok((unknown, 0));
    };
    let event = match answer {
        DraftAnswer::Approve => DraftEvent::Approve { parked: head.row.issue_count },
        DraftAnswer::Reject => DraftEvent::Reject,
    };
    let differing_count = head.row.differing_count;
    let item = DraftBatchItem {
        draft_id,
        version: head.version,
        skipped: apply(head.row.status, event).err(),
        number: head.row.number,
        customer_name: head.row.customer_name,
        line_count: head.row.line_count,
        net_total: head.row.net_total,
        currency: head.row.currency,
        sales_order: None,
    };
    Ok((item, differing_count))
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
        let (mut item, _) = item_of(&mut tx, answer, *draft_id).await?;
        drop(tx);
        let answered = match answer {
            DraftAnswer::Approve => approve(ctx, *draft_id, *version, SeenPrices::default()).await.map(Some),
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
