//! Rows of what was pasted that somebody must look at: those that cannot be taken, with what stands in them and what to do, and prices
//! that do not say what they are for.

use domain::decimal::{Quantity, UnitPrice};
use domain::errors::{ErrorCode, FieldError};
use domain::paste::{PasteColumn, PastedLine, Reading};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlElement;

use super::paste_dialog::{JudgedLine, Pasting};
use crate::components::{Alert, Tone};
use crate::error::{field_text, pointer_text, value_text};
use crate::format;
use crate::i18n::{Texts, use_texts};

/// Rows that are shown at first, and more with each press of the button.
const PORTION: usize = 50;
/// Characters of a row's text that are shown.
const MAX_SHOWN: usize = 200;

/// Every row that is left out: what stands in it, what is wrong, and the answers to what is asked.
#[component]
pub(super) fn LeftOut(pasting: Pasting) -> impl IntoView {
    let t = use_texts();
    let most = RwSignal::new(PORTION);
    move || {
        let bad: Vec<PastedLine> =
            pasting.lines.with(|lines| lines.iter().filter(|line| !line.is_good()).cloned().collect());
        if bad.is_empty() {
            return None;
        }
        let rows: Vec<AnyView> =
            bad.iter().take(most.get()).map(|line| left_out_row(t, pasting, line)).collect();
        Some(view! {
            <section class="stack s" aria-label=t.paste_left_out(whole(bad.len())) data-test="paste-faults">
                <Alert title=t.paste_left_out(whole(bad.len())) text=t.paste_put_right()/>
                {column_questions(t, pasting, &bad)}
                <ul class="rows d">{rows}</ul>
                {more(t, most, bad.len())}
            </section>
        })
    }
}

fn left_out_row(t: Texts, pasting: Pasting, line: &PastedLine) -> AnyView {
    let row = line.row;
    let faults: Vec<AnyView> = line
        .faults
        .iter()
        .map(|fault| {
            let field = pointer_text(t, &fault.pointer).unwrap_or_default();
            let text = t.paste_row_fault(row, &field, field_text(t, fault));
            let answers = question(fault).map(|column| {
                [Reading::Thousands, Reading::Decimals].map(|reading| {
                    let value = answer_text(t, fault, reading);
                    let label = t.paste_answer(&value, row, &field);
                    let give = move |_| {
                        pasting.answer(Some(row), column, reading);
                        go_on();
                    };
                    view! {
                        <button class="btn s" type="button" aria-label=label data-test="paste-answer" on:click=give>
                            {value}
                        </button>
                    }
                })
            });
            view! {
                <div class="row sm">
                    <span>{text}</span>
                    {answers.map(|answers| answers.into_iter().collect::<Vec<_>>())}
                </div>
            }
            .into_any()
        })
        .collect();
    view! {
        <li data-test="paste-row">
            <div class="stack s">
                <p class="code wrap">{row_text(pasting, row)}</p>
                {faults}
            </div>
        </li>
    }
    .into_any()
}

/// Where several numbers of a column ask the same, all of them are answered at once.
fn column_questions(t: Texts, pasting: Pasting, bad: &[PastedLine]) -> Vec<AnyView> {
    let asked = |column: PasteColumn| {
        let faults = bad.iter().flat_map(|line| &line.faults);
        faults.filter(move |fault| question(fault) == Some(column)).collect::<Vec<_>>()
    };
    let of = |column: PasteColumn| {
        let faults = asked(column);
        let first = (*faults.first().filter(|_| faults.len() > 1)?).clone();
        let field = pointer_text(t, &first.pointer).unwrap_or_default();
        let answers = [Reading::Thousands, Reading::Decimals].map(|reading| {
            let give = move |_| {
                pasting.answer(None, column, reading);
                go_on();
            };
            let text = t.paste_answer_all(answer_text(t, &first, reading));
            view! {
                <button class="btn s" type="button" data-test="paste-answer-all" on:click=give>
                    {text}
                </button>
            }
        });
        let view = view! {
            <div class="row" data-test="paste-column-asks">
                <span>{t.paste_column_asks(whole(faults.len()), field)}</span>
                {answers.into_iter().collect::<Vec<_>>()}
            </div>
        };
        Some(view.into_any())
    };
    PasteColumn::ALL.into_iter().filter_map(of).collect()
}

/// The column of a number that can be read in two ways.
fn question(fault: &FieldError) -> Option<PasteColumn> {
    let column = PasteColumn::from_code(fault.pointer.trim_start_matches('/'))?;
    (fault.code == ErrorCode::NumberAmbiguous).then_some(column)
}

fn answer_text(t: Texts, fault: &FieldError, reading: Reading) -> String {
    let name = match reading {
        Reading::Thousands => "thousands",
        Reading::Decimals => "decimals",
    };
    value_text(t, &fault.params, name).unwrap_or_default()
}

/// The button that was pressed is gone with its question: the focus goes to the next one, or to what the supplier understands.
fn go_on() {
    request_animation_frame(|| {
        let next = "dialog[open] :is([data-test=paste-answer-all], [data-test=paste-answer])";
        let found = [next, "dialog[open] [data-test=paste-counts]"]
            .into_iter()
            .find_map(|selector| document().query_selector(selector).ok().flatten());
        if let Some(found) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
            let _ = found.focus();
        }
    });
}

/// What stands in a row.
fn row_text(pasting: Pasting, row: usize) -> String {
    pasting.sheet.with_untracked(|sheet| {
        let rows = sheet.iter().flat_map(|sheet| &sheet.rows);
        let found = rows.into_iter().find(|known| known.number == row);
        found.map(|row| cells_text(&row.cells)).unwrap_or_default()
    })
}

fn cells_text(cells: &[String]) -> String {
    let filled: Vec<&str> = cells.iter().map(String::as_str).filter(|cell| !cell.is_empty()).collect();
    let text = filled.join(" · ");
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{} …", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// Prices that do not say what they are for, where the article's is for more than one: how they are read, and the other way.
#[component]
pub(super) fn Unsaid(pasting: Pasting) -> impl IntoView {
    let t = use_texts();
    let most = RwSignal::new(PORTION);
    move || {
        let unsaid: Vec<(JudgedLine, Quantity)> = pasting.judged.with(|judged| {
            let judged = judged.iter().flatten();
            judged.filter_map(|judged| Some((judged.clone(), judged.unsaid_base?))).collect()
        });
        if unsaid.is_empty() {
            return None;
        }
        let as_listed = pasting.as_listed.get();
        let count = whole(unsaid.len());
        let (title, other) = if as_listed {
            (t.paste_as_listed(count), t.paste_read_as_one())
        } else {
            (t.paste_as_one(count), t.paste_read_as_listed())
        };
        let rows: Vec<AnyView> = unsaid
            .iter()
            .take(most.get())
            .map(|(judged, base)| view! { <li>{unsaid_text(t, judged, *base, as_listed)}</li> }.into_any())
            .collect();
        let name = title.clone();
        Some(view! {
            <section class="stack s" aria-label=name data-test="paste-bases">
                <Alert tone=Tone::Warning title text=t.paste_which_base()>
                    <button class="btn s" type="button" data-test="paste-base" on:click=move |_| pasting.read_as_listed(!as_listed)>
                        {other}
                    </button>
                </Alert>
                <ul class="sm">{rows}</ul>
                {more(t, most, unsaid.len())}
            </section>
        })
    }
}

/// «Rad 2, N-100: 3,50 per 1. Artikkelens pris er per 100.»
fn unsaid_text(t: Texts, judged: &JudgedLine, base: Quantity, as_listed: bool) -> String {
    let line = &judged.line;
    let name = [&line.article_number, &line.supplier_article_number, &line.description];
    let name = name.into_iter().find(|name| !name.is_empty()).cloned().unwrap_or_default();
    let price = UnitPrice::parse_typed(&line.unit_price)
        .map_or_else(|_| line.unit_price.clone(), |price| format::unit_price(price, t.language()));
    let listed = format::quantity(base, t.language());
    let read = if as_listed { listed.clone() } else { "1".to_owned() };
    t.paste_base_row(judged.row, name, price, read, listed)
}

/// How many of the rows are shown, and the way to more.
fn more(t: Texts, most: RwSignal<usize>, all: usize) -> Option<AnyView> {
    let shown = most.get().min(all);
    (shown < all).then(|| {
        let next = (all - shown).min(PORTION);
        view! {
            <div class="row">
                <span class="muted sm">{t.paste_rows_shown(shown, all)}</span>
                <button class="btn s" type="button" data-test="paste-more" on:click=move |_| most.update(|most| *most += PORTION)>
                    {t.paste_rows_more(whole(next))}
                </button>
            </div>
        }
        .into_any()
    })
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;
    use domain::matching::MatchLevel;
    use domain::orders::OrderLineInput;

    #[test]
    fn a_row_is_shown_as_it_stands_and_not_without_end() {
        let cells = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        assert_eq!(cells_text(&cells(&["N-2", "", "=1+1", "-5"])), "N-2 · =1+1 · -5");
        let long = cells_text(&cells(&[&"å".repeat(500)]));
        assert_eq!(long.chars().count(), MAX_SHOWN + 2);
    }

    #[test]
    fn a_price_without_its_quantity_is_told_with_both() {
        let line = OrderLineInput {
            article_number: "N-100".to_owned(),
            unit_price: "3,5".to_owned(),
            ..OrderLineInput::default()
        };
        let judged = JudgedLine { row: 2, line, level: MatchLevel::Exact, unsaid_base: None };
        let told =
            |as_listed| unsaid_text(Texts::new(Language::Nb), &judged, Quantity::whole(100), as_listed);
        assert_eq!(told(false), "Rad 2, N-100: 3,50 per 1. Artikkelens pris er per 100.");
        assert_eq!(told(true), "Rad 2, N-100: 3,50 per 100. Artikkelens pris er per 100.");
    }

    #[test]
    fn only_numbers_that_can_be_read_in_two_ways_ask() {
        let fault = |code| FieldError::new("/quantity", code);
        assert_eq!(question(&fault(ErrorCode::NumberAmbiguous)), Some(PasteColumn::Quantity));
        assert_eq!(question(&fault(ErrorCode::InvalidDecimal)), None);
    }
}
