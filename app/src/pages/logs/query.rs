//! What of the log is shown, as the address says it: a view can be linked to, reloaded and gone back to.

use domain::errors::ErrorCode;
use domain::logs::{LogFilter, LogOperation, LogPeriod, LogResult, LogView, StatusClass};
use domain::messages::Direction;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;

use super::PATH;
use crate::pages::lists::address;

/// The question in the address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LogQuery {
    pub view: LogView,
    pub filter: LogFilter,
    /// From 1.
    pub page: i64,
}

/// Names of the parameters; the form of the filters has the same.
pub(super) mod name {
    pub(in crate::pages::logs) const VIEW: &str = "vis";
    pub(in crate::pages::logs) const SEARCH: &str = "sok";
    pub(in crate::pages::logs) const PERIOD: &str = "periode";
    pub(in crate::pages::logs) const PARTNER: &str = "partner";
    pub(in crate::pages::logs) const DIRECTION: &str = "retning";
    pub(in crate::pages::logs) const OPERATION: &str = "operasjon";
    pub(in crate::pages::logs) const RESULT: &str = "resultat";
    pub(in crate::pages::logs) const STATUS: &str = "status";
    pub(in crate::pages::logs) const CAUSE: &str = "arsak";
    pub(in crate::pages::logs) const PAGE: &str = "side";
}

pub(super) fn direction_slug(direction: Direction) -> &'static str {
    match direction {
        Direction::Out => "ut",
        Direction::In => "inn",
    }
}

impl LogQuery {
    fn read(query: &ParamsMap) -> Self {
        Self::of(|name| query.get(name))
    }

    fn of(parameter: impl Fn(&str) -> Option<String>) -> Self {
        let get =
            |name: &str| parameter(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let direction = get(name::DIRECTION);
        Self {
            view: get(name::VIEW).and_then(|slug| LogView::from_slug(&slug)).unwrap_or(LogView::All),
            filter: LogFilter {
                search: get(name::SEARCH),
                period: get(name::PERIOD).and_then(|slug| LogPeriod::from_slug(&slug)),
                partner: get(name::PARTNER).and_then(|id| id.parse().ok()),
                direction: [Direction::Out, Direction::In]
                    .into_iter()
                    .find(|known| direction.as_deref() == Some(direction_slug(*known))),
                operation: get(name::OPERATION).and_then(|slug| LogOperation::from_slug(&slug)),
                result: get(name::RESULT).and_then(|slug| LogResult::from_slug(&slug)),
                status: get(name::STATUS).and_then(|slug| StatusClass::from_slug(&slug)),
                cause: get(name::CAUSE).and_then(|code| ErrorCode::from_code(&code)),
            },
            page: get(name::PAGE).and_then(|page| page.parse().ok()).unwrap_or(1),
        }
    }

    /// The address that asks this.
    pub(super) fn href(&self) -> String {
        let filter = &self.filter;
        let partner = filter.partner.map(|id| id.to_string()).unwrap_or_default();
        let page = if self.page > 1 { self.page.to_string() } else { String::new() };
        address(
            PATH,
            &[
                (name::VIEW, self.view.slug()),
                (name::SEARCH, filter.search.as_deref().unwrap_or_default()),
                (name::PERIOD, filter.period.map(LogPeriod::slug).unwrap_or_default()),
                (name::PARTNER, &partner),
                (name::DIRECTION, filter.direction.map(direction_slug).unwrap_or_default()),
                (name::OPERATION, filter.operation.map(LogOperation::slug).unwrap_or_default()),
                (name::RESULT, filter.result.map(LogResult::slug).unwrap_or_default()),
                (name::STATUS, filter.status.map(StatusClass::slug).unwrap_or_default()),
                (name::CAUSE, filter.cause.map(ErrorCode::as_str).unwrap_or_default()),
                (name::PAGE, &page),
            ],
        )
    }

    /// Another view with the same filters, from its first page.
    pub(super) fn of_view(&self, view: LogView) -> Self {
        Self { view, page: 1, ..self.clone() }
    }

    /// Another page of the same.
    pub(super) fn of_page(&self, page: i64) -> Self {
        Self { page, ..self.clone() }
    }

    /// The same view with other filters, from its first page.
    pub(super) fn with(&self, change: impl FnOnce(&mut LogFilter)) -> Self {
        let mut query = self.of_page(1);
        change(&mut query.filter);
        query
    }
}

/// What an address asks of the log.
pub fn log_question(parameter: impl Fn(&str) -> Option<String>) -> (LogView, LogFilter) {
    let LogQuery { view, filter, .. } = LogQuery::of(parameter);
    (view, filter)
}

/// The question in the address of this page.
pub(super) fn use_log_query() -> Memo<LogQuery> {
    let query = use_query_map();
    Memo::new(move |_| query.with(LogQuery::read))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_is_in_the_address_and_comes_back_from_it() {
        let query = LogQuery {
            view: LogView::Causes,
            filter: LogFilter {
                search: Some("PO-1 & 2".into()),
                period: Some(LogPeriod::Month),
                direction: Some(Direction::In),
                operation: Some(LogOperation::Orders),
                result: Some(LogResult::Failed),
                status: Some(StatusClass::Server),
                cause: Some(ErrorCode::TokenExpired),
                partner: "019a9d5e-0000-7000-8000-00000000c0de".parse().ok(),
            },
            page: 3,
        };
        let href = query.href();
        let mut read = ParamsMap::new();
        for pair in href.split_once('?').unwrap().1.split('&') {
            let (name, value) = pair.split_once('=').unwrap();
            read.insert(name.to_owned(), value.replace("%20", " ").replace("%26", "&"));
        }
        assert_eq!(LogQuery::read(&read), query);
        assert_eq!(query.of_view(LogView::All).page, 1);
        assert_eq!(LogQuery::read(&ParamsMap::new()).href(), PATH);
    }
}
