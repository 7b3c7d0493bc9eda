use leptos::prelude::*;

/// An icon of `/icons.svg`, by its name without `i-`. Decoration: the word beside it says the same.
#[component]
pub fn Icon(
    /// Such as `check`.
    name: &'static str,
) -> impl IntoView {
    view! {
        <svg class="i" aria-hidden="true">
            <use href=format!("/icons.svg#i-{name}")></use>
        </svg>
    }
}
