//! `prodsys import`: all of a file, or nothing of it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use domain::errors::ErrorCode;
use domain::imports::{FileKind, ImportOptions, ImportReport, RefusedRow};
use services::imports;

use super::{CliError, Run};
use crate::start_error::FileError;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    Contacts(Arguments),
    Articles(Arguments),
    PurchaseOrders(Arguments),
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
    };
    let file = &arguments.file;
    let size = tokio::fs::metadata(file).await.map_err(FileError::reading(file))?.len();
    if usize::try_from(size).is_ok_and(|size| size > imports::MAX_BYTES) {
        return Err(ErrorCode::PayloadTooLarge.into());
    }
    let bytes = tokio::fs::read(file).await.map_err(FileError::reading(file))?;
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
