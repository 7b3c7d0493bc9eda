//! What the checks know of the partner, asked anew: who it is, how it has us, what it makes of each order.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use domain::ids::{ConnectionId, MessageId, OrderId};
use domain::orders::{OrderStatus, PurchaseOrder};
use domain::time::Timestamp;
use exchange::PartnerClient;
use protocol::canonical::canonical_bytes;
use protocol::documents::CheckAnswer;

use store::connections::ConnectionRecord;

use super::sending::document;
use crate::connections;
use crate::ctx::{Actor, Ctx};
use crate::error::ServiceError;
use crate::live::to_json;
use crate::logs::{self, PartnerCall};

/// Who the partner is, and how it has us, is not asked again before this; each order is asked about every time.
const FRESH_SECONDS: i64 = 60;
/// Orders that are held in memory at once.
const PORTION: usize = 100;
/// Calls that may fail before a partner that answers otherwise is left alone: the others are then checked against its catalogue as
/// last read.
const MAX_FAILED: usize = 3;

/// Asks the partners of these orders, about each of them. A partner that does not answer leaves what was known, with the age that it
/// has: an order can wait for its partner, so can a check.
pub(super) async fn refresh(
    ctx: &Ctx,
    client: &PartnerClient,
    order_ids: &[OrderId],
) -> Result<(), ServiceError> {
    let mut failed = BTreeMap::new();
    for portion in order_ids.chunks(PORTION) {
        ask_about(ctx, client, portion, &mut failed).await?;
    }
    Ok(())
}

/// One portion. `failed` counts the calls that failed, by connection.
async fn ask_about(
    ctx: &Ctx,
    client: &PartnerClient,
    order_ids: &[OrderId],
    failed: &mut BTreeMap<ConnectionId, usize>,
) -> Result<(), ServiceError> {
    let (orders, stale) = read(ctx, order_ids).await?;
    let system = ctx.acting_as(Actor::System);
    for connection_id in stale {
        if !failed.contains_key(&connection_id)
            && !connections::test(&system, client, connection_id).await?.passed()
        {
            failed.insert(connection_id, MAX_FAILED);
        }
    }
    for (connection_id, order) in orders {
        let before = failed.get(&connection_id).copied().unwrap_or(0);
        if before >= MAX_FAILED {
            continue;
        }
        if let Err(error) = ask(ctx, client, connection_id, order).await {
            tracing::info!(connection.id = %connection_id, %error, "the partner did not check an order");
            // Why it did not is what the person needs to know. It may also be this order alone.
            let passed = connections::test(&system, client, connection_id).await?.passed();
            failed.insert(connection_id, if passed { before + 1 } else { MAX_FAILED });
        }
    }
    Ok(())
}

/// Orders that can be sent, and connections whose last test is old.
async fn read(
    ctx: &Ctx,
    order_ids: &[OrderId],
) -> Result<(Vec<(ConnectionId, PurchaseOrder)>, BTreeSet<ConnectionId>), ServiceError> {
    let mut tx = ctx.store.begin_read().await?;
    let (mut orders, mut stale) = (Vec::new(), BTreeSet::new());
    let now = ctx.now();
    let is_old = |at: Timestamp| now.milliseconds_since(at) > FRESH_SECONDS * 1_000;
    for order_id in order_ids {
        let Some(order) = store::orders::lookup(&mut tx, *order_id).await? else { continue };
        let connection = match order.supplier_id {
            Some(supplier_id) => store::connections::find_by_contact(&mut tx, supplier_id).await?,
            None => None,
        };
        let can_be_asked =
            |found: &ConnectionRecord| found.token_ciphertext.is_some() && !found.row.is_price_file();
        let Some(connection) = connection.filter(can_be_asked) else { continue };
        let connection_id = connection.row.connection_id;
        if connection.row.last_test.is_none_or(|test| is_old(test.at)) {
            stale.insert(connection_id);
        }
        if order.status == OrderStatus::Ready {
            orders.push((connection_id, order));
        }
    }
    Ok((orders, stale))
}

async fn ask(
    ctx: &Ctx,
    client: &PartnerClient,
    connection_id: ConnectionId,
    order: PurchaseOrder,
) -> Result<(), ServiceError> {
    let mut tx = ctx.store.begin_read().await?;
    let link = connections::link_of(ctx, &mut tx, connection_id).await?;
    let own = store::contacts::own(&mut tx).await?.ok_or(domain::errors::ErrorCode::Internal)?;
    drop(tx);
    let asked = document(&order, &own, ctx.new_id::<MessageId>());
    let body = canonical_bytes(&asked).map_err(|error| {
        ServiceError::Internal(format!("the order cannot be written as a document: {error}"))
    })?;
    let begun = ctx.now();
    let answer = client.check_order(&link, Bytes::from(body)).await;
    // That an order was checked is in its own row; the log tells of calls that failed.
    let system = ctx.acting_as(Actor::System);
    let failure = answer.as_ref().err().cloned();
    let call = PartnerCall::ended(ctx, connection_id, "POST /purchase-orders/check", begun, failure);
    logs::note_call(&system, call).await?;
    let answer = answer.map_err(|error| error.code)?;
    ctx.write((order.order_id, order.version, answer), |ctx, tx, (order_id, version, answer)| {
        Box::pin(async move {
            let answer: &CheckAnswer = answer;
            Ok(store::partner_checks::save(tx, *order_id, *version, &to_json(answer)?, ctx.now()).await?)
        })
    })
    .await
}
