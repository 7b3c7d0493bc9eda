//! Order drafts.

use domain::articles::ArticleRow;
use domain::drafts::{DraftReview, DraftView, OrderDraftRow};
use domain::ids::DraftId;
use domain::paging::Page;
use domain::saved_views::SavedView;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// One page of *Ordrekladder*, with what stands around it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftList {
    pub drafts: Page<OrderDraftRow>,
    pub counts: Vec<(DraftView, i64)>,
    pub views: Vec<SavedView>,
    /// Nothing was asked, and the person's list opens with a saved view, which has this address.
    pub opens_with: Option<String>,
}

/// One page of the list. `question` is what the list's address asks, without the page.
#[server(endpoint = "list_drafts")]
pub async fn list_drafts(#[server(default)] question: String, page: i64) -> Result<DraftList, AppError> {
    use crate::pages::saved_views::opens_with;
    use domain::saved_views::ListName;

    let ctx = super::server::ctx()?;
    let views = services::saved_views::list(&ctx, ListName::OrderDrafts).await?;
    if let Some(opens_with) = opens_with(ListName::OrderDrafts, &views, &question, page) {
        return Ok(DraftList { opens_with: Some(opens_with), ..DraftList::default() });
    }
    let asked = super::lists::Asked::of(&question);
    let filter = domain::drafts::DraftFilter::read(|name| asked.get(name));
    let drafts = services::drafts::list(&ctx, &filter, asked.page(page)).await?;
    let counts = services::drafts::counts(&ctx).await?;
    Ok(DraftList { drafts, counts, views, opens_with: None })
}

/// Everything about one draft.
#[server(endpoint = "review_draft")]
pub async fn review_draft(number: String) -> Result<DraftReview, AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::drafts::review(&ctx, &number).await?)
}

/// Links a parked line to an article.
#[server(endpoint = "link_draft_line")]
pub async fn link_draft_line(
    draft_id: DraftId,
    version: i64,
    line_number: i32,
    article_number: String,
) -> Result<(), AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::drafts::link_line(&ctx, draft_id, version, line_number, article_number).await?)
}

/// *Godkjenn*: answers with the sales order's number. `prices_checked` are our prices of which the person says that he has looked at
/// them, with their lines: `3:4.9/1`.
#[server(endpoint = "approve_draft")]
pub async fn approve_draft(
    draft_id: DraftId,
    version: i64,
    #[server(default)] prices_checked: String,
) -> Result<String, AppError> {
    use domain::drafts::SeenPrices;

    let ctx = super::server::ctx()?;
    let checked = SeenPrices::read(&prices_checked);
    Ok(services::drafts::approve(&ctx, draft_id, version, checked).await?)
}

/// *Avvis ordre*, with the reason that the customer gets.
#[server(endpoint = "reject_draft")]
pub async fn reject_draft(
    draft_id: DraftId,
    version: i64,
    #[server(default)] reason: String,
) -> Result<(), AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::drafts::reject(&ctx, draft_id, version, reason).await?)
}

/// A person has looked at the customer that an order made.
#[server(endpoint = "confirm_draft_customer")]
pub async fn confirm_draft_customer(draft_id: DraftId) -> Result<(), AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::drafts::confirm_customer(&ctx, draft_id).await?)
}

/// Own articles that a text may mean, for the field that links a line.
#[server(endpoint = "suggest_own_articles")]
pub async fn suggest_own_articles(text: String) -> Result<Vec<ArticleRow>, AppError> {
    const SHOWN: usize = 8;
    let ctx = super::server::ctx()?;
    let hits = services::search::articles(&ctx, None, &text, SHOWN).await?;
    Ok(hits.into_iter().filter_map(|hit| hit.own).collect())
}
