//! What is wrong with lines, told in the cells: from when a cell is left until it is right, whether anybody has asked for a check or not.

use std::collections::BTreeMap;

use domain::errors::{ErrorCode, FieldError};
use domain::matching::MatchLevel;
use domain::orders::sheet::{Column, Command, Place};
use domain::orders::{OrderLineInput, told_beside};
use leptos::prelude::*;

use super::form_state::OrderFormState;
use super::grid::Mode;
use super::typed::FormLine;
use crate::components::FormState;
use crate::error::field_text;
use crate::i18n::Texts;

impl OrderFormState {
    /// Tells what is wrong with what the line says now; in the cell that is being typed into only what was told before.
    pub(super) fn tell_faults(self, line: FormLine) {
        let typing = self.grid.focused().filter(|(key, _)| *key == line.key);
        let typing = typing.map(|(_, column)| format!("/{}", column.as_str()));
        let Some(now) = line.typed.try_with_untracked(OrderLineInput::faults) else { return };
        let Some(told) = line.told.try_with_untracked(|told| told_beside(told, now, typing.as_deref()))
        else {
            return;
        };
        if line.told.try_with_untracked(|known| *known != told) == Some(true) {
            line.told.set(told);
        }
    }

    /// The same when a cell was left: what is new is said to a screen reader too, since the focus is elsewhere by now.
    pub(super) fn tell_and_say(self, line: FormLine) {
        let known = line.told.try_get_untracked().unwrap_or_default();
        self.tell_faults(line);
        let told = line.told.try_get_untracked().unwrap_or_default();
        let new = told.iter().filter(|fault| !known.contains(fault));
        let said: Vec<String> = new.map(|fault| fault_words(self.texts, fault)).collect();
        if said.is_empty() {
            return;
        }
        // After what the next cell has to say of itself.
        request_animation_frame(move || {
            self.grid.said.try_set(said.join(" "));
        });
    }

    /// What is wrong with the line, which stands at this place: what a check has found and is still so, and what is told by itself.
    pub(super) fn faults_of(self, place: usize, line: FormLine) -> Vec<FieldError> {
        let found = self.faults.try_with(|faults| faults.get(&place).cloned()).flatten().unwrap_or_default();
        let told = line.told.try_get().unwrap_or_default();
        let before = format!("/lines/{place}");
        // What has to be chosen comes before what is wrong with what stands there meanwhile.
        let asked = line.line_id.with_value(|id| self.asked.try_with(|asked| asked.in_line(id, place)));
        let mut faults = asked.unwrap_or_default();
        // *Mener du …?* says it already, and has the way out.
        let is_asked = line.asked_about().is_some();
        if !found.is_empty() {
            let typed = line.typed.try_get().unwrap_or_default();
            let found = found.into_iter().filter(|fault| {
                let field = fault.pointer.strip_prefix(&before).unwrap_or_default();
                let is_told = faults.iter().any(|known| known.pointer == fault.pointer);
                let is_answered_there = is_asked && fault.code == ErrorCode::ArticleUnknown;
                !is_told
                    && !is_answered_there
                    && typed.still_has(&FieldError { pointer: field.to_owned(), ..fault.clone() })
            });
            let found: Vec<FieldError> = found.collect();
            faults.extend(found);
        }
        for fault in told {
            let pointer = format!("{before}{}", fault.pointer);
            if !faults.iter().any(|known| known.pointer == pointer) {
                faults.push(FieldError { pointer, ..fault });
            }
        }
        faults
    }

    /// The mark at the edge of a line.
    pub(super) fn line_tone(self, is_faulty: bool, line: FormLine) -> Option<&'static str> {
        if is_faulty {
            return Some("err");
        }
        if line.is_empty.get() {
            return None;
        }
        let found = line.matched.with(|matched| {
            matched.as_ref().map(|matched| (matched.level, matched.far_off_price().is_some()))
        });
        match found {
            Some((MatchLevel::None, _) | (_, true)) => Some("err"),
            Some((MatchLevel::Likely | MatchLevel::Several, _)) => Some("warn"),
            _ => None,
        }
    }

    /// The answer to a question that a cell asks: this is what was meant.
    pub(super) fn answer(self, line: FormLine, column: Column, text: String) {
        let Some((at, _)) = self.find(line.key) else { return };
        let place = Place { line: at, column };
        self.run(Command::SetCell { place, text });
        self.go(place, Mode::Navigation);
    }
}

/// What is wrong with a cell, with what the cell is called: «Antall: Tallet må være større enn 0.»
pub(super) fn fault_words(t: Texts, fault: &FieldError) -> String {
    let field = fault.pointer.rsplit('/').next().and_then(|field| t.label(field)).unwrap_or_default();
    format!("{field}: {}", field_text(t, fault))
}

/// What a check has found, by the line that it points at.
pub(super) fn faults_by_line(form: FormState) -> BTreeMap<usize, Vec<FieldError>> {
    let mut faults: BTreeMap<usize, Vec<FieldError>> = BTreeMap::new();
    for fault in form.error().into_iter().flat_map(|error| error.refusal.errors) {
        if let Some(place) = fault.in_line().map(|(place, _)| place) {
            faults.entry(place).or_default().push(fault);
        }
    }
    faults
}
