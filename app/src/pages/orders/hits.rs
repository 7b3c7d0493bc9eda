//! What is told of an article that is proposed while somebody types.

use domain::decimal::{Quantity, UnitPrice};
use domain::search::Bought;
use domain::units;
use leptos::prelude::*;

use crate::api::orders::SuggestedArticle;
use crate::components::MatchBadge;
use crate::format;
use crate::i18n::Texts;

/// An article as it is proposed: number, name, the supplier's number, price, what was bought of it, and whether the supplier understands it.
/// What was typed is marked.
pub(super) fn hit_words(t: Texts, hit: &SuggestedArticle, typed: &str) -> AnyView {
    let article = &hit.hit;
    let price = article.price().map(|(price, base, currency)| price_words(t, price, base, currency));
    let supplier_number = match article.supplier_number().map(String::as_str) {
        None | Some("") => t.order_form_no_supplier_number().to_owned(),
        Some(number) => t.order_form_supplier_number(number),
    };
    let bought = article.bought.as_ref().map(|bought| {
        view! { <small data-test="bought">{bought_text(t, bought, article.unit())}</small> }
    });
    view! {
        <span>
            <span class="code">{marked(article.own_number(), typed)}</span>
            " "
            {marked(article.name(), typed)}
        </span>
        <small>{supplier_number}{price}</small>
        {bought}
        <MatchBadge level=Signal::stored(hit.matched.level)/>
    }
    .into_any()
}

/// `, 350,00 NOK per 100`
fn price_words(t: Texts, price: UnitPrice, base: Quantity, currency: &str) -> String {
    let price = t.order_form_price_of(format::unit_price(price, t.language()), currency);
    let per = format::per(t, base).map(|per| format!(" {per}")).unwrap_or_default();
    format!(", {price}{per}")
}

/// How often the article was ordered here, when last, and at what price: `3,12 per 100 stk.`. What the price is for is left out where it is
/// one of the `unit` that is proposed.
fn bought_text(t: Texts, bought: &Bought, unit: &str) -> String {
    let language = t.language();
    let date = format::date(bought.last_at.date_in_oslo(), language);
    let Some(last) = &bought.last_price else {
        return t.order_form_bought(bought.times, date);
    };
    let price = format::unit_price(last.price, language);
    let per = match (last.base_quantity == Quantity::whole(1), last.unit == unit) {
        (true, true) => None,
        (true, false) => Some(units::label(&last.unit, language).to_owned()),
        (false, _) => Some(format::quantity_with_unit(last.base_quantity, &last.unit, language)),
    };
    let price = per.map_or_else(|| price.clone(), |per| format!("{price} {}", t.order_detail_per(per)));
    t.order_form_bought_at(bought.times, date, price)
}

fn marked(text: &str, typed: &str) -> Vec<AnyView> {
    pieces(text, typed)
        .into_iter()
        .map(|(piece, is_marked)| {
            let piece = piece.to_owned();
            if is_marked { view! { <mark>{piece}</mark> }.into_any() } else { piece.into_any() }
        })
        .collect()
}

/// The text in pieces: those that one of the typed words is found in, and those between them.
fn pieces<'text>(text: &'text str, typed: &str) -> Vec<(&'text str, bool)> {
    let words: Vec<Vec<char>> =
        typed.split_whitespace().map(|word| word.chars().flat_map(char::to_lowercase).collect()).collect();
    let characters: Vec<(usize, char)> = text.char_indices().collect();
    let begins = |at: usize, word: &[char]| {
        let rest = characters.get(at..).unwrap_or_default();
        rest.len() >= word.len()
            && rest.iter().zip(word).all(|((_, one), other)| one.to_lowercase().eq([*other]))
    };
    let mut pieces = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some((from, _)) = characters.get(at) {
        let longest = words.iter().filter(|word| begins(at, word)).map(Vec::len).max();
        let Some(length) = longest else {
            at += 1;
            continue;
        };
        let end = characters.get(at + length).map_or(text.len(), |(end, _)| *end);
        pieces.push((text.get(start..*from).unwrap_or_default(), false));
        pieces.push((text.get(*from..end).unwrap_or_default(), true));
        (start, at) = (end, at + length);
    }
    pieces.push((text.get(start..).unwrap_or_default(), false));
    pieces.retain(|(piece, _)| !piece.is_empty());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;
    use domain::search::BoughtPrice;
    use domain::time::Timestamp;

    #[test]
    fn a_price_says_what_it_is_for() {
        let words = |base| price_words(Texts::new(Language::Nb), UnitPrice::whole(350), base, "NOK");
        assert_eq!(words(Quantity::whole(100)), ", 350,00 NOK per 100");
        assert_eq!(words(Quantity::whole(1)), ", 350,00 NOK");
    }

    #[test]
    fn what_was_typed_is_marked() {
        assert_eq!(
            pieces("Sekskantskrue M10x50", "SKRUE m10"),
            [("Sekskant", false), ("skrue", true), (" ", false), ("M10", true), ("x50", false)]
        );
        assert_eq!(pieces("Låsemutter", "lå"), [("Lå", true), ("semutter", false)]);
        assert_eq!(pieces("N-1", ""), [("N-1", false)]);
        assert_eq!(pieces("", "a"), []);
        assert_eq!(pieces("aaa", "aa a"), [("aa", true), ("a", true)]);
    }

    #[test]
    fn what_was_bought_is_told_in_words() {
        let told = |times, last: Option<(i64, &str)>| {
            let last_price = last.map(|(base, unit)| BoughtPrice {
                price: UnitPrice(4_200_000),
                base_quantity: Quantity::whole(base),
                unit: unit.to_owned(),
            });
            let bought = Bought { times, last_at: Timestamp(1_795_000_000_000_000), last_price };
            bought_text(Texts::new(Language::Nb), &bought, "EA")
        };
        let first = told(1, Some((1, "EA")));
        assert!(first.starts_with("Kjøpt 1 gang, ") && first.ends_with(" til 4,20"), "{first}");
        let hundred = told(3, Some((100, "EA")));
        assert!(hundred.starts_with("Kjøpt 3 ganger, sist "), "{hundred}");
        assert!(hundred.ends_with(" til 4,20 per 100\u{a0}stk."), "{hundred}");
        // One of another unit than the article is proposed in.
        let packed = told(3, Some((1, "XPK")));
        assert!(
            packed.ends_with(&format!(" til 4,20 per {}", units::label("XPK", Language::Nb))),
            "{packed}"
        );
        // What the price was for is not known: nothing is claimed.
        assert!(!told(3, None).contains("til"), "{}", told(3, None));
    }
}
