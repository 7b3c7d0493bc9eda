//! Amounts: øre and cents, rounded once.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;

use crate::decimal::{Percent, Quantity, SCALE, UnitPrice};

/// A sum in hundredths of the currency's unit (øre, cent).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(pub i64);

impl Money {
    /// The sum of rounded amounts; `None` when it does not fit.
    pub fn sum(amounts: impl IntoIterator<Item = Money>) -> Option<Money> {
        amounts.into_iter().try_fold(Money(0), |total, amount| total.0.checked_add(amount.0).map(Money))
    }

    /// `percent` of this amount, rounded half up (away from zero below it).
    pub fn percent(self, percent: Percent) -> Option<Money> {
        round_half_up(i128::from(self.0) * i128::from(percent.0), 100 * i128::from(SCALE))
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let value = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", value / 100, value % 100)
    }
}

impl FromStr for Money {
    type Err = crate::decimal::DecimalError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (digits, negative) = text.strip_prefix('-').map_or((text, false), |rest| (rest, true));
        let (whole, fraction) = digits.split_once('.').ok_or(crate::decimal::DecimalError::Invalid)?;
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !plain(whole)
            || !plain(fraction)
            || fraction.len() != 2
            || (whole.len() > 1 && whole.starts_with('0'))
        {
            return Err(crate::decimal::DecimalError::Invalid);
        }
        let value: i64 =
            format!("{whole}{fraction}").parse().map_err(|_| crate::decimal::DecimalError::OutOfRange)?;
        if negative && value == 0 {
            return Err(crate::decimal::DecimalError::Invalid);
        }
        Ok(Self(if negative { -value } else { value }))
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Money;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("decimal_must_be_string")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Money, E> {
                text.parse().map_err(|_| E::custom("invalid_decimal"))
            }
        }
        deserializer.deserialize_str(Visitor)
    }
}

/// A line's amount: `quantity × price ÷ base quantity × (1 − discount)`, rounded half up to two decimals, once.
///
/// `None` when the base quantity is not above zero or the amount does not fit.
pub fn line_amount(quantity: Quantity, price: UnitPrice, base: Quantity, discount: Percent) -> Option<Money> {
    if base.0 <= 0 {
        return None;
    }
    let whole = 100 * i128::from(SCALE);
    let numerator = i128::from(quantity.0)
        .checked_mul(i128::from(price.0))?
        .checked_mul(whole - i128::from(discount.0))?;
    // Three scaled factors over one scaled divisor leave whole × SCALE too much; an øre is a hundredth of a unit.
    let denominator = i128::from(base.0).checked_mul(whole * i128::from(SCALE) / 100)?;
    round_half_up(numerator, denominator)
}

fn round_half_up(numerator: i128, denominator: i128) -> Option<Money> {
    let negative = numerator < 0;
    let absolute = numerator.checked_abs()?;
    let (quotient, remainder) = (absolute / denominator, absolute % denominator);
    let rounded = if remainder >= denominator - remainder { quotient + 1 } else { quotient };
    let value = i64::try_from(rounded).ok()?;
    Some(Money(if negative { -value } else { value }))
}

/// An ISO 4217 code as three capital letters.
pub fn is_currency(text: &str) -> bool {
    const KNOWN: [&str; 12] =
        ["NOK", "SEK", "DKK", "EUR", "USD", "GBP", "CHF", "ISK", "PLN", "CZK", "JPY", "CAD"];
    KNOWN.contains(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(quantity: &str, price: &str, base: &str, discount: &str, expected: &str) {
        let amount = line_amount(
            quantity.parse().expect("quantity"),
            price.parse().expect("price"),
            base.parse().expect("base"),
            discount.parse().expect("discount"),
        );
        assert_eq!(
            amount.map(|m| m.to_string()).as_deref(),
            Some(expected),
            "{quantity} × {price} / {base} − {discount} %"
        );
    }

    #[test]
    fn amounts_are_rounded_half_up_once() {
        check("40", "6.1", "1", "0", "244.00");
        check("9", "18.6", "1", "0", "167.40");
        check("6", "16.8", "1", "5", "95.76");
        check("1", "0.005", "1", "0", "0.01");
        check("1", "0.0049", "1", "0", "0.00");
        check("3", "100", "7", "0", "42.86");
        check("250", "89.5", "100", "12.5", "195.78");
        check("999999999", "99999", "1", "0", "99998999900001.00");
        check("-1", "0.005", "1", "0", "-0.01");
    }

    #[test]
    fn what_does_not_fit_is_none() {
        let most = Quantity(i64::from(u32::MAX) * 1_000_000);
        assert_eq!(line_amount(most, UnitPrice(999_999_999_999_999), Quantity(1), Percent(0)), None);
        assert_eq!(line_amount(Quantity::whole(1), UnitPrice::whole(1), Quantity(0), Percent(0)), None);
    }

    #[test]
    fn money_on_the_wire_has_two_decimals() {
        assert_eq!("10.00".parse::<Money>(), Ok(Money(1000)));
        for text in ["10", "10.0", "1e3", "-0.00", "010.00", "10.000"] {
            assert!(text.parse::<Money>().is_err(), "{text}");
        }
    }

    #[test]
    fn value_added_tax_of_a_sum() {
        assert_eq!(Money(230_200).percent(Percent::whole(25)), Some(Money(57_550)));
        assert_eq!(Money(2).percent(Percent::whole(25)), Some(Money(1)));
    }
}
