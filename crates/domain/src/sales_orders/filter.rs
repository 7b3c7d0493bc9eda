//! What a list of sales orders is asked for, as its address says it.

use serde::{Deserialize, Serialize};

use crate::ids::ContactId;
use crate::orders::{DateRange, searched};
use crate::paging::{Direction, sorted_by};

/// What the list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SalesOrderSort {
    #[default]
    Created,
    Wanted,
    Total,
}

impl SalesOrderSort {
    pub const ALL: [Self; 3] = [Self::Created, Self::Wanted, Self::Total];

    /// The word in addresses.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Created => "laget",
            Self::Wanted => "onsket",
            Self::Total => "sum",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.slug() == text)
    }
}

/// Which sales orders a list shows, and in which order. What the address says and cannot be read is as if it were not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SalesOrderFilter {
    /// Our number, the customer's, or the customer's name.
    pub search: Option<String>,
    pub customer: Option<ContactId>,
    pub wanted: DateRange,
    pub created: DateRange,
    pub sort: SalesOrderSort,
    pub direction: Direction,
}

impl Default for SalesOrderFilter {
    fn default() -> Self {
        Self {
            search: None,
            customer: None,
            wanted: DateRange::default(),
            created: DateRange::default(),
            sort: SalesOrderSort::Created,
            direction: Direction::Descending,
        }
    }
}

impl SalesOrderFilter {
    /// Reads the parameters of the list's address: `sok`, `kunde`, `onsket_fra`, `onsket_til`, `laget_fra`, `laget_til`, `sorter`.
    pub fn read(parameter: impl Fn(&str) -> Option<String>) -> Self {
        let text =
            |name: &str| parameter(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let date = |name: &str| text(name).and_then(|text| text.parse().ok());
        let (sort, direction) = text("sorter")
            .and_then(|sorted| sorted_by(&sorted, SalesOrderSort::from_slug))
            .unwrap_or((SalesOrderSort::Created, Direction::Descending));
        Self {
            search: text("sok").and_then(|search| searched(&search)),
            customer: text("kunde").and_then(|id| id.parse().ok()),
            wanted: DateRange { from: date("onsket_fra"), to: date("onsket_til") },
            created: DateRange { from: date("laget_fra"), to: date("laget_til") },
            sort,
            direction,
        }
    }

    /// Shows every sales order: only its sort may be another.
    pub fn is_plain(&self) -> bool {
        self.search.is_none() && self.customer.is_none() && self.wanted.is_open() && self.created.is_open()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read() {
        let read = |name: &str| match name {
            "sok" => Some(" S-9 ".to_owned()),
            "sorter" => Some("sum".to_owned()),
            "laget_fra" => Some("2026-11-01".to_owned()),
            "onsket_til" => Some("i gaar".to_owned()),
            "kunde" => Some("x".to_owned()),
            _ => None,
        };
        let filter = SalesOrderFilter::read(read);
        assert_eq!((filter.search.as_deref(), filter.customer), (Some("S-9"), None));
        assert_eq!((filter.sort, filter.direction), (SalesOrderSort::Total, Direction::Ascending));
        assert!(filter.created.from.is_some() && filter.wanted.is_open() && !filter.is_plain());
        assert_eq!(SalesOrderFilter::read(|_| None), SalesOrderFilter::default());
    }
}
