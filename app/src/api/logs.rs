//! *Integrasjonslogger*.

use domain::logs::{LogDetail, LogKind, LogRow, LogView};
use domain::paging::Page;
use leptos::prelude::*;

use crate::error::AppError;

/// One page of the list.
#[server(endpoint = "list_logs")]
pub async fn list_logs(view: LogView, search: Option<String>, page: i64) -> Result<Page<LogRow>, AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::logs::list(&ctx, view, search, domain::paging::PageRequest::of(page)).await?)
}

/// Everything about one entry.
#[server(endpoint = "read_log")]
pub async fn read_log(kind: LogKind, id: String) -> Result<LogDetail, AppError> {
    let ctx = super::server::ctx()?;
    let id: domain::ids::MessageKey =
        id.parse().map_err(|_| AppError::from(domain::errors::ErrorCode::NotFound))?;
    Ok(services::logs::detail(&ctx, kind, id.0).await?)
}

/// *Prøv på nytt*: the same bytes again, now.
#[server(endpoint = "retry_message")]
pub async fn retry_message(message_key: domain::ids::MessageKey) -> Result<(), AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::outbox::retry(&ctx, message_key).await?)
}
