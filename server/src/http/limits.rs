//! How large and how slow a request may be.

use std::time::Duration;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use domain::errors::ErrorCode;
use http::{HeaderValue, Method, header};

use super::errors;
use crate::partner::problem;

/// Bytes of a server function's body.
pub const SERVER_FUNCTION: usize = 2 * 1024 * 1024;
/// Time for a handler, and for a body to arrive.
pub const HANDLER_TIMEOUT: Duration = Duration::from_secs(30);
/// Bytes of all fields of a head.
const MAX_FIELDS: usize = 32 * 1024;
/// Bytes of a path with its query.
const MAX_TARGET: usize = 8 * 1024;

/// Ends a request that takes too long. A change that is already under way runs on in its own task.
pub async fn timeout(request: Request, next: Next) -> Response {
    match tokio::time::timeout(HANDLER_TIMEOUT, next.run(request)).await {
        Ok(response) => response,
        Err(_) => errors::refused(ErrorCode::RequestTimeout.into()),
    }
}

/// Refuses what is no request to a page or call of ours at all, before anything else looks at it.
pub async fn head(request: Request, next: Next) -> Response {
    let length = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    if length > MAX_TARGET {
        return problem::at_once(ErrorCode::UriTooLong);
    }
    if request.method() == Method::CONNECT {
        return problem::at_once(ErrorCode::MethodNotAllowed);
    }
    let fields = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len());
    if fields.sum::<usize>() > MAX_FIELDS {
        return problem::at_once(ErrorCode::HeadersTooLarge);
    }
    let chunked = request.headers().contains_key(header::TRANSFER_ENCODING);
    let mut response = next.run(request).await;
    if chunked {
        // A length beside the chunks was dropped before this point (RFC 9112 6.3); nobody may hide a second request behind it.
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}
