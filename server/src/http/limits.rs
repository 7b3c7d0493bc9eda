//! How large and how slow a request may be.

use std::time::Duration;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use domain::errors::ErrorCode;

use super::errors;

/// Bytes of a server function's body.
pub const SERVER_FUNCTION: usize = 2 * 1024 * 1024;
/// Time for a handler, and for a body to arrive.
pub const HANDLER_TIMEOUT: Duration = Duration::from_secs(30);
/// Bytes of a path with its query.
const MAX_TARGET: usize = 8 * 1024;

/// Ends a request that takes too long. A change that is already under way runs on in its own task.
pub async fn timeout(request: Request, next: Next) -> Response {
    match tokio::time::timeout(HANDLER_TIMEOUT, next.run(request)).await {
        Ok(response) => response,
        Err(_) => errors::refused(ErrorCode::RequestTimeout.into()),
    }
}

/// Refuses a target that no page of ours has.
pub async fn target_length(request: Request, next: Next) -> Response {
    let length = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    if length > MAX_TARGET {
        return errors::with_status(http::StatusCode::URI_TOO_LONG, ErrorCode::NotFound.into());
    }
    next.run(request).await
}
