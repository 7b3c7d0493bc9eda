//! What an order comes to: net, tax per rate, total. The same rule in the form, on the order's page and in files.

use serde::{Deserialize, Serialize};

use super::OrderLineInput;
use crate::decimal::Percent;
use crate::money::Money;
use crate::vat::{VatLine, summarise};

/// The rate of a line whose article is not known yet.
pub const USUAL_VAT: Percent = Percent::whole(25);

/// The sums of an order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    pub net: Money,
    /// Highest rate first.
    pub vat: Vec<VatLine>,
    pub total: Money,
}

impl Totals {
    /// The sums of rounded lines, each with its rate; tax is taken of the sum of each rate. `None` when a sum does not fit.
    pub fn of_amounts(lines: impl IntoIterator<Item = (Percent, Money)>) -> Option<Self> {
        let vat = summarise(lines)?;
        let net = Money::sum(vat.iter().map(|line| line.net))?;
        let total = Money::sum(vat.iter().map(|line| line.tax).chain([net]))?;
        Some(Self { net, vat, total })
    }
}

impl OrderLineInput {
    /// The line's amount, as the saved line has it; `None` while there is a fault in the line, or no price.
    pub fn amount(&self) -> Option<Money> {
        if self.unit_price.trim().is_empty() {
            return None;
        }
        let mut faults = Vec::new();
        let line = self.check(0, &mut faults);
        faults.is_empty().then_some(line.amount)
    }

    /// The discount as typed, without a percent sign.
    pub(super) fn typed_discount(&self) -> &str {
        self.discount_percent.trim().trim_end_matches('%').trim_end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(quantity: &str, price: &str, base: &str, discount: &str) -> OrderLineInput {
        OrderLineInput {
            quantity: quantity.to_owned(),
            unit_price: price.to_owned(),
            price_base_quantity: base.to_owned(),
            discount_percent: discount.to_owned(),
            ..OrderLineInput::default()
        }
    }

    #[test]
    fn amounts_follow_what_is_typed() {
        assert_eq!(line("40", "6,10", "", "").amount(), Some(Money(24_400)));
        assert_eq!(line("250", "89,5", "100", "12,5 %").amount(), Some(Money(19_578)));
        assert_eq!(line("1\u{a0}200", "4.2", "", "0\u{a0}%").amount(), Some(Money(504_000)));
        assert_eq!(line("1.200", "4,20", "", "").amount(), None);
        assert_eq!(line("to", "1", "", "").amount(), None);
        assert_eq!(line("", "", "", "").amount(), None);
        assert_eq!(line("5", "-1", "", "").amount(), None, "what is not saved is not summed");
        assert_eq!(line("5", "", "", "").amount(), None);
    }

    #[test]
    fn sums_are_of_rounded_lines_and_tax_of_each_rate() {
        let lines = [
            line("1", "0,005", "", ""),
            line("1", "0,005", "", ""),
            line("3", "10", "", ""),
            line("x", "1", "", ""),
        ];
        let rates = [USUAL_VAT, USUAL_VAT, Percent::whole(15), USUAL_VAT];
        // What cannot be computed yet counts nothing.
        let amounts = rates.into_iter().zip(&lines).filter_map(|(rate, line)| Some((rate, line.amount()?)));
        let totals = Totals::of_amounts(amounts).unwrap();
        assert_eq!(totals.net, Money(3002));
        assert_eq!(totals.vat.iter().map(|line| line.tax).collect::<Vec<_>>(), [Money(1), Money(450)]);
        assert_eq!(totals.total, Money(3453));
        assert_eq!(Totals::of_amounts([]), Some(Totals::default()));
        assert_eq!(Totals::of_amounts([(USUAL_VAT, Money(i64::MAX)), (USUAL_VAT, Money(1))]), None);
    }
}
