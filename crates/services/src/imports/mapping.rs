//! From a file's columns to ours: headers in two languages, foreign headers by name, values that every row has.

use std::collections::BTreeMap;

use domain::decimal::{SCALE, format_plain, parse_strict, readings};
use domain::errors::{ErrorCode, Refusal};
use domain::imports::{CellKind, FileColumn, FileKind, ImportOptions, RefusedRow, header_key};

use super::numbers::{DecimalSign, date};
use super::table::{Broken, Cell, Table};

/// The longest piece of a cell that a report shows.
const MAX_SHOWN: usize = 60;

/// A row in our own columns: numbers with a comma, dates as `YYYY-MM-DD`, everything else as it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    pub line: u64,
    /// One of its cells cannot be read; that is told already.
    pub is_bad: bool,
    values: BTreeMap<&'static str, String>,
}

impl Row {
    /// A row with values that every row has.
    pub(super) fn with(line: u64, values: BTreeMap<&'static str, String>) -> Self {
        Self { line, is_bad: false, values }
    }

    /// Puts a value into our column.
    pub(super) fn set(&mut self, column: &'static str, value: String) {
        self.values.insert(column, value);
    }

    /// The cell of our column; empty when the file has none.
    pub fn get(&self, column: &str) -> &str {
        self.values.get(column).map_or("", String::as_str)
    }

    /// The cell, owned.
    pub fn text(&self, column: &str) -> String {
        self.get(column).to_owned()
    }
}

/// What a file holds, in our own columns.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Mapped {
    pub rows: Vec<Row>,
    /// Rows whose cells could not be told apart, and cells that cannot be read.
    pub refused: Vec<RefusedRow>,
    /// There are rows that are not among `rows`, so nobody knows what they belong to.
    pub has_broken: bool,
    pub ignored_columns: Vec<String>,
    /// What the file calls our columns.
    pub headers: BTreeMap<&'static str, String>,
    /// Rows that hold anything.
    pub all: usize,
}

/// Where the values of one of our columns come from.
struct Source {
    column: &'static FileColumn,
    /// The place of the cell in its row.
    index: usize,
    /// In millionths; a number is multiplied by it.
    factor: Option<i64>,
}

/// Puts the file's cells into our columns.
pub fn map(kind: FileKind, table: &Table, options: &ImportOptions) -> Result<Mapped, Refusal> {
    let sources = sources(kind, table, options)?;
    let constants = constants(kind, options)?;
    missing(kind, &sources, &constants, table)?;
    let is_used = |index: usize| sources.iter().any(|source| source.index == index);
    let mut mapped = Mapped {
        ignored_columns: table
            .head
            .iter()
            .enumerate()
            .filter(|(index, name)| !is_used(*index) && !name.is_empty())
            .map(|(_, name)| name.clone())
            .collect(),
        headers: sources
            .iter()
            .map(|source| (source.column.name, table.head[source.index].clone()))
            .collect(),
        all: table.rows.len() + table.broken.len(),
        has_broken: !table.broken.is_empty(),
        ..Mapped::default()
    };
    for (line, broken) in &table.broken {
        mapped.refused.push(refused_row(*line, *broken));
    }
    let numbers = || {
        table.rows.iter().flat_map(|row| {
            let of_number = |source: &&Source| source.column.cell == CellKind::Number;
            let cells = sources.iter().filter(of_number).map(|source| &row.cells[source.index]);
            cells.filter_map(|cell| match cell {
                Cell::Written(text) | Cell::Text(text) => Some(text.as_str()),
                Cell::Number(_) | Cell::Fault(_) => None,
            })
        })
    };
    let sign = DecimalSign::of(numbers(), table.separator);
    for row in &table.rows {
        let mut ours = Row::with(row.line, constants.clone());
        for source in &sources {
            match value(source, &row.cells[source.index], sign) {
                Ok(value) => {
                    ours.values.insert(source.column.name, value);
                }
                Err(code) => {
                    ours.is_bad = true;
                    mapped.refused.push(RefusedRow {
                        line: row.line,
                        column: table.head[source.index].clone(),
                        code,
                        params: params_of(code, &row.cells[source.index].shown()),
                        value: shown(&row.cells[source.index].shown()),
                    });
                }
            }
        }
        mapped.rows.push(ours);
    }
    Ok(mapped)
}

fn refused_row(line: u64, broken: Broken) -> RefusedRow {
    let (code, params) = match broken {
        Broken::Ragged { found, expected } => (
            ErrorCode::RowRagged,
            BTreeMap::from([
                ("found".to_owned(), found.to_string()),
                ("expected".to_owned(), expected.to_string()),
            ]),
        ),
        Broken::Unreadable => (ErrorCode::FileMalformed, BTreeMap::new()),
    };
    RefusedRow { line, column: String::new(), code, params, value: String::new() }
}

/// The beginning of a cell, for a report.
pub fn shown(cell: &str) -> String {
    let visible: String = cell.chars().filter(|c| !domain::text::is_hidden(*c)).take(MAX_SHOWN + 1).collect();
    match visible.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", &visible[..end]),
        None => visible,
    }
}

fn sources(kind: FileKind, table: &Table, options: &ImportOptions) -> Result<Vec<Source>, Refusal> {
    let mut sources: Vec<Source> = Vec::new();
    for entry in &options.map {
        let (ours, theirs) = entry.split_once('=').ok_or_else(|| unpaired("map_entry", entry))?;
        let column = kind.column(ours.trim()).ok_or_else(|| unknown(ours))?;
        let (header, factor) = factor(column, theirs)?;
        let index = place_of(header, table)
            .ok_or_else(|| Refusal::from(ErrorCode::ColumnMissing).with("column", header))?;
        add(&mut sources, Source { column, index, factor }, table)?;
    }
    if options.only_mapped {
        return Ok(sources);
    }
    let mapped: Vec<usize> = sources.iter().map(|source| source.index).collect();
    for (index, name) in table.head.iter().enumerate() {
        let Some(column) = kind.column_of_header(name).filter(|_| !mapped.contains(&index)) else { continue };
        // What a person says about a column goes before what its header could mean.
        if !options.map.iter().chain(&options.set).any(|entry| is_for(entry, column)) {
            add(&mut sources, Source { column, index, factor: None }, table)?;
        }
    }
    Ok(sources)
}

/// Where a header stands; `#2` is the second column.
fn place_of(header: &str, table: &Table) -> Option<usize> {
    let wanted = header_key(header);
    let by_header = table.head.iter().position(|name| !wanted.is_empty() && header_key(name) == wanted);
    if !header.starts_with('#') {
        return by_header;
    }
    let place = header.strip_prefix('#')?.parse::<usize>().ok()?.checked_sub(1);
    place.filter(|place| *place < table.head.len()).or(by_header)
}

fn is_for(entry: &str, column: &FileColumn) -> bool {
    entry.split_once('=').is_some_and(|(ours, _)| ours.trim() == column.name)
}

fn add(sources: &mut Vec<Source>, source: Source, table: &Table) -> Result<(), Refusal> {
    if let Some(other) = sources.iter().find(|other| other.column == source.column) {
        return Err(Refusal::from(ErrorCode::ColumnTwice)
            .with("column", source.column.name)
            .with("first", &table.head[other.index])
            .with("second", &table.head[source.index]));
    }
    sources.push(source);
    Ok(())
}

fn unknown(name: &str) -> Refusal {
    Refusal::from(ErrorCode::ColumnUnknown).with("column", shown(name.trim()))
}

/// What should be a pair has no `=`. The text of the code has a sentence for each of the two.
fn unpaired(name: &str, entry: &str) -> Refusal {
    Refusal::from(ErrorCode::ColumnUnknown).with(name, shown(entry.trim()))
}

/// `Discount*100`: the header, and what the number is multiplied by.
fn factor<'entry>(column: &FileColumn, theirs: &'entry str) -> Result<(&'entry str, Option<i64>), Refusal> {
    match theirs.rsplit_once('*') {
        Some((header, factor)) if column.cell == CellKind::Number => {
            let factor = domain::decimal::parse_strict(factor.trim())
                .map_err(|_| Refusal::from(ErrorCode::InvalidDecimal).with("column", column.name))?;
            Ok((header.trim(), Some(factor)))
        }
        _ => Ok((theirs.trim(), None)),
    }
}

/// The values that every row has.
pub(super) fn constants(
    kind: FileKind,
    options: &ImportOptions,
) -> Result<BTreeMap<&'static str, String>, Refusal> {
    let mut constants = BTreeMap::new();
    for entry in &options.set {
        let (ours, value) = entry.split_once('=').ok_or_else(|| unpaired("set_entry", entry))?;
        let column = kind.column(ours.trim()).ok_or_else(|| unknown(ours))?;
        let value = match column.cell {
            CellKind::Text => value.trim().to_owned(),
            CellKind::Number => {
                let sign = DecimalSign::of(std::iter::once(value), b';');
                sign.read(value).map(typed).map_err(|code| Refusal::from(code).with("column", column.name))?
            }
            CellKind::Date => date(value).map_err(Refusal::from)?.to_string(),
        };
        constants.insert(column.name, value);
    }
    Ok(constants)
}

fn missing(
    kind: FileKind,
    sources: &[Source],
    constants: &BTreeMap<&'static str, String>,
    table: &Table,
) -> Result<(), Refusal> {
    let is_there = |column: &FileColumn| {
        constants.contains_key(column.name) || sources.iter().any(|source| source.column == column)
    };
    let missing: Vec<&str> = kind
        .columns()
        .iter()
        .filter(|column| column.required && !is_there(column))
        .map(|column| column.name)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Refusal::from(ErrorCode::ColumnMissing)
        .with("column", missing.join(", "))
        .with("found", shown(&table.head.join(", "))))
}

/// Values for the text of a fault: what a number can mean that can mean two things.
fn params_of(code: ErrorCode, cell: &str) -> BTreeMap<String, String> {
    let readings = (code == ErrorCode::NumberAmbiguous).then(|| readings(cell)).flatten();
    readings.map(|readings| readings.at("").params).unwrap_or_default()
}

fn value(source: &Source, cell: &Cell, sign: DecimalSign) -> Result<String, ErrorCode> {
    let text = match cell {
        Cell::Written(text) => plain(text)?,
        Cell::Text(text) => text.clone(),
        Cell::Number(number) if source.column.cell == CellKind::Number => {
            return parse_strict(number)
                .map_err(|_| ErrorCode::DecimalOutOfRange)
                .and_then(|number| times(number, source.factor));
        }
        Cell::Number(_) => cell.shown().into_owned(),
        Cell::Fault(_) => return Err(ErrorCode::FormulaRefused),
    };
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    match source.column.cell {
        CellKind::Text => Ok(text.trim().to_owned()),
        CellKind::Date => date(&text).map(|date| date.to_string()),
        CellKind::Number => times(sign.read(&text)?, source.factor),
    }
}

/// The number times its factor, as a person types it.
fn times(number: i64, factor: Option<i64>) -> Result<String, ErrorCode> {
    let Some(factor) = factor else { return Ok(typed(number)) };
    let product = i128::from(number) * i128::from(factor);
    let scale = i128::from(SCALE);
    if product % scale != 0 {
        return Err(ErrorCode::DecimalOutOfRange);
    }
    i64::try_from(product / scale).map(typed).map_err(|_| ErrorCode::DecimalOutOfRange)
}

/// As a person types it: with a comma.
fn typed(millionths: i64) -> String {
    format_plain(millionths).replace('.', ",")
}

/// Takes off what spreadsheets put around text that must stay text (`="00123"`, `'=5`), and refuses formulas.
fn plain(cell: &str) -> Result<String, ErrorCode> {
    let trimmed = cell.trim();
    if let Some(text) = trimmed.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'))
        && !text.contains('"')
    {
        return Ok(text.to_owned());
    }
    if let Some(text) = trimmed.strip_prefix('\'')
        && text.starts_with(['=', '+', '-', '@'])
    {
        return Ok(text.to_owned());
    }
    let is_formula = trimmed.starts_with(['=', '@'])
        || (trimmed.starts_with(['+', '-']) && trimmed.contains(['(', '|', '!']));
    if is_formula { Err(ErrorCode::FormulaRefused) } else { Ok(cell.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapped(kind: FileKind, text: &str, map: &[&str], set: &[&str]) -> Result<Mapped, Refusal> {
        let owned = |list: &[&str]| list.iter().map(|entry| (*entry).to_owned()).collect();
        let options = ImportOptions { map: owned(map), set: owned(set), ..ImportOptions::default() };
        let table = super::super::table::read(text.as_bytes(), &|name| {
            kind.column_of_header(name).is_some() || map.iter().any(|entry| entry.contains(name))
        })?;
        super::map(kind, &table, &options)
    }

    #[test]
    fn foreign_headers_factors_and_constants() {
        let text = "OrderID,ProductID,UnitPrice,Quantity,Discount,Fax\n10249,14,18.6,9,0.15,x\n";
        let map = [
            "order_ref=OrderID",
            "article_number=ProductID",
            "unit_price=UnitPrice",
            "discount_percent=Discount*100",
        ];
        let found = mapped(FileKind::PurchaseOrders, text, &map, &["supplier_org_number=313770125"]).unwrap();
        let row = &found.rows[0];
        let get = |name| row.get(name);
        assert_eq!(
            [
                get("order_ref"),
                get("article_number"),
                get("unit_price"),
                get("quantity"),
                get("discount_percent")
            ],
            ["10249", "14", "18,6", "9", "15"]
        );
        assert_eq!((get("supplier_org_number"), row.line), ("313770125", 2));
        assert_eq!(found.ignored_columns, ["Fax"]);
    }

    #[test]
    fn columns_that_are_missing_unknown_or_there_twice_are_named() {
        let code = |text: &str, map: &[&str]| mapped(FileKind::Articles, text, map, &[]).unwrap_err();
        let missing = code("number;navn\n1;A\n", &[]);
        assert_eq!((missing.code, missing.params["column"].as_str()), (ErrorCode::ColumnMissing, "price"));
        assert_eq!(code("number;navn;pris\n", &["nummer=number"]).code, ErrorCode::ColumnUnknown);
        let unpaired = code("number;navn;pris\n", &["number"]);
        assert_eq!(
            (unpaired.code, unpaired.params["map_entry"].as_str()),
            (ErrorCode::ColumnUnknown, "number")
        );
        assert_eq!(code("number;navn;pris\n", &["number=ID"]).code, ErrorCode::ColumnMissing);
        assert_eq!(code("number;varenummer;navn;pris\n", &[]).code, ErrorCode::ColumnTwice);
        assert_eq!(code("a|b|c\n1|2|3\n", &[]).code, ErrorCode::ColumnMissing);
    }

    #[test]
    fn formulas_are_refused_and_text_that_looks_like_one_is_kept() {
        let text = "number;name;price\n1;=1+1;1\n2;@SUM(A1);1\n3;-2+3|cmd;1\n=\"007\";'=A;1\n4;-;1\n";
        let found = mapped(FileKind::Articles, text, &[], &[]).unwrap();
        let refused: Vec<u64> = found.refused.iter().map(|row| row.line).collect();
        assert_eq!(refused, [2, 3, 4]);
        assert!(
            found.refused.iter().all(|row| row.code == ErrorCode::FormulaRefused && row.column == "name")
        );
        assert_eq!((found.rows[3].get("number"), found.rows[3].get("name")), ("007", "=A"));
        assert_eq!((found.rows[4].get("name"), found.rows[4].is_bad), ("-", false));
    }
}
