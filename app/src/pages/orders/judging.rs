//! Match levels that follow what is typed: only lines that changed are asked about, a pause after the last key.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::matching::LineFacts;
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
}

impl Judge {
    pub(super) fn new() -> Self {
        Self { waiting: StoredValue::new(BTreeSet::new()), asked: StoredValue::new(0) }
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
                line.matched.set(Some(matched));
            }
        }
    }
}
