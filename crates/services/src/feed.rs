//! Status back without a second token: the supplier's feed, and the buyer who reads it.

use std::time::Duration;

use domain::errors::ErrorCode;
use domain::ids::{ConnectionId, CorrelationId};
use exchange::PartnerClient;
use protocol::cursor;
use protocol::documents::{FeedEvent, FeedPage, OrderState};
use protocol::faults::{self, Point};
use store::Tx;

use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::live;
use crate::logs::{self, PartnerCall};
use crate::tokens::TokenPrincipal;

/// Events on a page of the feed.
const PAGE: i64 = 200;

/// One page of the feed for the partner whose token it is; held open up to `wait_seconds` until there is something.
pub async fn page(
    ctx: &Ctx,
    principal: &TokenPrincipal,
    after: Option<&str>,
    wait_seconds: u64,
) -> Result<FeedPage, ServiceError> {
    let wait = Duration::from_secs(wait_seconds.min(protocol::limits::MAX_WAIT_SECONDS));
    let deadline = tokio::time::Instant::now() + wait;
    let mut changes = ctx.store.subscribe();
    loop {
        let page = read_page(ctx, principal, after).await?;
        if !page.events.is_empty() || tokio::time::Instant::now() >= deadline {
            return Ok(page);
        }
        // A wake-up is only a hint: without one the feed looks again every second.
        let poll = (tokio::time::Instant::now() + Duration::from_secs(1)).min(deadline);
        let _ = tokio::time::timeout_at(poll, changes.changed()).await;
    }
}

async fn read_page(
    ctx: &Ctx,
    principal: &TokenPrincipal,
    after: Option<&str>,
) -> Result<FeedPage, ServiceError> {
    let mut tx = ctx.store.begin_read().await?;
    let instance = store::instance::lookup(&mut tx).await?.ok_or(ErrorCode::Internal)?;
    let position = cursor::read(after, instance.epoch)?;
    // A token without a customer yet has sent nothing, so there is nothing to tell.
    let contact_id = match principal.contact_id {
        Some(contact_id) => Some(contact_id),
        None => store::tokens::lookup(&mut tx, principal.token_id).await?.and_then(|token| token.contact_id),
    };
    let placed = match contact_id {
        Some(contact_id) => store::events::feed_after(&mut tx, contact_id, position, PAGE).await?,
        None => Vec::new(),
    };
    let next = placed.last().map_or(position, |event| event.position);
    let mut events = Vec::with_capacity(placed.len());
    for event in placed {
        let data = event.data.unwrap_or_default();
        let order: OrderState = serde_json::from_str(&data).map_err(|error| {
            ServiceError::Internal(format!("feed event {} cannot be read: {error}", event.position))
        })?;
        events.push(FeedEvent {
            position: event.position.to_string(),
            kind: "order".to_owned(),
            order,
            correlation_id: event.correlation_id.map(CorrelationId),
        });
    }
    Ok(FeedPage { events, next: cursor::write(instance.epoch, next) })
}

/// Connections whose feed is to be read: verified ones with a token, while the extension is on.
pub async fn connections_to_poll(ctx: &Ctx) -> Result<Vec<ConnectionId>, ServiceError> {
    let mut tx = ctx.store.begin_read().await?;
    if !crate::instance::extension_is_on(&mut tx).await? {
        return Ok(Vec::new());
    }
    let connections = store::connections::list(&mut tx).await?;
    Ok(connections
        .into_iter()
        .filter(|row| {
            row.state == domain::connections::ConnectionState::Verified && row.token_last_four.is_some()
        })
        .map(|row| row.connection_id)
        .collect())
}

/// Reads one page of the supplier's feed and applies it: events and cursor in one transaction, so that a page is never applied
/// without its cursor or the other way round. Tells how many orders changed.
pub async fn poll_once(
    ctx: &Ctx,
    client: &PartnerClient,
    id: ConnectionId,
    wait_seconds: u64,
) -> Result<usize, ServiceError> {
    let mut tx = ctx.store.begin_read().await?;
    let connection = store::connections::lookup(&mut tx, id).await?.ok_or(ErrorCode::NotFound)?;
    let link = crate::connections::link_of(ctx, &mut tx, id).await?;
    drop(tx);
    let begun = ctx.now();
    let answer = client.events(&link, connection.feed_cursor.as_deref(), wait_seconds).await;
    // A place that the partner does not know is no failure: the feed is read from its start.
    let failure = answer.as_ref().err().filter(|error| error.code != ErrorCode::InvalidCursor).cloned();
    logs::note_call(ctx, PartnerCall::ended(ctx, id, "GET /events", begun, failure)).await?;
    let page = match answer {
        Ok(page) => page,
        Err(error) if error.code == ErrorCode::InvalidCursor => {
            tracing::warn!(connection.id = %id, "the partner does not know our place in its feed: reading from the start");
            ctx.write(id, |_, tx, id| {
                Box::pin(async move { Ok(store::connections::set_feed_cursor(tx, *id, None).await?) })
            })
            .await?;
            return Ok(0);
        }
        Err(error) if matches!(error.code.http_status(), 401 | 403) => {
            // The token is no longer good: nothing can be sent either, and somebody has to see to it.
            ctx.write((id, error.code), |ctx, tx, (id, code)| {
                Box::pin(async move {
                    store::connections::pause(tx, *id, *code).await?;
                    live::log_changed(ctx, tx, None).await
                })
            })
            .await?;
            return Err(error.code.into());
        }
        Err(error) => return Err(error.code.into()),
    };
    if page.events.is_empty() && connection.feed_cursor.as_deref() == Some(page.next.as_str()) {
        return Ok(0);
    }
    if !page.events.is_empty() {
        faults::pass(Point::B11);
    }
    ctx.write((id, page), |ctx, tx, (id, page)| Box::pin(apply_page(ctx, tx, *id, page))).await
}

async fn apply_page(
    ctx: &Ctx,
    tx: &mut Tx,
    id: ConnectionId,
    page: &FeedPage,
) -> Result<usize, ServiceError> {
    let contact_id =
        store::connections::lookup(tx, id).await?.and_then(|connection| connection.row.contact_id);
    let mut changed = 0;
    for event in &page.events {
        let order_uid = event.order.order_uid;
        // A supplier answers the orders that were sent to it, and no others.
        let sent =
            store::messages::outbound_of(tx, order_uid.0).await?.filter(|sent| sent.connection_id == id);
        let Some(sent) = sent else {
            tracing::warn!(connection.id = %id, order.id = %order_uid, "the partner told of an order that was not sent to it");
            continue;
        };
        if crate::outbox::apply_told(ctx, tx, order_uid, &event.order).await? {
            changed += 1;
            let number = store::orders::row(tx, order_uid).await?.map(|row| row.number).unwrap_or_default();
            let answer = (number, Some(sent.correlation_id), live::to_json(&event.order)?);
            logs::note_answer(ctx, tx, id, contact_id, answer).await?;
        }
    }
    if changed > 0 {
        live::log_changed(ctx, tx, None).await?;
        faults::pass(Point::B12);
    }
    store::connections::set_feed_cursor(tx, id, Some(&page.next)).await?;
    store::connections::touch_contact(tx, id, ctx.now()).await?;
    Ok(changed)
}
