//! Who was shut out since the backup stays shut out, where that is known.

use serde_json::Value;

use super::bring_back;
use super::rows::run_on;
use crate::pair::{BUYER, Backend, Instance, Options, PASSWORD, init, on_both_databases};

on_both_databases!(backup_what_was_revoked_since_stays_revoked_where_it_is_known);

/// The names of the tokens that live, in order.
async fn living(instance: &Instance) -> Vec<String> {
    let listed = instance.run(&["token", "list"]).await;
    let living = listed.as_array().unwrap().iter().filter(|token| token["revoked_at"].is_null());
    let mut names: Vec<String> = living.map(|token| token["name"].as_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

async fn token(instance: &Instance, name: &str) -> String {
    let issued = instance.run(&["token", "create", "--name", name]).await;
    issued["row"]["token_id"].as_str().unwrap_or_else(|| panic!("{issued}")).to_owned()
}

async fn backup_what_was_revoked_since_stays_revoked_where_it_is_known(backend: Backend) {
    let folder = tempfile::tempdir().unwrap();
    let mut instance = Instance::new(backend, Options::default()).await;
    instance.told(PASSWORD, &init(BUYER)).await;
    for name in ["a", "b"] {
        token(&instance, name).await;
    }
    let stolen = token(&instance, "stolen").await;
    let file = folder.path().join("one.backup");
    instance.run(&["backup", file.to_str().unwrap()]).await;
    instance.run(&["token", "revoke", &stolen]).await;
    token(&instance, "after").await;
    if backend == Backend::Sqlite {
        run_on(instance.database().as_ref(), "UPDATE app_user SET disabled = TRUE").await;
    }
    assert_eq!(living(&instance).await, ["a", "after", "b"]);

    let restored: Value = bring_back(&mut instance, backend, &file).await;
    let kept = backend == Backend::Sqlite;
    assert_eq!(restored["revocations_kept"], kept, "{restored}");
    let expected: &[&str] = if kept { &["a", "b"] } else { &["a", "b", "stolen"] };
    assert_eq!(living(&instance).await, expected);
    if kept {
        let found = instance.output("", &["doctor"]).await;
        let said = String::from_utf8_lossy(&found.stdout).into_owned();
        assert!(said.contains("administrator_missing"), "who was shut out is not let in: {said}");
    }
}
