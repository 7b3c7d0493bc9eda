//! The harness is tested too: a program with a known mistake is found out by the judge, and the same run without the mistake is clean.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;
use uuid::Uuid;

use super::checker::{History, Told, Violation, judge};
use super::round::Side;
use super::snapshot::{self, Snapshot};
use super::{RETRY_SCALE, add_articles, add_orders};
use crate::pair::{Backend, Client, Options, Pair, on_both_databases};

on_both_databases!(
    chaos_a_message_that_is_taken_twice_is_found,
    chaos_another_id_for_each_attempt_is_found,
    chaos_an_answer_before_the_commit_is_found,
    chaos_any_200_as_a_receipt_is_found,
    chaos_a_late_outcome_that_is_taken_is_found,
);

/// The answer to the first order is lost after the commit.
async fn chaos_a_message_that_is_taken_twice_is_found(backend: Backend) {
    let bitten = |found: &[Violation], order| found.contains(&Violation::Doubled(order));
    compare(backend, (Side::Supplier, "no_dedup"), Fault::CrashAt("S6"), bitten).await;
}

/// The first attempt ends before anything is written, so the second is the first that counts.
async fn chaos_another_id_for_each_attempt_is_found(backend: Backend) {
    let bitten = |found: &[Violation], order| found.contains(&Violation::Lost(order));
    compare(backend, (Side::Buyer, "new_key_per_retry"), Fault::CrashAt("S2"), bitten).await;
}

/// The supplier ends before it commits the order: with the mistake the answer has left by then.
async fn chaos_an_answer_before_the_commit_is_found(backend: Backend) {
    let bitten = |found: &[Violation], order| found.contains(&Violation::Lost(order));
    let bug = (Side::Supplier, "acknowledge_before_commit");
    compare(backend, bug, Fault::CrashAt("before_commit"), bitten).await;
}

/// A page answers in the supplier's place.
async fn chaos_any_200_as_a_receipt_is_found(backend: Backend) {
    let bitten = |found: &[Violation], order| found.contains(&Violation::Lost(order));
    compare(backend, (Side::Buyer, "any_200_delivered"), Fault::Page, bitten).await;
}

/// A refusal comes after the lease has run out and another worker has delivered.
async fn chaos_a_late_outcome_that_is_taken_is_found(backend: Backend) {
    let bitten = |found: &[Violation], order| found.contains(&Violation::Unsettled(order));
    compare(backend, (Side::Buyer, "settle_without_fence"), Fault::Late, bitten).await;
}

#[derive(Clone, Copy)]
enum Fault {
    /// The supplier ends at the point.
    CrashAt(&'static str),
    /// A page answers in its place.
    Page,
    /// It is away, and what holds the order in its place refuses it when it is too late.
    Late,
}

/// Whose mistake it is, and its name.
type Bug = (Side, &'static str);

/// The same fault without the mistake and with it.
async fn compare(backend: Backend, bug: Bug, fault: Fault, bitten: impl Fn(&[Violation], Uuid) -> bool) {
    let ((_, sound), (order, found)) =
        tokio::join!(run(backend, None, fault), run(backend, Some(bug), fault));
    assert_eq!(sound, [], "without the mistake nothing is found");
    assert!(bitten(&found, order), "{bug:?} is not found: {found:?}");
    println!("{backend:?} {bug:?}: found as {found:?}");
}

/// One order under the fault; what the judge finds when everything has come to its end.
async fn run(backend: Backend, bug: Option<Bug>, fault: Fault) -> (Uuid, Vec<Violation>) {
    let options = Options { retry_scale_milliseconds: RETRY_SCALE, ..Options::default() };
    let mut pair = Pair::with(backend, &options).await;
    add_articles(&pair).await;
    add_orders(&pair, 2).await;
    let orders = Snapshot::of(&pair.buyer.database(), &pair.supplier.database()).await.orders;
    let (order, other) = (orders[0].order_id, orders[1].order_id);
    pair.supplier.stop().await;
    if let Some((side, name)) = bug {
        side.of(&mut pair).options.more = vec![("PRODSYS_BUG", name.to_owned())];
    }
    pair.buyer.start().await;
    let client = Client::new(pair.buyer.address).signed_in().await;
    let mut history = vec![(order, Told::Ok)];
    match fault {
        Fault::CrashAt(point) => crash_at(point, &mut pair, &client, order).await,
        Fault::Page => {
            let listener = TcpListener::bind(pair.supplier.address).await.unwrap();
            export(&client, order).await;
            held_order(&listener).await.write_all(PAGE).await.unwrap();
            drop(listener);
            pair.supplier.start().await;
        }
        Fault::Late => {
            refuse_late(&mut pair, &client, order).await;
            history.push((other, Told::Ok));
        }
    }
    (order, judge_now(&history, &pair).await)
}

/// The supplier ends when it comes to the point for the first time after its start, and is started again.
async fn crash_at(point: &str, pair: &mut Pair, client: &Client, order: Uuid) {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("passages");
    let before = pair.supplier.options.more.clone();
    pair.supplier.options.more.push(("PRODSYS_CRASH_AT", format!("{point}:1")));
    pair.supplier.options.more.push(("PRODSYS_CRASH_LOG", log.display().to_string()));
    // It tidies up when it starts, and what it commits then is not meant.
    let supplier = pair.supplier.database();
    snapshot::plant_old_row(&supplier).await;
    pair.supplier.start().await;
    until("it has tidied up", async || snapshot::left_of_the_start(&supplier).await == 0).await;
    std::fs::write(&log, "").unwrap();
    export(client, order).await;
    until("the point is reached", async || pair.supplier.has_ended()).await;
    assert_eq!(std::fs::read_to_string(&log).unwrap(), format!("{point} 1\n"));
    pair.supplier.kill().await;
    pair.supplier.options.more = before;
    pair.supplier.start().await;
}

/// The first attempt is held until its lease is over and another worker has delivered, with the next order; then it is refused.
async fn refuse_late(pair: &mut Pair, client: &Client, order: Uuid) {
    let listener = TcpListener::bind(pair.supplier.address).await.unwrap();
    export(client, order).await;
    let mut held = held_order(&listener).await;
    drop(listener);
    pair.supplier.start().await;
    let buyer = pair.buyer.database();
    until("its lease is over", async || snapshot::held_messages(&buyer).await == 0).await;
    pair.buyer.run(&["export", "--all-ready", "--wait"]).await;
    let seen = Snapshot::of(&pair.buyer.database(), &pair.supplier.database()).await;
    assert!(seen.sent.iter().all(|message| message.state == "delivered"), "another worker delivers");
    held.write_all(REFUSAL).await.unwrap();
    held.shutdown().await.unwrap();
    // What is judged is what the late answer did: how its attempt ended is written in the same transaction.
    until("the late answer is taken or dropped", async || snapshot::open_attempts(&buyer).await == 0).await;
}

/// Looks until it is so.
async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !is_so().await {
        assert!(Instant::now() < deadline, "not so in time: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A sound program needs less to tell the other side what changed.
const QUIET: Duration = Duration::from_secs(3);
const PAGE: &[u8] =
    b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 16\r\nconnection: close\r\n\r\n<h1>Welcome</h1>";
const REFUSAL: &[u8] =
    b"HTTP/1.1 422 Unprocessable\r\ncontent-type: text/plain\r\ncontent-length: 2\r\nconnection: close\r\n\r\nno";

async fn export(client: &Client, order: Uuid) {
    let reply = client.call("export_orders", &[("order_ids[0]", &order.to_string())]).await.unwrap();
    assert!(reply.status.is_success(), "{}: {}", reply.status, reply.body);
}

/// The first request that carries an order, read to its end; whatever else asks finds nobody.
async fn held_order(listener: &TcpListener) -> TcpStream {
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        while !is_whole(&request) {
            if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
                break;
            }
        }
        if request.starts_with(b"POST /partner/v1/purchase-orders ") {
            return stream;
        }
    }
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    body.len() >= length.map_or(0, |length| length.parse().unwrap())
}

/// What is wrong when every message has come to its end and nothing changes any more.
async fn judge_now(history: &History, pair: &Pair) -> Vec<Violation> {
    let mut before = Vec::new();
    let mut since = Instant::now();
    loop {
        let seen = Snapshot::of(&pair.buyer.database(), &pair.supplier.database()).await;
        let found = judge(history, &seen);
        let over = seen.sent.iter().all(|message| ["delivered", "parked"].contains(&message.state.as_str()));
        if !over || found != before {
            before.clone_from(&found);
            since = Instant::now();
        }
        if over && (found.is_empty() || since.elapsed() > QUIET) {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
