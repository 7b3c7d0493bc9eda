//! After one side was restored from a backup: what the partner has forgotten is sent again, with the same ids and the same bytes; what it
//! says now counts; and what we have forgotten ourselves is found again.
//!
//! A partner that was restored has a higher epoch, and refuses our place in its feed. Its feed has the whole story of our orders, so it is
//! read from the start and compared with what was delivered. The new epoch is kept only at the end: whatever breaks off before is
//! done again, and doing it again changes nothing more.

use std::collections::HashMap;

use domain::errors::ErrorCode;
use domain::ids::{ConnectionId, MessageKey, OrderId};
use domain::orders::{OrderEvent, OrderStatus, PurchaseOrder, apply};
use domain::time::Timestamp;
use exchange::{Link, PartnerClient};
use protocol::documents::OrderState;
use store::Tx;
use store::connections::ConnectionRecord;
use store::events::topic;

use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::exports::{ToSend, send_each};
use crate::instance::note;
use crate::live;
use crate::outbox::{answer_of, apply_told};

/// Pages of a feed that are read at most: ten million events.
const MAX_PAGES: usize = 50_000;
/// Orders that are compared in one transaction.
const CHUNK: i64 = 200;
/// Rows that a partner can cause by telling of orders that are not here.
const MAX_UNKNOWN: i64 = 1000;
/// The event that tells of such an order.
const UNKNOWN: &str = "order_unknown_here";
/// The event that tells that an order is known at the partner, and cannot be sent as it is.
const KNOWN_THERE: &str = "order_known_there";

/// What a partner's feed says of each order, and where it ends.
type Story = (HashMap<OrderId, OrderState>, Option<String>);

/// Compares everything that was delivered with what the partner has now. Tells how many orders changed.
pub(crate) async fn with_partner(
    ctx: &Ctx,
    client: &PartnerClient,
    link: &Link,
    connection: &ConnectionRecord,
) -> Result<usize, ServiceError> {
    let id = connection.row.connection_id;
    let begun = ctx.now();
    let identity = client.identity(link).await.map_err(|error| error.code)?;
    if connection.partner_instance_id.is_some_and(|known| known != identity.instance_id) {
        return Err(ErrorCode::InstanceConflict.into());
    }
    if connection.partner_epoch.is_some_and(|known| known > identity.epoch) {
        // A clone, or an old database without `prodsys restore`: what it says is older than what we know.
        return Err(ErrorCode::EpochConflict.into());
    }
    tracing::warn!(connection.id = %id, epoch = identity.epoch, "the partner was restored: comparing all orders that were sent to it");
    let (mut story, cursor) = whole_feed(client, link).await?;
    let (mut changed, mut after) = (0, None);
    loop {
        let mut tx = ctx.store.begin_read().await?;
        let delivered = store::reconcile::delivered(&mut tx, id, begun, after, CHUNK).await?;
        drop(tx);
        let Some((last, _)) = delivered.last() else { break };
        after = Some(*last);
        let pairs: Vec<_> =
            delivered.into_iter().map(|(key, order)| (key, order, story.remove(&order))).collect();
        changed += ctx
            .write((pairs, begun), |ctx, tx, (pairs, begun)| Box::pin(compare_all(ctx, tx, pairs, *begun)))
            .await?;
    }
    // What is left in the story was not delivered from here, as far as we know.
    let unsent: Vec<OrderState> = story.into_values().collect();
    for some in unsent.chunks(usize::try_from(CHUNK).unwrap_or(200)) {
        changed += ctx
            .write((id, some.to_vec()), |ctx, tx, (id, states)| Box::pin(tell_all(ctx, tx, *id, states)))
            .await?;
    }
    let detail = format!("epoch {}, {changed} orders", identity.epoch);
    ctx.write((id, identity.epoch, cursor, detail), |ctx, tx, (id, epoch, cursor, detail)| {
        Box::pin(async move {
            store::connections::set_partner_epoch(tx, *id, *epoch, cursor.as_deref()).await?;
            store::connections::touch_contact(tx, *id, ctx.now()).await?;
            note(ctx, tx, "partner_reconciled", Some(id.0), detail).await?;
            live::log_changed(ctx, tx, None);
            Ok(())
        })
    })
    .await?;
    tracing::warn!(connection.id = %id, changed, "compared with the restored partner");
    Ok(changed)
}

/// The last state of every order, and the place after it.
async fn whole_feed(client: &PartnerClient, link: &Link) -> Result<Story, ServiceError> {
    let mut story: HashMap<OrderId, OrderState> = HashMap::new();
    let mut cursor: Option<String> = None;
    for _ in 0..MAX_PAGES {
        let page = client.events(link, cursor.as_deref(), None, 0).await.map_err(|error| error.code)?;
        let ended = page.events.is_empty() || cursor.as_deref() == Some(page.next.as_str());
        story.extend(page.events.into_iter().map(|event| (event.order.order_uid, event.order)));
        cursor = Some(page.next);
        if ended {
            return Ok((story, cursor));
        }
    }
    Err(ServiceError::Internal("a partner's feed does not end".to_owned()))
}

async fn compare_all(
    ctx: &Ctx,
    tx: &mut Tx,
    pairs: &[(MessageKey, OrderId, Option<OrderState>)],
    begun: Timestamp,
) -> Result<usize, ServiceError> {
    let mut changed = 0;
    for (key, order_id, state) in pairs {
        let Some(order) = store::orders::lock(tx, *order_id).await? else { continue };
        let moved = match state {
            None => send_again(ctx, tx, *key, &order, begun).await?,
            Some(state) if state.sequence > order.answer_sequence => {
                !apply_told(ctx, tx, &[(*order_id, state)]).await?.is_empty()
                    || set_back(ctx, tx, &order, state).await?
            }
            Some(state) if differs(&order, state) => set_back(ctx, tx, &order, state).await?,
            Some(_) => false,
        };
        changed += usize::from(moved);
    }
    Ok(changed)
}

/// The partner does not have it: the message goes out again as it was.
async fn send_again(
    ctx: &Ctx,
    tx: &mut Tx,
    key: MessageKey,
    order: &PurchaseOrder,
    begun: Timestamp,
) -> Result<bool, ServiceError> {
    let Ok(status) = apply(order.status, OrderEvent::Forgotten) else { return Ok(false) };
    // It may have been delivered anew while we compared.
    if !store::reconcile::send_again(tx, key, begun, ctx.now()).await? {
        return Ok(false);
    }
    store::reconcile::set_back(tx, order.order_id, status, None, ctx.now()).await?;
    let gone = order.partner_draft_number.clone();
    live::order_changed(ctx, tx, order.order_id, order.correlation_id, "order_sent_again", gone).await?;
    Ok(true)
}

fn differs(order: &PurchaseOrder, state: &OrderState) -> bool {
    state.sequence != order.answer_sequence
        || state.status != order.status.as_str()
        || Some(&state.draft_number) != order.partner_draft_number.as_ref()
        || state.sales_order_number != order.partner_sales_order_number
}

/// The partner has it, at another place than we thought: its word counts.
async fn set_back(
    ctx: &Ctx,
    tx: &mut Tx,
    order: &PurchaseOrder,
    state: &OrderState,
) -> Result<bool, ServiceError> {
    let told = OrderStatus::from_code(&state.status);
    let Some(status) = told.and_then(|told| apply(order.status, OrderEvent::SetBack(told)).ok()) else {
        tracing::error!(order.id = %order.order_id, status = state.status, "the restored partner told a status that cannot be");
        return Ok(false);
    };
    let answer = answer_of(state, status);
    store::reconcile::set_back(tx, order.order_id, status, Some(&answer), ctx.now()).await?;
    let number = Some(state.draft_number.clone());
    live::order_changed(ctx, tx, order.order_id, order.correlation_id, "order_set_back", number).await?;
    Ok(true)
}

async fn tell_all(
    ctx: &Ctx,
    tx: &mut Tx,
    id: ConnectionId,
    states: &[OrderState],
) -> Result<usize, ServiceError> {
    let mut changed = 0;
    for state in states {
        // One whose message is on its way hears of it by its receipt.
        if store::messages::outbound_of(tx, state.order_uid.0).await?.is_none() {
            changed += usize::from(told_of_unsent(ctx, tx, id, state).await?);
        }
    }
    Ok(changed)
}

/// The partner told of an order that was not sent, as far as we know: after a restore we sent it in a life that we have forgotten. One
/// that is as ready as it was then is sent again: its message is the same, so the partner gives the answer that it gave before. Every
/// other one is told to people. `true` when the order changed.
pub(crate) async fn told_of_unsent(
    ctx: &Ctx,
    tx: &mut Tx,
    id: ConnectionId,
    state: &OrderState,
) -> Result<bool, ServiceError> {
    let uid = state.order_uid;
    let restored = store::instance::lookup(tx).await?.is_some_and(|own| own.epoch > 1);
    let order = store::orders::lock(tx, uid).await?;
    let connection = store::connections::lookup(tx, id).await?.ok_or(ErrorCode::NotFound)?;
    match order {
        _ if !restored => {}
        None if store::events::count_of(tx, uid.0, UNKNOWN).await? == 0
            && store::events::count_of_kind(tx, topic::ADMIN, UNKNOWN).await? < MAX_UNKNOWN =>
        {
            note(ctx, tx, UNKNOWN, Some(uid.0), &state.draft_number).await?;
        }
        Some(order) if order.supplier_id.is_some() && order.supplier_id == connection.row.contact_id => {
            return found_again(ctx, tx, &connection, &order, state).await;
        }
        _ => {}
    }
    tracing::warn!(connection.id = %id, order.id = %uid, "the partner told of an order that was not sent to it");
    Ok(false)
}

async fn found_again(
    ctx: &Ctx,
    tx: &mut Tx,
    connection: &ConnectionRecord,
    order: &PurchaseOrder,
    state: &OrderState,
) -> Result<bool, ServiceError> {
    if let Ok(status) = apply(order.status, OrderEvent::Export) {
        let to_send = ToSend { order, connection, status, kind: "order_found_again" };
        let instance = store::instance::lookup(tx).await?.ok_or(ErrorCode::Internal)?;
        send_each(ctx, tx, instance.instance_id, &[to_send]).await?;
        apply_told(ctx, tx, &[(order.order_id, state)]).await?;
        return Ok(true);
    }
    if store::events::count_of(tx, order.order_id.0, KNOWN_THERE).await? == 0 {
        let number = Some(state.draft_number.clone());
        live::order_changed(ctx, tx, order.order_id, order.correlation_id, KNOWN_THERE, number).await?;
    }
    Ok(false)
}
