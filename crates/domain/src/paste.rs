//! *Lim inn fra Excel*: text from the clipboard as rows, what its columns seem to mean, and the order lines that come of it.
//!
//! Nothing in a cell is evaluated: a formula is text like any other.

mod answers;
mod columns;
mod headers;
mod lines;
mod looked;

use serde::{Deserialize, Serialize};

pub use answers::{Answer, Answers, Reading};
pub use columns::{ColumnHits, Hints, asked_cells, guess, guess_knowing};
pub use headers::{PasteColumn, is_header};
pub use lines::{PastedLine, RowKind, lines, lines_answered};
pub use looked::{Looked, LookedRow, price_base};

use crate::errors::{ErrorCode, Refusal};
use crate::orders::MAX_LINES;

/// The longest text that is read, in bytes.
pub const MAX_BYTES: usize = 2 * 1024 * 1024;
/// Columns that are read; those to the right of them are let be.
pub const MAX_COLUMNS: usize = 50;
/// Rows above the lines: titles, and the row of headers.
const MAX_ABOVE: usize = 10;
/// The longest cell in quotes. A quote that is not closed before that is a letter like any other, as in `3/8" rør`.
const MAX_QUOTED: usize = 4_000;

/// Why nothing of a text can become lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasteFault {
    /// There is nothing but blank.
    Empty,
    /// Larger than [`MAX_BYTES`].
    TooLarge,
    /// More rows than an order has lines.
    TooManyRows { found: usize },
    /// The text is the source of a web page.
    Html,
    /// No cell holds a digit, so there is neither an article number nor a quantity.
    NoNumbers,
}

impl From<PasteFault> for Refusal {
    fn from(fault: PasteFault) -> Self {
        match fault {
            PasteFault::Empty => ErrorCode::PasteEmpty.into(),
            PasteFault::TooLarge => ErrorCode::PayloadTooLarge.into(),
            PasteFault::Html => ErrorCode::PasteHtml.into(),
            PasteFault::NoNumbers => ErrorCode::PasteNoNumbers.into(),
            PasteFault::TooManyRows { found } => {
                Self::from(ErrorCode::PasteTooManyRows).with("found", found).with("max", MAX_LINES)
            }
        }
    }
}

/// One row that holds anything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetRow {
    /// Its place in the text, from 1, blank rows counted.
    pub number: usize,
    /// As many as the sheet has columns.
    pub cells: Vec<String>,
}

/// The rows of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// The row of headers, when there is one.
    pub head: Option<Vec<String>>,
    /// Its place in the text, from 1.
    pub head_row: Option<usize>,
    /// The rows above it: titles, which are no lines.
    pub above: Vec<SheetRow>,
    /// The rows below it, without blank ones.
    pub rows: Vec<SheetRow>,
    pub width: usize,
}

/// Reads text as spreadsheets put it on the clipboard: tabs between cells, or `;` or `,` where there is no tab; cells with line
/// breaks in quotes. Blank rows are let be; what stands above the row of headers is kept apart.
///
/// # Errors
/// When nothing of it can become lines; see [`PasteFault`].
pub fn read(text: &str) -> Result<Sheet, PasteFault> {
    if text.len() > MAX_BYTES {
        return Err(PasteFault::TooLarge);
    }
    let text = text.trim_start_matches('\u{feff}');
    if text.trim().is_empty() {
        return Err(PasteFault::Empty);
    }
    if is_html(text) {
        return Err(PasteFault::Html);
    }
    let mut rows = cells(text, separator(text));
    if rows.len() > MAX_LINES + MAX_ABOVE {
        return Err(PasteFault::TooManyRows { found: filled_lines(text) });
    }
    if !rows.iter().flat_map(|row| &row.cells).any(|cell| cell.chars().any(|digit| digit.is_ascii_digit())) {
        return Err(PasteFault::NoNumbers);
    }
    let mut above = Vec::new();
    let head = columns::head_of(&rows).and_then(|place| {
        let below = rows.split_off(place + 1);
        above = std::mem::replace(&mut rows, below);
        above.pop()
    });
    let (head, head_row) = head.map(|row| (row.cells, row.number)).unzip();
    if rows.len() > MAX_LINES {
        return Err(PasteFault::TooManyRows { found: rows.len() });
    }
    if rows.is_empty() {
        return Err(PasteFault::Empty);
    }
    let width = rows.iter().map(|row| row.cells.len()).chain(head.as_ref().map(Vec::len)).max().unwrap_or(0);
    let widened = |mut cells: Vec<String>| {
        cells.resize(width, String::new());
        cells
    };
    let rows = rows.into_iter().map(|row| SheetRow { cells: widened(row.cells), ..row }).collect();
    Ok(Sheet { head: head.map(widened), head_row, above, rows, width })
}

/// Writes cells as [`read`] reads them, and as spreadsheets take them from the clipboard.
pub fn write<Row: AsRef<[String]>>(rows: &[Row]) -> String {
    let quoted = |cell: &String| {
        if cell.starts_with('"') || cell.contains(['\t', '\n', '\r']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.clone()
        }
    };
    let line = |row: &Row| row.as_ref().iter().map(quoted).collect::<Vec<_>>().join("\t");
    rows.iter().map(line).collect::<Vec<_>>().join("\r\n")
}

fn filled_lines(text: &str) -> usize {
    text.lines().filter(|line| !line.trim().is_empty()).count()
}

/// The source of a page or of a table, which a program put on the clipboard as if it were text.
pub fn is_html(text: &str) -> bool {
    let start = text.trim_start();
    if !start.starts_with('<') {
        return false;
    }
    let head: String = start.chars().take(2_000).flat_map(char::to_lowercase).collect();
    let marks =
        ["<table", "<html", "<!doctype", "<tr", "<td", "<div", "<p>", "<span", "<meta", "<body", "<ul"];
    marks.iter().any(|mark| head.contains(mark))
}

/// A tab wins over everything. A comma parts cells only where every row has as many of them, and at least two: elsewhere it parts
/// decimals and words.
fn separator(text: &str) -> char {
    if text.contains('\t') {
        return '\t';
    }
    if text.contains(';') {
        return ';';
    }
    let commas = |line: &str| line.matches(',').count();
    let mut filled = text.lines().filter(|line| !line.trim().is_empty()).take(50);
    let Some(first) = filled.next() else { return '\t' };
    let named = columns::known_headers(first.split(','));
    let is_table = commas(first) >= 2 && filled.all(|line| commas(line) == commas(first));
    if named >= 2 || is_table { ',' } else { '\t' }
}

/// The cells of each row that is not blank; no more rows than are looked at, and one.
fn cells(text: &str, separator: char) -> Vec<SheetRow> {
    let mut rows = Vec::new();
    let mut number = 0;
    let mut rest = text;
    while !rest.is_empty() && rows.len() <= MAX_LINES + MAX_ABOVE {
        number += 1;
        let mut row: Vec<String> = Vec::new();
        loop {
            let (cell, after, goes_on) = cell(rest, separator);
            if row.len() < MAX_COLUMNS {
                row.push(cell);
            }
            rest = after;
            if !goes_on {
                break;
            }
        }
        while row.last().is_some_and(String::is_empty) {
            row.pop();
        }
        if !row.is_empty() {
            rows.push(SheetRow { number, cells: row });
        }
    }
    rows
}

/// One cell, what comes after it, and whether that is the same row.
fn cell(text: &str, separator: char) -> (String, &str, bool) {
    if let Some(found) = quoted(text, separator) {
        return found;
    }
    let end = text.find([separator, '\n', '\r']).unwrap_or(text.len());
    let (cell, rest) = text.split_at(end);
    let (rest, goes_on) = after_cell(rest, separator);
    (tidy(cell), rest, goes_on)
}

/// A cell in quotes, with doubled quotes inside.
fn quoted(text: &str, separator: char) -> Option<(String, &str, bool)> {
    let inner = text.strip_prefix('"')?;
    let mut cell = String::new();
    let mut characters = inner.char_indices().take(MAX_QUOTED).peekable();
    while let Some((at, character)) = characters.next() {
        if character != '"' {
            cell.push(character);
            continue;
        }
        if characters.peek().is_some_and(|(_, next)| *next == '"') {
            characters.next();
            cell.push('"');
            continue;
        }
        let rest = inner.get(at + 1..).unwrap_or_default();
        let is_closed = rest.is_empty() || rest.starts_with([separator, '\n', '\r']);
        if !is_closed {
            return None;
        }
        let (rest, goes_on) = after_cell(rest, separator);
        return Some((tidy(&cell), rest, goes_on));
    }
    None
}

fn after_cell(rest: &str, separator: char) -> (&str, bool) {
    if let Some(rest) = rest.strip_prefix(separator) {
        return (rest, true);
    }
    (rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\n', '\r'])).unwrap_or(rest), false)
}

/// A line of an order holds no line breaks: they, tabs and characters that cannot be seen become spaces, and spaces in a row one.
fn tidy(cell: &str) -> String {
    let spaced: String = cell
        .chars()
        .map(|character| if character.is_control() { ' ' } else { character })
        .filter(|character| !crate::text::is_hidden(*character))
        .collect();
    let words: Vec<&str> = spaced.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
    crate::text::normalise(&words.join(" "))
}

#[cfg(test)]
mod tests;
