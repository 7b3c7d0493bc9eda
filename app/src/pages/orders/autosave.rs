//! Saves while somebody writes: a pause after the last change, when a field is left, and when the page goes out of sight. One save
//! is under way at a time, and what is changed meanwhile is in the next.

mod answers;

use std::time::Duration;

use domain::errors::Refusal;
use domain::live::LiveRow;
use domain::orders::{OrderConflict, OrderInput, PurchaseOrder};
use leptos::ev::FocusEvent;
use leptos::prelude::*;
use leptos::task::{spawn_local, tick};
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};

use super::device::{self, Kept};
use super::dom;
use super::form_state::OrderFormState;
use super::head::read_head;
use super::save_state::SaveState;
use super::sent::{as_shown, filled_places, is_blank, point_as_shown, typed};
#[cfg(feature = "hydrate")]
use super::tabs::{self, Said};
use crate::api::orders::{AutosaveOutcome, OrderMerged, autosave_order, read_order_form};
use crate::error::AppError;
use crate::live::use_live;

/// So long after the last change the order is saved.
const PAUSE: Duration = Duration::from_millis(800);
/// So long after a field was left.
const BLUR_PAUSE: Duration = Duration::from_millis(100);
/// So long after the last change it is kept on the device.
const DEVICE_PAUSE: Duration = Duration::from_millis(200);
/// Pauses after tries that failed; the last one again and again.
const RETRIES: [u64; 5] = [1, 2, 5, 10, 30];

/// Where the saved order stands, and what is on its way.
#[derive(Clone, Copy)]
pub(super) struct Autosave {
    /// Empty before the order was saved once.
    pub order_id: RwSignal<String>,
    pub number: RwSignal<Option<String>>,
    pub version: RwSignal<i64>,
    pub state: RwSignal<SaveState>,
    /// Why it could not be saved, when trying again is of no use.
    pub refused: RwSignal<Option<AppError>>,
    /// What must be put right before the order can be sent, as the last save said, also one before the order was opened.
    pub missing: RwSignal<Option<Refusal>>,
    /// The keys of the lines at the places that it points at; a place beyond them is the line that stood there first.
    missing_lines: StoredValue<Vec<usize>>,
    /// The keys of the lines when the form was sent last.
    sent_lines: StoredValue<Vec<usize>>,
    /// What was missing when *Kontroller* was pressed last.
    pub checked: RwSignal<Option<Refusal>>,
    /// What was missing when the whole form was sent last.
    pub missing_in_form: RwSignal<Option<Refusal>>,
    /// As it was saved last.
    pub base: StoredValue<OrderInput>,
    /// What has to be chosen before it can be saved.
    pub conflict: RwSignal<Option<OrderConflict>>,
    /// Whose changes have come into the form.
    pub came_from: RwSignal<Option<String>>,
    /// The change that was saved last.
    saved_change: StoredValue<u64>,
    under_way: StoredValue<bool>,
    /// The change and the text with which the whole form was sent, until it is answered.
    form_sent: StoredValue<Option<(u64, OrderInput)>>,
    /// A button that was pressed while a save was under way.
    pressed: StoredValue<Option<String>>,
    timer: StoredValue<u64>,
    device_timer: StoredValue<u64>,
    tries: StoredValue<usize>,
    /// Who types, for the device, and to know what was saved in another window of theirs.
    pub(super) person: StoredValue<String>,
    /// What was found on the device is not decided on yet, and must not be written over.
    pub found: RwSignal<Option<Kept>>,
}

impl Autosave {
    /// `missing` is what was known to be missing when the order was read.
    pub(super) fn new(
        order: Option<&PurchaseOrder>,
        input: &OrderInput,
        missing: Option<Refusal>,
        person: String,
    ) -> Self {
        Self {
            order_id: RwSignal::new(order.map(|order| order.order_id.to_string()).unwrap_or_default()),
            number: RwSignal::new(order.map(|order| order.number.clone())),
            version: RwSignal::new(order.map_or(0, |order| order.version)),
            state: RwSignal::new(
                order.map_or(SaveState::Untouched, |order| SaveState::Saved(order.updated_at)),
            ),
            refused: RwSignal::new(None),
            missing: RwSignal::new(missing),
            missing_lines: StoredValue::new(Vec::new()),
            sent_lines: StoredValue::new(Vec::new()),
            checked: RwSignal::new(None),
            missing_in_form: RwSignal::new(None),
            base: StoredValue::new(input.clone()),
            conflict: RwSignal::new(None),
            came_from: RwSignal::new(None),
            saved_change: StoredValue::new(0),
            under_way: StoredValue::new(false),
            form_sent: StoredValue::new(None),
            pressed: StoredValue::new(None),
            timer: StoredValue::new(0),
            device_timer: StoredValue::new(0),
            tries: StoredValue::new(0),
            person: StoredValue::new(person),
            found: RwSignal::new(None),
        }
    }

    /// Saves from now on whenever something changes.
    pub(super) fn follow(self, state: OrderFormState) {
        Effect::watch(
            move || state.changes.get(),
            move |_, _, _| {
                let state_now = self.state.get_untracked();
                let can_save = !matches!(state_now, SaveState::Conflict | SaveState::Refused);
                if self.is_unsaved(state) && can_save && self.has_begun(state) {
                    // Not true any more until it is saved again, here or there.
                    self.state.set(SaveState::Saving);
                }
                self.soon(state, PAUSE);
                self.keep_soon(state);
            },
            false,
        );
        dom::on_hidden(move || self.now(state));
        dom::on_online(move || self.now(state));
        if let Some(live) = use_live() {
            live.on_event(move |event| {
                if let LiveRow::PurchaseOrder(row) = &event.change
                    && self.number.get_untracked().as_ref() == Some(&row.number)
                    && !self.under_way.get_value()
                    && !matches!(self.state.get_untracked(), SaveState::Saved(at) if row.updated_at <= at)
                {
                    self.catch_up(state);
                }
            });
        }
        #[cfg(feature = "hydrate")]
        tabs::listen(move |message| {
            let is_here =
                self.order_id.try_get_untracked().is_some_and(|id| id == message.order_id.to_string());
            if message.said == Said::Saved && is_here && !self.under_way.get_value() {
                self.catch_up(state);
            }
        });
        Effect::new(move |_| {
            let found = device::read(&self.device_key());
            self.found.set(found.filter(|kept| kept.differs_from(&self.base.get_value())));
        });
    }

    pub(super) fn device_key(self) -> String {
        let number = self.number.get_untracked();
        self.person.with_value(|person| device::key(person, number.as_deref()))
    }

    /// What a save found missing. That nothing is missing is something else than that nothing was saved yet.
    fn found_missing(self, missing: Option<Refusal>, lines: Vec<usize>) {
        self.missing_lines.set_value(lines);
        self.missing.set(Some(missing.unwrap_or_else(|| Refusal::of_fields(Vec::new()))));
    }

    /// The key of the line that stood at a place which `missing` points at; lines may have come and gone since.
    pub(super) fn line_at(self, place: usize) -> usize {
        self.missing_lines.with_value(|lines| lines.get(place).copied()).unwrap_or(place)
    }

    pub(super) fn is_unsaved(self, state: OrderFormState) -> bool {
        state.changes.try_get_untracked().is_some_and(|change| change != self.saved_change.get_value())
    }

    /// There is an order, or something that one should be made for. Asked at every key, so it looks no further than it must.
    fn has_begun(self, state: OrderFormState) -> bool {
        let has_order = self.order_id.with_untracked(|id| !id.is_empty());
        has_order || !state.is_rest_empty(0) || !is_blank(&read_head())
    }

    fn soon(self, state: OrderFormState, pause: Duration) {
        let Some(number) = self.timer.try_get_value().map(|number| number + 1) else { return };
        self.timer.set_value(number);
        set_timeout(
            move || {
                if self.timer.try_get_value() == Some(number) {
                    self.now(state);
                }
            },
            pause,
        );
    }

    fn keep_soon(self, state: OrderFormState) {
        let number = self.device_timer.get_value() + 1;
        self.device_timer.set_value(number);
        set_timeout(
            move || {
                if self.device_timer.try_get_value() == Some(number) {
                    self.keep(state);
                }
            },
            DEVICE_PAUSE,
        );
    }

    /// Keeps on the device what is not saved yet.
    fn keep(self, state: OrderFormState) {
        if !self.is_unsaved(state) || self.found.with_untracked(Option::is_some) {
            return;
        }
        if !self.has_begun(state) {
            // What was typed is taken out again: there is nothing to find.
            device::forget(&self.device_key());
            return;
        }
        let kept = Kept {
            base: self.base.get_value(),
            input: typed(state),
            turn: 0,
            number: self.number.get_untracked(),
        };
        let is_kept = device::write(&self.device_key(), kept);
        if is_kept && !dom::is_online() {
            self.state.set(SaveState::OnDevice);
        }
    }

    /// The focus left a field of the form.
    pub(super) fn on_blur(self, event: &FocusEvent, state: OrderFormState) {
        let field = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if field.is_some_and(|field| matches!(field.tag_name().as_str(), "INPUT" | "SELECT" | "TEXTAREA")) {
            // What the field's own handlers make of it belongs to it, and the next field is drawn first.
            if self.is_unsaved(state) {
                self.soon(state, BLUR_PAUSE);
            }
        }
    }

    /// A save is under way.
    pub(super) fn is_under_way(self) -> bool {
        self.under_way.get_value()
    }

    /// Presses the button when the save that is under way is answered.
    pub(super) fn press_later(self, value: String) {
        self.pressed.set_value(Some(value));
    }

    /// The form itself is sent: nothing else is, until its answer is there.
    pub(super) fn form_is_sent(self, state: OrderFormState) {
        self.under_way.set_value(true);
        self.sent_lines.set_value(state.line_keys());
        self.form_sent.set_value(Some((state.changes.get_untracked(), typed(state))));
        self.state.set(SaveState::Saving);
    }

    /// Saves, when there is something new and nothing under way.
    pub(super) fn now(self, state: OrderFormState) {
        if !self.is_unsaved(state)
            || self.under_way.try_get_value() != Some(false)
            || matches!(self.state.try_get_untracked(), None | Some(SaveState::Refused | SaveState::Conflict))
        {
            return;
        }
        if !self.has_begun(state) {
            self.state.set(SaveState::Untouched);
            return;
        }
        let input = typed(state);
        let (order_id, version) = (self.order_id.get_untracked(), self.version.get_untracked());
        let change = state.changes.get_untracked();
        self.under_way.set_value(true);
        self.state.set(SaveState::Saving);
        spawn_local(async move {
            let form_key = state.form_key.to_string();
            let places = filled_places(state);
            self.sent_lines.set_value(state.line_keys());
            let answer = autosave_order(order_id, version, form_key, input.clone()).await;
            if self.under_way.try_get_value().is_none() {
                return;
            }
            self.under_way.set_value(false);
            let answer = answer.map(|mut outcome| {
                if let AutosaveOutcome::Saved(saved) = &mut outcome {
                    point_as_shown(saved.refusal.as_mut(), &places);
                }
                outcome
            });
            match answer {
                Ok(AutosaveOutcome::Saved(saved)) => self.answered(state, change, input, Ok(saved)),
                Ok(AutosaveOutcome::Merged { saved, input: merged, by, .. }) => {
                    self.merged(state, change, &input, saved, &OrderMerged { input: *merged, by });
                }
                Ok(AutosaveOutcome::Conflict(conflict)) => {
                    self.keep(state);
                    self.state.set(SaveState::Conflict);
                    self.conflict.set(Some(*conflict));
                }
                Err(error) => self.answered(state, change, input, Err(error)),
            }
            self.press_again().await;
        });
    }

    /// The order was saved elsewhere, by somebody else or in another window: the form follows.
    fn catch_up(self, state: OrderFormState) {
        let Some(number) = self.number.get_untracked() else { return };
        spawn_local(async move {
            let Ok(page) = read_order_form(Some(number)).await else { return };
            let Some(order) = page.order else { return };
            let is_free = self.under_way.try_get_value() == Some(false);
            if !is_free || self.version.try_get_untracked().is_none_or(|version| order.version <= version) {
                return;
            }
            let base = self.base.get_value();
            if self.is_unsaved(state) {
                // Saving puts both together, and asks where it must.
                self.now(state);
                return;
            }
            self.version.set(order.version);
            self.base.set_value(page.input.clone());
            self.state.set(SaveState::Saved(order.updated_at));
            self.take_in(state, &base, &page.input, &[]);
            self.found_missing(as_shown(state, page.refusal, &page.input), state.line_keys());
        });
    }

    /// Presses the button that was pressed too early.
    async fn press_again(self) {
        let Some(value) = self.pressed.try_update_value(Option::take).flatten() else { return };
        tick().await;
        let selector = format!("#order-form button[name=action][value='{value}']");
        if let Ok(Some(button)) = document().query_selector(&selector)
            && let Ok(button) = button.dyn_into::<HtmlElement>()
        {
            button.click();
        }
    }
}
