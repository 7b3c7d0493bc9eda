//! Orders that come in.

use axum::Json;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use domain::errors::ErrorCode;
use domain::ids::OrderId;
use http::{HeaderMap, StatusCode, header};
use protocol::documents::{BatchLine, CheckAnswer, OrderState, PurchaseOrderDocument, Receipt};
use protocol::faults::{self, Point};
use protocol::headers::{IDEMPOTENCY_KEY, REPLAYED, idempotency_key};
use services::inbox;

use crate::partner::auth::{Partner, PurchaseOrdersCreate};
use crate::partner::body::{JsonBody, Lines};
use crate::partner::halves;
use crate::partner::openapi::CallHeaders;
use crate::partner::problem::Problem;

/// Takes an order; it becomes a draft, once, however often it is sent.
#[utoipa::path(post, path = "/partner/v1/purchase-orders", tag = "purchase-orders",
    security(("token" = ["PurchaseOrders:Create"])), request_body = PurchaseOrderDocument,
    params(CallHeaders, ("Idempotency-Key" = uuid::Uuid, Header, description = "The document's `message_id`.")),
    responses((status = 201, body = Receipt, description = "A repeat gets the same bytes and `Idempotent-Replayed: true`.",
        headers(("Idempotent-Replayed" = bool, description = "`true` when the answer was given before; otherwise left out.")))))]
pub async fn receive(
    caller: Partner<PurchaseOrdersCreate>,
    headers: HeaderMap,
    JsonBody(body): JsonBody,
) -> Result<Response, Problem> {
    faults::pass(Point::S3);
    let key = headers.get(IDEMPOTENCY_KEY).ok_or(ErrorCode::IdempotencyKeyMissing)?;
    let key = idempotency_key(key.as_bytes())?;
    let received = inbox::receive_order(&caller.ctx, &caller.principal, caller.peer, key, body).await?;
    faults::pass(Point::S6);
    // The first answer is kept whole: a repeat has the same status and the same bytes.
    let mut response =
        (StatusCode::CREATED, [(header::CONTENT_TYPE, "application/json")], received.receipt).into_response();
    if received.replayed {
        response.headers_mut().insert(REPLAYED, http::HeaderValue::from_static("true"));
    }
    Ok(halves::in_halves(response, Point::S7).await)
}

/// Takes up to 500 orders, one document a line; the answer has one line for each, in the same order.
#[utoipa::path(post, path = "/partner/v1/purchase-orders/batch", tag = "purchase-orders",
    security(("token" = ["PurchaseOrders:Create"])),
    request_body(content = String, content_type = "application/x-ndjson", description = "One `PurchaseOrderDocument` a line."),
    params(CallHeaders),
    responses((status = 200, body = BatchLine, content_type = "application/x-ndjson")))]
pub async fn receive_batch(
    caller: Partner<PurchaseOrdersCreate>,
    Lines(body): Lines,
) -> Result<Response, Problem> {
    faults::pass(Point::S3);
    let answer = inbox::receive_batch(&caller.ctx, &caller.principal, caller.peer, body).await?;
    faults::pass(Point::S6);
    let response = ([(header::CONTENT_TYPE, "application/x-ndjson")], answer).into_response();
    Ok(halves::in_halves(response, Point::S7).await)
}

/// The dry run: what would happen to each line. Changes nothing.
#[utoipa::path(post, path = "/partner/v1/purchase-orders/check", tag = "purchase-orders",
    security(("token" = ["PurchaseOrders:Create"])), request_body = PurchaseOrderDocument,
    params(CallHeaders),
    responses((status = 200, body = CheckAnswer)))]
pub async fn check(
    caller: Partner<PurchaseOrdersCreate>,
    JsonBody(body): JsonBody,
) -> Result<Json<CheckAnswer>, Problem> {
    Ok(Json(inbox::check_order(&caller.ctx, &caller.principal, &body).await?))
}

/// Where one of the caller's own orders is; another's looks like one that does not exist.
#[utoipa::path(get, path = "/partner/v1/purchase-orders/{uid}", tag = "purchase-orders",
    security(("token" = ["PurchaseOrders:Create"])), params(CallHeaders, ("uid" = uuid::Uuid, Path, description = "`order_uid`.")),
    responses((status = 200, body = OrderState)))]
pub async fn state(
    caller: Partner<PurchaseOrdersCreate>,
    Path(uid): Path<String>,
) -> Result<Json<OrderState>, Problem> {
    let uid: OrderId = uid.parse().map_err(|_| ErrorCode::InvalidId)?;
    Ok(Json(inbox::order_state(&caller.ctx, &caller.principal, caller.peer, uid).await?))
}
