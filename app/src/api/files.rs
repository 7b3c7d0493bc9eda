//! Files that were brought in.

use domain::ids::ImportId;
use domain::imports::{KeptReport, WaitingFile};
use leptos::prelude::*;

use crate::error::AppError;

/// What came of a file.
#[server(endpoint = "read_import_report")]
pub async fn read_import_report(import_id: ImportId) -> Result<KeptReport, AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::imports::report(&ctx, import_id).await?)
}

/// A file whose columns somebody has to name.
#[server(endpoint = "read_waiting_file")]
pub async fn read_waiting_file(import_id: ImportId) -> Result<WaitingFile, AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::imports::waiting(&ctx, import_id).await?)
}

/// Brings a waiting file in: of each of its columns the name of ours, or nothing. The browser is sent to the report.
#[server(endpoint = "choose_file_columns")]
pub async fn choose_file_columns(
    import_id: ImportId,
    #[server(default)] columns: Vec<String>,
) -> Result<(), AppError> {
    let ctx = super::server::ctx()?;
    let report = services::imports::bring_in_waiting(&ctx, import_id, &columns).await?;
    leptos_axum::redirect(&format!("/filer/rapport/{report}"));
    Ok(())
}
