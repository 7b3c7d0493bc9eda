//! Posts from other sites are refused: by the browser's own headers, and where there are none, a cookie is not enough.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use domain::errors::ErrorCode;
use http::{Method, header};
use tower_http::csrf::{CsrfLayer, ProtectionError};

use super::errors;

const FETCH_SITE: &str = "sec-fetch-site";

/// The layer that compares origins.
pub fn layer() -> CsrfLayer<impl Fn(ProtectionError) -> Response + Clone> {
    CsrfLayer::new()
        .with_rejection_response(|_error: ProtectionError| errors::refused(ErrorCode::CsrfRejected.into()))
}

/// A change that carries a cookie must say where it comes from; every browser of the last years does.
pub async fn require_origin(request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let headers = request.headers();
    let told = headers.contains_key(FETCH_SITE) || headers.contains_key(header::ORIGIN);
    if !safe && !told && headers.contains_key(header::COOKIE) {
        return errors::refused(ErrorCode::CsrfRejected.into());
    }
    next.run(request).await
}
