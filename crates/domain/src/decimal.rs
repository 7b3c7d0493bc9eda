//! Decimal numbers as whole numbers of millionths: exact, never floating point.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;

use crate::errors::{ErrorCode, FieldError};

mod typed;

pub use typed::{Readings, parse_typed, readings};

/// Millionths in one.
pub const SCALE: i64 = 1_000_000;
/// The largest whole part of any quantity or price. Keeps a line's amount inside 128 bits while it is computed.
pub const MAX_WHOLE: i64 = 999_999_999;

/// Why a text is not a decimal number of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    /// Not in the grammar.
    #[error("not a decimal number")]
    Invalid,
    /// In the grammar, but too large or with more than six decimals.
    #[error("the number has more digits than are kept")]
    OutOfRange,
    /// `1.234`: a thousand and more, or a little more than one. Only who typed it knows.
    #[error("the number can mean two things")]
    Ambiguous(Readings),
}

impl DecimalError {
    /// The fault as it is told to whoever typed the number at the pointer.
    pub fn at(self, pointer: impl Into<String>) -> FieldError {
        match self {
            Self::Invalid => FieldError::new(pointer, ErrorCode::InvalidDecimal),
            Self::OutOfRange => FieldError::new(pointer, ErrorCode::DecimalOutOfRange),
            Self::Ambiguous(readings) => readings.at(pointer),
        }
    }
}

/// Reads the wire's strict grammar `-?(0|[1-9][0-9]*)(\.[0-9]+)?` into millionths. `-0` is refused.
pub fn parse_strict(text: &str) -> Result<i64, DecimalError> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = match digits.split_once('.') {
        Some((_, "")) => return Err(DecimalError::Invalid),
        Some((whole, fraction)) => (whole, fraction),
        None => (digits, ""),
    };
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty()
        || !all_digits(whole)
        || !all_digits(fraction)
        || (whole.len() > 1 && whole.starts_with('0'))
    {
        return Err(DecimalError::Invalid);
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > 6 || whole.len() > 9 {
        return Err(DecimalError::OutOfRange);
    }
    let whole: i64 = whole.parse().map_err(|_| DecimalError::OutOfRange)?;
    let parts: i64 = format!("{fraction:0<6}").parse().map_err(|_| DecimalError::OutOfRange)?;
    let value = whole * SCALE + parts;
    match (negative, value) {
        (true, 0) => Err(DecimalError::Invalid),
        (true, value) => Ok(-value),
        (false, value) => Ok(value),
    }
}

/// Writes millionths without needless zeros: `12.5`, `0.000001`, `-3`.
pub fn format_plain(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let value = value.unsigned_abs();
    let scale = SCALE.unsigned_abs();
    let (whole, parts) = (value / scale, value % scale);
    if parts == 0 {
        return format!("{sign}{whole}");
    }
    let fraction = format!("{parts:06}");
    format!("{sign}{whole}.{}", fraction.trim_end_matches('0'))
}

macro_rules! decimal {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl $name {
            /// A whole number of it.
            pub const fn whole(number: i64) -> Self {
                Self(number * SCALE)
            }

            /// Reads what a person typed, see [`parse_typed`].
            pub fn parse_typed(text: &str) -> Result<Self, DecimalError> {
                parse_typed(text).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&format_plain(self.0))
            }
        }

        impl FromStr for $name {
            type Err = DecimalError;
            fn from_str(text: &str) -> Result<Self, DecimalError> {
                parse_strict(text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Visitor;
                impl de::Visitor<'_> for Visitor {
                    type Value = $name;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("decimal_must_be_string")
                    }
                    fn visit_str<E: de::Error>(self, text: &str) -> Result<$name, E> {
                        text.parse().map_err(|error| E::custom(match error {
                            DecimalError::Invalid | DecimalError::Ambiguous(_) => "invalid_decimal",
                            DecimalError::OutOfRange => "decimal_out_of_range",
                        }))
                    }
                }
                deserializer.deserialize_str(Visitor)
            }
        }
    )+};
}

decimal! {
    /// How many of a unit, in millionths.
    Quantity,
    /// Price of one base quantity, in millionths of the currency's unit.
    UnitPrice,
    /// Hundredths of the whole, in millionths of a percent: 25 % is 25,000,000.
    Percent,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wire_grammar_is_strict() {
        let refused = [
            "1e3", "1_000", "+1", "1,5", " 1", "01", ".5", "1.", "-0", "-0.0", "0x10", "NaN", "", "-", "١٢",
            "１", "1 ", "--1", "1.2.3",
        ];
        for text in refused {
            assert_eq!(parse_strict(text), Err(DecimalError::Invalid), "{text:?}");
        }
        assert_eq!(parse_strict("0.0000001"), Err(DecimalError::OutOfRange));
        assert_eq!(parse_strict("1000000000"), Err(DecimalError::OutOfRange));
        assert_eq!(parse_strict("999999999.999999"), Ok(999_999_999_999_999));
        assert_eq!(parse_strict("1.500000000"), Ok(1_500_000));
        assert_eq!(parse_strict("-2.5"), Ok(-2_500_000));
    }

    #[test]
    fn json_numbers_are_refused_by_name() {
        let error = serde_json::from_str::<Quantity>("1.5").expect_err("a number").to_string();
        assert!(error.contains("decimal_must_be_string"), "{error}");
        assert_eq!(serde_json::to_string(&Quantity(1_500_000)).expect("plain"), "\"1.5\"");
    }

    #[test]
    fn writing_and_reading_agree() {
        for value in [0, 1, -1, 999_999_999_999_999, 1_000_000, 10, -12_345_678] {
            assert_eq!(parse_strict(&format_plain(value)), Ok(value));
        }
    }
}
