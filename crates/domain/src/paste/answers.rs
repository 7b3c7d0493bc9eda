//! What the numbers of a sheet mean that can be read in two ways, once somebody was asked.

use std::collections::BTreeMap;

use crate::decimal::Readings;

/// How a number such as `1.234` is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// 1234.
    Thousands,
    /// 1,234.
    Decimals,
}

impl Reading {
    /// The value, in millionths.
    pub(super) fn of(self, readings: Readings) -> i64 {
        match self {
            Self::Thousands => readings.thousands,
            Self::Decimals => readings.decimals,
        }
    }
}

/// The answers that were given for a sheet, by the places of its columns: what a column means can be chosen anew, and its cells are
/// still read as was said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    columns: BTreeMap<usize, Reading>,
    cells: BTreeMap<(usize, usize), Reading>,
}

impl Answers {
    /// For the cell of this row, counted as [`super::SheetRow::number`].
    pub fn give(&mut self, row: usize, column: usize, reading: Reading) {
        self.cells.insert((row, column), reading);
    }

    /// For every cell of the column that was not answered alone.
    pub fn give_column(&mut self, column: usize, reading: Reading) {
        self.columns.insert(column, reading);
    }

    pub(super) fn of(&self, row: usize, column: usize) -> Option<Reading> {
        self.cells.get(&(row, column)).or_else(|| self.columns.get(&column)).copied()
    }
}
