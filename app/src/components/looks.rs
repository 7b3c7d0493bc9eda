//! How a list is shown: which columns, how close together.

use leptos::prelude::*;

use super::toolbar::go_where_the_form_says;
use crate::i18n::use_texts;
use crate::pages::lists::ListQuery;

/// Optional columns and the density, folded away. All of it stands in the address.
#[component]
pub fn ListLooks(
    path: &'static str,
    query: ListQuery,
    /// Slugs and words of the columns that can be left out.
    columns: Vec<(&'static str, &'static str)>,
    /// What stands beside them.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let t = use_texts();
    let kept: Vec<_> = query
        .asked()
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect();
    let boxes: Vec<_> = columns
        .into_iter()
        .map(|(slug, text)| {
            view! {
                <label class="row">
                    <input class="pickbox" type="checkbox" name="kol" value=slug checked=query.shows(slug)/>
                    {text}
                </label>
            }
        })
        .collect();
    let compact = query.is_compact();
    let other = query.with("tett", if compact { "" } else { "1" }).href(path);
    view! {
        <div class="row looks">
            <details class="filters menu-of">
                <summary>{t.lists_columns()}</summary>
                <form method="get" action=path class="stack s" on:submit=go_where_the_form_says(path)>
                    {kept}
                    <fieldset class="stack s">
                        <legend class="vh">{t.lists_columns()}</legend>
                        {boxes}
                    </fieldset>
                    <div class="row">
                        <button class="btn s" type="submit">{t.lists_columns_use()}</button>
                    </div>
                </form>
            </details>
            <a class="btn s q" href=other data-test="density">{if compact { t.lists_roomy() } else { t.lists_compact() }}</a>
            {children.map(|children| children())}
        </div>
    }
}
