//! A supplier's changed article is in the buyer's suggestions a moment later, and stays there while the supplier is away.

use std::time::{Duration, Instant};

use crate::pair::{Backend, Client, Pair, SUPPLIER_ORG, on_both_databases};

on_both_databases!(a_changed_article_reaches_the_buyer);

const PATIENCE: Duration = Duration::from_secs(20);

async fn a_changed_article_reaches_the_buyer(backend: Backend) {
    let mut pair = Pair::new(backend).await;
    add(&pair, "BF-1", "Sekskantskrue M10x50").await;
    pair.buyer.start().await;
    let client = Client::new(pair.buyer.address).signed_in().await;
    let contacts = pair.buyer.run(&["contacts", "list"]).await;
    let supplier = contacts["rows"]
        .as_array()
        .unwrap()
        .iter()
        .find(|contact| contact["org_number"] == SUPPLIER_ORG)
        .and_then(|contact| contact["contact_id"].as_str())
        .unwrap()
        .to_owned();
    until_found(&client, &supplier, "sekskantskrue", "BF-1").await;
    // Long before the next reading that is due by the clock.
    add(&pair, "BF-2", "Kobberrør 15 mm").await;
    until_found(&client, &supplier, "kobberør", "BF-2").await;
    pair.supplier.stop().await;
    until_found(&client, &supplier, "bf2", "BF-2").await;
}

async fn add(pair: &Pair, number: &str, name: &str) {
    pair.supplier.run(&["articles", "add", "--number", number, "--name", name, "--price", "2,50"]).await;
}

async fn until_found(client: &Client, supplier: &str, text: &str, number: &str) {
    let started = Instant::now();
    loop {
        let fields = [("supplier_id", supplier), ("text", text)];
        let reply = client.call("suggest_articles", &fields).await.unwrap();
        let hits = reply.body.as_array().cloned().unwrap_or_default();
        if hits.iter().any(|hit| hit["hit"]["partner"]["number"] == number) {
            return;
        }
        assert!(started.elapsed() < PATIENCE, "{text} does not find {number}: {}", reply.body);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
