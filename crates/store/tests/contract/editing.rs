//! Several people over one order: what each saving changed, forms, what waits for a choice, and who is there.

use domain::ids::{FormKey, OrderId, TabId, UserId};
use domain::orders::{OrderDifference, OrderInput, OrderStatus};
use store::events::{NewEvent, topic};
use store::orders::{Change, KeptConflict};
use store::{Store, Tx};
use uuid::Uuid;

use crate::harness::{NOW, id, on_both};
use crate::orders::order;

on_both!(
    what_each_saving_changed_is_read_newest_first,
    a_form_has_one_order,
    what_waits_for_a_choice_is_kept_and_bounded,
    lines_of_other_orders_are_known,
    a_window_comes_is_renewed_and_goes,
    the_last_event_is_taken_back_when_it_is_told_again,
);

async fn draft(tx: &mut Tx, number: &str) -> OrderId {
    order(tx, number, None, OrderStatus::Draft).await.order_id
}

fn change(version: i64, actor: &str, form_key: Option<FormKey>) -> Change {
    let difference =
        OrderDifference::Head { field: "note".into(), old: "Før".into(), new: format!("Versjon {version}") };
    Change { version, at: NOW, actor: actor.to_owned(), form_key, differences: vec![difference] }
}

async fn what_each_saving_changed_is_read_newest_first(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let (order_id, other) = (draft(&mut tx, "PO-1").await, draft(&mut tx, "PO-2").await);
    let changes = [change(2, "Kari", None), change(3, "Ola", Some(id())), change(4, "Kari", None)];
    for change in &changes {
        store::orders::add_change(&mut tx, order_id, change).await.unwrap();
    }
    store::orders::add_change(&mut tx, other, &change(2, "Per", None)).await.unwrap();
    let [second, third, fourth] = changes;
    assert_eq!(
        store::orders::changes_after(&mut tx, order_id, 2, 10).await.unwrap(),
        [fourth.clone(), third]
    );
    assert_eq!(store::orders::changes_after(&mut tx, order_id, 0, 1).await.unwrap(), [fourth]);
    assert_eq!(store::orders::changes_after(&mut tx, order_id, 4, 10).await.unwrap(), []);
    assert_eq!(store::orders::changes_after(&mut tx, order_id, 0, 10).await.unwrap().last(), Some(&second));
    // They go with their order.
    assert!(store::orders::remove_draft(&mut tx, order_id).await.unwrap());
    assert_eq!(store::orders::changes_after(&mut tx, order_id, 0, 10).await.unwrap(), []);
}

async fn a_form_has_one_order(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let (form, one, other): (FormKey, OrderId, OrderId) = (id(), id(), id());
    assert_eq!(store::orders::claim_form(&mut tx, form, one).await.unwrap(), one);
    assert_eq!(store::orders::claim_form(&mut tx, form, other).await.unwrap(), one);
    assert_eq!(store::orders::claim_form(&mut tx, id(), other).await.unwrap(), other);
}

async fn what_waits_for_a_choice_is_kept_and_bounded(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let order_id = draft(&mut tx, "PO-1").await;
    let kept = |at: i64| KeptConflict {
        conflict_id: id(),
        order_id,
        at: NOW.plus_seconds(at),
        actor: "Kari".to_owned(),
        base_version: 3,
        form_key: Some(id()),
        input: OrderInput { note: "Hall B – æøå".to_owned(), ..OrderInput::default() },
    };
    let first = kept(0);
    store::orders::add_conflict(&mut tx, &first).await.unwrap();
    assert_eq!(store::orders::conflict(&mut tx, first.conflict_id).await.unwrap(), Some(first.clone()));
    let second = kept(1);
    store::orders::add_conflict(&mut tx, &second).await.unwrap();
    for at in 2..=20 {
        store::orders::add_conflict(&mut tx, &kept(at)).await.unwrap();
    }
    assert_eq!(store::orders::conflict(&mut tx, first.conflict_id).await.unwrap(), None, "the oldest goes");
    assert!(store::orders::remove_conflict(&mut tx, second.conflict_id).await.unwrap());
    assert!(!store::orders::remove_conflict(&mut tx, second.conflict_id).await.unwrap());
}

async fn lines_of_other_orders_are_known(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let (one, other) = (
        order(&mut tx, "PO-1", None, OrderStatus::Draft).await,
        order(&mut tx, "PO-2", None, OrderStatus::Draft).await,
    );
    let asked = [one.lines[0].line_id.0, other.lines[0].line_id.0, id::<Uuid>()];
    let elsewhere = store::orders::lines_elsewhere(&mut tx, one.order_id, &asked).await.unwrap();
    assert_eq!(elsewhere, [other.lines[0].line_id.0]);
    assert_eq!(store::orders::lines_elsewhere(&mut tx, one.order_id, &[]).await.unwrap(), Vec::<Uuid>::new());
}

async fn a_window_comes_is_renewed_and_goes(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let order_id = draft(&mut tx, "PO-1").await;
    let (kari, ola): (UserId, UserId) = (id(), id());
    let (here, there): (TabId, TabId) = (id(), id());
    let later = NOW.plus_seconds(20);
    assert!(store::presence::note(&mut tx, order_id, kari, here, "Kari", NOW).await.unwrap(), "she came");
    assert!(!store::presence::note(&mut tx, order_id, kari, here, "Kari", later).await.unwrap());
    assert!(store::presence::note(&mut tx, order_id, ola, there, "Ola", NOW).await.unwrap());
    let names = |present: Vec<domain::presence::Present>| {
        present.into_iter().map(|present| present.name).collect::<Vec<_>>()
    };
    assert_eq!(names(store::presence::list(&mut tx, order_id, NOW).await.unwrap()), ["Kari", "Ola"]);
    assert_eq!(names(store::presence::list(&mut tx, order_id, later).await.unwrap()), ["Kari"]);
    assert_eq!(store::presence::forget_silent(&mut tx, order_id, later).await.unwrap(), 1);
    assert_eq!(names(store::presence::list(&mut tx, order_id, NOW).await.unwrap()), ["Kari"]);
    assert!(
        !store::presence::note(&mut tx, id(), kari, here, "Kari", NOW).await.unwrap(),
        "there is no such order"
    );
    assert!(store::presence::leave(&mut tx, order_id, kari, here).await.unwrap());
    assert!(!store::presence::leave(&mut tx, order_id, kari, here).await.unwrap());
}

async fn the_last_event_is_taken_back_when_it_is_told_again(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let subject: Uuid = id();
    let event = |kind: &'static str, actor: &str| NewEvent {
        at: NOW,
        topic: topic::ORDERS,
        kind,
        subject_id: Some(subject),
        actor: actor.to_owned(),
        ..NewEvent::default()
    };
    store::events::add(&mut tx, event("order_created", "Kari"));
    store::events::add(&mut tx, event("order_changed", "Kari"));
    tx.commit().await.unwrap();
    let mut tx = store.begin_write().await.unwrap();
    let take = async |tx: &mut Tx, actor: &str, since| {
        store::events::take_back_last(tx, subject, "order_changed", actor, since).await.unwrap()
    };
    assert!(!take(&mut tx, "Ola", NOW).await, "somebody else's");
    assert!(!take(&mut tx, "Kari", NOW.plus_seconds(1)).await, "too old");
    assert!(take(&mut tx, "Kari", NOW).await);
    assert!(!take(&mut tx, "Kari", NOW).await, "the last is of another kind now");
    store::events::add(&mut tx, event("order_changed", "Kari"));
    tx.commit().await.unwrap();
    let mut tx = store.begin_read().await.unwrap();
    let kinds: Vec<_> = store::events::timeline(&mut tx, subject)
        .await
        .unwrap()
        .into_iter()
        .map(|entry| entry.kind)
        .collect();
    assert_eq!(kinds, ["order_created", "order_changed"]);
    // What only tells how a thing is now is told once.
    let mut tx = store.begin_write().await.unwrap();
    for name in ["first", "second"] {
        store::events::forget_told(&mut tx, subject, topic::PRESENCE).await.unwrap();
        let told =
            NewEvent { topic: topic::PRESENCE, data: Some(name.to_owned()), ..event("presence", "Kari") };
        store::events::add(&mut tx, told);
    }
    tx.commit().await.unwrap();
    let mut tx = store.begin_read().await.unwrap();
    let told: Vec<_> = store::events::after(&mut tx, 0, 10)
        .await
        .unwrap()
        .into_iter()
        .filter_map(|event| event.data)
        .collect();
    assert_eq!(told, ["second"]);
    // Whoever had read the one that was taken back is told by the one that follows.
    let placed = store::events::after(&mut tx, 2, 10).await.unwrap();
    assert_eq!(placed.first().map(|event| event.kind.as_str()), Some("order_changed"));
}
