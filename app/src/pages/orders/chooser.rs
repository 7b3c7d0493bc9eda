//! Somebody saved something else in a field while this form was written: the form stays where it is and asks, field by field.

use std::collections::{BTreeMap, BTreeSet};

use domain::errors::{ErrorCode, FieldError};
use domain::orders::sheet::Column;
use domain::orders::{OrderConflict, merge};
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{HtmlElement, HtmlInputElement};

use super::autosave::Autosave;
use super::conflict::{Whose, choices};
use super::dom;
use super::form_state::OrderFormState;
use super::save_state::SaveState;
use super::sent::typed;
use crate::components::{Alert, Tone, field_id};
use crate::i18n::use_texts;

/// The id of the chooser.
const CHOOSER_ID: &str = "conflict";

/// The places in which something has to be chosen, for those places to say so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    /// Fields of the head.
    pub head: Vec<String>,
    /// Fields of lines, by the ids of the lines.
    lines: BTreeMap<String, Vec<String>>,
}

impl Asked {
    /// A whole line is asked about in its first field.
    fn of(conflict: &OrderConflict) -> Self {
        let mut asked = Self::default();
        for place in &conflict.merged.conflicts {
            match place.pointer.split('/').collect::<Vec<_>>()[..] {
                ["", "lines", at, ref field @ ..] => {
                    let field = field.first().copied().unwrap_or(Column::ArticleNumber.as_str());
                    let line = at.parse().ok().and_then(|at: usize| conflict.merged.input.lines.get(at));
                    if let Some(line) = line {
                        asked.lines.entry(line.line_id.clone()).or_default().push(field.to_owned());
                    }
                }
                ["", field] => asked.head.push(field.to_owned()),
                _ => {}
            }
        }
        asked
    }

    /// What is said in the line with the id, which stands at this place.
    pub(super) fn in_line(&self, line_id: &str, place: usize) -> Vec<FieldError> {
        let fields = self.lines.get(line_id).into_iter().flatten();
        fields
            .map(|field| FieldError::new(format!("/lines/{place}/{field}"), ErrorCode::VersionConflict))
            .collect()
    }
}

/// Brings the chooser into sight, and the focus to it.
pub(super) fn go_to_chooser() {
    let chooser = document().get_element_by_id(CHOOSER_ID);
    if let Some(chooser) = chooser.and_then(|chooser| chooser.dyn_into::<HtmlElement>().ok()) {
        let _ = chooser.focus();
        // It can be higher than the window, and begins with what is asked.
        chooser.scroll_into_view();
    }
}

/// The chooser, above the form.
#[component]
pub(super) fn ConflictChooser(state: OrderFormState, autosave: Autosave) -> impl IntoView {
    let t = use_texts();
    let section = NodeRef::<html::Section>::new();
    Effect::new(move |_| {
        let asked = autosave.conflict.with(|open| open.as_ref().map(Asked::of)).unwrap_or_default();
        // Every line asks what is asked in it.
        if state.asked.with_untracked(|known| *known != asked) {
            state.asked.set(asked);
        }
    });
    move || {
        autosave.conflict.get().map(|open| {
            let whose = autosave.whose(&open.by);
            let title = whose.saved(t);
            let fields = choices(t, &open, &whose);
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
                <section
                    class="stack"
                    id=CHOOSER_ID
                    tabindex="-1"
                    data-test="conflict"
                    aria-label=t.order_conflict_title()
                    node_ref=section
                >
                    <Alert title text=whose.what_is_asked(t)/>
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
        // The chooser goes away with the focus in it.
        if let Some(first) = asked.first() {
            go_to_place(&first.pointer);
        }
    }

    /// Whose changes these are, seen from whoever sits here.
    pub(super) fn whose(self, by: &[String]) -> Whose {
        self.person.with_value(|person| Whose::of(by, person))
    }
}

/// Goes to the field that was asked about. A line that was is gone to at its number.
fn go_to_place(pointer: &str) {
    let id = match pointer.matches('/').count() {
        2 => field_id(&format!("{pointer}/{}", Column::ArticleNumber.as_str())),
        _ => field_id(pointer),
    };
    request_animation_frame(move || {
        let field = document().get_element_by_id(&id);
        if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
            let _ = field.focus();
        }
    });
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

#[cfg(test)]
mod tests {
    use domain::ids::OrderId;
    use domain::orders::{Conflict, Merged, OrderInput, OrderLineInput};

    use super::*;

    #[test]
    fn what_is_asked_is_said_where_the_line_stands_now() {
        let place = |pointer: &str| Conflict {
            pointer: pointer.to_owned(),
            base: String::new(),
            mine: "1".to_owned(),
            theirs: "2".to_owned(),
        };
        let line = |id: &str| OrderLineInput { line_id: id.to_owned(), ..OrderLineInput::default() };
        let input = OrderInput { lines: vec![line("a"), line("b")], ..OrderInput::default() };
        let conflicts = vec![place("/our_reference"), place("/lines/0"), place("/lines/1/quantity")];
        let asked = Asked::of(&OrderConflict {
            order_id: "0190a000-0000-7000-8000-000000000001".parse::<OrderId>().expect("an id"),
            number: "PO-1".to_owned(),
            version: 2,
            theirs: OrderInput::default(),
            merged: Merged { input, conflicts },
            by: Vec::new(),
            suppliers: Vec::new(),
            conflict_id: None,
        });
        assert_eq!(asked.head, ["our_reference"]);
        let said = |id: &str, at| {
            let faults = asked.in_line(id, at);
            faults.into_iter().map(|fault| fault.pointer).collect::<Vec<_>>()
        };
        assert_eq!(said("a", 4), ["/lines/4/article_number"]);
        assert_eq!(said("b", 0), ["/lines/0/quantity"]);
        assert_eq!(said("c", 1), Vec::<String>::new());
    }
}
