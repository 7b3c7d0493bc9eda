//! A line on a phone: a sheet as tall as the window, with a search and the keypad for numbers.

use std::time::Duration;

use domain::orders::OrderLineInput;
use leptos::html::{Dialog, Input};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::combobox::{count_text, found_line};
use super::form_state::OrderFormState;
use super::hits::hit_words;
use crate::api::orders::{SuggestedArticle, suggest_articles};
use crate::i18n::{Texts, use_texts};

/// So long after the last key the server is asked.
const PAUSE: Duration = Duration::from_millis(120);

/// What the sheet's parts share.
#[derive(Clone, Copy)]
struct Sheet {
    state: OrderFormState,
    hits: RwSignal<Vec<SuggestedArticle>>,
    /// The last question was answered.
    is_answered: RwSignal<bool>,
    /// The article that was chosen.
    chosen: RwSignal<Option<SuggestedArticle>>,
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

    fn ask(self) {
        self.chosen.set(None);
        let number = self.asked.get_value() + 1;
        self.asked.set_value(number);
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
        }
        self.hits.set(Vec::new());
        self.is_answered.set(false);
        self.chosen.set(Some(hit));
        if let Some(field) = self.quantity.get_untracked() {
            let _ = field.focus();
        }
    }

    /// Puts the line into the order. Says whether there was one.
    fn add(self) -> bool {
        let mut line = match self.chosen.get_untracked() {
            Some(hit) => found_line(self.state, OrderLineInput::default(), &hit),
            None => OrderLineInput { article_number: Self::text(self.article), ..OrderLineInput::default() },
        };
        line.quantity = Self::text(self.quantity);
        line.unit_price = Self::text(self.price);
        if line.is_empty() {
            return false;
        }
        self.state.insert_lines(vec![line]);
        true
    }

    fn clear(self) {
        for field in [self.article, self.quantity, self.price] {
            if let Some(field) = field.get_untracked() {
                field.set_value("");
            }
        }
        self.hits.set(Vec::new());
        self.is_answered.set(false);
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
    let and_new = move |_| {
        if sheet.add() {
            sheet.clear();
        }
    };
    let and_close = move |_| {
        sheet.add();
        sheet.close();
    };
    view! {
        <dialog class="sheet" node_ref=sheet.dialog aria-labelledby="h-sheet" on:close=move |_| state.sheet_open.set(false) data-test="line-sheet">
            <header class="row">
                <h2 id="h-sheet">{t.order_form_new_line()}</h2>
                <button class="btn q" type="button" on:click=move |_| sheet.close()>{t.order_form_close_sheet()}</button>
            </header>
            {sheet_field(t, "sheet-article", t.order_form_find_article().to_owned(), None, sheet.article, move || sheet.ask())}
            <Hits sheet/>
            <div class="fields">
                {sheet_field(t, "sheet-quantity", t.label("quantity").unwrap_or_default().to_owned(), Some("decimal"), sheet.quantity, || ())}
                {sheet_field(t, "sheet-price", t.label("unit_price").unwrap_or_default().to_owned(), Some("decimal"), sheet.price, || ())}
            </div>
            <footer class="row">
                <button class="btn" type="button" data-test="sheet-done" on:click=and_close>{t.order_form_sheet_done()}</button>
                <button class="btn p" type="button" data-test="sheet-next" on:click=and_new>{t.order_form_sheet_next()}</button>
            </footer>
        </dialog>
    }
}

/// A field of the sheet.
fn sheet_field(
    _t: Texts,
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
