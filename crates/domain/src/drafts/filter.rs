//! What a list of drafts is asked for, as its address says it.

use serde::{Deserialize, Serialize};

use super::DraftView;
use crate::ids::ContactId;
use crate::orders::searched;
use crate::paging::{Direction, sorted_by};

/// What the list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftSort {
    #[default]
    Received,
    Wanted,
    Total,
}

impl DraftSort {
    pub const ALL: [Self; 3] = [Self::Received, Self::Wanted, Self::Total];

    /// The word in addresses.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Received => "mottatt",
            Self::Wanted => "onsket",
            Self::Total => "sum",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.slug() == text)
    }
}

impl DraftView {
    pub const ALL: [Self; 5] = [Self::Open, Self::WithIssues, Self::Approved, Self::Rejected, Self::All];

    /// The word in addresses.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Open => "nye",
            Self::WithIssues => "avvik",
            Self::Approved => "godkjent",
            Self::Rejected => "avvist",
            Self::All => "alle",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.slug() == text)
    }
}

/// Which drafts a list shows, and in which order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftFilter {
    pub view: DraftView,
    /// Our number, the customer's, or the customer's name.
    pub search: Option<String>,
    pub customer: Option<ContactId>,
    pub sort: DraftSort,
    pub direction: Direction,
}

impl DraftFilter {
    /// The whole view, what came last first.
    pub fn of_view(view: DraftView) -> Self {
        Self {
            view,
            search: None,
            customer: None,
            sort: DraftSort::Received,
            direction: Direction::Descending,
        }
    }

    /// Reads the parameters of the list's address: `vis`, `sok`, `kunde`, `sorter`. What cannot be read is as if it were not there.
    pub fn read(parameter: impl Fn(&str) -> Option<String>) -> Self {
        let (sort, direction) = parameter("sorter")
            .and_then(|sorted| sorted_by(sorted.trim(), DraftSort::from_slug))
            .unwrap_or((DraftSort::Received, Direction::Descending));
        Self {
            view: parameter("vis").and_then(|slug| DraftView::from_slug(&slug)).unwrap_or_default(),
            search: parameter("sok").and_then(|search| searched(&search)),
            customer: parameter("kunde").and_then(|id| id.trim().parse().ok()),
            sort,
            direction,
        }
    }

    /// Shows the whole view: only its sort may be another.
    pub fn is_plain(&self) -> bool {
        self.search.is_none() && self.customer.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read() {
        let read = |name: &str| match name {
            "vis" => Some("avvist".to_owned()),
            "sok" => Some(" K-9 ".to_owned()),
            "sorter" => Some("sum".to_owned()),
            "kunde" => Some("x".to_owned()),
            _ => None,
        };
        let filter = DraftFilter::read(read);
        assert_eq!((filter.view, filter.search.as_deref()), (DraftView::Rejected, Some("K-9")));
        assert_eq!(
            (filter.sort, filter.direction, filter.customer),
            (DraftSort::Total, Direction::Ascending, None)
        );
        assert_eq!(DraftFilter::read(|_| None), DraftFilter::of_view(DraftView::Open));
    }
}
