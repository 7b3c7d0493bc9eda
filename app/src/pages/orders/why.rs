//! *Hvorfor dette treffet?*: what the line could mean at the supplier, why, and the way to take it.

use domain::links::LinkInput;
use domain::matching::MatchCandidate;
use domain::orders::sheet::{Column, Command, Place};
use leptos::html::Section;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::form_state::OrderFormState;
use super::grid::Mode;
use super::typed::{FormLine, line_facts};
use crate::api::links::confirm_link;
use crate::components::{MatchBadge, compared, difference_text, reasons_text};
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
                {move || state.why_error.get().map(|error| view! { <p class="err" role="alert">{error.text(t)}</p> })}
                <ul class="stack s">{differences}</ul>
                <ul class="stack s">{candidates}</ul>
            </section>
        })
    }
}

/// One of the supplier's articles that the line could mean, beside what the line says: its number is taken once, or the link is confirmed and
/// remembered.
fn candidate_view(
    state: OrderFormState,
    line: FormLine,
    candidate: MatchCandidate,
    supplier: Option<&str>,
) -> impl IntoView + use<> {
    let t = state.texts;
    let facts = line.typed.with(|typed| line_facts(typed, &state.currency.get_untracked()));
    let number = candidate.article.number.clone();
    let is_ours = facts.supplier_article_number == number;
    let pair = state.supplier_id.get_untracked().trim().parse().ok().map(|supplier_id| LinkInput {
        supplier_id,
        written_number: facts.supplier_article_number.clone(),
        article_number: facts.article_number.clone(),
        partner_number: number.clone(),
    });
    let take = move |_| state.take_number(line, number.clone());
    let confirm = pair.map(|pair| {
        let confirm = move |_| state.confirm(line, pair.clone());
        view! {
            <button class="btn s" type="button" on:click=confirm>
                {t.why_confirm()}
            </button>
        }
    });
    let buttons = (!is_ours).then(|| {
        view! {
            <div class="row">
                {confirm}
                <button class="btn s q" type="button" on:click=take>
                    {t.order_form_why_take()}
                </button>
            </div>
        }
        .into_any()
    });
    view! { <li data-test="candidate">{compared(t, &facts, candidate, supplier, buttons)}</li> }
}

impl OrderFormState {
    /// The supplier's number, in this line alone.
    fn take_number(self, line: FormLine, number: String) {
        if let Some((place, _)) = self.find(line.key) {
            let place = Place { line: place, column: Column::SupplierArticleNumber };
            self.run(Command::SetCell { place, text: number });
            self.close_why(line);
        }
    }

    /// *Bekreft kobling*: remembered first, so that the line is judged with it. A link that cannot be made leaves the line as it is, and the
    /// panel open.
    fn confirm(self, line: FormLine, pair: LinkInput) {
        spawn_local(async move {
            let made = confirm_link(pair, String::new(), String::new(), String::new()).await;
            match made {
                Ok(made) => self.take_number(line, made.partner_number),
                Err(error) => self.why_error.set(Some(error)),
            }
        });
    }

    /// Back to the line that was asked about.
    fn close_why(self, line: FormLine) {
        self.why.set(None);
        self.why_error.set(None);
        if let Some((place, _)) = self.find(line.key) {
            self.go(Place { line: place, column: Column::SupplierArticleNumber }, Mode::Navigation);
        }
    }
}
