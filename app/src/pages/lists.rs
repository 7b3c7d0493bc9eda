//! What lists have in common: the question in the address, and what is shown when the answer is an error.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::location::Url;
use leptos_router::params::ParamsMap;

use domain::paging::{Direction, PAGE_SIZE, PAGE_SIZES};

use crate::components::PageFault;
use crate::error::AppError;

/// The parameter that says where a page leads back to.
const BACK: &str = "tilbake";
/// Parameters of a list beside its view, its search and its page: filters, sort, and how it is shown.
const MORE: [&str; 19] = [
    "lev",
    "kunde",
    "status",
    "onsket_fra",
    "onsket_til",
    "endret_fra",
    "endret_til",
    "laget_fra",
    "laget_til",
    "mine",
    "kobling",
    "uten",
    "begge",
    "ny",
    "sorter",
    "antall",
    "kol",
    "tett",
    "visning",
];
/// Those of them that say how a list is shown, and not what.
const LOOKS: [&str; 5] = ["sorter", "antall", "kol", "tett", "visning"];

/// What a list is asked for, as its address says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// The slug of the view; empty for the usual one.
    pub view: String,
    pub search: String,
    /// From 1.
    pub page: i64,
    /// Everything that fits is chosen, on this page of the list and on all others.
    pub all_picked: bool,
    /// The other parameters that lists know, in the order of the address.
    more: Vec<(&'static str, String)>,
}

impl ListQuery {
    fn read(query: &ParamsMap) -> Self {
        // A box that stands for each column gives the same name again and again.
        let read = |name: &'static str| {
            let values = query.get_all(name)?;
            let value: Vec<&str> =
                values.iter().map(|value| value.trim()).filter(|value| !value.is_empty()).collect();
            (!value.is_empty()).then(|| (name, value.join(",")))
        };
        Self {
            view: query.get("vis").unwrap_or_default(),
            search: query.get("sok").unwrap_or_default().trim().to_owned(),
            page: query.get("side").and_then(|page| page.parse().ok()).unwrap_or(1),
            all_picked: query.get("valgt").as_deref() == Some("alle"),
            more: MORE.into_iter().filter_map(read).collect(),
        }
    }

    /// The search text, when there is one.
    pub fn search(&self) -> Option<String> {
        (!self.search.is_empty()).then(|| self.search.clone())
    }

    /// A parameter's value; empty when it is not there.
    pub fn get(&self, name: &str) -> &str {
        match name {
            "vis" => &self.view,
            "sok" => &self.search,
            name => self.more.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value),
        }
    }

    /// The same list from its first page, with one parameter changed; an empty value takes it away.
    #[must_use]
    pub fn with(&self, name: &'static str, value: impl Into<String>) -> Self {
        let (mut query, value) = (Self { page: 1, all_picked: false, ..self.clone() }, value.into());
        match name {
            "vis" => query.view = value,
            "sok" => query.search = value,
            name => {
                query.more.retain(|(known, _)| *known != name);
                if !value.is_empty() {
                    query.more.push((name, value));
                }
            }
        }
        query
    }

    /// Rows on a page.
    pub fn page_size(&self) -> i64 {
        self.get("antall").parse().ok().filter(|size| PAGE_SIZES.contains(size)).unwrap_or(PAGE_SIZE)
    }

    /// Something is left out beside what the view leaves out.
    pub fn is_filtered(&self) -> bool {
        !self.search.is_empty() || self.more.iter().any(|(name, _)| !LOOKS.contains(name))
    }

    /// How many filters are chosen, beside the search.
    pub fn filters(&self) -> usize {
        self.more.iter().filter(|(name, _)| !LOOKS.contains(name)).count()
    }

    /// The parameters of the address, without the page.
    fn pairs(&self) -> Vec<(&str, &str)> {
        let more = self.more.iter().map(|(name, value)| (*name, value.as_str()));
        [("vis", self.view.as_str()), ("sok", self.search.as_str())].into_iter().chain(more).collect()
    }

    /// The question as it stands in an address, without the page; what server functions and saved views are given.
    pub fn question(&self) -> String {
        address("", &self.pairs()).trim_start_matches('?').to_owned()
    }

    /// The address of this page of the list.
    pub fn href(&self, path: &str) -> String {
        self.page_href(path, self.page)
    }

    /// The address of another page of the same list.
    pub fn page_href(&self, path: &str, page: i64) -> String {
        let page = if page > 1 { page.to_string() } else { String::new() };
        let mut pairs = self.pairs();
        pairs.push(("side", &page));
        address(path, &pairs)
    }

    /// The address of another view with the same search, filters and looks.
    pub fn view_href(&self, path: &str, view: &str) -> String {
        self.with("visning", "").with("vis", view).href(path)
    }

    /// The same view without search and filters.
    #[must_use]
    pub fn unfiltered(&self) -> Self {
        let looks = self.more.iter().filter(|(name, _)| LOOKS.contains(name)).cloned().collect();
        Self { view: self.view.clone(), page: 1, more: looks, ..Self::default() }
    }

    /// The parameters that a search form keeps: everything but the search, the filters and the page.
    pub fn kept(&self) -> Vec<(&'static str, String)> {
        let looks = self.more.iter().filter(|(name, _)| LOOKS.contains(name)).cloned();
        std::iter::once(("vis", self.view.clone())).chain(looks).collect()
    }

    /// Everything but how the list is shown, for a form that changes that.
    pub fn asked(&self) -> Vec<(&'static str, String)> {
        let filters = self.more.iter().filter(|(name, _)| *name != "kol").cloned();
        [("vis", self.view.clone()), ("sok", self.search.clone())].into_iter().chain(filters).collect()
    }

    /// The link of a column's head, and the direction if the list is sorted by it. `usual` is the list's own sort, `first` the way that
    /// the column is sorted when it is pressed first.
    pub fn sorted(&self, path: &str, slug: &str, usual: &str, first: Direction) -> (String, Option<bool>) {
        let sort = if self.get("sorter").is_empty() { usual } else { self.get("sorter") };
        let written = |descending: bool| if descending { format!("-{slug}") } else { slug.to_owned() };
        let current = match sort.strip_prefix('-') {
            Some(known) => (known == slug).then_some(true),
            None => (sort == slug).then_some(false),
        };
        let next = current.map_or(first == Direction::Descending, |descending| !descending);
        let next = written(next);
        let value = if next == usual { String::new() } else { next };
        (self.with("sorter", value).href(path), current.map(|descending| !descending))
    }

    /// Whether an optional column is shown; all of them are until some are chosen.
    pub fn shows(&self, column: &str) -> bool {
        let chosen = self.get("kol");
        chosen.is_empty() || chosen.split(',').any(|known| known == column)
    }

    /// Rows stand close together.
    pub fn is_compact(&self) -> bool {
        !self.get("tett").is_empty()
    }
}

/// The pairs of a question that [`ListQuery::question`] wrote.
pub fn pairs_of(question: &str) -> Vec<(String, String)> {
    let read = |text: &str| Url::unescape(&text.replace('+', " "));
    question
        .trim_start_matches('?')
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (read(name), read(value)))
        .collect()
}

/// The question in the address of this page.
pub fn use_list_query() -> Memo<ListQuery> {
    let query = use_query_map();
    Memo::new(move |_| query.with(ListQuery::read))
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
        .map(|(name, value)| format!("{name}={}", escaped(value)))
        .collect();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

/// A value as it stands in an address. Written here, since the router's own way differs between server and browser, and an address must
/// not.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

/// Adds to an address where its page leads back to; what stands behind `#` stays last.
pub fn with_back(href: &str, back: &str) -> String {
    let (path, fragment) =
        href.split_once('#').map_or((href, None), |(path, fragment)| (path, Some(fragment)));
    let joint = if path.contains('?') { '&' } else { '?' };
    let fragment = fragment.map(|fragment| format!("#{fragment}")).unwrap_or_default();
    format!("{path}{joint}{BACK}={}{fragment}", escaped(back))
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

    fn query() -> ListQuery {
        ListQuery { view: "avvist".to_owned(), search: "SO 12".to_owned(), page: 3, ..ListQuery::default() }
    }

    #[test]
    fn only_what_was_asked_for_stands_in_the_address() {
        assert_eq!(query().page_href("/salg/ordrekladder", 1), "/salg/ordrekladder?vis=avvist&sok=SO%2012");
        assert_eq!(query().view_href("/salg/ordrekladder", ""), "/salg/ordrekladder?sok=SO%2012");
        assert_eq!(ListQuery::default().page_href("/artikler", 2), "/artikler?side=2");
    }

    #[test]
    fn filters_and_looks_are_told_apart() {
        let query = query().with("status", "ready").with("antall", "100");
        assert_eq!(query.question(), "vis=avvist&sok=SO%2012&status=ready&antall=100");
        assert_eq!((query.filters(), query.page_size(), query.page), (1, 100, 1));
        assert_eq!(query.unfiltered().question(), "vis=avvist&antall=100");
        assert_eq!(query.with("status", "").question(), "vis=avvist&sok=SO%2012&antall=100");
        assert_eq!(query.with("antall", "7").page_size(), 50);
    }

    #[test]
    fn a_head_turns_the_sort() {
        let sorted = |query: &ListQuery, slug| query.sorted("/a", slug, "-endret", Direction::Ascending);
        let plain = ListQuery::default();
        assert_eq!(sorted(&plain, "sum"), ("/a?sorter=sum".to_owned(), None));
        assert_eq!(sorted(&plain, "endret"), ("/a?sorter=endret".to_owned(), Some(false)));
        let by_sum = plain.with("sorter", "sum");
        assert_eq!(sorted(&by_sum, "sum"), ("/a?sorter=-sum".to_owned(), Some(true)));
        let oldest = plain.with("sorter", "endret");
        assert_eq!(sorted(&oldest, "endret"), ("/a".to_owned(), Some(true)));
    }

    #[test]
    fn a_question_is_read_back() {
        let pairs = pairs_of("?vis=alle&sok=S%C3%B8r+%26+AS");
        assert_eq!(pairs[1], ("sok".to_owned(), "Sør & AS".to_owned()));
        assert!(ListQuery::default().with("kol", "sum,status").shows("sum"));
        assert!(
            !ListQuery::default().with("kol", "sum").shows("status") && ListQuery::default().shows("status")
        );
    }
}
