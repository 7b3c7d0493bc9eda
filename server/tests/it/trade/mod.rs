//! Real orders, in through the command line at both sides, and out through it.
//!
//! Where the folder of real trade data lies beside the project, it is Northwind's suppliers, products and orders; else the
//! project's own sample of the same form. What must come out is computed by a script that shares no code with the program.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tokio::process::Command;

use crate::chaos::snapshot::Snapshot;
use crate::pair::{Backend, Pair, SUPPLIER_ORG, on_both_databases};

on_both_databases!(orders_arrive_as_the_source_files_say, foreign_files_go_in_as_they_are);

/// A draft's lines: the supplier's number, the quantity, the amount in hundredths.
type Lines = Vec<(String, i64, i64)>;

async fn orders_arrive_as_the_source_files_say(backend: Backend) {
    let source = source();
    println!("orders from {}", source.display());
    let target = tempfile::tempdir().unwrap();
    node("columns.mjs", &[&source, target.path(), Path::new(SUPPLIER_ORG)]).await;
    let expected: BTreeMap<String, Value> =
        serde_json::from_slice(&node("expected.mjs", &[&source]).await).unwrap();
    let mut pair = Pair::new(backend).await;
    let file = |name: &str| target.path().join(name).display().to_string();
    for instance in [&pair.supplier, &pair.buyer] {
        instance.run(&["import", "contacts", &file("contacts.csv")]).await;
    }
    pair.supplier.run(&["import", "articles", &file("articles-supplier.csv")]).await;
    pair.buyer.run(&["import", "articles", &file("articles-buyer.csv")]).await;
    let imported = pair.buyer.run(&["import", "purchase-orders", &file("purchase-orders.csv")]).await;
    assert_eq!(imported["imported"], expected.len());
    export_and_compare(&mut pair, &expected).await;
}

/// The same with the files themselves: their headers are named, and what they do not say is set.
async fn foreign_files_go_in_as_they_are(backend: Backend) {
    let source = source();
    let expected: BTreeMap<String, Value> =
        serde_json::from_slice(&node("expected.mjs", &[&source]).await).unwrap();
    let mut pair = Pair::new(backend).await;
    let file = |name: &str| source.join(name).display().to_string();
    let of_supplier = format!("supplier_org_number={SUPPLIER_ORG}");
    let suppliers = file("suppliers.csv");
    let contacts =
        ["--map", "name=CompanyName", "--map", "contact_person=ContactName", "--set", "role=supplier"];
    let products = file("products.csv");
    let articles = [
        "--map",
        "number=ProductID",
        "--map",
        "name=ProductName",
        "--set",
        "unit=EA",
        "--set",
        "currency=USD",
    ];
    for instance in [&pair.supplier, &pair.buyer] {
        let report = instance.run(&[&["import", "contacts", &suppliers][..], &contacts].concat()).await;
        assert_eq!(report["rows"], report["imported"], "{report}");
    }
    pair.supplier.run(&[&["import", "articles", &products][..], &articles].concat()).await;
    let at_supplier = ["--map", "supplier_article_number=ProductID", "--set", &of_supplier];
    pair.buyer.run(&[&["import", "articles", &products][..], &articles, &at_supplier].concat()).await;
    let details = file("order_details_odd_ids.csv");
    let orders = [
        "import",
        "purchase-orders",
        &details,
        "--map",
        "order_ref=OrderID",
        "--map",
        "article_number=ProductID",
        "--map",
        "discount_percent=Discount*100",
        "--set",
        "currency=USD",
        "--set",
        &of_supplier,
    ];
    let dry = pair.buyer.run(&[&orders[..], &["--dry-run"]].concat()).await;
    assert_eq!((dry["applied"].as_bool(), dry["faults"].as_u64()), (Some(false), Some(0)), "{dry}");
    let imported = pair.buyer.run(&orders).await;
    assert_eq!(imported["imported"], expected.len(), "{imported}");
    export_and_compare(&mut pair, &expected).await;
}

async fn export_and_compare(pair: &mut Pair, expected: &BTreeMap<String, Value>) {
    pair.buyer.run(&["connection", "sync", &pair.connection]).await;
    let job = pair.buyer.run(&["export", "--all-ready", "--wait"]).await;
    assert_eq!(job["items"].as_array().unwrap().len(), expected.len());
    let again = pair.buyer.run(&["export", "--all-ready", "--wait"]).await;
    assert!(again["items"].as_array().unwrap().is_empty(), "nothing is left to send: {again}");

    assert_eq!(arrived(pair).await, wanted(expected));
    pair.supplier.stop().await;
}

fn wanted(expected: &BTreeMap<String, Value>) -> BTreeMap<String, (Lines, i64)> {
    let lines = |order: &Value| {
        let lines = order["lines"].as_array().unwrap().iter();
        lines
            .map(|line| {
                (line[0].as_str().unwrap().to_owned(), line[1].as_i64().unwrap(), line[2].as_i64().unwrap())
            })
            .collect()
    };
    expected
        .iter()
        .map(|(order, value)| (order.clone(), (lines(value), value["total"].as_i64().unwrap())))
        .collect()
}

/// What stands at the supplier, by the buyer's reference.
async fn arrived(pair: &Pair) -> BTreeMap<String, (Lines, i64)> {
    let seen = Snapshot::of(&pair.buyer.database(), &pair.supplier.database()).await;
    let mut arrived = BTreeMap::new();
    for draft in &seen.drafts {
        assert_eq!(draft.issue_count, 0, "every line is matched: {}", draft.number);
        let order = seen.orders.iter().find(|order| order.order_id == draft.order_uid).unwrap();
        let lines = seen.draft_lines[&draft.draft_id].iter();
        let lines =
            lines.map(|line| (line.supplier_article_number.clone(), whole(line.quantity), line.amount));
        let before = arrived.insert(order.order_ref.clone().unwrap(), (lines.collect(), draft.net_total));
        assert!(before.is_none(), "{} is there twice", order.number);
    }
    arrived
}

/// A quantity, kept in millionths, of whole pieces.
fn whole(quantity: i64) -> i64 {
    assert_eq!(quantity % 1_000_000, 0);
    quantity / 1_000_000
}

fn source() -> PathBuf {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let real = project.join("../shared/data/trade/northwind");
    if real.join("orders_odd_ids.csv").is_file() {
        return real;
    }
    println!("the real trade data is not beside the project: the sample is used");
    project.join("server/tests/it/trade/sample")
}

async fn node(script: &str, arguments: &[&Path]) -> Vec<u8> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/trade").join(script);
    let output = Command::new("node").arg(script).args(arguments).output().await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}
