//! Orders that come in: each becomes a draft, once, however often it is sent.
//!
//! Idempotency key, fingerprint, effect and answer are written in one transaction. A repeat gets the original answer. One order is a
//! batch of one: everything that a batch needs to know is read at once, each order is judged, and what is new is written at once.

mod drafting;
mod refused;

use std::collections::HashMap;

use bytes::Bytes;
use domain::errors::{ErrorCode, Refusal};
use domain::ids::{InstanceId, MessageId, OrderId};
use domain::tokens::Scope;
use protocol::canonical::sha256;
use protocol::documents::{BatchLine, CheckAnswer, LineFinding, OrderState, PurchaseOrderDocument};
use protocol::faults::{self, Bug};
use protocol::problem::Problem;
use store::messages::Inbound;
use store::{StoreError, Tx};

use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::live;
use crate::tokens::TokenPrincipal;
use drafting::{Sender, draft_each};
pub(crate) use drafting::{state_of, tell_buyer};
pub use refused::{RefusedRequest, excerpt, note_refusal};
use refused::{note_in, refusal_of};

/// The counter that gives drafts their numbers.
pub(crate) const NUMBERS: &str = "order_draft";

/// Which instance calls, from its headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerHeaders {
    pub instance_id: InstanceId,
    pub epoch: i64,
}

/// The answer to an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The receipt as it was first written; a repeat gets the same bytes.
    pub receipt: Vec<u8>,
    pub replayed: bool,
}

/// An order as it came.
#[derive(Clone)]
struct Incoming {
    document: PurchaseOrderDocument,
    body: Bytes,
}

/// What becomes of one order of a batch.
type Outcome = Result<Received, Refusal>;

/// Takes one order. `key` is the header `Idempotency-Key`; it must be the document's own id.
pub async fn receive_order(
    ctx: &Ctx,
    principal: &TokenPrincipal,
    peer: PeerHeaders,
    key: MessageId,
    body: Bytes,
) -> Result<Received, ServiceError> {
    if let Some(received) = answered_before(ctx, peer, key, &body).await? {
        return Ok(received);
    }
    let document = read_order(&body)?;
    if document.message_id != key {
        return Err(ErrorCode::IdempotencyKeyInvalid.into());
    }
    let input = (principal.clone(), peer, [Incoming { document, body }]);
    ctx.write(input, |ctx, tx, (principal, peer, orders)| {
        Box::pin(async move {
            admit_peer(tx, principal, *peer).await?;
            let outcome = receive_each(ctx, tx, principal, *peer, orders).await?.pop();
            Ok(outcome.ok_or(ErrorCode::Internal)??)
        })
    })
    .await
}

/// Takes many orders, one canonical document a line; one commit for all, and one that is refused leaves the others standing. The answer
/// has one line each, in the same order: a receipt, or what was wrong with that one.
pub async fn receive_batch(
    ctx: &Ctx,
    principal: &TokenPrincipal,
    peer: PeerHeaders,
    body: Bytes,
) -> Result<Vec<u8>, ServiceError> {
    let lines: Vec<Bytes> = body
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| body.slice_ref(line))
        .collect();
    if lines.len() > protocol::limits::MAX_BATCH_MESSAGES {
        return Err(ErrorCode::BatchTooLarge.into());
    }
    let read: Vec<(Bytes, Result<PurchaseOrderDocument, Refusal>)> = lines
        .into_iter()
        .map(|line| {
            let document = read_order(&line);
            (line, document)
        })
        .collect();
    ctx.write((principal.clone(), peer, read), |ctx, tx, (principal, peer, read)| {
        Box::pin(receive_lines(ctx, tx, principal, *peer, read))
    })
    .await
}

async fn receive_lines(
    ctx: &Ctx,
    tx: &mut Tx,
    principal: &TokenPrincipal,
    peer: PeerHeaders,
    read: &[(Bytes, Result<PurchaseOrderDocument, Refusal>)],
) -> Result<Vec<u8>, ServiceError> {
    admit_peer(tx, principal, peer).await?;
    let orders: Vec<Incoming> = read
        .iter()
        .filter_map(|(line, document)| {
            Some(Incoming { document: document.as_ref().ok()?.clone(), body: line.clone() })
        })
        .collect();
    let mut received = receive_each(ctx, tx, principal, peer, &orders).await?.into_iter();
    let mut answer = Vec::new();
    for (line, document) in read {
        let (message_id, outcome) = match document {
            Ok(document) => (Some(document.message_id), received.next().ok_or(ErrorCode::Internal)?),
            Err(refusal) => (None, Err(refusal.clone())),
        };
        match outcome {
            Ok(received) => {
                answer.extend_from_slice(b"{\"receipt\":");
                answer.extend_from_slice(&received.receipt);
                answer.extend_from_slice(b"}\n");
            }
            Err(refusal) => {
                let request = refusal_of(principal, "POST /purchase-orders/batch", &refusal, line);
                note_in(ctx, tx, &request).await?;
                let problem = Some(Problem::from_refusal(&refusal, None));
                let line = BatchLine { message_id, receipt: None, problem };
                answer.extend_from_slice(live::to_json(&line)?.as_bytes());
                answer.push(b'\n');
            }
        }
    }
    Ok(answer)
}

/// The dry run: what would happen to each line, by the same rules.
pub async fn check_order(
    ctx: &Ctx,
    principal: &TokenPrincipal,
    body: &[u8],
) -> Result<CheckAnswer, ServiceError> {
    let document = read_order(body)?;
    let mut tx = ctx.store.begin_read().await?;
    let customer = crate::contacts::lookup_customer(&mut tx, principal, &document.buyer).await?;
    let known = drafting::known_articles(&mut tx, customer, &[&document]).await?;
    let lines = known.draft_lines(&document);
    let findings = lines
        .iter()
        .map(|line| LineFinding {
            line_number: line.line_number,
            article_number: line.article_number.clone(),
            issue: line.issue.map(|issue| issue.as_str().to_owned()),
        })
        .collect();
    Ok(CheckAnswer { findings, customer_known: customer.is_some() })
}

/// The state of an order that this partner sent; another's looks like one that does not exist.
pub async fn order_state(
    ctx: &Ctx,
    principal: &TokenPrincipal,
    peer: PeerHeaders,
    order_uid: OrderId,
) -> Result<OrderState, ServiceError> {
    let mut tx = ctx.store.begin_read().await?;
    let head = store::drafts::find_by_order(&mut tx, peer.instance_id, order_uid).await?;
    let own = head.filter(|head| Some(head.customer_id) == principal.contact_id);
    Ok(state_of(&own.ok_or(ErrorCode::NotFound)?))
}

fn read_order(body: &[u8]) -> Result<PurchaseOrderDocument, Refusal> {
    let document = protocol::parse::parse::<PurchaseOrderDocument>(body)?;
    protocol::validate::validate_order(&document)
}

/// A quick look before anything is parsed or locked: a repeat costs one read.
async fn answered_before(
    ctx: &Ctx,
    peer: PeerHeaders,
    key: MessageId,
    body: &[u8],
) -> Result<Option<Received>, ServiceError> {
    let mut tx = ctx.store.glance().await?;
    let before = store::messages::find_inbound(&mut tx, peer.instance_id, &[key]).await?;
    Ok(before.get(&key).map(|before| replay(before, body)).transpose()?)
}

fn replay(before: &Inbound, body: &[u8]) -> Outcome {
    if before.body_digest != sha256(body) {
        return Err(ErrorCode::IdempotencyKeyReuse.into());
    }
    Ok(Received { receipt: before.receipt.clone(), replayed: true })
}

/// By its first order a token comes to be an instance's, and a restored instance begins its new epoch.
async fn admit_peer(tx: &mut Tx, principal: &TokenPrincipal, peer: PeerHeaders) -> Result<(), ServiceError> {
    crate::tokens::refuse_stranger(principal, peer)?;
    if (principal.peer_instance_id, principal.peer_epoch) == (Some(peer.instance_id), Some(peer.epoch)) {
        return Ok(());
    }
    Ok(store::tokens::bind_peer(tx, principal.token_id, peer.instance_id, peer.epoch).await?)
}

/// Judges orders and makes drafts of those that are new. One outcome for each, in their order; only a fault stops the others.
async fn receive_each(
    ctx: &Ctx,
    tx: &mut Tx,
    principal: &TokenPrincipal,
    peer: PeerHeaders,
    orders: &[Incoming],
) -> Result<Vec<Outcome>, ServiceError> {
    // Nobody known sends it, so nothing that came before looks like it.
    let peer =
        if faults::has(Bug::NoDedup) { PeerHeaders { instance_id: ctx.new_id(), ..peer } } else { peer };
    let message_ids: Vec<MessageId> = orders.iter().map(|order| order.document.message_id).collect();
    let order_uids: Vec<OrderId> = orders.iter().map(|order| order.document.order_uid).collect();
    let before = store::messages::find_inbound(tx, peer.instance_id, &message_ids).await?;
    let mut revisions = store::drafts::revisions(tx, peer.instance_id, &order_uids).await?;
    let mut fresh: Vec<&Incoming> = Vec::new();
    let mut verdicts = Vec::with_capacity(orders.len());
    let mut first_of: HashMap<MessageId, usize> = HashMap::new();
    for order in orders {
        let document = &order.document;
        let verdict = if let Some(before) = before.get(&document.message_id) {
            Verdict::Known(replay(before, &order.body))
        } else if let Some(first) = first_of.get(&document.message_id) {
            let same = fresh[*first].body == order.body;
            if same {
                Verdict::Twin(*first)
            } else {
                Verdict::Known(Err(ErrorCode::IdempotencyKeyReuse.into()))
            }
        } else if let Some(revision) = revisions.get(&document.order_uid) {
            Verdict::Known(Err(taken(document, *revision).into()))
        } else {
            first_of.insert(document.message_id, fresh.len());
            revisions.insert(document.order_uid, i64::from(document.revision));
            fresh.push(order);
            Verdict::New(fresh.len() - 1)
        };
        verdicts.push(verdict);
    }
    let receipts = draft_each(ctx, tx, &Sender { principal, peer: peer.instance_id }, &fresh).await?;
    let outcomes = verdicts.into_iter().map(|verdict| match verdict {
        Verdict::Known(outcome) => outcome,
        Verdict::New(place) => Ok(Received { receipt: receipts[place].clone(), replayed: false }),
        Verdict::Twin(place) => Ok(Received { receipt: receipts[place].clone(), replayed: true }),
    });
    Ok(outcomes.collect())
}

enum Verdict {
    Known(Outcome),
    /// Becomes a draft, at this place among the new ones.
    New(usize),
    /// The same message as the new one at this place.
    Twin(usize),
}

/// Another message carries this order already. Changes to an order that was sent come over calls of their own.
fn taken(document: &PurchaseOrderDocument, revision: i64) -> ErrorCode {
    if i64::from(document.revision) < revision {
        ErrorCode::StaleRevision
    } else {
        ErrorCode::RevisionConflict
    }
}

/// Another transaction wrote one of the messages between our look and our writing: this one is undone and run again, and finds it.
fn lost_a_race() -> ServiceError {
    StoreError::Retry.into()
}

/// Refuses a token without the scope.
pub fn require_scope(principal: &TokenPrincipal, scope: Scope) -> Result<(), Refusal> {
    if principal.scopes.contains(&scope) {
        return Ok(());
    }
    Err(Refusal::from(ErrorCode::InsufficientScope).with("scope", scope.as_str()))
}
