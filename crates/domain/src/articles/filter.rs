//! What the list of articles is asked for, as its address says it.

use serde::{Deserialize, Serialize};

use super::ArticleStatus;
use crate::ids::ContactId;
use crate::orders::searched;
use crate::paging::{Direction, sorted_by};

/// What the list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArticleSort {
    #[default]
    Number,
    Name,
    Price,
}

impl ArticleSort {
    pub const ALL: [Self; 3] = [Self::Number, Self::Name, Self::Price];

    /// The word in addresses.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Number => "nummer",
            Self::Name => "navn",
            Self::Price => "pris",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.slug() == text)
    }
}

/// Which articles a list shows, and in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleFilter {
    /// Numbers and names, as the search while typing takes them.
    pub search: Option<String>,
    pub supplier: Option<ContactId>,
    pub status: Option<ArticleStatus>,
    /// Only those that have no number at any supplier.
    pub without_supplier: bool,
    /// `None`: what was searched for has the best hits first, everything else is sorted by number.
    pub sort: Option<(ArticleSort, Direction)>,
}

impl ArticleFilter {
    /// Everything that a text may mean.
    pub fn of_search(search: Option<String>) -> Self {
        Self { search: search.and_then(|text| searched(&text)), ..Self::default() }
    }

    /// Reads the parameters of the list's address: `sok`, `lev`, `status`, `uten`, `sorter`. What cannot be read is as if it were not
    /// there.
    pub fn read(parameter: impl Fn(&str) -> Option<String>) -> Self {
        let text =
            |name: &str| parameter(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        Self {
            search: text("sok").and_then(|search| searched(&search)),
            supplier: text("lev").and_then(|id| id.parse().ok()),
            status: text("status").and_then(|code| ArticleStatus::parse(&code)),
            without_supplier: text("uten").is_some(),
            sort: text("sorter").and_then(|sorted| sorted_by(&sorted, ArticleSort::from_slug)),
        }
    }

    /// Shows every article.
    pub fn is_plain(&self) -> bool {
        self.search.is_none() && self.supplier.is_none() && self.status.is_none() && !self.without_supplier
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read() {
        let read = |name: &str| match name {
            "sok" => Some(" skrue ".to_owned()),
            "status" => Some("going_out".to_owned()),
            "uten" => Some("1".to_owned()),
            "lev" => Some("7".to_owned()),
            "sorter" => Some("-pris".to_owned()),
            _ => None,
        };
        let filter = ArticleFilter::read(read);
        assert_eq!((filter.search.as_deref(), filter.supplier), (Some("skrue"), None));
        assert_eq!(filter.status, Some(ArticleStatus::GoingOut));
        assert_eq!(filter.sort, Some((ArticleSort::Price, Direction::Descending)));
        assert!(filter.without_supplier && !filter.is_plain());
        assert!(ArticleFilter::read(|_| None).is_plain());
    }
}
