//! Who has an order open now. Open pages say so every twenty seconds; others are told when somebody comes or goes.

use domain::ids::{OrderId, TabId};
use domain::presence::{OrderPresence, SILENCE_SECONDS};
use domain::roles::Permission;
use store::Tx;
use store::events::{NewEvent, topic};

use crate::ctx::{Actor, Ctx};
use crate::error::ServiceError;
use crate::live::to_json;

/// Notes that the person has the order open in a window, and answers with everyone who has.
pub async fn note(ctx: &Ctx, order_id: OrderId, tab: TabId) -> Result<OrderPresence, ServiceError> {
    ctx.require(Permission::Read)?;
    ctx.write((order_id, tab), |ctx, tx, (order_id, tab)| {
        Box::pin(async move {
            let Actor::User { user_id, name, .. } = &ctx.actor else {
                return present(ctx, tx, *order_id).await;
            };
            let now = ctx.now();
            let came = store::presence::note(tx, *order_id, *user_id, *tab, name, now).await?;
            let went =
                store::presence::forget_silent(tx, *order_id, now.plus_seconds(-SILENCE_SECONDS)).await?;
            told(ctx, tx, *order_id, came || went > 0).await
        })
    })
    .await
}

/// Notes that the person has closed the window.
pub async fn leave(ctx: &Ctx, order_id: OrderId, tab: TabId) -> Result<(), ServiceError> {
    ctx.require(Permission::Read)?;
    ctx.write((order_id, tab), |ctx, tx, (order_id, tab)| {
        Box::pin(async move {
            if let Actor::User { user_id, .. } = &ctx.actor {
                let went = store::presence::leave(tx, *order_id, *user_id, *tab).await?;
                told(ctx, tx, *order_id, went).await?;
            }
            Ok(())
        })
    })
    .await
}

async fn present(ctx: &Ctx, tx: &mut Tx, order_id: OrderId) -> Result<OrderPresence, ServiceError> {
    let present = store::presence::list(tx, order_id, ctx.now().plus_seconds(-SILENCE_SECONDS)).await?;
    Ok(OrderPresence { order_id, present })
}

/// Tells open pages when somebody came or went. Nothing has happened to the order, so only the last telling is kept.
async fn told(
    ctx: &Ctx,
    tx: &mut Tx,
    order_id: OrderId,
    changed: bool,
) -> Result<OrderPresence, ServiceError> {
    let presence = present(ctx, tx, order_id).await?;
    if changed {
        store::events::forget_told(tx, order_id.0, topic::PRESENCE).await?;
        let event = NewEvent {
            at: ctx.now(),
            topic: topic::PRESENCE,
            kind: "presence_changed",
            subject_id: Some(order_id.0),
            data: Some(to_json(&presence)?),
            ..NewEvent::default()
        };
        store::events::add(tx, event);
    }
    Ok(presence)
}
