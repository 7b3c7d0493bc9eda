//! What can be done with the drafts that are ticked, or with all that fit the filter.

use domain::drafts::{DraftAnswer, MAX_DRAFTS};
use leptos::prelude::*;

use super::{PATH, PICKED_PATH};
use crate::components::{Selection, use_mounted};
use crate::i18n::{Texts, use_texts};
use crate::pages::lists::ListQuery;

/// The form around the table, which the bar's buttons belong to.
pub(super) const FORM: &str = "picked-drafts";

/// Takes the toolbar's place while something is ticked. Its buttons send the form that the boxes are in.
#[component]
pub(super) fn PickedBar(
    selection: Selection,
    query: ListQuery,
    /// Rows of the page.
    shown: usize,
    total: i64,
    /// The address asks for all that fit.
    all: bool,
) -> impl IntoView {
    let t = use_texts();
    let mounted = use_mounted();
    let whole = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let words = move || {
        if all {
            t.orders_all_picked(total)
        } else if mounted.get() {
            t.orders_picked(whole(selection.count()))
        } else {
            t.drafts_picked_region().to_owned()
        }
    };
    let address = query.href(PATH);
    let choose_all = (!all && total > whole(shown) && total <= whole(MAX_DRAFTS)).then(|| {
        let joint = if address.contains('?') { '&' } else { '?' };
        let href = format!("{address}{joint}valgt=alle");
        view! { <a href=href data-key="all" data-test="pick-all">{t.orders_pick_all(total)}</a> }
    });
    let unpick = unpick(t, selection, all, address);
    let buttons = answer_buttons(t);
    view! {
        <div class="batch" role="region" aria-label=t.drafts_picked_region() data-all=all.then_some("")>
            <p data-test="picked"><strong>{words}</strong></p>
            {choose_all}
            <div class="row end">
                {buttons}
                {unpick}
            </div>
        </div>
        <p class="vh" role="status">{move || (all || selection.count() > 0).then(words)}</p>
    }
}

/// What can be answered to all of them at once.
fn answer_buttons(t: Texts) -> Vec<AnyView> {
    [
        (DraftAnswer::Approve, "btn s p", t.drafts_approve_picked(), "approve-picked"),
        (DraftAnswer::Reject, "btn s", t.drafts_reject_picked(), "reject-picked"),
    ]
    .into_iter()
    .map(|(answer, class, text, test)| {
        view! {
            <button
                class=class
                type="submit"
                form=FORM
                formaction=PICKED_PATH
                name="handling"
                value=answer.slug()
                data-test=test
            >
                {text}
            </button>
        }
        .into_any()
    })
    .collect()
}

/// The way back to nothing being ticked.
fn unpick(t: Texts, selection: Selection, all: bool, clear: String) -> AnyView {
    if all {
        return view! { <a class="btn s q" href=clear data-key="unpick">{t.lists_unpick()}</a> }.into_any();
    }
    view! {
        <button class="btn s q scripted" type="button" data-key="unpick" on:click=move |_| selection.set_all(false)>
            {t.lists_unpick()}
            <kbd>"Esc"</kbd>
        </button>
    }
    .into_any()
}
