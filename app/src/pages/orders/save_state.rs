//! How safe what was typed is, in a word.

use domain::time::Timestamp;
use leptos::prelude::*;

use super::autosave::Autosave;
use crate::format;
use crate::i18n::use_texts;

/// How safe what stands in the form is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SaveState {
    /// Nothing was typed into a new order.
    Untouched,
    Saving,
    Saved(Timestamp),
    /// The server did not answer, or could not save; it is tried again.
    Retrying,
    /// There is no network.
    OnDevice,
    /// Somebody else wrote something else in the same fields, and the person has to choose.
    Conflict,
    /// The order can no longer be saved: it was sent, or is gone.
    Refused,
}

/// How safe it is, in words: by the title, and in the bar at the foot.
#[component]
pub(super) fn SaveText(autosave: Autosave) -> impl IntoView {
    let t = use_texts();
    move || match autosave.state.get() {
        SaveState::Untouched => String::new(),
        SaveState::Saving => t.order_form_saving().to_owned(),
        SaveState::Saved(at) => t.order_form_saved_at(format::time(at, t.language())),
        SaveState::Retrying => t.order_form_not_saved().to_owned(),
        SaveState::OnDevice => t.order_form_on_device().to_owned(),
        SaveState::Conflict => t.order_form_waits().to_owned(),
        SaveState::Refused => t.order_form_refused().to_owned(),
    }
}
