//! *Avgjørelser*: what people have decided about a supplier's numbers, with who, when, and the way back.

use std::collections::BTreeSet;

use domain::ids::{ArticleId, ContactId, SupplierLinkId};
use domain::links::{DecisionPage, DecisionRow, DecisionView, MAX_CONFIRMED, SupplierLink};
use domain::paging::MAX_COUNTED;
use domain::roles::Permission;
use domain::search::SearchHit;
use domain::text::normalise;
use store::Tx;

use super::page::connection_to;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::search;

/// The decisions of one view from before `before` on, the latest first; or those that `text` finds: by our number, by the supplier's, as it
/// was written, or by what the article is called.
pub async fn decided(
    ctx: &Ctx,
    supplier: ContactId,
    view: DecisionView,
    text: &str,
    before: Option<SupplierLinkId>,
    limit: i64,
) -> Result<DecisionPage, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    let tx = &mut tx;
    connection_to(tx, supplier).await?;
    let limit = limit.clamp(1, i64::try_from(MAX_CONFIRMED).unwrap_or(1));
    let mut counts = Vec::with_capacity(DecisionView::ALL.len());
    for view in DecisionView::ALL {
        counts.push((view, store::links::count(tx, supplier, view, MAX_COUNTED).await?));
    }
    if !text.trim().is_empty() {
        let links = found(ctx, tx, supplier, view, text, limit).await?;
        return Ok(DecisionPage { rows: with_names(tx, supplier, links).await?, next: None, counts });
    }
    let mut links = store::links::list(tx, supplier, view, before, limit + 1).await?;
    let wanted = usize::try_from(limit).unwrap_or_default();
    let has_more = links.len() > wanted;
    links.truncate(wanted);
    let next = links.last().filter(|_| has_more).map(|last| last.supplier_link_id);
    Ok(DecisionPage { rows: with_names(tx, supplier, links).await?, next, counts })
}

async fn found(
    ctx: &Ctx,
    tx: &mut Tx,
    supplier: ContactId,
    view: DecisionView,
    text: &str,
    limit: i64,
) -> Result<Vec<SupplierLink>, ServiceError> {
    let hits = search::articles_in(ctx, tx, Some(supplier), text, search::MAX_HITS).await?;
    let articles: Vec<ArticleId> =
        hits.iter().filter_map(|hit| hit.own.as_ref()).map(|own| own.article_id).collect();
    let numbers: BTreeSet<String> = hits.iter().filter_map(SearchHit::supplier_number).cloned().collect();
    let numbers: Vec<String> = numbers.into_iter().collect();
    let beginning = normalise(text);
    Ok(store::links::found(tx, supplier, view, &beginning, &numbers, &articles, limit).await?)
}

/// The decisions with what their numbers are called.
async fn with_names(
    tx: &mut Tx,
    supplier: ContactId,
    links: Vec<SupplierLink>,
) -> Result<Vec<DecisionRow>, ServiceError> {
    let ids: Vec<ArticleId> = links.iter().filter_map(|link| link.article_id).collect();
    let articles = store::articles::lookup_each(tx, &ids).await?;
    let numbers = links.iter().map(|link| (supplier, link.partner_number.clone())).collect();
    let names = store::partner_articles::names(tx, &numbers).await?;
    let row = |link: SupplierLink| {
        let article = link.article_id.and_then(|id| articles.get(&id));
        let partner_name = names.get(&(supplier, link.partner_number.clone())).cloned().unwrap_or_default();
        DecisionRow {
            article: article.map(|article| (article.number.clone(), article.name.clone())),
            partner_name,
            link,
        }
    };
    Ok(links.into_iter().map(row).collect())
}
