//! Files that were brought in.

use domain::ids::ImportId;
use domain::imports::KeptReport;
use leptos::prelude::*;

use crate::error::AppError;

/// What came of a file.
#[server(endpoint = "read_import_report")]
pub async fn read_import_report(import_id: ImportId) -> Result<KeptReport, AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::imports::report(&ctx, import_id).await?)
}
