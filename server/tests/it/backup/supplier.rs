//! The supplier is restored: it gets again what it lost, and what it still has is not doubled.

use std::collections::BTreeSet;

use super::{approve, bring_back, export, is_sound, options, until, until_at_rest};
use crate::chaos::{add_articles, add_orders};
use crate::pair::{Backend, Client, Pair, on_both_databases};

const ORDERS: usize = 60;
/// Orders that are exported only once the backup is there.
const AFTER: usize = 15;

on_both_databases!(backup_a_restored_supplier_gets_again_what_it_lost);

async fn backup_a_restored_supplier_gets_again_what_it_lost(backend: Backend) {
    let folder = tempfile::tempdir().unwrap();
    let mut pair = Pair::with(backend, &options(&folder)).await;
    add_articles(&pair).await;
    add_orders(&pair, ORDERS).await;
    pair.buyer.start().await;
    let before = until(&pair.buyer, &pair.supplier, "orders", |seen| seen.orders.len() == ORDERS).await;
    let mut orders: Vec<_> = before.orders.iter().map(|order| order.order_id).collect();
    let after = orders.split_off(ORDERS - AFTER);
    let client = Client::new(pair.buyer.address).signed_in().await;

    // The backup is taken while orders come in.
    let under_load = tokio::spawn(export(client.clone(), orders));
    until(&pair.buyer, &pair.supplier, "the first drafts", |seen| seen.drafts.len() >= 5).await;
    let file = folder.path().join("supplier.backup");
    let taken = pair.supplier.run(&["backup", file.to_str().unwrap()]).await;
    let held = taken["order_drafts"].as_u64().unwrap();
    assert!((5..=(ORDERS - AFTER) as u64).contains(&held), "{taken}");
    let mut history = under_load.await.unwrap();
    history.extend(export(client, after).await);
    let seen = until_at_rest(&pair.buyer, &pair.supplier, &history).await;

    // Answers after the backup: to one that the backup has, and to one that it has not.
    let (first, last) = (&seen.drafts[0], &seen.drafts[ORDERS - 1]);
    for draft in [first, last] {
        approve(&pair.supplier, &draft.number).await;
    }
    let seen = until_at_rest(&pair.buyer, &pair.supplier, &history).await;
    assert_eq!(seen.orders.iter().filter(|order| order.status == "approved").count(), 2);
    let given: BTreeSet<String> = seen.drafts.iter().map(|draft| draft.number.clone()).collect();

    let restored = bring_back(&mut pair.supplier, backend, &file).await;
    assert_eq!(restored["order_drafts"].as_u64(), Some(held));
    assert!(restored["epoch"].as_i64() > taken["epoch"].as_i64(), "{restored}");
    assert_eq!(restored["key"], "fits");
    assert_eq!(restored["numbers_continue"], backend == Backend::Sqlite);
    assert_eq!(restored["moved_aside"].is_string(), backend == Backend::Sqlite);
    let seen = until_at_rest(&pair.buyer, &pair.supplier, &history).await;
    assert_eq!(seen.drafts.len(), ORDERS);
    // The answers are lost with the supplier's memory, and both sides know it.
    assert!(seen.orders.iter().all(|order| order.status == "received"), "{:?}", seen.orders);
    let anew = seen.drafts.iter().filter(|draft| !given.contains(&draft.number)).count();
    assert_eq!(anew as u64, ORDERS as u64 - held, "what came again has a number of its own");

    // Life goes on.
    for draft in &seen.drafts[..3] {
        approve(&pair.supplier, &draft.number).await;
    }
    let seen = until_at_rest(&pair.buyer, &pair.supplier, &history).await;
    assert_eq!(seen.orders.iter().filter(|order| order.status == "approved").count(), 3);
    is_sound(&pair.supplier).await;
    is_sound(&pair.buyer).await;
    println!("{backend:?}: {ORDERS} orders, {held} in the backup, {anew} sent again: 0 lost, 0 doubled");
}
