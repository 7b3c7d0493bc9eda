//! Lines of an order from a file: as text for the open form, or straight into a draft where no script runs.

use app::api::order_copies::{PasteOrderLines, lines_added_href};
use app::error::AppError;
use app::flash::{FLASH_KEY, Flash, KEPT_TEXT};
use app::pages::orders::paste_href;
use axum::Extension;
use axum::extract::{Path, Request};
use axum::response::{IntoResponse, Redirect, Response};
use domain::errors::Refusal;
use domain::roles::Permission;
use http::header;
use leptos::server_fn::ServerFn;
use services::{Ctx, ServiceError, imports, orders};
use tower_sessions::Session;

use super::{file_of, refused};

/// A file in, its rows out.
pub(super) const TEXT: &str = "/filer/ordrelinjer";
/// A file into the draft of this number.
pub(super) const INTO_ORDER: &str = "/filer/ordrelinjer/{nr}";

/// `POST /filer/ordrelinjer`: the file's rows as a spreadsheet would put them on the clipboard.
pub(super) async fn text(Extension(ctx): Extension<Ctx>, request: Request) -> Response {
    match read(&ctx, request).await {
        Ok(text) => {
            ([(header::CONTENT_TYPE, "text/tab-separated-values; charset=utf-8")], text).into_response()
        }
        Err(error) => refused(&error),
    }
}

/// `POST /filer/ordrelinjer/{nr}`: the file's rows into the draft. What cannot be taken is shown on the page of pasting, with the rows
/// in its field.
pub(super) async fn into_order(
    Extension(ctx): Extension<Ctx>,
    session: Session,
    Path(number): Path<String>,
    request: Request,
) -> Response {
    let order_id = match orders::id_of(&ctx, &number).await {
        Ok(order_id) => order_id,
        Err(error) => return refused(&error),
    };
    let text = match read(&ctx, request).await {
        Ok(text) => text,
        Err(error) if error.is_internal() => return refused(&error),
        Err(error) => return back(&session, &number, Vec::new(), error.refusal()).await,
    };
    match orders::paste(&ctx, order_id, &text).await {
        Ok(pasted) => Redirect::to(&lines_added_href(&number, pasted.left_out)).into_response(),
        Err(error) if error.is_internal() => refused(&error),
        Err(error) => back(&session, &number, kept(&ctx, text).await, error.refusal()).await,
    }
}

/// What the page of pasting shows again: where the text is kept. A page without it is better than no page.
async fn kept(ctx: &Ctx, text: String) -> Vec<(String, String)> {
    match imports::keep_text(ctx, text).await {
        Ok(import_id) => vec![(KEPT_TEXT.to_owned(), import_id.to_string())],
        Err(error) => {
            tracing::error!(?error, "the text of a refused file could not be kept");
            Vec::new()
        }
    }
}

/// To the page of pasting, with what was wrong.
async fn back(session: &Session, number: &str, values: Vec<(String, String)>, refusal: Refusal) -> Response {
    let flash = Flash { path: PasteOrderLines::PATH.to_owned(), values, error: AppError::from(refusal) };
    if let Err(error) = session.insert(FLASH_KEY, flash).await {
        tracing::error!(%error, "why a file was refused could not be kept");
    }
    Redirect::to(&paste_href(number)).into_response()
}

async fn read(ctx: &Ctx, request: Request) -> Result<String, ServiceError> {
    ctx.require(Permission::Purchase)?;
    imports::sheet_text(file_of(request).await?).await
}
