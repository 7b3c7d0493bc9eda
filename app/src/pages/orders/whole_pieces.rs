//! Half a piece: a question beside the line, not a fault, since it can be meant.

use domain::decimal::Quantity;
use domain::orders::OrderLineInput;
use domain::units;
use leptos::prelude::*;

use super::typed::FormLine;
use crate::components::{Note, Tone};
use crate::format;
use crate::i18n::{Texts, use_texts};

/// The question about a line that is being typed.
#[component]
pub(super) fn WholePieces(line: FormLine) -> impl IntoView {
    let t = use_texts();
    // Its own, so that the other cells draw nothing here.
    let asked = Memo::new(move |_| line.typed.with(|typed| asked_of_typed(t, typed)));
    move || asked.get().map(question)
}

/// The question about a line that is saved.
pub(super) fn whole_pieces(t: Texts, quantity: Quantity, unit: &str) -> Option<AnyView> {
    asked(t, quantity, unit).map(|text| question(text).into_any())
}

fn question(text: String) -> impl IntoView {
    view! { <small data-test="whole-pieces"><Note tone=Tone::Warning icon="help">{text}</Note></small> }
}

/// What cannot be read is told as a fault, and not asked about as well.
fn asked_of_typed(t: Texts, typed: &OrderLineInput) -> Option<String> {
    let unit = match typed.unit.trim() {
        "" => "EA",
        written => units::from_written(written)?,
    };
    asked(t, Quantity::parse_typed(&typed.quantity).ok()?, unit)
}

fn asked(t: Texts, quantity: Quantity, unit: &str) -> Option<String> {
    let is_asked = quantity.0 > 0 && units::splits_a_piece(quantity, unit);
    is_asked.then(|| t.order_form_whole_pieces(format::quantity_with_unit(quantity, unit, t.language())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;

    #[test]
    fn half_a_piece_is_asked_about() {
        let t = Texts::new(Language::Nb);
        let typed = |quantity: &str, unit: &str| {
            let line = OrderLineInput {
                quantity: quantity.to_owned(),
                unit: unit.to_owned(),
                ..OrderLineInput::default()
            };
            asked_of_typed(t, &line)
        };
        assert_eq!(typed("12,5", "stk").as_deref(), Some("12,5\u{a0}stk. – skal det være hele?"));
        assert_eq!(typed("0,0001", "").as_deref(), Some("0,0001\u{a0}stk. – skal det være hele?"));
        for (quantity, unit) in
            [("12", "stk"), ("12,5", "m"), ("2,5", "100 stk."), ("12,5", "favn"), ("", ""), ("-0,5", "stk")]
        {
            assert_eq!(typed(quantity, unit), None, "{quantity} {unit}");
        }
    }
}
