//! What open pages are told: every change with the changed row, in commit order.

use domain::drafts::OrderDraftRow;
use domain::errors::ErrorCode;
use domain::ids::{CorrelationId, DraftId, OrderId};
use domain::live::{LiveEvent, LiveRow};
use domain::orders::PurchaseOrderRow;
use store::Tx;
use store::events::{NewEvent, PlacedEvent, topic};

use crate::ctx::Ctx;
use crate::error::ServiceError;

/// That an order changed.
#[derive(Clone, Debug)]
pub(crate) struct OrderChange {
    pub(crate) order_id: OrderId,
    pub(crate) correlation_id: CorrelationId,
    pub(crate) kind: &'static str,
    pub(crate) detail: Option<String>,
}

/// Writes that orders changed, each with its row as it is now.
pub(crate) async fn orders_changed(
    ctx: &Ctx,
    tx: &mut Tx,
    changes: Vec<OrderChange>,
) -> Result<(), ServiceError> {
    let order_ids: Vec<OrderId> = changes.iter().map(|change| change.order_id).collect();
    let rows = store::orders::rows(tx, &order_ids).await?;
    for change in changes {
        let event = NewEvent {
            at: ctx.now(),
            topic: topic::ORDERS,
            kind: change.kind,
            subject_id: Some(change.order_id.0),
            actor: ctx.actor.name().to_owned(),
            correlation_id: Some(change.correlation_id),
            detail: change.detail,
            data: rows.get(&change.order_id).map(to_json).transpose()?,
            ..NewEvent::default()
        };
        store::events::add(tx, event);
    }
    Ok(())
}

/// Writes that one order changed.
pub(crate) async fn order_changed(
    ctx: &Ctx,
    tx: &mut Tx,
    order_id: OrderId,
    correlation_id: CorrelationId,
    kind: &'static str,
    detail: Option<String>,
) -> Result<(), ServiceError> {
    orders_changed(ctx, tx, vec![OrderChange { order_id, correlation_id, kind, detail }]).await
}

/// Writes that an order is gone; its number stays in the trail.
pub(crate) fn order_deleted(ctx: &Ctx, tx: &mut Tx, order: &domain::orders::PurchaseOrder) {
    let event = NewEvent {
        at: ctx.now(),
        topic: topic::ORDERS,
        kind: "order_deleted",
        subject_id: Some(order.order_id.0),
        actor: ctx.actor.name().to_owned(),
        correlation_id: Some(order.correlation_id),
        detail: Some(order.number.clone()),
        ..NewEvent::default()
    };
    store::events::add(tx, event);
}

/// Writes that a draft changed, with its row as it is now.
pub(crate) async fn draft_changed(
    ctx: &Ctx,
    tx: &mut Tx,
    draft_id: DraftId,
    correlation_id: CorrelationId,
    kind: &'static str,
    actor: &str,
    detail: Option<String>,
) -> Result<(), ServiceError> {
    let head = store::drafts::lookup(tx, draft_id).await?.ok_or(ErrorCode::NotFound)?;
    add_draft_event(ctx, tx, &head.row, correlation_id, kind, actor, detail)
}

/// The same, of a draft whose row is at hand.
pub(crate) fn add_draft_event(
    ctx: &Ctx,
    tx: &mut Tx,
    row: &OrderDraftRow,
    correlation_id: CorrelationId,
    kind: &'static str,
    actor: &str,
    detail: Option<String>,
) -> Result<(), ServiceError> {
    let event = NewEvent {
        at: ctx.now(),
        topic: topic::DRAFTS,
        kind,
        subject_id: Some(row.draft_id.0),
        actor: actor.to_owned(),
        correlation_id: Some(correlation_id),
        detail,
        data: Some(to_json(row)?),
        ..NewEvent::default()
    };
    store::events::add(tx, event);
    Ok(())
}

/// Writes that the integration log has something new.
pub(crate) fn log_changed(ctx: &Ctx, tx: &mut Tx, correlation_id: Option<CorrelationId>) {
    let event = NewEvent {
        at: ctx.now(),
        topic: topic::LOG,
        kind: "log_changed",
        correlation_id,
        ..NewEvent::default()
    };
    store::events::add(tx, event);
}

/// A plain value as JSON text.
pub(crate) fn to_json<T: serde::Serialize>(value: &T) -> Result<String, ServiceError> {
    serde_json::to_string(value)
        .map_err(|error| ServiceError::Internal(format!("a row cannot be written as JSON: {error}")))
}

/// A page of live updates.
#[derive(Clone, Debug)]
pub struct LivePage {
    pub events: Vec<LiveEvent>,
    /// The position that was read up to.
    pub read_to: i64,
    /// There may be more.
    pub is_full: bool,
}

/// Live updates after the position, of at most `limit` events.
pub async fn after(ctx: &Ctx, position: i64, limit: i64) -> Result<LivePage, ServiceError> {
    let events = store::events::after(&mut ctx.store.glance().await?, position, limit).await?;
    let read_to = events.last().map_or(position, |event| event.position);
    let is_full = i64::try_from(events.len()).is_ok_and(|read| read >= limit);
    Ok(LivePage { events: events.into_iter().filter_map(live_event).collect(), read_to, is_full })
}

fn live_event(event: PlacedEvent) -> Option<LiveEvent> {
    let data = event.data.as_deref();
    let change = match event.topic.as_str() {
        topic::ORDERS => LiveRow::PurchaseOrder(serde_json::from_str::<PurchaseOrderRow>(data?).ok()?),
        topic::DRAFTS => LiveRow::OrderDraft(serde_json::from_str::<OrderDraftRow>(data?).ok()?),
        topic::PRESENCE => LiveRow::Presence(serde_json::from_str(data?).ok()?),
        topic::LOG => LiveRow::Log,
        _ => return None,
    };
    Some(LiveEvent { position: event.position, change })
}

/// The position of the newest event.
pub async fn latest_position(ctx: &Ctx) -> Result<i64, ServiceError> {
    let mut tx = ctx.store.begin_read().await?;
    Ok(store::events::latest_position(&mut tx).await?)
}
