//! `prodsys doctor`: each broken set-up gives its code, and nothing is made or changed by looking.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::rows::{run_on, run_on_postgres};
use super::{findings, options};
use crate::pair::{Backend, EMAIL, Instance, PASSWORD};

/// A connection that passed its test; the token is no ciphertext of ours.
const CONNECTION: &str = "INSERT INTO connection (connection_id, endpoint, token_ciphertext, token_last_four, state, last_test, last_contact_at,
        feed_lease_until, created_at, updated_at, version)
    VALUES (x'00000000000000000000000000000001', 'https://partner.example', NULL, NULL, 'verified', NULL, 9000000000000000, 0, 1, 1, 1);
    UPDATE instance SET extension_on = TRUE, api_access = TRUE;";
const MESSAGE: &str = "INSERT INTO message (message_key, direction, message_id, connection_id, kind, subject_id, subject_number, revision, body,
        body_digest, state, attempt_count, next_attempt_at, lease_until, fence, correlation_id, created_at, updated_at)
    VALUES (randomblob(16), 'out', randomblob(16), x'00000000000000000000000000000001', 'purchase_order', randomblob(16), 'X', 1, x'00',
        x'00', 'queued', 0, 1, 1, 0, randomblob(16), 1, 1);";

/// What is done to a healthy database, and what is found then.
const BROKEN_ROWS: [(&str, &str); 16] = [
    ("schema_newer", "UPDATE _sqlx_migrations SET version = 9999 WHERE version = 2"),
    ("schema_older", "DELETE FROM _sqlx_migrations WHERE version > 1"),
    ("company_missing", "DELETE FROM instance"),
    ("administrator_missing", "UPDATE app_user SET disabled = TRUE"),
    (
        "rows_astray",
        "INSERT INTO contact_person (contact_person_id, contact_id, ordinal, name) VALUES (x'01', x'02', 1, 'X')",
    ),
    ("key_wrong", "UPDATE instance SET key_probe = randomblob(60)"),
    ("token_unreadable", "CONNECTION UPDATE connection SET token_ciphertext = randomblob(60)"),
    ("extension_off", "CONNECTION UPDATE instance SET extension_on = FALSE"),
    ("connection_paused", "CONNECTION UPDATE connection SET state = 'paused', pause_code = 'token_expired'"),
    ("connection_unverified", "CONNECTION UPDATE connection SET state = 'unverified'"),
    ("feed_silent", "CONNECTION UPDATE connection SET last_contact_at = 1"),
    ("messages_parked", "CONNECTION MESSAGE UPDATE message SET state = 'parked'"),
    ("leases_stuck", "CONNECTION MESSAGE UPDATE message SET state = 'sending'"),
    ("messages_overdue", "CONNECTION MESSAGE"),
    (
        "orders_unknown",
        "INSERT INTO event (at, topic, kind, subject_id, actor) VALUES (1, 'admin', 'order_unknown_here', x'01', '')",
    ),
    (
        "backup_old",
        "INSERT INTO event (at, topic, kind, actor, detail) VALUES (1, 'admin', 'backup_taken', '', '{}')",
    ),
];

/// A healthy instance that no process has open, with a backup behind it.
async fn healthy(folder: &TempDir) -> Instance {
    let instance = Instance::new(Backend::Sqlite, options(folder)).await;
    let arguments =
        ["init", "--name", "Nordvik Mekaniske AS", "--org-number", "310004170", "--administrator", EMAIL];
    instance.told(PASSWORD, &arguments).await;
    instance.run(&["backup", folder.path().join("healthy.db").to_str().unwrap()]).await;
    instance
}

/// Another instance with the same files.
async fn copy_of(healthy: &Instance) -> Instance {
    let mut options = healthy.options.clone();
    options.more.push(("PRODSYS_PUBLIC_URL", "https://nordvik.example".to_owned()));
    let copy = Instance::new(Backend::Sqlite, options).await;
    std::fs::create_dir(copy.data()).unwrap();
    set_mode(&copy.data(), 0o700);
    for name in ["prodsys.db", "prodsys.key"] {
        std::fs::copy(healthy.data().join(name), copy.data().join(name)).unwrap();
    }
    copy
}

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn key(instance: &Instance) -> PathBuf {
    instance.data().join("prodsys.key")
}

/// Exactly these are found, beside the settings that these tests always have.
async fn finds(instance: &Instance, codes: &[&str]) {
    let (_, all) = findings(instance).await;
    let mut wanted: BTreeSet<String> = codes.iter().map(|code| (*code).to_owned()).collect();
    wanted.insert("settings_weakened".to_owned());
    assert_eq!(all, wanted);
}

#[tokio::test(flavor = "multi_thread")]
async fn backup_doctor_names_what_is_wrong_in_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let healthy = healthy(&folder).await;
    finds(&copy_of(&healthy).await, &[]).await;
    for (code, sql) in BROKEN_ROWS {
        let mut instance = copy_of(&healthy).await;
        let sql = sql.replace("CONNECTION", CONNECTION).replace("MESSAGE", MESSAGE);
        run_on(Path::new(&instance.database()), &sql).await;
        if code == "backup_old" {
            instance.options.more.push(("PRODSYS_BACKUP_DIRECTORY", folder.path().display().to_string()));
        }
        finds(&instance, &[code]).await;
    }
    println!("{} broken databases, each with its code", BROKEN_ROWS.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn backup_doctor_names_what_is_wrong_around_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let healthy = healthy(&folder).await;
    let (_, all) = findings(&healthy).await;
    assert!(all.contains("public_url_missing"), "{all:?}");

    let instance = copy_of(&healthy).await;
    set_mode(&instance.data(), 0o755);
    set_mode(&key(&instance), 0o644);
    finds(&instance, &["data_open", "key_open"]).await;
    std::fs::write(key(&instance), "no key").unwrap();
    set_mode(&key(&instance), 0o600);
    set_mode(&instance.data(), 0o700);
    finds(&instance, &["key_unreadable"]).await;
    std::fs::write(key(&instance), "cd".repeat(32)).unwrap();
    finds(&instance, &["key_wrong"]).await;
    std::fs::remove_file(key(&instance)).unwrap();
    finds(&instance, &["key_missing"]).await;
    assert!(!key(&instance).exists(), "looking makes no key");

    let mut instance = copy_of(&healthy).await;
    let file = instance.data().join("prodsys.db");
    instance.options.more = vec![
        ("PRODSYS_SITE_ROOT", "nowhere".to_owned()),
        ("PRODSYS_PUBLIC_URL", "http://nordvik.example".to_owned()),
        ("PRODSYS_BACKUP_DIRECTORY", file.display().to_string()),
    ];
    std::fs::create_dir(instance.data().join("prodsys.restoring")).unwrap();
    let around = ["site_missing", "public_url_plain", "backup_folder_unusable", "restore_unfinished"];
    finds(&instance, &around).await;

    let instance = copy_of(&healthy).await;
    let mut bytes = std::fs::read(instance.data().join("prodsys.db")).unwrap();
    let (from, to) = (bytes.len() / 4, bytes.len() / 2);
    bytes[from..to].fill(0x5a);
    std::fs::write(instance.data().join("prodsys.db"), bytes).unwrap();
    finds(&instance, &["database_damaged"]).await;
    std::fs::write(instance.data().join("prodsys.db"), "this is no database at all").unwrap();
    finds(&instance, &["database_damaged"]).await;
    std::fs::remove_file(instance.data().join("prodsys.db")).unwrap();
    finds(&instance, &["database_missing"]).await;
    std::fs::remove_dir_all(instance.data()).unwrap();
    finds(&instance, &["data_missing"]).await;
    assert!(!instance.data().exists(), "looking makes no folder");
    std::fs::write(instance.data(), "a file").unwrap();
    finds(&instance, &["data_not_writable", "database_missing"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn backup_doctor_speaks_both_languages_and_tells_tokens_that_end() {
    let folder = tempfile::tempdir().unwrap();
    let healthy = healthy(&folder).await;
    let mut instance = copy_of(&healthy).await;
    instance.run(&["token", "create", "--name", "Nordvik", "--days", "3"]).await;
    finds(&instance, &["issued_token_expires", "extension_off", "api_access_off"]).await;
    let text = |output: std::process::Output| String::from_utf8(output.stdout).unwrap();
    let norwegian = text(instance.output("", &["doctor"]).await);
    assert!(norwegian.contains("Tokenen Nordvik, gitt til en partner, utløper"), "{norwegian}");
    instance.options.more.push(("PRODSYS_LANGUAGE", "en".to_owned()));
    let english = text(instance.output("", &["doctor"]).await);
    assert!(english.contains("The token Nordvik, given to a partner, expires"), "{english}");
}

#[tokio::test(flavor = "multi_thread")]
async fn backup_doctor_tells_of_an_unreachable_server_without_its_password() {
    let folder = tempfile::tempdir().unwrap();
    let mut instance = Instance::new(Backend::Sqlite, options(&folder)).await;
    std::fs::create_dir(instance.data()).unwrap();
    let nobody = crate::pair::free_address();
    let url = format!("postgres://prodsys:very-secret-word@{nobody}/prodsys");
    instance.options.more.push(("PRODSYS_DATABASE_URL", url));
    let output = instance.output("", &["doctor"]).await;
    let said = format!("{output:?}");
    assert!(said.contains("database_unreachable") && !said.contains("very-secret-word"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn backup_doctor_finds_a_half_restored_server() {
    if crate::pair::instance::postgres_server().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let instance = super::files::company(Backend::Postgres, options(&folder)).await;
    run_on_postgres(&instance.database(), "CREATE TABLE prodsys_restoring (since INTEGER)").await;
    let (errors, _) = findings(&instance).await;
    assert!(errors.contains("restore_unfinished"), "{errors:?}");
    let refused = instance.output("", &["orders", "list"]).await;
    assert_eq!(refused.status.code(), Some(78), "nobody opens a database that is half restored");
}
