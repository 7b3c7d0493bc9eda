//! The buyer is restored: orders that it sent since are found again at the supplier, and no number stands for two orders.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{approve, bring_back, export, findings, is_sound, options, until, until_at_rest};
use crate::chaos::{add_articles, add_orders};
use crate::pair::{Backend, Client, Pair, SUPPLIER_ORG, on_both_databases};

const ORDERS: usize = 40;
/// Orders that are exported only once the backup is there.
const AFTER: usize = 12;

on_both_databases!(backup_a_restored_buyer_finds_again_what_it_sent);

async fn create(pair: &Pair) -> String {
    let arguments = ["orders", "create", "--supplier", SUPPLIER_ORG, "--line", "K-1:3"];
    let made: Value = pair.buyer.run(&arguments).await;
    made["number"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned()
}

async fn backup_a_restored_buyer_finds_again_what_it_sent(backend: Backend) {
    let folder = tempfile::tempdir().unwrap();
    let mut pair = Pair::with(backend, &options(&folder)).await;
    add_articles(&pair).await;
    add_orders(&pair, ORDERS).await;
    pair.buyer.start().await;
    let before = until(&pair.buyer, &pair.supplier, "orders", |seen| seen.orders.len() == ORDERS).await;
    let mut orders: Vec<_> = before.orders.iter().map(|order| order.order_id).collect();
    let after = orders.split_off(ORDERS - AFTER);
    let client = Client::new(pair.buyer.address).signed_in().await;

    let under_load = tokio::spawn(export(client.clone(), orders));
    until(&pair.buyer, &pair.supplier, "the first drafts", |seen| seen.drafts.len() >= 5).await;
    let file = folder.path().join("buyer.backup");
    let taken = pair.buyer.run(&["backup", file.to_str().unwrap()]).await;
    assert_eq!(taken["purchase_orders"].as_u64(), Some(ORDERS as u64));
    let mut history = under_load.await.unwrap();
    history.extend(export(client.clone(), after).await);
    // Two orders of which the backup knows nothing.
    let lost = [create(&pair).await, create(&pair).await];
    let known = BTreeSet::from_iter(before.orders.iter().map(|order| order.order_id));
    let seen = until(&pair.buyer, &pair.supplier, "two more", |seen| seen.orders.len() == ORDERS + 2).await;
    let unknown: Vec<_> =
        seen.orders.iter().map(|order| order.order_id).filter(|order| !known.contains(order)).collect();
    history.extend(export(client, unknown).await);
    let seen = until_at_rest(&pair.buyer, &pair.supplier, &history).await;
    for draft in seen.drafts.iter().rev().take(5) {
        approve(&pair.supplier, &draft.number).await;
    }
    until_at_rest(&pair.buyer, &pair.supplier, &history).await;

    bring_back(&mut pair.buyer, backend, &file).await;
    let seen = until(&pair.buyer, &pair.supplier, "orders found again", |seen| {
        seen.sent.len() == ORDERS && seen.sent.iter().all(|message| message.state == "delivered")
    })
    .await;
    assert_eq!((seen.orders.len(), seen.drafts.len()), (ORDERS, ORDERS + 2));
    let seen = until_at_rest(&pair.buyer, &pair.supplier, &history).await;
    assert_eq!(seen.orders.iter().filter(|order| order.status == "approved").count(), 3);

    // The two that only the supplier has are told, and their numbers are not given to others.
    let (_, all) = findings(&pair.buyer).await;
    assert!(all.contains("orders_unknown"), "{all:?}");
    is_sound(&pair.buyer).await;
    is_sound(&pair.supplier).await;
    let number = create(&pair).await;
    assert!(!lost.contains(&number), "{number} stands for an order that the supplier has");
    let made =
        until(&pair.buyer, &pair.supplier, "a new order", |seen| seen.orders.len() == ORDERS + 1).await;
    let order = made.orders.iter().find(|order| order.number == number).unwrap().order_id;
    // Everybody was signed out by the restore.
    let client = Client::new(pair.buyer.address).signed_in().await;
    history.extend(export(client, vec![order]).await);
    let seen = until_at_rest(&pair.buyer, &pair.supplier, &history).await;
    assert_eq!(seen.drafts.len(), ORDERS + 3);
    println!("{backend:?}: {ORDERS} orders, {AFTER} and more found again, 2 told as unknown: 0 doubled");
}
