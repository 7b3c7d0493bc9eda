//! Whether a line is understood: by the supplier, and by our own register where the number is written otherwise than ours.

use domain::decimal::Quantity;
use domain::matching::{Match, MatchLevel, OwnArticle, OwnNumber};
use domain::orders::sheet::{Column, Place};
use domain::orders::{ListedPrice, OrderLineInput};
use domain::search::SearchHit;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::combobox::found_line;
use super::form_state::OrderFormState;
use super::grid::Mode;
use super::typed::FormLine;
use crate::api::orders::{SuggestedArticle, USE_NUMBER, suggest_articles};
use crate::components::{Icon, MatchBadge, difference_view, reasons_text};
use crate::error::AppError;
use crate::i18n::{Texts, use_texts};

/// The match level with its reason, and what differs from the supplier's article.
#[component]
pub(super) fn MatchCell(state: OrderFormState, index: ReadSignal<usize>, line: FormLine) -> impl IntoView {
    let t = use_texts();
    move || {
        if line.is_empty.get() {
            return None;
        }
        let Match { level, reasons, differences, own, .. } = line.matched.get()?;
        let supplier = state.supplier_name();
        let reason = reasons_text(t, &reasons, supplier.as_deref());
        let differences: Vec<_> =
            differences.iter().map(|difference| difference_view(t, difference)).collect();
        let why = (state.mounted.get() && level != MatchLevel::Exact).then(|| {
            let open = move |_| state.why.set(Some(line.key));
            view! {
                <button class="btn s q" type="button" tabindex="-1" data-test="why-button" on:click=open>
                    {t.order_form_why()}
                </button>
            }
        });
        Some(view! {
            <div>
                <MatchBadge level=Signal::stored(level)/>
                <small>{reason}</small>
                {differences}
                {own_number(state, index, line, own)}
                {why}
            </div>
        })
    }
}

/// What the number in the column of our own means where it is none of ours: the article to take, or the way to choose one.
fn own_number(
    state: OrderFormState,
    index: ReadSignal<usize>,
    line: FormLine,
    own: OwnNumber,
) -> Option<AnyView> {
    let t = state.texts;
    let (words, articles) = match own {
        OwnNumber::Settled => return None,
        OwnNumber::Unknown => (t.order_form_own_unknown().to_owned(), Vec::new()),
        OwnNumber::Alike(articles) => (meant_text(t, &articles), articles),
    };
    let is_one = articles.len() == 1;
    let buttons: Vec<_> =
        articles.into_iter().map(|article| take_button(state, index, line, article, is_one)).collect();
    let choose = (!is_one && state.mounted.get()).then(|| {
        let choose = move |_| state.choose_article(line);
        view! {
            <button class="btn s" type="button" tabindex=move || tab_stop(state) data-test="choose-article" on:click=choose>
                {t.order_form_choose_article()}
            </button>
        }
    });
    let not_taken = move || {
        let words = state.not_taken.with(|told| told.clone().filter(|(key, _)| *key == line.key));
        words.map(
            |(_, words)| view! { <p class="errmsg" data-test="not-taken"><Icon name="stop"/>{words}</p> },
        )
    };
    Some(
        view! {
            <div class="stack s" data-test="own-number">
                <small>{words}</small>
                <div class="row">{buttons} {choose}</div>
                {not_taken}
            </div>
        }
        .into_any(),
    )
}

pub(super) fn meant_text(t: Texts, articles: &[OwnArticle]) -> String {
    match articles {
        [article] => t.order_form_meant(&article.number, &article.name),
        _ => t.order_form_meant_several().to_owned(),
    }
}

/// Among the cells of a grid there is one stop for Tab; a key of the grid does the same.
fn tab_stop(state: OrderFormState) -> Option<&'static str> {
    state.grid.on.get().then_some("-1")
}

/// Takes the article. Without a script the button sends the form, and the server takes it.
fn take_button(
    state: OrderFormState,
    index: ReadSignal<usize>,
    line: FormLine,
    article: OwnArticle,
    is_one: bool,
) -> impl IntoView + use<> {
    let t = state.texts;
    let number = article.number;
    let (shown, sent) = (t.order_form_use_number(&number), number.clone());
    let take = move |event: leptos::ev::MouseEvent| {
        if state.mounted.get_untracked() {
            event.prevent_default();
            state.take_own(line, number.clone());
        }
    };
    let key = is_one.then(|| view! { " "<kbd class="only-wide">"F4"</kbd> });
    view! {
        <button
            class="btn s"
            type="submit"
            name="action"
            value=move || format!("{USE_NUMBER}:{}:{sent}", index.get())
            tabindex=move || tab_stop(state)
            data-test="use-number"
            on:click=take
        >
            {shown}
            {key}
        </button>
    }
}

impl FormLine {
    /// The articles that *Mener du …?* asks about.
    pub(super) fn asked_about(self) -> Option<Vec<OwnArticle>> {
        self.matched.try_with(|matched| match &matched.as_ref()?.own {
            OwnNumber::Alike(articles) => Some(articles.clone()),
            OwnNumber::Settled | OwnNumber::Unknown => None,
        })?
    }
}

impl OrderFormState {
    /// Takes the article that the line's number means, where it is only one. Says whether there was one.
    pub(super) fn take_meant(self, line: FormLine) -> bool {
        let own = line.matched.with_untracked(|matched| matched.as_ref().map(|matched| matched.own.clone()));
        let Some(OwnNumber::Alike(articles)) = own else { return false };
        let [article] = articles.as_slice() else { return false };
        self.take_own(line, article.number.clone());
        true
    }

    /// Puts an article of ours into the line, with what is known of it; what was typed beside it stays.
    fn take_own(self, line: FormLine, number: String) {
        let supplier_id = self.supplier_id.get_untracked();
        let asked = line.typed.try_get_untracked().map(|typed| typed.article_number);
        self.not_taken.set(None);
        spawn_local(async move {
            let answer = suggest_articles(supplier_id, number.clone()).await;
            let now = line.typed.try_get_untracked();
            let Some(now) = now.filter(|now| Some(&now.article_number) == asked.as_ref()) else { return };
            let Some((place, _)) = self.find(line.key) else { return };
            let hit = match taken(self.texts, answer, &number) {
                Ok(hit) => hit,
                Err(words) => {
                    self.grid.said.set(words.clone());
                    self.not_taken.set(Some((line.key, words)));
                    return;
                }
            };
            let found = found_line(self, line.read().unwrap_or_default(), &hit);
            let currency = self.currency.get_untracked();
            self.fill_line(place, beside(found, &now, listed(&hit.hit), &currency));
            line.matched.set(Some(hit.matched));
            self.go(Place { line: place, column: Column::Quantity }, Mode::Edit);
        });
    }

    /// *Velg artikkel*: the list of suggestions, in the cell of the number.
    fn choose_article(self, line: FormLine) {
        let Some((place, _)) = self.find(line.key) else { return };
        self.go(Place { line: place, column: Column::ArticleNumber }, Mode::Navigation);
        if self.grid.on.get_untracked() {
            self.start_editing();
        }
        self.suggestions.ask_now(self, line);
    }
}

/// The article with the number, or why it is not taken.
fn taken(
    t: Texts,
    answer: Result<Vec<SuggestedArticle>, AppError>,
    number: &str,
) -> Result<SuggestedArticle, String> {
    let hits = answer.map_err(|_| t.order_form_take_failed(number))?;
    let hit = hits.into_iter().find(|hit| hit.hit.own_number() == number);
    hit.ok_or_else(|| t.order_form_take_unknown(number))
}

/// An article's line with what somebody had typed into the line before: only what was left empty is filled in. `base` and `listed_in` are
/// what the article's price is for, and its currency; `currency` is the order's.
pub(super) fn beside(
    mut found: OrderLineInput,
    typed: &OrderLineInput,
    (base, listed_in): (Quantity, &str),
    currency: &str,
) -> OrderLineInput {
    let unit = found.unit.clone();
    if !(ListedPrice { unit: &unit, base, currency: listed_in }).fits(typed, currency) {
        found.unit_price.clone_from(&typed.unit_price);
        found.price_base_quantity.clone_from(&typed.price_base_quantity);
    }
    for column in
        [Column::Description, Column::SupplierArticleNumber, Column::Unit, Column::PriceBaseQuantity]
    {
        if !column.of(typed).trim().is_empty() {
            column.set(&mut found, column.of(typed).to_owned());
        }
    }
    found
}

/// What the price of an article that was found is for, and its currency; without a price there is nothing to take over.
pub(super) fn listed(hit: &SearchHit) -> (Quantity, &str) {
    hit.price().map_or((Quantity::whole(1), ""), |(_, base, currency)| (base, currency))
}

#[cfg(test)]
mod tests {
    use domain::errors::ErrorCode;

    use super::*;
    use crate::i18n::Language;

    #[test]
    fn what_is_not_taken_is_told() {
        let t = Texts::new(Language::Nb);
        let words = |answer| taken(t, answer, "101003").map(|hit| hit.hit.own_number().to_owned());
        assert_eq!(
            words(Err(ErrorCode::Internal.into())),
            Err("Fikk ikke hentet 101003. Prøv igjen.".to_owned())
        );
        assert_eq!(words(Ok(Vec::new())), Err("Fant ikke 101003 i artikkelregisteret.".to_owned()));
    }

    #[test]
    fn what_was_typed_beside_the_number_stays() {
        let line = |number: &str, description: &str, price: &str, base: &str| OrderLineInput {
            article_number: number.to_owned(),
            description: description.to_owned(),
            unit_price: price.to_owned(),
            price_base_quantity: base.to_owned(),
            ..OrderLineInput::default()
        };
        let beside = |found: OrderLineInput, typed: &OrderLineInput| {
            super::beside(found, typed, (Quantity::whole(100), "NOK"), "nok")
        };
        let found = line("101003", "Skrue", "4,20", "100");
        assert_eq!(beside(found.clone(), &line("10 1003", "", "", "")), found);
        assert_eq!(
            beside(found, &line("10 1003", "Skrue, sort", "3,50", "")),
            line("101003", "Skrue, sort", "3,50", "")
        );
        let in_unit =
            |unit: &str| OrderLineInput { unit: unit.to_owned(), ..line("101003", "Skrue", "4,20", "100") };
        let typed = |unit: &str| OrderLineInput { unit: unit.to_owned(), ..line("101003", "", "", "") };
        assert_eq!(beside(in_unit("stk"), &typed("EA")), in_unit("EA"));
        let of_other = OrderLineInput { unit: "pk".to_owned(), ..line("101003", "Skrue", "", "") };
        assert_eq!(beside(in_unit("stk"), &typed("pk")), of_other, "the price is for another unit");
        let found = line("101003", "Skrue", "4,20", "100");
        let abroad =
            super::beside(found.clone(), &line("", "", "", ""), (Quantity::whole(100), "EUR"), "NOK");
        assert_eq!(abroad, line("101003", "Skrue", "", ""), "the price is in another currency");
        // What the price was to be for was typed.
        let of_ten = line("101003", "Skrue", "", "10");
        assert_eq!(beside(found.clone(), &line("", "", "", "10")), of_ten);
        assert_eq!(beside(found.clone(), &line("", "", "", "100")), found);
    }
}
