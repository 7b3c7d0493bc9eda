//! What differs between the lines of a draft and our articles.

use std::collections::HashMap;

use domain::articles::Article;
use domain::decimal::Percent;
use domain::drafts::{DraftLine, OrderDraftRow, differing};
use domain::ids::{ArticleId, DraftId};
use domain::matching::{LineFacts, PartnerArticle, differences};
use store::Tx;

use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::live;

/// Drafts that are judged again at once when articles are changed; the others wait for [`crate::housekeeping`].
const MOST_AT_ONCE: i64 = 500;

/// The lines of a draft, each with what differs now.
pub(super) async fn judged_lines(
    tx: &mut Tx,
    draft_id: DraftId,
    currency: &str,
) -> Result<Vec<DraftLine>, ServiceError> {
    let mut lines = store::drafts::lines(tx, draft_id).await?;
    let articles = articles_of(tx, lines.iter()).await?;
    judge_with(&articles, &mut lines, currency);
    Ok(lines)
}

/// The articles that lines are linked to, all of them asked for at once.
pub(crate) async fn articles_of(
    tx: &mut Tx,
    lines: impl Iterator<Item = &DraftLine>,
) -> Result<HashMap<ArticleId, Article>, ServiceError> {
    let mut ids: Vec<ArticleId> = lines.filter_map(|line| line.article_id).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(store::articles::lookup_listed(tx, &ids).await?)
}

/// Says of each line what differs. The one place that decides it.
pub(crate) fn judge_with(articles: &HashMap<ArticleId, Article>, lines: &mut [DraftLine], currency: &str) {
    for line in lines {
        let Some(article) = line.article_id.and_then(|id| articles.get(&id)) else { continue };
        let listed = PartnerArticle {
            number: article.number.clone(),
            name: article.name.clone(),
            unit: article.unit.clone(),
            price: Some(article.price),
            price_base_quantity: article.price_base_quantity,
            currency: article.currency.clone(),
            gtin: article.gtin.clone(),
            pack_size: article.pack_size,
            minimum_quantity: article.minimum_quantity,
            status: article.status,
            replaced_by: article.replaced_by.clone(),
        };
        let ordered = LineFacts {
            article_number: String::new(),
            supplier_article_number: line.supplier_article_number.clone(),
            description: String::new(),
            gtin: None,
            quantity: line.quantity,
            unit: line.unit.clone(),
            unit_price: Some(line.unit_price),
            price_base_quantity: line.price_base_quantity,
            currency: currency.to_owned(),
        };
        line.differences = differences(&ordered, &listed, Percent(0), |_| None);
    }
}

/// Counts again what differs in a draft.
pub(super) async fn count_again(tx: &mut Tx, draft_id: DraftId, currency: &str) -> Result<i64, ServiceError> {
    let count = differing(&judged_lines(tx, draft_id, currency).await?);
    store::drafts::set_differing(tx, draft_id, count).await?;
    Ok(count)
}

/// Articles are others than they were: what differs in open drafts is counted again, in most of them later where there are many.
pub(crate) async fn articles_changed(
    ctx: &Ctx,
    tx: &mut Tx,
    articles: &[ArticleId],
) -> Result<(), ServiceError> {
    if articles.is_empty() {
        return Ok(());
    }
    store::drafts::mark_unjudged(tx, articles).await?;
    judge_marked(ctx, tx, MOST_AT_ONCE).await?;
    Ok(())
}

/// Counts again what differs in drafts that are marked for it, at most so many, and tells the lists that are open. Gives how many were
/// marked.
pub(crate) async fn judge_marked(ctx: &Ctx, tx: &mut Tx, most: i64) -> Result<usize, ServiceError> {
    let marked = store::drafts::unjudged(tx, most).await?;
    for draft_id in &marked {
        let Some(head) = store::drafts::lookup(tx, *draft_id).await? else { continue };
        let before = head.row.differing_count;
        if !head.row.status.is_open() {
            // What it was decided by stands.
            store::drafts::set_differing(tx, *draft_id, before).await?;
            continue;
        }
        let differing_count = count_again(tx, *draft_id, &head.row.currency).await?;
        if differing_count != before {
            let row = OrderDraftRow { differing_count, ..head.row };
            live::add_draft_event(
                ctx,
                tx,
                &row,
                head.correlation_id,
                "draft_judged",
                ctx.actor.name(),
                None,
            )?;
        }
    }
    Ok(marked.len())
}
