//! Files of contacts, articles and purchase orders: all or nothing, with a report of every refused row.

mod articles;
mod contacts;
mod efonelfo;
mod mapping;
mod numbers;
mod purchase_orders;
mod table;
mod waiting;
mod workbook;

use std::collections::HashMap;

use domain::errors::{ErrorCode, FieldError, Refusal};
use domain::ids::ImportId;
use domain::imports::{
    FileKind, ImportOptions, ImportReport, KeptReport, MAX_REFUSED, RefusedRow, header_key,
};
use domain::time::CalendarDate;
use store::Tx;

use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::live::to_json;
pub(crate) use mapping::shown;
pub use mapping::{Mapped, Row};
pub use table::{MAX_BYTES, MAX_ROWS};
pub use waiting::{Brought, bring_in_waiting, keep_text, run_or_ask, sheet_text, take_text, waiting};

/// Reads a file and brings its rows in.
///
/// One transaction: with a refused row nothing is changed, unless `skip_bad` asks for the good ones; after a dry run nothing is
/// changed either. A file that cannot be read at all (too large, a column is missing) is a refusal; refused rows are in the report.
pub async fn run(
    ctx: &Ctx,
    kind: FileKind,
    file: Vec<u8>,
    options: ImportOptions,
) -> Result<ImportReport, ServiceError> {
    ctx.require(kind.permission())?;
    let asked = options.clone();
    // A large file takes a while to take apart, and others are served meanwhile.
    let mapped = tokio::task::spawn_blocking(move || read(kind, &file, &asked))
        .await
        .map_err(|error| ServiceError::Internal(format!("the file could not be read: {error}")))??;
    ctx.write((kind, mapped, options), |ctx, tx, (kind, mapped, options)| {
        Box::pin(import_in(ctx, tx, *kind, mapped, options))
    })
    .await
}

/// Reads a file and keeps the report for the page that shows it.
pub async fn run_and_keep(
    ctx: &Ctx,
    kind: FileKind,
    file_name: &str,
    file: Vec<u8>,
    options: ImportOptions,
) -> Result<ImportId, ServiceError> {
    let report = run(ctx, kind, file, options).await?;
    let kept =
        KeptReport { at: ctx.now(), by: ctx.actor.name().to_owned(), file_name: shown(file_name), report };
    ctx.write(kept, |ctx, tx, kept| {
        Box::pin(async move {
            let import_id: ImportId = ctx.new_id();
            store::imports::add(tx, import_id, kept.at, &kept.by, &to_json(kept)?).await?;
            Ok(import_id)
        })
    })
    .await
}

/// A kept report. Who may not bring such files in does not see it.
pub async fn report(ctx: &Ctx, import_id: ImportId) -> Result<KeptReport, ServiceError> {
    let mut tx = ctx.store.begin_read().await?;
    let json = store::imports::lookup(&mut tx, import_id).await?.ok_or(ErrorCode::NotFound)?;
    let kept: KeptReport = serde_json::from_str(&json)
        .map_err(|error| ServiceError::Internal(format!("a report cannot be read: {error}")))?;
    ctx.require(kept.report.kind.permission())?;
    Ok(kept)
}

/// Takes a file apart: its rows in our own columns, and what of it cannot be read. Nothing is asked and nothing is changed.
///
/// # Errors
/// When the file cannot be read at all: too large, an old workbook, a column is missing.
pub fn read(kind: FileKind, file: &[u8], options: &ImportOptions) -> Result<Mapped, Refusal> {
    if kind == FileKind::Articles && efonelfo::is_price_file(file) {
        return efonelfo::articles(file, options);
    }
    let foreign: Vec<String> = options
        .map
        .iter()
        .filter_map(|entry| entry.split_once('='))
        .filter(|(_, theirs)| !theirs.starts_with('#'))
        .map(|(_, theirs)| header_key(theirs.rsplit_once('*').map_or(theirs, |(header, _)| header)))
        .collect();
    let is_known = |name: &str| kind.column_of_header(name).is_some() || foreign.contains(&header_key(name));
    let table = table::read(file, &is_known)?;
    mapping::map(kind, &table, options)
}

/// What came of a group of rows that make one thing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Done {
    Added,
    Changed,
}

async fn import_in(
    ctx: &Ctx,
    tx: &mut Tx,
    kind: FileKind,
    mapped: &Mapped,
    options: &ImportOptions,
) -> Result<ImportReport, ServiceError> {
    let mut report = ImportReport {
        kind,
        rows: mapped.all,
        imported: 0,
        updated: 0,
        applied: false,
        dry_run: options.dry_run,
        refused: mapped.refused.iter().take(MAX_REFUSED).cloned().collect(),
        faults: mapped.refused.len(),
        ignored_columns: mapped.ignored_columns.clone(),
        warnings: Vec::new(),
    };
    let mut changed_articles = Vec::new();
    tx.savepoint().await?;
    for rows in groups(kind, &mapped.rows) {
        if rows.iter().any(|row| row.is_bad) {
            continue;
        }
        tx.savepoint().await?;
        let outcome = match kind {
            FileKind::Contacts => contacts::import(ctx, tx, &rows).await,
            FileKind::Articles => articles::import(ctx, tx, &rows, &mut changed_articles).await,
            FileKind::PurchaseOrders => purchase_orders::import(ctx, tx, &rows).await,
        };
        match outcome {
            Ok(done) => {
                tx.release().await?;
                report.imported += usize::from(done == Done::Added);
                report.updated += usize::from(done == Done::Changed);
                warn(ctx, &mut report, mapped, &rows);
            }
            Err(ServiceError::Refused(refusal)) => {
                tx.undo().await?;
                tell(&mut report, mapped, &rows, &refusal);
            }
            Err(fault) => return Err(fault),
        }
    }
    // A row that could not be taken apart may be a line of any order, and an order without it would be another order.
    let may_skip = options.skip_bad && !(kind == FileKind::PurchaseOrders && mapped.has_broken);
    report.refused.sort_by_key(|refused| refused.line);
    if options.dry_run || (report.faults > 0 && !may_skip) {
        tx.undo().await?;
    } else {
        tx.release().await?;
        // Once for the whole file: a draft may have lines of many of its articles.
        crate::drafts::articles_changed(ctx, tx, &changed_articles).await?;
        report.applied = report.imported + report.updated > 0;
    }
    Ok(report)
}

/// Rows that make one thing, in the order in which the file begins them.
fn groups(kind: FileKind, rows: &[Row]) -> Vec<Vec<&Row>> {
    let mut groups: Vec<Vec<&Row>> = Vec::new();
    let mut places = HashMap::new();
    for row in rows {
        let key = match kind {
            FileKind::Contacts => contacts::key(row),
            FileKind::Articles => domain::text::normalise(row.get("number")),
            FileKind::PurchaseOrders => row.get("order_ref").to_owned(),
        };
        // Rows without a key are nobody's: each is refused by itself.
        let place = if key.is_empty() { groups.len() } else { *places.entry(key).or_insert(groups.len()) };
        if place == groups.len() {
            groups.push(Vec::new());
        }
        groups[place].push(row);
    }
    groups
}

/// Adds a refusal to the report. Pointers `/lines/3/quantity` mean the fourth row of the group, all others its first.
fn tell(report: &mut ImportReport, mapped: &Mapped, rows: &[&Row], refusal: &Refusal) {
    let Some(first) = rows.first() else { return };
    let mut add =
        |row: &Row, column: &str, code: ErrorCode, params: &std::collections::BTreeMap<String, String>| {
            report.faults += 1;
            if report.refused.len() < MAX_REFUSED {
                report.refused.push(RefusedRow {
                    line: row.line,
                    column: mapped.headers.get(column).map_or(column, String::as_str).to_owned(),
                    code,
                    params: params.clone(),
                    value: shown(row.get(column)),
                });
            }
        };
    if refusal.errors.is_empty() {
        add(first, "", refusal.code, &refusal.params);
    }
    for error in &refusal.errors {
        let place = error.in_line().and_then(|(index, column)| Some((*rows.get(index)?, column)));
        match place {
            Some((row, column)) => add(row, column, error.code, &error.params),
            None => add(first, error.pointer.trim_start_matches('/'), error.code, &error.params),
        }
    }
}

/// What is taken and worth a look: a day that goods are wanted on and that has passed.
fn warn(ctx: &Ctx, report: &mut ImportReport, mapped: &Mapped, rows: &[&Row]) {
    const DATE: &str = "requested_delivery_date";
    let Some(first) = rows.first().filter(|_| report.kind == FileKind::PurchaseOrders) else { return };
    let today = ctx.today();
    let is_past = CalendarDate::parse_typed(first.get(DATE), today).is_some_and(|date| date < today);
    if is_past && report.warnings.len() < MAX_REFUSED {
        report.warnings.push(RefusedRow {
            line: first.line,
            column: mapped.headers.get(DATE).map_or(DATE, String::as_str).to_owned(),
            code: ErrorCode::DatePast,
            params: Default::default(),
            value: shown(first.get(DATE)),
        });
    }
}

/// What belongs to the whole thing must be the same in each of its rows, or one of them would be ignored.
fn same_in_every_row(rows: &[&Row], columns: &[&str]) -> Result<(), Refusal> {
    let Some(first) = rows.first() else { return Ok(()) };
    let mut errors = Vec::new();
    for (index, row) in rows.iter().enumerate().skip(1) {
        for column in columns {
            if row.get(column) != first.get(column) {
                let pointer = format!("/lines/{index}/{column}");
                errors.push(FieldError::new(pointer, ErrorCode::RowsDiffer));
            }
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Refusal::of_fields(errors)) }
}

/// Lets a refusal of one row point at that row of its group.
fn of_line(index: usize, refusal: Refusal) -> Refusal {
    let errors = refusal.errors.into_iter();
    let errors =
        errors.map(|error| FieldError { pointer: format!("/lines/{index}{}", error.pointer), ..error });
    Refusal { errors: errors.collect(), ..refusal }
}
