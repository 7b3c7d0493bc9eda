//! `prodsys export --check`: every finding in the document, and an exit that tells whether all would be sent.

use serde_json::{Value, json};

use crate::pair::{Backend, Pair, SUPPLIER_ORG, on_both_databases};

on_both_databases!(the_command_line_tells_what_would_stop_an_order);

async fn the_command_line_tells_what_would_stop_an_order(backend: Backend) {
    let mut pair = Pair::new(backend).await;
    let article = ["articles", "add", "--number", "V-1", "--name", "Skrue", "--price", "2"];
    pair.supplier.run(&article).await;
    pair.buyer.run(&article).await;
    pair.buyer.run(&["connection", "sync", &pair.connection]).await;
    let order = ["orders", "create", "--supplier", SUPPLIER_ORG, "--line", "V-1:3"];
    let order = pair.buyer.run(&[&order[..], &["--delivery-date", "17.05.2032"]].concat()).await;

    let output = pair.buyer.output("", &["export", "--check"]).await;
    assert!(!output.status.success(), "an order would not be sent");
    let checked: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(checked[0]["row"]["number"], order["number"]);
    let contact_id = &pair.buyer.run(&["connection", "list"]).await[0]["contact_id"];
    let findings = json!([
        {"check": "known_there", "outcome": "warning", "code": "unknown_there", "line_number": null,
         "params": {"connection_id": pair.connection, "contact_id": contact_id}},
        {"check": "lines_exact", "outcome": "overridable", "code": "lines_not_exact", "line_number": 1, "params": {}},
        {"check": "delivery_date", "outcome": "warning", "code": "invalid_date", "line_number": null,
         "params": {"reason": "constitution_day"}},
    ]);
    assert_eq!(checked[0]["findings"], findings);
    let job = pair.buyer.run(&["export", "--all-ready"]).await;
    assert_eq!(job["items"][0]["findings"], findings, "the sending finds the same");
    pair.supplier.stop().await;
}
