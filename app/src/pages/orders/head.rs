//! The head of the order form: supplier, date, references, where the goods go, and the note.

use domain::contacts::ContactRow;
use domain::orders::{DeliveryAddress, OrderInput};
use domain::time::CalendarDate;
use leptos::prelude::*;

use super::dom;
use super::form_state::OrderFormState;
use crate::components::{Field, FieldKind, Select, SelectOption, TextArea};
use crate::format;
use crate::i18n::use_texts;

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

/// Supplier, date, references and the note.
#[component]
pub(super) fn Head(
    state: OrderFormState,
    input: OrderInput,
    suppliers: Vec<ContactRow>,
    today: CalendarDate,
    /// What is told of the supplier.
    children: Children,
) -> impl IntoView {
    let t = use_texts();
    let options: Vec<SelectOption> = std::iter::once(SelectOption::new("", t.order_form_choose_supplier()))
        .chain(
            suppliers
                .into_iter()
                .map(|supplier| SelectOption::new(supplier.contact_id.to_string(), supplier.name)),
        )
        .collect();
    let date = RwSignal::new(input.requested_delivery_date.clone());
    let delivery = DeliveryAddress {
        name: input.delivery_name.clone(),
        street: input.delivery_street.clone(),
        postal_code: input.delivery_postal_code.clone(),
        city: input.delivery_city.clone(),
    };
    // Open when there is something in it.
    let open = !(delivery.is_empty() && input.our_reference.is_empty() && input.note.is_empty());
    let their_reference = input.their_reference.clone();
    let currency = if input.currency.is_empty() { "NOK".to_owned() } else { input.currency.clone() };
    let before = StoredValue::new(OrderInput { currency, lines: Vec::new(), ..input.clone() });
    // Also what was chosen and typed before the page was taken over.
    let read = move || {
        let now = read_head();
        if state.supplier_id.with_untracked(|known| *known != now.supplier_id) {
            state.supplier_id.set(now.supplier_id.clone());
        }
        if state.currency.with_untracked(|known| *known != now.currency) {
            state.currency.set(now.currency.clone());
        }
        date.set(now.requested_delivery_date.clone());
        if before.with_value(|before| *before != now) {
            before.set_value(now);
            state.changes.update(|changes| *changes += 1);
        }
    };
    Effect::new(move |_| {
        // What the browser writes otherwise than it was saved, as the ends of lines, nobody has changed.
        if FIELDS.iter().any(|id| dom::is_touched(id)) {
            read();
        } else {
            before.set_value(read_head());
        }
    });
    view! {
        <section class="card" aria-label=t.order_form_head()>
            <div class="fields" on:input=move |_| read() on:change=move |_| read()>
                <div class="stack s">
                    <Select
                        name="input[supplier_id]"
                        pointer="/supplier_id"
                        label=t.label("supplier_id").unwrap_or_default()
                        value=input.supplier_id
                        options
                        form=state.form
                    />
                    {children()}
                </div>
                <div class="stack s">
                    <Field
                        name="input[requested_delivery_date]"
                        pointer="/requested_delivery_date"
                        label=t.label("requested_delivery_date").unwrap_or_default()
                        value=input.requested_delivery_date
                        kind=FieldKind::Date
                        optional=true
                        form=state.form
                    />
                    <p class="hint" role="status" data-test="date-echo">{move || format::date_echo(t, &date.get(), today)}</p>
                </div>
            </div>
            <div class="fields" on:input=move |_| read()>
                <Field
                    name="input[their_reference]"
                    pointer="/their_reference"
                    label=t.label("their_reference").unwrap_or_default()
                    value=their_reference
                    optional=true
                    form=state.form
                />
            </div>
            <details open=open data-test="references" on:input=move |_| read()>
                <summary>{t.order_form_references()}</summary>
                <div class="fields">
                    <References state our_reference=input.our_reference currency=input.currency/>
                    <DeliveryFields state delivery/>
                    <TextArea
                        name="input[note]"
                        pointer="/note"
                        label=t.order_form_note()
                        value=input.note
                        optional=true
                        form=state.form
                    />
                </div>
            </details>
        </section>
    }
}

/// Where the goods go, when it is not to the own address.
#[component]
fn DeliveryFields(state: OrderFormState, delivery: DeliveryAddress) -> impl IntoView {
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
                form=state.form
            />
        }
    })
    .collect();
    fields
}

/// What the supplier is told beside the lines.
#[component]
fn References(state: OrderFormState, our_reference: String, currency: String) -> impl IntoView {
    let t = use_texts();
    view! {
        <Field
            name="input[our_reference]"
            pointer="/our_reference"
            label=t.label("our_reference").unwrap_or_default()
            value=our_reference
            optional=true
            form=state.form
        />
        <Field
            name="input[currency]"
            pointer="/currency"
            label=t.label("currency").unwrap_or_default()
            value=if currency.is_empty() { "NOK".to_owned() } else { currency }
            kind=FieldKind::Code
            form=state.form
        />
    }
}
