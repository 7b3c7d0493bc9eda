use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::Icon;
use crate::i18n::use_texts;

/// Search and filters above a list: a form that asks for the same page with other parameters.
#[component]
pub fn SearchBar(
    /// The page, without parameters.
    #[prop(into)]
    action: String,
    /// What can be searched for, in words.
    #[prop(into)]
    label: String,
    #[prop(optional, into)] placeholder: Option<String>,
    #[prop(default = "sok")] name: &'static str,
    #[prop(optional, into)] value: String,
    /// Parameters that stay as they are, such as the view.
    #[prop(optional)]
    keep: Vec<(&'static str, String)>,
    /// Filters and buttons after the search field.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let t = use_texts();
    let kept: Vec<_> = keep
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect();
    let go = go_where_the_form_says(action.clone());
    view! {
        <form method="get" action=action class="tools" role="search" on:submit=go>
            {kept}
            <div class="seek">
                <Icon name="find"/>
                <label class="vh" for="search">{label}</label>
                <input class="input s" id="search" type="search" name=name value=value placeholder=placeholder autocomplete="off"/>
            </div>
            <button class="btn s" type="submit">{t.frame_search()}</button>
            {children.map(|children| children())}
        </form>
    }
}

/// Asks for a page with what a form says, without the fields that are empty, and without loading everything anew.
pub(crate) fn go_where_the_form_says(page: impl Into<String>) -> impl Fn(SubmitEvent) + 'static {
    let (navigate, page) = (use_navigate(), page.into());
    move |event: SubmitEvent| {
        if let Some(query) = query_of(&event) {
            event.prevent_default();
            let address = if query.is_empty() { page.clone() } else { format!("{page}?{query}") };
            navigate(&address, NavigateOptions::default());
        }
    }
}

/// What the form says, without the fields that are empty.
#[cfg(feature = "hydrate")]
fn query_of(event: &SubmitEvent) -> Option<String> {
    use wasm_bindgen::JsCast;
    let form = event.target()?.dyn_into::<web_sys::HtmlFormElement>().ok()?;
    let data = web_sys::FormData::new_with_form(&form).ok()?;
    let typed = web_sys::UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?.to_string();
    let typed: String = typed.into();
    let filled: Vec<&str> = typed
        .split('&')
        .filter(|pair| pair.split_once('=').is_some_and(|(_, value)| !value.is_empty()))
        .collect();
    Some(filled.join("&"))
}

#[cfg(not(feature = "hydrate"))]
fn query_of(_event: &SubmitEvent) -> Option<String> {
    None
}
