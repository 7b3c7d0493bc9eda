//! Order lines of the rows of a sheet, judged by the rules of the order form.

use serde::{Deserialize, Serialize};

use super::{Answers, PasteColumn, Reading, Sheet, SheetRow};
use crate::decimal::{DecimalError, Quantity, format_plain, parse_typed};
use crate::errors::{ErrorCode, FieldError};
use crate::orders::OrderLineInput;
use crate::units;

/// What a row of the sheet is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowKind {
    /// Something that is ordered.
    #[default]
    Line,
    /// The last row of many tables: a word and a sum, and nothing that is ordered. It is added only if somebody says so.
    Sum,
    /// Neither a number nor a name nor a quantity: words beside or below the table.
    Beside,
}

/// What came of one row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastedLine {
    /// The row's place in the text, from 1.
    pub row: usize,
    pub kind: RowKind,
    /// What cannot be read stands in it as it was written.
    pub line: OrderLineInput,
    /// What the order form says of it, with pointers such as `/quantity`.
    pub faults: Vec<FieldError>,
}

impl PastedLine {
    /// A line with which nothing is wrong.
    pub fn is_good(&self) -> bool {
        self.kind == RowKind::Line && self.faults.is_empty()
    }

    /// A line with something that cannot be read, or that no order takes. The form keeps it as it was written, and asks.
    pub fn is_unread(&self) -> bool {
        self.kind == RowKind::Line && self.faults.iter().any(|fault| fault.code != ErrorCode::Required)
    }

    /// A line in which something is only missing.
    pub fn is_unfinished(&self) -> bool {
        self.kind == RowKind::Line && !self.faults.is_empty() && !self.is_unread()
    }
}

/// The rows of a sheet whose columns mean this, each with what it is. Rows that are no lines are told as such: nothing is left out
/// without a word.
pub fn lines(sheet: &Sheet, columns: &[PasteColumn]) -> Vec<PastedLine> {
    lines_answered(sheet, columns, &Answers::default())
}

/// The same, with what was said of numbers that can be read in two ways.
pub fn lines_answered(sheet: &Sheet, columns: &[PasteColumn], answers: &Answers) -> Vec<PastedLine> {
    let mut found: Vec<PastedLine> = sheet.rows.iter().map(|row| line(row, columns, answers)).collect();
    tell_summed_quantities(&mut found);
    found
}

/// Many tables sum their quantities too: a row without a name, or named as a sum, with just what the rows above it (two or more) come to,
/// is no line. Nor is a last row that is named as a sum, since rows that cannot be read leave nothing to compare it with.
fn tell_summed_quantities(found: &mut [PastedLine]) {
    if let Some(last) = found.iter_mut().rfind(|pasted| pasted.kind == RowKind::Line)
        && is_named_as_sum(&last.line)
    {
        last.kind = RowKind::Sum;
    }
    let (mut sum, mut summed) = (Some(0_i64), 0);
    for pasted in found.iter_mut().filter(|pasted| pasted.kind == RowKind::Line) {
        let quantity = Quantity::parse_typed(&pasted.line.quantity).ok().map(|quantity| quantity.0);
        let can_be_sum = is_nameless(&pasted.line) || is_named_as_sum(&pasted.line);
        if can_be_sum && summed >= 2 && quantity.is_some() && quantity == sum {
            pasted.kind = RowKind::Sum;
            continue;
        }
        summed += 1;
        sum = sum.zip(quantity).and_then(|(sum, quantity)| sum.checked_add(quantity));
    }
}

fn line(row: &SheetRow, columns: &[PasteColumn], answers: &Answers) -> PastedLine {
    let place_of = |wanted: PasteColumn| columns.iter().position(|column| *column == wanted);
    let get = |wanted: PasteColumn| {
        place_of(wanted).and_then(|place| row.cells.get(place)).map_or("", |cell| plain(cell))
    };
    let reading = |column: PasteColumn| place_of(column).and_then(|place| answers.of(row.number, place));
    let mut faults = Vec::new();
    let mut number = |cell: &str, column: PasteColumn| {
        let read = read_number(cell, reading(column));
        read.unwrap_or_else(|fault| {
            faults.push(FieldError { pointer: format!("/{}", column.as_str()), ..fault });
            cell.to_owned()
        })
    };
    let (counted, unit_beside) = with_unit(get(PasteColumn::Quantity));
    let mut line = OrderLineInput {
        article_number: get(PasteColumn::ArticleNumber).to_owned(),
        supplier_article_number: get(PasteColumn::SupplierArticleNumber).to_owned(),
        description: get(PasteColumn::Description).to_owned(),
        unit: get(PasteColumn::Unit).to_owned(),
        ..OrderLineInput::default()
    };
    if line.unit.is_empty() {
        line.unit = unit_beside.unwrap_or_default().to_owned();
    }
    let kind = kind_of(&line, counted, columns);
    line.quantity = number(counted, PasteColumn::Quantity);
    line.unit_price = number(get(PasteColumn::Price), PasteColumn::Price);
    line.price_base_quantity = number(get(PasteColumn::Per), PasteColumn::Per);
    let discount = get(PasteColumn::Discount).trim_end_matches(['%', ' ', '\u{a0}']);
    line.discount_percent = number(discount, PasteColumn::Discount);
    if is_nameless(&line) {
        faults.push(FieldError::new("/article_number", ErrorCode::Required));
    }
    let told: Vec<String> = faults.iter().map(|fault| fault.pointer.clone()).collect();
    let ruled = line.faults().into_iter().filter(|fault| !told.contains(&fault.pointer));
    faults.extend(ruled);
    PastedLine { row: row.number, kind, line, faults }
}

fn kind_of(line: &OrderLineInput, counted: &str, columns: &[PasteColumn]) -> RowKind {
    let has_names = columns.iter().any(|column| is_name(*column));
    if is_nameless(line) && (counted.is_empty() || !has_names) {
        RowKind::Beside
    } else if is_sum(line, counted) {
        RowKind::Sum
    } else {
        RowKind::Line
    }
}

fn is_nameless(line: &OrderLineInput) -> bool {
    line.article_number.is_empty() && line.supplier_article_number.is_empty() && line.description.is_empty()
}

fn is_name(column: PasteColumn) -> bool {
    matches!(
        column,
        PasteColumn::ArticleNumber | PasteColumn::SupplierArticleNumber | PasteColumn::Description
    )
}

/// The last row of many tables: a word and a sum, and nothing that is ordered.
fn is_sum(line: &OrderLineInput, counted: &str) -> bool {
    counted.is_empty() && is_named_as_sum(line)
}

fn is_named_as_sum(line: &OrderLineInput) -> bool {
    let words = [&line.article_number, &line.supplier_article_number, &line.description];
    let named: Vec<String> = words
        .iter()
        .filter(|word| !word.is_empty())
        .map(|word| word.trim_end_matches(':').to_lowercase())
        .collect();
    named.len() == 1
        && ["sum", "total", "totalt", "sum eks. mva", "sum eks mva", "sum inkl. mva", "sum inkl mva", "mva"]
            .contains(&named[0].as_str())
}

/// What spreadsheets put around text that must stay text: `="00123"`, and an apostrophe before what looks like a formula.
pub(super) fn plain(cell: &str) -> &str {
    let cell = cell.trim();
    if let Some(text) = cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'))
        && !text.contains('"')
    {
        return text;
    }
    match cell.strip_prefix('\'') {
        Some(text) if text.starts_with(['=', '+', '-', '@']) => text,
        _ => cell,
    }
}

/// `20 stk.` is twenty, and the unit.
fn with_unit(cell: &str) -> (&str, Option<&'static str>) {
    let at = cell.rfind(|character: char| character.is_ascii_digit()).map_or(0, |at| at + 1);
    let (number, unit) = cell.split_at(at);
    match units::from_written(unit) {
        Some(code) if !number.is_empty() && !unit.trim().is_empty() => (number, Some(code)),
        _ => (cell, None),
    }
}

/// A number without the currency that people write beside it: `kr 12,50`, `12,-`.
pub(super) fn bare_number(cell: &str) -> &str {
    let trimmed = cell.trim();
    let lower = trimmed.to_lowercase();
    // Where lower case is longer than what was written, nothing of it is a currency.
    if lower.len() != trimmed.len() {
        return trimmed;
    }
    let before =
        ["kr.", "kr", "nok"].iter().find(|word| lower.starts_with(**word)).map_or(0, |word| word.len());
    let mut rest = trimmed.get(before..).unwrap_or(trimmed);
    let lower = lower.get(before..).unwrap_or_default();
    if let Some(word) = ["kr.", "kr", "nok", ",-"].iter().find(|word| lower.ends_with(**word)) {
        rest = rest.get(..rest.len() - word.len()).unwrap_or(rest);
    }
    let rest = rest.trim();
    if rest.is_empty() { trimmed } else { rest }
}

/// A number as the form writes it, or what is wrong with it.
fn read_number(cell: &str, reading: Option<Reading>) -> Result<String, FieldError> {
    if cell.is_empty() {
        return Ok(String::new());
    }
    let read = match (parse_typed(bare_number(cell)), reading) {
        (Err(DecimalError::Ambiguous(readings)), Some(reading)) => Ok(reading.of(readings)),
        (read, _) => read,
    };
    match read {
        Ok(number) => Ok(format_plain(number).replace('.', ",")),
        Err(_) if cell.starts_with(['=', '@', '+']) => Err(FieldError::new("", ErrorCode::FormulaRefused)),
        Err(error) => Err(error.at("")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paste::{guess, read};

    #[test]
    fn a_row_with_the_sum_of_the_quantities_is_a_sum() {
        let kinds = |text: &str| {
            let sheet = read(text).unwrap();
            let columns = guess(&sheet);
            lines(&sheet, &columns).iter().map(|pasted| pasted.kind).collect::<Vec<_>>()
        };
        let (line, sum) = (RowKind::Line, RowKind::Sum);
        assert_eq!(kinds("Varenr\tAntall\nN-1\t2,5\nN-2\t3\nTotalt:\t5,5\n"), [line, line, sum]);
        assert_eq!(kinds("Varenr\tAntall\nN-1\t2\nN-2\t3\n\t5\n"), [line, line, sum]);
        // Anything else is a line, and the form asks about it.
        assert_eq!(kinds("Varenr\tAntall\nN-1\t2\nN-2\t3\nSum\t6\nN-3\t1\n"), [line, line, line, line]);
        assert_eq!(kinds("Varenr\tAntall\nN-1\t2\nN-2\t3\n\t6\n"), [line, line, line]);
        // The last row says itself what it is.
        assert_eq!(kinds("Varenr\tAntall\nN-1\t2\nN-2\tmange\nSum\t2\n"), [line, line, sum]);
        assert_eq!(kinds("Varenr\tAntall\nN-1\t5\nSum:\t4758\n"), [line, sum]);
        assert_eq!(kinds("Varenr\tAntall\nN-1\t2\nN-2\t3\nN-5\t5\n"), [line, line, line]);
    }
}
