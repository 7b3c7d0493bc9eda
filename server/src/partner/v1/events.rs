//! The feed: what happened to the caller's orders.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use domain::errors::{ErrorCode, Refusal};
use protocol::documents::FeedPage;
use protocol::faults::Point;
use protocol::limits::MAX_WAIT_SECONDS;
use services::feed;

use super::articles::value;
use crate::partner::Partners;
use crate::partner::auth::{Partner, PurchaseOrdersCreate};
use crate::partner::halves;
use crate::partner::openapi::CallHeaders;
use crate::partner::problem::Problem;

/// Events after the cursor, held open until there is one or the wait is over.
#[utoipa::path(get, path = "/partner/v1/events", tag = "events", security(("token" = ["PurchaseOrders:Create"])),
    params(CallHeaders, ("after" = Option<String>, Query, description = "The cursor `next` of the page before."),
        ("articles" = Option<String>, Query, description = "A cursor of `GET /articles`. Changed articles end the waiting as well, and the \
            page tells the newest one. Needs Articles:Read; without it nothing is told."),
        ("wait" = Option<u64>, Query, minimum = 0, maximum = 25, description = "Seconds to hold the request open, 0 to 25.")),
    responses((status = 200, body = FeedPage)))]
pub async fn page(
    caller: Partner<PurchaseOrdersCreate>,
    State(partners): State<Partners>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = query.unwrap_or_default();
    let wait = match value(&query, "wait") {
        None => 0,
        Some(text) => text
            .parse::<u64>()
            .ok()
            .filter(|wait| *wait <= MAX_WAIT_SECONDS)
            .ok_or_else(|| Refusal::from(ErrorCode::InvalidLimit).with("max", MAX_WAIT_SECONDS))?,
    };
    let (after, articles) = (value(&query, "after"), value(&query, "articles"));
    let _held = partners.held.hold(caller.principal.token_id)?;
    let page = tokio::select! {
        page = feed::page(&caller.ctx, &caller.principal, after.as_deref(), articles.as_deref(), wait) => page?,
        // The program ends: an empty hand now, and the partner asks again elsewhere or later.
        () = partners.stop.cancelled() => {
            feed::page(&caller.ctx, &caller.principal, after.as_deref(), articles.as_deref(), 0).await?
        }
    };
    if page.events.is_empty() {
        return Ok(Json(page).into_response());
    }
    Ok(halves::in_halves(Json(page).into_response(), Point::S11).await)
}
