//! The form that writes an order: one plain form, which a script makes quicker.

use domain::contacts::ContactRow;
use domain::errors::{ErrorCode, Refusal};
use domain::orders::{DeliveryAddress, OrderInput, OrderLineInput, PurchaseOrder};
use domain::time::CalendarDate;
use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{HtmlElement, HtmlInputElement, HtmlSelectElement};
use leptos_router::hooks::{use_params_map, use_query_map};

use super::form_state::OrderFormState;
use super::lines::Lines;
use super::sums::{Bar, Sums};
use super::typed::{FormLine, input_of, with_unit_label};
use super::{EMPTY_LINES, crumbs, order_href};
use crate::api::orders::{OrderFormPage, SaveOrder, read_order_form};
use crate::components::{
    Crumb, Crumbs, Field, FieldKind, FormErrors, FormState, HiddenField, Loading, OrderTag, PageHead,
    Receipt, Select, SelectOption, TextArea, go_to_fragment,
};
use crate::error::AppError;
use crate::flash::use_flash;
use crate::format;
use crate::i18n::{Language, Texts, use_texts};
use crate::page_data::{PageData, suspend};
use crate::pages::lists::{shown, use_back, use_receipt};

/// The page `/ordre/innkjopsordre/ny`.
#[component]
pub fn NewOrderPage() -> impl IntoView {
    view! { <FormPage number=Signal::stored(None::<String>)/> }
}

/// The page `/ordre/innkjopsordre/:nr/rediger`.
#[component]
pub fn EditOrderPage() -> impl IntoView {
    let params = use_params_map();
    view! { <FormPage number=Memo::new(move |_| params.with(|params| params.get("nr")))/> }
}

#[component]
fn FormPage(#[prop(into)] number: Signal<Option<String>>) -> impl IntoView {
    // Asked for once: a form that somebody types into is not drawn again.
    let page = PageData::new(move || number.get(), read_order_form);
    view! {
        <Transition fallback=Loading>
            {move || suspend(async move { shown(page.await, |page| view! { <OrderForm page/> }.into_any()) })}
        </Transition>
    }
}

/// What stands in the way of sending; saving alone does not ask for what is merely missing.
fn told(refusal: Option<Refusal>, checking: bool) -> Option<AppError> {
    let mut refusal = refusal?;
    if !checking {
        refusal.errors.retain(|error| !matches!(error.code, ErrorCode::Required | ErrorCode::NoLines));
    }
    (!refusal.errors.is_empty()).then(|| refusal.into())
}

/// The first lines: what was typed, and empty ones up to what the page was asked to show.
fn first_lines(page: &OrderFormPage, input: &OrderInput, language: Language, shown: usize) -> Vec<FormLine> {
    let mut lines: Vec<FormLine> = input
        .lines
        .iter()
        .enumerate()
        .map(|(index, line)| {
            let saved = page.order.as_ref().and_then(|order| order.lines.get(index));
            let matched = page.matches.get(index).cloned().flatten();
            FormLine::new(
                index,
                with_unit_label(line.clone(), language),
                saved.map(|line| line.vat_rate),
                matched,
            )
        })
        .collect();
    while lines.len() < shown.clamp(EMPTY_LINES, domain::orders::MAX_LINES) {
        lines.push(FormLine::new(lines.len(), OrderLineInput::default(), None, None));
    }
    lines
}

/// Where the order stands between two tries: its version rises with each.
#[derive(Clone, Copy)]
struct Saved {
    order_id: Signal<String>,
    version: Signal<i64>,
    at: Signal<Option<domain::time::Timestamp>>,
}

impl Saved {
    fn of(action: ServerAction<SaveOrder>, order: StoredValue<Option<PurchaseOrder>>) -> Self {
        let last = move || action.value().get().and_then(Result::ok);
        let first = move || order.get_value();
        Self {
            order_id: Signal::derive(move || match last() {
                Some(saved) => saved.order_id.to_string(),
                None => first().map(|order| order.order_id.to_string()).unwrap_or_default(),
            }),
            version: Signal::derive(move || match last() {
                Some(saved) => saved.version,
                None => first().map_or(0, |order| order.version),
            }),
            at: Signal::derive(move || match last() {
                Some(saved) => Some(saved.saved_at),
                None => first().map(|order| order.updated_at),
            }),
        }
    }
}

#[component]
fn OrderForm(page: OrderFormPage) -> impl IntoView {
    let t = use_texts();
    let action = ServerAction::<SaveOrder>::new();
    let flash = use_flash().filter(|flash| flash.path == SaveOrder::PATH);
    let input = flash.as_ref().map_or_else(|| page.input.clone(), input_of);
    let query = use_query_map();
    let checking = query.with_untracked(|query| query.get("kontroll").is_some());
    let asked = query.with_untracked(|query| query.get("linjer").and_then(|shown| shown.parse().ok()));
    let receipt = use_receipt();
    let first_error = if checking || !receipt.get_untracked().is_empty() {
        told(page.refusal.clone(), checking)
    } else {
        None
    };
    let back = use_back().get_untracked().unwrap_or_default();
    let form = FormState::of(action);
    let sent_to_check = move || query.with(|query| query.get("kontroll").is_some());
    let error = Signal::derive(move || {
        form.error().or_else(|| match action.value().get() {
            Some(Ok(saved)) => told(saved.refusal, sent_to_check()),
            Some(Err(error)) => Some(error),
            None => first_error.clone(),
        })
    });
    let order = StoredValue::new(page.order.clone());
    let saved = Saved::of(action, order);
    let lines = first_lines(&page, &input, t.language(), asked.unwrap_or(input.lines.len() + 1));
    let state = OrderFormState::new(lines, &input, page.suppliers.clone(), form.with_error(error));
    go_to_fragment();
    let title = page
        .order
        .as_ref()
        .map_or_else(|| t.nav_new_order().to_owned(), |order| t.order_form_title(&order.number));
    view! {
        <Crumbs path=form_crumbs(t, page.order.as_ref())/>
        <PageHead title below=move || view! { <Below order saved/> }/>
        {move || {
            // What was saved before says nothing about a try that was refused.
            let refused = action.value().with(|last| matches!(last, Some(Err(_))));
            (!refused && receipt.with(|receipt| receipt.starts_with("lagret")))
                .then(|| view! { <Receipt title=t.order_form_saved() text=t.order_form_saved_text()/> })
        }}
        <FormErrors form=state.form/>
        <ActionForm action attr:class="stack" attr:id="order-form" attr:novalidate=true attr:data-test="order-form">
            // Enter in a field presses the first button of a form; that must never be one that removes.
            <HiddenField name="back" value=back/>
            <button class="vh" type="submit" name="action" value="lagre" tabindex="-1" aria-hidden="true">{t.frame_save()}</button>
            <input type="hidden" name="order_id" prop:value=saved.order_id value=saved.order_id.get_untracked()/>
            <input type="hidden" name="version" prop:value=move || saved.version.get().to_string() value=saved.version.get_untracked().to_string()/>
            <div class="stack" on:keydown=check_by_key>
                <Head state input suppliers=page.suppliers.clone() today=page.today/>
                <Lines state/>
                <Sums state/>
                <Bar state/>
            </div>
        </ActionForm>
    }
}

fn form_crumbs(t: Texts, order: Option<&PurchaseOrder>) -> Vec<Crumb> {
    match order {
        None => crumbs(t, vec![Crumb::text(t.nav_new_order())]),
        Some(order) => {
            let up = Crumb::link(order.number.clone(), order_href(&order.number));
            crumbs(t, vec![up, Crumb::text(t.order_form_edit())])
        }
    }
}

#[component]
fn Below(order: StoredValue<Option<PurchaseOrder>>, saved: Saved) -> impl IntoView {
    let t = use_texts();
    order.get_value().map(|order| {
        view! {
            <OrderTag status=Signal::stored(order.status)/>
            <span class="muted" role="status" data-test="saved-at">
                {move || saved.at.get().map(|at| t.order_form_saved_at(format::time(at, t.language())))}
            </span>
        }
    })
}

/// Ctrl+Enter anywhere in the form is *Kontroller og eksporter*.
fn check_by_key(event: KeyboardEvent) {
    if event.key() != "Enter" || !(event.ctrl_key() || event.meta_key()) {
        return;
    }
    event.prevent_default();
    if let Ok(Some(button)) = document().query_selector("#order-form button[value=kontroller]")
        && let Ok(button) = button.dyn_into::<HtmlElement>()
    {
        button.click();
    }
}

/// Supplier, date, references and the note.
#[component]
fn Head(
    state: OrderFormState,
    input: OrderInput,
    suppliers: Vec<ContactRow>,
    today: CalendarDate,
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
        name: input.delivery_name,
        street: input.delivery_street,
        postal_code: input.delivery_postal_code,
        city: input.delivery_city,
    };
    let fields = NodeRef::<Div>::new();
    // What was chosen and typed before the page was taken over.
    let read = move || {
        let Some(fields) = fields.get_untracked() else { return };
        if let Ok(Some(select)) = fields.query_selector("select")
            && let Ok(select) = select.dyn_into::<HtmlSelectElement>()
            && state.supplier_id.with_untracked(|known| *known != select.value())
        {
            state.supplier_id.set(select.value());
        }
        let typed = |field: &str| {
            let field = fields.query_selector(field).ok().flatten()?;
            field.dyn_into::<HtmlInputElement>().ok().map(|field| field.value())
        };
        if let Some(currency) = typed("#currency") {
            state.currency.set(currency);
        }
        if let Some(typed) = typed("input.date") {
            date.set(typed);
        }
    };
    Effect::new(move |_| read());
    view! {
        <section class="card" aria-label=t.order_form_head()>
            <div class="fields" node_ref=fields on:input=move |_| read() on:change=move |_| read()>
                <Select
                    name="input[supplier_id]"
                    pointer="/supplier_id"
                    label=t.label("supplier_id").unwrap_or_default()
                    value=input.supplier_id
                    options
                    form=state.form
                />
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
                    <p class="hint" role="status" data-test="date-echo">{move || date_echo(t, &date.get(), today)}</p>
                </div>
                <References state our_reference=input.our_reference currency=input.currency note=input.note/>
            </div>
            <DeliveryFields state delivery/>
        </section>
    }
}

/// Where the goods go, when it is not to the own address.
#[component]
fn DeliveryFields(state: OrderFormState, delivery: DeliveryAddress) -> impl IntoView {
    let t = use_texts();
    let open = !delivery.is_empty();
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
    view! {
        <details open=open data-test="delivery">
            <summary>{t.order_form_other_delivery()}</summary>
            <div class="fields">{fields}</div>
        </details>
    }
}

/// What the supplier is told beside the lines.
#[component]
fn References(state: OrderFormState, our_reference: String, currency: String, note: String) -> impl IntoView {
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
        <TextArea
            name="input[note]"
            pointer="/note"
            label=t.order_form_note()
            value=note
            optional=true
            form=state.form
        />
    }
}

/// The date in words, so that a month is never taken for a day.
fn date_echo(t: Texts, typed: &str, today: CalendarDate) -> String {
    let Some(date) = CalendarDate::parse_typed(typed, today) else {
        return t.order_form_date_hint().to_owned();
    };
    let words = format!("{}, {}", format::date_long(date, t.language()), t.time_week(format::week(date)));
    if date < today {
        t.order_form_date_past(words)
    } else if date.is_weekend() {
        t.order_form_date_weekend(words)
    } else {
        words
    }
}
