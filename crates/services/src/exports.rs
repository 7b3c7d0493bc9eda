//! *Eksporter til partner*: check, send, follow. The check before and the check at sending are the same function.

mod checks;
mod refresh;

use domain::contacts::Contact;
use domain::errors::ErrorCode;
use domain::exports::{CheckedOrder, ExportJob, Finding, Outcome};
use domain::ids::{ExportJobId, InstanceId, MessageId, MessageKey, OrderId, new_uuid};
use domain::orders::{OrderEvent, OrderStatus, PurchaseOrder, PurchaseOrderRow, apply};
use domain::roles::Permission;
use exchange::PartnerClient;
use protocol::canonical::{canonical_bytes, sha256};
use protocol::documents::{DeliveryPlace, DocumentLine, PurchaseOrderDocument};
use protocol::faults::{self, Point};
use store::Tx;
use store::connections::ConnectionRecord;
use store::exports::NewItem;
use store::messages::{NewOutbound, PURCHASE_ORDER};

use sha2::{Digest, Sha256};

use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::live;
use checks::check_in;

/// Orders that are offered at once: as many ids as an address has room for.
const MAX_OFFERED: i64 = 100;
/// The most orders of one run.
pub const MAX_ORDERS: usize = 2000;

/// Orders that can be exported, oldest first.
pub async fn candidates(ctx: &Ctx) -> Result<Vec<PurchaseOrderRow>, ServiceError> {
    ctx.require(Permission::Purchase)?;
    let mut tx = ctx.store.begin_read().await?;
    Ok(store::orders::ready(&mut tx, MAX_OFFERED).await?)
}

/// Asks the partners first, then checks orders without sending them.
pub async fn ask_and_check(
    ctx: &Ctx,
    client: &PartnerClient,
    order_ids: Vec<OrderId>,
) -> Result<Vec<CheckedOrder>, ServiceError> {
    ctx.require(Permission::Purchase)?;
    if order_ids.len() > MAX_ORDERS {
        return Err(ErrorCode::BatchTooLarge.into());
    }
    refresh::refresh(ctx, client, &order_ids).await?;
    check(ctx, order_ids).await
}

/// Every order that is ready, or those with these numbers.
pub async fn named(ctx: &Ctx, numbers: &[String]) -> Result<Vec<OrderId>, ServiceError> {
    ctx.require(Permission::Purchase)?;
    let mut tx = ctx.store.begin_read().await?;
    if numbers.is_empty() {
        let limit = i64::try_from(MAX_ORDERS).unwrap_or(i64::MAX);
        return Ok(store::orders::ready(&mut tx, limit).await?.into_iter().map(|row| row.order_id).collect());
    }
    let mut order_ids = Vec::with_capacity(numbers.len());
    for number in numbers {
        let found = store::orders::find_by_number(&mut tx, number).await?;
        order_ids.push(
            found.ok_or_else(|| domain::errors::Refusal::from(ErrorCode::NotFound).with("number", number))?,
        );
    }
    Ok(order_ids)
}

/// Checks orders without sending them, against what is known of the partner. The sending makes the same checks.
pub async fn check(ctx: &Ctx, order_ids: Vec<OrderId>) -> Result<Vec<CheckedOrder>, ServiceError> {
    ctx.require(Permission::Purchase)?;
    if order_ids.len() > MAX_ORDERS {
        return Err(ErrorCode::BatchTooLarge.into());
    }
    let mut tx = ctx.store.begin_read().await?;
    let mut checked = Vec::with_capacity(order_ids.len());
    for order_id in order_ids {
        let Some(row) = store::orders::row(&mut tx, order_id).await? else { continue };
        let Some(order) = store::orders::lookup(&mut tx, order_id).await? else { continue };
        checked.push(self::checked(ctx, &mut tx, row, &order).await?);
    }
    Ok(checked)
}

/// One order with what the checks find.
pub(crate) async fn checked(
    ctx: &Ctx,
    tx: &mut Tx,
    row: PurchaseOrderRow,
    order: &PurchaseOrder,
) -> Result<CheckedOrder, ServiceError> {
    Ok(CheckedOrder { row, findings: check_in(ctx, tx, order).await?.findings })
}

/// Sends orders: those of `send_anyway` although a line has no exact match. Each order is a transaction of its own, so that a
/// failed one never stops another; each gets one message, however often it is exported.
pub async fn export(
    ctx: &Ctx,
    order_ids: Vec<OrderId>,
    send_anyway: Vec<OrderId>,
) -> Result<ExportJobId, ServiceError> {
    ctx.require(Permission::Purchase)?;
    if order_ids.len() > MAX_ORDERS {
        return Err(ErrorCode::BatchTooLarge.into());
    }
    let job_id: ExportJobId = ctx.new_id();
    ctx.write(job_id, |ctx, tx, job_id| {
        Box::pin(async move { Ok(store::exports::add_job(tx, *job_id, ctx.actor.name(), ctx.now()).await?) })
    })
    .await?;
    // In a task of its own: whoever asked may leave, and every order of the run still gets its row.
    let ctx = ctx.clone();
    let run = tokio::spawn(async move { export_each(&ctx, job_id, order_ids, send_anyway).await });
    run.await.map_err(|error| ServiceError::Internal(format!("the export ended early: {error}")))??;
    Ok(job_id)
}

/// One order after the other; one that fails never stops another.
async fn export_each(
    ctx: &Ctx,
    job_id: ExportJobId,
    order_ids: Vec<OrderId>,
    send_anyway: Vec<OrderId>,
) -> Result<(), ServiceError> {
    let mut fault = None;
    for (ordinal, order_id) in order_ids.into_iter().enumerate() {
        let anyway = send_anyway.contains(&order_id);
        let ordinal = i64::try_from(ordinal).unwrap_or(i64::MAX);
        let outcome = ctx
            .write((job_id, ordinal, order_id, anyway), |ctx, tx, (job_id, ordinal, order_id, anyway)| {
                Box::pin(export_one(ctx, tx, *job_id, *ordinal, *order_id, *anyway))
            })
            .await;
        faults::pass(Point::B2);
        match outcome {
            // An order that is not there any more has nothing that a row could point at.
            Ok(()) | Err(ServiceError::Refused(_)) => {}
            Err(error) => {
                tracing::error!(?error, order.id = %order_id, "an order could not be exported");
                fault = Some(error);
            }
        }
    }
    fault.map_or(Ok(()), Err)
}

/// Sends every order that is ready, at most [`MAX_ORDERS`]. `None` when there is none.
pub async fn export_all_ready(ctx: &Ctx) -> Result<Option<ExportJobId>, ServiceError> {
    ctx.require(Permission::Purchase)?;
    let mut tx = ctx.store.begin_read().await?;
    let ready = store::orders::ready(&mut tx, i64::try_from(MAX_ORDERS).unwrap_or(i64::MAX)).await?;
    drop(tx);
    if ready.is_empty() {
        return Ok(None);
    }
    export(ctx, ready.into_iter().map(|row| row.order_id).collect(), Vec::new()).await.map(Some)
}

/// A run with how each of its orders stands now.
pub async fn job(ctx: &Ctx, job_id: ExportJobId) -> Result<ExportJob, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    Ok(store::exports::lookup(&mut tx, job_id).await?.ok_or(ErrorCode::NotFound)?)
}

async fn export_one(
    ctx: &Ctx,
    tx: &mut Tx,
    job_id: ExportJobId,
    ordinal: i64,
    order_id: OrderId,
    anyway: bool,
) -> Result<(), ServiceError> {
    let order = store::orders::lock(tx, order_id).await?.ok_or(ErrorCode::NotFound)?;
    let mut item =
        NewItem { order_id, message_key: None, sent_before: false, error: None, findings: Vec::new() };
    if let Some(message) = store::messages::outbound_of(tx, order_id.0).await? {
        item.message_key = Some(message.message_key);
        item.sent_before = true;
        return Ok(store::exports::add_item(tx, job_id, ordinal, &item).await?);
    }
    let checked = check_in(ctx, tx, &order).await?;
    item.findings = checked.findings;
    let worst = item.findings.iter().map(|finding| finding.outcome).max().unwrap_or(Outcome::Fine);
    match (worst, checked.connection, apply(order.status, OrderEvent::Export)) {
        (Outcome::Stops, ..) | (_, None, _) => item.error = first_error(&item.findings),
        (Outcome::Overridable, ..) if !anyway => item.error = first_error(&item.findings),
        (_, _, Err(code)) => item.error = Some(code),
        (_, Some(connection), Ok(status)) => {
            let kind = if anyway { "order_exported_anyway" } else { "order_exported" };
            item.message_key = Some(send(ctx, tx, &order, &connection, status, kind).await?);
        }
    }
    faults::pass(Point::B1);
    Ok(store::exports::add_item(tx, job_id, ordinal, &item).await?)
}

fn first_error(findings: &[Finding]) -> Option<ErrorCode> {
    let stopping = findings.iter().filter(|finding| finding.outcome >= Outcome::Overridable);
    stopping
        .max_by_key(|finding| finding.outcome)
        .map(|finding| finding.code.unwrap_or(ErrorCode::ValidationFailed))
}

/// Writes the message that carries the order, and moves the order on.
pub(crate) async fn send(
    ctx: &Ctx,
    tx: &mut Tx,
    order: &PurchaseOrder,
    connection: &ConnectionRecord,
    status: OrderStatus,
    kind: &'static str,
) -> Result<MessageKey, ServiceError> {
    let own = store::contacts::own(tx).await?.ok_or(ErrorCode::Internal)?;
    let instance = store::instance::lookup(tx).await?.ok_or(ErrorCode::Internal)?;
    let message_id = message_id(instance.instance_id, order);
    let document = document(order, &own, message_id);
    let body = canonical_bytes(&document).map_err(|error| {
        ServiceError::Internal(format!("the order cannot be written as a document: {error}"))
    })?;
    let message = NewOutbound {
        message_id,
        connection_id: connection.row.connection_id,
        contact_id: order.supplier_id,
        kind: PURCHASE_ORDER,
        subject_id: order.order_id.0,
        subject_number: order.number.clone(),
        revision: order.revision,
        body_digest: sha256(&body),
        body,
        correlation_id: order.correlation_id,
    };
    if !store::messages::add_outbound(tx, &message, ctx.now()).await? {
        return Err(ErrorCode::AlreadySent.into());
    }
    if !store::orders::set_status(tx, order.order_id, order.status, status, ctx.now()).await? {
        return Err(ErrorCode::VersionConflict.into());
    }
    live::order_changed(ctx, tx, order.order_id, order.correlation_id, kind, order.supplier_name.clone())
        .await?;
    live::log_changed(ctx, tx, Some(order.correlation_id)).await?;
    Ok(MessageKey(message_id.0))
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

fn document(order: &PurchaseOrder, own: &Contact, message_id: MessageId) -> PurchaseOrderDocument {
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
