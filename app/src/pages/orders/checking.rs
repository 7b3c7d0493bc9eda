//! *Kontroller og eksporter*: what stands in the way is told in the form as it is, so that the way back over what was done stays. Only
//! when nothing does the form is sent, and the page left.

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};

use super::autosave::Autosave;
use super::form_state::OrderFormState;
use super::save_state::SaveState;

/// The value of the button.
const CHECK: &str = "kontroller";

impl Autosave {
    /// A button that sends the whole form waits for the save that is under way, or both would be the same version.
    pub(super) fn on_click(self, event: &MouseEvent, state: OrderFormState) {
        let button = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let button = button.and_then(|target| target.closest("button[name=action]").ok().flatten());
        let Some(button) = button.filter(|_| !event.default_prevented()) else { return };
        let Some(value) = button.get_attribute("value") else { return };
        if self.is_under_way() {
            event.prevent_default();
            self.press_later(value);
        } else if value == CHECK && state.mounted.get_untracked() && self.is_told_here(state) {
            event.prevent_default();
        }
    }

    /// Whether the button is answered without sending the form.
    fn is_told_here(self, state: OrderFormState) -> bool {
        if self.is_unsaved(state) {
            let may_save = matches!(
                self.state.get_untracked(),
                SaveState::Untouched | SaveState::Saving | SaveState::Saved(_)
            );
            if may_save {
                self.now(state);
            }
            // Pressed again when the answer is there. What could not be saved is sent with the form, which tells why.
            if self.is_under_way() {
                self.press_later(CHECK.to_owned());
            }
            return self.is_under_way();
        }
        let missing = self.missing.get_untracked().filter(|missing| !missing.errors.is_empty());
        let is_missing = missing.is_some();
        self.checked.set(missing);
        if is_missing {
            focus_summary();
        }
        is_missing
    }
}

/// The summary takes the focus by itself when it appears; when it stood there already, it is told again.
fn focus_summary() {
    request_animation_frame(|| {
        let summary = document().query_selector("[data-test=form-errors]").ok().flatten();
        if let Some(summary) = summary.and_then(|summary| summary.dyn_into::<HtmlElement>().ok()) {
            let _ = summary.focus();
        }
    });
}
