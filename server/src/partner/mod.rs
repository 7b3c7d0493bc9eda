//! The partner API: what another company's system may ask, and the log of what it was refused.

pub mod auth;
pub mod body;
pub mod bounds;
mod halves;
pub mod openapi;
pub mod page;
pub mod problem;
pub mod v1;

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{MethodRouter, get, post, put};
use domain::errors::ErrorCode;
use domain::ids::CorrelationId;
use protocol::headers::CORRELATION_ID;
use services::inbox::{self, RefusedRequest};
use services::tokens::TokenPrincipal;
use services::{Actor, Ctx};
use tokio_util::sync::CancellationToken;

use crate::context::Opened;
use crate::http::{limits, remote, rules};
use problem::{Answered, Problem};

/// What the handlers of the partner API need.
#[derive(Clone)]
pub struct Partners {
    pub ctx: Ctx,
    pub stop: CancellationToken,
    pub held: bounds::Held,
    pub strangers: bounds::Strangers,
}

/// What is found out about a request on its way, for the log.
#[derive(Debug, Default)]
pub struct Trace {
    pub request_id: String,
    pub principal: OnceLock<TokenPrincipal>,
    /// The beginning of the body.
    pub excerpt: OnceLock<String>,
}

/// The routes below `/partner/v1`. A route's rule is its handler's first argument: `Partner<Scope>`.
pub fn routes(opened: &Opened, stop: &CancellationToken) -> Router {
    let state = Partners {
        ctx: opened.ctx.acting_as(Actor::System),
        stop: stop.clone(),
        held: bounds::Held::default(),
        strangers: bounds::Strangers::default(),
    };
    let only = |methods: MethodRouter<Partners>, allow: &'static str| {
        methods.fallback(move || async move { Problem::method_not_allowed(allow) })
    };
    Router::new()
        .route("/identity", only(get(v1::identity::read), "GET, HEAD"))
        .route("/articles", only(get(v1::articles::page), "GET, HEAD"))
        .route("/articles/lookup", only(post(v1::articles::lookup), "POST"))
        .route("/contacts", only(get(v1::contacts::page), "GET, HEAD"))
        .route("/contacts/{uid}", only(put(v1::contacts::save), "PUT"))
        .route("/purchase-orders", only(post(v1::purchase_orders::receive), "POST"))
        .route("/purchase-orders/batch", only(post(v1::purchase_orders::receive_batch), "POST"))
        .route("/purchase-orders/check", only(post(v1::purchase_orders::check), "POST"))
        .route("/purchase-orders/{uid}", only(get(v1::purchase_orders::state), "GET, HEAD"))
        .route("/events", only(get(v1::events::page), "GET, HEAD"))
        .route("/openapi.json", only(get(openapi::document), "GET, HEAD"))
        .route("/docs", only(get(page::show), "GET, HEAD"))
        .route_layer(from_fn(refuse_without_rule))
        .fallback(async || Problem::from(ErrorCode::NotFound))
        .layer(axum::extract::DefaultBodyLimit::disable())
        .layer(from_fn_with_state(state.clone(), watch))
        .with_state(state)
}

/// A route that nobody put into the table of rules is nobody's. Another method than the route has is told apart by the route itself.
async fn refuse_without_rule(request: Request, next: Next) -> Response {
    let matched = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str).unwrap_or_default();
    let known =
        rules::PARTNER.iter().any(|(_, path, _)| matched.strip_prefix(rules::PARTNER_PREFIX) == Some(*path));
    if !known {
        tracing::error!(path = matched, "a route of the partner API has no row in the table of rules");
        return axum::response::IntoResponse::into_response(Problem::from(ErrorCode::Forbidden));
    }
    next.run(request).await
}

/// Characters of a request's method and path that the log keeps.
const MAX_OPERATION: usize = 200;

/// Around every request: a name for it, a limit on its time, and a row in the log when it was refused.
async fn watch(State(partners): State<Partners>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let trace = Arc::new(Trace { request_id: crate::http::request_id(), ..Trace::default() });
    request.extensions_mut().insert(Arc::clone(&trace));
    let operation: String =
        format!("{} {}", request.method(), request.uri().path()).chars().take(MAX_OPERATION).collect();
    let address = remote::text(request.extensions());
    let correlation = request
        .headers()
        .get(CORRELATION_ID)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse::<CorrelationId>().ok());
    let response = match in_time(request, next).await {
        Some(response) => response,
        None => axum::response::IntoResponse::into_response(Problem::from(ErrorCode::RequestTimeout)),
    };
    let mut response = problem::finish(response, &trace.request_id).await;
    if let Some(answered) = response.extensions_mut().remove::<Answered>() {
        let principal = trace.principal.get();
        if principal.is_none() && !partners.strangers.admit() {
            return response;
        }
        let row = RefusedRequest {
            token_id: principal.map(|principal| principal.token_id),
            contact_id: principal.and_then(|principal| principal.contact_id),
            operation,
            subject: None,
            http_status: response.status().as_u16(),
            code: answered.code,
            request: trace.excerpt.get().cloned(),
            response: Some(answered.body),
            remote_address: Some(address),
            duration_ms: i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX),
            correlation_id: correlation,
        };
        if let Err(error) = inbox::note_refusal(&partners.ctx, row).await {
            tracing::error!(
                ?error,
                request_id = trace.request_id,
                "a refused request could not be written into the log"
            );
        }
    }
    response
}

/// The request for events is held open on purpose, and has a limit of its own.
async fn in_time(request: Request, next: Next) -> Option<Response> {
    tokio::time::timeout(limits::HANDLER_TIMEOUT, next.run(request)).await.ok()
}
