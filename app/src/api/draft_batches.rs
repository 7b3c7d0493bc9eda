//! One answer to many order drafts.

use domain::drafts::{DraftAnswer, DraftBatch, DraftSeen};
use domain::ids::{DraftBatchId, DraftId};
use leptos::prelude::*;

use crate::error::AppError;

/// What the answer would do, before it is given. `question` names all that fit; otherwise `draft_ids` name the drafts.
#[server(endpoint = "preview_draft_batch")]
pub async fn preview_draft_batch(
    answer: DraftAnswer,
    #[server(default)] draft_ids: Vec<DraftId>,
    #[server(default)] question: String,
) -> Result<DraftBatch, AppError> {
    use domain::drafts::{ChosenDrafts, DraftFilter};

    let ctx = super::server::ctx()?;
    // A question, even an empty one behind its mark, means all that fit it.
    let chosen = match question.strip_prefix('?') {
        Some(question) => {
            let asked = super::lists::Asked::of(question);
            ChosenDrafts::Fitting(Box::new(DraftFilter::read(|name| asked.get(name))))
        }
        None => ChosenDrafts::Named(draft_ids),
    };
    Ok(services::drafts::preview(&ctx, answer, &chosen).await?)
}

/// Gives the answer to the drafts as they were shown; the browser is sent to what came of it.
#[server(endpoint = "answer_drafts")]
pub async fn answer_drafts(
    answer: DraftAnswer,
    #[server(default)] drafts: Vec<DraftSeen>,
    #[server(default)] reason: String,
) -> Result<(), AppError> {
    let ctx = super::server::ctx()?;
    let id = services::drafts::answer_all(&ctx, answer, &drafts, &reason).await?;
    leptos_axum::redirect(&crate::pages::drafts::batch_href(id));
    Ok(())
}

/// What came of it.
#[server(endpoint = "read_draft_batch")]
pub async fn read_draft_batch(batch_id: DraftBatchId) -> Result<DraftBatch, AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::drafts::batch(&ctx, batch_id).await?)
}
