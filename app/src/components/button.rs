use leptos::prelude::*;

use super::Icon;

/// A button that sends its form. While `busy` it says so and takes no second press; it is not disabled by that.
#[component]
pub fn BusyButton(
    /// The form's action is under way.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// `p` primary, `d` danger, `q` quiet, `s` small.
    #[prop(default = "")]
    kind: &'static str,
    /// The name that the button's value is sent under.
    #[prop(optional, into)]
    name: Option<String>,
    /// What pressing this button says.
    #[prop(optional, into)]
    value: Option<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            class=format!("btn {kind}")
            type="submit"
            name=name
            value=value
            aria-busy=move || busy.try_get().unwrap_or_default().then_some("true")
            on:click=move |event| {
                if busy.try_get_untracked().unwrap_or_default() {
                    event.prevent_default();
                }
            }
        >
            {children()}
        </button>
    }
}

/// A link that looks like a button.
#[component]
pub fn LinkButton(
    #[prop(into)] href: String,
    /// `p` primary, `d` danger, `q` quiet, `s` small.
    #[prop(default = "")]
    kind: &'static str,
    /// An icon before the words.
    #[prop(optional)]
    icon: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    view! {
        <a class=format!("btn {kind}") href=href>
            {icon.map(|name| view! { <Icon name/> })}
            {children()}
        </a>
    }
}
