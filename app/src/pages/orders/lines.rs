//! The lines of the order form: a plain table of fields. Without a script every button posts the form; with one, lines come and
//! go in place.

use domain::matching::Match;
use domain::orders::OrderLineInput;
use leptos::ev::KeyboardEvent;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::web_sys::HtmlElement;

use super::combobox::{SuggestionRow, list_id};
use super::form_state::OrderFormState;
use super::typed::{FormLine, amount};
use crate::components::{Column, DataTable, Icon, MatchBadge, difference_text, field_id, reasons_text};
use crate::error::field_text;
use crate::format;
use crate::i18n::use_texts;

/// Columns of the table.
const COLUMNS: usize = 11;

/// The panel of lines.
#[component]
pub(super) fn Lines(state: OrderFormState) -> impl IntoView {
    let t = use_texts();
    let columns = vec![
        Column::new(t.label("article_number").unwrap_or_default()).title(),
        Column::new(t.label("description").unwrap_or_default()),
        Column::new(t.label("supplier_article_number").unwrap_or_default()),
        Column::new(t.label("quantity").unwrap_or_default()).num(),
        Column::new(t.label("unit").unwrap_or_default()),
        Column::new(t.label("unit_price").unwrap_or_default()).num(),
        Column::new(t.order_form_per()).num(),
        Column::new(t.label("discount_percent").unwrap_or_default()).num(),
        Column::new(t.order_form_amount()).num(),
        Column::new(t.order_form_match()),
        Column::new(t.order_form_remove()).hidden(),
    ];
    let add = move |event: leptos::ev::MouseEvent| {
        if state.mounted.get_untracked() {
            event.prevent_default();
            let index = state.add_line();
            focus_soon(format!("lines-{index}-article_number"));
        }
    };
    view! {
        <section class="panel" id="lines" tabindex="-1" aria-labelledby="h-lines">
            <header>
                <h2 id="h-lines">{t.order_form_lines()}</h2>
                <p class="muted sm">{t.order_form_lines_hint()}</p>
            </header>
            <FieldFault state pointer=Signal::stored("/lines".to_owned())/>
            <DataTable caption=t.order_form_lines() columns kind="grid">
                <ForEnumerate
                    each=move || state.lines.get()
                    key=|line| line.key
                    children=move |index, line| view! { <Line state index line/> }
                />
            </DataTable>
            <footer>
                <button class="btn s" type="submit" name="action" value="ny_linje" data-test="add-line" on:click=add>
                    <Icon name="plus"/>
                    {t.order_form_add_line()}
                </button>
                <p class="muted sm only-wide">{t.order_form_keys()}</p>
            </footer>
        </section>
    }
}

/// What is wrong with a field, under it.
#[component]
fn FieldFault(state: OrderFormState, pointer: Signal<String>) -> impl IntoView {
    let t = use_texts();
    move || {
        let pointer = pointer.get();
        state.form.fault(&pointer).map(|fault| {
            view! {
                <p class="errmsg" id=format!("{}-error", field_id(&pointer))>
                    <Icon name="stop"/>
                    {field_text(t, &fault)}
                </p>
            }
        })
    }
}

/// Moves the focus when the page has been drawn.
fn focus_soon(id: String) {
    request_animation_frame(move || {
        if let Some(element) = document().get_element_by_id(&id) {
            use leptos::wasm_bindgen::JsCast;
            if let Ok(element) = element.dyn_into::<HtmlElement>() {
                let _ = element.focus();
            }
        }
    });
}

/// Enter goes down to the same field of the next line, and makes that line when there is none.
fn go_down(event: &KeyboardEvent, state: OrderFormState, index: usize) {
    let target = event_target::<HtmlElement>(event);
    if event.key() != "Enter" || event.ctrl_key() || event.meta_key() || target.tag_name() != "INPUT" {
        return;
    }
    event.prevent_default();
    if index + 1 >= state.lines.with_untracked(Vec::len) {
        state.add_line();
    }
    let prefix = format!("lines-{index}-");
    if let Some(field) = target.id().strip_prefix(&prefix) {
        focus_soon(format!("lines-{}-{field}", index + 1));
    }
}

#[component]
fn Line(state: OrderFormState, index: ReadSignal<usize>, line: FormLine) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    let first = line.first.get_value();
    let fields = line.fields;
    // What was typed before the page was taken over is in the fields already.
    Effect::new(move |_| state.changed(line));
    let hidden = move |field: &'static str| move || format!("input[lines][{}][{field}]", index.get());
    let sum = move || line.typed.with(amount).map(|amount| format::money(amount, language));
    view! {
        <tr
            role="row"
            data-test="order-line"
            data-tone=move || state.line_tone(index.get(), line)
            on:input=move |_| state.changed(line)
            on:keydown=move |event| go_down(&event, state, index.get_untracked())
        >
            <th role="rowheader" scope="row" class="ttl" data-l=state.texts.label("article_number").unwrap_or_default()>
                <input type="hidden" name=hidden("line_id") value=first.line_id.clone()/>
                <input type="hidden" name=hidden("note") value=first.note.clone()/>
                <ArticleField state index line first=first.article_number.clone()/>
            </th>
            <LineField state index field="description" first=first.description.clone() node=fields.description size=22/>
            <LineField state index field="supplier_article_number" first=first.supplier_article_number.clone() node=fields.supplier_article_number size=13 class="code"/>
            <LineField state index field="quantity" first=first.quantity.clone() node=fields.quantity size=6 class="num" decimal=true/>
            <LineField state index field="unit" first=first.unit.clone() node=fields.unit size=5/>
            <LineField state index field="unit_price" first=first.unit_price.clone() node=fields.unit_price size=8 class="num" decimal=true/>
            <LineField state index field="price_base_quantity" first=first.price_base_quantity.clone() node=fields.price_base_quantity size=4 class="num" decimal=true/>
            <LineField state index field="discount_percent" first=first.discount_percent node=fields.discount_percent size=5 class="num" decimal=true/>
            <td role="cell" class="num nb" data-l=t.order_form_amount() data-test="line-amount">{sum}</td>
            <td role="cell" class="w" data-l=t.order_form_match() data-test="line-match">
                <MatchCell state line/>
            </td>
            <td role="cell" class="act">
                <RemoveButton state index line/>
            </td>
        </tr>
        <SuggestionRow state line columns=COLUMNS/>
    }
}

#[component]
fn RemoveButton(state: OrderFormState, index: ReadSignal<usize>, line: FormLine) -> impl IntoView {
    let t = use_texts();
    let remove = move |event: leptos::ev::MouseEvent| {
        if state.mounted.get_untracked() {
            event.prevent_default();
            let at = index.get_untracked();
            state.remove_line(line);
            let left = state.lines.with_untracked(Vec::len);
            focus_soon(format!("lines-{}-article_number", at.min(left.saturating_sub(1))));
        }
    };
    view! {
        <button
            class="btn ico s q"
            type="submit"
            name="action"
            value=move || format!("fjern:{}", index.get())
            data-test="remove-line"
            on:click=remove
        >
            <Icon name="x"/>
            <span class="vh">{move || t.order_form_remove_line(index.get() + 1)}</span>
        </button>
    }
}

/// The number, with articles proposed while it is typed.
#[component]
fn ArticleField(
    state: OrderFormState,
    index: ReadSignal<usize>,
    line: FormLine,
    /// What stood in the field when the line was made.
    first: String,
) -> impl IntoView {
    let list = state.suggestions;
    let wiring = Wiring { state, index, field: "article_number" };
    let mounted = state.mounted;
    let combobox = move |value: &'static str| mounted.get().then_some(value);
    view! {
        <input
            class="input s auto code"
            type="text"
            size="11"
            id=move || wiring.id()
            name=move || wiring.name()
            value=first
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            node_ref=line.fields.article_number
            aria-label=move || wiring.label()
            aria-invalid=move || wiring.invalid()
            aria-describedby=move || wiring.described_by()
            role=move || combobox("combobox")
            aria-autocomplete=move || combobox("list")
            aria-expanded=move || mounted.get().then(|| list.is_open(line).to_string())
            aria-controls=move || list.is_open(line).then(|| list_id(line))
            aria-activedescendant=move || list.active_id(line)
            on:input=move |_| {
                state.changed(line);
                list.ask(state, line);
            }
            on:keydown=move |event| {
                list.press(&event, state, line);
            }
            on:blur=move |_| list.leave(state, line)
        />
        <FieldFault state pointer=Signal::derive(move || wiring.pointer())/>
    }
}

/// Names, ids and the fault of one field of one line. They follow the line's place.
#[derive(Clone, Copy)]
struct Wiring {
    state: OrderFormState,
    index: ReadSignal<usize>,
    field: &'static str,
}

impl Wiring {
    fn id(self) -> String {
        format!("lines-{}-{}", self.index.get(), self.field)
    }

    fn name(self) -> String {
        format!("input[lines][{}][{}]", self.index.get(), self.field)
    }

    fn pointer(self) -> String {
        format!("/lines/{}/{}", self.index.get(), self.field)
    }

    fn label(self) -> String {
        let t = self.state.texts;
        t.form_in_line(self.index.get() + 1, t.label(self.field).unwrap_or_default())
    }

    fn invalid(self) -> Option<&'static str> {
        self.state.form.fault(&self.pointer()).map(|_| "true")
    }

    fn described_by(self) -> Option<String> {
        self.state.form.fault(&self.pointer()).map(|_| format!("{}-error", self.id()))
    }
}

/// Any other field of a line, in its cell.
#[component]
fn LineField(
    state: OrderFormState,
    index: ReadSignal<usize>,
    field: &'static str,
    /// What stood in the field when the line was made.
    first: String,
    node: NodeRef<Input>,
    /// Characters that are seen at once.
    size: u32,
    #[prop(default = "")] class: &'static str,
    /// A decimal number, typed with comma or point.
    #[prop(optional)]
    decimal: bool,
) -> impl IntoView {
    let wiring = Wiring { state, index, field };
    let label = state.texts.label(field).unwrap_or_default();
    view! {
        <td role="cell" class=if class == "num" { "num" } else { "" } data-l=label>
            <input
                class=format!("input s auto {class}")
                type="text"
                size=size.to_string()
                id=move || wiring.id()
                name=move || wiring.name()
                value=first
                inputmode=decimal.then_some("decimal")
                autocomplete="off"
                node_ref=node
                aria-label=move || wiring.label()
                aria-invalid=move || wiring.invalid()
                aria-describedby=move || wiring.described_by()
            />
            <FieldFault state pointer=Signal::derive(move || wiring.pointer())/>
        </td>
    }
}

/// The match level with its reason, and what differs from the supplier's article.
#[component]
fn MatchCell(state: OrderFormState, line: FormLine) -> impl IntoView {
    let t = use_texts();
    move || {
        if line.typed.with(OrderLineInput::is_empty) {
            return None;
        }
        let Match { level, reasons, differences, .. } = line.matched.get()?;
        let supplier = state.supplier_name();
        let reason = reasons_text(t, &reasons, supplier.as_deref());
        let differences: Vec<_> = differences
            .iter()
            .map(|difference| view! { <small>{difference_text(t, difference)}</small> })
            .collect();
        Some(view! {
            <div>
                <MatchBadge level=Signal::stored(level)/>
                <small>{reason}</small>
                {differences}
            </div>
        })
    }
}
