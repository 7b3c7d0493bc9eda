//! `prodsys backup`: one whole file of this moment, while the server runs.

use std::path::PathBuf;

use services::{Actor, backups};

use super::{CliError, Run};
use crate::context;
use crate::operator_texts::text;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Where the backup goes
    file: PathBuf,
    /// Write over a file that is there
    #[arg(long)]
    overwrite: bool,
}

pub(super) async fn run(run: &Run, arguments: Arguments) -> Result<(), CliError> {
    let ctx = context::open_as_it_is(&run.config, Actor::Operator).await?;
    let taken = backups::take(&ctx, &arguments.file, arguments.overwrite).await;
    ctx.store.close().await;
    let taken = taken?;
    let key_file = run.config.key_path().display().to_string();
    let value = |name: &str| match name {
        "file" => Some(taken.file.clone()),
        "bytes" => Some(taken.bytes.to_string()),
        "milliseconds" => Some(taken.milliseconds.to_string()),
        "purchase_orders" => Some(taken.purchase_orders.to_string()),
        "order_drafts" => Some(taken.order_drafts.to_string()),
        "position" => Some(taken.position.to_string()),
        "key_file" => Some(key_file.clone()),
        _ => None,
    };
    let language = run.out.texts.language();
    let told = ["backup.taken", "backup.key"].map(|key| text(language, key, value)).join("\n");
    let mut document = serde_json::json!(taken);
    document["key_file"] = key_file.clone().into();
    run.out.value(&document, &told);
    Ok(())
}
