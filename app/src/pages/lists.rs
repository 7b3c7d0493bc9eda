//! What lists have in common: the question in the address, and what is shown when the answer is an error.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::location::Url;

use crate::components::PageFault;
use crate::error::AppError;

/// The parameter that says where a page leads back to.
const BACK: &str = "tilbake";

/// What a list is asked for, as its address says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// The slug of the view; empty for the usual one.
    pub view: String,
    pub search: String,
    /// From 1.
    pub page: i64,
}

impl ListQuery {
    /// The search text, when there is one.
    pub fn search(&self) -> Option<String> {
        (!self.search.is_empty()).then(|| self.search.clone())
    }

    /// The address of another page of the same list.
    pub fn page_href(&self, path: &str, page: i64) -> String {
        let page = if page > 1 { page.to_string() } else { String::new() };
        address(path, &[("vis", &self.view), ("sok", &self.search), ("side", &page)])
    }

    /// The address of another view with the same search.
    pub fn view_href(&self, path: &str, view: &str) -> String {
        address(path, &[("vis", view), ("sok", &self.search)])
    }
}

/// The question in the address of this page.
pub fn use_list_query() -> Memo<ListQuery> {
    let query = use_query_map();
    Memo::new(move |_| {
        query.with(|query| ListQuery {
            view: query.get("vis").unwrap_or_default(),
            search: query.get("sok").unwrap_or_default().trim().to_owned(),
            page: query.get("side").and_then(|page| page.parse().ok()).unwrap_or(1),
        })
    })
}

/// What was just done, as the address says it: the slug after `kvittering`.
pub fn use_receipt() -> Memo<String> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| query.get("kvittering").unwrap_or_default()))
}

/// A path with the parameters that are not empty.
pub fn address(path: &str, parameters: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = parameters
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", Url::escape(value)))
        .collect();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

/// Adds to an address where its page leads back to; what stands behind `#` stays last.
pub fn with_back(href: &str, back: &str) -> String {
    let (path, fragment) =
        href.split_once('#').map_or((href, None), |(path, fragment)| (path, Some(fragment)));
    let joint = if path.contains('?') { '&' } else { '?' };
    let fragment = fragment.map(|fragment| format!("#{fragment}")).unwrap_or_default();
    format!("{path}{joint}{BACK}={}{fragment}", Url::escape(back))
}

/// Where this page leads back to, when a list of findings sent the reader here; only pages of ours.
pub fn use_back() -> Memo<Option<String>> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| query.get(BACK).filter(|back| is_ours(back))))
}

/// Whether it is a page of this program, and not an address that only looks like one.
pub fn is_ours(path: &str) -> bool {
    path.starts_with('/')
        && !matches!(path.chars().nth(1), Some('/' | '\\'))
        && !path.chars().any(char::is_control)
}

/// The page of what was read, or the page that says why it could not be.
pub fn shown<T>(result: Result<T, AppError>, page: impl FnOnce(T) -> AnyView) -> AnyView {
    match result {
        Ok(value) => page(value),
        Err(error) => view! { <PageFault error/> }.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_stands_before_the_field() {
        assert_eq!(
            with_back("/ordre/1/rediger#lines-0-quantity", "/eksport?ordre=7"),
            "/ordre/1/rediger?tilbake=%2Feksport%3Fordre%3D7#lines-0-quantity"
        );
        assert_eq!(with_back("/a?b=1", "/c"), "/a?b=1&tilbake=%2Fc");
        assert!(!is_ours("//example.org") && !is_ours("https://example.org") && is_ours("/ordre"));
    }

    #[test]
    fn only_what_was_asked_for_stands_in_the_address() {
        let query = ListQuery { view: "avvist".to_owned(), search: "SO 12".to_owned(), page: 3 };
        assert_eq!(query.page_href("/salg/ordrekladder", 1), "/salg/ordrekladder?vis=avvist&sok=SO%2012");
        assert_eq!(query.view_href("/salg/ordrekladder", ""), "/salg/ordrekladder?sok=SO%2012");
        assert_eq!(ListQuery::default().page_href("/artikler", 2), "/artikler?side=2");
    }
}
