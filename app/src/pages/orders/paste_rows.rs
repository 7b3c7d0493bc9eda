//! Rows of what was pasted that somebody must look at: those that are no lines, and those with something that cannot be read, each with
//! what stands in it and what can be done.

use domain::errors::{ErrorCode, FieldError};
use domain::paste::{PasteColumn, PastedLine, Reading, RowKind};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlElement;

use super::paste_dialog::Pasting;
use super::paste_result::{fault_notes, is_any_readable};
use crate::components::Alert;
use crate::error::{field_text, pointer_text, value_text};
use crate::i18n::{Texts, use_texts};

/// Rows that are shown at first, and more with each press of the button.
pub(super) const PORTION: usize = 50;
/// Characters of a row's text that are shown.
const MAX_SHOWN: usize = 200;

/// Sums, and words beside the table: nothing is left out without a word, and a sum that is none is taken.
#[component]
pub(super) fn NoLines(pasting: Pasting) -> impl IntoView {
    let t = use_texts();
    let most = RwSignal::new(PORTION);
    move || {
        let found: Vec<(usize, RowKind)> = pasting.lines.with(|lines| {
            let others = lines.iter().filter(|line| line.kind != RowKind::Line);
            others.map(|line| (line.row, line.kind)).collect()
        });
        if found.is_empty() {
            return None;
        }
        let rows: Vec<AnyView> =
            found.iter().take(most.get()).map(|(row, kind)| no_line_row(t, pasting, *row, *kind)).collect();
        Some(view! {
            <section class="stack s" aria-label=t.paste_no_lines() data-test="paste-no-lines">
                <ul class="rows d">{rows}</ul>
                {more(t, most, found.len())}
            </section>
        })
    }
}

fn no_line_row(t: Texts, pasting: Pasting, row: usize, kind: RowKind) -> AnyView {
    let take = (kind == RowKind::Sum).then(|| {
        let is_taken = move || pasting.taken.with(|taken| taken.contains(&row));
        let tick = move |event: leptos::ev::Event| {
            let is_taken = event_target_checked(&event);
            pasting.taken.update(|taken| {
                if is_taken {
                    taken.insert(row);
                } else {
                    taken.remove(&row);
                }
            });
        };
        view! {
            <label class="row">
                <input class="pickbox" type="checkbox" prop:checked=is_taken data-test="paste-take" on:change=tick/>
                {t.paste_take_row(row)}
            </label>
        }
    });
    view! {
        <li data-test="paste-no-line">
            <div class="stack s">
                <p class="code wrap">{row_text(pasting, row)}</p>
                <p class="sm">{move || t.paste_row_is(row, kind_text(t, pasting, row, kind))}</p>
            </div>
            {take}
        </li>
    }
    .into_any()
}

/// What a row that is no line is; empty for lines.
pub(super) fn kind_text(t: Texts, pasting: Pasting, row: usize, kind: RowKind) -> &'static str {
    match kind {
        RowKind::Line => "",
        RowKind::Beside => t.paste_beside_row(),
        RowKind::Sum if pasting.taken.with(|taken| taken.contains(&row)) => t.paste_sum_row_taken(),
        RowKind::Sum => t.paste_sum_row(),
    }
}

/// Every row with a fault: what stands in it, what is wrong, and the answers to what is asked. It is taken as it stands, as the form would
/// keep it if it were typed there.
#[component]
pub(super) fn AsTyped(pasting: Pasting) -> impl IntoView {
    let t = use_texts();
    let most = RwSignal::new(PORTION);
    move || {
        let is_faulty = |line: &&PastedLine| line.is_unread() || line.is_unfinished();
        let bad: Vec<PastedLine> =
            pasting.lines.with(|lines| lines.iter().filter(is_faulty).cloned().collect());
        if bad.is_empty() {
            return None;
        }
        let title = pasting.lines.with(|lines| fault_notes(t, lines));
        let name = title.clone();
        let is_any = pasting.lines.with(|lines| is_any_readable(lines));
        let text = if is_any { t.paste_as_typed_text() } else { t.paste_put_right() };
        let rows: Vec<AnyView> =
            bad.iter().take(most.get()).map(|line| faulty_row(t, pasting, line)).collect();
        Some(view! {
            <section class="stack s" aria-label=name data-test="paste-faults">
                <Alert title text=text/>
                {column_questions(t, pasting, &bad)}
                <ul class="rows d">{rows}</ul>
                {more(t, most, bad.len())}
            </section>
        })
    }
}

fn faulty_row(t: Texts, pasting: Pasting, line: &PastedLine) -> AnyView {
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
    focus_first(&["dialog[open] :is([data-test=paste-answer-all], [data-test=paste-answer])", COUNTS]);
}

/// The focus goes to what the supplier understands.
pub(super) fn go_to_counts() {
    focus_first(&[COUNTS]);
}

const COUNTS: &str = "dialog[open] [data-test=paste-counts]";

/// The first of these that is there as soon as all is drawn.
fn focus_first(selectors: &'static [&'static str]) {
    request_animation_frame(|| {
        let found = selectors.iter().find_map(|selector| document().query_selector(selector).ok().flatten());
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

/// How many of the rows are shown, and the way to more.
pub(super) fn more(t: Texts, most: RwSignal<usize>, all: usize) -> Option<AnyView> {
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

pub(super) fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_shown_as_it_stands_and_not_without_end() {
        let cells = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        assert_eq!(cells_text(&cells(&["N-2", "", "=1+1", "-5"])), "N-2 · =1+1 · -5");
        let long = cells_text(&cells(&[&"å".repeat(500)]));
        assert_eq!(long.chars().count(), MAX_SHOWN + 2);
    }

    #[test]
    fn only_numbers_that_can_be_read_in_two_ways_ask() {
        let fault = |code| FieldError::new("/quantity", code);
        assert_eq!(question(&fault(ErrorCode::NumberAmbiguous)), Some(PasteColumn::Quantity));
        assert_eq!(question(&fault(ErrorCode::InvalidDecimal)), None);
    }
}
