use leptos::prelude::*;

use super::Icon;
use crate::format;
use crate::i18n::use_texts;

/// The foot of a list: which rows are shown, and links to the pages beside.
#[component]
pub fn Pager(
    /// From 1.
    page: i64,
    page_size: i64,
    total: i64,
    /// The address of a page, with the filters that are in force.
    href: impl Fn(i64) -> String + Send + Sync + 'static,
) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    let first = ((page - 1) * page_size + 1).min(total);
    let last = (page * page_size).min(total);
    let whole = |value: i64| format::whole(value, language);
    let before = (page > 1).then(|| href(page - 1));
    let after = (last < total).then(|| href(page + 1));
    view! {
        <footer>
            <p class="muted sm num">{t.frame_range(whole(first), whole(last), whole(total))}</p>
            {(before.is_some() || after.is_some())
                .then(|| {
                    view! {
                        <nav class="pages" aria-label=t.frame_pages()>
                            {before.map(|href| view! { <a class="btn s" rel="prev" href=href><Icon name="prev"/>{t.frame_previous()}</a> })}
                            <span class="num sm">{t.frame_page(whole(page))}</span>
                            {after.map(|href| view! { <a class="btn s" rel="next" href=href>{t.frame_next()}<Icon name="next"/></a> })}
                        </nav>
                    }
                })}
        </footer>
    }
}
