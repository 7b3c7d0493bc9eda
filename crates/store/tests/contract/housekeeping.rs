//! What is thrown away after its time, and what is kept.

use domain::ids::{FormKey, ImportId, OrderId, new_uuid};
use domain::links::{SupplierLink, Verdict};
use domain::orders::{OrderInput, OrderStatus};
use domain::time::Timestamp;
use store::housekeeping::{Leftover, any_before, remove_before};
use store::orders::{Change, KeptConflict};
use store::{Store, Tx};

use crate::harness::{NOW, id, on_both};
use crate::orders::order;
use crate::registers::contact;

on_both!(
    keys_of_old_forms_go,
    of_a_sent_order_the_last_change_is_kept,
    what_nobody_chose_goes,
    what_can_be_given_back_is_kept,
    texts_are_taken_once_and_files_wait_for_a_while,
    reports_of_files_are_kept
);

fn at(seconds: i64) -> Timestamp {
    NOW.plus_seconds(seconds)
}

async fn removed(tx: &mut Tx, what: Leftover, before: Timestamp) -> u64 {
    let any = any_before(tx, what, before).await.unwrap();
    let removed = remove_before(tx, what, before, 1_000).await.unwrap();
    assert_eq!(any, removed > 0, "{what:?}");
    removed
}

async fn keys_of_old_forms_go(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let made = |seconds: i64, random: u8| OrderId(new_uuid(at(seconds), [random; 10]));
    let keys: [FormKey; 4] = [id(), id(), id(), id()];
    let orders = [made(-3, 255), made(-2, 255), made(-1, 255), made(0, 0)];
    for (key, order_id) in keys.iter().zip(orders) {
        store::orders::claim_form(&mut tx, *key, order_id).await.unwrap();
    }
    assert_eq!(remove_before(&mut tx, Leftover::Forms, NOW, 2).await.unwrap(), 2, "a portion at a time");
    assert_eq!(remove_before(&mut tx, Leftover::Forms, NOW, 2).await.unwrap(), 1);
    assert_eq!(removed(&mut tx, Leftover::Forms, NOW).await, 0);
    let other: OrderId = id();
    assert_eq!(store::orders::claim_form(&mut tx, keys[3], other).await.unwrap(), orders[3], "it is not old");
    assert_eq!(store::orders::claim_form(&mut tx, keys[0], other).await.unwrap(), other, "nobody knows it");
}

async fn changes(tx: &mut Tx, number: &str, status: OrderStatus, count: i64) -> OrderId {
    let order_id = order(tx, number, None, status).await.order_id;
    for version in 2..2 + count {
        let (actor, at) = ("Kari".to_owned(), at(version));
        let change = Change { version, at, actor, form_key: None, differences: Vec::new() };
        store::orders::add_change(tx, order_id, &change).await.unwrap();
    }
    order_id
}

async fn versions(tx: &mut Tx, order_id: OrderId) -> Vec<i64> {
    let kept = store::orders::changes_after(tx, order_id, 0, 100).await.unwrap();
    kept.into_iter().map(|change| change.version).collect()
}

async fn of_a_sent_order_the_last_change_is_kept(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let draft = changes(&mut tx, "PO-1", OrderStatus::Draft, 3).await;
    let sent = changes(&mut tx, "PO-2", OrderStatus::Exported, 3).await;
    let once = changes(&mut tx, "PO-3", OrderStatus::Approved, 1).await;
    let ready = changes(&mut tx, "PO-4", OrderStatus::Ready, 2).await;
    // Not older than that: the first two of the sent one alone.
    removed(&mut tx, Leftover::Changes, at(4)).await;
    assert_eq!(versions(&mut tx, sent).await, [4]);
    for _ in 0..2 {
        removed(&mut tx, Leftover::Changes, at(1_000)).await;
        assert_eq!(versions(&mut tx, sent).await, [4]);
        assert_eq!(versions(&mut tx, once).await, [2]);
        assert_eq!(versions(&mut tx, draft).await, [4, 3, 2]);
        assert_eq!(versions(&mut tx, ready).await, [3, 2]);
    }
    assert_eq!(
        removed(&mut tx, Leftover::Changes, at(1_000)).await,
        0,
        "what is settled is not looked at again"
    );
    // An order that was sent later than the others is found as well, a portion at a time.
    let from = [OrderStatus::Draft, OrderStatus::Exported];
    store::orders::set_status(&mut tx, &[draft], from[0], from[1], NOW).await.unwrap();
    let mut portions = 0;
    while remove_before(&mut tx, Leftover::Changes, at(1_000), 1).await.unwrap() > 0 {
        portions += 1;
        assert!(portions < 10, "it ends");
    }
    assert_eq!(versions(&mut tx, draft).await, [4]);
}

async fn what_nobody_chose_goes(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let order_id = order(&mut tx, "PO-1", None, OrderStatus::Draft).await.order_id;
    let kept = |seconds: i64| KeptConflict {
        conflict_id: id(),
        order_id,
        at: at(seconds),
        actor: "Kari".to_owned(),
        base_version: 3,
        form_key: None,
        input: OrderInput::default(),
    };
    let (old, new) = (kept(0), kept(10));
    for conflict in [&old, &new] {
        store::orders::add_conflict(&mut tx, conflict).await.unwrap();
    }
    assert_eq!(removed(&mut tx, Leftover::Conflicts, at(10)).await, 1);
    assert_eq!(store::orders::conflict(&mut tx, old.conflict_id).await.unwrap(), None);
    assert_eq!(store::orders::conflict(&mut tx, new.conflict_id).await.unwrap(), Some(new));
}

async fn what_can_be_given_back_is_kept(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let supplier = contact(&mut tx, "Bolt & Feste AS", "313770125").await;
    let link = SupplierLink {
        supplier_link_id: id(),
        contact_id: supplier,
        written_number: "11O07".to_owned(),
        article_id: None,
        partner_number: "11007".to_owned(),
        verdict: Verdict::Same,
        decided_by: "Kari".to_owned(),
        decided_at: NOW,
        undone: None,
    };
    store::links::decide(&mut tx, &link).await.unwrap();
    let draft = order(&mut tx, "PO-1", None, OrderStatus::Draft).await.lines[0].line_id;
    let sent = order(&mut tx, "PO-2", None, OrderStatus::Ready).await;
    for line_id in [draft, sent.lines[0].line_id, id()] {
        store::links::keep_line(&mut tx, link.supplier_link_id, line_id, "11O07", NOW).await.unwrap();
    }
    assert_eq!(removed(&mut tx, Leftover::LinkLines, NOW).await, 0, "none of them is old");
    assert_eq!(removed(&mut tx, Leftover::LinkLines, at(1)).await, 1, "the line that is gone");
    let (from, to) = (OrderStatus::Ready, OrderStatus::Exported);
    store::orders::set_status(&mut tx, &[sent.order_id], from, to, NOW).await.unwrap();
    assert_eq!(removed(&mut tx, Leftover::LinkLines, at(1)).await, 1, "the line that was sent");
    let kept = store::links::lines(&mut tx, &[link.supplier_link_id], None, 10).await.unwrap();
    assert_eq!(kept.into_iter().map(|line| line.line_id).collect::<Vec<_>>(), [draft]);

    // A deleted order can be had back for a while from then on, however old its links are.
    let deleted = order(&mut tx, "PO-3", None, OrderStatus::Draft).await;
    let line_id = deleted.lines[0].line_id;
    store::links::keep_line(&mut tx, link.supplier_link_id, line_id, "11O07", NOW).await.unwrap();
    let kept = store::orders::Deleted { order: deleted.clone(), typed: None };
    store::orders::keep_deleted(&mut tx, &kept, "Kari", at(100)).await.unwrap();
    assert!(store::orders::remove_draft(&mut tx, deleted.order_id).await.unwrap());
    assert_eq!(removed(&mut tx, Leftover::LinkLines, at(100)).await, 0, "it was deleted at that moment");
    store::orders::restore(&mut tx, deleted.order_id, at(101)).await.unwrap().unwrap();
    assert_eq!(removed(&mut tx, Leftover::LinkLines, at(200)).await, 0, "it is a draft again");
    assert_eq!(store::links::lines(&mut tx, &[link.supplier_link_id], None, 10).await.unwrap().len(), 2);
}

async fn texts_are_taken_once_and_files_wait_for_a_while(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let texts: Vec<ImportId> = (0..21).map(|_| id()).collect();
    for (seconds, import_id) in (0..).zip(&texts) {
        store::imports::add_text(&mut tx, *import_id, at(seconds), "Kari", "Varenr\tAntall\næ\t1")
            .await
            .unwrap();
    }
    assert_eq!(
        store::imports::take_text(&mut tx, texts[0], "Kari").await.unwrap(),
        None,
        "the oldest has gone"
    );
    assert_eq!(store::imports::upload(&mut tx, texts[1]).await.unwrap(), None, "it waits for no columns");
    assert_eq!(store::imports::take_text(&mut tx, texts[1], "Ola").await.unwrap(), None, "another's");
    let text = store::imports::take_text(&mut tx, texts[1], "Kari").await.unwrap();
    assert_eq!(text.as_deref(), Some("Varenr\tAntall\næ\t1"));
    assert_eq!(store::imports::take_text(&mut tx, texts[1], "Kari").await.unwrap(), None, "taken once");
    assert_eq!(removed(&mut tx, Leftover::Uploads, at(20)).await, 18);
    assert!(store::imports::take_text(&mut tx, texts[20], "Kari").await.unwrap().is_some());
}

async fn reports_of_files_are_kept(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let first: ImportId = id();
    store::imports::add(&mut tx, first, NOW, "Kari", "{}").await.unwrap();
    assert_eq!(store::imports::lookup(&mut tx, first).await.unwrap().as_deref(), Some("{}"));
    for second in 0..200 {
        store::imports::add(&mut tx, id(), NOW.plus_seconds(second), "Kari", "{}").await.unwrap();
    }
    assert_eq!(store::imports::lookup(&mut tx, first).await.unwrap(), None, "the oldest goes");
}
