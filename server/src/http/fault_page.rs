//! The page that a person gets instead of what was asked for, where no page of the browser's half is rendered. It needs no script.

use app::error::AppError;
use app::i18n::Texts;
use axum::response::{Html, IntoResponse, Response};
use domain::errors::ErrorCode;
use http::{HeaderMap, StatusCode, header};

use super::rules::PLAIN_PAGE;

/// Whether a person waits for a page: a link or a form, not a script's call.
pub fn is_wanted(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_none_or(|accept| accept.contains("text/html") || accept.contains("*/*"))
}

/// What went wrong, what to do, and a way back.
pub fn fault_page(headers: &HeaderMap, error: &AppError, back: &str) -> Response {
    page(headers, error, back, "")
}

/// That the page is not for this person, and who can change that.
pub fn no_access_page(headers: &HeaderMap, administrators: &[String]) -> Response {
    let t = Texts::new(app::preferences::language_of(headers));
    let who =
        app::components::who_gives_access(t, administrators).map(|text| format!("<p>{}</p>", escaped(&text)));
    page(headers, &ErrorCode::Forbidden.into(), OVERVIEW, &who.unwrap_or_default())
}

/// `more` is a piece of the page.
fn page(headers: &HeaderMap, error: &AppError, back: &str, more: &str) -> Response {
    let language = app::preferences::language_of(headers);
    let t = Texts::new(language);
    let is_internal = error.http_status() >= 500;
    let (title, text) = match error.code() {
        ErrorCode::Forbidden => (t.no_access_title(), error.text(t)),
        _ if is_internal => (t.broken_title(), t.broken_text().to_owned()),
        _ => (t.not_done_title(), error.text(t)),
    };
    let reference = error.reference.as_ref().map(|reference| {
        format!("<p class=\"muted sm\">{}</p>", escaped(&t.broken_reference(reference.clone())))
    });
    let way_back = if back == OVERVIEW { t.no_access_home() } else { t.frame_back() };
    let page = format!(
        "<!DOCTYPE html><html lang=\"{}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{}</title><link rel=\"icon\" href=\"data:,\">\
         <link rel=\"stylesheet\" href=\"/pkg/prodsys.css\"></head><body><main class=\"main\" id=\"main\">\
         <header class=\"head\"><h1>{title}</h1></header><p>{}</p>{more}{}<p><a class=\"btn\" href=\"{}\">{way_back}</a></p></main></body>\
         </html>",
        language.as_str(),
        t.app_title_with_error(title),
        escaped(&text),
        reference.unwrap_or_default(),
        escaped(back),
    );
    let status = StatusCode::from_u16(error.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(header::CONTENT_SECURITY_POLICY, PLAIN_PAGE)], Html(page)).into_response()
}

/// Where somebody goes back to who comes from no page in particular.
pub const OVERVIEW: &str = "/oversikt";

/// Text that is shown as it is.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        assert_eq!(escaped("<a href=\"x\">&"), "&lt;a href=&quot;x&quot;&gt;&amp;");
    }
}
