//! The head of the order form: supplier, date, references, where the goods go, and the note.

use domain::contacts::ContactRow;
use domain::errors::{ErrorCode, FieldError, Refusal};
use domain::orders::{DeliveryAddress, OrderInput, told_beside};
use domain::time::CalendarDate;
use leptos::ev::FocusEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;

use super::dom;
use super::form_state::OrderFormState;
use crate::components::{Field, FieldKind, FormState, Note, Select, SelectOption, TextArea, Tone};
use crate::error::AppError;
use crate::format;
use crate::i18n::{Texts, use_texts};

/// The fields of the head, by their ids.
const FIELDS: [&str; 10] = [
    "supplier_id",
    "requested_delivery_date",
    "currency",
    "delivery_name",
    "delivery_street",
    "delivery_postal_code",
    "delivery_city",
    "our_reference",
    "their_reference",
    "note",
];

/// What stands in the head of the form; the lines are not in it.
pub(super) fn read_head() -> OrderInput {
    let text = |id: &str| dom::text_in(id).unwrap_or_default();
    OrderInput {
        supplier_id: text("supplier_id"),
        requested_delivery_date: text("requested_delivery_date"),
        currency: text("currency"),
        delivery_name: text("delivery_name"),
        delivery_street: text("delivery_street"),
        delivery_postal_code: text("delivery_postal_code"),
        delivery_city: text("delivery_city"),
        our_reference: text("our_reference"),
        their_reference: text("their_reference"),
        note: text("note"),
        lines: Vec::new(),
    }
}

/// Puts texts into the head of the form, where they differ.
pub(super) fn write_head(input: &OrderInput) {
    let now = read_head();
    for (id, old, new) in [
        ("supplier_id", &now.supplier_id, &input.supplier_id),
        ("requested_delivery_date", &now.requested_delivery_date, &input.requested_delivery_date),
        ("currency", &now.currency, &input.currency),
        ("delivery_name", &now.delivery_name, &input.delivery_name),
        ("delivery_street", &now.delivery_street, &input.delivery_street),
        ("delivery_postal_code", &now.delivery_postal_code, &input.delivery_postal_code),
        ("delivery_city", &now.delivery_city, &input.delivery_city),
        ("our_reference", &now.our_reference, &input.our_reference),
        ("their_reference", &now.their_reference, &input.their_reference),
        ("note", &now.note, &input.note),
    ] {
        if old != new {
            dom::type_into(id, new);
        }
    }
}

/// What is wrong in the head, told beside its fields from when they are left until they are right.
#[derive(Clone, Copy)]
struct HeadFaults {
    today: CalendarDate,
    /// Everything that is wrong now.
    now: RwSignal<Vec<FieldError>>,
    /// What of it is told.
    told: RwSignal<Vec<FieldError>>,
}

impl HeadFaults {
    fn new(input: &OrderInput, today: CalendarDate) -> Self {
        let now = input.head_faults(today);
        let told = told_beside(&[], now.clone(), None);
        Self { today, now: RwSignal::new(now), told: RwSignal::new(told) }
    }

    /// Judges what stands in the head now. In the field with this id somebody is typing.
    fn judge(self, typing: Option<&str>) {
        let now = read_head().head_faults(self.today);
        let typing = typing.map(|id| format!("/{id}"));
        let told = self.told.with_untracked(|told| told_beside(told, now.clone(), typing.as_deref()));
        for (signal, faults) in [(self.now, now), (self.told, told)] {
            if signal.with_untracked(|known| *known != faults) {
                signal.set(faults);
            }
        }
    }

    /// The focus left a field.
    fn on_blur(self, event: &FocusEvent) {
        let left = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if left.is_some_and(|left| FIELDS.contains(&left.id().as_str())) {
            self.judge(None);
        }
    }

    /// What is shown at the fields: what a check has found and is still so, and what is told by itself.
    fn form(self, state: OrderFormState) -> FormState {
        let shown = Memo::new(move |_| {
            let found = state.form.error().map(|error| error.refusal.errors).unwrap_or_default();
            let has_supplier = state.supplier_id.with(|id| !id.trim().is_empty());
            let mut faults = self.now.with(|now| still_wrong(found, now, has_supplier));
            state.asked.with(|asked| {
                faults.retain(|fault| asked.head.iter().all(|field| fault.pointer != format!("/{field}")));
                faults.extend(
                    asked
                        .head
                        .iter()
                        .map(|field| FieldError::new(format!("/{field}"), ErrorCode::VersionConflict)),
                );
            });
            self.told.with(|told| {
                let is_new = |fault: &&FieldError| faults.iter().all(|known| known.pointer != fault.pointer);
                let new: Vec<FieldError> = told.iter().filter(is_new).cloned().collect();
                faults.extend(new);
            });
            (!faults.is_empty()).then(|| AppError::from(Refusal::of_fields(faults)))
        });
        state.form.with_error(shown.into())
    }
}

/// What of the faults that a check has found in the head is still one. What only the server can know stays until it says otherwise.
fn still_wrong(mut found: Vec<FieldError>, now: &[FieldError], has_supplier: bool) -> Vec<FieldError> {
    found.retain(|fault| match fault.code {
        ErrorCode::Required => fault.pointer != "/supplier_id" || !has_supplier,
        ErrorCode::SupplierUnknown => true,
        code => now.iter().any(|now| now.pointer == fault.pointer && now.code == code),
    });
    found
}

/// Follows what stands in the head, also what was chosen and typed before the page was taken over.
fn follow(
    state: OrderFormState,
    input: &OrderInput,
    date: RwSignal<String>,
    faults: HeadFaults,
) -> Callback<()> {
    let currency = if input.currency.is_empty() { "NOK".to_owned() } else { input.currency.clone() };
    let before = StoredValue::new(OrderInput { currency, lines: Vec::new(), ..input.clone() });
    let read = Callback::new(move |()| {
        let now = read_head();
        if state.supplier_id.with_untracked(|known| *known != now.supplier_id) {
            state.supplier_id.set(now.supplier_id.clone());
        }
        if state.currency.with_untracked(|known| *known != now.currency) {
            state.currency.set(now.currency.clone());
        }
        date.set(now.requested_delivery_date.clone());
        faults.judge(document().active_element().map(|active| active.id()).as_deref());
        if before.with_value(|before| *before != now) {
            before.set_value(now);
            state.changes.update(|changes| *changes += 1);
        }
    });
    Effect::new(move |_| {
        // What the browser writes otherwise than it was saved, as the ends of lines, nobody has changed.
        if FIELDS.iter().any(|id| dom::is_touched(id)) {
            read.run(());
        } else {
            before.set_value(read_head());
        }
    });
    read
}

/// Supplier, date, references and the note.
#[component]
pub(super) fn Head(
    state: OrderFormState,
    input: OrderInput,
    suppliers: Vec<ContactRow>,
    today: CalendarDate,
    /// Nobody has written anything yet: writing begins with the supplier.
    is_new: bool,
    /// What is told of the supplier.
    children: Children,
) -> impl IntoView {
    let t = use_texts();
    let date = RwSignal::new(input.requested_delivery_date.clone());
    let faults = HeadFaults::new(&input, today);
    let form = faults.form(state);
    let read = follow(state, &input, date, faults);
    let OrderInput { requested_delivery_date, their_reference, .. } = input.clone();
    if is_new {
        Effect::new(|_| dom::begin_in("supplier_id"));
    }
    view! {
        <section
            class="card"
            aria-label=t.order_form_head()
            on:input=move |_| read.run(())
            on:change=move |_| read.run(())
            on:focusout=move |event| faults.on_blur(&event)
        >
            <div class="fields">
                <div class="stack s">
                    <Select
                        name="input[supplier_id]"
                        pointer="/supplier_id"
                        label=t.label("supplier_id").unwrap_or_default()
                        value=input.supplier_id.clone()
                        options=supplier_options(t, suppliers)
                        form
                    />
                    {children()}
                </div>
                <div class="stack s">
                    <Field
                        name="input[requested_delivery_date]"
                        pointer="/requested_delivery_date"
                        label=t.label("requested_delivery_date").unwrap_or_default()
                        value=requested_delivery_date
                        kind=FieldKind::Date
                        optional=true
                        form
                    />
                    <DateEcho date today form/>
                </div>
            </div>
            <div class="fields">
                <Field
                    name="input[their_reference]"
                    pointer="/their_reference"
                    label=t.label("their_reference").unwrap_or_default()
                    value=their_reference
                    optional=true
                    form
                />
            </div>
            <References form input/>
        </section>
    }
}

fn supplier_options(t: Texts, suppliers: Vec<ContactRow>) -> Vec<SelectOption> {
    let known = suppliers
        .into_iter()
        .map(|supplier| SelectOption::new(supplier.contact_id.to_string(), supplier.name));
    std::iter::once(SelectOption::new("", t.order_form_choose_supplier())).chain(known).collect()
}

/// The date as it was understood. What speaks against it stands out while it is typed; red it is only when the field is left. A day that
/// does not exist is told once: from then on in the field's own words.
#[component]
fn DateEcho(date: RwSignal<String>, today: CalendarDate, form: FormState) -> impl IntoView {
    let t = use_texts();
    let is_told = Memo::new(move |_| {
        let faults = form.error().map(|error| error.refusal.errors).unwrap_or_default();
        faults
            .iter()
            .any(|fault| fault.pointer == "/requested_delivery_date" && fault.code == ErrorCode::InvalidDate)
    });
    view! {
        <p class="hint" role="status" data-test="date-echo">
            {move || {
                let echo = date.with(|typed| format::date_echo(t, typed, today));
                if echo.is_warning && is_told.get() {
                    ().into_any()
                } else if echo.is_warning {
                    view! { <Note tone=Tone::Warning>{echo.text}</Note> }.into_any()
                } else {
                    echo.text.into_any()
                }
            }}
        </p>
    }
}

/// What is folded: references, where the goods go, and the note.
#[component]
fn References(form: FormState, input: OrderInput) -> impl IntoView {
    let t = use_texts();
    let delivery = DeliveryAddress {
        name: input.delivery_name,
        street: input.delivery_street,
        postal_code: input.delivery_postal_code,
        city: input.delivery_city,
    };
    // Open when there is something in it.
    let open = !(delivery.is_empty() && input.our_reference.is_empty() && input.note.is_empty());
    let currency = if input.currency.is_empty() { "NOK".to_owned() } else { input.currency };
    view! {
        <details open=open data-test="references">
            <summary>{t.order_form_references()}</summary>
            <div class="fields">
                <Field
                    name="input[our_reference]"
                    pointer="/our_reference"
                    label=t.label("our_reference").unwrap_or_default()
                    value=input.our_reference
                    optional=true
                    form
                />
                <Field
                    name="input[currency]"
                    pointer="/currency"
                    label=t.label("currency").unwrap_or_default()
                    value=currency
                    kind=FieldKind::Code
                    form
                />
                <DeliveryFields form delivery/>
                <TextArea
                    name="input[note]"
                    pointer="/note"
                    label=t.order_form_note()
                    value=input.note
                    optional=true
                    form
                />
            </div>
        </details>
    }
}

/// Where the goods go, when it is not to the own address.
#[component]
fn DeliveryFields(form: FormState, delivery: DeliveryAddress) -> impl IntoView {
    let t = use_texts();
    let fields: Vec<_> = [
        ("delivery_name", delivery.name),
        ("delivery_street", delivery.street),
        ("delivery_postal_code", delivery.postal_code),
        ("delivery_city", delivery.city),
    ]
    .into_iter()
    .map(|(name, value)| {
        view! {
            <Field
                name=format!("input[{name}]")
                pointer=format!("/{name}")
                label=t.label(name).unwrap_or_default()
                value=value
                optional=true
                form
            />
        }
    })
    .collect();
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_check_found_goes_when_it_is_put_right() {
        let fault = |pointer: &str, code| FieldError::new(pointer, code);
        let found = vec![
            fault("/supplier_id", ErrorCode::Required),
            fault("/requested_delivery_date", ErrorCode::InvalidDate),
            fault("/lines/0/quantity", ErrorCode::InvalidDecimal),
        ];
        let date = fault("/requested_delivery_date", ErrorCode::InvalidDate);
        let left = still_wrong(found.clone(), std::slice::from_ref(&date), true);
        assert_eq!(left, [date]);
        let left = still_wrong(found, &[], false);
        assert_eq!(left, [fault("/supplier_id", ErrorCode::Required)]);
    }
}
