//! Backups taken while orders travel, and what comes of it when either side is restored from one.

mod buyer;
mod crash;
mod doctor;
mod files;
mod revoked;
pub mod rows;
mod supplier;

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tokio::time::Instant;
use uuid::Uuid;

use crate::chaos::checker::{History, Told, judge};
use crate::chaos::snapshot::Snapshot;
use crate::pair::{Backend, Client, Instance, Options};

/// How long everything may take to come to rest.
const PATIENCE: Duration = Duration::from_secs(60);

/// Settings with which `doctor` has nothing to say but that private networks are allowed.
fn options(folder: &TempDir) -> Options {
    let site = folder.path().join("site");
    std::fs::create_dir_all(site.join("pkg")).unwrap();
    let more = vec![("PRODSYS_SITE_ROOT", site.display().to_string())];
    Options { more, ..Options::default() }
}

/// Reads both databases until it is so.
async fn until(
    buyer: &Instance,
    supplier: &Instance,
    what: &str,
    is_so: impl Fn(&Snapshot) -> bool,
) -> Snapshot {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let seen = Snapshot::of(&buyer.database(), &supplier.database()).await;
        if is_so(&seen) {
            return seen;
        }
        assert!(Instant::now() < deadline, "{what}\nbuyer: {}\nsupplier: {}", buyer.log(), supplier.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Nothing lost, doubled, changed or apart, and every message delivered.
async fn until_at_rest(buyer: &Instance, supplier: &Instance, history: &History) -> Snapshot {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let seen = Snapshot::of(&buyer.database(), &supplier.database()).await;
        let found = judge(history, &seen);
        if found.is_empty() {
            return seen;
        }
        assert!(Instant::now() < deadline, "{found:?}\nbuyer: {}\nsupplier: {}", buyer.log(), supplier.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Exports orders one after the other; each is answered.
async fn export(client: Client, orders: Vec<Uuid>) -> History {
    let mut history = History::new();
    for order in orders {
        let reply = client.call("export_orders", &[("order_ids[0]", &order.to_string())]).await.unwrap();
        assert!(reply.status.is_success(), "{}", reply.body);
        history.push((order, Told::Ok));
    }
    history
}

/// The seller approves the draft.
async fn approve(supplier: &Instance, number: &str) {
    supplier.run(&["drafts", "approve", number]).await;
}

/// Stops the instance, brings it back from the backup and starts it.
async fn bring_back(instance: &mut Instance, backend: Backend, file: &Path) -> Value {
    instance.stop().await;
    instance.use_empty_database(backend).await;
    let mut arguments = vec!["restore", file.to_str().unwrap()];
    if backend == Backend::Sqlite {
        arguments.push("--replace");
    }
    let restored = instance.run(&arguments).await;
    instance.start().await;
    restored
}

/// What `doctor` finds: the faults' codes, and all codes.
pub async fn findings(instance: &Instance) -> (BTreeSet<String>, BTreeSet<String>) {
    let output = instance.output("", &["doctor"]).await;
    let text = String::from_utf8_lossy(&output.stdout);
    let report: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let rows = report["findings"].as_array().unwrap();
    let code = |row: &Value| {
        for field in ["text", "fix"] {
            assert!(row[field].as_str().is_some_and(|text| text.len() > 5), "{row}");
        }
        row["code"].as_str().unwrap().to_owned()
    };
    let errors: BTreeSet<String> = rows.iter().filter(|row| row["level"] == "error").map(code).collect();
    assert_eq!(report["fine"].as_bool(), Some(errors.is_empty()), "{report}");
    assert_eq!(output.status.success(), errors.is_empty(), "{report}");
    (errors, rows.iter().map(code).collect())
}

/// `doctor` finds no fault; that private networks are allowed is what these tests need.
async fn is_sound(instance: &Instance) {
    let (errors, _) = findings(instance).await;
    assert_eq!(errors, BTreeSet::from(["settings_weakened".to_owned()]), "{}", instance.log());
}
