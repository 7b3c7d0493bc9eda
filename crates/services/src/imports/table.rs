//! A file of rows: its encoding, its separator, its cells. Nothing here knows what the columns mean.

use std::borrow::Cow;

use domain::errors::{ErrorCode, Refusal};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::workbook;

/// The most rows of one file.
pub const MAX_ROWS: usize = 100_000;
/// The largest file, in bytes.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;
/// Separators that are looked for; the first that gives the most columns that mean something is taken.
const SEPARATORS: [u8; 3] = [b';', b',', b'\t'];

/// How archives begin, and so the workbooks of today's spreadsheet programs.
const ARCHIVES: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];
/// How the workbooks of older spreadsheet programs begin (XLS).
const OLD_WORKBOOK: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// The cells of a file.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    pub separator: u8,
    pub head: Vec<String>,
    pub rows: Vec<TableRow>,
    /// Rows whose cells could not be told apart: line, and what was wrong.
    pub broken: Vec<(u64, Broken)>,
}

/// One row, at its line in the file; the head is line 1.
#[derive(Debug, PartialEq, Eq)]
pub struct TableRow {
    pub line: u64,
    pub cells: Vec<Cell>,
}

/// One cell. A text file has only what was written; a workbook knows what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// As the text file has it: a number, a date, a formula or text.
    Written(String),
    /// Text and nothing else, also where it looks like a number or a formula.
    Text(String),
    /// A number in the strict grammar, of at most six decimals.
    Number(String),
    /// What a formula gives that cannot be computed: `#REF!`.
    Fault(String),
}

impl Cell {
    /// What a person sees in the cell.
    pub fn shown(&self) -> Cow<'_, str> {
        match self {
            Self::Written(text) | Self::Text(text) | Self::Fault(text) => Cow::Borrowed(text),
            Self::Number(number) => Cow::Owned(number.replace('.', ",")),
        }
    }
}

/// Why a row has no cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// It has more or fewer cells than the head.
    Ragged { found: u64, expected: u64 },
    /// It is not text.
    Unreadable,
}

/// Reads a file. `is_known` tells whether a header means something, which is how the separator is found.
pub fn read(file: &[u8], is_known: &dyn Fn(&str) -> bool) -> Result<Table, Refusal> {
    if file.len() > MAX_BYTES {
        return Err(ErrorCode::PayloadTooLarge.into());
    }
    if ARCHIVES.iter().any(|head| file.starts_with(head)) {
        return workbook::read(file, is_known);
    }
    if file.starts_with(OLD_WORKBOOK) {
        return Err(ErrorCode::FileIsSpreadsheet.into());
    }
    let text = decode(file);
    let (separator, head) = SEPARATORS
        .into_iter()
        .map(|separator| (separator, head(&text, separator)))
        .rev()
        .max_by_key(|(_, head)| head.iter().filter(|name| is_known(name)).count())
        .ok_or(ErrorCode::FileMalformed)?;
    if head.iter().all(String::is_empty) {
        return Err(ErrorCode::FileMalformed.into());
    }
    let mut table = Table { separator, head, rows: Vec::new(), broken: Vec::new() };
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).from_reader(text.as_bytes());
    let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1 };
    for record in reader.records() {
        match record {
            Ok(record) if record.iter().all(|cell| cell.trim().is_empty()) => {}
            Ok(record) => table.rows.push(TableRow {
                line: lines.of(record.position()),
                cells: record.iter().map(|cell| Cell::Written(cell.to_owned())).collect(),
            }),
            Err(error) => table.broken.push((lines.of(error.position()), broken(&error))),
        }
        if table.rows.len() + table.broken.len() > MAX_ROWS {
            return Err(Refusal::from(ErrorCode::BatchTooLarge).with("max", MAX_ROWS));
        }
    }
    Ok(table)
}

fn head(text: &str, separator: u8) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).from_reader(text.as_bytes());
    let head = reader.headers().map(|head| head.iter().map(|name| name.trim().to_owned()).collect());
    head.unwrap_or_default()
}

fn broken(error: &csv::Error) -> Broken {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            Broken::Ragged { found: *len, expected: *expected_len }
        }
        _ => Broken::Unreadable,
    }
}

/// Counts lines as an editor does. The reader's own count is one short where lines end in CR LF, and stands still where they end in CR.
struct Lines<'text> {
    text: &'text [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line on which the record begins; records come in the file's order.
    fn of(&mut self, position: Option<&csv::Position>) -> u64 {
        let Some(begin) = position.and_then(|position| usize::try_from(position.byte()).ok()) else {
            return 0;
        };
        // What is left of the line before, and empty lines, belong to no record.
        while let Some(byte) = self.text.get(self.at)
            && (self.at < begin || matches!(byte, b'\r' | b'\n'))
        {
            let is_end = *byte == b'\n' || (*byte == b'\r' && self.text.get(self.at + 1) != Some(&b'\n'));
            self.line += u64::from(is_end);
            self.at += 1;
        }
        self.line
    }
}

/// UTF-8, with or without its mark; UTF-16 with its mark; anything else is what older spreadsheets write in Norway, Windows-1252.
pub(super) fn decode(file: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, mark)) = Encoding::for_bom(file)
        && [UTF_8, UTF_16LE, UTF_16BE].contains(&encoding)
    {
        return encoding.decode_without_bom_handling(&file[mark..]).0;
    }
    match std::str::from_utf8(file) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(file).0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(header: &str) -> bool {
        ["navn", "sted", "pris"].contains(&header)
    }

    fn cells(file: &[u8]) -> Vec<Vec<String>> {
        let shown = |row: TableRow| row.cells.iter().map(|cell| cell.shown().into_owned()).collect();
        read(file, &known).unwrap().rows.into_iter().map(shown).collect()
    }

    #[test]
    fn every_encoding_gives_the_same_letters() {
        let text = "navn;sted\nÆrlig Tømmer;Ås\n";
        let (latin, ..) = WINDOWS_1252.encode(text);
        let utf16: Vec<u8> =
            [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let marked = format!("\u{feff}{text}");
        for file in [text.as_bytes(), marked.as_bytes(), &latin, &utf16] {
            assert_eq!(cells(file), [["Ærlig Tømmer", "Ås"]]);
        }
    }

    #[test]
    fn the_separator_is_the_one_that_gives_columns_that_mean_something() {
        for text in [
            "navn,sted,pris\n\"A, B\",C,1.5\n",
            "navn\tsted\tpris\nA, B\tC\t1.5\n",
            "navn;sted;pris\nA, B;C;1.5",
        ] {
            assert_eq!(cells(text.as_bytes()), [["A, B", "C", "1.5"]], "{text:?}");
        }
    }

    #[test]
    fn broken_rows_are_told_and_empty_ones_are_not_rows() {
        let table = read(b"navn;sted\nA;B\n;\nC\nD;E;F\n\"G;H\n", &known).unwrap();
        assert_eq!(table.rows.len(), 1);
        assert_eq!(
            table.broken,
            [
                (4, Broken::Ragged { found: 1, expected: 2 }),
                (5, Broken::Ragged { found: 3, expected: 2 }),
                (6, Broken::Ragged { found: 1, expected: 2 }),
            ]
        );
        assert_eq!(read(b"", &known).unwrap_err().code, ErrorCode::FileMalformed);
    }

    #[test]
    fn rows_are_told_by_the_line_on_which_an_editor_shows_them() {
        let text = "navn;sted\nA;B\n\n\"C\nD\";E\nF;G\nH\n";
        for end in ["\n", "\r\n", "\r"] {
            let table = read(text.replace('\n', end).as_bytes(), &known).unwrap();
            let lines: Vec<u64> = table.rows.iter().map(|row| row.line).collect();
            assert_eq!((lines, table.broken[0].0), (vec![2, 4, 6], 7), "{end:?}");
        }
    }

    #[test]
    fn an_archive_and_an_old_workbook_are_no_text() {
        for head in [ARCHIVES[0], ARCHIVES[1], OLD_WORKBOOK] {
            let file = [head, b"\x14\x00navn;sted\nA;B\n"].concat();
            assert_eq!(read(&file, &known).unwrap_err().code, ErrorCode::FileIsSpreadsheet);
        }
        assert_eq!(cells(b"navn;sted\nPK;PK\x03\x04\n"), [["PK", "PK\u{3}\u{4}"]]);
    }
}
