//! A panic in a handler: the caller learns a reference and nothing else.

use std::any::Any;

use axum::response::{IntoResponse, Response};
use domain::errors::ErrorCode;
use http::{StatusCode, header};
use protocol::problem::{MEDIA_TYPE, Problem};

/// The answer to a request whose handler panicked. The panic itself is in the log under the reference.
pub fn answer(panic: Box<dyn Any + Send + 'static>) -> Response {
    let reference = super::request_id();
    let cause = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("unknown");
    tracing::error!(reference, cause, "a handler panicked");
    let problem = Problem::from_refusal(&ErrorCode::Internal.into(), Some(reference));
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    (StatusCode::INTERNAL_SERVER_ERROR, [(header::CONTENT_TYPE, MEDIA_TYPE)], body).into_response()
}
