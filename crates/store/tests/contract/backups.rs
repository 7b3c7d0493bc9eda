//! Backups and what a restored database and a restored partner need.

use domain::ids::{ConnectionId, ContactId, InstanceId, OrderId};
use domain::orders::OrderStatus;
use domain::time::Timestamp;
use store::backup::{self, BackupError};
use store::messages::{NewOutbound, PURCHASE_ORDER};
use store::{Backend, Store};
use uuid::Uuid;

use crate::harness::{NOW, id, on_both};

on_both!(
    a_backup_is_one_whole_file,
    a_new_epoch_and_counters_only_rise,
    what_was_delivered_is_sent_again_once,
    a_known_partner_keeps_its_epoch,
    figures_count_what_waits,
);

async fn company(store: &Store) -> InstanceId {
    let instance: InstanceId = id();
    let mut tx = store.begin_write().await.unwrap();
    assert!(store::instance::add(&mut tx, instance, NOW).await.unwrap());
    tx.commit().await.unwrap();
    instance
}

async fn a_backup_is_one_whole_file(store: Store) {
    let instance = company(&store).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("one.backup");
    let taken = store.back_up(&file, false).await.unwrap();
    assert_eq!((taken.instance_id, taken.epoch), (Some(instance), 1));
    assert_eq!(taken.schema, store.schema().await.unwrap().known);
    assert!(matches!(store.back_up(&file, false).await, Err(BackupError::FileExists(_))));
    assert_eq!(store.back_up(&file, true).await.unwrap(), taken);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    assert_eq!(store.damage().await.unwrap(), Vec::<String>::new());
    assert_eq!(store.rows_astray().await.unwrap(), 0);
    match store.backend() {
        Backend::Sqlite => {
            let address = folder.path().join("new.db").display().to_string();
            let staged = backup::stage(&address, &file, false).await.unwrap();
            assert_eq!((&staged.contents, staged.replaces), (&taken, false));
            assert!(matches!(backup::stage(&address, &file, false).await, Err(BackupError::InUse)));
            assert!(backup::leftovers(&address).is_some());
            staged.open().await.unwrap().close().await;
            assert_eq!(staged.put_in_place("x").unwrap(), None);
            assert!(backup::leftovers(&address).is_none());
            let restored = Store::open(&address).await.unwrap();
            assert_eq!(restored.is_served(), Some(false));
            let serving = restored.start_serving().unwrap().unwrap();
            assert!(restored.start_serving().unwrap().is_none());
            assert_eq!(restored.is_served(), Some(true));
            drop(serving);
            assert!(restored.start_serving().unwrap().is_some());
        }
        // A database is filled by its address; the test of two instances does it.
        Backend::Postgres => assert!(!store.is_half_restored().await.unwrap()),
    }
}

async fn a_new_epoch_and_counters_only_rise(store: Store) {
    company(&store).await;
    let mut tx = store.begin_write().await.unwrap();
    store::instance::set_epoch(&mut tx, 7).await.unwrap();
    assert_eq!(store::instance::lookup(&mut tx).await.unwrap().unwrap().epoch, 7);
    for _ in 0..3 {
        store::counters::next_number(&mut tx, "b").await.unwrap();
    }
    for (name, value) in [("a", 5), ("b", 2), ("b", 9), ("b", 8)] {
        store::counters::raise(&mut tx, name, value).await.unwrap();
    }
    assert_eq!(store::counters::list(&mut tx).await.unwrap(), [("a".to_owned(), 5), ("b".to_owned(), 9)]);
    assert_eq!(store::counters::next_number(&mut tx, "b").await.unwrap(), 10);
    assert!(store::sessions::add(&mut tx, &[1; 32], &[], NOW.plus_seconds(60)).await.unwrap());
    assert_eq!(store::sessions::remove_all(&mut tx).await.unwrap(), 1);
    backup::finish_postgres(&mut tx).await.unwrap();
}

async fn connection(store: &Store) -> ConnectionId {
    let connection: ConnectionId = id();
    let mut tx = store.begin_write().await.unwrap();
    store::connections::add(&mut tx, connection, None, "https://p.example", NOW).await.unwrap();
    tx.commit().await.unwrap();
    connection
}

fn message(connection: ConnectionId) -> NewOutbound {
    NewOutbound {
        message_id: id(),
        connection_id: connection,
        contact_id: None::<ContactId>,
        kind: PURCHASE_ORDER,
        subject_id: id::<OrderId>().0,
        subject_number: "PO-1".into(),
        revision: 1,
        body: b"{}".to_vec(),
        body_digest: [1; 32],
        correlation_id: id(),
    }
}

async fn what_was_delivered_is_sent_again_once(store: Store) {
    let connection = connection(&store).await;
    let later = NOW.plus_seconds(10);
    let mut tx = store.begin_write().await.unwrap();
    let mut sent = Vec::new();
    for _ in 0..3 {
        let message = message(connection);
        assert_eq!(
            store::messages::add_outbound(&mut tx, std::slice::from_ref(&message), NOW).await.unwrap(),
            1
        );
        sent.push(OrderId(message.subject_id));
    }
    let delivered = async |tx: &mut store::Tx| {
        store::reconcile::delivered(tx, connection, later, None, 10).await.unwrap()
    };
    assert!(delivered(&mut tx).await.is_empty(), "none is delivered yet");
    for claimed in store::messages::claim(&mut tx, connection, NOW, later, 2).await.unwrap() {
        let settled = store::messages::Settlement {
            message_key: claimed.message_key,
            fence: claimed.fence,
            state: domain::messages::MessageState::Delivered,
            next_attempt_at: NOW,
            receipt: Some(b"{}".to_vec()),
            error: None,
            http_status: Some(201),
        };
        assert_eq!(store::messages::settle(&mut tx, &[settled], NOW).await.unwrap().len(), 1);
    }
    let rows = delivered(&mut tx).await;
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|(_, order)| sent.contains(order)));
    let second = store::reconcile::delivered(&mut tx, connection, later, Some(rows[0].0), 10).await.unwrap();
    assert_eq!(second, rows[1..]);
    assert!(store::reconcile::delivered(&mut tx, id(), later, None, 10).await.unwrap().is_empty());
    let key = rows[0].0;
    assert!(!store::reconcile::send_again(&mut tx, key, NOW, later).await.unwrap(), "delivered since");
    assert!(store::reconcile::send_again(&mut tx, key, later, later).await.unwrap());
    assert!(!store::reconcile::send_again(&mut tx, key, later, later).await.unwrap(), "it is on its way");
    let status = store::messages::lookup_outbound(&mut tx, key).await.unwrap().unwrap();
    assert_eq!(status.state, domain::messages::MessageState::Queued);
    // An order that is not there is not set back either.
    store::reconcile::set_back(&mut tx, id(), OrderStatus::Exported, None, NOW).await.unwrap();
}

async fn a_known_partner_keeps_its_epoch(store: Store) {
    let connection = connection(&store).await;
    let mut tx = store.begin_write().await.unwrap();
    store::connections::set_partner_epoch(&mut tx, connection, 4, Some("4.9")).await.unwrap();
    let known = store::connections::lookup(&mut tx, connection).await.unwrap().unwrap();
    assert_eq!((known.partner_epoch, known.feed_cursor.as_deref()), (Some(4), Some("4.9")));
    let order = Uuid::nil();
    assert_eq!(store::events::count_of(&mut tx, order, "x").await.unwrap(), 0);
    assert_eq!(store::events::count_of_kind(&mut tx, "admin", "x").await.unwrap(), 0);
}

async fn figures_count_what_waits(store: Store) {
    company(&store).await;
    let connection = connection(&store).await;
    let mut tx = store.begin_write().await.unwrap();
    for _ in 0..2 {
        assert_eq!(store::messages::add_outbound(&mut tx, &[message(connection)], NOW).await.unwrap(), 1);
    }
    store::messages::claim(&mut tx, connection, NOW, NOW.plus_seconds(5), 1).await.unwrap();
    let event = |kind, detail: &str| store::events::NewEvent {
        at: NOW,
        topic: "admin",
        kind,
        subject_id: Some(id()),
        detail: Some(detail.to_owned()),
        ..Default::default()
    };
    for detail in ["first", "second"] {
        store::events::add(&mut tx, event("order_unknown_here", detail));
    }
    let figures = async |tx: &mut store::Tx, at: Timestamp| store::health::figures(tx, at).await.unwrap();
    let early = figures(&mut tx, NOW).await;
    assert_eq!((early.stuck, early.overdue, early.unknown_orders), (0, 0, 2));
    let late = figures(&mut tx, NOW.plus_seconds(60)).await;
    assert_eq!((late.stuck, late.overdue, late.parked, late.administrators), (1, 1, 0, 0));
    let last = store::health::last_of_kind(&mut tx, "order_unknown_here").await.unwrap();
    assert_eq!(last, Some((NOW, "second".to_owned())));
    assert_eq!(store::health::last_of_kind(&mut tx, "nothing").await.unwrap(), None);
    assert!(store::health::sealed_tokens(&mut tx).await.unwrap().is_empty());
    store::connections::set_token(&mut tx, connection, &[7; 40], "abcd").await.unwrap();
    assert_eq!(store::health::sealed_tokens(&mut tx).await.unwrap(), [(connection, vec![7; 40])]);
}
