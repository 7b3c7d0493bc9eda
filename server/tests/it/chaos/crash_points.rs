//! A process ends at each crash point, at its first, second and third passage: nothing is lost, doubled or changed.
//!
//! The points are in `protocol::faults`. Every run has twenty orders of its own, in five presses; half of them are approved. The side
//! that has the point is started with it and left to end there; the counter's file proves that it did. Then it is started without, the
//! presses and answers go on, and the judge looks at both databases.
//!
//! By itself this makes one passage of each point, the first of one, the second of the next, the third of the one after. With
//! `TEST_PASSAGES=all` it makes all three.

use std::path::{Path, PathBuf};

use tempfile::TempDir;
use uuid::Uuid;

use super::checker::{History, judge};
use super::round::{Round, Side, Way};
use super::snapshot::Snapshot;
use super::{RETRY_SCALE, add_articles, add_orders};
use crate::pair::{Backend, Client, Options, Pair, on_both_databases};

/// Orders of each run.
const ORDERS: usize = 20;
const PASSAGES: usize = 3;

on_both_databases!(
    chaos_nothing_is_lost_where_the_buyer_ends_before_it_sends,
    chaos_nothing_is_lost_where_the_buyer_ends_after_it_sent,
    chaos_nothing_is_lost_where_the_supplier_ends,
);

async fn chaos_nothing_is_lost_where_the_buyer_ends_before_it_sends(backend: Backend) {
    run_groups(backend, Side::Buyer, &[&["B1", "B2"], &["B3", "B4"], &["B5", "B6"]]).await;
}

async fn chaos_nothing_is_lost_where_the_buyer_ends_after_it_sent(backend: Backend) {
    run_groups(backend, Side::Buyer, &[&["B7", "B8"], &["B9", "B10"], &["B11", "B12", "G5"]]).await;
}

async fn chaos_nothing_is_lost_where_the_supplier_ends(backend: Backend) {
    let groups: [&[&str]; 3] =
        [&["S1", "S2", "S3", "S4"], &["S5", "S6", "S7", "S8"], &["S9", "S10", "S11", "before_commit", "G5"]];
    run_groups(backend, Side::Supplier, &groups).await;
}

/// The groups run beside one another, on pairs of their own: most of the time they wait for leases.
async fn run_groups(backend: Backend, side: Side, groups: &[&'static [&'static str]]) {
    let all = all_passages();
    let mut first = 0;
    let mut running = Vec::new();
    for points in groups {
        let planned = points.iter().enumerate().flat_map(|(index, point)| {
            let one = (first + index) % PASSAGES + 1;
            (1..=PASSAGES).filter(move |passage| all || *passage == one).map(move |passage| (*point, passage))
        });
        running.push(tokio::spawn(run_group(backend, side, planned.collect())));
        first += points.len();
    }
    for group in running {
        group.await.unwrap();
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests are told by their environment how thorough they shall be"
)]
fn all_passages() -> bool {
    std::env::var("TEST_PASSAGES").is_ok_and(|value| value == "all")
}

async fn run_group(backend: Backend, side: Side, planned: Vec<(&'static str, usize)>) {
    let options = Options { retry_scale_milliseconds: RETRY_SCALE, ..Options::default() };
    let mut pair = Pair::with(backend, &options).await;
    add_articles(&pair).await;
    add_orders(&pair, ORDERS * planned.len()).await;
    pair.buyer.start().await;
    let buyer = Client::new(pair.buyer.address).signed_in().await;
    let people = (buyer, Client::new(pair.supplier.address).signed_in().await);
    let folder = tempfile::tempdir().unwrap();
    let mut orders = order_ids(&pair).await;
    let mut history = History::new();
    for (point, passage) in planned {
        let own = orders.split_off(orders.len() - ORDERS);
        let log = arm(&mut pair, side, point, passage, &folder).await;
        let way = match point {
            "B10" => Way::PartnerAway,
            "G5" => Way::ToldToEnd,
            _ => Way::Plain,
        };
        Round::new(&mut pair, side, way, &mut history, &people).run(own).await;
        disarm(&mut pair, side, point, passage, &log);
        let seen = at_rest(&history, &pair).await;
        let found = judge(&history, &seen);
        let logs = || format!("buyer: {}\nsupplier: {}", pair.buyer.log(), pair.supplier.log());
        assert!(found.is_empty(), "{backend:?} {point}:{passage}: {found:?}\n{}", logs());
        println!(
            "{backend:?} {side:?} {point}:{passage}: hit, {} orders exported so far, 0 violations",
            seen.sent.len()
        );
    }
}

async fn order_ids(pair: &Pair) -> Vec<Uuid> {
    let seen = Snapshot::of(&pair.buyer.database(), &pair.supplier.database()).await;
    seen.orders.iter().map(|order| order.order_id).collect()
}

/// Starts the side with the point; passages count from here on.
async fn arm(pair: &mut Pair, side: Side, point: &str, passage: usize, folder: &TempDir) -> PathBuf {
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
fn disarm(pair: &mut Pair, side: Side, point: &str, passage: usize, log: &Path) {
    let counted = std::fs::read_to_string(log).unwrap();
    let wanted: String = (1..=passage).map(|number| format!("{point} {number}\n")).collect();
    assert_eq!(counted, wanted, "{point}:{passage} was not reached\n{}", side.of(pair).log());
}

/// Waits until the judge finds nothing, or gives the last state that was seen.
async fn at_rest(history: &History, pair: &Pair) -> Snapshot {
    super::at_rest(history, &pair.buyer.database(), &pair.supplier.database()).await
}
