//! What the columns of a pasted sheet mean: by their headers, and where these say nothing by what stands below.

use super::{MAX_ABOVE, PasteColumn, Sheet, SheetRow};
use crate::decimal::parse_typed;
use crate::units;

/// Rows whose values are looked at.
const MAX_LOOKED_AT: usize = 200;
/// Rows whose values the registers are asked about, and columns of them.
const MAX_ASKED: usize = 60;
const MAX_ASKED_COLUMNS: usize = 6;
/// Longer texts are no numbers.
const MAX_ASKED_LENGTH: usize = 40;

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

/// How many of a column's cells (those of [`asked_cells`]) are numbers that the registers have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ColumnHits {
    pub column: usize,
    pub asked: usize,
    /// Our own numbers.
    pub own: usize,
    /// GTINs of our articles.
    pub gtin: usize,
    /// What the supplier calls his articles.
    pub theirs: usize,
}

/// What is known besides the sheet itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hints<'a> {
    pub hits: &'a [ColumnHits],
    /// The column of the order's lines that the rows were pasted into.
    pub at: Option<PasteColumn>,
}

/// What each column seems to mean; no meaning is given twice but [`PasteColumn::Ignored`].
pub fn guess(sheet: &Sheet) -> Vec<PasteColumn> {
    guess_knowing(sheet, Hints::default())
}

/// The same, with what the registers say of the columns' numbers: what they know is surer than what it looks like.
pub fn guess_knowing(sheet: &Sheet, hints: Hints<'_>) -> Vec<PasteColumn> {
    let looks: Vec<Look> = (0..sheet.width).map(|column| Look::of(sheet, column)).collect();
    let mut columns = by_header(sheet, &looks);
    by_hits(&mut columns, hints.hits);
    if let Some(at) = hints.at
        && is_pasted_number(&columns, &looks, at)
        && let Some(first) = columns.first_mut()
    {
        *first = Some(at);
    }
    by_value(&mut columns, &looks);
    columns.into_iter().map(Option::unwrap_or_default).collect()
}

/// Cells of the columns that no header explains and that could hold numbers of articles, once each; a few hundred at most.
pub fn asked_cells(sheet: &Sheet) -> Vec<(usize, Vec<String>)> {
    let looks: Vec<Look> = (0..sheet.width).map(|column| Look::of(sheet, column)).collect();
    let columns = by_header(sheet, &looks);
    let is_open = |column: &usize| {
        let look = &looks[*column];
        columns[*column].is_none()
            && ![look.decimals, look.percents, look.units].iter().any(|such| look.mostly(*such))
    };
    let cells = |column: usize| {
        let cells = sheet.rows.iter().take(MAX_ASKED).filter_map(|row| row.cells.get(column));
        let cells = cells.filter(|cell| !cell.is_empty() && cell.chars().count() <= MAX_ASKED_LENGTH);
        let distinct: std::collections::BTreeSet<String> =
            cells.map(|cell| super::lines::plain(cell).to_owned()).collect();
        (column, distinct.into_iter().collect::<Vec<String>>())
    };
    let open = (0..sheet.width).filter(is_open).map(cells).filter(|(_, cells)| !cells.is_empty());
    open.take(MAX_ASKED_COLUMNS).collect()
}

/// What the headers say, and that a column which counts lines is none.
fn by_header(sheet: &Sheet, looks: &[Look]) -> Vec<Option<PasteColumn>> {
    let mut columns: Vec<Option<PasteColumn>> = vec![None; sheet.width];
    if let Some(head) = &sheet.head {
        for (place, header) in head.iter().enumerate() {
            let meant = PasteColumn::of_header(header);
            let is_free =
                |column: &PasteColumn| *column == PasteColumn::Ignored || !columns.contains(&Some(*column));
            columns[place] = meant.filter(is_free);
        }
    }
    for (column, look) in columns.iter_mut().zip(looks) {
        // *Nr.* above 1, 2, 3 counts lines; so does such a column without a header.
        if look.is_count && matches!(column, None | Some(PasteColumn::ArticleNumber)) {
            *column = Some(PasteColumn::Ignored);
        }
    }
    columns
}

/// A column is ours, or the supplier's, when more than half of its numbers are; of several the one with most, then the first.
fn by_hits(columns: &mut [Option<PasteColumn>], hits: &[ColumnHits]) {
    let mut give = |column: PasteColumn, found: &dyn Fn(&ColumnHits) -> usize| {
        if columns.contains(&Some(column)) {
            return;
        }
        let free = hits.iter().rev().filter(|hits| {
            columns.get(hits.column).is_some_and(Option::is_none) && found(hits) * 2 > hits.asked
        });
        if let Some(best) = free.max_by_key(|hits| found(hits)).map(|hits| hits.column) {
            columns[best] = Some(column);
        }
    };
    give(PasteColumn::ArticleNumber, &|hits| hits.own);
    give(PasteColumn::ArticleNumber, &|hits| hits.gtin);
    give(PasteColumn::SupplierArticleNumber, &|hits| hits.theirs);
    // A GTIN beside our number says the same once more, and is no number of the supplier's.
    for hits in hits.iter().filter(|hits| hits.gtin * 2 > hits.asked) {
        if let Some(column) = columns.get_mut(hits.column) {
            column.get_or_insert(PasteColumn::Ignored);
        }
    }
}

/// The first column went into the cells of a number, and nothing else in the sheet names an article: whole numbers beside other numbers.
fn is_pasted_number(columns: &[Option<PasteColumn>], looks: &[Look], at: PasteColumn) -> bool {
    let is_number = matches!(at, PasteColumn::ArticleNumber | PasteColumn::SupplierArticleNumber);
    let whole = |look: &Look| look.mostly(look.numbers) && !look.mostly(look.decimals);
    let names = |look: &Look| look.mostly(look.words) || look.mostly(look.mixed) || look.is_code();
    let is_open = columns.iter().all(Option::is_none);
    let counts = looks.iter().skip(1).any(whole) || looks.len() == 1;
    is_number && is_open && counts && looks.first().is_some_and(whole) && !looks.iter().any(names)
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
