//! Refusals of the browser's half, and what becomes of a server function's error.
//!
//! A server function answers every error with 500; here it gets the status of its code. A form that was posted without
//! WebAssembly is sent back to its page, with what was typed and what was wrong kept in the session for that one page.

use app::error::AppError;
use app::flash::{FLASH_KEY, Flash};
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use domain::errors::{ErrorCode, Refusal};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use http_body_util::{BodyExt, Limited};
use server_fn::error::{FromServerFnError, SERVER_FN_ERROR_HEADER};
use server_fn::redirect::REDIRECT_HEADER;
use services::{Actor, Ctx};
use tower_sessions::Session;

use super::limits;

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";
/// Fields whose values are never kept.
const SECRET_FIELDS: [&str; 3] = ["password", "token", "code"];
/// Bytes of typed values that a session keeps for someone who is signed in.
const MAX_FLASH: usize = 256 * 1024;
/// The same for anybody else: the forms of *Logg inn* and *Oppsett* are short.
const MAX_ANONYMOUS_FLASH: usize = 4 * 1024;

/// A refusal as the browser's half reads it.
pub fn refused(refusal: Refusal) -> Response {
    let status =
        StatusCode::from_u16(refusal.code.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    with_status(status, refusal)
}

/// The same with another status than the code's.
pub fn with_status(status: StatusCode, refusal: Refusal) -> Response {
    answer(status, &AppError::from(refusal))
}

/// The same with the reference of a fault of ours.
pub fn told(error: &AppError) -> Response {
    let status = StatusCode::from_u16(error.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    answer(status, error)
}

fn answer(status: StatusCode, error: &AppError) -> Response {
    (status, [(header::CONTENT_TYPE, JSON)], Body::from(error.ser())).into_response()
}

/// Around every server function.
pub async fn server_functions(session: Session, request: Request, next: Next) -> Response {
    if is_plain_form(request.method(), request.headers()) {
        return plain_form(session, request, next).await;
    }
    let response = next.run(request).await;
    if !response.status().is_server_error() || !response.headers().contains_key(SERVER_FN_ERROR_HEADER) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    match read_error(body).await {
        Some((error, bytes)) => {
            parts.status =
                StatusCode::from_u16(error.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            parts.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(parts, Body::from(bytes))
        }
        None => refused(ErrorCode::Internal.into()),
    }
}

/// A navigation, not a script's call.
pub(super) fn is_plain_form(method: &Method, headers: &HeaderMap) -> bool {
    let has = |name, text| {
        headers.get(name).and_then(|value| value.to_str().ok()).is_some_and(|value| value.contains(text))
    };
    method == Method::POST && has(header::ACCEPT, "text/html") && has(header::CONTENT_TYPE, FORM)
}

async fn plain_form(session: Session, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let is_person =
        request.extensions().get::<Ctx>().is_some_and(|ctx| matches!(ctx.actor, Actor::User { .. }));
    let most = if is_person { MAX_FLASH } else { MAX_ANONYMOUS_FLASH };
    let back = return_path(request.headers());
    let (mut parts, body) = request.into_parts();
    let Ok(typed) =
        Limited::new(body, limits::SERVER_FUNCTION).collect().await.map(http_body_util::Collected::to_bytes)
    else {
        return refused(ErrorCode::PayloadTooLarge.into());
    };
    // Asked as a script would ask, the function answers with its error as a value, and names where to go in a header.
    parts.headers.insert(header::ACCEPT, HeaderValue::from_static(JSON));
    parts.headers.remove(header::CONTENT_LENGTH);
    let response = next.run(Request::from_parts(parts, Body::from(typed.clone()))).await;
    if response.status().is_client_error() || response.status().is_server_error() {
        let (_, body) = response.into_parts();
        let error = read_error(body).await.map_or_else(|| ErrorCode::Internal.into(), |(error, _)| error);
        let flash = Flash { path, values: keep(&typed, most), error };
        if let Err(error) = session.insert(FLASH_KEY, flash).await {
            tracing::error!(%error, "the values of a refused form could not be kept");
        }
        return Redirect::to(&back).into_response();
    }
    let to = response
        .headers()
        .get(header::LOCATION)
        .and_then(|value| value.to_str().ok())
        .unwrap_or(&back)
        .to_owned();
    let mut answer = Redirect::to(&to).into_response();
    for (name, value) in response.headers() {
        if name == header::SET_COOKIE {
            answer.headers_mut().append(name, value.clone());
        }
    }
    answer.headers_mut().remove(REDIRECT_HEADER);
    answer
}

/// The error in an answer of ours, and the answer's bytes.
pub(super) async fn read_error(body: Body) -> Option<(AppError, Bytes)> {
    let bytes = Limited::new(body, limits::SERVER_FUNCTION).collect().await.ok()?.to_bytes();
    let error = serde_json::from_slice(&bytes).unwrap_or_else(|_| AppError::de(bytes.clone()));
    Some((error, bytes))
}

/// What was typed, without secrets.
fn keep(typed: &[u8], most: usize) -> Vec<(String, String)> {
    if typed.len() > most {
        return Vec::new();
    }
    let secret = |name: &str| {
        let last = name.rsplit(['[', '.', '/']).next().unwrap_or(name).trim_end_matches(']');
        name.contains("password") || SECRET_FIELDS.contains(&last)
    };
    url::form_urlencoded::parse(typed)
        .filter(|(name, _)| !secret(name))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

/// The path of the page that posted: from the Referer, and only its path, so that nobody is sent elsewhere.
pub(super) fn return_path(headers: &HeaderMap) -> String {
    let referer = headers.get(header::REFERER).and_then(|value| value.to_str().ok());
    let url = referer.and_then(|referer| url::Url::parse(referer).ok());
    let Some(url) = url else { return "/oversikt".to_owned() };
    let path = url.path().trim_start_matches(['/', '\\']);
    match url.query() {
        Some(query) => format!("/{path}?{query}"),
        None => format!("/{path}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_kept() {
        let kept = keep(b"email=a%40b.no&password=x&input%5Btoken%5D=y&code=1&name=N", 100);
        assert_eq!(kept, [("email".to_owned(), "a@b.no".to_owned()), ("name".to_owned(), "N".to_owned())]);
    }

    #[test]
    fn a_form_returns_to_a_path_of_ours() {
        let back = |referer: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::REFERER, HeaderValue::from_static(referer));
            return_path(&headers)
        };
        assert_eq!(back("http://127.0.0.1:4001/logg-inn?next=%2Fx"), "/logg-inn?next=%2Fx");
        assert_eq!(back("https://evil.example//evil.example/x"), "/evil.example/x");
        assert_eq!(back("nonsense"), "/oversikt");
    }
}
