//! Messages: claims, leases, fences, receipts.

use domain::errors::ErrorCode;
use domain::ids::{ConnectionId, InstanceId, MessageId, MessageKey, OrderId};
use domain::messages::MessageState;
use store::messages::{Claimed, NewInbound, NewOutbound, PURCHASE_ORDER, Settlement};
use store::{Store, Tx};

use crate::harness::{NOW, id, on_both};
use crate::registers::contact;

on_both!(
    one_order_has_one_message,
    a_message_is_claimed_once,
    a_late_worker_settles_nothing,
    a_paused_connection_sends_nothing,
    a_batch_is_settled_at_once,
    a_savepoint_undoes_one_row,
    a_message_comes_in_once,
);

/// A connection without a contact, of an instance whose extension is on.
pub async fn connection(tx: &mut Tx) -> ConnectionId {
    let connection = id();
    store::instance::add(tx, id(), NOW).await.unwrap();
    store::instance::set_extension(tx, true).await.unwrap();
    store::connections::add(tx, connection, None, "https://bolt.example", NOW).await.unwrap();
    connection
}

/// A message that carries `PO-1`.
pub async fn outbound(tx: &mut Tx, connection_id: ConnectionId, subject: OrderId) -> NewOutbound {
    let message = NewOutbound {
        message_id: id::<MessageId>(),
        connection_id,
        contact_id: None,
        kind: PURCHASE_ORDER,
        subject_id: subject.0,
        subject_number: "PO-1".to_owned(),
        revision: 1,
        body: b"{\"a\":1}".to_vec(),
        body_digest: [3; 32],
        correlation_id: id(),
    };
    assert_eq!(store::messages::add_outbound(tx, std::slice::from_ref(&message), NOW).await.unwrap(), 1);
    message
}

/// An attempt that ended so, without an answer.
pub fn settled(message: &Claimed, state: MessageState) -> Settlement {
    Settlement {
        message_key: message.message_key,
        fence: message.fence,
        state,
        next_attempt_at: NOW.plus_seconds(5),
        receipt: Some(b"receipt".to_vec()),
        error: Some(ErrorCode::ConnectRefused),
        http_status: None,
    }
}

/// Whether the message was still held and is settled now.
pub async fn settle(tx: &mut Tx, message: &Claimed, state: MessageState) -> bool {
    let settled = store::messages::settle(tx, &[settled(message, state)], NOW).await.unwrap();
    settled.contains(&message.message_key)
}

/// What is due so many seconds from now.
pub async fn claim(tx: &mut Tx, connection: ConnectionId, seconds: i64) -> Vec<Claimed> {
    let now = NOW.plus_seconds(seconds);
    store::messages::claim(tx, connection, now, now.plus_seconds(60), 10).await.unwrap()
}

async fn one_order_has_one_message(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let connection = connection(&mut tx).await;
    let subject: OrderId = id();
    let first = outbound(&mut tx, connection, subject).await;
    let second = NewOutbound { message_id: id(), ..first.clone() };
    let third = NewOutbound { message_id: id(), subject_id: id(), ..first.clone() };
    assert_eq!(store::messages::add_outbound(&mut tx, &[second, third], NOW).await.unwrap(), 1);
    let status = store::messages::outbound_of(&mut tx, subject.0).await.unwrap().unwrap();
    assert_eq!((status.message_id, status.state), (first.message_id, MessageState::Queued));
    let key = MessageKey(first.message_id.0);
    assert_eq!(store::messages::lookup_outbound(&mut tx, key).await.unwrap(), Some(status));
    assert_eq!(store::messages::outbound_of(&mut tx, id()).await.unwrap(), None);
}

async fn a_message_is_claimed_once(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let connection = connection(&mut tx).await;
    for _ in 0..40 {
        outbound(&mut tx, connection, id()).await;
    }
    tx.commit().await.unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let store = store.clone();
        tasks.spawn(async move {
            let mut mine = Vec::new();
            loop {
                let mut tx = store.begin_write().await.unwrap();
                let claimed =
                    store::messages::claim(&mut tx, connection, NOW, NOW.plus_seconds(60), 3).await.unwrap();
                tx.commit().await.unwrap();
                if claimed.is_empty() {
                    return mine;
                }
                mine.extend(claimed.into_iter().map(|message| message.message_key));
            }
        });
    }
    let mut all = Vec::new();
    while let Some(mine) = tasks.join_next().await {
        all.extend(mine.unwrap());
    }
    assert_eq!(all.len(), 40);
    assert_eq!(all.iter().collect::<std::collections::HashSet<_>>().len(), 40);
}

async fn a_late_worker_settles_nothing(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let connection = connection(&mut tx).await;
    outbound(&mut tx, connection, id()).await;
    let first = claim(&mut tx, connection, 0).await.remove(0);
    assert_eq!((first.fence, first.attempt_number), (1, 1));
    assert!(claim(&mut tx, connection, 59).await.is_empty(), "the lease holds");
    assert_eq!(store::messages::schedule(&mut tx).await.unwrap(), [(connection, NOW.plus_seconds(60))]);
    let second = claim(&mut tx, connection, 60).await.remove(0);
    assert_eq!((second.fence, second.attempt_number), (2, 2));
    assert!(!settle(&mut tx, &first, MessageState::Waiting).await);
    assert!(settle(&mut tx, &second, MessageState::Delivered).await);
    assert!(!settle(&mut tx, &second, MessageState::Waiting).await);
    assert!(
        !store::messages::retry(&mut tx, second.message_key, NOW).await.unwrap(),
        "a delivered one is not sent again"
    );
}

async fn a_batch_is_settled_at_once(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let connection = connection(&mut tx).await;
    for _ in 0..3 {
        outbound(&mut tx, connection, id()).await;
    }
    let claimed = claim(&mut tx, connection, 0).await;
    let lost = &claimed[1];
    let settlements = [
        settled(&claimed[0], MessageState::Delivered),
        Settlement { fence: lost.fence - 1, ..settled(lost, MessageState::Delivered) },
        settled(&claimed[2], MessageState::Parked),
    ];
    let done = store::messages::settle(&mut tx, &settlements, NOW).await.unwrap();
    assert_eq!(done, [claimed[0].message_key, claimed[2].message_key].into());
    let states = [MessageState::Delivered, MessageState::Sending, MessageState::Parked];
    let subjects: Vec<uuid::Uuid> = claimed.iter().map(|message| message.subject_id).collect();
    let kept = store::messages::outbound_of_each(&mut tx, &subjects).await.unwrap();
    for (message, state) in claimed.iter().zip(states) {
        assert_eq!(kept[&message.subject_id].state, state);
    }
    assert!(store::messages::settle(&mut tx, &[], NOW).await.unwrap().is_empty());
}

async fn a_paused_connection_sends_nothing(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let connection = connection(&mut tx).await;
    outbound(&mut tx, connection, id()).await;
    assert_eq!(store::messages::schedule(&mut tx).await.unwrap(), [(connection, NOW)]);
    let message = claim(&mut tx, connection, 0).await.remove(0);
    assert!(settle(&mut tx, &message, MessageState::Waiting).await);
    assert_eq!(store::messages::schedule(&mut tx).await.unwrap(), [(connection, NOW.plus_seconds(5))]);
    store::messages::release_connection(&mut tx, connection, NOW).await.unwrap();
    assert_eq!(store::messages::schedule(&mut tx).await.unwrap(), [(connection, NOW)]);
    store::instance::set_extension(&mut tx, false).await.unwrap();
    assert_eq!(store::messages::schedule(&mut tx).await.unwrap(), [], "the extension is off");
    store::instance::set_extension(&mut tx, true).await.unwrap();
    store::connections::pause(&mut tx, connection, ErrorCode::TokenRevoked).await.unwrap();
    assert_eq!(store::messages::schedule(&mut tx).await.unwrap(), []);
    assert!(store::messages::retry(&mut tx, message.message_key, NOW).await.unwrap());
}

async fn a_savepoint_undoes_one_row(store: Store) {
    let event = |kind| store::events::NewEvent { topic: "admin", kind, ..Default::default() };
    let mut tx = store.begin_write().await.unwrap();
    store::events::add(&mut tx, event("before"));
    tx.savepoint().await.unwrap();
    contact(&mut tx, "Blir", "313770125").await;
    store::events::add(&mut tx, event("kept"));
    tx.savepoint().await.unwrap();
    contact(&mut tx, "Går", "310004170").await;
    store::events::add(&mut tx, event("gone"));
    tx.undo().await.unwrap();
    tx.release().await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = store.begin_read().await.unwrap();
    assert!(store::contacts::find_by_identity(&mut tx, "NO", "313770125").await.unwrap().is_some());
    assert!(store::contacts::find_by_identity(&mut tx, "NO", "310004170").await.unwrap().is_none());
    let events = store::events::after(&mut tx, 0, 10).await.unwrap();
    assert_eq!(events.iter().map(|event| event.kind.as_str()).collect::<Vec<_>>(), ["before", "kept"]);
}

async fn a_message_comes_in_once(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let customer = contact(&mut tx, "Nordvik", "310004170").await;
    let peer: InstanceId = id();
    let subject: OrderId = id();
    let message = NewInbound {
        message_key: id(),
        message_id: id(),
        peer_instance_id: peer,
        contact_id: customer,
        kind: PURCHASE_ORDER,
        subject_id: subject.0,
        subject_number: "PO-1".into(),
        revision: 1,
        body: b"{}".to_vec(),
        body_digest: [1; 32],
        correlation_id: id(),
        receipt: b"receipt".to_vec(),
    };
    let add = async |tx: &mut Tx, messages: &[NewInbound]| {
        store::messages::add_inbound(tx, messages, NOW).await.unwrap()
    };
    assert_eq!(add(&mut tx, std::slice::from_ref(&message)).await, 1);
    let same_id = NewInbound { message_key: id(), subject_id: id(), ..message.clone() };
    let same_revision = NewInbound { message_key: id(), message_id: id(), ..message.clone() };
    let of_another = NewInbound { message_key: id(), peer_instance_id: id(), ..message.clone() };
    assert_eq!(add(&mut tx, &[same_id, same_revision, of_another]).await, 1);
    let asked = [message.message_id, id()];
    let found = store::messages::find_inbound(&mut tx, peer, &asked).await.unwrap();
    assert_eq!(found.len(), 1);
    let found = &found[&message.message_id];
    assert_eq!((found.message_key, found.receipt.as_slice()), (message.message_key, &b"receipt"[..]));
    assert!(store::messages::find_inbound(&mut tx, id(), &asked).await.unwrap().is_empty());
    assert!(store::messages::find_inbound(&mut tx, peer, &[]).await.unwrap().is_empty());
}
