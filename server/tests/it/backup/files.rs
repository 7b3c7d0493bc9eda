//! What the commands do to files, and what they refuse.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use super::rows::{epoch_and_orders, run_on};
use super::{PATIENCE, findings, options};
use crate::pair::{Backend, Instance, Options, SUPPLIER_ORG, on_both_databases};

/// A company with one supplier.
pub async fn company(backend: Backend, options: Options) -> Instance {
    let instance = Instance::new(backend, options).await;
    let arguments = ["init", "--name", "Nordvik Mekaniske AS", "--org-number", "310004170"];
    instance.run(&arguments).await;
    let supplier =
        ["contacts", "add", "--name", "Bolt & Feste AS", "--org-number", SUPPLIER_ORG, "--supplier"];
    instance.run(&supplier).await;
    instance.run(&["articles", "add", "--number", "V-1", "--name", "Skrue"]).await;
    instance
}

async fn add_order(instance: &Instance) {
    instance.run(&["orders", "create", "--supplier", SUPPLIER_ORG, "--line", "V-1:3"]).await;
}

/// The code with which a command is refused.
async fn refused(instance: &Instance, arguments: &[&str]) -> String {
    let output = instance.output("", arguments).await;
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {text}");
    let document: Value = serde_json::from_str(&text).unwrap();
    assert!(document["error"]["text"].as_str().unwrap().contains(' '), "{document}");
    document["error"]["code"].as_str().unwrap().to_owned()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

on_both_databases!(backup_files_are_never_written_over, backup_is_taken_by_the_server_itself);

async fn backup_files_are_never_written_over(backend: Backend) {
    let folder = tempfile::tempdir().unwrap();
    let instance = company(backend, Options::default()).await;
    let target = TempDir::new().unwrap();
    let file = target.path().join("a.backup");
    instance.run(&["backup", text(&file)]).await;
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let first = std::fs::read(&file).unwrap();
    assert_eq!(refused(&instance, &["backup", text(&file)]).await, "backup_exists");
    assert_eq!(std::fs::read(&file).unwrap(), first);
    instance.run(&["backup", text(&file), "--overwrite"]).await;
    assert_eq!(names(target.path()), ["a.backup"], "nothing else is left");
    // What is no backup is told before anything is touched.
    for (name, bytes) in [("text", b"hello".as_slice()), ("short", &first[..16]), ("empty", b"")] {
        let other = folder.path().join(name);
        std::fs::write(&other, bytes).unwrap();
        let mut empty = company(Backend::Sqlite, Options::default()).await;
        empty.use_empty_database(backend).await;
        let arguments: &[&str] = match backend {
            Backend::Sqlite => &["restore", text(&other), "--replace"],
            Backend::Postgres => &["restore", text(&other)],
        };
        let code = refused(&empty, arguments).await;
        assert!(["not_a_backup", "backup_damaged"].contains(&code.as_str()), "{name}: {code}");
    }
    if backend == Backend::Postgres {
        assert_eq!(refused(&instance, &["restore", text(&file)]).await, "target_not_empty");
        assert_eq!(refused(&instance, &["restore", text(&file), "--replace"]).await, "cannot_replace");
    }
}

async fn backup_is_taken_by_the_server_itself(backend: Backend) {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("backups");
    let mut settings = options(&folder);
    settings.more.push(("PRODSYS_BACKUP_DIRECTORY", target.display().to_string()));
    settings.more.push(("PRODSYS_BACKUP_KEEP", "2".to_owned()));
    let mut instance = company(backend, settings).await;
    let (_, all) = findings(&instance).await;
    assert!(all.contains("backup_missing"), "{all:?}");
    instance.start().await;
    let first = until_named(&target, 1).await;
    let (_, all) = findings(&instance).await;
    assert!(!all.contains("backup_missing") && !all.contains("backup_old"), "{all:?}");
    instance.stop().await;
    // The next start takes none, since the last one is young; when it is old, it takes one and keeps two.
    let ends = first[0].rsplit_once('Z').unwrap().1.to_owned();
    let begins = first[0].rsplit_once('-').unwrap().0.to_owned();
    for day in ["01", "02", "03"] {
        let old = target.join(format!("{begins}-202501{day}T000000Z{ends}"));
        std::fs::write(old, "old").unwrap();
    }
    std::fs::remove_file(target.join(&first[0])).unwrap();
    std::fs::write(target.join(format!("{begins}-x.7.partial")), "cut off").unwrap();
    std::fs::write(target.join("notes.txt"), "somebody else's").unwrap();
    instance.start().await;
    let kept = until_named(&target, 3).await;
    assert!(kept[1].contains("20250103") && kept[0] == "notes.txt", "{kept:?}");
    instance.stop().await;
}

/// Waits until the folder has so many files, all under their own names.
async fn until_named(folder: &Path, count: usize) -> Vec<String> {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        let found = if folder.exists() { names(folder) } else { Vec::new() };
        if found.len() == count && !found.iter().any(|name| name.ends_with(".partial")) {
            return found;
        }
        assert!(tokio::time::Instant::now() < deadline, "{found:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn backup_restore_refuses_what_would_do_harm() {
    let folder = tempfile::tempdir().unwrap();
    let mut instance = company(Backend::Sqlite, options(&folder)).await;
    let file = folder.path().join("good.db");
    let taken = instance.run(&["backup", text(&file)]).await;
    assert_eq!(refused(&instance, &["restore", text(&file)]).await, "target_not_empty");

    instance.start().await;
    assert_eq!(refused(&instance, &["restore", text(&file), "--replace"]).await, "database_in_use");
    let second = instance.output("", &["serve", "--listen", "127.0.0.1:0"]).await;
    assert_eq!(second.status.code(), Some(78), "one process serves a SQLite file");
    instance.stop().await;

    let broken = |name: &str| -> PathBuf {
        let path = folder.path().join(name);
        std::fs::copy(&file, &path).unwrap();
        path
    };
    let newer = broken("newer.db");
    run_on(&newer, "UPDATE _sqlx_migrations SET version = 9999 WHERE version = 2").await;
    let other = broken("other.db");
    run_on(&other, "UPDATE instance SET instance_id = randomblob(16)").await;
    let damaged = broken("damaged.db");
    let mut bytes = std::fs::read(&damaged).unwrap();
    let (from, to) = (bytes.len() / 4, bytes.len() / 2);
    bytes[from..to].fill(0x5a);
    std::fs::write(&damaged, bytes).unwrap();
    let incomplete = broken("incomplete.db");
    std::fs::write(folder.path().join("incomplete.db-wal"), "frames").unwrap();
    for (path, code) in [
        (newer, "schema_newer"),
        (other, "other_instance"),
        (damaged, "backup_damaged"),
        (incomplete, "backup_incomplete"),
    ] {
        assert_eq!(refused(&instance, &["restore", text(&path), "--replace"]).await, code);
    }
    let database = PathBuf::from(instance.database());
    let epoch = taken["epoch"].as_i64().unwrap();
    assert_eq!(epoch_and_orders(&database).await.0, epoch, "nothing has happened");
    let left = names(&instance.data());
    assert!(!left.iter().any(|name| name.contains("before") || name.contains("restoring")), "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn backup_restore_mixes_nothing_and_raises_the_epoch_each_time() {
    let folder = tempfile::tempdir().unwrap();
    let mut instance = company(Backend::Sqlite, options(&folder)).await;
    add_order(&instance).await;
    let file = folder.path().join("one.db");
    let taken = instance.run(&["backup", text(&file)]).await;
    assert_eq!(taken["purchase_orders"], 1);
    // A process that was killed leaves its log beside the database.
    instance.start().await;
    for _ in 0..3 {
        add_order(&instance).await;
    }
    instance.kill().await;
    let database = PathBuf::from(instance.database());
    let log = database.with_file_name("prodsys.db-wal");
    assert!(log.metadata().unwrap().len() > 0, "the log is there");

    let mut last = taken["epoch"].as_i64().unwrap();
    for orders in [4, 1] {
        let restored = instance.run(&["restore", text(&file), "--replace"]).await;
        let epoch = restored["epoch"].as_i64().unwrap();
        assert!(epoch > last, "{epoch} after {last}");
        last = epoch;
        assert_eq!(epoch_and_orders(&database).await, (epoch, 1));
        let aside = PathBuf::from(restored["moved_aside"].as_str().unwrap());
        assert_eq!(epoch_and_orders(&aside).await.1, orders, "the old database is whole");
        let mode = std::fs::metadata(&aside).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "nobody else reads it");
        std::fs::remove_file(aside).unwrap();
    }
    // The numbers of the three that are gone are not given again.
    add_order(&instance).await;
    let listed = instance.run(&["orders", "list"]).await;
    assert!(listed.to_string().contains("00005"), "{listed}");

    // A new machine: the key is missed, and none is made in its place.
    let fresh = Instance::new(Backend::Sqlite, options(&folder)).await;
    let restored = fresh.run(&["restore", text(&file)]).await;
    assert_eq!((&restored["key"], &restored["moved_aside"]), (&"missing".into(), &Value::Null));
    assert!(findings(&fresh).await.0.contains("key_missing"));
    let started = fresh.output("", &["serve", "--listen", "127.0.0.1:0"]).await;
    assert_eq!(started.status.code(), Some(78));
    let key = fresh.data().join("prodsys.key");
    assert!(!key.exists());
    std::fs::write(&key, "ab".repeat(32)).unwrap();
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    let restored = fresh.run(&["restore", text(&file), "--replace"]).await;
    assert_eq!(restored["key"], "different");
    std::fs::copy(instance.data().join("prodsys.key"), &key).unwrap();
    assert!(!findings(&fresh).await.0.contains("key_wrong"));
}
