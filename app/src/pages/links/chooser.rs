//! Whose links are shown, and which of them: a form that asks for the same page.

use domain::contacts::ContactRow;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use crate::components::go_where_the_form_says;
use crate::i18n::Texts;

/// What the page shows now.
pub(super) struct Asked {
    /// The page, without parameters.
    pub page: &'static str,
    pub supplier: String,
    /// What the address says of the view.
    pub view: &'static str,
    pub search: String,
}

/// The form. `of_supplier` is the address of the page for another supplier, where a choice goes at once.
pub(super) fn chooser(
    t: Texts,
    suppliers: Vec<ContactRow>,
    asked: &Asked,
    of_supplier: impl Fn(String) -> String + 'static,
) -> AnyView {
    let options: Vec<_> = suppliers
        .into_iter()
        .map(|one| {
            let value = one.contact_id.to_string();
            let selected = value == asked.supplier;
            view! { <option value=value selected=selected>{one.name}</option> }
        })
        .collect();
    let navigate = use_navigate();
    let go = move |event: leptos::ev::Event| {
        navigate(&of_supplier(event_target_value(&event)), Default::default());
    };
    view! {
        <form
            method="get"
            action=asked.page
            class="tools ends"
            role="search"
            on:submit=go_where_the_form_says(asked.page)
        >
            <input type="hidden" name="vis" value=asked.view/>
            <div class="field">
                <label for="leverandor">{t.links_supplier()}</label>
                <select class="input s" id="leverandor" name="leverandor" on:change=go>
                    {options}
                </select>
            </div>
            <div class="field">
                <label for="sok">{t.links_search()}</label>
                <input class="input s" id="sok" type="search" name="sok" value=asked.search.clone() autocomplete="off"/>
            </div>
            <button class="btn s" type="submit">{t.links_show()}</button>
        </form>
    }
    .into_any()
}
