//! Workbooks (XLSX) as tables: the sheet with the headers that we know, its numbers and dates as what they are.
//!
//! A workbook is an archive of XML, so what comes out of it can be a thousand times what came in: all of it is counted before any
//! of it is read.

use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx, open_workbook_from_rs};
use domain::errors::{ErrorCode, Refusal};
use zip::ZipArchive;

use super::table::{Cell, MAX_ROWS, Table, TableRow};

/// The most bytes that an archive may hold.
const MAX_UNPACKED: u64 = 50 * 1024 * 1024;
/// The most files in it.
const MAX_FILES: usize = 2_000;
/// Sheets whose headers are looked at.
const MAX_SHEETS: usize = 20;
/// Rows in which the headers are looked for: titles may stand above them.
const MAX_ABOVE: u32 = 20;
/// Columns that are read; those to the right of them are let be.
const MAX_COLUMNS: u32 = 200;

type Book<'file> = Xlsx<Cursor<&'file [u8]>>;

/// Where the headers stand.
struct Head {
    sheet: String,
    /// From 0.
    row: u32,
    known: usize,
}

/// Reads the sheet with the most headers that mean something; of sheets that are alike the first.
///
/// # Errors
/// When it is no such workbook, holds too much, or has no rows.
pub(super) fn read(file: &[u8], is_known: &dyn Fn(&str) -> bool) -> Result<Table, Refusal> {
    bounded(file)?;
    // The reader is not ours, and the file comes from anybody: what makes it stumble is a file that cannot be read.
    catch_unwind(AssertUnwindSafe(|| table(file, is_known)))
        .unwrap_or_else(|_| Err(ErrorCode::FileMalformed.into()))
}

/// Unpacks everything to nowhere, and counts. What an archive says about its sizes is not believed.
fn bounded(file: &[u8]) -> Result<(), Refusal> {
    let mut archive =
        ZipArchive::new(Cursor::new(file)).map_err(|_| Refusal::from(ErrorCode::FileIsSpreadsheet))?;
    if archive.len() > MAX_FILES {
        return Err(too_large());
    }
    if archive.index_for_name("xl/workbook.xml").is_none() {
        return Err(ErrorCode::FileIsSpreadsheet.into());
    }
    let mut left = MAX_UNPACKED;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|_| Refusal::from(ErrorCode::FileMalformed))?;
        let unpacked = std::io::copy(&mut entry.take(left + 1), &mut std::io::sink())
            .map_err(|_| Refusal::from(ErrorCode::FileMalformed))?;
        left = left.checked_sub(unpacked).ok_or_else(too_large)?;
    }
    Ok(())
}

fn too_large() -> Refusal {
    Refusal::from(ErrorCode::PayloadTooLarge)
}

fn malformed<Cause>(_: Cause) -> Refusal {
    ErrorCode::FileMalformed.into()
}

fn table(file: &[u8], is_known: &dyn Fn(&str) -> bool) -> Result<Table, Refusal> {
    let mut book: Book<'_> = open_workbook_from_rs(Cursor::new(file)).map_err(malformed)?;
    let head = find_head(&mut book, is_known).ok_or(ErrorCode::FileMalformed)?;
    // Where a sheet has a number as text, nothing tells the decimal sign but the texts themselves.
    let mut table = Table { separator: b';', head: Vec::new(), rows: Vec::new(), broken: Vec::new() };
    let mut rows: Vec<TableRow> = Vec::new();
    let mut cells = book.worksheet_cells_reader(&head.sheet).map_err(malformed)?;
    while let Some(found) = cells.next_cell().map_err(malformed)? {
        let (row, column) = found.get_position();
        if row < head.row || column >= MAX_COLUMNS {
            continue;
        }
        // A cell without a header above it belongs to no column.
        if row > head.row && usize::try_from(column).is_ok_and(|column| column >= table.head.len()) {
            continue;
        }
        let Some(cell) = cell_of(found.get_value()) else { continue };
        if row == head.row {
            put(&mut table.head, column, cell.shown().trim().to_owned(), String::new());
            continue;
        }
        let line = u64::from(row) + 1;
        if rows.last().is_none_or(|last| last.line != line) {
            if rows.len() >= MAX_ROWS {
                return Err(Refusal::from(ErrorCode::BatchTooLarge).with("max", MAX_ROWS));
            }
            rows.push(TableRow { line, cells: Vec::new() });
        }
        if let Some(last) = rows.last_mut() {
            put(&mut last.cells, column, cell, Cell::Text(String::new()));
        }
    }
    let width = table.head.len();
    for mut row in rows {
        row.cells.resize(width, Cell::Text(String::new()));
        if row.cells.iter().any(|cell| !cell.shown().trim().is_empty()) {
            table.rows.push(row);
        }
    }
    Ok(table)
}

fn put<Value: Clone>(values: &mut Vec<Value>, column: u32, value: Value, empty: Value) {
    let column = usize::try_from(column).unwrap_or(usize::MAX);
    if values.len() <= column {
        values.resize(column + 1, empty);
    }
    values[column] = value;
}

/// The row with the most headers that mean something, in the first of the sheets that has such a row; without any, the first row of
/// the first sheet that has one.
fn find_head(book: &mut Book<'_>, is_known: &dyn Fn(&str) -> bool) -> Option<Head> {
    let mut best: Option<Head> = None;
    for sheet in book.sheet_names().into_iter().take(MAX_SHEETS) {
        // Charts have sheets without cells.
        let Ok(mut cells) = book.worksheet_cells_reader(&sheet) else { continue };
        let mut known: Vec<(u32, usize)> = Vec::new();
        while let Ok(Some(found)) = cells.next_cell() {
            let (row, column) = found.get_position();
            if known.first().is_some_and(|(first, _)| row > first + MAX_ABOVE) {
                break;
            }
            let Some(cell) = cell_of(found.get_value()).filter(|_| column < MAX_COLUMNS) else { continue };
            if known.last().is_none_or(|(last, _)| *last != row) {
                known.push((row, 0));
            }
            if let Some((_, count)) = known.last_mut() {
                *count += usize::from(is_known(cell.shown().trim()));
            }
        }
        for (row, known) in known {
            if best.as_ref().is_none_or(|best| known > best.known) {
                best = Some(Head { sheet: sheet.clone(), row, known });
            }
        }
    }
    best
}

/// What a cell holds; `None` for an empty one.
fn cell_of(value: &DataRef<'_>) -> Option<Cell> {
    let text = |text: &str| (!text.trim().is_empty()).then(|| Cell::Text(text.to_owned()));
    match value {
        DataRef::Int(number) => Some(Cell::Number(number.to_string())),
        DataRef::Float(number) => Some(Cell::Number(written(*number))),
        DataRef::String(value) | DataRef::DateTimeIso(value) | DataRef::DurationIso(value) => text(value),
        DataRef::SharedString(value) => text(value),
        DataRef::Bool(value) => text(if *value { "1" } else { "0" }),
        DataRef::DateTime(at) => Some(Cell::Text(moment(at))),
        DataRef::Error(fault) => Some(Cell::Fault(fault.to_string())),
        DataRef::Empty => None,
    }
}

/// A spreadsheet's number as it shows it: of fifteen digits, and of at most six decimals, which is all that we keep.
fn written(number: f64) -> String {
    let shown: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    let text = format!("{shown:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// `2026-12-01`, and the time where it is not midnight.
fn moment(at: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
    if at.is_duration() {
        return format!("{hour:02}:{minute:02}:{second:02}");
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) {
        return date;
    }
    format!("{date} {hour:02}:{minute:02}:{second:02}")
}

#[cfg(test)]
#[path = "workbook_tests.rs"]
mod tests;
