//! No answer may leave while what it promises is not on the disk.
//!
//! A kill proves nothing here: what a killed process had written is still in the operating system's memory. So every write to the
//! write-ahead log, every sync of it and every answer on a socket is traced (`strace`), and the order of the three is judged. An
//! id counts as safe once a sync that began after it was written has ended. A control run with `synchronous=NORMAL`, which only
//! the debug build can be talked into, must fail.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use super::snapshot::Snapshot;
use super::{add_articles, add_orders};
use crate::pair::{Backend, Client, Options, Pair};

const EXPORTS: usize = 100;

#[tokio::test(flavor = "multi_thread")]
async fn chaos_no_answer_leaves_before_the_disk_has_it() {
    let (early, judged) = run(Vec::new()).await;
    assert_eq!(judged, 2 * EXPORTS, "every answer of both sides is judged");
    assert_eq!(early, 0);
    println!("synchronous=FULL: {early} of {judged} answers left early");
}

#[tokio::test(flavor = "multi_thread")]
async fn chaos_the_check_finds_answers_that_leave_early() {
    let (early, judged) = run(vec![("PRODSYS_SYNCHRONOUS_NORMAL", "true".to_owned())]).await;
    assert_eq!(judged, 2 * EXPORTS);
    assert!(early >= judged / 2, "{early} of {judged}");
    println!("synchronous=NORMAL: {early} of {judged} answers left early");
}

/// Exports one by one under the trace; gives how many answers left early, of how many.
async fn run(more: Vec<(&'static str, String)>) -> (usize, usize) {
    let traces = tempfile::tempdir().unwrap();
    let mut pair = Pair::with(Backend::Sqlite, &Options { more, ..Options::default() }).await;
    add_articles(&pair).await;
    add_orders(&pair, EXPORTS).await;
    pair.supplier.stop().await;
    pair.supplier.options.wrapper = strace(&traces, "supplier");
    pair.supplier.start().await;
    pair.buyer.options.wrapper = strace(&traces, "buyer");
    pair.buyer.start().await;
    let (buyer, supplier) = (pair.buyer.database(), pair.supplier.database());
    let client = Client::new(pair.buyer.address).signed_in().await;
    let mut jobs = BTreeSet::new();
    for order in Snapshot::of(&buyer, &supplier).await.orders {
        let reply =
            client.call("export_orders", &[("order_ids[0]", &order.order_id.to_string())]).await.unwrap();
        assert!(reply.status.is_success(), "{}", reply.body);
        let Value::String(job) = reply.body else { panic!("{}", reply.body) };
        jobs.insert(job);
    }
    let seen = until_delivered(&buyer, &supplier).await;
    pair.buyer.stop().await;
    pair.supplier.stop().await;
    let messages: BTreeSet<String> = seen.sent.iter().map(|message| message.message_id.to_string()).collect();
    let mut verdict = Verdict::default();
    verdict.add(&judge(&traces.path().join("buyer"), &jobs));
    verdict.add(&judge(&traces.path().join("supplier"), &messages));
    (verdict.early, verdict.judged)
}

fn strace(folder: &TempDir, name: &str) -> Vec<String> {
    let output = folder.path().join(name).display().to_string();
    let calls = "trace=pwrite64,fdatasync,fsync,write,writev,sendto,sendmsg";
    // -y names the files, -s is longer than a frame of the log, -xx writes everything as numbers.
    ["strace", "-f", "-qq", "-y", "-s", "70000", "-xx", "-e", calls, "-e", "signal=none", "-o", &output]
        .map(str::to_owned)
        .to_vec()
}

async fn until_delivered(buyer: &str, supplier: &str) -> Snapshot {
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(120);
    loop {
        let seen = Snapshot::of(buyer, supplier).await;
        if seen.sent.len() == EXPORTS && seen.sent.iter().all(|message| message.state == "delivered") {
            return seen;
        }
        assert!(tokio::time::Instant::now() < deadline, "the exports do not arrive");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Verdict {
    early: usize,
    judged: usize,
}

impl Verdict {
    fn add(&mut self, other: &Self) {
        self.early += other.early;
        self.judged += other.judged;
    }
}

/// What is known of one id so far.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In the write-ahead log's memory.
    Written,
    Safe,
}

/// Judges one trace. `ids` are written into the log as sixteen bytes and into answers as text.
fn judge(trace: &Path, ids: &BTreeSet<String>) -> Verdict {
    let text = std::fs::read_to_string(trace).unwrap();
    judge_lines(text.lines(), ids)
}

fn judge_lines<'a>(lines: impl Iterator<Item = &'a str>, ids: &BTreeSet<String>) -> Verdict {
    let marks: Vec<(&String, String, String)> =
        ids.iter().map(|id| (id, hex(&bytes_of(id)), hex(id.as_bytes()))).collect();
    let mut places: BTreeMap<&String, Place> = BTreeMap::new();
    let mut answered = BTreeSet::new();
    let mut syncing: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
    let mut early = 0;
    for line in lines {
        let Some((process, call)) = line.split_once(' ') else { continue };
        let call = call.trim_start();
        if call.starts_with("pwrite64(") && names_the_log(call) {
            for (id, bytes, _) in &marks {
                if call.contains(bytes.as_str()) {
                    places.entry(id).or_insert(Place::Written);
                }
            }
        } else if (call.starts_with("fdatasync(") || call.starts_with("fsync(")) && names_the_log(call) {
            let covered =
                places.iter().filter(|(_, place)| **place == Place::Written).map(|(id, _)| *id).collect();
            if call.contains("<unfinished") {
                syncing.insert(process, covered);
            } else {
                places.extend(covered.into_iter().map(|id| (id, Place::Safe)));
            }
        } else if call.contains("fdatasync resumed>") || call.contains("fsync resumed>") {
            let covered = syncing.remove(process).unwrap_or_default();
            places.extend(covered.into_iter().map(|id| (id, Place::Safe)));
        } else if is_answer(call) {
            for (id, _, text) in &marks {
                // Only the first answer: what is said later of the same id promises nothing new.
                if call.contains(text.as_str())
                    && answered.insert(*id)
                    && places.get(id) != Some(&Place::Safe)
                {
                    early += 1;
                }
            }
        }
    }
    Verdict { early, judged: answered.len() }
}

/// The descriptor's name is written as numbers too.
fn names_the_log(call: &str) -> bool {
    let descriptor = call.split_once('>').map_or("", |(head, _)| head);
    descriptor.ends_with("-wal") || descriptor.ends_with(&hex(b"-wal"))
}

/// A write on a socket that begins like an answer over HTTP; requests that carry an id are promises of nobody.
fn is_answer(call: &str) -> bool {
    let sends = ["write(", "writev(", "sendto(", "sendmsg("].iter().any(|name| call.starts_with(name));
    sends && call.contains(&hex(b"HTTP/1.1 2"))
}

fn bytes_of(id: &str) -> Vec<u8> {
    uuid::Uuid::parse_str(id).unwrap().as_bytes().to_vec()
}

/// As `strace -xx` writes bytes.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "\\x{byte:02x}").unwrap();
        text
    })
}

#[test]
fn the_trace_is_read_as_it_should_be() {
    let id = "019a9d5e-0000-7000-8000-0000000000aa".to_owned();
    let ids = BTreeSet::from([id.clone()]);
    let written = format!("7 pwrite64(9</x/prodsys.db-wal>, \"{}\", 4096, 32) = 4096", hex(&bytes_of(&id)));
    let answer =
        format!("8 sendto(12<socket:[1]>, \"{}{}\", 80) = 80", hex(b"HTTP/1.1 200"), hex(id.as_bytes()));
    let synced = "7 fdatasync(9</x/prodsys.db-wal>) = 0".to_owned();
    let begun = "7 fdatasync(9</x/prodsys.db-wal> <unfinished ...>".to_owned();
    let ended = "7 <... fdatasync resumed>) = 0".to_owned();
    let check = |lines: &[&String], early| {
        let verdict = judge_lines(lines.iter().map(|line| line.as_str()), &ids);
        assert_eq!(verdict, Verdict { early, judged: 1 }, "{lines:?}");
    };
    check(&[&written, &synced, &answer], 0);
    check(&[&written, &begun, &ended, &answer], 0);
    check(&[&written, &begun, &answer, &ended], 1);
    check(&[&begun, &written, &ended, &answer], 1);
    check(&[&written, &answer, &synced], 1);
    check(&[&answer, &written, &synced], 1);
}
