//! `prodsys import`: all of a file, or nothing of it.

use std::path::PathBuf;

use domain::errors::ErrorCode;
use services::imports;

use super::{CliError, Run};

/// Bytes of a file at most.
const MAX_FILE: u64 = 10 * 1024 * 1024;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    Contacts { file: PathBuf },
    Articles { file: PathBuf },
    PurchaseOrders { file: PathBuf },
}

pub(super) async fn run(run: &Run, command: Command) -> Result<(), CliError> {
    let (Command::Contacts { file } | Command::Articles { file } | Command::PurchaseOrders { file }) =
        &command;
    if tokio::fs::metadata(file).await?.len() > MAX_FILE {
        return Err(ErrorCode::PayloadTooLarge.into());
    }
    let bytes = tokio::fs::read(file).await?;
    let opened = run.open().await?;
    let receipt = match &command {
        Command::Contacts { .. } => imports::import_contacts(&opened.ctx, bytes).await?,
        Command::Articles { .. } => imports::import_articles(&opened.ctx, bytes).await?,
        Command::PurchaseOrders { .. } => imports::import_purchase_orders(&opened.ctx, bytes).await?,
    };
    let document = serde_json::json!({ "imported": receipt.imported, "updated": receipt.updated });
    run.out.value(&document, &run.out.texts.cli_imported(receipt.imported, receipt.updated));
    Ok(())
}
