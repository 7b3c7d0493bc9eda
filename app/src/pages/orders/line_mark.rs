//! Whether a line is safe: saved, on its way, or refused.

use domain::orders::OrderLineInput;
use domain::orders::sheet::Column;
use leptos::prelude::*;

use super::form_state::OrderFormState;
use super::typed::FormLine;
use crate::components::Icon;
use crate::i18n::use_texts;

/// How safe a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineMark {
    Saved,
    /// Typed, and not at the server yet.
    Unsaved,
    /// The server would not have the order with it.
    Refused,
}

/// A sign with a word. Lines that nobody typed into have none.
#[component]
pub(super) fn MarkOfLine(line: FormLine) -> impl IntoView {
    let t = use_texts();
    move || {
        if line.is_empty.get() {
            return None;
        }
        let (icon, code, word) = match line.mark.get() {
            LineMark::Saved => ("check", "saved", t.order_form_line_saved()),
            LineMark::Unsaved => ("pen", "unsaved", t.order_form_line_unsaved()),
            LineMark::Refused => ("stop", "refused", t.order_form_line_refused()),
        };
        // A saved line is the usual: its word is for screen readers alone.
        let class = if code == "saved" { "vh" } else { "" };
        Some(view! {
            <small class="nb muted" data-test="line-mark" data-mark=code>
                <Icon name=icon/>
                <span class=class>{word}</span>
            </small>
        })
    }
}

impl OrderFormState {
    /// These lines are saved like this. One that says something else by now is not.
    pub(super) fn mark_saved(self, saved: &[OrderLineInput]) {
        let by_id: std::collections::HashMap<&str, &OrderLineInput> =
            saved.iter().map(|line| (line.line_id.as_str(), line)).collect();
        for line in self.lines.get_untracked() {
            let known = line.line_id.with_value(|id| by_id.get(id.as_str()).copied());
            let is_same = |known: &OrderLineInput| {
                line.typed.with_untracked(|typed| {
                    Column::ALL.iter().all(|column| column.of(typed) == column.of(known))
                })
            };
            if known.is_some_and(is_same) {
                line.set_mark(LineMark::Saved);
            }
        }
    }

    /// What is not saved will not be.
    pub(super) fn mark_refused(self) {
        for line in self.lines.get_untracked() {
            if line.mark.get_untracked() == LineMark::Unsaved {
                line.set_mark(LineMark::Refused);
            }
        }
    }
}

impl FormLine {
    /// Says how safe the line is; nothing is drawn again where it is known already.
    pub(super) fn set_mark(self, mark: LineMark) {
        if self.mark.try_get_untracked().is_some_and(|known| known != mark) {
            self.mark.set(mark);
        }
    }
}
