//! The filters of the list of orders.

use domain::ids::ContactId;
use domain::orders::OrderStatus;
use leptos::prelude::*;

use super::super::PATH;
use crate::components::{ChosenFilters, FilterDate, FilterFields, FilterSelect, FilterSwitch, SearchBar};
use crate::format;
use crate::i18n::{Texts, use_texts};
use crate::pages::lists::ListQuery;

fn status_text(t: Texts, status: &str) -> String {
    t.status(&format!("order.{status}")).unwrap_or(status).to_owned()
}

/// The search field and the filters: one form that asks for the same page.
#[component]
pub(super) fn OrderFilters(query: ListQuery, suppliers: Vec<(ContactId, String)>) -> impl IntoView {
    let t = use_texts();
    let suppliers = suppliers.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
    let statuses = OrderStatus::ALL
        .iter()
        .map(|status| (status.as_str().to_owned(), status_text(t, status.as_str())))
        .collect();
    let date = |name: &'static str, label| {
        let chosen = query.get(name).to_owned();
        view! { <FilterDate name label chosen/> }
    };
    let dates = [
        date("onsket_fra", t.orders_wanted_from()),
        date("onsket_til", t.orders_wanted_to()),
        date("endret_fra", t.orders_changed_from()),
        date("endret_til", t.orders_changed_to()),
    ];
    let (supplier, status) = (query.get("lev").to_owned(), query.get("status").to_owned());
    let (mine, chosen) = (!query.get("mine").is_empty(), query.filters());
    view! {
        <SearchBar
            action=PATH
            label=t.orders_search()
            placeholder=t.orders_search_hint()
            value=query.search.clone()
            keep=query.kept()
        >
            <FilterFields chosen>
                <FilterSelect name="lev" label=t.orders_supplier() chosen=supplier options=suppliers/>
                <FilterSelect name="status" label=t.orders_status() chosen=status options=statuses/>
                {dates.into_iter().collect_view()}
                <FilterSwitch name="mine" label=t.orders_mine() chosen=mine/>
            </FilterFields>
        </SearchBar>
    }
}

/// What is left out, in words that can be taken away.
#[component]
pub(super) fn OrderChips(query: ListQuery, suppliers: Vec<(ContactId, String)>) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    let mut chips = Vec::new();
    let mut chip = |name: &'static str, text: &dyn Fn(&str) -> String| {
        let value = query.get(name);
        if !value.is_empty() {
            chips.push((text(value), query.with(name, "").href(PATH)));
        }
    };
    let day =
        |value: &str| value.parse().map_or_else(|_| value.to_owned(), |date| format::date(date, language));
    chip("sok", &|text| t.lists_searched(text));
    chip("lev", &|id| {
        let known = suppliers.iter().find(|(known, _)| known.to_string() == id);
        known.map_or_else(|| t.orders_unknown_supplier().to_owned(), |(_, name)| name.clone())
    });
    chip("status", &|status| status_text(t, status));
    chip("onsket_fra", &|value| format!("{} {}", t.orders_wanted_from(), day(value)));
    chip("onsket_til", &|value| format!("{} {}", t.orders_wanted_to(), day(value)));
    chip("endret_fra", &|value| format!("{} {}", t.orders_changed_from(), day(value)));
    chip("endret_til", &|value| format!("{} {}", t.orders_changed_to(), day(value)));
    chip("mine", &|_| t.orders_mine().to_owned());
    view! { <ChosenFilters chips none=query.unfiltered().href(PATH)/> }
}
