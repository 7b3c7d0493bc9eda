//! One page of a list.

use serde::{Deserialize, Serialize};

/// Rows on a page of the interface.
pub const PAGE_SIZE: i64 = 50;
/// The most that any list gives at once.
pub const MAX_PAGE_SIZE: i64 = 200;
/// How many rows a person may have on a page.
pub const PAGE_SIZES: [i64; 3] = [PAGE_SIZE, 100, MAX_PAGE_SIZE];
/// The most rows that are counted of what was searched for or filtered; more of them are "more than so many".
pub const MAX_COUNTED: i64 = 10_000;

/// Which way a list is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    Ascending,
    Descending,
}

/// Reads what an address says of the sort: a column's slug, with `-` before it when the largest comes first.
pub fn sorted_by<T>(text: &str, column: impl Fn(&str) -> Option<T>) -> Option<(T, Direction)> {
    match text.strip_prefix('-') {
        Some(slug) => column(slug).map(|column| (column, Direction::Descending)),
        None => column(text).map(|column| (column, Direction::Ascending)),
    }
}

/// A page of rows and how many there are in all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    pub rows: Vec<T>,
    pub total: i64,
    /// From 1.
    pub page: i64,
    pub page_size: i64,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), total: 0, page: 1, page_size: PAGE_SIZE }
    }
}

/// Which page is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRequest {
    /// From 1.
    pub page: i64,
    pub page_size: i64,
}

impl Default for PageRequest {
    fn default() -> Self {
        Self { page: 1, page_size: PAGE_SIZE }
    }
}

impl PageRequest {
    /// The page, with both figures kept inside their bounds.
    pub fn of(page: i64) -> Self {
        Self { page: page.clamp(1, 1_000_000), page_size: PAGE_SIZE }
    }

    /// The page with this many rows, where that is one of [`PAGE_SIZES`].
    pub fn sized(page: i64, page_size: i64) -> Self {
        let page_size = if PAGE_SIZES.contains(&page_size) { page_size } else { PAGE_SIZE };
        Self { page_size, ..Self::of(page) }
    }

    /// Rows before the page.
    pub fn offset(self) -> i64 {
        (self.page.max(1) - 1) * self.limit()
    }

    /// Rows on the page.
    pub fn limit(self) -> i64 {
        self.page_size.clamp(1, MAX_PAGE_SIZE)
    }
}
