//! Drafts of orders that are new here: each line finds its article or is parked, each message gets its receipt.

use std::collections::HashMap;

use domain::drafts::{DraftLine, DraftStatus, LineIssue, OrderDraftRow, differing};
use domain::errors::ErrorCode;
use domain::ids::{ArticleId, ContactId, CorrelationId, DraftId, InstanceId, MessageKey};
use domain::orders::DeliveryAddress;
use domain::time::Timestamp;
use protocol::canonical::{sha256, sha256_hex};
use protocol::documents::{OrderState, PurchaseOrderDocument, Receipt};
use protocol::faults::{self, Point};
use store::Tx;
use store::drafts::{DraftHead, NewDraft};
use store::events::{NewEvent, topic};
use store::instance::InstanceRow;
use store::messages::{NewInbound, PURCHASE_ORDER};

use super::{Incoming, NUMBERS, lost_a_race};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::live;
use crate::tokens::TokenPrincipal;

/// Who sends.
pub(super) struct Sender<'a> {
    pub(super) principal: &'a TokenPrincipal,
    pub(super) peer: InstanceId,
}

/// An order on its way to be a draft.
struct Drafted<'a> {
    document: &'a PurchaseOrderDocument,
    message: NewInbound,
    state: OrderState,
    row: OrderDraftRow,
}

/// Makes drafts of orders that were never here, and gives each one's receipt. The same few statements for one order and for a batch.
pub(super) async fn draft_each(
    ctx: &Ctx,
    tx: &mut Tx,
    sender: &Sender<'_>,
    orders: &[&Incoming],
) -> Result<Vec<Vec<u8>>, ServiceError> {
    let Some(first) = orders.first() else { return Ok(Vec::new()) };
    let token = sender.principal.token_id;
    let (customer_id, new_customer) =
        crate::contacts::customer_of(ctx, tx, token, &first.document.buyer).await?;
    if sender.principal.contact_id.is_none() {
        store::tokens::bind_contact(tx, token, customer_id).await?;
    }
    let customer_name = store::contacts::name(tx, customer_id).await?.ok_or(ErrorCode::Internal)?;
    let documents: Vec<&PurchaseOrderDocument> = orders.iter().map(|order| &order.document).collect();
    let articles = known_articles(tx, Some(customer_id), &documents).await?;
    let instance = store::instance::lookup(tx).await?.ok_or(ErrorCode::Internal)?;
    let numbers = store::counters::next_numbers(tx, NUMBERS, orders.len()).await?;
    let lines: Vec<Vec<DraftLine>> =
        documents.iter().map(|document| articles.draft_lines(document)).collect();
    let linked = crate::drafts::articles_of(tx, lines.iter().flatten()).await?;
    let now = ctx.now();
    let (mut drafted, mut drafts) = (Vec::with_capacity(orders.len()), Vec::with_capacity(orders.len()));
    for ((order, mut lines), number) in orders.iter().zip(lines).zip(numbers..) {
        let document = &order.document;
        crate::drafts::judge_with(&linked, &mut lines, &document.currency);
        // Whoever looks at the first order of a new customer looks at the customer.
        let customer = (customer_id, new_customer && drafts.is_empty());
        let draft = draft_of(ctx, sender.peer, customer, number, document);
        let state = first_state(&draft, now);
        let receipt = live::to_json(&receipt_of(&instance, order, &state, now))?.into_bytes();
        drafted.push(Drafted {
            document,
            message: message_of(&draft, order, receipt),
            row: row_of(&draft, &customer_name, &lines, now),
            state,
        });
        drafts.push((draft, lines));
    }
    let messages: Vec<NewInbound> = drafted.iter().map(|drafted| drafted.message.clone()).collect();
    if store::messages::add_inbound(tx, &messages, now).await? != messages.len() {
        return Err(lost_a_race());
    }
    faults::pass(Point::S4);
    if store::drafts::add(tx, &drafts, now).await? != drafts.len() {
        return Err(lost_a_race());
    }
    for drafted in &drafted {
        tell(ctx, tx, customer_id, drafted)?;
    }
    faults::pass(Point::S5);
    Ok(messages.into_iter().map(|message| message.receipt).collect())
}

fn draft_of(
    ctx: &Ctx,
    peer: InstanceId,
    (customer_id, new_customer): (ContactId, bool),
    number: i64,
    document: &PurchaseOrderDocument,
) -> NewDraft {
    NewDraft {
        draft_id: ctx.new_id::<DraftId>(),
        number: format!("K-{number:05}"),
        customer_id,
        peer_instance_id: peer,
        order_uid: document.order_uid,
        customer_order_number: document.order_number.clone(),
        revision: document.revision,
        new_customer,
        requested_delivery_date: document.requested_delivery_date,
        currency: document.currency.clone(),
        customer_reference: document.buyer_reference.clone().unwrap_or_default(),
        supplier_reference: document.supplier_reference.clone().unwrap_or_default(),
        delivery: document.delivery.clone().map_or_else(Default::default, |place| DeliveryAddress {
            name: place.name,
            street: place.street,
            postal_code: place.postal_code,
            city: place.city,
        }),
        note: document.note.clone().unwrap_or_default(),
        net_total: document.net_total,
        correlation_id: document.correlation_id,
        message_key: ctx.new_id::<MessageKey>(),
    }
}

fn message_of(draft: &NewDraft, order: &Incoming, receipt: Vec<u8>) -> NewInbound {
    NewInbound {
        message_key: draft.message_key,
        message_id: order.document.message_id,
        peer_instance_id: draft.peer_instance_id,
        contact_id: draft.customer_id,
        kind: PURCHASE_ORDER,
        subject_id: draft.order_uid.0,
        subject_number: draft.customer_order_number.clone(),
        revision: draft.revision,
        body: order.body.to_vec(),
        body_digest: sha256(&order.body),
        correlation_id: draft.correlation_id,
        receipt,
    }
}

fn first_state(draft: &NewDraft, now: Timestamp) -> OrderState {
    OrderState {
        order_uid: draft.order_uid,
        sequence: 1,
        revision: draft.revision,
        status: DraftStatus::Received.as_str().to_owned(),
        draft_number: draft.number.clone(),
        sales_order_number: None,
        reason: None,
        changed_at: now.to_rfc3339(),
    }
}

fn receipt_of(instance: &InstanceRow, order: &Incoming, state: &OrderState, now: Timestamp) -> Receipt {
    Receipt {
        message_id: order.document.message_id,
        body_sha256: sha256_hex(&order.body),
        instance_id: instance.instance_id,
        epoch: instance.epoch,
        received_at: now.to_rfc3339(),
        state: state.clone(),
    }
}

fn row_of(draft: &NewDraft, customer_name: &str, lines: &[DraftLine], now: Timestamp) -> OrderDraftRow {
    let parked = lines.iter().filter(|line| line.issue.is_some()).count();
    OrderDraftRow {
        draft_id: draft.draft_id,
        number: draft.number.clone(),
        customer_name: customer_name.to_owned(),
        customer_order_number: draft.customer_order_number.clone(),
        status: DraftStatus::Received,
        line_count: i64::try_from(lines.len()).unwrap_or(i64::MAX),
        issue_count: i64::try_from(parked).unwrap_or(i64::MAX),
        differing_count: differing(lines),
        new_customer: draft.new_customer,
        currency: draft.currency.clone(),
        net_total: draft.net_total,
        requested_delivery_date: draft.requested_delivery_date,
        received_at: now,
    }
}

/// Tells the open pages of the draft, and the buyer.
fn tell(ctx: &Ctx, tx: &mut Tx, customer_id: ContactId, drafted: &Drafted<'_>) -> Result<(), ServiceError> {
    let correlation_id = drafted.document.correlation_id;
    let buyer = &drafted.document.buyer.name;
    live::add_draft_event(ctx, tx, &drafted.row, correlation_id, "draft_received", buyer, None)?;
    add_to_feed(ctx, tx, customer_id, correlation_id, &drafted.state)
}

/// Our articles that documents name.
pub(super) struct KnownArticles {
    by_number: HashMap<String, (ArticleId, String)>,
    /// What a person linked before: the number that the customer sends, and our article.
    linked: HashMap<String, ArticleId>,
}

/// Reads the articles that documents name, and those that a person linked to the customer's numbers before.
pub(super) async fn known_articles(
    tx: &mut Tx,
    customer: Option<ContactId>,
    documents: &[&PurchaseOrderDocument],
) -> Result<KnownArticles, ServiceError> {
    let numbers = documents.iter().flat_map(|document| &document.lines);
    let mut numbers: Vec<String> = numbers.filter_map(|line| line.supplier_article_number.clone()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let by_number = store::articles::named(tx, &numbers).await?;
    let linked = match customer {
        Some(customer) => store::articles::linked(tx, customer, &numbers).await?,
        None => Vec::new(),
    };
    Ok(KnownArticles { by_number, linked: linked.into_iter().collect() })
}

impl KnownArticles {
    /// Finds our article for each line: the identical number, else what a person linked before. What is not found is parked with its
    /// reason and never makes the whole order bounce.
    pub(super) fn draft_lines(&self, document: &PurchaseOrderDocument) -> Vec<DraftLine> {
        let lines = document.lines.iter().map(|line| {
            let number = line.supplier_article_number.clone().unwrap_or_default();
            let article = self.by_number.get(&number);
            let linked = || self.linked.get(&number).copied().filter(|_| !number.is_empty());
            let article_id = article.map(|(article_id, _)| *article_id).or_else(linked);
            let issue = match (article_id, number.is_empty()) {
                (Some(_), _) => None,
                (None, true) => Some(LineIssue::NumberMissing),
                (None, false) => Some(LineIssue::UnknownArticle),
            };
            DraftLine {
                line_number: line.line_number,
                customer_article_number: line.buyer_article_number.clone().unwrap_or_default(),
                article_number: article.map(|_| number.clone()),
                article_name: article.map(|(_, name)| name.clone()),
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
                issue,
                differences: Vec::new(),
            }
        });
        lines.collect()
    }
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
pub(crate) fn tell_buyer(ctx: &Ctx, tx: &mut Tx, head: &DraftHead) -> Result<(), ServiceError> {
    add_to_feed(ctx, tx, head.customer_id, head.correlation_id, &state_of(head))
}

fn add_to_feed(
    ctx: &Ctx,
    tx: &mut Tx,
    customer_id: ContactId,
    correlation_id: CorrelationId,
    state: &OrderState,
) -> Result<(), ServiceError> {
    let event = NewEvent {
        at: ctx.now(),
        topic: topic::FEED,
        kind: "order",
        subject_id: Some(state.order_uid.0),
        contact_id: Some(customer_id),
        sequence: Some(state.sequence),
        actor: ctx.actor.name().to_owned(),
        correlation_id: Some(correlation_id),
        detail: None,
        data: Some(live::to_json(state)?),
    };
    store::events::add(tx, event);
    Ok(())
}
