//! What of an order cannot be read yet: the text as it was typed, with what is wrong with it.

use domain::decimal::{Quantity, readings};
use domain::errors::ErrorCode;
use domain::orders::{AMOUNT, OrderLine, PurchaseOrderRow, UnreadCell, UnreadField};
use leptos::prelude::*;

use crate::components::{Note, Tone};
use crate::format;
use crate::i18n::{Language, Texts};

/// What a list says of an order that is kept as it was typed: that something is missing, or that something cannot be read.
pub(super) fn marks_text(t: Texts, row: &PurchaseOrderRow) -> Option<String> {
    let codes = row.marks.codes(row.has_unread);
    let words: Vec<&str> = codes.iter().filter_map(|code| t.status(&format!("unread.{code}"))).collect();
    listed(&words)
}

/// Sentences as one, after commas; each but the first begins small.
fn listed(words: &[&str]) -> Option<String> {
    let (first, rest) = words.split_first()?;
    let small = rest.iter().map(|words| {
        let mut letters = words.chars();
        let first = letters.next().map(char::to_lowercase);
        first.into_iter().flatten().chain(letters).collect::<String>()
    });
    Some(std::iter::once((*first).to_owned()).chain(small).collect::<Vec<_>>().join(", "))
}

/// The sum of an order; in a currency that cannot be read it is a number with what was typed.
pub(crate) fn sum_text(row: &PurchaseOrderRow, language: Language) -> String {
    match row.marks.typed("currency") {
        Some(typed) => format!("{} {typed}", format::money(row.net_total, language)),
        None => format::money_with_currency(row.net_total, &row.currency, language),
    }
}

/// A text as it was typed, with what is wrong with it; with a link to where it is answered when it can mean two things.
pub(super) fn unread_view(
    t: Texts,
    field: &str,
    typed: &str,
    code: ErrorCode,
    answer: Option<String>,
) -> impl IntoView + use<> {
    let shown = if typed.is_empty() { "–".to_owned() } else { typed.to_owned() };
    let answer = answer.filter(|_| code == ErrorCode::NumberAmbiguous);
    let fault = words(t, field, typed, code);
    view! {
        <div data-test="unread-cell">
            <span class="code">{shown}</span>
            <small><Note tone=Tone::Error icon="stop">{fault}</Note></small>
            {answer.map(|href| view! { <small><a href=href data-test="answer">{t.order_detail_answer()}</a></small> })}
        </div>
    }
}

/// What stands in the cells of a line: what cannot be read as it was typed, beside what can.
pub(super) struct LineCells {
    /// Of its numbers, name and note, those that cannot be read.
    pub texts: Vec<AnyView>,
    /// The quantity with its unit.
    pub quantity: AnyView,
    pub price: AnyView,
    /// That it has no room in the order's sum.
    pub too_large: Option<AnyView>,
}

/// `answer` is where it is answered what a field means.
pub(super) fn line_cells(
    t: Texts,
    line: &OrderLine,
    unread: &[UnreadCell],
    answer: impl Fn(&str) -> Option<String>,
) -> LineCells {
    let language = t.language();
    let typed = |field: &str| {
        let cell = unread.iter().find(|cell| cell.field == field)?;
        Some(unread_view(t, field, &cell.typed, cell.code, answer(field)).into_any())
    };
    let quantity = match (typed("quantity"), typed("unit")) {
        (None, None) => format::quantity_with_unit(line.quantity, &line.unit, language).into_any(),
        (None, unit) => view! { {format::quantity(line.quantity, language)} {unit} }.into_any(),
        (quantity, unit) => view! { {quantity} {unit} }.into_any(),
    };
    let price =
        typed("unit_price").unwrap_or_else(|| format::unit_price(line.unit_price, language).into_any());
    LineCells {
        texts: ["article_number", "description", "supplier_article_number", "note"]
            .into_iter()
            .filter_map(typed)
            .collect(),
        quantity,
        price: view! { {price} {typed("price_base_quantity")} {typed("discount_percent")} }.into_any(),
        too_large: typed(AMOUNT),
    }
}

/// The same of a field of the head.
pub(super) fn unread_field(t: Texts, field: &UnreadField) -> impl IntoView + use<> {
    unread_view(t, &field.field, &field.typed, ErrorCode::ValidationFailed, None)
}

fn words(t: Texts, field: &str, typed: &str, code: ErrorCode) -> String {
    let name = t.label(field).unwrap_or_default();
    if field == AMOUNT {
        return t.order_detail_amount_too_large().to_owned();
    }
    match (code, readings(typed)) {
        (ErrorCode::NumberAmbiguous, Some(read)) => {
            let number = |value| format::quantity(Quantity(value), t.language());
            t.order_detail_cell_asks(number(read.thousands), number(read.decimals))
        }
        _ if typed.is_empty() => t.order_detail_cell_missing(name),
        (ErrorCode::DecimalOutOfRange, _) => t.order_detail_cell_too_large(name),
        _ => t.order_detail_cell_unread(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_are_one_sentence() {
        assert_eq!(listed(&[]), None);
        assert_eq!(listed(&["Noe mangler"]).as_deref(), Some("Noe mangler"));
        let both = listed(&["Noe mangler", "Øre kan ikke leses"]);
        assert_eq!(both.as_deref(), Some("Noe mangler, øre kan ikke leses"));
    }

    #[test]
    fn each_fault_has_its_own_words() {
        let t = Texts::new(Language::Nb);
        let said = |field, typed, code| words(t, field, typed, code);
        assert_eq!(said("quantity", "", ErrorCode::Required), "Antall mangler");
        assert_eq!(said("quantity", "mange", ErrorCode::InvalidDecimal), "Antall kan ikke leses");
        assert_eq!(said("currency", "kroner", ErrorCode::InvalidCurrency), "Valuta kan ikke leses");
        let asks = said("quantity", "1.234", ErrorCode::NumberAmbiguous).replace('\u{a0}', " ");
        assert_eq!(asks, "Kan bety 1 234 eller 1,234, og må besvares");
        assert_eq!(said(AMOUNT, "", ErrorCode::DecimalOutOfRange), "Summen av ordren blir for stor");
    }
}
