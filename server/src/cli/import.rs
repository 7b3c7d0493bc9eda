//! `prodsys import`: all of a file, or nothing of it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use domain::errors::ErrorCode;
use domain::imports::{FileKind, ImportOptions, ImportReport, RefusedRow};
use services::{connections, imports};

use super::{CliError, Run};
use crate::start_error::FileError;

/// Rows worth a look that are listed; their number is told in any case, and JSON has them all.
const SHOWN_WARNINGS: usize = 20;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    Contacts(Arguments),
    Articles(Arguments),
    PurchaseOrders(Arguments),
    /// A supplier's catalogue from a price file (EFO/NELFO 4.0)
    Catalogue {
        file: PathBuf,
        /// The supplier's organisation number
        #[arg(long, value_name = "ORG")]
        supplier: String,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// XLSX, or CSV with `;`, `,` or tabs between the cells, in UTF-8 or Windows-1252; the first row has the headers. Articles also from
    /// a price file (EFO/NELFO 4.0)
    file: PathBuf,
    /// A column of ours and the file's header for it: `name=CompanyName`; a number can be multiplied: `discount_percent=Discount*100`
    #[arg(long, value_name = "OUR=THEIRS")]
    map: Vec<String>,
    /// A value that every row has: `role=supplier`
    #[arg(long, value_name = "OUR=VALUE")]
    set: Vec<String>,
    /// Judge every row and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Take the good rows although others are refused
    #[arg(long)]
    skip_bad: bool,
}

pub(super) async fn run(run: &Run, command: Command) -> Result<(), CliError> {
    let (kind, arguments) = match command {
        Command::Contacts(arguments) => (FileKind::Contacts, arguments),
        Command::Articles(arguments) => (FileKind::Articles, arguments),
        Command::PurchaseOrders(arguments) => (FileKind::PurchaseOrders, arguments),
        Command::Catalogue { file, supplier } => return catalogue(run, &file, &supplier).await,
    };
    let bytes = read(&arguments.file).await?;
    let opened = run.open().await?;
    let options = ImportOptions {
        map: arguments.map,
        set: arguments.set,
        dry_run: arguments.dry_run,
        skip_bad: arguments.skip_bad,
        only_mapped: false,
    };
    let report = imports::run(&opened.ctx, kind, bytes, options).await?;
    tell(run, &report);
    if report.faults > 0 && !report.applied { Err(CliError::Told) } else { Ok(()) }
}

async fn read(file: &Path) -> Result<Vec<u8>, CliError> {
    let size = tokio::fs::metadata(file).await.map_err(FileError::reading(file))?.len();
    if usize::try_from(size).is_ok_and(|size| size > imports::MAX_BYTES) {
        return Err(ErrorCode::PayloadTooLarge.into());
    }
    Ok(tokio::fs::read(file).await.map_err(FileError::reading(file))?)
}

async fn catalogue(run: &Run, file: &Path, supplier: &str) -> Result<(), CliError> {
    let bytes = read(file).await?;
    let opened = run.open().await?;
    let supplier = connections::supplier_of(&opened.ctx, supplier).await?;
    let report = connections::bring_in_catalogue(&opened.ctx, supplier, bytes).await?;
    let t = run.out.texts;
    let mut said = vec![t.catalogue_brought_in(report.articles, &report.supplier_name)];
    if report.is_from_another {
        said.push(t.catalogue_from_another(&report.seller_name));
    }
    if report.refused.is_empty() {
        run.out.value(&report, &said.join("\n"));
        return Ok(());
    }
    run.out.line(&said.join("\n"));
    let rows: Vec<Vec<String>> =
        report.refused.iter().map(|row| refused(run, FileKind::Articles, row)).collect();
    run.out.table(&report, &["line", "column", "value", "reason"], &rows);
    Ok(())
}

fn tell(run: &Run, report: &ImportReport) {
    let t = run.out.texts;
    let mut said = vec![match (report.dry_run, report.applied || report.faults == 0) {
        (true, _) => t.cli_import_dry_run(report.imported, report.updated, report.faults),
        (false, true) if report.faults > 0 => {
            let rows: BTreeSet<u64> = report.refused.iter().map(|row| row.line).collect();
            let refused = t.cli_import_rows_refused(i64::try_from(rows.len()).unwrap_or(i64::MAX));
            format!("{} {refused}", t.cli_imported(report.imported, report.updated))
        }
        (false, true) => t.cli_imported(report.imported, report.updated),
        (false, false) => t.cli_import_refused(report.faults),
    }];
    if !report.ignored_columns.is_empty() {
        said.push(t.cli_import_ignored(report.ignored_columns.join(", ")));
    }
    if !report.warnings.is_empty() {
        said.push(t.files_warnings(i64::try_from(report.warnings.len()).unwrap_or(i64::MAX)));
        let rows = report.warnings.iter().take(SHOWN_WARNINGS);
        said.extend(rows.map(|row| refused(run, report.kind, row).join("  ")));
    }
    let said = said.join("\n");
    if report.refused.is_empty() {
        return run.out.value(report, &said);
    }
    run.out.line(&said);
    let rows: Vec<Vec<String>> = report.refused.iter().map(|row| refused(run, report.kind, row)).collect();
    run.out.table(report, &["line", "column", "value", "reason"], &rows);
}

fn refused(run: &Run, kind: FileKind, row: &RefusedRow) -> Vec<String> {
    let text = app::pages::files::refused_text(run.out.texts, kind, row);
    vec![row.line.to_string(), row.column.clone(), row.value.clone(), format!("{text} [{}]", row.code)]
}
