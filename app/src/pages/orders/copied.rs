//! The receipts of an order that was made of another, of a template, or that got lines from elsewhere.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::previous::change_text;
use crate::api::order_copies::read_price_changes;
use crate::components::Receipt;
use crate::i18n::use_texts;
use crate::page_data::{PageData, suspend};
use crate::pages::lists::use_receipt;

/// Which of them is due, for the order of this number.
#[component]
pub(super) fn CopiedReceipt(number: String) -> impl IntoView {
    let t = use_texts();
    let from = use_query_map().with_untracked(|query| query.get("fra")).unwrap_or_default();
    match use_receipt().get_untracked().as_str() {
        "linjer-lagt-til" => Some(view! { <LinesAdded/> }.into_any()),
        "fra-mal" => Some(view! { <Receipt title=t.copies_from_template()/> }.into_any()),
        "duplisert" => Some(view! { <Duplicated number from/> }.into_any()),
        _ => None,
    }
}

/// Lines came from elsewhere; rows of what was pasted that are no lines are told.
#[component]
fn LinesAdded() -> impl IntoView {
    let t = use_texts();
    let left_out = use_query_map().with_untracked(|query| query.get("utelatt")?.parse::<i64>().ok());
    match left_out.filter(|count| *count > 0) {
        Some(count) => {
            view! { <Receipt title=t.copies_lines_added() text=t.paste_rows_left_out(count)/> }.into_any()
        }
        None => view! { <Receipt title=t.copies_lines_added()/> }.into_any(),
    }
}

/// What costs something else than in the order that this one was made of.
#[component]
fn Duplicated(number: String, from: String) -> impl IntoView {
    let t = use_texts();
    let title = t.copies_duplicated(from.clone());
    let changes = PageData::new(
        move || (number.clone(), from.clone()),
        |(number, from)| read_price_changes(number, from),
    );
    let told = move || {
        suspend(async move {
            let changes = changes.await.unwrap_or_default();
            let count = i64::try_from(changes.len()).unwrap_or(i64::MAX);
            if count == 0 {
                return view! { <p class="sm">{t.copies_same_prices()}</p> }.into_any();
            }
            let rows: Vec<AnyView> = changes
                .iter()
                .map(|change| {
                    let text = change_text(t, change);
                    let row = t.copies_changed_price(change.line_number, change.article_number.clone(), text);
                    view! { <li>{row}</li> }.into_any()
                })
                .collect();
            view! {
                <p class="sm">{t.copies_changed_prices(count)}</p>
                <ul class="sm">{rows}</ul>
            }
            .into_any()
        })
    };
    view! {
        <Receipt title>
            <div>
                <Transition>{told}</Transition>
            </div>
        </Receipt>
    }
}
