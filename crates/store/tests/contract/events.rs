//! The event table: positions in commit order, so that no reader skips anything.

use domain::ids::ContactId;
use store::Store;
use store::events::{NewEvent, topic};
use uuid::Uuid;

use crate::harness::{NOW, id, on_both};

on_both!(
    events_are_read_by_position,
    the_feed_is_the_partners_own,
    a_reader_skips_nothing,
    an_undone_event_is_never_seen
);

fn event(topic: &'static str, subject: Uuid, contact: Option<ContactId>) -> NewEvent {
    NewEvent {
        at: NOW,
        topic,
        kind: "test",
        subject_id: Some(subject),
        contact_id: contact,
        sequence: Some(1),
        actor: "Kari".into(),
        correlation_id: Some(id()),
        detail: Some("detalj".into()),
        data: Some("{}".into()),
    }
}

async fn add(store: &Store, event: NewEvent) {
    let mut tx = store.begin_write().await.unwrap();
    store::events::add(&mut tx, event);
    assert!(tx.commit().await.unwrap(), "readers have something to look for");
}

async fn events_are_read_by_position(store: Store) {
    let subject = id();
    for _ in 0..3 {
        add(&store, event(topic::ORDERS, subject, None)).await;
    }
    let mut tx = store.begin_read().await.unwrap();
    let events = store::events::after(&mut tx, 0, 10).await.unwrap();
    assert_eq!(events.iter().map(|event| event.position).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(store::events::after(&mut tx, 1, 1).await.unwrap()[0].position, 2);
    assert_eq!(store::events::latest_position(&mut tx).await.unwrap(), 3);
    let timeline = store::events::timeline(&mut tx, subject).await.unwrap();
    assert_eq!(
        (timeline.len(), timeline[0].actor.as_str(), timeline[0].detail.as_deref()),
        (3, "Kari", Some("detalj"))
    );
}

async fn the_feed_is_the_partners_own(store: Store) {
    let (ours, theirs): (ContactId, ContactId) = (id(), id());
    add(&store, event(topic::FEED, id(), Some(ours))).await;
    add(&store, event(topic::FEED, id(), Some(theirs))).await;
    add(&store, event(topic::ORDERS, id(), Some(ours))).await;
    let mut tx = store.begin_read().await.unwrap();
    let feed = store::events::feed_after(&mut tx, ours, 0, 10).await.unwrap();
    assert_eq!((feed.len(), feed[0].position), (1, 1));
    assert!(store::events::feed_after(&mut tx, ours, 1, 10).await.unwrap().is_empty());
}

/// Two writers whose transactions overlap, so that a later id is committed first, while a reader reads on and on.
async fn a_reader_skips_nothing(store: Store) {
    const EACH: usize = 60;
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..2 {
        let store = store.clone();
        writers.spawn(async move {
            for round in 0..EACH {
                let mut tx = store.begin_write().await.unwrap();
                store::events::add(&mut tx, event(topic::ORDERS, id(), None));
                // Some are written at once, others with the commit.
                if round % 2 == 0 {
                    store::events::latest_position(&mut tx).await.unwrap();
                }
                // The writers give way at different moments, so that their commits cross.
                for _ in 0..(round + writer * 3) % 5 {
                    tokio::task::yield_now().await;
                    store::instance::lookup(&mut tx).await.unwrap();
                }
                tx.commit().await.unwrap();
            }
        });
    }
    let mut seen = Vec::new();
    let mut position = 0;
    let mut writing = true;
    loop {
        let mut tx = store.begin_read().await.unwrap();
        let events = store::events::after(&mut tx, position, 7).await.unwrap();
        drop(tx);
        position = events.last().map_or(position, |event| event.position);
        seen.extend(events.iter().map(|event| event.subject_id.unwrap()));
        if events.is_empty() && !writing {
            break;
        }
        while let Some(outcome) = writers.try_join_next() {
            outcome.unwrap();
        }
        writing = !writers.is_empty();
        tokio::task::yield_now().await;
    }
    assert_eq!(seen.len(), 2 * EACH);
    assert_eq!(seen.iter().collect::<std::collections::HashSet<_>>().len(), 2 * EACH);
}

async fn an_undone_event_is_never_seen(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    store::events::add(&mut tx, event(topic::ORDERS, id(), None));
    drop(tx);
    add(&store, event(topic::ORDERS, id(), None)).await;
    let mut tx = store.begin_read().await.unwrap();
    assert_eq!(store::events::after(&mut tx, 0, 10).await.unwrap().len(), 1);
}
