//! Requests that were refused, for the log.

use domain::errors::{ErrorCode, Refusal};
use domain::ids::{ContactId, CorrelationId, PartnerRequestId, TokenId};
use domain::masking::mask_secrets;
use domain::messages::Direction;
use store::Tx;
use store::logs::NewPartnerRequest;

use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::live;
use crate::tokens::TokenPrincipal;

/// A partner's request that was refused, for the log.
#[derive(Clone, Debug)]
pub struct RefusedRequest {
    pub token_id: Option<TokenId>,
    pub contact_id: Option<ContactId>,
    pub operation: String,
    pub subject: Option<String>,
    pub http_status: u16,
    pub code: ErrorCode,
    pub request: Option<String>,
    pub response: Option<String>,
    pub remote_address: Option<String>,
    pub duration_ms: i64,
    pub correlation_id: Option<CorrelationId>,
}

/// Writes a refused request into the log.
pub async fn note_refusal(ctx: &Ctx, request: RefusedRequest) -> Result<(), ServiceError> {
    ctx.write(request, |ctx, tx, request| Box::pin(note_in(ctx, tx, request))).await
}

pub(super) async fn note_in(ctx: &Ctx, tx: &mut Tx, request: &RefusedRequest) -> Result<(), ServiceError> {
    let row = NewPartnerRequest {
        request_id: ctx.new_id::<PartnerRequestId>(),
        direction: Direction::In,
        token_id: request.token_id,
        connection_id: None,
        contact_id: request.contact_id,
        operation: request.operation.clone(),
        subject: request.subject.clone(),
        http_status: Some(request.http_status),
        error: Some(request.code),
        request: request.request.as_deref().map(mask_secrets),
        response: request.response.as_deref().map(mask_secrets),
        remote_address: request.remote_address.clone(),
        duration_ms: request.duration_ms,
        correlation_id: request.correlation_id,
    };
    store::logs::add_partner_request(tx, &row, ctx.now()).await?;
    live::log_changed(ctx, tx, request.correlation_id);
    Ok(())
}

pub(super) fn refusal_of(
    principal: &TokenPrincipal,
    operation: &str,
    refusal: &Refusal,
    body: &[u8],
) -> RefusedRequest {
    RefusedRequest {
        token_id: Some(principal.token_id),
        contact_id: principal.contact_id,
        operation: operation.to_owned(),
        subject: None,
        http_status: refusal.code.http_status(),
        code: refusal.code,
        request: Some(excerpt(body)),
        response: serde_json::to_string(refusal).ok(),
        remote_address: None,
        duration_ms: 0,
        correlation_id: None,
    }
}

/// The first 2,000 bytes of what came, as text that can be stored and shown.
pub fn excerpt(body: &[u8]) -> String {
    let head = &body[..body.len().min(2000)];
    String::from_utf8_lossy(head).chars().filter(|c| *c == '\n' || !domain::text::is_hidden(*c)).collect()
}
