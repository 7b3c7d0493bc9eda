//! Match levels that follow what is typed: only lines that changed are asked about, a pause after the last key.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::matching::{LineFacts, Match, MatchLevel};
use domain::orders::OrderLineInput;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::form_state::OrderFormState;
use super::typed::{FormLine, line_facts};
use crate::api::orders::judge_order_lines;

/// So long after the last key the lines are judged.
const PAUSE: Duration = Duration::from_millis(400);

/// Which lines wait to be judged, and which question is the newest.
#[derive(Clone, Copy)]
pub(super) struct Judge {
    waiting: StoredValue<BTreeSet<usize>>,
    asked: StoredValue<u64>,
    /// What is told of a line when its number is left.
    held: StoredValue<Option<(usize, OrderLineInput, Match)>>,
}

impl Judge {
    pub(super) fn new() -> Self {
        Self {
            waiting: StoredValue::new(BTreeSet::new()),
            asked: StoredValue::new(0),
            held: StoredValue::new(None),
        }
    }

    /// Another supplier or currency changes what every line means.
    pub(super) fn follow(self, state: OrderFormState) {
        Effect::watch(
            move || (state.supplier_id.get(), state.currency.get()),
            move |now, before, _| {
                if before.is_some_and(|before| before != now) {
                    self.touch_all(state);
                }
            },
            false,
        );
    }

    /// Asks about every line anew: something else than the lines has changed.
    pub(super) fn touch_all(self, state: OrderFormState) {
        for line in state.lines.get_untracked() {
            self.touch(state, line);
        }
    }

    /// The line says something else than before.
    pub(super) fn touch(self, state: OrderFormState, line: FormLine) {
        self.waiting.update_value(|waiting| {
            waiting.insert(line.key);
        });
        let number = self.asked.get_value() + 1;
        self.asked.set_value(number);
        set_timeout(
            move || {
                if self.asked.try_get_value() == Some(number) {
                    self.ask(state);
                }
            },
            PAUSE,
        );
    }

    fn ask(self, state: OrderFormState) {
        let Some(keys) = self.waiting.try_update_value(std::mem::take) else { return };
        let currency = state.currency.get_untracked();
        let facts = |line: &FormLine| {
            let typed = line.typed.try_get_untracked()?;
            (keys.contains(&line.key) && !typed.is_empty())
                .then(|| (line.key, typed.clone(), line_facts(&typed, &currency)))
        };
        let lines: Vec<_> = state.lines.with_untracked(|lines| lines.iter().filter_map(facts).collect());
        if !lines.is_empty() {
            spawn_local(self.answer(state, state.supplier_id.get_untracked(), lines));
        }
    }

    /// An answer about what a line no longer says is let go; the line is asked about again anyway.
    async fn answer(
        self,
        state: OrderFormState,
        supplier_id: String,
        lines: Vec<(usize, OrderLineInput, LineFacts)>,
    ) {
        let facts = lines.iter().map(|(_, _, facts)| facts.clone()).collect();
        let Ok(matches) = judge_order_lines(supplier_id.clone(), facts).await else { return };
        if state.supplier_id.try_get_untracked() != Some(supplier_id) {
            return;
        }
        for ((key, asked, _), matched) in lines.into_iter().zip(matches) {
            let Some((_, line)) = state.find(key) else { continue };
            if line.typed.with_untracked(|now| *now == asked) {
                self.tell(state, line, asked, matched);
            }
        }
    }

    /// Half a number is none that anybody has: while it is typed only what is fine is told, and what was fine goes.
    fn tell(self, state: OrderFormState, line: FormLine, asked: OrderLineInput, matched: Match) {
        if is_fine(&matched) || !state.is_typing_number(line) {
            line.matched.set(Some(matched));
            return;
        }
        if line.matched.with_untracked(|known| known.as_ref().is_some_and(is_fine)) {
            line.matched.set(None);
        }
        self.held.set_value(Some((line.key, asked, matched)));
    }

    /// The cell of a number is not typed into any more.
    pub(super) fn left(self, state: OrderFormState) {
        let Some((key, asked, matched)) = self.held.try_update_value(Option::take).flatten() else { return };
        let Some((_, line)) = state.find(key) else { return };
        if line.typed.try_with_untracked(|now| *now == asked) == Some(true) {
            line.matched.set(Some(matched));
        }
    }
}

/// There is nothing to put right, as far as is known.
fn is_fine(matched: &Match) -> bool {
    matches!(matched.level, MatchLevel::Exact | MatchLevel::NotChecked) && matched.own.is_settled()
}
