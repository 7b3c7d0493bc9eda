//! When the price of an article may be put into a line that has none yet.

use super::OrderLineInput;
use crate::decimal::Quantity;
use crate::units;

/// What the price of an article is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListedPrice<'a> {
    /// The article's unit, as a code or as people write it.
    pub unit: &'a str,
    pub base: Quantity,
    pub currency: &'a str,
}

impl ListedPrice<'_> {
    /// Whether the price may be put into a line of an order in `currency`; empty is `NOK`. Not in another currency, and not for another
    /// unit than the line says: it would be another price. Nothing that a person typed is written over: neither a price nor, beside an
    /// empty price, the quantity that it is to be for, unless that is the same.
    pub fn fits(&self, line: &OrderLineInput, currency: &str) -> bool {
        let currency = if currency.trim().is_empty() { "NOK" } else { currency.trim() };
        let base = line.price_base_quantity.trim();
        line.unit_price.trim().is_empty()
            && (base.is_empty() || Quantity::parse_typed(base).ok() == Some(self.base))
            && self.currency.trim().eq_ignore_ascii_case(currency)
            && (line.unit.trim().is_empty() || is_same_unit(&line.unit, self.unit))
    }
}

/// Whether two units are one, each as a code or as people write it.
pub fn is_same_unit(one: &str, other: &str) -> bool {
    let code = units::from_written(one);
    one.trim() == other.trim() || (code.is_some() && code == units::from_written(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(unit: &str, price: &str, base: &str, currency: &str) -> bool {
        let line = OrderLineInput {
            unit: unit.to_owned(),
            unit_price: price.to_owned(),
            price_base_quantity: base.to_owned(),
            ..OrderLineInput::default()
        };
        ListedPrice { unit: "EA", base: Quantity::whole(100), currency: "NOK" }.fits(&line, currency)
    }

    #[test]
    fn a_price_is_taken_in_its_own_unit_and_currency() {
        for unit in ["", "EA", "stk", " stk "] {
            for currency in ["", "NOK", " nok "] {
                assert!(fits(unit, "", "", currency), "{unit} {currency}");
            }
        }
        assert!(!fits("pk", "", "", "NOK"));
        assert!(!fits("dings", "", "", "NOK"));
        assert!(!fits("stk", "", "", "EUR"));
    }

    #[test]
    fn what_was_typed_is_not_written_over() {
        assert!(!fits("stk", "3,50", "", "NOK"));
        assert!(!fits("stk", "", "1", "NOK"));
        assert!(!fits("stk", "", "mange", "NOK"));
        assert!(fits("stk", "", "100", "NOK"));
        assert!(fits("stk", "", "100,0", "NOK"));
    }

    #[test]
    fn a_unit_of_nobody_is_only_itself() {
        assert!(is_same_unit("dings", "dings"));
        assert!(!is_same_unit("dings", "dangs"));
        assert!(is_same_unit("stk", "EA"));
    }
}
