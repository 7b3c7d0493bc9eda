//! A line on a phone: a sheet as tall as the window, with a search and the keypad for numbers.

mod asking;

use std::time::Duration;

use domain::errors::FieldError;
use domain::orders::OrderLineInput;
use leptos::html::{Dialog, Input};
use leptos::prelude::*;
use leptos::task::spawn_local;

use self::asking::{SheetFaults, Unchosen};
use super::combobox::{count_text, found_line};
use super::form_state::OrderFormState;
use super::hits::hit_words;
use crate::api::orders::{SuggestedArticle, suggest_articles};
use crate::i18n::use_texts;

/// So long after the last key the server is asked.
const PAUSE: Duration = Duration::from_millis(120);

/// The line that waits for an answer, and what happens after it.
type Waiting = (OrderLineInput, fn(Sheet));

/// What the sheet's parts share.
#[derive(Clone, Copy)]
struct Sheet {
    state: OrderFormState,
    hits: RwSignal<Vec<SuggestedArticle>>,
    /// The last question was answered.
    is_answered: RwSignal<bool>,
    /// The article that was chosen.
    chosen: RwSignal<Option<SuggestedArticle>>,
    /// *Lagre* was pressed with a text that is no article: it is asked what is meant.
    is_unchosen: RwSignal<bool>,
    /// What is wrong in the fields, told when *Lagre* was pressed.
    faults: RwSignal<Vec<FieldError>>,
    /// What *Lagre* was pressed for, until what it asked is answered.
    waiting: StoredValue<Option<Waiting>>,
    /// The chosen article's price stands in its field: an empty one was emptied.
    price_was_shown: StoredValue<bool>,
    asked: StoredValue<u64>,
    dialog: NodeRef<Dialog>,
    article: NodeRef<Input>,
    quantity: NodeRef<Input>,
    price: NodeRef<Input>,
}

impl Sheet {
    fn text(field: NodeRef<Input>) -> String {
        field.get_untracked().map(|field| field.value().trim().to_owned()).unwrap_or_default()
    }

    fn next_question(self) -> u64 {
        let number = self.asked.get_value() + 1;
        self.asked.set_value(number);
        number
    }

    fn ask(self) {
        if self.price_was_shown.get_value() {
            // It was the price of an article that is no longer meant.
            self.price_was_shown.set_value(false);
            if let Some(field) = self.price.get_untracked() {
                field.set_value("");
            }
        }
        self.chosen.set(None);
        self.is_unchosen.set(false);
        let number = self.next_question();
        let text = Self::text(self.article);
        self.is_answered.set(false);
        if text.is_empty() {
            self.hits.set(Vec::new());
            return;
        }
        set_timeout(
            move || {
                if self.asked.try_get_value() != Some(number) {
                    return;
                }
                let supplier_id = self.state.supplier_id.get_untracked();
                spawn_local(async move {
                    let answer = suggest_articles(supplier_id, text).await;
                    if self.asked.try_get_value() == Some(number)
                        && let Ok(hits) = answer
                    {
                        self.hits.set(hits);
                        self.is_answered.set(true);
                    }
                });
            },
            PAUSE,
        );
    }

    fn choose(self, hit: SuggestedArticle) {
        let line = found_line(self.state, OrderLineInput::default(), &hit);
        if let Some(field) = self.article.get_untracked() {
            field.set_value(&line.article_number);
        }
        if let Some(field) = self.price.get_untracked() {
            field.set_value(&line.unit_price);
            self.price_was_shown.set_value(true);
        }
        self.hits.set(Vec::new());
        self.is_answered.set(false);
        self.is_unchosen.set(false);
        self.forget_faults();
        self.chosen.set(Some(hit));
        if let Some(field) = self.quantity.get_untracked() {
            let _ = field.focus();
        }
    }

    /// *Lagre*: puts the line into the order and goes on. A text that is no article of ours is not taken for one without a word.
    fn save(self, then: fn(Self)) {
        let text = Self::text(self.article);
        if text.is_empty() || self.chosen.with_untracked(Option::is_some) {
            self.put(OrderLineInput::default(), then);
            return;
        }
        let (number, supplier_id) = (self.next_question(), self.state.supplier_id.get_untracked());
        spawn_local(async move {
            // A number that was typed out is known, whether or not somebody waited for the list.
            let answer = suggest_articles(supplier_id, text.clone()).await;
            if self.asked.try_get_value() != Some(number) {
                return;
            }
            let is_answered = answer.is_ok();
            let hits = answer.unwrap_or_default();
            if let Some(hit) = hits.iter().find(|hit| hit.hit.own_number() == text) {
                self.chosen.set(Some(hit.clone()));
                self.put(OrderLineInput::default(), then);
                return;
            }
            self.hits.set(hits);
            self.is_answered.set(is_answered);
            self.is_unchosen.set(true);
            if let Some(field) = self.article.get_untracked() {
                let _ = field.focus();
            }
        });
    }

    /// *Ta med som fritekst*: what was typed is what is ordered.
    fn take_text(self) {
        self.put(free_text(&Self::text(self.article)), Self::clear);
    }

    /// The line that stands in the sheet: the chosen article, or else what is given, with what was typed.
    fn line(self, line: OrderLineInput) -> OrderLineInput {
        let mut line = match self.chosen.get_untracked() {
            Some(hit) => found_line(self.state, OrderLineInput::default(), &hit),
            None => line,
        };
        line.quantity = Self::text(self.quantity);
        // What is known of the article's price stands in the field, and may have been typed over.
        let price = Self::text(self.price);
        if !price.is_empty() || self.price_was_shown.get_value() {
            line.unit_price = price;
        }
        line
    }

    /// Puts the line into the order, where something was typed, and goes on.
    fn add(self, line: OrderLineInput, then: fn(Self)) {
        if !line.is_empty() {
            self.state.insert_lines(vec![line]);
        }
        then(self);
    }

    fn clear(self) {
        for field in [self.article, self.quantity, self.price] {
            if let Some(field) = field.get_untracked() {
                field.set_value("");
            }
        }
        self.hits.set(Vec::new());
        self.is_answered.set(false);
        self.is_unchosen.set(false);
        self.forget_faults();
        self.price_was_shown.set_value(false);
        self.chosen.set(None);
        if let Some(field) = self.article.get_untracked() {
            let _ = field.focus();
        }
    }

    fn close(self) {
        self.state.sheet_open.set(false);
        if let Some(dialog) = self.dialog.get_untracked() {
            dialog.close();
        }
    }
}

/// The sheet; it opens with *Legg til linje* where there are fingers and no mouse.
#[component]
pub(super) fn LineSheet(state: OrderFormState) -> impl IntoView {
    let t = use_texts();
    let sheet = Sheet {
        state,
        hits: RwSignal::new(Vec::new()),
        is_answered: RwSignal::new(false),
        chosen: RwSignal::new(None),
        is_unchosen: RwSignal::new(false),
        faults: RwSignal::new(Vec::new()),
        waiting: StoredValue::new(None),
        price_was_shown: StoredValue::new(false),
        asked: StoredValue::new(0),
        dialog: NodeRef::new(),
        article: NodeRef::new(),
        quantity: NodeRef::new(),
        price: NodeRef::new(),
    };
    Effect::new(move |_| {
        if state.sheet_open.get()
            && let Some(dialog) = sheet.dialog.get()
        {
            let _ = dialog.show_modal();
            sheet.clear();
        }
    });
    let and_new = move |_| sheet.save(Sheet::clear);
    let and_close = move |_| sheet.save(Sheet::close);
    view! {
        <dialog class="sheet" node_ref=sheet.dialog aria-labelledby="h-sheet" on:close=move |_| state.sheet_open.set(false) data-test="line-sheet">
            <header class="row">
                <h2 id="h-sheet">{t.order_form_new_line()}</h2>
                <button class="btn q" type="button" on:click=move |_| sheet.close()>{t.order_form_close_sheet()}</button>
            </header>
            {sheet_field("sheet-article", t.order_form_find_article().to_owned(), None, sheet.article, move || sheet.ask())}
            <Unchosen sheet/>
            <Hits sheet/>
            <div class="fields">
                {sheet_field("sheet-quantity", t.label("quantity").unwrap_or_default().to_owned(), Some("decimal"), sheet.quantity, move || sheet.forget_faults())}
                {sheet_field("sheet-price", t.label("unit_price").unwrap_or_default().to_owned(), Some("decimal"), sheet.price, move || sheet.forget_faults())}
            </div>
            <SheetFaults sheet/>
            <footer class="row">
                <button class="btn" type="button" data-test="sheet-done" on:click=and_close>{t.order_form_sheet_done()}</button>
                <button class="btn p" type="button" data-test="sheet-next" on:click=and_new>{t.order_form_sheet_next()}</button>
            </footer>
        </dialog>
    }
}

/// A field of the sheet.
fn sheet_field(
    id: &'static str,
    label: String,
    mode: Option<&'static str>,
    node: NodeRef<Input>,
    typed: impl Fn() + 'static,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input class="input" type="text" id=id inputmode=mode autocomplete="off" node_ref=node on:input=move |_| typed()/>
        </div>
    }
}

/// A line of what was typed in the place of an article. A single word with a figure is a number, anything else says what is wanted.
fn free_text(text: &str) -> OrderLineInput {
    let is_number = !text.contains(char::is_whitespace) && text.contains(|c: char| c.is_ascii_digit());
    let (number, description) = if is_number { (text, "") } else { ("", text) };
    OrderLineInput {
        article_number: number.to_owned(),
        description: description.to_owned(),
        ..OrderLineInput::default()
    }
}

#[component]
fn Hits(sheet: Sheet) -> impl IntoView {
    let t = use_texts();
    let list = move || {
        let typed = Sheet::text(sheet.article);
        let hits: Vec<_> = sheet
            .hits
            .get()
            .into_iter()
            .map(|hit| {
                let words = hit_words(t, &hit, &typed);
                view! {
                    <li>
                        <button class="hit" type="button" on:click=move |_| sheet.choose(hit.clone())>{words}</button>
                    </li>
                }
            })
            .collect();
        hits
    };
    let said = move || sheet.is_answered.get().then(|| count_text(t, sheet.hits.with(Vec::len)));
    let nothing = move || {
        (sheet.is_answered.get() && sheet.hits.with(Vec::is_empty))
            .then(|| view! { <p class="muted sm" aria-hidden="true">{t.order_form_no_suggestions()}</p> })
    };
    let chosen = move || {
        let typed = Sheet::text(sheet.article);
        sheet.chosen.get().map(|hit| view! { <div class="hit">{hit_words(t, &hit, &typed)}</div> })
    };
    view! {
        <p class="vh" role="status">{said}</p>
        {nothing}
        <ul class="hits" aria-label=t.order_form_suggested()>{list}</ul>
        {chosen}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_text_is_a_description_unless_it_is_a_number() {
        let check = |text: &str, number: &str, description: &str| {
            let line = free_text(text);
            assert_eq!((line.article_number.as_str(), line.description.as_str()), (number, description));
        };
        check("sekskant", "", "sekskant");
        check("Skruer M10", "", "Skruer M10");
        check("99123", "99123", "");
        check("BF-100", "BF-100", "");
    }
}
