//! Posts from other sites are refused: by the browser's own headers, and where there are none, a cookie is not enough.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use domain::errors::ErrorCode;
use http::{Method, header};
use tower_http::csrf::{CsrfLayer, ProtectionError};

use super::errors;
use super::fault_page::{OVERVIEW, fault_page};

const FETCH_SITE: &str = "sec-fetch-site";

/// On an answer: it was refused here.
#[derive(Clone, Copy)]
struct Rejected;

/// The layer that compares origins.
pub fn layer() -> CsrfLayer<impl Fn(ProtectionError) -> Response + Clone> {
    CsrfLayer::new().with_rejection_response(|_error: ProtectionError| rejected())
}

fn rejected() -> Response {
    let mut response = errors::refused(ErrorCode::CsrfRejected.into());
    response.extensions_mut().insert(Rejected);
    response
}

/// Around both: a person who posted a form gets a page. A proxy that changes `Host` makes every form one from elsewhere.
pub async fn for_people(request: Request, next: Next) -> Response {
    let headers = request.headers().clone();
    let response = next.run(request).await;
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if response.extensions().get::<Rejected>().is_none() || !accepts.contains("text/html") {
        return response;
    }
    fault_page(&headers, &ErrorCode::CsrfRejected.into(), OVERVIEW)
}

/// A change that carries a cookie must say where it comes from; every browser of the last years does.
pub async fn require_origin(request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let headers = request.headers();
    let told = headers.contains_key(FETCH_SITE) || headers.contains_key(header::ORIGIN);
    if !safe && !told && headers.contains_key(header::COOKIE) {
        return rejected();
    }
    next.run(request).await
}
