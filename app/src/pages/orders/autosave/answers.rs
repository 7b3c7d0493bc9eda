//! What an answer of the server means for the form.

use std::time::Duration;

use domain::errors::ErrorCode;
use domain::orders::{OrderInput, merge};
use leptos::prelude::*;

use super::super::device;
use super::super::dom;
use super::super::edit_href;
use super::super::form_state::OrderFormState;
use super::super::save_state::SaveState;
use super::super::sent::{as_shown, typed};
#[cfg(feature = "hydrate")]
use super::super::tabs::{self, Said};
use super::{Autosave, PAUSE, RETRIES};
use crate::api::orders::{OrderMerged, OrderSaved};
use crate::error::AppError;

impl Autosave {
    /// The answer to the whole form, as it was when it was sent: what was typed since is not saved.
    pub(in super::super) fn form_is_answered(
        self,
        state: OrderFormState,
        answer: Result<OrderSaved, AppError>,
    ) {
        self.under_way.set_value(false);
        let Some((change, sent)) = self.form_sent.try_update_value(Option::take).flatten() else { return };
        match answer {
            Ok(mut saved) => {
                match saved.merged.take() {
                    Some(merged) => self.merged(state, change, &sent, saved, &merged),
                    None => self.answered(state, change, sent, Ok(saved)),
                }
                let missing = self.missing.get_untracked().filter(|missing| !missing.errors.is_empty());
                self.missing_in_form.set(missing);
            }
            Err(error) => self.answered(state, change, sent, Err(error)),
        }
    }

    /// Saved together with what others did: the form shows that too, or saving it again would undo it.
    pub(super) fn merged(
        self,
        state: OrderFormState,
        change: u64,
        sent: &OrderInput,
        mut saved: OrderSaved,
        merged: &OrderMerged,
    ) {
        let missing = saved.refusal.take();
        self.answered(state, change, merged.input.clone(), Ok(saved));
        self.take_in(state, sent, &merged.input, &merged.by);
        // What is missing points at lines of both.
        self.found_missing(as_shown(state, missing, &merged.input), state.line_keys());
    }

    /// Puts what others did into the form, without touching what was typed since `sent`.
    pub(in super::super) fn take_in(
        self,
        state: OrderFormState,
        sent: &OrderInput,
        theirs: &OrderInput,
        by: &[String],
    ) {
        let is_saved = !self.is_unsaved(state);
        let merged = merge(sent, &typed(state), theirs);
        state.take_in(self, &merged.input);
        self.came_from.set(Some(self.whose(by).others()));
        if is_saved {
            // It came from there, and needs not go back.
            state.mark_saved(&typed(state).lines);
            self.saved_change.set_value(state.changes.get_untracked());
        }
    }

    pub(super) fn answered(
        self,
        state: OrderFormState,
        change: u64,
        input: OrderInput,
        answer: Result<OrderSaved, AppError>,
    ) {
        match answer {
            Ok(saved) => {
                self.tries.set_value(0);
                self.saved_change.set_value(change);
                state.mark_saved(&input.lines);
                self.base.set_value(input);
                device::forget(&self.device_key());
                self.order_id.set(saved.order_id.to_string());
                self.version.set(saved.version);
                if self.number.get_untracked().is_none() {
                    dom::replace_address(&edit_href(&saved.number));
                    self.number.set(Some(saved.number));
                }
                self.found_missing(saved.refusal, self.sent_lines.get_value());
                self.state.set(SaveState::Saved(saved.saved_at));
                #[cfg(feature = "hydrate")]
                tabs::tell(Said::Saved, saved.order_id);
                self.keep(state);
                if self.is_unsaved(state) {
                    self.soon(state, PAUSE);
                }
            }
            Err(error) if is_tried_again(&error) => {
                let tries = self.tries.get_value();
                self.tries.set_value(tries + 1);
                self.saved_change.set_value(change.wrapping_sub(1));
                self.keep(state);
                self.state.set(if dom::is_online() { SaveState::Retrying } else { SaveState::OnDevice });
                let seconds = RETRIES.get(tries).or(RETRIES.last()).copied().unwrap_or(30);
                self.soon(state, Duration::from_secs(seconds));
            }
            Err(error) => {
                self.keep(state);
                state.mark_refused();
                self.state.set(SaveState::Refused);
                self.refused.set(Some(error));
            }
        }
    }
}

/// Whether the same may be taken another time. What the form has sent already is known by its key, and is not made twice.
fn is_tried_again(error: &AppError) -> bool {
    error.no_contact
        || matches!(error.http_status(), 408 | 429 | 500..)
        || error.code() == ErrorCode::NotSignedIn
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_pass_is_tried_again() {
        let check =
            |code: ErrorCode, expected| assert_eq!(is_tried_again(&code.into()), expected, "{code:?}");
        check(ErrorCode::RequestTimeout, true);
        check(ErrorCode::RateLimited, true);
        check(ErrorCode::Internal, true);
        check(ErrorCode::NotSignedIn, true);
        check(ErrorCode::NotFound, false);
        check(ErrorCode::InvalidTransition, false);
    }
}
