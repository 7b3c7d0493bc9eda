//! `prodsys restore`: a backup takes the database's place, in a new epoch.

use std::path::PathBuf;
use std::sync::Arc;

use services::SystemClock;
use services::backups::{self, Restored};

use super::{CliError, Run};
use crate::doctor::{self, Key};
use crate::operator_texts::text;
use crate::start_error::FileError;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The backup
    file: PathBuf,
    /// Move a database that is there aside (SQLite)
    #[arg(long)]
    replace: bool,
}

pub(super) async fn run(run: &Run, arguments: Arguments) -> Result<(), CliError> {
    let config = &run.config;
    if config.database_url.is_none() {
        backups::make_private_folder(&config.data).map_err(FileError::writing(&config.data))?;
    }
    let clock = Arc::new(SystemClock);
    let restored = backups::restore(&config.database(), &arguments.file, arguments.replace, clock).await?;
    let key = doctor::try_key(config).await?;
    let key_file = config.key_path().display().to_string();
    let mut document = serde_json::json!(restored);
    document["key"] = serde_json::json!(key);
    document["key_file"] = key_file.clone().into();
    run.out.value(&document, &for_people(run, &restored, key, &key_file));
    Ok(())
}

fn for_people(run: &Run, restored: &Restored, key: Key, key_file: &str) -> String {
    let value = |name: &str| match name {
        "purchase_orders" => Some(restored.purchase_orders.to_string()),
        "order_drafts" => Some(restored.order_drafts.to_string()),
        "position" => Some(restored.position.to_string()),
        "epoch_before" => Some(restored.epoch_before.to_string()),
        "epoch" => Some(restored.epoch.to_string()),
        "file" => restored.moved_aside.clone(),
        "key_file" => Some(key_file.to_owned()),
        _ => None,
    };
    let numbers = if restored.numbers_continue { "restore.numbers_continue" } else { "restore.numbers_leap" };
    let key = match key {
        Key::Fits => "restore.key_fits",
        Key::Missing => "restore.key_missing",
        Key::Different => "restore.key_different",
    };
    let revoked =
        if restored.revocations_kept { "restore.revocations_kept" } else { "restore.revocations_lost" };
    let lines = ["restore.done", "restore.aside", numbers, revoked, key, "restore.next"];
    let language = run.out.texts.language();
    // A line without its value, as of a database that was not there, is empty.
    let lines = lines.map(|line| text(language, line, value));
    lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}
