//! Articles proposed while a number is typed: a combobox as the ARIA practices describe it. One list serves every line.

use std::time::Duration;

use domain::decimal::Quantity;
use domain::keyboard::{KeyAction, KeyContext, Pressed, action_of};
use domain::orders::OrderLineInput;
use domain::orders::sheet::{Column, Place};
use domain::units;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::dom;
use super::form_state::OrderFormState;
use super::grid::Mode;
use super::hits::hit_words;
use super::typed::FormLine;
use crate::api::orders::{SuggestedArticle, suggest_articles};
use crate::error::AppError;
use crate::format;
use crate::i18n::{Texts, use_texts};

/// So long after the last key the server is asked.
const PAUSE: Duration = Duration::from_millis(60);
/// So long after the last key a screen reader hears how many there are.
const SPEECH_PAUSE: Duration = Duration::from_millis(400);
/// The id of the list.
const LIST_ID: &str = "suggestions";

/// The list, and which line it is open for.
#[derive(Clone, Copy)]
pub(super) struct Suggestions {
    line: RwSignal<Option<usize>>,
    /// The line that nothing was found for.
    nothing: RwSignal<Option<usize>>,
    hits: RwSignal<Vec<SuggestedArticle>>,
    active: RwSignal<Option<usize>>,
    /// The text that the list answers.
    answers: StoredValue<String>,
    asked: StoredValue<u64>,
    /// What a screen reader hears: the count, once, when it has changed.
    said: RwSignal<String>,
}

impl Suggestions {
    pub(super) fn new() -> Self {
        Self {
            line: RwSignal::new(None),
            nothing: RwSignal::new(None),
            hits: RwSignal::new(Vec::new()),
            active: RwSignal::new(None),
            answers: StoredValue::new(String::new()),
            asked: StoredValue::new(0),
            said: RwSignal::new(String::new()),
        }
    }

    fn next_question(self) -> u64 {
        let number = self.asked.get_value() + 1;
        self.asked.set_value(number);
        number
    }

    pub(super) fn close(self) {
        self.next_question();
        if self.line.get_untracked().is_some() {
            self.line.set(None);
            self.active.set(None);
            self.hits.set(Vec::new());
        }
        if self.nothing.get_untracked().is_some() {
            self.nothing.set(None);
        }
        if !self.said.with_untracked(String::is_empty) {
            self.said.set(String::new());
        }
    }

    /// Asks after a pause; answers that come too late are let go.
    pub(super) fn ask(self, state: OrderFormState, line: FormLine) {
        let text = line.typed.with_untracked(|typed| typed.article_number.trim().to_owned());
        if text.is_empty() {
            self.close();
            return;
        }
        let number = self.next_question();
        set_timeout(
            move || {
                if self.asked.try_get_value() == Some(number) {
                    self.send(state, line, text, number);
                }
            },
            PAUSE,
        );
    }

    /// Asks at once, for whoever wants to see the list.
    pub(super) fn ask_now(self, state: OrderFormState, line: FormLine) {
        let text = line.typed.with_untracked(|typed| typed.article_number.trim().to_owned());
        let number = self.next_question();
        self.send(state, line, text, number);
    }

    fn send(self, state: OrderFormState, line: FormLine, text: String, number: u64) {
        let supplier_id = state.supplier_id.get_untracked();
        spawn_local(async move {
            let answer = suggest_articles(supplier_id, text.clone()).await;
            if self.asked.try_get_value() != Some(number) {
                return;
            }
            let Some(count) = self.answered(line.key, text, answer) else { return };
            let said = count_text(state.texts, count);
            set_timeout(
                move || {
                    if self.asked.try_get_value() == Some(number)
                        && self.said.with_untracked(|known| *known != said)
                    {
                        self.said.set(said);
                    }
                },
                SPEECH_PAUSE,
            );
        });
    }

    /// Shows the answer for the line with the key, and says how many articles it has. Without an answer nothing is known, not even that
    /// there is nothing; and a list of what was typed before must not stand for what is typed now.
    fn answered(
        self,
        key: usize,
        text: String,
        answer: Result<Vec<SuggestedArticle>, AppError>,
    ) -> Option<usize> {
        let Ok(hits) = answer else {
            self.close();
            return None;
        };
        let count = hits.len();
        self.answers.set_value(text);
        self.active.set(None);
        self.line.set((count > 0).then_some(key));
        self.nothing.set((count == 0).then_some(key));
        self.hits.set(hits);
        Some(count)
    }

    /// A key was pressed in the field that the list is open for. Says whether it was the list's.
    pub(super) fn press(self, state: OrderFormState, line: FormLine, pressed: Pressed<'_>) -> bool {
        if self.line.get_untracked() != Some(line.key) {
            return false;
        }
        let last = self.hits.with_untracked(Vec::len).saturating_sub(1);
        let active = self.active.get_untracked();
        let Some(action) = action_of(KeyContext::Suggestions, None, pressed) else { return false };
        let to = match action {
            KeyAction::NextSuggestion => active.map_or(0, |at| if at == last { 0 } else { at + 1 }),
            KeyAction::PreviousSuggestion => active.map_or(last, |at| at.checked_sub(1).unwrap_or(last)),
            // In the text Home and End are the caret's, until the arrows have gone into the list.
            KeyAction::FirstSuggestion if active.is_some() => 0,
            KeyAction::LastSuggestion if active.is_some() => last,
            KeyAction::CloseSuggestions => {
                self.close();
                return true;
            }
            KeyAction::ChooseSuggestion => match active.map_or_else(|| self.unmarked(line), Enter::Takes) {
                Enter::Takes(at) => {
                    self.choose(state, line, at);
                    return true;
                }
                Enter::Marks => 0,
                Enter::Leaves => return false,
            },
            _ => return false,
        };
        // Who goes down the list chooses from what is shown: an answer that comes now must not change it under the hand.
        self.next_question();
        self.active.set(Some(to));
        true
    }

    /// What Enter does while nothing is marked.
    fn unmarked(self, line: FormLine) -> Enter {
        let text = line.typed.with_untracked(|typed| typed.article_number.trim().to_owned());
        if self.answers.with_value(|answers| *answers != text) {
            // The list is of what was typed before: nobody has seen what would be taken.
            return Enter::Leaves;
        }
        self.hits.with_untracked(|hits| enter(&text, hits.iter().map(|hit| hit.hit.own_number())))
    }

    fn choose(self, state: OrderFormState, line: FormLine, at: usize) {
        let hit = self.hits.with_untracked(|hits| hits.get(at).cloned());
        self.close();
        if let Some(hit) = hit {
            fill(state, line, &hit);
            if let Some((place, _)) = state.find(line.key) {
                // The quantity is the person's; Enter goes from it to the next line's number.
                state.go(Place { line: place, column: Column::Quantity }, Mode::Edit);
            }
        }
    }
}

/// What Enter does in the open list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Enter {
    /// Takes the suggestion at the place.
    Takes(usize),
    /// Marks the first one, and the list stays.
    Marks,
    /// Is the cell's: on to the quantity of a new number, and otherwise down to the next line.
    Leaves,
}

/// What Enter does while none of the suggestions is marked: a number that was typed out needs no list, the only suggestion is taken, and of
/// several the first is marked, so that half a name is never left by mistake.
fn enter<'hits>(text: &str, mut numbers: impl ExactSizeIterator<Item = &'hits str>) -> Enter {
    let count = numbers.len();
    if numbers.any(|number| number == text) {
        return Enter::Leaves;
    }
    match count {
        0 => Enter::Leaves,
        1 => Enter::Takes(0),
        _ => Enter::Marks,
    }
}

/// How many articles are proposed, as a screen reader hears it.
pub(super) fn count_text(t: Texts, hits: usize) -> String {
    match i64::try_from(hits).unwrap_or(i64::MAX) {
        0 => t.order_form_no_suggestions().to_owned(),
        count => t.order_form_suggestions(count),
    }
}

fn option_id(at: usize) -> String {
    format!("suggestion-{at}")
}

/// Writes what is known about the article into the line; the quantity is the person's.
fn fill(state: OrderFormState, line: FormLine, hit: &SuggestedArticle) {
    let Some((place, _)) = state.find(line.key) else { return };
    // What is being typed elsewhere in the line stays.
    state.fill_line(place, found_line(state, line.read().unwrap_or_default(), hit));
    line.matched.set(Some(hit.matched.clone()));
}

/// The line with what is known about the article.
pub(super) fn found_line(
    state: OrderFormState,
    mut text: OrderLineInput,
    hit: &SuggestedArticle,
) -> OrderLineInput {
    let language = state.language;
    let article = &hit.hit;
    let price = article.price();
    let base = price.map_or(Quantity::whole(1), |(_, base, _)| base);
    article.own_number().clone_into(&mut text.article_number);
    article.name().clone_into(&mut text.description);
    text.supplier_article_number = article.supplier_number().cloned().unwrap_or_default();
    units::label(article.unit(), language).clone_into(&mut text.unit);
    text.unit_price = price.map(|(price, ..)| format::for_field(price.0, language)).unwrap_or_default();
    text.price_base_quantity =
        if base == Quantity::whole(1) { String::new() } else { format::for_field(base.0, language) };
    if let Some(own) = &article.own {
        state.learn_rate(&own.number, own.vat_rate);
    }
    text
}

/// The list, under the field that it is open for.
#[component]
pub(super) fn SuggestionList(state: OrderFormState) -> impl IntoView {
    let t = use_texts();
    let list = state.suggestions;
    let options = move || {
        let hits = list.hits.get().into_iter().enumerate();
        hits.map(|(at, hit)| view! { <SuggestedOption state at hit/> }).collect::<Vec<_>>()
    };
    Effect::new(move |before: Option<Option<usize>>| {
        let (open, active) = (list.line.get(), list.active.get());
        if let Some(key) = before.flatten().filter(|key| Some(*key) != open) {
            point_at(state, key, None, None);
        }
        if let Some(key) = open {
            point_at(state, key, Some(LIST_ID), active.map(option_id));
        }
        open
    });
    Effect::new(move |_| {
        let Some(key) = list.line.get().or(list.nothing.get()) else { return };
        list.hits.track();
        request_animation_frame(move || {
            if let Some(field) =
                state.find(key).and_then(|(_, line)| line.cell(Column::ArticleNumber).get_untracked())
            {
                dom::place_under(LIST_ID, &field);
            }
        });
    });
    view! {
        <p class="vh" role="status" data-test="suggestions-said">{move || list.said.get()}</p>
        {move || {
            list.line
                .get()
                .map(|_| {
                    view! {
                        <ul class="list" role="listbox" id=LIST_ID aria-label=t.order_form_suggested()>
                            {options}
                        </ul>
                    }
                })
        }}
        {move || {
            let nothing = list.nothing.get();
            nothing.map(|_| view! { <p class="list" id=LIST_ID data-test="no-suggestions">{t.order_form_no_suggestions()}</p> })
        }}
    }
}

/// Tells of the list at the field of the line: which it is, and where the arrow keys stand in it.
fn point_at(state: OrderFormState, key: usize, list: Option<&str>, active: Option<String>) {
    let Some((_, line)) = state.find(key) else { return };
    let Some(field) = line.cell(Column::ArticleNumber).get_untracked() else { return };
    let _ = field.set_attribute("aria-expanded", if list.is_some() { "true" } else { "false" });
    for (name, value) in [("aria-controls", list), ("aria-activedescendant", active.as_deref())] {
        let _ = match value {
            Some(value) => field.set_attribute(name, value),
            None => field.remove_attribute(name),
        };
    }
}

#[component]
fn SuggestedOption(state: OrderFormState, at: usize, hit: SuggestedArticle) -> impl IntoView {
    let t = use_texts();
    let list = state.suggestions;
    let line = move || list.line.get_untracked().and_then(|key| state.find(key)).map(|(_, line)| line);
    let choose = move |_| {
        if let Some(line) = line() {
            list.choose(state, line, at);
        }
    };
    let typed = line().map(|line| line.typed.with_untracked(|typed| typed.article_number.clone()));
    view! {
        <li
            role="option"
            id=option_id(at)
            aria-selected=move || (list.active.get() == Some(at)).to_string()
            on:mousedown=|event| event.prevent_default()
            on:click=choose
        >
            {hit_words(t, &hit, &typed.unwrap_or_default())}
        </li>
    }
}

#[cfg(test)]
mod tests;
