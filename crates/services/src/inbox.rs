//! Orders that come in: each becomes a draft, once, however often it is sent.
//!
//! Idempotency key, fingerprint, effect and answer are written in one transaction. A repeat gets the original answer.

use bytes::Bytes;
use domain::drafts::{DraftLine, DraftStatus, LineIssue};
use domain::errors::{ErrorCode, Refusal};
use domain::ids::{
    ContactId, CorrelationId, DraftId, InstanceId, MessageId, MessageKey, OrderId, PartnerRequestId, TokenId,
};
use domain::masking::mask_secrets;
use domain::messages::Direction;
use domain::orders::DeliveryAddress;
use domain::tokens::Scope;
use protocol::canonical::{sha256, sha256_hex};
use protocol::documents::{BatchLine, CheckAnswer, LineFinding, OrderState, PurchaseOrderDocument, Receipt};
use protocol::faults::{self, Bug, Point};
use protocol::problem::Problem;
use store::Tx;
use store::drafts::{DraftHead, NewDraft};
use store::events::{NewEvent, topic};
use store::logs::NewPartnerRequest;
use store::messages::{NewInbound, PURCHASE_ORDER};

use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::live;
use crate::tokens::TokenPrincipal;

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

struct Incoming {
    principal: TokenPrincipal,
    peer: PeerHeaders,
    document: PurchaseOrderDocument,
    body: Bytes,
}

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
    let incoming = Incoming { principal: principal.clone(), peer, document, body };
    ctx.write(incoming, |ctx, tx, incoming| {
        Box::pin(async move {
            admit_peer(tx, &incoming.principal, incoming.peer).await?;
            receive_in(ctx, tx, &incoming.principal, incoming.peer, &incoming.document, &incoming.body).await
        })
    })
    .await
}

/// Takes many orders, one canonical document a line; one commit for all, a savepoint for each. The answer has one line each, in
/// the same order: a receipt, or what was wrong with that one.
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
    ctx.write((principal.clone(), peer, lines), |ctx, tx, (principal, peer, lines)| {
        Box::pin(async move {
            admit_peer(tx, principal, *peer).await?;
            let mut answer = Vec::new();
            for line in lines {
                tx.savepoint().await?;
                let outcome = match read_order(line) {
                    Ok(document) => receive_in(ctx, tx, principal, *peer, &document, line)
                        .await
                        .map(|received| (document.message_id, received))
                        .map_err(|error| (Some(document.message_id), error)),
                    Err(refusal) => Err((None, refusal.into())),
                };
                match outcome {
                    Ok((_, received)) => {
                        tx.release().await?;
                        answer.extend_from_slice(b"{\"receipt\":");
                        answer.extend_from_slice(&received.receipt);
                        answer.extend_from_slice(b"}\n");
                    }
                    Err((message_id, ServiceError::Refused(refusal))) => {
                        tx.undo().await?;
                        note_in(
                            ctx,
                            tx,
                            &refusal_of(principal, "POST /purchase-orders/batch", &refusal, line),
                        )
                        .await?;
                        let line = BatchLine {
                            message_id,
                            receipt: None,
                            problem: Some(Problem::from_refusal(&refusal, None)),
                        };
                        answer.extend_from_slice(live::to_json(&line)?.as_bytes());
                        answer.push(b'\n');
                    }
                    Err((_, fault)) => return Err(fault),
                }
            }
            Ok(answer)
        })
    })
    .await
}

/// The dry run: what would happen to each line, by the same rules.
pub async fn check_order(
    ctx: &Ctx,
    principal: &TokenPrincipal,
    body: &[u8],
) -> Result<CheckAnswer, ServiceError> {
    let document = read_order(body)?;
    let mut tx = ctx.store.begin_read().await?;
    let customer = match (principal.contact_id, &document.buyer.org_number) {
        (Some(contact_id), _) => Some(contact_id),
        (None, Some(org_number)) => {
            store::contacts::find_by_org_number(&mut tx, org_number).await?.map(|contact| contact.contact_id)
        }
        (None, None) => None,
    };
    let lines = match_lines(&mut tx, customer, &document).await?;
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

async fn note_in(ctx: &Ctx, tx: &mut Tx, request: &RefusedRequest) -> Result<(), ServiceError> {
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
    live::log_changed(ctx, tx, request.correlation_id).await
}

fn refusal_of(principal: &TokenPrincipal, operation: &str, refusal: &Refusal, body: &[u8]) -> RefusedRequest {
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
    let mut tx = ctx.store.begin_read().await?;
    match store::messages::find_inbound(&mut tx, peer.instance_id, key).await? {
        Some(before) => replay(before, body).map(Some),
        None => Ok(None),
    }
}

fn replay(before: store::messages::Inbound, body: &[u8]) -> Result<Received, ServiceError> {
    if before.body_digest != sha256(body) {
        return Err(ErrorCode::IdempotencyKeyReuse.into());
    }
    Ok(Received { receipt: before.receipt, replayed: true })
}

/// By its first order a token comes to be an instance's, and a restored instance begins its new epoch.
async fn admit_peer(tx: &mut Tx, principal: &TokenPrincipal, peer: PeerHeaders) -> Result<(), ServiceError> {
    crate::tokens::refuse_stranger(principal, peer)?;
    if (principal.peer_instance_id, principal.peer_epoch) == (Some(peer.instance_id), Some(peer.epoch)) {
        return Ok(());
    }
    Ok(store::tokens::bind_peer(tx, principal.token_id, peer.instance_id, peer.epoch).await?)
}

async fn receive_in(
    ctx: &Ctx,
    tx: &mut Tx,
    principal: &TokenPrincipal,
    peer: PeerHeaders,
    document: &PurchaseOrderDocument,
    body: &[u8],
) -> Result<Received, ServiceError> {
    // Nobody known sends it, so nothing that came before looks like it.
    let peer =
        if faults::has(Bug::NoDedup) { PeerHeaders { instance_id: ctx.new_id(), ..peer } } else { peer };
    if let Some(before) = store::messages::find_inbound(tx, peer.instance_id, document.message_id).await? {
        return replay(before, body);
    }
    let (customer_id, new_customer) =
        crate::contacts::customer_of(ctx, tx, principal.token_id, &document.buyer).await?;
    if principal.contact_id.is_none() {
        store::tokens::bind_contact(tx, principal.token_id, customer_id).await?;
    }
    let message = NewInbound {
        message_key: ctx.new_id::<MessageKey>(),
        message_id: document.message_id,
        peer_instance_id: peer.instance_id,
        contact_id: customer_id,
        kind: PURCHASE_ORDER,
        subject_id: document.order_uid.0,
        subject_number: document.order_number.clone(),
        revision: document.revision,
        body: body.to_vec(),
        body_digest: sha256(body),
        correlation_id: document.correlation_id,
    };
    if !store::messages::add_inbound(tx, &message, ctx.now()).await? {
        return conflict(tx, peer, document, body).await;
    }
    faults::pass(Point::S4);
    let head = match store::drafts::find_by_order(tx, peer.instance_id, document.order_uid).await? {
        // Changes to an order that was sent come over calls of their own.
        Some(known) if known.revision >= document.revision => return Err(ErrorCode::StaleRevision.into()),
        Some(_) => return Err(ErrorCode::RevisionConflict.into()),
        None => add_draft(ctx, tx, document, &message, new_customer).await?,
    };
    let receipt = receipt_of(ctx, tx, document.message_id, body, &head).await?;
    store::messages::set_receipt(tx, message.message_key, &receipt).await?;
    faults::pass(Point::S5);
    Ok(Received { receipt, replayed: false })
}

/// The row was there already: the same message gets its answer, another message for the same revision is refused.
async fn conflict(
    tx: &mut Tx,
    peer: PeerHeaders,
    document: &PurchaseOrderDocument,
    body: &[u8],
) -> Result<Received, ServiceError> {
    if let Some(before) = store::messages::find_inbound(tx, peer.instance_id, document.message_id).await? {
        return replay(before, body);
    }
    Err(ErrorCode::RevisionConflict.into())
}

async fn add_draft(
    ctx: &Ctx,
    tx: &mut Tx,
    document: &PurchaseOrderDocument,
    message: &NewInbound,
    new_customer: bool,
) -> Result<DraftHead, ServiceError> {
    let lines = match_lines(tx, Some(message.contact_id), document).await?;
    let number = store::instance::next_number(tx, NUMBERS).await?;
    let draft = NewDraft {
        draft_id: ctx.new_id::<DraftId>(),
        number: format!("K-{number:05}"),
        customer_id: message.contact_id,
        peer_instance_id: message.peer_instance_id,
        order_uid: document.order_uid,
        customer_order_number: document.order_number.clone(),
        revision: document.revision,
        new_customer,
        requested_delivery_date: document.requested_delivery_date.map(|date| date.to_string()),
        currency: document.currency.clone(),
        customer_reference: document.buyer_reference.clone().unwrap_or_default(),
        delivery: document.delivery.clone().map_or_else(Default::default, |place| DeliveryAddress {
            name: place.name,
            street: place.street,
            postal_code: place.postal_code,
            city: place.city,
        }),
        note: document.note.clone().unwrap_or_default(),
        net_total: document.net_total,
        correlation_id: document.correlation_id,
        message_key: message.message_key,
    };
    if !store::drafts::add(tx, &draft, &lines, ctx.now()).await? {
        return Err(ErrorCode::RevisionConflict.into());
    }
    live::draft_changed(
        ctx,
        tx,
        draft.draft_id,
        draft.correlation_id,
        "draft_received",
        &document.buyer.name,
        None,
    )
    .await?;
    let head = store::drafts::lookup(tx, draft.draft_id).await?.ok_or(ErrorCode::NotFound)?;
    tell_buyer(ctx, tx, &head).await?;
    Ok(head)
}

/// Finds our article for each line: the identical number, else what a person linked before. What is not found is parked with
/// its reason and never makes the whole order bounce.
async fn match_lines(
    tx: &mut Tx,
    customer: Option<ContactId>,
    document: &PurchaseOrderDocument,
) -> Result<Vec<DraftLine>, ServiceError> {
    let wanted: Vec<String> =
        document.lines.iter().filter_map(|line| line.supplier_article_number.clone()).collect();
    let articles = store::articles::find_by_numbers(tx, &wanted).await?;
    let linked = match customer {
        Some(customer) => store::articles::linked(tx, customer, &wanted).await?,
        None => Vec::new(),
    };
    let lines = document.lines.iter().map(|line| {
        let number = line.supplier_article_number.clone().unwrap_or_default();
        let article = articles.iter().find(|article| article.number == number);
        let article_id = article.map(|article| article.article_id).or_else(|| {
            linked
                .iter()
                .find(|(sent, _)| !number.is_empty() && *sent == number)
                .map(|(_, article_id)| *article_id)
        });
        let issue = match (article_id, number.is_empty()) {
            (Some(_), _) => None,
            (None, true) => Some(LineIssue::NumberMissing),
            (None, false) => Some(LineIssue::UnknownArticle),
        };
        DraftLine {
            line_number: line.line_number,
            customer_article_number: line.buyer_article_number.clone().unwrap_or_default(),
            supplier_article_number: number,
            description: line.description.clone(),
            quantity: line.quantity,
            unit: line.unit.clone(),
            unit_price: line.unit_price,
            price_base_quantity: line.price_base_quantity,
            discount_percent: line.discount_percent,
            amount: line.amount,
            note: line.note.clone().unwrap_or_default(),
            article_id,
            article_number: article.map(|article| article.number.clone()),
            article_name: article.map(|article| article.name.clone()),
            issue,
            differences: Vec::new(),
        }
    });
    Ok(lines.collect())
}

async fn receipt_of(
    ctx: &Ctx,
    tx: &mut Tx,
    message_id: MessageId,
    body: &[u8],
    head: &DraftHead,
) -> Result<Vec<u8>, ServiceError> {
    let instance = store::instance::lookup(tx).await?.ok_or(ErrorCode::Internal)?;
    let receipt = Receipt {
        message_id,
        body_sha256: sha256_hex(body),
        instance_id: instance.instance_id,
        epoch: instance.epoch,
        received_at: ctx.now().to_rfc3339(),
        state: state_of(head),
    };
    Ok(live::to_json(&receipt)?.into_bytes())
}

/// The order's full state, as the buyer is told it.
pub(crate) fn state_of(head: &DraftHead) -> OrderState {
    OrderState {
        order_uid: head.order_uid,
        sequence: head.sequence,
        revision: head.revision,
        status: DraftStatus::as_str(head.row.status).to_owned(),
        draft_number: head.row.number.clone(),
        sales_order_number: head.sales_order.as_ref().map(|(_, number)| number.clone()),
        reason: head.reason.clone(),
        changed_at: head.changed_at.to_rfc3339(),
    }
}

/// Puts the order's state into the partner's feed.
pub(crate) async fn tell_buyer(ctx: &Ctx, tx: &mut Tx, head: &DraftHead) -> Result<(), ServiceError> {
    let event = NewEvent {
        at: ctx.now(),
        topic: topic::FEED,
        kind: "order",
        subject_id: Some(head.order_uid.0),
        contact_id: Some(head.customer_id),
        sequence: Some(head.sequence),
        actor: ctx.actor.name().to_owned(),
        correlation_id: Some(head.correlation_id),
        detail: None,
        data: Some(live::to_json(&state_of(head))?),
    };
    Ok(store::events::add(tx, event).await?)
}

/// Refuses a token without the scope.
pub fn require_scope(principal: &TokenPrincipal, scope: Scope) -> Result<(), Refusal> {
    if principal.scopes.contains(&scope) {
        return Ok(());
    }
    Err(Refusal::from(ErrorCode::InsufficientScope).with("scope", scope.as_str()))
}
