//! What was found on the device after a crash, and the choice to have it back.

use domain::orders::sheet::{Column, Command, SheetLine};
use domain::orders::{OrderInput, merge};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::autosave::Autosave;
use super::device::{self, Kept};
use super::dom;
use super::form_state::OrderFormState;
use super::head::write_head;
use super::typed::with_unit_label;
use crate::api::orders::read_order_form;
use crate::components::{Alert, Receipt};
use crate::i18n::use_texts;

/// «Vi fant 6 linjer som ikke ble lagret.», and how many of them came back.
#[component]
pub(super) fn FoundOnDevice(state: OrderFormState, autosave: Autosave) -> impl IntoView {
    let t = use_texts();
    let restored = RwSignal::new(None::<i64>);
    let found = move || {
        autosave.found.get().map(|kept| {
            let lines = autosave.base.with_value(|base| kept.unsaved_lines(base));
            let lines = i64::try_from(lines).unwrap_or(i64::MAX);
            let title = match lines {
                0 => t.order_form_found_changes().to_owned(),
                lines => t.order_form_found(lines),
            };
            let take = move |_| {
                autosave.found.set(None);
                state.restore(autosave, &kept);
                restored.set(Some(lines));
            };
            view! {
                <div data-test="found">
                    <Alert title>
                        <button class="btn p s" type="button" data-test="restore" on:click=take>
                            {t.order_form_restore()}
                        </button>
                        <button class="btn s" type="button" data-test="forget" on:click=move |_| autosave.forget_found()>
                            {t.order_form_forget()}
                        </button>
                    </Alert>
                </div>
            }
        })
    };
    let came_back = move || {
        restored.get().map(|lines| {
            let title = match lines {
                0 => t.order_form_restored_changes().to_owned(),
                lines => t.order_form_restored(lines),
            };
            view! { <Receipt title/> }
        })
    };
    view! {
        {found}
        {came_back}
    }
}

impl Autosave {
    fn forget_found(self) {
        self.found.set(None);
        device::forget(&self.device_key());
    }
}

impl OrderFormState {
    /// Takes back what was found. What somebody else saved meanwhile stays where this says nothing about it.
    fn restore(self, autosave: Autosave, kept: &Kept) {
        let merged = merge(&kept.base, &kept.input, &autosave.base.get_value());
        self.offer_supplier(autosave, &merged.input.supplier_id);
        self.put(&merged.input);
    }

    /// Puts an order into the form: its head, and its lines as one step. Lines that are there already keep their place in the page.
    fn put(self, input: &OrderInput) {
        write_head(input);
        let lines = self.keyed(input);
        self.run(Command::Replace { lines });
    }

    /// Puts in what others have changed: the same, but no step, so undo leaves it where it is.
    pub(super) fn take_in(self, autosave: Autosave, input: &OrderInput) {
        self.offer_supplier(autosave, &input.supplier_id);
        write_head(input);
        self.commit_all();
        let lines = self.keyed(input);
        self.take_in_lines(lines);
    }

    /// Offers a supplier that others have chosen and that this form does not offer: at once, since a choice that is not there would be
    /// saved as none, and by name as soon as it is known.
    fn offer_supplier(self, autosave: Autosave, id: &str) {
        if id.is_empty() || self.knows_supplier(id) {
            return;
        }
        dom::add_choice("supplier_id", id, self.texts.order_form_supplier_comes());
        let (id, number) = (id.to_owned(), autosave.number.get_untracked());
        spawn_local(async move {
            let Ok(page) = read_order_form(number).await else { return };
            let supplier = page.suppliers.into_iter().find(|supplier| supplier.contact_id.to_string() == id);
            let is_left = self.supplier_id.try_get_untracked().is_none();
            if let Some(supplier) = supplier.filter(|_| !is_left && !self.knows_supplier(&id)) {
                dom::add_choice("supplier_id", &id, &supplier.name);
                self.learn_supplier(supplier);
            }
        });
    }

    /// The lines of an order with the keys of those that are shown, and the empty ones that stand in the form.
    fn keyed(self, input: &OrderInput) -> Vec<SheetLine> {
        let shown = self.lines.get_untracked();
        let mut left = shown.clone();
        let lines = input.lines.iter().map(|text| {
            let text = with_unit_label(text.clone(), self.language);
            let same = |line: &super::typed::FormLine| {
                let line_id = line.line_id.get_value();
                if line_id.is_empty() || text.line_id.is_empty() {
                    line.typed.with_untracked(|typed| {
                        Column::ALL.iter().all(|column| column.of(typed) == column.of(&text))
                    })
                } else {
                    line_id == text.line_id
                }
            };
            let key = match left.iter().position(same) {
                Some(at) => left.remove(at).key,
                None => self.new_key(),
            };
            SheetLine { key, text }
        });
        let mut lines: Vec<SheetLine> = lines.collect();
        let empty = left.iter().filter(|line| line.is_empty.get_untracked());
        lines.extend(empty.map(|line| SheetLine { key: line.key, text: Default::default() }));
        lines.truncate(domain::orders::MAX_LINES);
        while lines.len() < super::EMPTY_LINES {
            lines.push(SheetLine { key: self.new_key(), text: domain::orders::OrderLineInput::default() });
        }
        lines
    }
}
