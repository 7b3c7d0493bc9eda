//! What the numbers of a sheet mean that can be read in two ways, once somebody was asked.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::decimal::Readings;

/// How a number such as `1.234` is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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

/// One answer, as it goes to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The row's place in the text, from 1; 0 for the whole column.
    pub row: usize,
    pub column: usize,
    pub reading: Reading,
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

    /// All of them, each of which says what it is for.
    pub fn list(&self) -> Vec<Answer> {
        let columns = self.columns.iter().map(|(column, reading)| ((0, *column), *reading));
        let cells = self.cells.iter().map(|(place, reading)| (*place, *reading));
        columns.chain(cells).map(|((row, column), reading)| Answer { row, column, reading }).collect()
    }

    /// The answers of such a list.
    pub fn of_list(list: &[Answer]) -> Self {
        let mut answers = Self::default();
        for Answer { row, column, reading } in list {
            match row {
                0 => answers.give_column(*column, *reading),
                row => answers.give(*row, *column, *reading),
            }
        }
        answers
    }

    pub(super) fn of(&self, row: usize, column: usize) -> Option<Reading> {
        self.cells.get(&(row, column)).or_else(|| self.columns.get(&column)).copied()
    }
}
