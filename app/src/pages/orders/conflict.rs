//! Two wrote something else in the same field: the person chooses, field by field, and nothing is lost until then.

use std::collections::BTreeSet;

use domain::orders::{Conflict, OrderInput, merge};
use leptos::prelude::*;

use super::autosave::{Autosave, SaveState, typed};
use super::form_state::OrderFormState;
use crate::components::{Alert, Tone};
use crate::error::pointer_text;
use crate::i18n::{Texts, use_texts};

/// What has to be chosen.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct OpenConflict {
    /// The version that the others have made.
    pub version: i64,
    /// What this form sent.
    pub base: OrderInput,
    pub theirs: OrderInput,
    pub conflicts: Vec<Conflict>,
    /// Who the others are.
    pub by: Vec<String>,
}

/// A text as it is shown; nothing is something to choose too.
fn shown(t: Texts, text: &str) -> String {
    if text.trim().is_empty() { t.order_form_step_empty().to_owned() } else { text.to_owned() }
}

/// The chooser, above the form.
#[component]
pub(super) fn ConflictChooser(state: OrderFormState, autosave: Autosave) -> impl IntoView {
    let t = use_texts();
    let chosen: StoredValue<BTreeSet<String>> = StoredValue::new(BTreeSet::new());
    move || {
        autosave.conflict.get().map(|open| {
            chosen.set_value(BTreeSet::new());
            let by = if open.by.is_empty() { t.order_form_somebody().to_owned() } else { open.by.join(", ") };
            let rows: Vec<_> =
                open.conflicts.iter().cloned().map(|conflict| choice(t, conflict, chosen)).collect();
            let decide = move |_| autosave.decide(state, &open, &chosen.get_value());
            view! {
                <section class="card" data-test="conflict" aria-label=t.order_form_conflict(&by)>
                    <Alert title=t.order_form_conflict(&by) text=t.order_form_conflict_text()/>
                    <div class="stack">{rows}</div>
                    <div class="row">
                        <button class="btn p" type="button" data-test="decide" on:click=decide>
                            {t.order_form_decide()}
                        </button>
                    </div>
                </section>
            }
        })
    }
}

/// One field: *Din* or *Deres*.
fn choice(t: Texts, conflict: Conflict, chosen: StoredValue<BTreeSet<String>>) -> impl IntoView + use<> {
    let pointer = StoredValue::new(conflict.pointer.clone());
    let name = format!("conflict{}", conflict.pointer.replace('/', "-"));
    let legend = pointer_text(t, &conflict.pointer).unwrap_or_else(|| {
        let line = conflict.pointer.rsplit('/').next().and_then(|line| line.parse::<usize>().ok());
        t.order_form_line(line.map_or(0, |line| line + 1))
    });
    let choose = move |theirs: bool| {
        chosen.update_value(|chosen| {
            let pointer = pointer.get_value();
            if theirs {
                chosen.insert(pointer);
            } else {
                chosen.remove(&pointer);
            }
        });
    };
    view! {
        <fieldset class="field">
            <legend>{legend}</legend>
            <label class="chk">
                <input type="radio" name=name.clone() checked=true on:change=move |_| choose(false)/>
                <span>{t.order_form_mine(shown(t, &conflict.mine))}</span>
            </label>
            <label class="chk">
                <input type="radio" name=name on:change=move |_| choose(true)/>
                <span>{t.order_form_theirs(shown(t, &conflict.theirs))}</span>
            </label>
        </fieldset>
    }
}

impl Autosave {
    /// Takes what was chosen, and saves over what the others have made.
    fn decide(self, state: OrderFormState, open: &OpenConflict, theirs: &BTreeSet<String>) {
        // What was typed while the question stood there is mine as well.
        let mut merged = merge(&self.base.get_value(), &typed(state), &open.theirs);
        merged
            .conflicts
            .retain(|conflict| open.conflicts.iter().any(|asked| asked.pointer == conflict.pointer));
        let input = merged.resolve(|conflict| theirs.contains(&conflict.pointer));
        self.version.set(open.version);
        self.base.set_value(open.theirs.clone());
        self.conflict.set(None);
        self.state.set(SaveState::Saving);
        state.put(&input);
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
