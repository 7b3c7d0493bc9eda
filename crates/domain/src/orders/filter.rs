//! What a list of orders is asked for: view, filters, search and sort, as the list's address says it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{OrderStatus, OrderView};
use crate::exports::{Finding, Outcome};
use crate::ids::{ContactId, OrderId};
use crate::paging::{Direction, sorted_by};
use crate::time::{CalendarDate, Timestamp};

/// The most characters of a search that are looked at.
pub const MAX_SEARCH: usize = 200;

/// Days from the first to the last, both among them; an end that is not there is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateRange {
    pub from: Option<CalendarDate>,
    pub to: Option<CalendarDate>,
}

impl DateRange {
    /// Nothing is left out.
    pub fn is_open(self) -> bool {
        self.from.is_none() && self.to.is_none()
    }

    /// The moments of these days in Norway: from the first, before the second.
    pub fn moments(self) -> (Option<Timestamp>, Option<Timestamp>) {
        let after_last = self.to.and_then(|last| last.plus_days(1));
        (self.from.map(CalendarDate::begin_in_oslo), after_last.map(CalendarDate::begin_in_oslo))
    }
}

/// What the list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderSort {
    #[default]
    Changed,
    Number,
    Supplier,
    /// In the order of an order's life.
    Status,
    Wanted,
    Total,
}

impl OrderSort {
    pub const ALL: [Self; 6] =
        [Self::Changed, Self::Number, Self::Supplier, Self::Status, Self::Wanted, Self::Total];

    /// The word in addresses.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Changed => "endret",
            Self::Number => "nummer",
            Self::Supplier => "leverandor",
            Self::Status => "status",
            Self::Wanted => "onsket",
            Self::Total => "sum",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.slug() == text)
    }
}

impl OrderView {
    pub const ALL: [Self; 5] = [Self::NeedsYou, Self::Drafts, Self::Waiting, Self::Approved, Self::All];

    /// The word in addresses.
    pub fn slug(self) -> &'static str {
        match self {
            Self::NeedsYou => "trenger-deg",
            Self::Drafts => "kladder",
            Self::Waiting => "venter",
            Self::Approved => "godkjent",
            Self::All => "alle",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.slug() == text)
    }
}

/// Which orders a list shows, and in which order. What the address says and cannot be read is as if it were not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderFilter {
    pub view: OrderView,
    /// Number, the partner's number, the file's reference, or the supplier's name.
    pub search: Option<String>,
    pub supplier: Option<ContactId>,
    pub status: Option<OrderStatus>,
    pub wanted: DateRange,
    pub changed: DateRange,
    /// Only the orders that were made by whoever asks.
    pub mine: bool,
    pub sort: OrderSort,
    pub direction: Direction,
}

impl Default for OrderFilter {
    fn default() -> Self {
        Self::of_view(OrderView::All)
    }
}

impl OrderFilter {
    /// The whole view, newest change first.
    pub fn of_view(view: OrderView) -> Self {
        Self {
            view,
            search: None,
            supplier: None,
            status: None,
            wanted: DateRange::default(),
            changed: DateRange::default(),
            mine: false,
            sort: OrderSort::Changed,
            direction: Direction::Descending,
        }
    }

    /// Reads the parameters of the list's address: `vis`, `sok`, `lev`, `status`, `onsket_fra`, `onsket_til`, `endret_fra`,
    /// `endret_til`, `mine`, `sorter`.
    pub fn read(parameter: impl Fn(&str) -> Option<String>) -> Self {
        let text =
            |name: &str| parameter(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let date = |name: &str| text(name).and_then(|text| text.parse().ok());
        let (sort, direction) = text("sorter")
            .and_then(|sorted| sorted_by(&sorted, OrderSort::from_slug))
            .unwrap_or((OrderSort::Changed, Direction::Descending));
        Self {
            view: text("vis").and_then(|slug| OrderView::from_slug(&slug)).unwrap_or_default(),
            search: text("sok").and_then(|search| searched(&search)),
            supplier: text("lev").and_then(|id| id.parse().ok()),
            status: text("status").and_then(|code| OrderStatus::from_code(&code)),
            wanted: DateRange { from: date("onsket_fra"), to: date("onsket_til") },
            changed: DateRange { from: date("endret_fra"), to: date("endret_til") },
            mine: text("mine").is_some(),
            sort,
            direction,
        }
    }

    /// Shows the whole view: only its sort may be another.
    pub fn is_plain(&self) -> bool {
        self.search.is_none()
            && self.supplier.is_none()
            && self.status.is_none()
            && self.wanted.is_open()
            && self.changed.is_open()
            && !self.mine
    }
}

/// How many lines of an order the supplier understands as they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExactLines {
    pub order_id: OrderId,
    /// Of the order as it was counted.
    pub updated_at: Timestamp,
    pub exact: i64,
    pub lines: i64,
    /// The supplier's catalogue is known.
    pub is_checked: bool,
    /// What stops the export of an order that is ready.
    #[serde(default)]
    pub stop: Option<ExportStop>,
}

/// What the check before an export would stop an order for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportStop {
    /// So many of its lines, and the number of the first of them.
    Lines { count: i64, first: i32 },
    /// Something that is not about a line: the connection, or the supplier's own answer.
    Check,
}

impl ExportStop {
    /// The worst of what the check found; `None` when the order goes as it is. What stops every order to the supplier goes before lines.
    pub fn of(findings: &[Finding]) -> Option<Self> {
        let stops = || findings.iter().filter(|finding| finding.outcome >= Outcome::Overridable);
        if stops().any(|finding| finding.line_number.is_none()) {
            return Some(Self::Check);
        }
        let lines: BTreeSet<i32> = stops().filter_map(|finding| finding.line_number).collect();
        let count = i64::try_from(lines.len()).unwrap_or(i64::MAX);
        lines.first().map(|first| Self::Lines { count, first: *first })
    }
}

/// What is searched for: what can be seen of it, and no more than [`MAX_SEARCH`] characters.
pub fn searched(text: &str) -> Option<String> {
    let shown: String = text.chars().filter(|c| !crate::text::is_hidden(*c)).take(MAX_SEARCH).collect();
    let shown = shown.trim();
    (!shown.is_empty()).then(|| shown.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(address: &'static str) -> OrderFilter {
        OrderFilter::read(|name| {
            address
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .find(|(known, _)| *known == name)
                .map(|(_, value)| value.to_owned())
        })
    }

    #[test]
    fn an_address_is_read() {
        let filter = read(
            "vis=kladder&sok= PO 4 &lev=0190a5b2-7c1e-7000-8000-000000000001&status=ready&onsket_fra=2026-12-01&mine=1&sorter=-sum",
        );
        assert_eq!(filter.view, OrderView::Drafts);
        assert_eq!(filter.search.as_deref(), Some("PO 4"));
        assert_eq!(filter.status, Some(OrderStatus::Ready));
        assert_eq!(filter.wanted.from.map(|date| date.to_string()).as_deref(), Some("2026-12-01"));
        assert_eq!((filter.sort, filter.direction), (OrderSort::Total, Direction::Descending));
        assert!(filter.supplier.is_some() && filter.mine && !filter.is_plain());
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        let filter =
            read("vis=x&sok=  &lev=7&status=klar&onsket_fra=i gaar&endret_til=2026-02-30&sorter=pris&mine=");
        assert_eq!(filter, OrderFilter::default());
        assert!(filter.is_plain());
    }

    #[test]
    fn slugs_are_read_back() {
        assert!(OrderView::ALL.into_iter().all(|view| OrderView::from_slug(view.slug()) == Some(view)));
        assert!(OrderSort::ALL.into_iter().all(|sort| OrderSort::from_slug(sort.slug()) == Some(sort)));
    }

    #[test]
    fn what_stops_an_order_is_told_once() {
        let finding = |outcome, line_number| Finding {
            check: crate::exports::ExportCheck::LinesExact,
            outcome,
            code: None,
            line_number,
            params: Default::default(),
        };
        let lines = [
            finding(Outcome::Overridable, Some(4)),
            finding(Outcome::Stops, Some(2)),
            finding(Outcome::Overridable, Some(2)),
            finding(Outcome::Warning, Some(1)),
        ];
        assert_eq!(ExportStop::of(&lines), Some(ExportStop::Lines { count: 2, first: 2 }));
        assert_eq!(ExportStop::of(&lines[3..]), None);
        let all = [&lines[..], &[finding(Outcome::Stops, None)]].concat();
        assert_eq!(ExportStop::of(&all), Some(ExportStop::Check));
    }

    #[test]
    fn days_are_whole_days_in_norway() {
        let day = |text: &str| text.parse::<CalendarDate>().ok();
        let range = DateRange { from: day("2026-11-01"), to: day("2026-11-30") };
        let (from, before) = range.moments();
        assert_eq!(from, Timestamp::from_rfc3339("2026-10-31T23:00:00Z"));
        assert_eq!(before, Timestamp::from_rfc3339("2026-11-30T23:00:00Z"));
    }
}
