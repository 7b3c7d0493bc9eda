//! The body of a partner's request: of the right kind, not too large, and in time.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use domain::errors::ErrorCode;
use http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use protocol::limits::MAX_BODY_BYTES;
use services::inbox;

use super::problem::Problem;
use super::{Partners, Trace};

/// Time for a body to arrive, shorter than a handler's, so that the partner is told why.
const BODY_TIMEOUT: Duration = Duration::from_secs(25);

/// A JSON document, not yet read.
pub struct JsonBody(pub Bytes);

/// JSON documents, one a line.
pub struct Lines(pub Bytes);

impl FromRequest<Partners> for JsonBody {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &Partners) -> Result<Self, Problem> {
        Ok(Self(read(request, &["application/json"]).await?))
    }
}

impl FromRequest<Partners> for Lines {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &Partners) -> Result<Self, Problem> {
        Ok(Self(read(request, &["application/x-ndjson", "application/ndjson"]).await?))
    }
}

async fn read(request: Request, media_types: &[&str]) -> Result<Bytes, ErrorCode> {
    let headers = request.headers();
    // Nothing is unpacked here, so a bomb has nothing to explode in.
    if headers.get(header::CONTENT_ENCODING).is_some_and(|value| value != "identity") {
        return Err(ErrorCode::UnsupportedContentEncoding);
    }
    if !is_of(headers, media_types) {
        return Err(ErrorCode::UnsupportedMediaType);
    }
    let declared =
        headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|length| length > MAX_BODY_BYTES) {
        return Err(ErrorCode::PayloadTooLarge);
    }
    let trace = request.extensions().get::<Arc<Trace>>().cloned();
    let bytes = tokio::time::timeout(BODY_TIMEOUT, collect(request.into_body()))
        .await
        .map_err(|_| ErrorCode::RequestTimeout)??;
    if let Some(trace) = trace {
        let _ = trace.excerpt.set(inbox::excerpt(&bytes));
    }
    Ok(bytes)
}

async fn collect(body: Body) -> Result<Bytes, ErrorCode> {
    match Limited::new(body, MAX_BODY_BYTES).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(ErrorCode::PayloadTooLarge),
        // The connection broke off, or the body is not framed as HTTP says.
        Err(_) => Err(ErrorCode::MalformedHttp),
    }
}

/// The media type itself, and no other alphabet than UTF-8.
fn is_of(headers: &HeaderMap, media_types: &[&str]) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let mut parts = value.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    let known = media_types.iter().any(|known| known.eq_ignore_ascii_case(essence));
    let utf8 = parts.all(|parameter| match parameter.split_once('=') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => {
            value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    });
    known && utf8
}
