//! What the columns of a pasted sheet mean: by their headers, and where these say nothing by what stands below.

use super::{MAX_ABOVE, PasteColumn, Sheet, SheetRow};
use crate::decimal::parse_typed;
use crate::units;

/// Rows whose values are looked at.
const MAX_LOOKED_AT: usize = 200;

/// How many of the cells are headers that we know.
pub(super) fn known_headers<'cell>(cells: impl Iterator<Item = &'cell str>) -> usize {
    cells.filter(|cell| PasteColumn::of_header(cell).is_some()).count()
}

/// The row of headers: the one near the top that has most of them; or the first, where it is all words above columns of numbers.
pub(super) fn head_of(rows: &[SheetRow]) -> Option<usize> {
    let named = |row: &SheetRow| known_headers(row.cells.iter().map(String::as_str));
    let has_number = |row: &SheetRow| row.cells.iter().any(|cell| is_number(cell));
    let best = rows
        .iter()
        .take(MAX_ABOVE)
        .enumerate()
        .filter(|(_, row)| !has_number(row))
        .max_by_key(|(place, row)| (named(row), MAX_ABOVE - place));
    if let Some((place, row)) = best
        && named(row) > 0
        && (named(row) >= 2 || row.cells.len() <= 2)
    {
        return Some(place);
    }
    let first = rows.first().filter(|row| !has_number(row) && rows.len() > 1)?;
    let has_digits =
        |row: &SheetRow| row.cells.iter().any(|cell| cell.contains(|c: char| c.is_ascii_digit()));
    let numbers_below = (0..first.cells.len()).any(|column| {
        let below = || rows.iter().skip(1).take(MAX_LOOKED_AT).filter_map(|row| row.cells.get(column));
        let filled = below().filter(|cell| !cell.is_empty()).count();
        filled > 0 && below().filter(|cell| is_number(cell)).count() * 5 >= filled * 4
    });
    (!has_digits(first) && numbers_below).then_some(0)
}

/// What each column seems to mean; no meaning is given twice but [`PasteColumn::Ignored`].
pub fn guess(sheet: &Sheet) -> Vec<PasteColumn> {
    let mut columns: Vec<Option<PasteColumn>> = vec![None; sheet.width];
    if let Some(head) = &sheet.head {
        for (place, header) in head.iter().enumerate() {
            let meant = PasteColumn::of_header(header);
            let is_free =
                |column: &PasteColumn| *column == PasteColumn::Ignored || !columns.contains(&Some(*column));
            columns[place] = meant.filter(is_free);
        }
    }
    let looks: Vec<Look> = (0..sheet.width).map(|column| Look::of(sheet, column)).collect();
    for (column, look) in columns.iter_mut().zip(&looks) {
        // *Nr.* above 1, 2, 3 counts lines; so does such a column without a header.
        if look.is_count && matches!(column, None | Some(PasteColumn::ArticleNumber)) {
            *column = Some(PasteColumn::Ignored);
        }
    }
    by_value(&mut columns, &looks);
    columns.into_iter().map(Option::unwrap_or_default).collect()
}

/// Fills in what the headers do not say, the surest first.
fn by_value(columns: &mut [Option<PasteColumn>], looks: &[Look]) {
    let mut give = |column: PasteColumn, score: &dyn Fn(&Look) -> usize| {
        if columns.contains(&Some(column)) {
            return;
        }
        let free =
            looks.iter().enumerate().filter(|(place, look)| columns[*place].is_none() && score(look) > 0);
        // Of columns that are as likely the first is it.
        if let Some((place, _)) = free.rev().max_by_key(|(_, look)| score(look)) {
            columns[place] = Some(column);
        }
    };
    give(PasteColumn::Unit, &|look| if look.mostly(look.units) { 1 } else { 0 });
    give(PasteColumn::Discount, &|look| if look.mostly(look.percents) { 1 } else { 0 });
    // The same article in every row is a code all the same, if it has a letter.
    give(PasteColumn::ArticleNumber, &|look| match (look.is_code(), look.mostly(look.mixed)) {
        (true, _) => 2,
        (false, true) => 1,
        (false, false) => 0,
    });
    give(PasteColumn::Description, &|look| match look.mostly(look.words) && !look.is_code() {
        true => 1 + look.letters / look.filled.max(1),
        false => 0,
    });
    give(PasteColumn::SupplierArticleNumber, &|look| {
        usize::from(look.is_code() && !look.mostly(look.decimals))
    });
    // Whole numbers are counted, prices have decimals; of two columns of the same kind the first is the quantity.
    give(PasteColumn::Quantity, &|look| match look.mostly(look.numbers) {
        true if look.mostly(look.decimals) => 1,
        true => 2,
        false => 0,
    });
    give(PasteColumn::Price, &|look| match look.mostly(look.numbers) {
        true if look.decimals > 0 => 2,
        true => 1,
        false => 0,
    });
}

/// What the values of a column look like.
#[derive(Default)]
struct Look {
    filled: usize,
    numbers: usize,
    /// Numbers with a decimal sign.
    decimals: usize,
    percents: usize,
    units: usize,
    /// Cells with letters.
    words: usize,
    letters: usize,
    /// One word of letters and digits, or digits too long or too alike to be counted.
    codes: usize,
    /// One word of letters and digits.
    mixed: usize,
    distinct: usize,
    /// 1, 2, 3 and so on.
    is_count: bool,
}

impl Look {
    fn of(sheet: &Sheet, column: usize) -> Self {
        let mut look = Self { is_count: column == 0 && sheet.rows.len() > 2, ..Self::default() };
        let mut seen = std::collections::BTreeSet::new();
        let cells = sheet.rows.iter().take(MAX_LOOKED_AT).filter_map(|row| row.cells.get(column));
        for cell in cells.filter(|cell| !cell.is_empty()) {
            look.filled += 1;
            look.is_count &= *cell == look.filled.to_string();
            let letters = cell.chars().filter(|character| character.is_alphabetic()).count();
            let digits = cell.chars().filter(char::is_ascii_digit).count();
            let is_number = is_number(cell);
            look.percents += usize::from(cell.ends_with('%') && digits > 0);
            look.units += usize::from(units::from_written(cell).is_some());
            look.numbers += usize::from(is_number);
            look.decimals += usize::from(is_number && cell.contains([',', '.']));
            look.words += usize::from(letters > 1 && units::from_written(cell).is_none());
            look.letters += letters;
            let is_mixed = letters > 0 && digits > 0 && !cell.contains(' ');
            let is_long = letters == 0 && digits >= 5 && !cell.contains([',', ' ', '\u{a0}']);
            let is_padded = cell.starts_with('0') && digits > 1 && !cell.contains([',', '.']);
            look.mixed += usize::from(is_mixed);
            look.codes += usize::from(is_mixed || is_long || is_padded);
            seen.insert(cell.as_str());
        }
        look.distinct = seen.len();
        look.is_count &= look.filled > 2;
        look
    }

    /// Four of five cells are so.
    fn mostly(&self, such: usize) -> bool {
        self.filled > 0 && such * 5 >= self.filled * 4
    }

    /// Numbers of articles: codes, and hardly one twice.
    fn is_code(&self) -> bool {
        self.mostly(self.codes) && self.distinct * 2 > self.filled
    }
}

fn is_number(cell: &str) -> bool {
    parse_typed(super::lines::bare_number(cell)).is_ok()
}
