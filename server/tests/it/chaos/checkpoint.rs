//! SQLite is killed while it moves the write-ahead log into the database, at the first, second and third page (`strace` kills).
//!
//! In this mode nothing but a checkpoint writes to the database's own file, so a write to that file is a place inside one. SQLite
//! makes a checkpoint when the log has grown long and when the program ends; PostgreSQL's are its own affair.

use std::path::Path;

use uuid::Uuid;

use super::checker::{History, judge};
use super::round::{Round, Side, Way};
use super::snapshot::Snapshot;
use super::{RETRY_SCALE, add_articles, add_orders, at_rest};
use crate::pair::{Backend, Client, Options, Pair};

/// Orders of each run.
const ORDERS: usize = 20;
const PASSAGES: usize = 3;

#[tokio::test(flavor = "multi_thread")]
async fn chaos_nothing_is_lost_when_a_checkpoint_breaks_off() {
    let traces = tempfile::tempdir().unwrap();
    let options = Options { retry_scale_milliseconds: RETRY_SCALE, ..Options::default() };
    let mut pair = Pair::with(Backend::Sqlite, &options).await;
    add_articles(&pair).await;
    add_orders(&pair, ORDERS * PASSAGES * 2).await;
    pair.buyer.start().await;
    let buyer = Client::new(pair.buyer.address).signed_in().await;
    let people = (buyer, Client::new(pair.supplier.address).signed_in().await);
    let (buyer, supplier) = (pair.buyer.database(), pair.supplier.database());
    let orders = Snapshot::of(&buyer, &supplier).await.orders;
    let orders: Vec<Uuid> = orders.iter().map(|order| order.order_id).collect();
    let mut orders = orders.chunks(ORDERS);
    let mut history = History::new();
    for passage in 1..=PASSAGES {
        for side in [Side::Buyer, Side::Supplier] {
            let trace = traces.path().join(format!("{side:?}-{passage}"));
            let instance = side.of(&mut pair);
            instance.stop().await;
            instance.options.wrapper = killed_at(passage, &instance.database(), &trace);
            instance.start().await;
            let own = orders.next().unwrap().to_vec();
            Round::new(&mut pair, side, Way::Plain, &mut history, &people).run(own).await;
            // At the latest the end brings a checkpoint.
            let instance = side.of(&mut pair);
            instance.stop().await;
            assert_eq!(written(&trace), passage, "pages that the {side:?} began to write");
            instance.options.wrapper.clear();
            instance.start().await;
            let seen = at_rest(&history, &buyer, &supplier).await;
            let logs = || format!("buyer: {}\nsupplier: {}", pair.buyer.log(), pair.supplier.log());
            assert_eq!(judge(&history, &seen), [], "{side:?} G3:{passage}\n{}", logs());
            println!(
                "Sqlite {side:?} G3:{passage}: killed, {} orders exported so far, 0 violations",
                seen.sent.len()
            );
        }
    }
}

/// What runs the program and kills it at a write to the database's file.
fn killed_at(passage: usize, file: &str, trace: &Path) -> Vec<String> {
    let output = trace.display().to_string();
    let kill = format!("inject=pwrite64:signal=SIGKILL:when={passage}");
    let filter = ["-P", file, "-e", "trace=pwrite64", "-e", "signal=none", "-e", &kill, "-o", &output];
    ["strace", "-f", "-qq"].iter().chain(&filter).map(|argument| (*argument).to_owned()).collect()
}

/// How many writes to the file began; the last of them is the one that was killed.
fn written(trace: &Path) -> usize {
    let text = std::fs::read_to_string(trace).unwrap();
    text.lines().filter(|line| line.contains("pwrite64(")).count()
}
