//! One page of a list.

use serde::{Deserialize, Serialize};

/// Rows on a page of the interface.
pub const PAGE_SIZE: i64 = 50;
/// The most that any list gives at once.
pub const MAX_PAGE_SIZE: i64 = 200;

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

    /// Rows before the page.
    pub fn offset(self) -> i64 {
        (self.page.max(1) - 1) * self.limit()
    }

    /// Rows on the page.
    pub fn limit(self) -> i64 {
        self.page_size.clamp(1, MAX_PAGE_SIZE)
    }
}
