//! Articles proposed while a number is typed: a combobox as the ARIA practices describe it. One list serves every line.

use std::time::Duration;

use domain::orders::OrderLineInput;
use domain::units;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::form_state::OrderFormState;
use super::typed::FormLine;
use crate::api::orders::{SuggestedArticle, suggest_articles};
use crate::components::MatchBadge;
use crate::format;
use crate::i18n::use_texts;

/// So long after the last key the server is asked.
const PAUSE: Duration = Duration::from_millis(150);

/// The list, and which line it is open for.
#[derive(Clone, Copy)]
pub(super) struct Suggestions {
    line: RwSignal<Option<usize>>,
    hits: RwSignal<Vec<SuggestedArticle>>,
    active: RwSignal<Option<usize>>,
    asked: StoredValue<u64>,
}

impl Suggestions {
    pub(super) fn new() -> Self {
        Self {
            line: RwSignal::new(None),
            hits: RwSignal::new(Vec::new()),
            active: RwSignal::new(None),
            asked: StoredValue::new(0),
        }
    }

    /// The list stands open under the line.
    pub(super) fn is_open(self, line: FormLine) -> bool {
        self.line.get() == Some(line.key) && self.hits.with(|hits| !hits.is_empty())
    }

    fn is_open_untracked(self, line: FormLine) -> bool {
        self.line.get_untracked() == Some(line.key) && self.hits.with_untracked(|hits| !hits.is_empty())
    }

    /// The id of the option that the arrow keys stand on.
    pub(super) fn active_id(self, line: FormLine) -> Option<String> {
        if !self.is_open(line) {
            return None;
        }
        self.active.get().map(|at| option_id(line, at))
    }

    fn next_question(self) -> u64 {
        let number = self.asked.get_value() + 1;
        self.asked.set_value(number);
        number
    }

    pub(super) fn close(self) {
        self.next_question();
        self.line.set(None);
        self.active.set(None);
        self.hits.set(Vec::new());
    }

    /// Asks after a pause; answers that come too late are let go.
    pub(super) fn ask(self, state: OrderFormState, line: FormLine) {
        let text = line.typed.with_untracked(|typed| typed.article_number.trim().to_owned());
        if text.is_empty() {
            self.close();
            return;
        }
        let number = self.next_question();
        let still_asked = move || self.asked.try_get_value() == Some(number);
        set_timeout(
            move || {
                if !still_asked() {
                    return;
                }
                let supplier_id = state.supplier_id.get_untracked();
                spawn_local(async move {
                    let answer = suggest_articles(supplier_id, text).await;
                    if still_asked() {
                        self.active.set(None);
                        self.hits.set(answer.unwrap_or_default());
                        self.line.set(Some(line.key));
                    }
                });
            },
            PAUSE,
        );
    }

    /// The arrow keys, Enter and Escape. Says whether the key was ours.
    pub(super) fn press(self, event: &KeyboardEvent, state: OrderFormState, line: FormLine) -> bool {
        if !self.is_open_untracked(line) {
            return false;
        }
        let count = self.hits.with_untracked(Vec::len);
        let active = self.active.get_untracked();
        match event.key().as_str() {
            "ArrowDown" => self.active.set(Some(active.map_or(0, |at| (at + 1) % count))),
            "ArrowUp" => self.active.set(Some(active.map_or(count - 1, |at| (at + count - 1) % count))),
            "Escape" => self.close(),
            "Enter" => match active {
                Some(at) => self.choose(state, line, at),
                None => return false,
            },
            _ => return false,
        }
        event.prevent_default();
        event.stop_propagation();
        true
    }

    fn choose(self, state: OrderFormState, line: FormLine, at: usize) {
        let hit = self.hits.with_untracked(|hits| hits.get(at).cloned());
        if let Some(hit) = hit {
            fill(state, line, &hit);
            if let Some(quantity) = line.fields.quantity.get_untracked() {
                let _ = quantity.focus();
            }
        }
        self.close();
    }

    /// A number that was typed out and left: its article fills the fields that are still empty.
    pub(super) fn leave(self, state: OrderFormState, line: FormLine) {
        self.close();
        let typed = line.typed.get_untracked();
        let number = typed.article_number.trim().to_owned();
        if number.is_empty() || !typed.description.trim().is_empty() {
            return;
        }
        let supplier_id = state.supplier_id.get_untracked();
        spawn_local(async move {
            let Ok(hits) = suggest_articles(supplier_id, number.clone()).await else { return };
            let Some(hit) = hits.into_iter().find(|hit| hit.hit.own_number() == number) else { return };
            let unchanged = line.typed.try_with_untracked(|now: &OrderLineInput| {
                now.article_number.trim() == number && now.description.trim().is_empty()
            });
            if unchanged == Some(true) {
                fill(state, line, &hit);
            }
        });
    }
}

fn option_id(line: FormLine, at: usize) -> String {
    format!("suggestion-{}-{at}", line.key)
}

/// The id of the list under a line.
pub(super) fn list_id(line: FormLine) -> String {
    format!("suggestions-{}", line.key)
}

/// Writes what is known about the article into the line's fields; the quantity is the person's.
fn fill(state: OrderFormState, line: FormLine, hit: &SuggestedArticle) {
    let language = state.language;
    let article = &hit.hit;
    let price = article.price();
    let base = price.map_or(domain::decimal::Quantity::whole(1), |(_, base, _)| base);
    let base = if base == domain::decimal::Quantity::whole(1) {
        String::new()
    } else {
        format::for_input(base.0, language)
    };
    let fields = line.fields;
    let values = [
        (fields.article_number, article.own_number().to_owned()),
        (fields.description, article.name().to_owned()),
        (fields.supplier_article_number, article.supplier_number().cloned().unwrap_or_default()),
        (fields.unit, units::label(article.unit(), language).to_owned()),
        (
            fields.unit_price,
            price.map(|(price, ..)| format::for_input(price.0, language)).unwrap_or_default(),
        ),
        (fields.price_base_quantity, base),
    ];
    for (field, value) in values {
        if let Some(input) = field.get_untracked() {
            input.set_value(&value);
        }
    }
    if let Some(own) = &article.own {
        line.vat_rate.set(own.vat_rate);
    }
    line.matched.set(Some(hit.matched.clone()));
    state.changed(line);
}

/// The list under a line, as a row of the table.
#[component]
pub(super) fn SuggestionRow(state: OrderFormState, line: FormLine, columns: usize) -> impl IntoView {
    let t = use_texts();
    let list = state.suggestions;
    let options = move || {
        list.hits
            .get()
            .into_iter()
            .enumerate()
            .map(|(at, hit)| view! { <SuggestedOption state line at hit/> })
            .collect::<Vec<_>>()
    };
    // The list must not open behind the bar at the foot, or nobody knows that it is there.
    Effect::new(move |_| {
        if list.is_open(line) && list.hits.with(|hits| !hits.is_empty()) {
            request_animation_frame(move || show(&list_id(line)));
        }
    });
    let count = move || {
        let count = i64::try_from(list.hits.with(Vec::len)).unwrap_or(i64::MAX);
        t.order_form_suggestions(count)
    };
    move || {
        list.is_open(line).then(|| {
            view! {
                <tr role="row" class="sub">
                    <td role="cell" colspan=columns.to_string()>
                        <p class="vh" role="status">{count}</p>
                        <ul class="list inflow" role="listbox" id=list_id(line) aria-label=t.order_form_suggested()>
                            {options}
                        </ul>
                    </td>
                </tr>
            }
        })
    }
}

/// Scrolls no further than it takes to see the element.
#[cfg(feature = "hydrate")]
fn show(id: &str) {
    let Some(element) = document().get_element_by_id(id) else { return };
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Effects do not run on the server.
#[cfg(not(feature = "hydrate"))]
fn show(_: &str) {}

#[component]
fn SuggestedOption(state: OrderFormState, line: FormLine, at: usize, hit: SuggestedArticle) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    let list = state.suggestions;
    let article = hit.hit;
    let price = article.price().map(|(price, _, currency)| {
        format!(", {}", t.order_form_price_of(format::unit_price(price, language), currency))
    });
    let number = article.supplier_number().cloned().unwrap_or_default();
    let supplier_number = if number.is_empty() {
        t.order_form_no_supplier_number().to_owned()
    } else {
        t.order_form_supplier_number(number)
    };
    view! {
        <li
            role="option"
            id=option_id(line, at)
            aria-selected=move || (list.active.get() == Some(at)).to_string()
            on:mousedown=|event| event.prevent_default()
            on:click=move |_| list.choose(state, line, at)
        >
            <span>
                <span class="code">{article.own_number().to_owned()}</span>
                " "
                {article.name().to_owned()}
            </span>
            <small>{supplier_number}{price}</small>
            <MatchBadge level=Signal::stored(hit.matched.level)/>
        </li>
    }
}
