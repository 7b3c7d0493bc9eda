//! *Integrasjonslogger*.

use domain::errors::ErrorCode;
use domain::logs::{LogDetail, LogFilter, LogKind, LogOverview, LogView, Retried};
use leptos::prelude::*;

use crate::error::AppError;

/// One page of the list, what failed by its cause, and how it went.
#[server(endpoint = "list_logs")]
pub async fn list_logs(
    view: LogView,
    #[server(default)] filter: LogFilter,
    page: i64,
) -> Result<LogOverview, AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::logs::overview(&ctx, view, filter, domain::paging::PageRequest::of(page)).await?)
}

/// Everything about one entry.
#[server(endpoint = "read_log")]
pub async fn read_log(kind: LogKind, id: String) -> Result<LogDetail, AppError> {
    let ctx = super::server::ctx()?;
    let id: domain::ids::MessageKey = id.parse().map_err(|_| AppError::from(ErrorCode::NotFound))?;
    Ok(services::logs::detail(&ctx, kind, id.0).await?)
}

/// *Prøv på nytt*: the same bytes again, now, or once the connection has been tested.
#[server(endpoint = "retry_message")]
pub async fn retry_message(message_key: domain::ids::MessageKey) -> Result<Retried, AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::outbox::retry(&ctx, message_key).await?)
}

/// *Prøv alle på nytt*: every message among what the filters leave that stands as failed for one cause. Tells how many were made due.
#[server(endpoint = "retry_cause")]
pub async fn retry_cause(
    cause: ErrorCode,
    #[server(default)] filter: LogFilter,
) -> Result<Retried, AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::logs::retry_cause(&ctx, cause, filter).await?)
}
