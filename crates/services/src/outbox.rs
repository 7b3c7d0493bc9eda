//! Messages that go out: claim, send, settle.
//!
//! The claim is committed before the first byte leaves, and no transaction is open while one is on the way. A lease returns the
//! messages of a worker that died; the fence keeps a late worker's result from being taken.

use std::collections::HashSet;

use bytes::Bytes;
use domain::connections::ConnectionState;
use domain::errors::ErrorCode;
use domain::ids::{AttemptId, ConnectionId, MessageId, MessageKey, OrderId};
use domain::logs::Retried;
use domain::messages::{MessageState, Verdict, next_attempt};
use domain::orders::{OrderEvent, OrderStatus, apply};
use domain::roles::Permission;
use domain::time::Timestamp;
use exchange::{Link, OutboundMessage, PartnerClient, Sent};
use protocol::documents::OrderState;
use protocol::faults::{self, Bug, Point};
use store::Tx;
use store::messages::{AttemptOutcome, Claimed, Settlement};
use store::orders::Answer;

use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::live::{self, OrderChange};

/// When the next message is due for each connection that is not paused and has one, while the extension is on.
pub async fn schedule(ctx: &Ctx) -> Result<Vec<(ConnectionId, Timestamp)>, ServiceError> {
    Ok(store::messages::schedule(&mut ctx.store.glance().await?).await?)
}

/// Sends everything that is due now, and waits for all of it; tells how many messages were tried.
pub async fn run_once(ctx: &Ctx, client: &PartnerClient) -> Result<usize, ServiceError> {
    let now = ctx.now();
    let due = schedule(ctx).await?.into_iter().filter(|(_, at)| *at <= now);
    let tried = futures::future::join_all(due.map(|(id, _)| run_connection(ctx, client, id))).await;
    let mut total = 0;
    for outcome in tried {
        total += outcome?;
    }
    Ok(total)
}

/// Sends what is due to one partner; tells how many messages were tried.
pub async fn run_connection(
    ctx: &Ctx,
    client: &PartnerClient,
    id: ConnectionId,
) -> Result<usize, ServiceError> {
    let (claimed, link) = ctx.write(id, |ctx, tx, id| Box::pin(claim(ctx, tx, *id))).await?;
    if claimed.is_empty() {
        return Ok(0);
    }
    faults::pass(Point::B3);
    let messages: Vec<OutboundMessage> = claimed.iter().map(|(message, _)| outbound(ctx, message)).collect();
    let sent = match (&link, messages.as_slice()) {
        (Err(code), messages) => messages.iter().map(|_| unsent(*code)).collect(),
        (Ok(link), [message]) => vec![client.send_order(link, message).await],
        (Ok(link), messages) => client.send_batch(link, messages).await,
    };
    let count = claimed.len();
    let settled: Vec<(Claimed, AttemptId, Sent)> =
        claimed.into_iter().zip(sent).map(|((message, attempt), sent)| (message, attempt, sent)).collect();
    faults::pass(Point::B8);
    ctx.write((id, settled), |ctx, tx, (id, settled)| Box::pin(settle_all(ctx, tx, *id, settled))).await?;
    faults::pass(Point::B9);
    Ok(count)
}

type ClaimedBatch = (Vec<(Claimed, AttemptId)>, Result<Link, ErrorCode>);

async fn claim(ctx: &Ctx, tx: &mut Tx, id: ConnectionId) -> Result<ClaimedBatch, ServiceError> {
    let now = ctx.now();
    let lease_until = now.plus_seconds(ctx.settings.lease_seconds);
    let limit = i64::try_from(protocol::limits::MAX_BATCH_MESSAGES).unwrap_or(500);
    let messages = store::messages::claim(tx, id, now, lease_until, limit).await?;
    let claimed: Vec<(Claimed, AttemptId)> =
        messages.into_iter().map(|message| (message, ctx.new_id())).collect();
    store::messages::add_attempts(tx, &claimed, now).await?;
    let link = match crate::connections::link_of(ctx, tx, id).await {
        Ok(link) => Ok(link),
        Err(ServiceError::Refused(refusal)) => Err(refusal.code),
        Err(fault) => return Err(fault),
    };
    Ok((claimed, link))
}

fn outbound(ctx: &Ctx, message: &Claimed) -> OutboundMessage {
    if faults::has(Bug::NewKeyPerRetry) && message.attempt_number > 1 {
        return renamed(ctx, message);
    }
    let mut body_hash = [0; 32];
    let length = message.body_digest.len().min(32);
    body_hash[..length].copy_from_slice(&message.body_digest[..length]);
    OutboundMessage {
        message_id: message.message_id,
        body: Bytes::from(message.body.clone()),
        body_hash,
        correlation_id: message.correlation_id,
    }
}

/// What a program sends that makes a new id for each attempt: the same order as another message.
fn renamed(ctx: &Ctx, message: &Claimed) -> OutboundMessage {
    let message_id: MessageId = ctx.new_id();
    let text = String::from_utf8_lossy(&message.body);
    let body = text.replace(&message.message_id.to_string(), &message_id.to_string()).into_bytes();
    let body_hash = protocol::canonical::sha256(&body);
    OutboundMessage { message_id, body: body.into(), body_hash, correlation_id: message.correlation_id }
}

/// The link itself cannot be used: nothing left this machine.
fn unsent(code: ErrorCode) -> Sent {
    Sent {
        verdict: Verdict::PauseLink { code },
        http_status: None,
        duration_ms: 0,
        receipt: None,
        receipt_bytes: None,
        answer_excerpt: None,
    }
}

async fn settle_all(
    ctx: &Ctx,
    tx: &mut Tx,
    id: ConnectionId,
    sent: &[(Claimed, AttemptId, Sent)],
) -> Result<(), ServiceError> {
    let now = ctx.now();
    let outcomes: Vec<AttemptOutcome> =
        sent.iter().map(|(_, attempt_id, sent)| outcome(*attempt_id, sent)).collect();
    store::messages::finish_attempts(tx, &outcomes, now).await?;
    let settlements: Vec<Settlement> =
        sent.iter().map(|(message, _, sent)| settlement(ctx, message, sent, now)).collect();
    let held = store::messages::settle(tx, &settlements, now).await?;
    let (mut pause, mut told, mut changes) = (None, Vec::new(), Vec::new());
    for ((message, _, sent), settlement) in sent.iter().zip(&settlements) {
        if !held.contains(&message.message_key) {
            tracing::warn!(message.id = %message.message_id, "a later worker holds the message: this result is dropped");
            continue;
        }
        if let Verdict::PauseLink { code } = sent.verdict {
            pause = Some(code);
        }
        match &sent.receipt {
            Some(receipt) => told.push((OrderId(message.subject_id), &receipt.state)),
            None => changes.push(undelivered(message, sent, settlement.state)),
        }
        if settlement.state == MessageState::Waiting {
            faults::pass(Point::B10);
        }
    }
    apply_told(ctx, tx, &told).await?;
    live::orders_changed(ctx, tx, changes).await?;
    if let Some(code) = pause {
        store::connections::pause(tx, id, code).await?;
    } else if sent.iter().any(|(_, _, sent)| sent.http_status.is_some()) {
        store::connections::touch_contact(tx, id, now).await?;
    }
    live::log_changed(ctx, tx, None);
    Ok(())
}

fn outcome(attempt_id: AttemptId, sent: &Sent) -> AttemptOutcome {
    AttemptOutcome {
        attempt_id,
        http_status: sent.http_status,
        error: error_of(sent.verdict),
        duration_ms: sent.duration_ms,
        answer: sent.answer_excerpt.clone(),
    }
}

fn error_of(verdict: Verdict) -> Option<ErrorCode> {
    match verdict {
        Verdict::Delivered => None,
        Verdict::Retry { code, .. } | Verdict::Park { code } | Verdict::PauseLink { code } => Some(code),
    }
}

fn settlement(ctx: &Ctx, message: &Claimed, sent: &Sent, now: Timestamp) -> Settlement {
    let mut random = [0; 2];
    ctx.fill_random(&mut random);
    let jitter = u16::from_be_bytes(random);
    let scheduled = next_attempt(now, message.tries, jitter, ctx.settings.retry_scale_milliseconds);
    let (state, next_attempt_at) = match sent.verdict {
        Verdict::Delivered => (MessageState::Delivered, now),
        Verdict::Park { .. } => (MessageState::Parked, now),
        // Kept for the day the link works again; a passed test makes it due.
        Verdict::PauseLink { .. } => (MessageState::Waiting, now),
        Verdict::Retry { after_seconds, .. } => match (scheduled, after_seconds) {
            (None, _) => (MessageState::Parked, now),
            (Some(_), Some(seconds)) => (
                MessageState::Waiting,
                now.plus_milliseconds(seconds * ctx.settings.retry_scale_milliseconds),
            ),
            (Some(at), None) => (MessageState::Waiting, at),
        },
    };
    Settlement {
        message_key: message.message_key,
        fence: message.fence,
        state,
        next_attempt_at,
        receipt: sent.receipt_bytes.clone().filter(|_| sent.verdict == Verdict::Delivered),
        error: error_of(sent.verdict),
        http_status: sent.http_status,
    }
}

/// What an order is told whose message was not delivered.
fn undelivered(message: &Claimed, sent: &Sent, state: MessageState) -> OrderChange {
    OrderChange {
        order_id: OrderId(message.subject_id),
        correlation_id: message.correlation_id,
        kind: if state == MessageState::Parked { "message_parked" } else { "message_waiting" },
        detail: error_of(sent.verdict).map(|code| code.as_str().to_owned()),
    }
}

/// Applies what a partner told of orders, in receipts or in its feed, and gives the orders that changed: where it is newer than what the
/// order has. A status that is not known here, or a step that cannot be, is written to the program's log and changes nothing: it must not
/// stop what else came with it. Each order may be told of once.
pub(crate) async fn apply_told(
    ctx: &Ctx,
    tx: &mut Tx,
    told: &[(OrderId, &OrderState)],
) -> Result<HashSet<OrderId>, ServiceError> {
    let order_ids: Vec<OrderId> = told.iter().map(|(order_id, _)| *order_id).collect();
    let standings = store::orders::lock_standings(tx, &order_ids).await?;
    let mut answers: Vec<(OrderId, Answer)> = Vec::with_capacity(told.len());
    for (order_id, state) in told {
        let newer = standings.get(order_id).filter(|standing| state.sequence > standing.answer_sequence);
        let Some(standing) = newer else { continue };
        let Some(status) = OrderStatus::from_code(&state.status) else {
            tracing::error!(order.id = %order_id, status = state.status, "the partner told a status that is not known here");
            continue;
        };
        if apply(standing.status, OrderEvent::Answer(status)).is_err() {
            tracing::error!(order.id = %order_id, from = standing.status.as_str(), to = status.as_str(), "the partner told an impossible step");
            continue;
        }
        answers.push((*order_id, answer_of(state, status)));
    }
    let changed = store::orders::apply_answers(tx, &answers, ctx.now()).await?;
    let changes = answers.into_iter().filter(|(order_id, _)| changed.contains(order_id)).filter_map(
        |(order_id, answer)| {
            let correlation_id = standings.get(&order_id)?.correlation_id;
            Some(OrderChange {
                order_id,
                correlation_id,
                kind: kind_of(answer.status),
                detail: detail_of(answer),
            })
        },
    );
    live::orders_changed(ctx, tx, changes.collect()).await?;
    Ok(changed)
}

/// A partner's words as the order keeps them.
pub(crate) fn answer_of(state: &OrderState, status: OrderStatus) -> Answer {
    Answer {
        sequence: state.sequence,
        status,
        draft_number: state.draft_number.clone(),
        sales_order_number: state.sales_order_number.clone(),
        reason: state.reason.clone(),
    }
}

fn kind_of(status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::Received => "order_received",
        OrderStatus::InReview => "order_in_review",
        OrderStatus::Approved => "order_approved",
        OrderStatus::ApprovedWithChanges => "order_approved_with_changes",
        OrderStatus::Rejected => "order_rejected",
        _ => "order_withdrawn",
    }
}

fn detail_of(answer: Answer) -> Option<String> {
    answer.reason.or(answer.sales_order_number).or(Some(answer.draft_number))
}

/// *Prøv på nytt*: the same message, the same bytes, now; on a connection that is stopped, once it has been tested.
pub async fn retry(ctx: &Ctx, key: MessageKey) -> Result<Retried, ServiceError> {
    ctx.require(Permission::Purchase)?;
    ctx.write(key, |ctx, tx, key| {
        Box::pin(async move {
            let message = store::messages::lookup_outbound(tx, *key).await?.ok_or(ErrorCode::NotFound)?;
            if !store::messages::retry(tx, *key, ctx.now()).await? {
                return Err(ErrorCode::InvalidTransition.into());
            }
            live::order_changed(
                ctx,
                tx,
                OrderId(message.subject_id),
                message.correlation_id,
                "message_retried",
                None,
            )
            .await?;
            live::log_changed(ctx, tx, Some(message.correlation_id));
            let connection = store::connections::lookup(tx, message.connection_id).await?;
            let stopped = connection.filter(|found| found.row.state == ConnectionState::Paused);
            Ok(match stopped {
                Some(_) => Retried { sent: 0, held: 1, connection_id: Some(message.connection_id) },
                None => Retried { sent: 1, ..Retried::default() },
            })
        })
    })
    .await
}

/// *Prøv på nytt* for the message that carries an order.
pub async fn retry_order(ctx: &Ctx, order_id: OrderId) -> Result<(), ServiceError> {
    let mut tx = ctx.store.begin_read().await?;
    let message = store::messages::outbound_of(&mut tx, order_id.0).await?.ok_or(ErrorCode::NotFound)?;
    drop(tx);
    retry(ctx, message.message_key).await?;
    Ok(())
}
