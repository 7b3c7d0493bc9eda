//! What can be done with the orders that are ticked, or with all that fit the filter.

use leptos::prelude::*;

use super::super::{PATH, PICKED_PATH, PRINT_PATH};
use crate::components::{Selection, use_mounted};
use crate::i18n::{Texts, use_texts};
use crate::pages::lists::ListQuery;

/// Orders that are named before the others are counted.
const NAMED: usize = 3;

/// The form around the table, which the bar's buttons belong to.
pub(super) const FORM: &str = "picked-orders";

/// Takes the toolbar's place while something is ticked. Its buttons send the form that the boxes are in.
#[component]
pub(super) fn PickedBar(
    selection: Selection,
    query: ListQuery,
    /// Rows of the page.
    shown: usize,
    total: i64,
    /// There are more than `total`.
    more: bool,
    may_purchase: bool,
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
            t.orders_picked_region().to_owned()
        }
    };
    let export = move || {
        if all {
            t.orders_export_fitting().to_owned()
        } else if mounted.get() {
            match selection.count().saturating_sub(selection.staying().len()) {
                // A number is said only where it is known.
                0 => t.orders_export_picked().to_owned(),
                _ if selection.is_unsure() => t.orders_export_picked().to_owned(),
                count => t.orders_export(whole(count)),
            }
        } else {
            t.orders_export_picked().to_owned()
        }
    };
    let choose_all = (!all && total > whole(shown)).then(|| choose_all(t, &query, total, more));
    // The check that the button leads to says it again, with every fault and the way to mend it.
    let staying = move || {
        let staying = selection.staying();
        (may_purchase && !all).then(|| staying_text(t, &staying)).flatten()
    };
    let unpick = unpick(t, selection, all, query.href(PATH));
    view! {
        <div class="batch" role="region" aria-label=t.orders_picked_region() data-all=all.then_some("")>
            <p data-test="picked"><strong>{words}</strong></p>
            {move || staying().map(|text| view! { <p class="sm" data-test="not-exported">{text}</p> })}
            {choose_all}
            <div class="row end">
                {may_purchase
                    .then(|| {
                        view! {
                            <button class="btn s p" type="submit" form=FORM data-key="E" data-test="export-picked">{export}<kbd>"E"</kbd></button>
                        }
                    })}
                <button class="btn s" type="submit" form=FORM formaction=PRINT_PATH data-test="print-picked">{t.orders_print()}</button>
                {may_purchase
                    .then(|| {
                        view! {
                            <Act slug="dupliser" text=t.orders_duplicate_picked() test="duplicate-picked"/>
                            <Act slug="slett" text=t.orders_delete_drafts() test="delete-picked"/>
                        }
                    })}
                {unpick}
            </div>
        </div>
        <p class="vh" role="status">{move || (all || selection.count() > 0).then(words)}</p>
    }
}

/// Orders that are ticked and cannot be exported: the first of them with why, and how many more.
fn staying_text(t: Texts, staying: &[String]) -> Option<String> {
    let named: Vec<&str> = staying.iter().take(NAMED).map(String::as_str).collect();
    match staying.len().saturating_sub(NAMED) {
        _ if staying.is_empty() => None,
        0 => Some(t.orders_stay(named.join(", "))),
        more => {
            let more = i64::try_from(more).unwrap_or(i64::MAX);
            Some(t.orders_stay(t.orders_and_more(more, named.join(", "))))
        }
    }
}

/// The way to all that fit the filter, while only the page is ticked.
fn choose_all(t: Texts, query: &ListQuery, total: i64, more: bool) -> AnyView {
    let address = query.href(PATH);
    let joint = if address.contains('?') { '&' } else { '?' };
    let text = if more { t.orders_pick_all_many(total) } else { t.orders_pick_all(total) };
    view! { <a href=format!("{address}{joint}valgt=alle") data-key="all" data-test="pick-all">{text}</a> }
        .into_any()
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

/// Leads to the page that says with which of the orders it will be done.
#[component]
fn Act(slug: &'static str, text: &'static str, test: &'static str) -> impl IntoView {
    view! {
        <button
            class="btn s"
            type="submit"
            form=FORM
            formaction=PICKED_PATH
            name="handling"
            value=slug
            data-test=test
        >
            {text}
        </button>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;

    #[test]
    fn what_cannot_be_exported_is_named_with_why() {
        let t = Texts::new(Language::Nb);
        let staying: Vec<String> = (1..6).map(|number| t.orders_stays_sent(format!("PO-{number}"))).collect();
        assert_eq!(staying_text(t, &[]), None);
        assert_eq!(
            staying_text(t, &[t.orders_stays_incomplete("PO-1"), staying[1].clone()]).as_deref(),
            Some("Kan ikke eksporteres: PO-1 (noe mangler), PO-2 (er sendt)")
        );
        let told = staying_text(t, &staying).unwrap_or_default();
        assert!(told.ends_with("PO-3 (er sendt) og 2 til"), "{told}");
    }
}
