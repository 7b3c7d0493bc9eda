//! *Eksporter til partner*: choose, check, send, follow.

use domain::exports::{CheckedOrder, ExportJob};
use domain::ids::{ExportJobId, OrderId};
use domain::orders::PurchaseOrderRow;
use domain::time::Timestamp;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// Orders that can be sent, and those that were chosen, with what was found about each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportPage {
    pub candidates: Vec<PurchaseOrderRow>,
    pub checked: Vec<CheckedOrder>,
    pub checked_at: Timestamp,
}

/// What can be sent, and the check of what was chosen.
#[server(endpoint = "read_export")]
pub async fn read_export(
    #[server(default)] order_ids: Vec<OrderId>,
    #[server(default)] question: String,
) -> Result<ExportPage, AppError> {
    let ctx = super::server::ctx()?;
    // Asked for before anything is awaited: while a page is rendered, the context is gone afterwards.
    let client = expect_context::<services::PartnerClient>();
    let candidates = services::exports::candidates(&ctx).await?;
    // All that fit a list's question, when that is what was chosen there.
    let order_ids = match question.is_empty() {
        true => order_ids,
        false => {
            services::orders::chosen(&ctx, &super::order_batches::server::chosen(order_ids, &question))
                .await?
        }
    };
    let checked = services::exports::ask_and_check(&ctx, &client, order_ids).await?;
    Ok(ExportPage { candidates, checked, checked_at: ctx.now() })
}

/// Sends orders: `order_ids`, and those of `send_anyway` although a line has no exact match. What was chosen with them and stays here
/// stands in `left`, so that the page of the run names it.
#[server(endpoint = "export_orders")]
pub async fn export_orders(
    #[server(default)] order_ids: Vec<OrderId>,
    #[server(default)] send_anyway: Vec<OrderId>,
    #[server(default)] left: Vec<OrderId>,
) -> Result<ExportJobId, AppError> {
    use domain::errors::{ErrorCode, Refusal};

    let mut chosen = order_ids;
    chosen.extend(send_anyway.iter().copied());
    let mut seen = std::collections::HashSet::new();
    chosen.retain(|order_id| seen.insert(*order_id));
    if chosen.is_empty() {
        return Err(Refusal::of_field("/order_ids", ErrorCode::Required).into());
    }
    let mut left = left;
    left.retain(|order_id| seen.insert(*order_id));
    let ctx = super::server::ctx()?;
    let job_id = services::exports::export_leaving(&ctx, chosen, send_anyway, &left).await?;
    leptos_axum::redirect(&crate::pages::export::job_href(job_id));
    Ok(job_id)
}

/// An export with how each of its orders stands now.
#[server(endpoint = "read_export_job")]
pub async fn read_export_job(job_id: ExportJobId) -> Result<ExportJob, AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::exports::job(&ctx, job_id).await?)
}
