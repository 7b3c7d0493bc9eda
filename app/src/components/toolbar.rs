use leptos::prelude::*;
use leptos_router::components::Form;

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
    view! {
        <Form method="get" action=action attr:class="tools" attr:role="search">
            {kept}
            <div class="seek">
                <Icon name="find"/>
                <label class="vh" for="search">{label}</label>
                <input class="input s" id="search" type="search" name=name value=value placeholder=placeholder autocomplete="off"/>
            </div>
            <button class="btn s" type="submit">{t.frame_search()}</button>
            {children.map(|children| children())}
        </Form>
    }
}
