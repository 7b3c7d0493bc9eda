//! Who has an order open.

use domain::ids::{OrderId, TabId, UserId};
use domain::live::LiveRow;
use domain::orders::{OrderInput, OrderLineInput};
use domain::roles::Role;
use services::{Actor, Ctx, live, orders, presence};

use crate::harness::on_both;

on_both!(who_comes_and_goes_is_told_and_a_heartbeat_is_not);

fn person(ctx: &Ctx, name: &str) -> Ctx {
    let role = Role::Buyer;
    ctx.acting_as(Actor::User { user_id: ctx.new_id::<UserId>(), name: name.to_owned(), role })
}

async fn told(ctx: &Ctx, after: i64) -> Vec<Vec<String>> {
    let events = live::after(ctx, after, 100).await.unwrap().events;
    let rows = events.into_iter().filter_map(|event| match event.change {
        LiveRow::Presence(presence) => {
            Some(presence.present.into_iter().map(|present| present.name).collect())
        }
        _ => None,
    });
    rows.collect()
}

async fn who_comes_and_goes_is_told_and_a_heartbeat_is_not(ctx: Ctx) {
    let (kari, ola) = (person(&ctx, "Kari"), person(&ctx, "Ola"));
    let line = OrderLineInput {
        description: "Bolt".into(),
        quantity: "1".into(),
        unit_price: "1".into(),
        ..Default::default()
    };
    let made =
        orders::create(&kari, OrderInput { lines: vec![line], ..OrderInput::default() }).await.unwrap();
    let (here, there): (TabId, TabId) = (ctx.new_id(), ctx.new_id());
    let before = live::latest_position(&ctx).await.unwrap();
    presence::note(&kari, made.order_id, here).await.unwrap();
    let seen = presence::note(&ola, made.order_id, there).await.unwrap();
    assert_eq!(seen.seen_from(there), (vec!["Kari".to_owned()], false));
    // Only how it is now is kept, so a page that was away is told once.
    assert_eq!(told(&ctx, before).await, [["Kari", "Ola"]]);

    let position = live::latest_position(&ctx).await.unwrap();
    for _ in 0..3 {
        presence::note(&kari, made.order_id, here).await.unwrap();
    }
    assert_eq!(live::latest_position(&ctx).await.unwrap(), position, "a heartbeat is no event");
    presence::leave(&ola, made.order_id, there).await.unwrap();
    assert_eq!(told(&ctx, position).await, [["Kari"]]);

    // Looking at an order is nothing that happened to it, and an order that does not exist is looked at by nobody.
    let timeline = orders::detail(&ctx, &made.number).await.unwrap().timeline;
    assert_eq!(timeline.iter().map(|entry| entry.kind.as_str()).collect::<Vec<_>>(), ["order_created"]);
    let nothing = presence::note(&kari, ctx.new_id::<OrderId>(), here).await.unwrap();
    assert!(nothing.present.is_empty());
    // It goes with its order.
    orders::delete_draft(&kari, made.order_id).await.unwrap();
}
