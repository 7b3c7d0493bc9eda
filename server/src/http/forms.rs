//! What a server function takes: a form that is posted, of bounded size, without characters that nobody types.

use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use domain::errors::ErrorCode;
use http::{HeaderMap, Method, header};
use http_body_util::{BodyExt, Limited};
use services::{Actor, Ctx};

use super::{errors, limits};

const PREFIX: &str = "/api/";
const FORM: &str = "application/x-www-form-urlencoded";
const FILES: &str = "multipart/form-data";
/// Bytes of a form from someone who is not signed in: *Logg inn* and *Oppsett* are short, and hashing a long password is work.
const MAX_ANONYMOUS: usize = 16 * 1024;
/// The zero character as it stands in an address or a form. PostgreSQL keeps no text with it.
const ZERO: &[u8] = b"%00";

/// Around everything that browsers use.
pub async fn bounded(request: Request, next: Next) -> Response {
    if request.uri().query().is_some_and(|query| holds_zero(query.as_bytes())) {
        return errors::refused(ErrorCode::InvalidCharacter.into());
    }
    if !request.uri().path().starts_with(PREFIX) {
        return next.run(request).await;
    }
    if request.method() != Method::POST {
        let mut response = errors::refused(ErrorCode::MethodNotAllowed.into());
        response.headers_mut().insert(header::ALLOW, http::HeaderValue::from_static("POST"));
        return response;
    }
    let kind = media_type(request.headers());
    if !kind.is_empty() && kind != FORM && kind != FILES {
        return errors::refused(ErrorCode::UnsupportedMediaType.into());
    }
    let is_person = request.extensions().get::<Ctx>().is_some_and(|ctx| ctx.actor != Actor::Anonymous);
    let most = if is_person { limits::SERVER_FUNCTION } else { MAX_ANONYMOUS };
    let (parts, body) = request.into_parts();
    let Ok(body) = Limited::new(body, most).collect().await else {
        return errors::refused(ErrorCode::PayloadTooLarge.into());
    };
    let body = body.to_bytes();
    if kind == FORM && holds_zero(&body) {
        return errors::refused(ErrorCode::InvalidCharacter.into());
    }
    next.run(Request::from_parts(parts, Body::from(body))).await
}

fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn holds_zero(encoded: &[u8]) -> bool {
    encoded.contains(&0) || encoded.windows(ZERO.len()).any(|window| window == ZERO)
}
