//! Instances that are killed while they work, and a judge that looks at what is left.

mod ack_order;
mod bugs;
pub mod checker;
mod checkpoint;
mod crash_points;
mod kills;
mod many;
mod migration;
mod round;
pub mod snapshot;
mod spoiled;

use std::fmt::Write as _;
use std::time::Duration;

use checker::{History, judge};
use snapshot::Snapshot;

use crate::pair::{Instance, Pair, SUPPLIER_ORG};

/// How long a second of the retry schedule lasts, in milliseconds. A try that was killed counts as one, so a message can have many
/// behind it: even the longest pause of the schedule (24 hours and a fifth) must end within the patience below. Not so the last: after
/// ten tries a message waits for a person.
const RETRY_SCALE: u32 = 1;
/// How long everything may take to come to rest after the last fault.
const PATIENCE: Duration = Duration::from_secs(110);

/// Articles `V-1` to `V-20` at the supplier, and `K-1` to `K-20` for them at the buyer.
pub async fn add_articles(pair: &Pair) {
    let head = "number;name;unit;price;price_base_quantity;currency;vat_rate;gtin;pack_size;supplier_org_number;supplier_article_number\n";
    let mut supplier = head.to_owned();
    let mut buyer = head.to_owned();
    for number in 1..=20 {
        let price = format!("{number},{:02}", number * 7 % 100);
        writeln!(supplier, "V-{number};Skrue M{number};EA;{price};1;NOK;25;;;;").unwrap();
        writeln!(buyer, "K-{number};Skrue M{number};EA;{price};1;NOK;25;;;{SUPPLIER_ORG};V-{number}")
            .unwrap();
    }
    import(&pair.supplier, "articles", &supplier).await;
    import(&pair.buyer, "articles", &buyer).await;
    pair.buyer.run(&["connection", "sync", &pair.connection]).await;
}

/// Orders of one to five lines at the buyer.
pub async fn add_orders(pair: &Pair, count: usize) {
    let mut orders = "order_ref;supplier_org_number;requested_delivery_date;currency;article_number;quantity;unit;unit_price;price_base_quantity;discount_percent;note\n".to_owned();
    for order in 1..=count {
        for line in 0..=(order % 5) {
            let article = (order * 3 + line) % 20 + 1;
            let quantity = order % 17 + line + 1;
            writeln!(
                orders,
                "R-{order};{SUPPLIER_ORG};;NOK;K-{article};{quantity},5;EA;{},{:03};1;{};Bestilling {order}",
                article * 2,
                order % 1000,
                line * 5
            )
            .unwrap();
        }
    }
    import(&pair.buyer, "purchase-orders", &orders).await;
}

async fn import(instance: &Instance, what: &str, text: &str) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file.csv");
    std::fs::write(&file, text).unwrap();
    instance.run(&["import", what, file.to_str().unwrap()]).await;
}

/// Waits until the judge finds nothing, or gives the last state that was seen.
async fn at_rest(history: &History, buyer: &str, supplier: &str) -> Snapshot {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        let seen = Snapshot::of(buyer, supplier).await;
        if judge(history, &seen).is_empty() || tokio::time::Instant::now() > deadline {
            return seen;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
