//! Numbers as people type, paste and print them.

use super::{DecimalError, format_plain, parse_strict};
use crate::errors::{ErrorCode, FieldError};

/// What `1.234` can mean, in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Readings {
    /// With the sign between groups of digits: 1234.
    pub thousands: i64,
    /// With the sign before the decimals: 1,234.
    pub decimals: i64,
}

impl Readings {
    /// The fault that asks which of the two is meant; its values are `thousands` and `decimals`, with a point.
    pub fn at(self, pointer: impl Into<String>) -> FieldError {
        FieldError::new(pointer, ErrorCode::NumberAmbiguous)
            .with("thousands", format_plain(self.thousands))
            .with("decimals", format_plain(self.decimals))
    }
}

/// Reads what a person types into millionths.
///
/// Comma or point parts the decimals; between groups of three digits may stand spaces of any kind, apostrophes, points or commas; the
/// minus sign may be `-`, `−` or `–`. With both comma and point present the last is the decimal sign. `1.234` alone is refused with its
/// two readings: a Norwegian writes thousands so, and a program decimals. `1,234` is not, since here the comma never parts thousands.
pub fn parse_typed(text: &str) -> Result<i64, DecimalError> {
    let (negative, digits) = without_sign(text);
    if digits.contains('.')
        && let Some(readings) = readings(text)
    {
        return Err(DecimalError::Ambiguous(readings));
    }
    let (whole, fraction) = match decimal_sign(digits) {
        Some(at) => (&digits[..at], Some(&digits[at + 1..])),
        None => (digits, None),
    };
    let whole = without_groups(whole)?;
    let fraction = match fraction {
        Some(fraction) if is_digits(fraction) => fraction,
        Some(_) => return Err(DecimalError::Invalid),
        None if whole.is_empty() => return Err(DecimalError::Invalid),
        None => "",
    };
    signed(negative, &whole, fraction)
}

/// The two readings of a number with one sign that can part decimals or thousands, `1.234` or `1,234`. `None` for everything that can
/// be read in one way only, and for what is not a number.
pub fn readings(text: &str) -> Option<Readings> {
    let (negative, digits) = without_sign(text);
    let (before, after) = digits.split_once(['.', ','])?;
    let group_like = is_digits(before)
        && is_digits(after)
        && (1..=3).contains(&before.len())
        && after.len() == 3
        && !before.starts_with('0');
    if !group_like {
        return None;
    }
    let thousands = signed(negative, &format!("{before}{after}"), "").ok()?;
    Some(Readings { thousands, decimals: signed(negative, before, after).ok()? })
}

fn without_sign(text: &str) -> (bool, &str) {
    let text = text.trim();
    match text.strip_prefix(['-', '\u{2212}', '\u{2013}']) {
        Some(digits) => (true, digits.trim_start()),
        None => (false, text.strip_prefix('+').map_or(text, str::trim_start)),
    }
}

/// Where the decimal sign stands: the last comma or point, unless the same sign stands there more than once and so parts groups.
fn decimal_sign(digits: &str) -> Option<usize> {
    let at = digits.rfind([',', '.'])?;
    let sign = &digits[at..=at];
    let other = if sign == "," { '.' } else { ',' };
    (digits.matches(sign).count() == 1 || digits.contains(other)).then_some(at)
}

/// The digits alone. Between groups stands one and the same kind of sign; the first has one to three digits, the others three.
fn without_groups(whole: &str) -> Result<String, DecimalError> {
    let kind = |character: char| match character {
        '\'' | '\u{2019}' => Some('\''),
        ',' | '.' => Some(character),
        space if space.is_whitespace() && !space.is_control() => Some(' '),
        _ => None,
    };
    let mut kinds = whole.chars().filter(|character| !character.is_ascii_digit()).map(kind);
    let Some(first) = kinds.next() else { return Ok(whole.to_owned()) };
    if first.is_none() || kinds.any(|other| other != first) {
        return Err(DecimalError::Invalid);
    }
    let mut groups = whole.split(|character: char| !character.is_ascii_digit());
    let is_first = groups.next().is_some_and(|group| (1..=3).contains(&group.len()));
    if !is_first || !groups.all(|group| group.len() == 3) {
        return Err(DecimalError::Invalid);
    }
    Ok(whole.chars().filter(char::is_ascii_digit).collect())
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Writes the digits as on the wire, and reads them so. People write zeros in front and behind, and minus nothing.
fn signed(negative: bool, whole: &str, fraction: &str) -> Result<i64, DecimalError> {
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if fraction.is_empty() { "" } else { "." };
    let value = parse_strict(&format!("{whole}{point}{fraction}"))?;
    Ok(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&str, DecimalError>) {
        assert_eq!(parse_typed(text).map(format_plain), expected.map(str::to_owned), "{text:?}");
    }

    #[test]
    fn people_type_commas_groups_and_minus_signs() {
        for space in [" ", "\u{a0}", "\u{2009}", "\u{202f}", "\u{2007}", "'", "\u{2019}"] {
            check(&format!("1{space}776,50"), Ok("1776.5"));
            check(&format!("12{space}345{space}678"), Ok("12345678"));
            check(&format!("1{space}234.567"), Ok("1234.567"));
        }
        for minus in ["-", "\u{2212}", "\u{2013}", "- "] {
            check(&format!("{minus}3"), Ok("-3"));
            check(&format!("{minus}0"), Ok("0"));
        }
        check("1.776,50", Ok("1776.5"));
        check("1,776.50", Ok("1776.5"));
        check("1.234.567", Ok("1234567"));
        check("1,234,567.8", Ok("1234567.8"));
        check("+4", Ok("4"));
        check("0,5", Ok("0.5"));
        check(",5", Ok("0.5"));
        check(".5", Ok("0.5"));
        check("007", Ok("7"));
        check("0.125", Ok("0.125"));
        check("1.5", Ok("1.5"));
        check("1,234", Ok("1.234"));
        check("1234.567", Ok("1234.567"));
        check(" 12 ", Ok("12"));
        check("1,50000000", Ok("1.5"));
    }

    #[test]
    fn what_is_not_a_number_is_refused() {
        let refused = [
            "1e3",
            "ti",
            "",
            " ",
            "-",
            "--1",
            "1.",
            "1,",
            ",",
            "1..5",
            "1,2,3",
            "12 34",
            "1 2",
            "1 234 5",
            " 1 2345",
            "1.23,456.7",
            "1.234 567",
            "1 234.567 8",
            "1.234'567",
            "1,5.5,5",
            "12\t345",
            "1\n234",
            "=1+1",
            "5-",
            "١٢",
            "１",
            "1_000",
            "0x10",
            "NaN",
            "5 stk",
            "12.34.56",
            ".5.5",
            "1.234,",
        ];
        for text in refused {
            check(text, Err(DecimalError::Invalid));
        }
        check("1234567890", Err(DecimalError::OutOfRange));
        check("0,1234567", Err(DecimalError::OutOfRange));
    }

    #[test]
    fn one_point_before_three_digits_asks() {
        let ambiguous =
            |thousands, decimals| Err::<i64, _>(DecimalError::Ambiguous(Readings { thousands, decimals }));
        assert_eq!(parse_typed("1.234"), ambiguous(1_234_000_000, 1_234_000));
        assert_eq!(parse_typed("\u{2212}12.500"), ambiguous(-12_500_000_000, -12_500_000));
        assert_eq!(readings("1,234"), Some(Readings { thousands: 1_234_000_000, decimals: 1_234_000 }));
        for text in ["0.125", "1.23", "1234.567", "1 234.567", "1.234,5", "1.234.567", "a.234", "1.2345"] {
            assert_eq!(readings(text), None, "{text}");
        }
        let fault = DecimalError::Ambiguous(Readings { thousands: 1_234_000_000, decimals: 1_234_000 })
            .at("/quantity");
        assert_eq!(fault.code, ErrorCode::NumberAmbiguous);
        assert_eq!(
            (fault.params["thousands"].as_str(), fault.params["decimals"].as_str()),
            ("1234", "1.234")
        );
    }
}
