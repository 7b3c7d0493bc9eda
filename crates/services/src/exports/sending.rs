//! Sending: each order that passes the checks gets its message, and moves on.

use domain::contacts::Contact;
use domain::errors::ErrorCode;
use domain::exports::{Finding, Outcome};
use domain::ids::{ExportJobId, InstanceId, MessageId, MessageKey, OrderId, new_uuid};
use domain::orders::{OrderEvent, OrderStatus, PurchaseOrder, apply};
use protocol::canonical::{canonical_bytes, sha256};
use protocol::documents::{DeliveryPlace, DocumentLine, PurchaseOrderDocument};
use protocol::faults::{self, Point};
use sha2::{Digest, Sha256};
use store::Tx;
use store::connections::ConnectionRecord;
use store::exports::NewItem;
use store::messages::{NewOutbound, PURCHASE_ORDER};

use super::checks::{Checked, check_each};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::live::{self, OrderChange};

/// Orders of one transaction: so many that a large run costs few commits, and so few that nobody waits long for the write lock.
const TOGETHER: usize = 100;

/// An order of a run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    /// Its place in the run, from 0.
    pub(super) ordinal: i64,
    pub(super) order_id: OrderId,
    /// Send it although a line has no exact match.
    pub(super) anyway: bool,
    /// It was chosen with the others and is left here: the run tells why.
    pub(super) stays: bool,
}

/// Some orders after the others. What cannot be written together is written one by one, so that one that fails never stops another.
pub(super) async fn export_each(
    ctx: &Ctx,
    job_id: ExportJobId,
    wanted: Vec<Wanted>,
) -> Result<(), ServiceError> {
    if wanted.is_empty() {
        return export_together(ctx, job_id, &wanted).await;
    }
    let mut fault = None;
    for together in wanted.chunks(TOGETHER) {
        if export_together(ctx, job_id, together).await.is_ok() {
            continue;
        }
        for alone in together.chunks(1) {
            if let Err(error) = export_together(ctx, job_id, alone).await {
                tracing::error!(?error, order.id = %alone[0].order_id, "an order could not be exported");
                fault = Some(error);
            }
        }
    }
    fault.map_or(Ok(()), Err)
}

async fn export_together(ctx: &Ctx, job_id: ExportJobId, wanted: &[Wanted]) -> Result<(), ServiceError> {
    let outcome = ctx
        .write((job_id, wanted.to_vec()), |ctx, tx, (job_id, wanted)| {
            Box::pin(export_in(ctx, tx, *job_id, wanted))
        })
        .await;
    faults::pass(Point::B2);
    outcome
}

async fn export_in(
    ctx: &Ctx,
    tx: &mut Tx,
    job_id: ExportJobId,
    wanted: &[Wanted],
) -> Result<(), ServiceError> {
    store::exports::add_job(tx, job_id, ctx.actor.name(), ctx.now()).await?;
    let order_ids: Vec<OrderId> = wanted.iter().map(|wanted| wanted.order_id).collect();
    let orders = store::orders::lock_each(tx, &order_ids).await?;
    // An order that is not there any more has nothing that a row could point at.
    let there: Vec<(&Wanted, &PurchaseOrder)> =
        wanted.iter().filter_map(|wanted| Some((wanted, orders.get(&wanted.order_id)?))).collect();
    let those: Vec<&PurchaseOrder> = there.iter().map(|(_, order)| *order).collect();
    let (instance, checked) = check_each(ctx, tx, &those).await?;
    let (mut items, mut to_send) = (Vec::with_capacity(there.len()), Vec::with_capacity(there.len()));
    for ((wanted, order), checked) in there.iter().zip(&checked) {
        let mut item = NewItem {
            ordinal: wanted.ordinal,
            order_id: order.order_id,
            message_key: checked.sent.as_ref().map(|sent| sent.message_key),
            sent_before: checked.sent.is_some(),
            error: None,
            findings: checked.findings.clone(),
        };
        if wanted.stays && !item.sent_before {
            item.error = first_error(&item.findings);
        } else if !item.sent_before {
            match judge(order, checked, wanted.anyway) {
                Ok((connection, status)) => {
                    let kind = if wanted.anyway { "order_exported_anyway" } else { "order_exported" };
                    item.message_key = Some(MessageKey(message_id(instance, order).0));
                    to_send.push(ToSend { order, connection, status, kind });
                }
                Err(code) => item.error = code,
            }
        }
        items.push(item);
    }
    send_each(ctx, tx, instance, &to_send).await?;
    faults::pass(Point::B1);
    Ok(store::exports::add_items(tx, job_id, &items).await?)
}

/// Whether the order may go, and how; else why not.
fn judge<'a>(
    order: &PurchaseOrder,
    checked: &'a Checked,
    anyway: bool,
) -> Result<(&'a ConnectionRecord, OrderStatus), Option<ErrorCode>> {
    let worst = checked.findings.iter().map(|finding| finding.outcome).max().unwrap_or(Outcome::Fine);
    match (worst, &checked.connection, apply(order.status, OrderEvent::Export)) {
        (Outcome::Stops, ..) | (_, None, _) => Err(first_error(&checked.findings)),
        (Outcome::Overridable, ..) if !anyway => Err(first_error(&checked.findings)),
        (_, _, Err(code)) => Err(Some(code)),
        (_, Some(connection), Ok(status)) => Ok((connection, status)),
    }
}

fn first_error(findings: &[Finding]) -> Option<ErrorCode> {
    let stopping = findings.iter().filter(|finding| finding.outcome >= Outcome::Overridable);
    stopping
        .max_by_key(|finding| finding.outcome)
        .map(|finding| finding.code.unwrap_or(ErrorCode::ValidationFailed))
}

/// An order that goes out.
pub(crate) struct ToSend<'a> {
    pub(crate) order: &'a PurchaseOrder,
    pub(crate) connection: &'a ConnectionRecord,
    /// What it becomes.
    pub(crate) status: OrderStatus,
    /// The event that tells of it.
    pub(crate) kind: &'static str,
}

/// Writes the messages that carry orders, and moves the orders on. All are locked, and none has a message yet.
pub(crate) async fn send_each(
    ctx: &Ctx,
    tx: &mut Tx,
    instance: InstanceId,
    orders: &[ToSend<'_>],
) -> Result<(), ServiceError> {
    if orders.is_empty() {
        return Ok(());
    }
    let own = store::contacts::own(tx).await?.ok_or(ErrorCode::Internal)?;
    let messages: Vec<NewOutbound> =
        orders.iter().map(|to_send| message_of(to_send, &own, instance)).collect::<Result<_, _>>()?;
    if store::messages::add_outbound(tx, &messages, ctx.now()).await? != messages.len() {
        return Err(ErrorCode::AlreadySent.into());
    }
    let mut moved = 0;
    for some in orders.chunk_by(|a, b| (a.order.status, a.status) == (b.order.status, b.status)) {
        let order_ids: Vec<OrderId> = some.iter().map(|to_send| to_send.order.order_id).collect();
        let (from, to) = (some[0].order.status, some[0].status);
        moved += store::orders::set_status(tx, &order_ids, from, to, ctx.now()).await?;
    }
    if moved != orders.len() {
        return Err(ErrorCode::VersionConflict.into());
    }
    let sent: Vec<&PurchaseOrder> = orders.iter().map(|to_send| to_send.order).collect();
    crate::search::note_bought(ctx, tx, &sent).await?;
    let changes = orders.iter().map(|to_send| OrderChange {
        order_id: to_send.order.order_id,
        correlation_id: to_send.order.correlation_id,
        kind: to_send.kind,
        detail: to_send.order.supplier_name.clone(),
    });
    live::orders_changed(ctx, tx, changes.collect()).await?;
    let [one] = orders else {
        live::log_changed(ctx, tx, None);
        return Ok(());
    };
    live::log_changed(ctx, tx, Some(one.order.correlation_id));
    Ok(())
}

fn message_of(
    to_send: &ToSend<'_>,
    own: &Contact,
    instance: InstanceId,
) -> Result<NewOutbound, ServiceError> {
    let order = to_send.order;
    let message_id = message_id(instance, order);
    let body = canonical_bytes(&document(order, own, message_id)).map_err(|error| {
        ServiceError::Internal(format!("the order cannot be written as a document: {error}"))
    })?;
    Ok(NewOutbound {
        message_id,
        connection_id: to_send.connection.row.connection_id,
        contact_id: order.supplier_id,
        kind: PURCHASE_ORDER,
        subject_id: order.order_id.0,
        subject_number: order.number.clone(),
        revision: order.revision,
        body_digest: sha256(&body),
        body,
        correlation_id: order.correlation_id,
    })
}

/// The message's id follows from what it carries: an instance that was restored from a backup, and does not know that it sent the order
/// already, sends the same message again and gets the answer that it got before.
fn message_id(instance: InstanceId, order: &PurchaseOrder) -> MessageId {
    let mut hash = Sha256::new();
    hash.update(instance.0.as_bytes());
    hash.update(order.order_id.0.as_bytes());
    hash.update(order.revision.to_be_bytes());
    let digest: [u8; 32] = hash.finalize().into();
    let mut random = [0; 10];
    random.copy_from_slice(&digest[..10]);
    MessageId(new_uuid(order.created_at, random))
}

pub(super) fn document(order: &PurchaseOrder, own: &Contact, message_id: MessageId) -> PurchaseOrderDocument {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    PurchaseOrderDocument {
        message_id,
        correlation_id: order.correlation_id,
        order_uid: order.order_id,
        order_number: order.number.clone(),
        revision: order.revision,
        currency: order.currency.clone(),
        requested_delivery_date: order.requested_delivery_date,
        delivery: (!order.delivery.is_empty()).then(|| DeliveryPlace {
            name: order.delivery.name.clone(),
            street: order.delivery.street.clone(),
            postal_code: order.delivery.postal_code.clone(),
            city: order.delivery.city.clone(),
        }),
        buyer_reference: some(&order.our_reference),
        supplier_reference: some(&order.their_reference),
        note: some(&order.note),
        net_total: order.net_total,
        buyer: crate::contacts::party(own),
        lines: order
            .lines
            .iter()
            .map(|line| DocumentLine {
                line_number: line.line_number,
                supplier_article_number: some(&line.supplier_article_number),
                buyer_article_number: some(&line.article_number),
                gtin: line.gtin.clone(),
                description: line.description.clone(),
                quantity: line.quantity,
                unit: line.unit.clone(),
                unit_price: line.unit_price,
                price_base_quantity: line.price_base_quantity,
                discount_percent: line.discount_percent,
                amount: line.amount,
                note: some(&line.note),
            })
            .collect(),
    }
}
