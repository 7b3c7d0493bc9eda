//! *Gå til linje*: the way to one line of a long order, by its number in the order or by what stands in it.

use domain::orders::OrderLineInput;
use domain::orders::sheet::Column;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::dom;
use super::form_state::OrderFormState;
use super::typed::FormLine;
use crate::i18n::{Texts, use_texts};

/// An order of more lines than this is longer than a screen.
const LONG: usize = 20;
/// The id of the field.
const FIELD_ID: &str = "find-line";

/// The field, above the lines of a long order.
#[component]
pub(super) fn GoToLine(state: OrderFormState) -> impl IntoView {
    let is_long = Memo::new(move |_| state.lines.with(|lines| lines.len() > LONG));
    move || is_long.get().then(|| view! { <Finder state/> })
}

#[component]
fn Finder(state: OrderFormState) -> impl IntoView {
    let t = use_texts();
    let said = RwSignal::new(String::new());
    let shown = Shown { state, line: StoredValue::new(None) };
    // Nothing is looked for before Enter: a key in this field costs nothing, however many lines there are.
    let seek = move |event: KeyboardEvent| {
        let is_other = event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing();
        if event.key() != "Enter" || is_other {
            return;
        }
        // In a form it would send the form.
        event.prevent_default();
        said.set(shown.next(t, &event_target_value(&event)));
    };
    view! {
        // Its room is kept from the start, and without a script nobody sees a field that does nothing.
        <div class="tools" data-test="find-line" data-off=move || (!state.mounted.get()).then_some("")>
            <label class="lbl" for=FIELD_ID>{t.order_form_find_line()}</label>
            <input
                class="input s auto"
                type="text"
                size="22"
                id=FIELD_ID
                autocomplete="off"
                enterkeyhint="search"
                placeholder=t.order_form_find_line_hint()
                on:keydown=seek
            />
            <span class="muted sm" role="status" data-test="find-line-said">{move || said.get()}</span>
        </div>
    }
}

/// The line that was gone to last, and for which text.
#[derive(Clone, Copy)]
struct Shown {
    state: OrderFormState,
    line: StoredValue<Option<(String, usize)>>,
}

impl Shown {
    /// Goes to the next line that fits the text, and says which it is.
    fn next(self, t: Texts, text: &str) -> String {
        let text = text.trim().to_lowercase();
        let last = self.line.get_value();
        let after = last.as_ref().filter(|(known, _)| *known == text);
        let after = after.and_then(|(_, key)| self.state.find(*key)).map(|(place, _)| place);
        if let Some((_, line)) = last.and_then(|(_, key)| self.state.find(key)) {
            mark(line, false);
        }
        self.line.set_value(None);
        if text.is_empty() {
            return String::new();
        }
        let Some(hit) = next_hit(&self.state.all_lines(), &text, after) else {
            return t.order_form_find_line_none().to_owned();
        };
        if let Some(line) = self.state.line_at(hit.place) {
            self.line.set_value(Some((text, line.key)));
            mark(line, true);
            self.state.point_out(line);
        }
        match hit.of {
            1 => t.order_form_line(hit.place + 1),
            of => t.order_form_find_line_hit(hit.place + 1, hit.number, of),
        }
    }
}

fn mark(line: FormLine, is_marked: bool) {
    let Some(row) = line.row.get_untracked() else { return };
    let _ = if is_marked { row.set_attribute("data-found", "") } else { row.remove_attribute("data-found") };
}

impl OrderFormState {
    /// Brings a line into sight. The focus stays, and Tab goes from there to the line.
    fn point_out(self, line: FormLine) {
        if self.grid.on.get_untracked() {
            self.set_stop(Some((line.key, Column::ArticleNumber)));
        }
        if let Some(row) = line.row.get_untracked() {
            dom::bring_into_sight(&row);
        }
    }
}

/// A line that fits what is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Hit {
    place: usize,
    /// Which of those that fit, from 1.
    number: usize,
    of: usize,
}

/// The first line after the place that fits the text, which is in small letters; after the last one comes the first. A number that a line has
/// in the order is that line, anything else is a part of what stands in lines.
fn next_hit(lines: &[OrderLineInput], text: &str, after: Option<usize>) -> Option<Hit> {
    if let Some(place) = text.parse::<usize>().ok().and_then(|number| number.checked_sub(1))
        && place < lines.len()
    {
        return Some(Hit { place, number: 1, of: 1 });
    }
    let fits = |line: &OrderLineInput| {
        [&line.article_number, &line.description, &line.supplier_article_number]
            .into_iter()
            .any(|written| written.to_lowercase().contains(text))
    };
    let hits: Vec<usize> =
        lines.iter().enumerate().filter(|(_, line)| fits(line)).map(|(place, _)| place).collect();
    let next = hits.iter().position(|place| after.is_none_or(|after| *place > after)).unwrap_or(0);
    hits.get(next).map(|place| Hit { place: *place, number: next + 1, of: hits.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_by_its_number_and_by_what_stands_in_it() {
        let line = |number: &str, name: &str| OrderLineInput {
            article_number: number.to_owned(),
            description: name.to_owned(),
            supplier_article_number: format!("BF-{number}"),
            ..OrderLineInput::default()
        };
        let lines = [line("10250", "Sekskantskrue"), line("20", "Mutter"), line("30", "Skrue, sort")];
        let hit = |place, number, of| Some(Hit { place, number, of });
        let check =
            |text: &str, after, expected| assert_eq!(next_hit(&lines, text, after), expected, "{text}");
        check("2", None, hit(1, 1, 1));
        check("3", Some(2), hit(2, 1, 1));
        // No line has these numbers in the order.
        check("20", None, hit(1, 1, 1));
        check("025", None, hit(0, 1, 1));
        check("0", None, hit(0, 1, 3));
        check("skrue", None, hit(0, 1, 2));
        check("skrue", Some(0), hit(2, 2, 2));
        check("skrue", Some(2), hit(0, 1, 2));
        check("bf-3", None, hit(2, 1, 1));
        check("finnes ikke", None, None);
    }
}
