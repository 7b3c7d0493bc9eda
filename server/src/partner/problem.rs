//! Refusals as RFC 9457 problems.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use domain::errors::{ErrorCode, Refusal};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use protocol::problem as wire;
use services::ServiceError;

/// A refusal on its way out.
#[derive(Clone, Debug)]
pub struct Problem {
    refusal: Refusal,
    allow: Option<&'static str>,
}

/// What was answered, for the log.
#[derive(Clone, Debug)]
pub struct Answered {
    pub code: ErrorCode,
    pub body: String,
}

impl Problem {
    /// The path is right and the method is not.
    pub fn method_not_allowed(allow: &'static str) -> Self {
        Self { refusal: ErrorCode::MethodNotAllowed.into(), allow: Some(allow) }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, allow: None }
    }
}

impl From<ErrorCode> for Problem {
    fn from(code: ErrorCode) -> Self {
        Refusal::from(code).into()
    }
}

impl From<ServiceError> for Problem {
    fn from(error: ServiceError) -> Self {
        if error.is_internal() {
            tracing::error!(?error, "a partner's request failed here");
        }
        error.refusal().into()
    }
}

impl IntoResponse for Problem {
    /// Carries the refusal as an extension; [`finish`] writes the body, which names the request.
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status(self.refusal.code);
        set_headers(response.headers_mut(), &self);
        response.extensions_mut().insert(self);
        response
    }
}

fn status(code: ErrorCode) -> StatusCode {
    StatusCode::from_u16(code.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn set_headers(headers: &mut HeaderMap, problem: &Problem) {
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(wire::MEDIA_TYPE));
    if let Some(allow) = problem.allow {
        headers.insert(header::ALLOW, HeaderValue::from_static(allow));
    }
    let code = problem.refusal.code;
    if matches!(code, ErrorCode::MalformedHttp | ErrorCode::PayloadTooLarge | ErrorCode::RequestTimeout) {
        // What follows on this connection is the rest of that body, or cannot be told from it.
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    let seconds = match code {
        ErrorCode::RequestInProgress => Some("1"),
        ErrorCode::RateLimited | ErrorCode::StorageUnavailable | ErrorCode::Overloaded => Some("5"),
        _ => None,
    };
    if let Some(seconds) = seconds {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static(seconds));
    }
    let challenge = match code {
        ErrorCode::MissingToken => Some("Bearer realm=\"ProdSys\"".to_owned()),
        ErrorCode::InvalidToken | ErrorCode::TokenExpired | ErrorCode::TokenRevoked => {
            Some("Bearer realm=\"ProdSys\", error=\"invalid_token\"".to_owned())
        }
        ErrorCode::InsufficientScope => {
            let scope = problem.refusal.params.get("scope").map_or("", String::as_str);
            Some(format!("Bearer realm=\"ProdSys\", error=\"insufficient_scope\", scope=\"{scope}\""))
        }
        _ => None,
    };
    if let Some(challenge) = challenge.and_then(|text| HeaderValue::from_str(&text).ok()) {
        headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
}

/// The whole answer, for a request that reaches no handler.
pub fn at_once(code: ErrorCode) -> Response {
    let problem = Problem::from(code);
    let wire = wire::Problem::from_refusal(&problem.refusal, Some(crate::http::request_id()));
    let mut response = Response::new(Body::from(serde_json::to_string(&wire).unwrap_or_default()));
    *response.status_mut() = status(code);
    set_headers(response.headers_mut(), &problem);
    response
}

/// Writes the body of a problem, and makes one of every other failure, so that a partner never meets two kinds.
pub async fn finish(response: Response, request_id: &str) -> Response {
    let code = match response.status() {
        status if !status.is_client_error() && !status.is_server_error() => return response,
        StatusCode::NOT_FOUND => ErrorCode::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => ErrorCode::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => ErrorCode::PayloadTooLarge,
        StatusCode::BAD_REQUEST => ErrorCode::ValidationFailed,
        _ => ErrorCode::Internal,
    };
    let problem = response.extensions().get::<Problem>().cloned().unwrap_or_else(|| code.into());
    let wire = wire::Problem::from_refusal(&problem.refusal, Some(request_id.to_owned()));
    let body = serde_json::to_string(&wire).unwrap_or_default();
    let mut finished = Response::new(Body::from(body.clone()));
    *finished.status_mut() = response.status();
    set_headers(finished.headers_mut(), &problem);
    finished.extensions_mut().insert(Answered { code: problem.refusal.code, body });
    finished
}
