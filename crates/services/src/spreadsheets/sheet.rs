//! A table as a file: CSV as Norwegian spreadsheets open it, and XLSX with real numbers and dates.

use domain::decimal::{SCALE, format_plain};
use domain::time::{CalendarDate, Timestamp};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, XlsxError};

use super::SheetFormat;
use crate::error::ServiceError;

/// A cell, as what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    Text(String),
    /// In millionths.
    Number(i64),
    Date(CalendarDate),
    /// Shown in Norwegian time.
    Moment(Timestamp),
    Empty,
}

pub(super) type Rows = Vec<Vec<Cell>>;

/// Puts the file together. A large one takes a while, and others are served meanwhile.
pub(super) async fn made(
    head: Vec<String>,
    format: SheetFormat,
    rows: Rows,
) -> Result<Vec<u8>, ServiceError> {
    tokio::task::spawn_blocking(move || match format {
        SheetFormat::Csv => csv(&head, &rows),
        SheetFormat::Xlsx => xlsx(&head, &rows)
            .map_err(|error| ServiceError::Internal(format!("the file cannot be written: {error}"))),
    })
    .await
    .map_err(|error| ServiceError::Internal(format!("the file cannot be written: {error}")))?
}

pub(super) fn text(value: &str) -> Cell {
    if value.is_empty() { Cell::Empty } else { Cell::Text(value.to_owned()) }
}

pub(super) fn optional(value: Option<&String>) -> Cell {
    value.map_or(Cell::Empty, |value| text(value))
}

/// UTF-8 with its mark, `;`, decimal comma, CR LF: what spreadsheet programs in Norway open without asking.
fn csv(head: &[String], rows: &Rows) -> Result<Vec<u8>, ServiceError> {
    let fault = |error: csv::Error| ServiceError::Internal(format!("the file cannot be written: {error}"));
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(head).map_err(fault)?;
    for row in rows {
        writer.write_record(row.iter().map(written)).map_err(fault)?;
    }
    writer
        .into_inner()
        .map_err(|error| ServiceError::Internal(format!("the file cannot be written: {error}")))
}

fn written(cell: &Cell) -> String {
    match cell {
        // With an apostrophe in front it is text; the import takes it off again.
        Cell::Text(text) if looks_like_a_formula(text) => format!("'{text}"),
        Cell::Text(text) => text.clone(),
        Cell::Number(number) => format_plain(*number).replace('.', ","),
        Cell::Date(date) => date.to_string(),
        Cell::Moment(moment) => {
            let local = moment.in_oslo();
            format!("{} {:02}:{:02}", CalendarDate(local.date()), local.hour(), local.minute())
        }
        Cell::Empty => String::new(),
    }
}

/// A spreadsheet runs what begins like a formula. A telephone number or a dash begins so, but does nothing.
fn looks_like_a_formula(text: &str) -> bool {
    let harmless = |character: char| character.is_ascii_digit() || " .,-".contains(character);
    match text.strip_prefix(['+', '-']) {
        Some(rest) => !rest.chars().all(harmless),
        None => text.starts_with(['=', '@', '\t', '\r']),
    }
}

fn xlsx(head: &[String], rows: &Rows) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let bold = Format::new().set_bold();
    let of_date = Format::new().set_num_format("dd.mm.yyyy");
    let of_moment = Format::new().set_num_format("dd.mm.yyyy hh:mm");
    let sheet = workbook.add_worksheet();
    sheet.set_freeze_panes(1, 0)?;
    for (place, name) in (0_u16..).zip(head) {
        sheet.write_string_with_format(0, place, name, &bold)?;
    }
    for (line, row) in (1_u32..).zip(rows) {
        for (place, cell) in (0_u16..).zip(row) {
            match cell {
                Cell::Text(text) => {
                    sheet.write_string(line, place, text)?;
                }
                Cell::Number(number) => {
                    sheet.write_number(line, place, in_floating_point(*number))?;
                }
                Cell::Date(date) => {
                    sheet.write_datetime_with_format(line, place, &day_of(*date)?, &of_date)?;
                }
                Cell::Moment(moment) => {
                    let local = moment.in_oslo();
                    let day = day_of(CalendarDate(local.date()))?;
                    let value = day.and_hms(local.hour().into(), local.minute(), local.second())?;
                    sheet.write_datetime_with_format(line, place, &value, &of_moment)?;
                }
                Cell::Empty => {}
            }
        }
    }
    sheet.autofit();
    workbook.save_to_buffer()
}

fn day_of(date: CalendarDate) -> Result<ExcelDateTime, XlsxError> {
    let year = u16::try_from(date.0.year()).unwrap_or(1900);
    ExcelDateTime::from_ymd(year, u8::from(date.0.month()), date.0.day())
}

/// Spreadsheets know no other numbers. Up to fifteen digits come out as they went in, which is all that we keep.
#[expect(clippy::cast_precision_loss, reason = "millionths of at most 999,999,999 have fifteen digits")]
fn in_floating_point(millionths: i64) -> f64 {
    millionths as f64 / SCALE as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_formula_is_text_in_both_forms() {
        let mut row = vec![
            text("=1+1"),
            text("+47 22 33 44 55"),
            text("-2+3|x"),
            Cell::Number(-1_500_000),
            text("\t=1"),
        ];
        row.extend([Cell::Empty, Cell::Moment(Timestamp::from_rfc3339("2026-11-28T15:04:00Z").unwrap())]);
        let rows = vec![row];
        let head = ["a", "b", "c", "d", "e", "f", "g"].map(str::to_owned);
        let file = String::from_utf8(csv(&head, &rows).unwrap()).unwrap();
        assert_eq!(
            file,
            "\u{feff}a;b;c;d;e;f;g\r\n'=1+1;+47 22 33 44 55;'-2+3|x;-1,5;'\t=1;;2026-11-28 16:04\r\n"
        );
        let workbook = xlsx(&head, &rows).unwrap();
        assert!(workbook.starts_with(b"PK"));
    }
}
