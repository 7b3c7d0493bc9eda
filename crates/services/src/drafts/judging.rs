//! What differs between the lines of a draft and our articles.

use std::collections::HashMap;

use domain::articles::Article;
use domain::decimal::Percent;
use domain::drafts::{DraftLine, differing};
use domain::ids::{ArticleId, DraftId};
use domain::matching::{LineFacts, PartnerArticle, differences};
use store::Tx;

use crate::error::ServiceError;

/// Drafts that are judged again when one article is changed.
const MOST_AGAIN: i64 = 500;

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
            unit_price: line.unit_price,
            price_base_quantity: line.price_base_quantity,
            currency: currency.to_owned(),
        };
        line.differences = differences(&ordered, &listed, Percent(0), |_| None);
    }
}

/// Counts again what differs in a draft.
pub(super) async fn count_again(tx: &mut Tx, draft_id: DraftId, currency: &str) -> Result<(), ServiceError> {
    let lines = judged_lines(tx, draft_id, currency).await?;
    Ok(store::drafts::set_differing(tx, draft_id, differing(&lines)).await?)
}

/// An article is another than it was: what differs in open drafts is counted again.
pub(crate) async fn article_changed(tx: &mut Tx, article_id: ArticleId) -> Result<(), ServiceError> {
    for draft_id in store::drafts::open_with_article(tx, article_id, MOST_AGAIN).await? {
        if let Some(head) = store::drafts::lookup(tx, draft_id).await? {
            count_again(tx, draft_id, &head.row.currency).await?;
        }
    }
    Ok(())
}
