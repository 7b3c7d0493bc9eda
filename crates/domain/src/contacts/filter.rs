//! What a list of contacts is asked for, as its address says it.

use serde::{Deserialize, Serialize};

use super::ContactRole;
use crate::orders::searched;
use crate::paging::{Direction, sorted_by};

/// What the list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactSort {
    #[default]
    Name,
    City,
    Changed,
}

impl ContactSort {
    pub const ALL: [Self; 3] = [Self::Name, Self::City, Self::Changed];

    /// The word in addresses.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Name => "navn",
            Self::City => "sted",
            Self::Changed => "endret",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.slug() == text)
    }
}

/// Which contacts a list shows, and in which order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactFilter {
    pub role: Option<ContactRole>,
    /// Name, organisation number or city.
    pub search: Option<String>,
    /// Whether there is a connection to it or a token for it.
    pub connected: Option<bool>,
    /// Only those that are suppliers and customers.
    pub both_roles: bool,
    /// Only those that an incoming order made and nobody has looked at.
    pub needs_review: bool,
    pub sort: ContactSort,
    pub direction: Direction,
}

impl ContactFilter {
    /// Those of the role that a text may mean, by name.
    pub fn of_role(role: Option<ContactRole>, search: Option<&str>) -> Self {
        Self {
            role,
            search: search.and_then(searched),
            connected: None,
            both_roles: false,
            needs_review: false,
            sort: ContactSort::Name,
            direction: Direction::Ascending,
        }
    }

    /// Reads the parameters of the list's address: `sok`, `kobling` (`ja`, `nei`), `begge`, `ny`, `sorter`. What cannot be read is as
    /// if it were not there.
    pub fn read(role: Option<ContactRole>, parameter: impl Fn(&str) -> Option<String>) -> Self {
        let text =
            |name: &str| parameter(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let (sort, direction) = text("sorter")
            .and_then(|sorted| sorted_by(&sorted, ContactSort::from_slug))
            .unwrap_or((ContactSort::Name, Direction::Ascending));
        Self {
            role,
            search: text("sok").and_then(|search| searched(&search)),
            connected: match text("kobling").as_deref() {
                Some("ja") => Some(true),
                Some("nei") => Some(false),
                _ => None,
            },
            both_roles: text("begge").is_some(),
            needs_review: text("ny").is_some(),
            sort,
            direction,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read() {
        let read = |name: &str| match name {
            "kobling" => Some("nei".to_owned()),
            "sorter" => Some("-endret".to_owned()),
            "begge" => Some("1".to_owned()),
            _ => None,
        };
        let filter = ContactFilter::read(Some(ContactRole::Supplier), read);
        assert_eq!((filter.connected, filter.both_roles, filter.needs_review), (Some(false), true, false));
        assert_eq!((filter.sort, filter.direction), (ContactSort::Changed, Direction::Descending));
        assert_eq!(ContactFilter::read(None, |_| None), ContactFilter::of_role(None, None));
    }
}
