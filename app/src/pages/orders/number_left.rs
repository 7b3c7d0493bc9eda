//! A number that was typed out and left: what is known of its article fills the fields that are still empty, as if it had been chosen.

use domain::orders::OrderLineInput;
use domain::orders::sheet::Column;
use domain::search::SearchHit;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::combobox::found_line;
use super::form_state::OrderFormState;
use super::match_cell::{beside, listed};
use super::typed::FormLine;
use crate::api::orders::suggest_articles;

impl OrderFormState {
    /// The cell of our number or of the supplier's was left, or one that the number fills in. What is filled in is one step.
    pub(super) fn number_left(self, line: FormLine, column: Column, is_changed: bool) {
        let Some(typed) = line.typed.try_get_untracked() else { return };
        let number = column.of(&typed).trim().to_owned();
        if number.is_empty() || !lacks(&typed, column, is_changed) {
            return;
        }
        let supplier_id = self.supplier_id.get_untracked();
        spawn_local(async move {
            let Ok(hits) = suggest_articles(supplier_id.clone(), number.clone()).await else { return };
            if self.supplier_id.try_get_untracked() != Some(supplier_id) {
                return;
            }
            let Some(now) = line.read() else { return };
            if column.of(&now).trim() != number || !lacks(&now, column, is_changed) {
                return;
            }
            let articles = hits.iter().map(|hit| &hit.hit).collect::<Vec<_>>();
            let Some(hit) = named(&articles, column, &now).and_then(|at| hits.get(at)) else { return };
            let Some((place, _)) = self.find(line.key) else { return };
            let mut found = found_line(self, now.clone(), hit);
            if column == Column::SupplierArticleNumber && !now.article_number.trim().is_empty() {
                found.article_number.clone_from(&now.article_number);
            }
            let currency = self.currency.get_untracked();
            self.fill_line(place, beside(found, &now, listed(&hit.hit), &currency));
            line.matched.set(Some(hit.matched.clone()));
        });
    }
}

/// Whether there is something to fill in: the name, or after a change also unit and price, which a save would fill in as well.
fn lacks(line: &OrderLineInput, column: Column, is_changed: bool) -> bool {
    let is_empty = |text: &String| text.trim().is_empty();
    let takes_price = is_changed || column == Column::SupplierArticleNumber;
    is_empty(&line.description) || takes_price && (is_empty(&line.unit) || is_empty(&line.unit_price))
}

/// The place of the one article that the number in the column names as it stands, where nothing else in the line names another.
fn named(hits: &[&SearchHit], column: Column, line: &OrderLineInput) -> Option<usize> {
    let (ours, theirs) = (line.article_number.trim(), line.supplier_article_number.trim());
    if column == Column::ArticleNumber
        && let Some(at) = hits.iter().position(|hit| hit.own_number() == ours)
    {
        return Some(at);
    }
    let number = column.of(line).trim();
    if column == Column::ArticleNumber && !theirs.is_empty() {
        return None;
    }
    let mut with_number =
        hits.iter().enumerate().filter(|(_, hit)| hit.supplier_number().is_some_and(|known| known == number));
    let (at, hit) = with_number.next()?;
    let is_other = column == Column::SupplierArticleNumber
        && !ours.is_empty()
        && !hit.own_number().is_empty()
        && hit.own_number() != ours;
    (!is_other && with_number.next().is_none()).then_some(at)
}

#[cfg(test)]
mod tests {
    use domain::articles::ArticleStatus;
    use domain::decimal::Quantity;
    use domain::matching::PartnerArticle;

    use super::*;

    fn hit(theirs: &str) -> SearchHit {
        let partner = PartnerArticle {
            number: theirs.to_owned(),
            name: "Skrue".to_owned(),
            unit: "EA".to_owned(),
            price: None,
            price_base_quantity: Quantity::whole(1),
            currency: "NOK".to_owned(),
            gtin: None,
            pack_size: None,
            minimum_quantity: None,
            status: ArticleStatus::Active,
            replaced_by: None,
        };
        SearchHit { own: None, partner: Some(partner), bought: None, is_forgiven: false }
    }

    #[test]
    fn only_the_number_as_it_stands_names_an_article() {
        let check = |ours: &str, theirs: &str, column, hits: &[&str], expected| {
            let line = OrderLineInput {
                article_number: ours.to_owned(),
                supplier_article_number: theirs.to_owned(),
                ..OrderLineInput::default()
            };
            let hits: Vec<SearchHit> = hits.iter().copied().map(hit).collect();
            let hits: Vec<&SearchHit> = hits.iter().collect();
            assert_eq!(named(&hits, column, &line), expected, "{ours:?}, {theirs:?}");
        };
        let (ours, theirs) = (Column::ArticleNumber, Column::SupplierArticleNumber);
        check("", "BF-3", theirs, &["BF-30", "BF-3"], Some(1));
        check("", "BF3", theirs, &["BF-3"], None);
        check("", "BF-3", theirs, &["BF-3", "BF-3"], None);
        check("BF-3", "", ours, &["BF-3"], Some(0));
        // The line says already which article of theirs is meant.
        check("BF-3", "BF-4", ours, &["BF-3"], None);
    }
}
