//! The lines of the order form: a plain table of fields. Without a script every button posts the form; with one, lines come and
//! go in place, and the keys of a grid are on top.
//!
//! An order has up to a thousand lines of eight fields. So names, ids and faults of fields are no signals: the server writes them,
//! and one effect a line writes them again when the line has moved.

use domain::errors::FieldError;
use domain::orders::sheet::Column as Cell;
use leptos::prelude::*;

use super::combobox::SuggestionList;
use super::dom;
use super::form_state::OrderFormState;
use super::go_to_line::GoToLine;
use super::line_faults::LineFaults;
use super::line_mark::MarkOfLine;
use super::match_cell::MatchCell;
use super::strip::KeyStrip;
use super::typed::FormLine;
use super::whole_pieces::WholePieces;
use crate::components::{Column, DataTable, Icon, field_id};
use crate::error::field_text;
use crate::format;
use crate::i18n::{Texts, use_texts};

/// Columns of the table.
pub(super) const COLUMNS: usize = 11;

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
            if state.grid.on.get_untracked() {
                state.add_line();
            } else {
                state.sheet_open.set(true);
            }
        }
    };
    let paste = move |event: leptos::ev::MouseEvent| {
        if state.mounted.get_untracked() {
            event.prevent_default();
            state.open_paste();
        }
    };
    state.take_over();
    view! {
        <section
            class="panel"
            id="lines"
            tabindex="-1"
            aria-labelledby="h-lines"
            data-mode=move || state.grid.shown_mode()
            on:keydown=move |event| state.on_key(&event)
            on:input=move |event| state.on_input(&event)
            on:focusin=move |event| state.on_focus(&event)
            on:focusout=move |event| state.on_blur(&event)
            on:mousedown=move |event| state.on_mouse_down(&event)
            on:beforeinput=move |event| state.before_input(&event)
            on:copy=move |event| state.on_copy(&event, false)
            on:cut=move |event| state.on_copy(&event, true)
            on:paste=move |event| state.on_paste_event(&event)
        >
            <header>
                <h2 id="h-lines">{t.order_form_lines()}</h2>
                <p class="muted sm">{t.order_form_lines_hint()}</p>
            </header>
            {move || state.form.fault("/lines").map(|fault| fault_text(t, &fault))}
            <GoToLine state/>
            <div class="pop">
                <DataTable caption=t.order_form_lines() columns kind="grid">
                    <ForEnumerate
                        each=move || state.lines.get()
                        key=|line| line.key
                        children=move |index, line| view! { <Line state index line/> }
                    />
                </DataTable>
                <SuggestionList state/>
            </div>
            <p class="vh" role="status" data-test="grid-said">{move || state.grid.said.get()}</p>
            <footer>
                <div class="row">
                    <button class="btn s" type="submit" name="action" value="ny_linje" data-test="add-line" on:click=add>
                        <Icon name="plus"/>
                        {t.order_form_add_line()}
                    </button>
                    <button class="btn s" type="submit" name="action" value="lim_inn" data-test="paste-lines" on:click=paste>
                        {t.paste_title()}
                    </button>
                    <button class="btn s" type="submit" name="action" value="forrige" data-test="previous-lines">
                        {t.previous_title()}
                    </button>
                </div>
                <KeyStrip state/>
            </footer>
        </section>
    }
}

/// What is wrong with a field.
fn fault_text(t: Texts, fault: &FieldError) -> impl IntoView + use<> {
    view! {
        <p class="errmsg" id=format!("{}-error", field_id(&fault.pointer))>
            <Icon name="stop"/>
            {field_text(t, fault)}
        </p>
    }
}

/// Names, ids, words and faults of the row's fields, for the place where it stands now.
fn number_row(state: OrderFormState, line: FormLine, place: usize, faults: &[FieldError]) {
    for column in Cell::ALL {
        let Some(field) = line.cell(column).get_untracked() else { return };
        let look = FieldLook::of(state.texts, column, place, faults);
        field.set_id(&look.id);
        field.set_name(&look.name);
        let _ = field.set_attribute("aria-label", &look.label);
        for (name, value) in
            [("aria-invalid", look.invalid), ("aria-describedby", look.described_by.as_deref())]
        {
            let _ = match value {
                Some(value) => field.set_attribute(name, value),
                None => field.remove_attribute(name),
            };
        }
    }
    let Some(row) = line.row.get_untracked() else { return };
    for (hidden, field) in dom::all_in(&row, "input[type=hidden]").iter().zip(["line_id", "note"]) {
        let _ = hidden.set_attribute("name", &name_of(place, field));
        if field == "line_id" {
            let _ = hidden.set_attribute("value", &line.line_id.get_value());
        }
    }
}

fn name_of(place: usize, field: &str) -> String {
    format!("input[lines][{place}][{field}]")
}

/// What a field of a line has besides its text.
struct FieldLook {
    id: String,
    name: String,
    label: String,
    invalid: Option<&'static str>,
    described_by: Option<String>,
}

impl FieldLook {
    fn of(t: Texts, column: Cell, place: usize, faults: &[FieldError]) -> Self {
        let field = column.as_str();
        let id = format!("lines-{place}-{field}");
        let is_faulty = faults.iter().any(|fault| field_id(&fault.pointer) == id);
        Self {
            name: name_of(place, field),
            label: t.form_in_line(place + 1, t.label(field).unwrap_or_default()),
            invalid: is_faulty.then_some("true"),
            described_by: is_faulty.then(|| format!("{id}-error")),
            id,
        }
    }
}

#[component]
fn Line(state: OrderFormState, index: ReadSignal<usize>, line: FormLine) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    let first = line.first.get_value();
    let place = line.first_place;
    // What was typed before the page was taken over is in the fields already.
    Effect::new(move |_| {
        if state.mounted.get() {
            state.read(line);
            if state.grid.focused().is_none_or(|(key, _)| key != line.key) {
                state.commit(line.key);
            }
        }
    });
    Effect::new(move |_| {
        if state.grid.on.get() {
            state.prepare_row(line);
        }
    });
    // Its own, so that what is found about one line draws no other.
    let faults_here = Memo::new(move |_| state.faults_of(index.get(), line));
    Effect::new(move |_| {
        let place = index.get();
        faults_here.with(|faults| number_row(state, line, place, faults));
    });
    let faults = untrack(|| state.faults_of(place, line));
    let is_faulty = move || faults_here.with(|faults| !faults.is_empty());
    let cell = |column: Cell| cell_view(state, line, column, column.of(&first).to_owned(), &faults);
    let sum = move || line.amount.get().map(|amount| format::money(amount, language));
    view! {
        <tr
            role="row"
            data-test="order-line"
            data-tone=move || state.line_tone(is_faulty(), line)
            // Phones show one empty card, and no more.
            data-empty=move || line.is_empty.get().then_some("")
            node_ref=line.row
        >
            <th role="rowheader" scope="row" class="ttl" data-l=t.label("article_number").unwrap_or_default()>
                <input type="hidden" name=name_of(place, "line_id") value=first.line_id.clone()/>
                <input type="hidden" name=name_of(place, "note") value=first.note.clone()/>
                {article_field(state, line, first.article_number.clone(), &faults)}
            </th>
            {Cell::ALL.into_iter().skip(1).map(cell).collect::<Vec<_>>()}
            <td role="cell" class="num nb" data-l=t.order_form_amount() data-test="line-amount">{sum}</td>
            <td role="cell" class="w" data-l=t.order_form_match() data-test="line-match">
                <MatchCell state index line/>
                <WholePieces line/>
                <MarkOfLine line/>
            </td>
            <td role="cell" class="act">
                <RemoveButton state index line/>
            </td>
        </tr>
        <LineFaults state line faults=faults_here/>
    }
}

#[component]
fn RemoveButton(state: OrderFormState, index: ReadSignal<usize>, line: FormLine) -> impl IntoView {
    let t = use_texts();
    let remove = move |event: leptos::ev::MouseEvent| {
        if state.mounted.get_untracked() {
            event.prevent_default();
            state.remove_line(line);
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
fn article_field(
    state: OrderFormState,
    line: FormLine,
    first: String,
    faults: &[FieldError],
) -> impl IntoView + use<> {
    let mounted = state.mounted;
    let look = FieldLook::of(state.texts, Cell::ArticleNumber, line.first_place, faults);
    view! {
        <input
            class="input s auto code"
            type="text"
            size="11"
            id=look.id
            name=look.name
            value=first
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            node_ref=line.cell(Cell::ArticleNumber)
            aria-label=look.label
            aria-invalid=look.invalid
            aria-describedby=look.described_by
            role=move || mounted.get().then_some("combobox")
            aria-autocomplete=move || mounted.get().then_some("list")
            // The list itself says when it is open: as signals of every line they would all be asked at each key.
            aria-expanded=move || mounted.get().then_some("false")
        />
    }
}

/// Any other field of a line, in its cell.
fn cell_view(
    state: OrderFormState,
    line: FormLine,
    column: Cell,
    first: String,
    faults: &[FieldError],
) -> impl IntoView + use<> {
    let look = FieldLook::of(state.texts, column, line.first_place, faults);
    let (class, size) = match column {
        Cell::ArticleNumber | Cell::SupplierArticleNumber => ("code", 13),
        Cell::Description => ("", 22),
        Cell::Quantity => ("num", 6),
        Cell::Unit => ("", 5),
        Cell::UnitPrice => ("num", 8),
        Cell::PriceBaseQuantity => ("num", 4),
        Cell::DiscountPercent => ("num", 5),
    };
    let label = state.texts.label(column.as_str()).unwrap_or_default();
    view! {
        <td role="cell" class=if class == "num" { "num" } else { "" } data-l=label>
            <input
                class=format!("input s auto {class}")
                type="text"
                size=size.to_string()
                id=look.id
                name=look.name
                value=first
                inputmode=column.is_decimal().then_some("decimal")
                autocomplete="off"
                node_ref=line.cell(column)
                aria-label=look.label
                aria-invalid=look.invalid
                aria-describedby=look.described_by
            />
        </td>
    }
}
