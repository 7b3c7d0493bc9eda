//! Somebody saved something else in a field while this form was written: the form stays where it is and asks, field by field.

use std::collections::BTreeSet;

use domain::orders::{OrderConflict, merge};
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlInputElement;

use super::autosave::Autosave;
use super::conflict::{choices, who};
use super::dom;
use super::form_state::OrderFormState;
use super::save_state::SaveState;
use super::sent::typed;
use crate::components::{Alert, Tone};
use crate::i18n::use_texts;

/// The chooser, above the form.
#[component]
pub(super) fn ConflictChooser(state: OrderFormState, autosave: Autosave) -> impl IntoView {
    let t = use_texts();
    let section = NodeRef::<html::Section>::new();
    move || {
        autosave.conflict.get().map(|open| {
            let title = t.order_conflict_by(who(t, &open.by));
            let fields = choices(t, &open);
            let decide = move |_| {
                let chosen = section.get_untracked().map(|section| dom::all_in(&section, "input:checked"));
                let theirs: BTreeSet<String> = chosen
                    .unwrap_or_default()
                    .into_iter()
                    .filter_map(|field| field.dyn_into::<HtmlInputElement>().ok())
                    .filter_map(|field| field.value().strip_prefix("theirs:").map(str::to_owned))
                    .collect();
                autosave.decide(state, &open, &theirs);
            };
            view! {
                <section class="stack" data-test="conflict" aria-label=t.order_conflict_title() node_ref=section>
                    <Alert title text=t.order_conflict_text()/>
                    {fields}
                    <div class="row">
                        <button class="btn p" type="button" data-test="decide" on:click=decide>
                            {t.order_conflict_save()}
                        </button>
                    </div>
                </section>
            }
        })
    }
}

impl Autosave {
    /// Takes what was chosen, and saves over what the others have made.
    fn decide(self, state: OrderFormState, open: &OrderConflict, theirs: &BTreeSet<String>) {
        // What was typed while the question stood there is mine as well.
        let mut merged = merge(&self.base.get_value(), &typed(state), &open.theirs);
        let asked = &open.merged.conflicts;
        merged.conflicts.retain(|conflict| asked.iter().any(|known| known.pointer == conflict.pointer));
        let input = merged.resolve(|conflict| theirs.contains(&conflict.pointer));
        self.version.set(open.version);
        self.base.set_value(open.theirs.clone());
        self.conflict.set(None);
        self.state.set(SaveState::Saving);
        state.take_in(self, &input);
        self.now(state);
    }
}

/// «Ola Bakke har endret ordren. Endringene er hentet inn.»
#[component]
pub(super) fn CameIn(autosave: Autosave) -> impl IntoView {
    let t = use_texts();
    move || {
        autosave.came_from.get().map(|by| {
            let title =
                if by.is_empty() { t.order_form_came_in().to_owned() } else { t.order_form_came_in_from(by) };
            view! {
                <div data-test="came-in">
                    <Alert tone=Tone::Info title/>
                </div>
            }
        })
    }
}
