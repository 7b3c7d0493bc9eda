//! A process ends at each crash point, at its first, second and third passage: nothing is lost, doubled or changed.
//!
//! The points are in `protocol::faults`. Every run has twenty orders of its own, in five presses; half of them are approved. The side
//! that has the point is started with it and left to end there; the counter's file proves that it did. Then it is started without, the
//! presses and answers go on, and the judge looks at both databases.

use std::path::PathBuf;

use tempfile::TempDir;
use uuid::Uuid;

use super::checker::{History, judge};
use super::round::{Round, Side};
use super::snapshot::Snapshot;
use super::{add_articles, add_orders};
use crate::pair::{Backend, Client, Options, Pair, on_both_databases};

/// Orders of each run.
const ORDERS: usize = 20;
const PASSAGES: u32 = 3;

/// The points of each side, in groups that run beside one another on pairs of their own.
const GROUPS: [(Side, &[&str]); 4] = [
    (Side::Buyer, &["B1", "B2", "B3", "B4", "B5", "B6"]),
    (Side::Buyer, &["B7", "B8", "B9", "B10", "B11", "B12"]),
    (Side::Supplier, &["S1", "S2", "S3", "S4", "S5", "S6"]),
    (Side::Supplier, &["S7", "S8", "S9", "S10", "S11", "before_commit"]),
];

on_both_databases!(chaos_nothing_is_lost_at_any_crash_point);

async fn chaos_nothing_is_lost_at_any_crash_point(backend: Backend) {
    let groups = GROUPS.map(|(side, points)| tokio::spawn(run_group(backend, side, points)));
    for group in groups {
        group.await.unwrap();
    }
}

async fn run_group(backend: Backend, side: Side, points: &[&str]) {
    let options = Options { retry_scale_milliseconds: 3, ..Options::default() };
    let mut pair = Pair::with(backend, &options).await;
    add_articles(&pair).await;
    add_orders(&pair, ORDERS * points.len() * PASSAGES as usize).await;
    pair.buyer.start().await;
    let buyer = Client::new(pair.buyer.address).signed_in().await;
    let people = (buyer, Client::new(pair.supplier.address).signed_in().await);
    let folder = tempfile::tempdir().unwrap();
    let mut orders = order_ids(&pair).await;
    let mut history = History::new();
    for point in points {
        for passage in 1..=PASSAGES {
            let own = orders.split_off(orders.len() - ORDERS);
            let log = arm(&mut pair, side, point, passage, &folder).await;
            let mut round = Round::new(&mut pair, side, &mut history, &people);
            round.run(own, *point == "B10").await;
            disarm(&mut pair, side, point, passage, &log).await;
            let seen = at_rest(&history, &pair).await;
            let found = judge(&history, &seen);
            let logs = || format!("buyer: {}\nsupplier: {}", pair.buyer.log(), pair.supplier.log());
            assert!(found.is_empty(), "{backend:?} {point}:{passage}: {found:?}\n{}", logs());
            println!(
                "{backend:?} {point}:{passage}: hit, {} orders exported so far, 0 violations",
                seen.sent.len()
            );
        }
    }
}

async fn order_ids(pair: &Pair) -> Vec<Uuid> {
    let seen = Snapshot::of(&pair.buyer.database(), &pair.supplier.database()).await;
    seen.orders.iter().map(|order| order.order_id).collect()
}

/// Starts the side with the point; passages count from here on.
async fn arm(pair: &mut Pair, side: Side, point: &str, passage: u32, folder: &TempDir) -> PathBuf {
    let log = folder.path().join(format!("{point}-{passage}"));
    let instance = side.of(pair);
    instance.options.more = vec![
        ("PRODSYS_CRASH_AT", format!("{point}:{passage}")),
        ("PRODSYS_CRASH_LOG", log.display().to_string()),
    ];
    instance.stop().await;
    instance.start().await;
    std::fs::write(&log, "").unwrap();
    log
}

/// The counter says that the point was passed so many times and not once more.
async fn disarm(pair: &mut Pair, side: Side, point: &str, passage: u32, log: &PathBuf) {
    let counted = std::fs::read_to_string(log).unwrap();
    let wanted: String = (1..=passage).map(|number| format!("{point} {number}\n")).collect();
    assert_eq!(counted, wanted, "{point}:{passage} was not reached\n{}", side.of(pair).log());
}

/// Waits until the judge finds nothing, or gives the last state that was seen.
async fn at_rest(history: &History, pair: &Pair) -> Snapshot {
    super::at_rest(history, &pair.buyer.database(), &pair.supplier.database()).await
}
