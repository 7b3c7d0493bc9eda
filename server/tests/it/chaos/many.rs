//! A thousand people press *Eksporter* on the same order at once.

use std::collections::BTreeSet;

use super::checker::{History, Told, judge};
use super::snapshot::Snapshot;
use super::{add_articles, add_orders};
use crate::pair::{Backend, Client, Pair, on_both_databases};

const PRESSES: usize = 1000;

on_both_databases!(chaos_a_thousand_exports_of_one_order_make_one_draft);

async fn chaos_a_thousand_exports_of_one_order_make_one_draft(backend: Backend) {
    let mut pair = Pair::new(backend).await;
    add_articles(&pair).await;
    add_orders(&pair, 1).await;
    pair.buyer.start().await;
    let (buyer, supplier) = (pair.buyer.database(), pair.supplier.database());
    let order = Snapshot::of(&buyer, &supplier).await.orders[0].order_id;
    let client = Client::new(pair.buyer.address).signed_in().await;
    let presses: Vec<_> = (0..PRESSES)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move {
                client.call("export_orders", &[("order_ids[0]", &order.to_string())]).await
            })
        })
        .collect();
    let mut jobs = BTreeSet::new();
    let mut history = History::new();
    for press in presses {
        // A connection above the limit of the process is closed: no answer, and so no promise.
        match press.await.unwrap() {
            Ok(reply) => {
                assert!(reply.status.is_success(), "{}: {}", reply.status, reply.body);
                jobs.insert(reply.body.to_string());
                history.push((order, Told::Ok));
            }
            Err(_) => history.push((order, Told::Unknown)),
        }
    }
    let answered = history.iter().filter(|(_, told)| *told == Told::Ok).count();
    assert_eq!(jobs.len(), answered, "each press has a run of its own");
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(60);
    let mut seen = Snapshot::of(&buyer, &supplier).await;
    while !judge(&history, &seen).is_empty() && tokio::time::Instant::now() < deadline {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        seen = Snapshot::of(&buyer, &supplier).await;
    }
    assert_eq!(judge(&history, &seen), []);
    assert_eq!((seen.drafts.len(), seen.sent.len(), seen.received.len()), (1, 1, 1));
    assert!(answered >= PRESSES * 9 / 10, "{answered} of {PRESSES} were answered");
}
