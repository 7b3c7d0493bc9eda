//! A kill at each step of a backup and of a restore that changes a name or asks for the disk: before it, the old file; after it, the
//! new one; never half of both. The steps are counted by `strace`, which also kills.

use std::path::{Path, PathBuf};

use super::files::company;
use super::options;
use super::rows::{epoch_and_orders, run_on};
use crate::pair::{Backend, Instance};

/// Calls that change names, and calls that wait for the disk. Steps are counted for each of these and each thread.
const CALLS: [&str; 4] = ["rename", "link,linkat", "unlink,unlinkat,rmdir", "fsync,fdatasync"];
/// More steps than there are.
const MANY: usize = 120;

fn kill_at(step: usize, calls: &str) -> Vec<String> {
    let (trace, inject) = (format!("trace={calls}"), format!("inject={calls}:signal=SIGKILL:when={step}"));
    let arguments = ["strace", "-f", "-qq", "-e", &trace, "-e", &inject, "-o", "/dev/null"];
    arguments.map(str::to_owned).to_vec()
}

/// Runs the command, killed at the first step, then at the second, until it comes through; gives the number of kills.
async fn kill_everywhere(
    instance: &Instance,
    calls: &str,
    arguments: &[&str],
    mut look: impl AsyncFnMut(&Instance),
) -> usize {
    for step in 1..MANY {
        let output = instance.output_under(&kill_at(step, calls), "", arguments).await;
        look(instance).await;
        if output.status.success() {
            return step - 1;
        }
    }
    panic!("it does not come through");
}

async fn is_old_or_new(instance: &Instance) -> i64 {
    let (epoch, orders) = epoch_and_orders(Path::new(&instance.database())).await;
    // The old database has an order, the backup has none.
    assert_eq!(orders, i64::from(epoch == 1), "epoch {epoch}");
    epoch
}

#[tokio::test(flavor = "multi_thread")]
async fn backup_a_restore_that_is_killed_leaves_one_whole_database() {
    let folder = tempfile::tempdir().unwrap();
    let mut kills = 0;
    for calls in CALLS {
        let instance = company(Backend::Sqlite, options(&folder)).await;
        let file = folder.path().join(format!("{}.db", calls.len()));
        instance.run(&["backup", file.to_str().unwrap()]).await;
        run_on(
            Path::new(&instance.database()),
            "INSERT INTO purchase_order (order_id, number, status, revision, currency, our_reference, note, net_total, line_count,
                 correlation_id, created_at, created_by, updated_at, version, answer_sequence)
             VALUES (randomblob(16), 'X-1', 'draft', 1, 'NOK', '', '', 0, 0, randomblob(16), 1, '', 1, 1, 0)",
        )
        .await;
        let arguments = ["restore", file.to_str().unwrap(), "--replace"];
        let mut seen = 1;
        kills += kill_everywhere(&instance, calls, &arguments, async |instance: &Instance| {
            let epoch = is_old_or_new(instance).await;
            assert!(epoch >= seen, "an epoch never falls");
            seen = epoch;
        })
        .await;
        assert!(seen > 1, "in the end it is restored");
    }
    assert!(kills >= 10, "{kills}");
    println!("{kills} kills in a restore: always one whole database");
}

#[tokio::test(flavor = "multi_thread")]
async fn backup_that_is_killed_leaves_nothing_under_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let instance = company(Backend::Sqlite, options(&folder)).await;
    let file: PathBuf = folder.path().join("killed.db");
    let mut whole = false;
    let mut kills = 0;
    let arguments = ["backup", file.to_str().unwrap(), "--overwrite"];
    for calls in CALLS {
        kills += kill_everywhere(&instance, calls, &arguments, async |_: &Instance| {
            assert!(file.exists() || !whole, "a backup that was there is there");
            if file.exists() {
                epoch_and_orders(&file).await;
                whole = true;
            }
        })
        .await;
    }
    assert!(whole && kills >= 4, "{kills}");
    println!("{kills} kills in a backup: nothing, or one whole file");
}
