//! Files in and out: the registers and the orders as spreadsheets, and files that a person brings.

use std::time::Duration;

use app::error::AppError;
use app::pages::files::{kind_of, refused_href, upload_href};
use app::preferences::language_of;
use axum::body::Body;
use axum::extract::multipart::{Field, Multipart};
use axum::extract::{DefaultBodyLimit, FromRequest, Path, Query, Request};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use bytes::{Bytes, BytesMut};
use domain::articles::ArticleFilter;
use domain::contacts::ContactFilter;
use domain::errors::{ErrorCode, Refusal};
use domain::imports::{FileKind, ImportOptions};
use domain::orders::OrderFilter;
use http::{HeaderMap, Method, StatusCode, header};
use http_body_util::BodyExt;
use services::imports::{self, Brought};
use services::spreadsheets::{self, SheetFilter, SheetFormat};
use services::{Ctx, ServiceError};

mod catalogue;
mod lists;
mod order_lines;

use super::fault_page::{OVERVIEW, fault_page, is_wanted};
use super::{errors, forms, request_id};

/// Bytes of a posted form with its file.
const MAX_FORM: usize = imports::MAX_BYTES + 64 * 1024;
/// Before the number in the name of a file with one order: `ordre-PO-2026-00012.xlsx`.
const ONE_ORDER: &str = "ordre-";
/// The folder of all pages and addresses here.
const FILES: &str = "/filer";
/// Time for a file to be read in or made, with its way here over a slow line.
const WHOLE: Duration = Duration::from_secs(120);
/// How long nothing of a file may come.
const STALL: Duration = Duration::from_secs(25);
/// What is still read, and thrown away, of a file that is refused: a browser shows the answer only when it could send.
const MAX_DISCARDED: usize = 64 * 1024 * 1024;
/// How long nothing of it may come before the answer leaves anyway.
const DISCARD_STALL: Duration = Duration::from_secs(2);

/// What of a list is asked for, as the list's own address says it.
fn filter_of(asked: &[(String, String)]) -> SheetFilter {
    let parameter =
        |name: &str| asked.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    SheetFilter {
        orders: OrderFilter::read(parameter),
        articles: ArticleFilter::read(parameter),
        contacts: Some(ContactFilter::read(
            app::pages::contacts::role_of(&parameter("vis").unwrap_or_default()),
            parameter,
        )),
    }
}

/// Around these addresses: they take their time, but not for ever, and a person who is refused gets a page.
pub async fn for_people(request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let headers = request.headers().clone();
    let response = tokio::time::timeout(WHOLE, next.run(request)).await;
    let response = response.unwrap_or_else(|_| errors::refused(ErrorCode::RequestTimeout.into()));
    let is_refused = response.status().is_client_error() || response.status().is_server_error();
    if !is_refused || !is_wanted(&headers) {
        return response;
    }
    let error = refusal_in(response).await;
    let Some(kind) = kind_in(&path) else { return fault_page(&headers, &error, OVERVIEW) };
    if method == Method::GET && error.code() == ErrorCode::MethodNotAllowed {
        // Somebody reloads a page that never came.
        return Redirect::to(&upload_href(kind)).into_response();
    }
    if method == Method::POST && error.http_status() < 500 && error.code() != ErrorCode::MethodNotAllowed {
        return Redirect::to(&refused_href(kind, &error.refusal)).into_response();
    }
    fault_page(&headers, &error, &upload_href(kind))
}

/// Why it was refused; what the router itself refuses has no words of ours.
async fn refusal_in(response: Response) -> AppError {
    let status = response.status();
    let is_ours = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
    if is_ours && let Some((error, _)) = errors::read_error(response.into_body()).await {
        return error;
    }
    match status {
        StatusCode::METHOD_NOT_ALLOWED => ErrorCode::MethodNotAllowed.into(),
        status if status.is_server_error() => ErrorCode::Internal.into(),
        _ => ErrorCode::NotFound.into(),
    }
}

/// The page that an address here belongs to: who has to sign in first goes on there.
pub fn page_of(path: &str) -> Option<String> {
    kind_in(path).map(upload_href)
}

fn kind_in(path: &str) -> Option<FileKind> {
    let rest = path.strip_prefix(FILES)?.strip_prefix('/')?;
    match rest.split_once('/')? {
        ("ned", file) => kind_of(file.split_once('.')?.0),
        (slug, "inn") => kind_of(slug),
        _ => None,
    }
}

/// `GET /filer/ned/{fil}`: `artikler.csv` and the like, a list as it is shown (`salgsordre.xlsx`), and `ordre-PO-2026-00012.xlsx`.
pub async fn download(
    Extension(ctx): Extension<Ctx>,
    Path(file): Path<String>,
    Query(asked): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Response {
    let Some((name, format)) = file
        .split_once('.')
        .and_then(|(name, extension)| Some((name, SheetFormat::from_extension(extension)?)))
    else {
        return errors::refused(ErrorCode::NotFound.into());
    };
    let written = match (kind_of(name), lists::list_of(name, &asked), name.strip_prefix(ONE_ORDER)) {
        (Some(kind), ..) => spreadsheets::write(&ctx, kind, format, filter_of(&asked)).await,
        (None, Some(list), _) => lists::write(&ctx, &list, format, &asked, &headers).await,
        (None, None, Some(number)) => {
            let words = lists::words(language_of(&headers));
            spreadsheets::write_order(&ctx, number, format, words).await
        }
        (None, None, None) => Err(ErrorCode::NotFound.into()),
    };
    match written {
        Ok(bytes) => {
            // The name is one of those that we know, or has the number of an order of ours.
            let disposition = format!("attachment; filename=\"{file}\"");
            let head = [
                (header::CONTENT_TYPE, format.media_type().to_owned()),
                (header::CONTENT_DISPOSITION, disposition),
            ];
            (head, bytes).into_response()
        }
        Err(error) => refused(&error),
    }
}

fn refused(error: &ServiceError) -> Response {
    if !error.is_internal() {
        return errors::refused(error.refusal());
    }
    let reference = request_id();
    tracing::error!(?error, reference, "a file could not be read or made");
    errors::told(&AppError { reference: Some(reference), ..AppError::from(error.refusal()) })
}

/// `POST /filer/{slag}/inn`: a form with a file. The browser is sent to the report, or back to the form with what was wrong.
pub async fn upload(Extension(ctx): Extension<Ctx>, Path(slug): Path<String>, request: Request) -> Response {
    let (parts, mut body) = request.into_parts();
    let outcome = match kind_of(&slug) {
        None => Err(ErrorCode::NotFound.into()),
        Some(kind) if !ctx.actor.may(kind.permission()) => Err(ErrorCode::Forbidden.into()),
        Some(kind) => match receive(&parts.headers, &mut body).await {
            Ok(form) => bring_in(&ctx, kind, Request::from_parts(parts, Body::from(form))).await,
            Err(code) => Err(code.into()),
        },
    };
    match outcome {
        Ok(report) => Redirect::to(&report).into_response(),
        Err(error) => {
            discard(body).await;
            refused(&error)
        }
    }
}

/// The form with its file, of bounded size.
async fn receive(headers: &HeaderMap, body: &mut Body) -> Result<Bytes, ErrorCode> {
    let declared =
        headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|length| length > MAX_FORM) {
        return Err(ErrorCode::PayloadTooLarge);
    }
    let mut received = BytesMut::new();
    loop {
        let Ok(frame) = tokio::time::timeout(STALL, body.frame()).await else {
            return Err(ErrorCode::RequestTimeout);
        };
        let Some(frame) = frame else { return Ok(received.freeze()) };
        // The connection broke off, or the body is not framed as HTTP says.
        let frame = frame.map_err(|_| ErrorCode::MalformedHttp)?;
        let Ok(data) = frame.into_data() else { continue };
        if received.len() + data.len() > MAX_FORM {
            return Err(ErrorCode::PayloadTooLarge);
        }
        received.extend_from_slice(&data);
    }
}

/// Reads what is left of a refused file, within bounds.
async fn discard(mut body: Body) {
    let mut left = MAX_DISCARDED;
    while let Ok(Some(Ok(frame))) = tokio::time::timeout(DISCARD_STALL, body.frame()).await {
        let length = frame.data_ref().map_or(0, Bytes::len);
        let Some(rest) = left.checked_sub(length) else { return };
        left = rest;
    }
}

async fn bring_in(ctx: &Ctx, kind: FileKind, form: Request) -> Result<String, ServiceError> {
    let malformed = |_| ServiceError::from(ErrorCode::FileMalformed);
    // What is no such form has no file in it.
    let mut form =
        Multipart::from_request(form, &()).await.map_err(|_| Refusal::from(ErrorCode::FileMissing))?;
    let (mut name, mut file, mut options) = (String::new(), None, ImportOptions::default());
    while let Some(field) = form.next_field().await.map_err(malformed)? {
        match field.name().unwrap_or_default() {
            "file" => {
                name = field.file_name().unwrap_or_default().to_owned();
                file = Some(field.bytes().await.map_err(malformed)?.to_vec());
            }
            "map" => options.map = lines(field).await?,
            "set" => options.set = lines(field).await?,
            "dry_run" => options.dry_run = true,
            "skip_bad" => options.skip_bad = true,
            _ => {}
        }
    }
    let file = file.filter(|file| !file.is_empty()).ok_or_else(|| Refusal::from(ErrorCode::FileMissing))?;
    Ok(match imports::run_or_ask(ctx, kind, &name, file, options).await? {
        Brought::Report(import_id) => format!("{FILES}/rapport/{import_id}"),
        Brought::Asks(import_id) => format!("{}/kolonner/{import_id}", upload_href(kind)),
    })
}

/// The file of a form that has nothing else.
async fn file_of(request: Request) -> Result<Vec<u8>, ServiceError> {
    let (parts, mut body) = request.into_parts();
    let form = match receive(&parts.headers, &mut body).await {
        Ok(form) => form,
        Err(code) => {
            discard(body).await;
            return Err(code.into());
        }
    };
    let malformed = |_| ServiceError::from(ErrorCode::FileMalformed);
    let missing = || ServiceError::from(ErrorCode::FileMissing);
    let form = Request::from_parts(parts, Body::from(form));
    let mut form = Multipart::from_request(form, &()).await.map_err(|_| missing())?;
    while let Some(field) = form.next_field().await.map_err(malformed)? {
        if field.name() == Some("file") {
            let file = field.bytes().await.map_err(malformed)?.to_vec();
            return if file.is_empty() { Err(missing()) } else { Ok(file) };
        }
    }
    Err(missing())
}

async fn lines(field: Field<'_>) -> Result<Vec<String>, ServiceError> {
    let text = field.text().await.map_err(|_| ServiceError::from(ErrorCode::FileMalformed))?;
    Ok(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

/// These addresses. How large a body may be is judged by [`upload`], which tells it in words.
pub fn routes() -> axum::Router {
    Router::new()
        .route("/filer/ned/{fil}", get(download))
        .route("/filer/{slag}/inn", post(upload))
        .route(catalogue::PATH, post(catalogue::upload))
        .route(order_lines::TEXT, post(order_lines::text))
        .route(order_lines::INTO_ORDER, post(order_lines::into_order))
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn(forms::bounded))
        .layer(from_fn(for_people))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_a_file_belongs_to_a_page() {
        for (path, page) in [
            ("/filer/ned/artikler.csv", Some("/filer/artikler")),
            ("/filer/kontakter/inn", Some("/filer/kontakter")),
            ("/filer/ned/artikler", None),
            ("/filer/ned/passwd.csv", None),
            ("/filer/artikler", None),
            ("/filerx/artikler/inn", None),
        ] {
            assert_eq!(page_of(path).as_deref(), page, "{path}");
        }
    }

    #[tokio::test]
    async fn a_file_that_breaks_off_or_never_ends_is_told_from_one_that_is_read() {
        let chunks =
            |chunks: Vec<Result<Vec<u8>, std::io::Error>>| Body::from_stream(futures::stream::iter(chunks));
        let broken = Err(std::io::Error::other("gone"));
        let large = std::iter::repeat_with(|| Ok(vec![b'x'; 1024 * 1024])).take(11).collect();
        for (mut body, expected) in [
            (chunks(vec![Ok(b"ab".to_vec()), Ok(b"c".to_vec())]), Ok("abc".into())),
            (chunks(vec![Ok(b"ab".to_vec()), broken]), Err(ErrorCode::MalformedHttp)),
            (chunks(large), Err(ErrorCode::PayloadTooLarge)),
        ] {
            assert_eq!(receive(&HeaderMap::new(), &mut body).await, expected);
        }
    }
}
