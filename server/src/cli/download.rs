//! `prodsys download`: the registers and the orders as files.

use std::path::PathBuf;

use domain::errors::{ErrorCode, Refusal};
use domain::imports::FileKind;
use services::spreadsheets::{self, SheetFilter, SheetFormat};

use super::{CliError, Run};
use crate::start_error::FileError;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Contacts, a row for each person
    Contacts(Arguments),
    /// Articles, a row for each supplier
    Articles(Arguments),
    /// Purchase orders, a row for each line
    PurchaseOrders(Arguments),
}

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Where to write; the name ends in .csv or .xlsx
    file: PathBuf,
}

pub(super) async fn run(run: &Run, command: Command) -> Result<(), CliError> {
    let (kind, file) = match command {
        Command::Contacts(arguments) => (FileKind::Contacts, arguments.file),
        Command::Articles(arguments) => (FileKind::Articles, arguments.file),
        Command::PurchaseOrders(arguments) => (FileKind::PurchaseOrders, arguments.file),
    };
    let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let format = SheetFormat::from_extension(extension)
        .ok_or_else(|| Refusal::from(ErrorCode::FileFormatUnknown).with("extension", extension))?;
    let opened = run.open().await?;
    let bytes = spreadsheets::write(&opened.ctx, kind, format, SheetFilter::default()).await?;
    tokio::fs::write(&file, &bytes).await.map_err(FileError::writing(&file))?;
    let shown = file.display().to_string();
    run.out.value(
        &serde_json::json!({ "file": shown, "bytes": bytes.len() }),
        &run.out.texts.cli_downloaded(&shown),
    );
    Ok(())
}
