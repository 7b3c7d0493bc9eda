use leptos::prelude::*;

use domain::paging::PAGE_SIZES;

use super::Icon;
use crate::format;
use crate::i18n::use_texts;
use crate::pages::lists::ListQuery;

/// The foot of a list: which rows are shown, links to the pages beside, to the first and to the last, and how many rows a page has.
#[component]
pub fn Pager(
    /// From 1.
    page: i64,
    page_size: i64,
    total: i64,
    /// There are more than `total`, which were not counted.
    #[prop(optional)]
    more: bool,
    /// The address of a page, with the filters that are in force.
    href: impl Fn(i64) -> String + Send + Sync + 'static,
    /// How many rows a page can have, with the addresses: see [`page_sizes`].
    #[prop(optional)]
    sizes: Vec<(i64, String)>,
) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    let first = ((page - 1) * page_size + 1).min(total);
    let last = (page * page_size).min(total);
    let whole = |value: i64| format::whole(value, language);
    let pages = total.div_euclid(page_size) + i64::from(total % page_size > 0);
    let link =
        |page: Option<i64>, rel: Option<&'static str>, text: &'static str, icon: (&'static str, bool)| {
            page.map(|page| {
                let (name, before) = icon;
                let icon = view! { <Icon name/> };
                let (left, right) = if before { (Some(icon), None) } else { (None, Some(icon)) };
                view! { <a class="btn s" rel=rel href=href(page)>{left}{text}{right}</a> }
            })
        };
    let range = if more {
        t.lists_range_of_more(whole(first), whole(last), whole(total))
    } else {
        t.frame_range(whole(first), whole(last), whole(total))
    };
    let is_paged = pages > 1;
    let links = is_paged.then(|| {
        view! {
            <nav class="pages" aria-label=t.frame_pages()>
                {link((page > 2).then_some(1), None, t.lists_first(), ("first", true))}
                {link((page > 1).then_some(page - 1), Some("prev"), t.frame_previous(), ("prev", true))}
                <span class="num sm">{t.frame_page(whole(page))}</span>
                {link((page < pages).then_some(page + 1), Some("next"), t.frame_next(), ("next", false))}
                {link((page + 1 < pages && !more).then_some(pages), None, t.lists_last(), ("last", false))}
            </nav>
        }
    });
    let sizes = (total > PAGE_SIZES[0] && !sizes.is_empty()).then(|| {
        let sizes: Vec<_> = sizes
            .into_iter()
            .map(|(size, href)| {
                let current = (size == page_size).then_some("true");
                view! { <a class="btn s q" href=href aria-current=current>{size}</a> }
            })
            .collect();
        view! { <nav class="pages sm" aria-label=t.lists_page_size()><span>{t.lists_page_size()}</span>{sizes}</nav> }
    });
    view! {
        <footer>
            <p class="muted sm num" data-test="range">{range}</p>
            {links}
            {sizes}
        </footer>
    }
}

/// The addresses of a list with other numbers of rows on a page.
pub fn page_sizes(query: &ListQuery, path: &str) -> Vec<(i64, String)> {
    let href = |size: i64| {
        let value = if size == PAGE_SIZES[0] { String::new() } else { size.to_string() };
        query.with("antall", value).href(path)
    };
    PAGE_SIZES.into_iter().map(|size| (size, href(size))).collect()
}
