//! *Integrasjonslogger*: what travelled, what was refused, and why.

use domain::errors::ErrorCode;
use domain::ids::{ConnectionId, ContactId, CorrelationId, MessageKey, PartnerRequestId};
use domain::logs::{
    KEPT_DAYS, LogDay, LogDetail, LogFilter, LogKind, LogOverview, LogPeriod, LogRow, LogSummary, LogView,
    Outgoing, Retried,
};
use domain::masking::mask_secrets;
use domain::messages::{Direction, MessageState};
use domain::paging::{Page, PageRequest};
use domain::roles::Permission;
use domain::time::Timestamp;
use exchange::ExchangeError;
use protocol::headers;
use store::Tx;
use store::logs::{MessageBody, NewPartnerRequest, Question, RequestBody};
use uuid::Uuid;

use crate::ctx::{Actor, Ctx};
use crate::error::ServiceError;
use crate::live;

/// Messages that one press of *Prøv alle på nytt* takes.
const MAX_RETRIED: i64 = 500;

/// One page of a view, with how it went.
pub async fn overview(
    ctx: &Ctx,
    view: LogView,
    filter: LogFilter,
    page: PageRequest,
) -> Result<LogOverview, ServiceError> {
    ctx.require(Permission::Administer)?;
    let now = ctx.now();
    let day_ago = now.plus_seconds(-86_400);
    let since = begin(&filter, now);
    let mut tx = ctx.store.begin_read().await?;
    let summary = summary(&mut tx, &filter, now).await?;
    let partners = store::logs::partners(&mut tx).await?;
    // What waits is shown however long it has waited.
    let since = since.filter(|_| view != LogView::Waiting);
    let question = Question { view: Some(view), filter, since };
    let (mut entries, causes) = if view == LogView::Causes {
        (Page::default(), store::logs::causes(&mut tx, &question, day_ago).await?)
    } else {
        (store::logs::list(&mut tx, &question, page).await?, Vec::new())
    };
    entries.rows.iter_mut().for_each(|row| promise_nothing_past(row, now));
    Ok(LogOverview { entries, causes, summary, partners })
}

/// A moment that has passed is no promise, and while the connection is stopped none holds.
pub(crate) fn promise_nothing_past(row: &mut LogRow, now: Timestamp) {
    row.next_attempt_at = row.next_attempt_at.filter(|at| !row.held && *at > now);
}

/// From when on the filter looks; `None` for everything that is kept.
fn begin(filter: &LogFilter, now: Timestamp) -> Option<Timestamp> {
    filter.period().days().map(|days| now.plus_seconds(-days * 86_400))
}

/// One page of a view's entries alone; of *Feil etter årsak* everything that its filters leave.
pub async fn entries(
    ctx: &Ctx,
    view: LogView,
    filter: LogFilter,
    page: PageRequest,
) -> Result<Page<LogRow>, ServiceError> {
    ctx.require(Permission::Administer)?;
    let since = begin(&filter, ctx.now()).filter(|_| view != LogView::Waiting);
    let view = Some(view).filter(|view| *view != LogView::Causes);
    let mut tx = ctx.store.begin_read().await?;
    Ok(store::logs::list(&mut tx, &Question { view, filter, since }, page).await?)
}

/// One page of entries alone.
pub async fn list(ctx: &Ctx, filter: LogFilter, page: PageRequest) -> Result<Page<LogRow>, ServiceError> {
    ctx.require(Permission::Administer)?;
    let now = ctx.now();
    let since = begin(&filter, now);
    let mut tx = ctx.store.begin_read().await?;
    let mut entries = store::logs::list(&mut tx, &Question { view: None, filter, since }, page).await?;
    entries.rows.iter_mut().for_each(|row| promise_nothing_past(row, now));
    Ok(entries)
}

/// The last seven days, or thirty where the log is shown for longer, of what the filters leave. How an entry stands is not among
/// the filters here: it is what is counted.
async fn summary(tx: &mut Tx, filter: &LogFilter, now: Timestamp) -> Result<LogSummary, ServiceError> {
    let filter = LogFilter { result: None, status: None, cause: None, ..filter.clone() };
    let days = match filter.period() {
        LogPeriod::Day | LogPeriod::Week => 7,
        LogPeriod::Month | LogPeriod::Quarter | LogPeriod::All => 30,
    };
    let today = now.date_in_oslo();
    let dates: Vec<_> = (0..days).rev().filter_map(|back: i64| today.plus_days(-back)).collect();
    let begins: Vec<Timestamp> = dates.iter().map(|date| date.begin_in_oslo()).collect();
    let question = Question { view: None, filter, since: begins.first().copied() };
    let figures = store::logs::daily(tx, &question, &begins).await?;
    let days = dates
        .into_iter()
        .zip(figures)
        .map(|(date, (total, failed))| LogDay { date, total, failed })
        .collect();
    Ok(LogSummary { days, waiting: store::logs::waiting(tx, &question).await? })
}

/// Everything about one entry. Tokens travel in headers, which are not kept; what somebody wrote into a document is masked here.
pub async fn detail(ctx: &Ctx, kind: LogKind, id: Uuid) -> Result<LogDetail, ServiceError> {
    ctx.require(Permission::Administer)?;
    let mut tx = ctx.store.begin_read().await?;
    match kind {
        LogKind::Message => {
            let mut message =
                store::logs::message(&mut tx, MessageKey(id)).await?.ok_or(ErrorCode::NotFound)?;
            promise_nothing_past(&mut message.row, ctx.now());
            of_message(&mut tx, message).await
        }
        LogKind::PartnerRequest => {
            let request = store::logs::partner_request(&mut tx, PartnerRequestId(id))
                .await?
                .ok_or(ErrorCode::NotFound)?;
            Ok(of_request(request))
        }
    }
}

async fn of_message(tx: &mut Tx, message: MessageBody) -> Result<LogDetail, ServiceError> {
    let text = |bytes: &[u8]| mask_secrets(&String::from_utf8_lossy(bytes));
    let is_ours = message.row.direction == Direction::Out;
    let can_retry =
        is_ours && matches!(message.row.state, Some(MessageState::Parked | MessageState::Waiting));
    let mut attempts = store::logs::attempts(tx, MessageKey(message.row.id)).await?;
    for attempt in &mut attempts {
        attempt.answer = attempt.answer.as_deref().map(mask_secrets);
    }
    let request = text(&message.body);
    let order_path = if is_ours {
        message.row.subject.as_ref().map(|number| format!("/ordre/innkjopsordre/{number}"))
    } else {
        draft_path(tx, &message).await?
    };
    Ok(LogDetail {
        first_at: message.created_at,
        attempts,
        response: message.receipt.as_deref().map(text),
        body_sha256: Some(message.body_digest.iter().map(|byte| format!("{byte:02x}")).collect()),
        can_retry,
        outgoing: outgoing(tx, &message, request.clone()).await?,
        request: Some(request),
        order_path,
        row: message.row,
    })
}

async fn draft_path(tx: &mut Tx, message: &MessageBody) -> Result<Option<String>, ServiceError> {
    let Some(peer) = message.peer_instance_id else { return Ok(None) };
    let head = store::drafts::find_by_order(
        tx,
        domain::ids::InstanceId(peer),
        domain::ids::OrderId(message.subject_id),
    )
    .await?;
    Ok(head.map(|head| format!("/salg/ordrekladder/{}", head.row.number)))
}

/// How a message of ours travels when the client sends it now, alone; what is kept of earlier attempts does not say where they went.
async fn outgoing(
    tx: &mut Tx,
    message: &MessageBody,
    body: String,
) -> Result<Option<Outgoing>, ServiceError> {
    let Some(connection_id) = message.row.connection_id else { return Ok(None) };
    let Some(connection) = store::connections::lookup(tx, connection_id).await? else { return Ok(None) };
    let own = store::instance::lookup(tx).await?.ok_or(ErrorCode::Internal)?;
    let correlation_id = message.row.correlation_id.map(|id| id.to_string()).unwrap_or_default();
    let headers = [
        (headers::PARTNER_INSTANCE, own.instance_id.to_string()),
        (headers::PARTNER_EPOCH, own.epoch.to_string()),
        (headers::API_VERSION, domain::instance::API_VERSION.to_owned()),
        (headers::IDEMPOTENCY_KEY, format!("\"{}\"", message.message_id)),
        (headers::CORRELATION_ID, correlation_id),
        ("content-type", "application/json".to_owned()),
    ];
    Ok(Some(Outgoing {
        method: "POST".to_owned(),
        url: format!("{}/partner/v1/purchase-orders", connection.row.endpoint.trim_end_matches('/')),
        headers: headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        token_last_four: connection.row.token_last_four,
        body,
    }))
}

fn of_request(request: RequestBody) -> LogDetail {
    let order_path = match (request.row.direction, &request.row.subject) {
        (Direction::Out, Some(number)) => Some(format!("/ordre/innkjopsordre/{number}")),
        _ => None,
    };
    LogDetail {
        row: request.row,
        first_at: request.first_at,
        attempts: Vec::new(),
        request: request.request.as_deref().map(mask_secrets),
        response: request.response.as_deref().map(mask_secrets),
        body_sha256: None,
        can_retry: false,
        outgoing: None,
        order_path,
    }
}

/// *Prøv alle på nytt*: every message among what the filters leave that stands as failed for this cause, each in a transaction of its
/// own. Tells how many were made due; one that got through meanwhile is left alone.
pub async fn retry_cause(ctx: &Ctx, cause: ErrorCode, filter: LogFilter) -> Result<Retried, ServiceError> {
    ctx.require(Permission::Purchase)?;
    let since = begin(&filter, ctx.now());
    let question = Question { view: None, filter: LogFilter { cause: Some(cause), ..filter }, since };
    let mut tx = ctx.store.begin_read().await?;
    let keys = store::logs::retryable(&mut tx, &question, MAX_RETRIED).await?;
    drop(tx);
    let mut retried = Retried::default();
    for key in keys {
        match crate::outbox::retry(ctx, key).await {
            Ok(one) => retried = retried.and(one),
            Err(ServiceError::Refused(refusal)) if refusal.code == ErrorCode::InvalidTransition => {}
            Err(error) => return Err(error),
        }
    }
    Ok(retried)
}

/// A call of ours that carried no message, and how it went.
#[derive(Clone, Debug)]
pub(crate) struct PartnerCall {
    pub connection_id: ConnectionId,
    /// The method and the path, as [`domain::logs::LogOperation`] knows them.
    pub operation: &'static str,
    pub failure: Option<ExchangeError>,
    pub begun: Timestamp,
    pub ended: Timestamp,
}

impl PartnerCall {
    /// A call that began then and has just ended.
    pub(crate) fn ended(
        ctx: &Ctx,
        connection_id: ConnectionId,
        operation: &'static str,
        begun: Timestamp,
        failure: Option<ExchangeError>,
    ) -> Self {
        Self { connection_id, operation, failure, begun, ended: ctx.now() }
    }
}

/// Writes how a call went: a failure as a row, the same failure again into the same row, and a success where a failure stood. A call
/// that a person asked for is a row also when it went well.
pub(crate) async fn note_call(ctx: &Ctx, call: PartnerCall) -> Result<(), ServiceError> {
    let asked = matches!(ctx.actor, Actor::User { .. } | Actor::Operator);
    if call.failure.is_none() && !asked {
        let mut tx = ctx.store.glance().await?;
        if store::logs::standing_failure(&mut tx, call.connection_id, call.operation).await?.is_none() {
            return Ok(());
        }
    }
    ctx.write(call, |ctx, tx, call| Box::pin(note_call_in(ctx, tx, call))).await
}

async fn note_call_in(ctx: &Ctx, tx: &mut Tx, call: &PartnerCall) -> Result<(), ServiceError> {
    let now = ctx.now();
    let duration_ms = call.ended.milliseconds_since(call.begun);
    let code = call.failure.as_ref().map(|failure| failure.code);
    let standing = store::logs::standing_failure(tx, call.connection_id, call.operation).await?;
    if let Some((id, known)) = standing {
        if code.is_some() && known == code {
            return Ok(store::logs::repeat_failure(tx, id, duration_ms, now).await?);
        }
        store::logs::resolve_failures(tx, call.connection_id, call.operation, now).await?;
    }
    let asked = matches!(ctx.actor, Actor::User { .. } | Actor::Operator);
    if code.is_some() || asked {
        let Some(connection) = store::connections::lookup(tx, call.connection_id).await? else {
            return Ok(());
        };
        let answer = call.failure.as_ref().and_then(|failure| failure.problem.as_ref());
        let row = NewPartnerRequest {
            request_id: ctx.new_id::<PartnerRequestId>(),
            direction: Direction::Out,
            token_id: None,
            connection_id: Some(call.connection_id),
            contact_id: connection.row.contact_id,
            operation: call.operation.to_owned(),
            subject: None,
            http_status: call.failure.as_ref().map_or(Some(200), |failure| failure.http_status),
            error: code,
            request: None,
            response: answer.map(live::to_json).transpose()?.as_deref().map(mask_secrets),
            remote_address: None,
            duration_ms,
            correlation_id: None,
        };
        store::logs::add_partner_request(tx, &row, now).await?;
    }
    live::log_changed(ctx, tx, None);
    Ok(())
}

/// An answer about an order of ours, as it was read from the partner's feed.
pub(crate) async fn note_answer(
    ctx: &Ctx,
    tx: &mut Tx,
    connection_id: ConnectionId,
    contact_id: Option<ContactId>,
    answer: (String, Option<CorrelationId>, String),
) -> Result<(), ServiceError> {
    let (number, correlation_id, told) = answer;
    let row = NewPartnerRequest {
        request_id: ctx.new_id::<PartnerRequestId>(),
        direction: Direction::Out,
        token_id: None,
        connection_id: Some(connection_id),
        contact_id,
        operation: "GET /events".to_owned(),
        subject: Some(number),
        http_status: Some(200),
        error: None,
        request: None,
        response: Some(mask_secrets(&told)),
        remote_address: None,
        duration_ms: 0,
        correlation_id,
    };
    Ok(store::logs::add_partner_request(tx, &row, ctx.now()).await?)
}

/// Rows of a kind that are removed in one transaction.
const PORTION: u64 = 1000;

/// Removes what nobody looks at any more, a portion at a time: everybody else writes in between.
pub async fn remove_old(ctx: &Ctx) -> Result<u64, ServiceError> {
    let before = ctx.now().plus_seconds(-KEPT_DAYS * 86_400);
    let mut total = 0;
    loop {
        let removed = ctx
            .write(before, |_, tx, before| {
                Box::pin(async move { Ok(store::logs::remove_before(tx, *before, PORTION).await?) })
            })
            .await?;
        total += removed;
        // Fewer than a portion of both kinds together: neither has more. One more look would be a commit for nothing.
        if removed < PORTION {
            return Ok(total);
        }
    }
}
