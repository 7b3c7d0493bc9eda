//! Status back without a second token: the supplier's feed, and the buyer who reads it.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use domain::errors::ErrorCode;
use domain::ids::{ConnectionId, ContactId, CorrelationId, OrderId};
use domain::tokens::Scope;
use exchange::PartnerClient;
use protocol::cursor;
use protocol::documents::{FeedEvent, FeedPage, OrderState};
use protocol::faults::{self, Point};
use store::Tx;
use store::connections::ConnectionRecord;
use uuid::Uuid;

use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::live;
use crate::logs::{self, PartnerCall};
use crate::reconcile;
use crate::tokens::TokenPrincipal;

/// Events on a page of the feed.
const PAGE: i64 = 200;
/// A place of a catalogue of which nothing was read: no partner has such an epoch.
const NO_ARTICLES: &str = "0.0";
/// How old the note of the last contact may grow while a partner has nothing to tell.
const CONTACT_SECONDS: i64 = 300;

/// What a page of a supplier's feed brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Polled {
    /// Orders that changed.
    pub orders: usize,
    /// The newest place of the catalogue, where articles have changed.
    pub articles: Option<String>,
}

/// One page of the feed for the partner whose token it is; held open up to `wait_seconds` until there is something. With `articles`, a
/// place of the catalogue, changed articles are something as well.
pub async fn page(
    ctx: &Ctx,
    principal: &TokenPrincipal,
    after: Option<&str>,
    articles: Option<&str>,
    wait_seconds: u64,
) -> Result<FeedPage, ServiceError> {
    let wait = Duration::from_secs(wait_seconds.min(protocol::limits::MAX_WAIT_SECONDS));
    let deadline = tokio::time::Instant::now() + wait;
    let mut changes = ctx.store.subscribe();
    loop {
        let page = read_page(ctx, principal, after, articles).await?;
        let has_articles = page.articles.as_deref().is_some_and(|newest| articles != Some(newest));
        if !page.events.is_empty() || has_articles || tokio::time::Instant::now() >= deadline {
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
    articles: Option<&str>,
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
    if placed.is_empty() && position > store::events::latest_position(&mut tx).await? {
        // Somebody put an older database in this one's place, without `prodsys restore`: the partner must not wait for ever.
        return Err(ErrorCode::InvalidCursor.into());
    }
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
    // Whoever may not read articles is not told of them, whatever was asked.
    let articles = match articles {
        Some(known) if principal.scopes.contains(&Scope::ArticlesRead) => {
            // A place of another epoch is an old one; what is no place at all is a mistake.
            cursor::epoch_of(known).ok_or(ErrorCode::InvalidCursor)?;
            let newest = store::articles::newest_change(&mut tx).await?;
            Some(cursor::write(instance.epoch, newest))
        }
        _ => None,
    };
    Ok(FeedPage { events, next: cursor::write(instance.epoch, next), articles })
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
            row.state == domain::connections::ConnectionState::Verified
                && row.token_last_four.is_some()
                && !row.is_price_file()
        })
        .map(|row| row.connection_id)
        .collect())
}

/// Reads one page of the supplier's feed and applies it: events and cursor in one transaction, so that a page is never applied
/// without its cursor or the other way round.
///
/// `told` is the place of the supplier's catalogue that an earlier page told of; without it, that up to which the catalogue was read.
pub async fn poll_once(
    ctx: &Ctx,
    client: &PartnerClient,
    id: ConnectionId,
    told: Option<&str>,
    wait_seconds: u64,
) -> Result<Polled, ServiceError> {
    let found = store::connections::lookup(&mut ctx.store.glance().await?, id).await?;
    let connection = found.ok_or(ErrorCode::NotFound)?;
    let link = crate::connections::open_link(ctx, &connection)?;
    let begun = ctx.now();
    let known = told.or(connection.catalogue_cursor.as_deref()).unwrap_or(NO_ARTICLES);
    let answer = client.events(&link, connection.feed_cursor.as_deref(), Some(known), wait_seconds).await;
    // A place that the partner does not know is no failure: the feed is read from its start.
    let failure = answer.as_ref().err().filter(|error| error.code != ErrorCode::InvalidCursor).cloned();
    logs::note_call(ctx, PartnerCall::ended(ctx, id, "GET /events", begun, failure)).await?;
    let page = match answer {
        // The partner's life before is over: an older epoch than the one that we know, or none that we know.
        Ok(page) if is_of_another_epoch(&connection, &page) => None,
        Ok(page) => Some(page),
        Err(error) if error.code == ErrorCode::InvalidCursor => None,
        Err(error) => return Err(refused(ctx, id, error.code).await?),
    };
    let Some(page) = page else {
        return match reconcile::with_partner(ctx, client, &link, &connection).await {
            Err(ServiceError::Refused(refusal)) => Err(refused(ctx, id, refusal.code).await?),
            outcome => outcome.map(|orders| Polled { orders, articles: None }),
        };
    };
    let articles = page.articles.clone().filter(|place| place != known);
    if page.events.is_empty() && connection.feed_cursor.as_deref() == Some(page.next.as_str()) {
        keep_contact(ctx, &connection).await?;
        return Ok(Polled { orders: 0, articles });
    }
    if !page.events.is_empty() {
        faults::pass(Point::B11);
    }
    let reader = (id, connection.row.contact_id);
    let orders = ctx
        .write((reader, page), |ctx, tx, (reader, page)| Box::pin(apply_page(ctx, tx, *reader, page)))
        .await?;
    Ok(Polled { orders, articles })
}

fn is_of_another_epoch(connection: &ConnectionRecord, page: &FeedPage) -> bool {
    match (connection.partner_epoch, cursor::epoch_of(&page.next)) {
        (Some(known), Some(epoch)) => known != epoch,
        _ => false,
    }
}

/// Stops the link where the partner does not want us, or is not who it was: nothing can be sent either, and somebody has to see to it.
async fn refused(ctx: &Ctx, id: ConnectionId, code: ErrorCode) -> Result<ServiceError, ServiceError> {
    let stops = matches!(code, ErrorCode::EpochConflict | ErrorCode::InstanceConflict);
    if stops || matches!(code.http_status(), 401 | 403) {
        ctx.write((id, code), |ctx, tx, (id, code)| {
            Box::pin(async move {
                store::connections::pause(tx, *id, *code).await?;
                live::log_changed(ctx, tx, None);
                Ok(())
            })
        })
        .await?;
    }
    Ok(code.into())
}

/// A partner that has nothing to tell is noted from time to time, so that one that is silent can be told apart.
async fn keep_contact(ctx: &Ctx, connection: &ConnectionRecord) -> Result<(), ServiceError> {
    let lately = ctx.now().plus_seconds(-CONTACT_SECONDS);
    if connection.row.last_contact_at.is_some_and(|at| at > lately) {
        return Ok(());
    }
    ctx.write(connection.row.connection_id, |ctx, tx, id| {
        Box::pin(async move { Ok(store::connections::touch_contact(tx, *id, ctx.now()).await?) })
    })
    .await
}

/// A connection, and the contact that it leads to.
type Reader = (ConnectionId, Option<ContactId>);

async fn apply_page(ctx: &Ctx, tx: &mut Tx, reader: Reader, page: &FeedPage) -> Result<usize, ServiceError> {
    let mut changed = 0;
    for round in rounds(&page.events) {
        changed += apply_round(ctx, tx, reader, &round).await?;
    }
    if changed > 0 {
        live::log_changed(ctx, tx, None);
        faults::pass(Point::B12);
    }
    store::connections::set_read_to(tx, reader.0, &page.next, ctx.now()).await?;
    Ok(changed)
}

/// The events in portions in which each order is told of once: the second event of an order comes after its first was applied.
fn rounds(events: &[FeedEvent]) -> Vec<Vec<&FeedEvent>> {
    let mut told: HashMap<OrderId, usize> = HashMap::new();
    let mut rounds: Vec<Vec<&FeedEvent>> = Vec::new();
    for event in events {
        let round = told.entry(event.order.order_uid).or_default();
        if rounds.len() <= *round {
            rounds.push(Vec::new());
        }
        rounds[*round].push(event);
        *round += 1;
    }
    rounds
}

async fn apply_round(
    ctx: &Ctx,
    tx: &mut Tx,
    (id, contact_id): Reader,
    events: &[&FeedEvent],
) -> Result<usize, ServiceError> {
    let order_ids: Vec<OrderId> = events.iter().map(|event| event.order.order_uid).collect();
    let standings = store::orders::lock_standings(tx, &order_ids).await?;
    // Mostly a receipt has told of it already.
    let events: Vec<&FeedEvent> = events
        .iter()
        .filter(|event| {
            let standing = standings.get(&event.order.order_uid);
            standing.is_none_or(|standing| standing.answer_sequence < event.order.sequence)
        })
        .copied()
        .collect();
    if events.is_empty() {
        return Ok(0);
    }
    let subjects: Vec<Uuid> = events.iter().map(|event| event.order.order_uid.0).collect();
    let sent = store::messages::outbound_of_each(tx, &subjects).await?;
    let (mut ours, mut changed) = (Vec::with_capacity(events.len()), HashSet::new());
    for event in &events {
        let order_uid = event.order.order_uid;
        // A supplier answers the orders that were sent to it, and no others.
        match sent.get(&order_uid.0) {
            Some(message) if message.connection_id == id => ours.push((order_uid, &event.order)),
            Some(_) => {
                tracing::warn!(connection.id = %id, order.id = %order_uid, "the partner told of an order that was sent to another");
            }
            None => {
                if reconcile::told_of_unsent(ctx, tx, id, &event.order).await? {
                    changed.insert(order_uid);
                }
            }
        }
    }
    changed.extend(crate::outbox::apply_told(ctx, tx, &ours).await?);
    let order_ids: Vec<OrderId> = changed.iter().copied().collect();
    let rows = store::orders::rows(tx, &order_ids).await?;
    for event in events.iter().filter(|event| changed.contains(&event.order.order_uid)) {
        let order_uid = event.order.order_uid;
        let number = rows.get(&order_uid).map(|row| row.number.clone()).unwrap_or_default();
        let correlation_id = sent.get(&order_uid.0).map(|sent| sent.correlation_id).or(event.correlation_id);
        let answer = (number, correlation_id, live::to_json(&event.order)?);
        logs::note_answer(ctx, tx, id, contact_id, answer).await?;
    }
    Ok(changed.len())
}
