//! Whether the program lives, and whether it can serve.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use services::Ctx;

/// The program runs.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// The database answers too.
pub async fn ready(State(ctx): State<Ctx>) -> Response {
    match ctx.store.ping().await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => {
            tracing::warn!(?error, "the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response()
        }
    }
}
