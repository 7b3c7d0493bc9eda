//! Filters above a list: fields of the form that asks for the same page, and the chosen ones as chips that can be taken away.

use leptos::prelude::*;

use super::Icon;
use crate::i18n::use_texts;

/// Filters folded away behind the search field.
#[component]
pub fn FilterFields(
    /// How many are chosen; then the fields are open.
    chosen: usize,
    children: Children,
) -> impl IntoView {
    let t = use_texts();
    let summary = match chosen {
        0 => t.lists_filters().to_owned(),
        chosen => t.lists_filters_chosen(i64::try_from(chosen).unwrap_or(i64::MAX)),
    };
    view! {
        <details class="filters" data-key="F">
            <summary>{summary}</summary>
            <div class="fields">
                {children()}
                <button class="btn s" type="submit">{t.lists_filters_use()}</button>
            </div>
        </details>
    }
}

/// One choice; nothing chosen is the first.
#[component]
pub fn FilterSelect(
    name: &'static str,
    label: &'static str,
    #[prop(into)] chosen: String,
    /// Values and their words.
    options: Vec<(String, String)>,
) -> impl IntoView {
    let t = use_texts();
    let id = format!("filter-{name}");
    let options: Vec<_> = std::iter::once((String::new(), t.frame_all().to_owned()))
        .chain(options)
        .map(|(value, text)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{text}</option> }
        })
        .collect();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select class="input s" id=id name=name>
                {options}
            </select>
        </div>
    }
}

/// A day, chosen in the browser's own field.
#[component]
pub fn FilterDate(name: &'static str, label: &'static str, #[prop(into)] chosen: String) -> impl IntoView {
    let id = format!("filter-{name}");
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input class="input s" id=id type="date" name=name value=chosen/>
        </div>
    }
}

/// Yes or nothing.
#[component]
pub fn FilterSwitch(name: &'static str, label: &'static str, chosen: bool) -> impl IntoView {
    view! {
        <label class="row">
            <input class="pickbox" type="checkbox" name=name value="1" checked=chosen/>
            {label}
        </label>
    }
}

/// The chosen filters in words, each a link that takes it away.
#[component]
pub fn ChosenFilters(
    chips: Vec<(String, String)>,
    /// The list without any of them.
    #[prop(into)]
    none: String,
) -> impl IntoView {
    let t = use_texts();
    let many = chips.len() > 1;
    let chips: Vec<_> = chips
        .into_iter()
        .map(|(text, without)| {
            view! {
                <a class="chip" href=without aria-current="true">
                    {text}
                    <Icon name="x"/>
                    <span class="vh">{t.frame_remove_filter()}</span>
                </a>
            }
        })
        .collect();
    (!chips.is_empty()).then(|| {
        view! {
            <div class="tools chips" data-test="chosen-filters">
                {chips}
                {many.then(|| view! { <a href=none>{t.lists_remove_all()}</a> })}
            </div>
        }
    })
}
