//! Files in and out: the registers and the orders as spreadsheets, and files that a person brings.

use axum::Extension;
use axum::extract::multipart::{Field, Multipart};
use axum::extract::{Path, Query};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use domain::errors::{ErrorCode, Refusal};
use domain::imports::{FileKind, ImportOptions};
use serde::Deserialize;
use services::spreadsheets::{self, SheetFilter, SheetFormat};
use services::{Ctx, ServiceError, imports};

use super::errors;

/// Bytes of a posted form with its file.
pub const MAX_FORM: usize = imports::MAX_BYTES + 64 * 1024;
/// The folder of all pages and addresses here.
const FILES: &str = "/filer";

/// What of a list is asked for, as the list's own address says it.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    vis: String,
    #[serde(default)]
    sok: String,
}

impl Asked {
    fn filter(self) -> SheetFilter {
        let search = self.sok.trim();
        SheetFilter {
            view: app::pages::orders::view_of(&self.vis),
            role: app::pages::contacts::role_of(&self.vis),
            search: (!search.is_empty()).then(|| search.to_owned()),
        }
    }
}

/// `GET /filer/ned/{fil}`: `artikler.csv` and the like.
pub async fn download(
    Extension(ctx): Extension<Ctx>,
    Path(file): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    let Some((kind, format)) = file.split_once('.').and_then(|(name, extension)| {
        Some((app::pages::files::kind_of(name)?, SheetFormat::from_extension(extension)?))
    }) else {
        return errors::refused(ErrorCode::NotFound.into());
    };
    match spreadsheets::write(&ctx, kind, format, asked.filter()).await {
        Ok(bytes) => {
            // The name is one of six that we know.
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
    if error.is_internal() {
        tracing::error!(?error, "a file could not be made");
    }
    errors::refused(error.refusal())
}

/// `POST /filer/{slag}/inn`: a form with a file. The browser is sent to the report, or back to the form with what was wrong.
pub async fn upload(Extension(ctx): Extension<Ctx>, Path(slug): Path<String>, form: Multipart) -> Response {
    let Some(kind) = app::pages::files::kind_of(&slug) else {
        return errors::refused(ErrorCode::NotFound.into());
    };
    match bring_in(&ctx, kind, form).await {
        Ok(report) => Redirect::to(&report).into_response(),
        Err(error) if error.is_internal() => refused(&error),
        Err(error) => Redirect::to(&app::pages::files::refused_href(kind, &error.refusal())).into_response(),
    }
}

async fn bring_in(ctx: &Ctx, kind: FileKind, mut form: Multipart) -> Result<String, ServiceError> {
    let malformed = |_| ServiceError::from(ErrorCode::FileMalformed);
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
    let import_id = imports::run_and_keep(ctx, kind, &name, file, options).await?;
    Ok(format!("{FILES}/rapport/{import_id}"))
}

async fn lines(field: Field<'_>) -> Result<Vec<String>, ServiceError> {
    let text = field.text().await.map_err(|_| ServiceError::from(ErrorCode::FileMalformed))?;
    Ok(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect())
}
