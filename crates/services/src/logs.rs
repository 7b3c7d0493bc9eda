//! *Integrasjonslogger*: what travelled, what was refused, and why.

use domain::errors::ErrorCode;
use domain::ids::{MessageKey, PartnerRequestId};
use domain::logs::{LogDetail, LogKind, LogRow, LogView};
use domain::messages::{Direction, MessageState};
use domain::paging::{Page, PageRequest};
use domain::roles::Permission;
use uuid::Uuid;

use crate::ctx::Ctx;
use crate::error::ServiceError;

/// One page of a view.
pub async fn list(
    ctx: &Ctx,
    view: LogView,
    search: Option<String>,
    page: PageRequest,
) -> Result<Page<LogRow>, ServiceError> {
    ctx.require(Permission::Administer)?;
    let mut tx = ctx.store.begin_read().await?;
    Ok(store::logs::list(&mut tx, view, search.as_deref(), page).await?)
}

/// Everything about one entry. Documents and receipts hold no secret: tokens travel in headers, and headers are not kept.
pub async fn detail(ctx: &Ctx, kind: LogKind, id: Uuid) -> Result<LogDetail, ServiceError> {
    ctx.require(Permission::Administer)?;
    let mut tx = ctx.store.begin_read().await?;
    match kind {
        LogKind::Message => {
            let message = store::logs::message(&mut tx, MessageKey(id)).await?.ok_or(ErrorCode::NotFound)?;
            let attempts = store::logs::attempts(&mut tx, MessageKey(id)).await?;
            let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
            let can_retry = message.row.direction == Direction::Out
                && matches!(message.row.state, Some(MessageState::Parked | MessageState::Waiting));
            let order_path = message
                .row
                .subject
                .as_ref()
                .filter(|_| message.row.direction == Direction::Out)
                .map(|number| format!("/ordre/innkjopsordre/{number}"));
            Ok(LogDetail {
                row: message.row,
                attempts,
                request: Some(text(message.body)),
                response: message.receipt.map(text),
                body_sha256: Some(message.body_digest.iter().map(|byte| format!("{byte:02x}")).collect()),
                can_retry,
                endpoint: message.endpoint,
                order_path,
            })
        }
        LogKind::PartnerRequest => {
            let (row, request, response) = store::logs::partner_request(&mut tx, PartnerRequestId(id))
                .await?
                .ok_or(ErrorCode::NotFound)?;
            Ok(LogDetail {
                row,
                attempts: Vec::new(),
                request,
                response,
                body_sha256: None,
                can_retry: false,
                endpoint: None,
                order_path: None,
            })
        }
    }
}

/// Days that refused requests of partners are kept.
const KEPT_DAYS: i64 = 90;

/// Removes what nobody looks at any more.
pub async fn remove_old(ctx: &Ctx) -> Result<u64, ServiceError> {
    let before = ctx.now().plus_seconds(-KEPT_DAYS * 86_400);
    ctx.write(before, |_, tx, before| {
        Box::pin(async move { Ok(store::logs::remove_before(tx, *before).await?) })
    })
    .await
}
