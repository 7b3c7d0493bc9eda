//! *Hvorfor dette treffet?*: what the line could mean at the supplier, why, and the way to take it.

use domain::matching::MatchCandidate;
use domain::orders::sheet::{Column, Command, Place};
use leptos::html::Section;
use leptos::prelude::*;

use super::form_state::OrderFormState;
use super::grid::Mode;
use super::typed::FormLine;
use crate::components::{MatchBadge, difference_text, reasons_text};
use crate::i18n::use_texts;

/// The panel under the lines. Alt and Enter open it for the line that has the focus.
#[component]
pub(super) fn WhyMatch(state: OrderFormState) -> impl IntoView {
    let t = use_texts();
    let panel = NodeRef::<Section>::new();
    Effect::new(move |_| {
        if state.why.get().is_some()
            && let Some(panel) = panel.get()
        {
            let _ = panel.focus();
        }
    });
    move || {
        let (place, line) = state.find(state.why.get()?)?;
        let matched = line.matched.get();
        let supplier = state.supplier_name();
        let reasons = match &matched {
            Some(matched) => reasons_text(t, &matched.reasons, supplier.as_deref()),
            None => t.order_form_why_nothing().to_owned(),
        };
        let differences = matched.iter().flat_map(|matched| &matched.differences);
        let differences: Vec<_> =
            differences.map(|difference| view! { <li>{difference_text(t, difference)}</li> }).collect();
        let candidates: Vec<_> = matched
            .iter()
            .flat_map(|matched| matched.candidates.clone())
            .map(|candidate| candidate_view(state, line, candidate, supplier.as_deref()))
            .collect();
        let close = move |_| state.close_why(line);
        let on_key = move |event: leptos::ev::KeyboardEvent| {
            if event.key() == "Escape" {
                event.prevent_default();
                state.close_why(line);
            }
        };
        Some(view! {
            <section class="card" tabindex="-1" aria-labelledby="h-why" node_ref=panel on:keydown=on_key data-test="why">
                <header>
                    <h3 id="h-why">{t.order_form_why_title(place + 1)}</h3>
                    <button class="btn s q" type="button" on:click=close>{t.order_form_close_sheet()}</button>
                </header>
                <div class="row">
                    {matched.map(|matched| view! { <MatchBadge level=Signal::stored(matched.level)/> })}
                    <span>{reasons}</span>
                </div>
                <ul class="stack s">{differences}</ul>
                <ul class="stack s">{candidates}</ul>
            </section>
        })
    }
}

/// One of the supplier's articles that the line could mean.
fn candidate_view(
    state: OrderFormState,
    line: FormLine,
    candidate: MatchCandidate,
    supplier: Option<&str>,
) -> impl IntoView + use<> {
    let t = state.texts;
    let reasons = reasons_text(t, &candidate.reasons, supplier);
    let number = candidate.article.number;
    let is_ours = line.typed.with(|typed| typed.supplier_article_number.trim() == number);
    let take = {
        let number = number.clone();
        move |_| {
            if let Some((place, _)) = state.find(line.key) {
                let place = Place { line: place, column: Column::SupplierArticleNumber };
                state.run(Command::SetCell { place, text: number.clone() });
                state.close_why(line);
            }
        }
    };
    view! {
        <li class="row" data-test="candidate">
            <span>
                <span class="code">{number}</span>
                " "
                {candidate.article.name}
                <small class="muted">" "{reasons}</small>
            </span>
            {(!is_ours)
                .then(|| {
                    view! {
                        <button class="btn s" type="button" on:click=take>
                            {t.order_form_why_take()}
                        </button>
                    }
                })}
        </li>
    }
}

impl OrderFormState {
    /// Back to the line that was asked about.
    fn close_why(self, line: FormLine) {
        self.why.set(None);
        if let Some((place, _)) = self.find(line.key) {
            self.go(Place { line: place, column: Column::SupplierArticleNumber }, Mode::Navigation);
        }
    }
}
