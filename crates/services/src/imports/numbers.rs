//! Numbers and dates in files. One file writes its numbers one way, and what could mean two things is refused.

use domain::decimal::parse_strict;
use domain::errors::ErrorCode;
use domain::time::CalendarDate;

/// Which sign parts the decimals in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalSign {
    Comma,
    Point,
    /// Both are used, so a number that could be read both ways is not read.
    Unclear,
}

impl DecimalSign {
    /// Finds the sign from those numbers that can be read one way only. Without any, the separator tells: where a comma parts the
    /// cells the point parts the decimals.
    pub fn of<'cell>(numbers: impl Iterator<Item = &'cell str>, separator: u8) -> Self {
        let (mut comma, mut point) = (false, false);
        for number in numbers {
            match shape(&bare(number)) {
                Shape::Decimal(',') => comma = true,
                Shape::Decimal(_) => point = true,
                Shape::Whole | Shape::Either(_) => {}
            }
        }
        match (comma, point) {
            (true, true) => Self::Unclear,
            (true, false) => Self::Comma,
            (false, true) => Self::Point,
            (false, false) if separator == b',' => Self::Point,
            (false, false) => Self::Comma,
        }
    }

    /// Reads a number into millionths.
    pub fn read(self, cell: &str) -> Result<i64, ErrorCode> {
        let bare = bare(cell);
        let sign = match shape(&bare) {
            Shape::Whole => None,
            Shape::Decimal(sign) => Some(sign),
            Shape::Either(',') if self == Self::Comma => Some(','),
            Shape::Either('.') if self == Self::Point => Some('.'),
            Shape::Either(_) => return Err(ErrorCode::NumberAmbiguous),
        };
        let group_signs: &[char] = match sign {
            Some(',') => &['.'],
            Some(_) => &[','],
            None => &['.', ','],
        };
        let whole_and_rest = match sign {
            Some(sign) => bare.rsplit_once(sign),
            None => Some((bare.as_str(), "")),
        };
        let (whole, decimals) = whole_and_rest.ok_or(ErrorCode::InvalidDecimal)?;
        let whole = ungroup(whole, group_signs)?;
        strict(&whole, decimals)
    }
}

/// How the signs stand in a number.
enum Shape {
    /// No sign, or only signs between groups of three.
    Whole,
    /// This sign parts the decimals, whatever the file does elsewhere.
    Decimal(char),
    /// This sign can part decimals or thousands: `1.234`.
    Either(char),
}

fn shape(bare: &str) -> Shape {
    let count = |sign: char| bare.matches(sign).count();
    match (bare.rfind(','), bare.rfind('.')) {
        (None, None) => Shape::Whole,
        (Some(comma), Some(point)) => Shape::Decimal(if comma > point { ',' } else { '.' }),
        (Some(_), None) if count(',') > 1 => Shape::Whole,
        (None, Some(_)) if count('.') > 1 => Shape::Whole,
        (Some(at), None) | (None, Some(at)) => {
            let sign = if bare.contains(',') { ',' } else { '.' };
            let (before, after) = (bare[..at].trim_start_matches('-'), &bare[at + 1..]);
            let group_like = after.len() == 3 && (1..=3).contains(&before.len()) && !before.starts_with('0');
            if group_like { Shape::Either(sign) } else { Shape::Decimal(sign) }
        }
    }
}

/// The number without what people put around and into it: spaces, apostrophes between groups, a percent sign, other minus signs.
fn bare(cell: &str) -> String {
    let cell = cell.trim().trim_end_matches('%');
    cell.chars()
        .filter(|character| !character.is_whitespace() && *character != '\'')
        .map(|character| if matches!(character, '\u{2212}' | '\u{2013}') { '-' } else { character })
        .collect()
}

/// Takes the group signs out; between them must stand exactly three digits.
fn ungroup(whole: &str, signs: &[char]) -> Result<String, ErrorCode> {
    let mut groups = whole.split(signs);
    let first = groups.next().unwrap_or_default();
    let mut digits = first.to_owned();
    for group in groups {
        if group.len() != 3
            || first.trim_start_matches('-').is_empty()
            || first.trim_start_matches('-').len() > 3
        {
            return Err(ErrorCode::InvalidDecimal);
        }
        digits.push_str(group);
    }
    Ok(digits)
}

fn strict(whole: &str, decimals: &str) -> Result<i64, ErrorCode> {
    let (sign, digits) = match whole.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", whole),
    };
    if digits.is_empty() && decimals.is_empty() {
        return Err(ErrorCode::InvalidDecimal);
    }
    let digits = digits.trim_start_matches('0');
    let digits = if digits.is_empty() { "0" } else { digits };
    let is_zero = digits == "0" && decimals.bytes().all(|digit| digit == b'0');
    let sign = if is_zero { "" } else { sign };
    let text =
        if decimals.is_empty() { format!("{sign}{digits}") } else { format!("{sign}{digits}.{decimals}") };
    parse_strict(&text).map_err(|error| match error {
        domain::decimal::DecimalError::Invalid | domain::decimal::DecimalError::Ambiguous(_) => {
            ErrorCode::InvalidDecimal
        }
        domain::decimal::DecimalError::OutOfRange => ErrorCode::DecimalOutOfRange,
    })
}

/// Reads a date with its year: `2026-12-01`, with or without a time of midnight after it, `01.12.2026` or `1.12.26`. A date with
/// strokes is refused, since nobody knows which of its numbers is the month.
pub fn date(cell: &str) -> Result<CalendarDate, ErrorCode> {
    let cell = cell.trim();
    let day = cell
        .split_once(['T', ' '])
        .filter(|(_, time)| time.chars().all(|character| matches!(character, '0' | ':' | '.' | 'Z')))
        .map_or(cell, |(day, _)| day);
    if let Ok(date) = day.parse() {
        return Ok(date);
    }
    let parts: Vec<&str> = day.split('.').collect();
    let [day, month, year] = parts[..] else { return Err(ErrorCode::InvalidDate) };
    let number = |text: &str| text.parse::<u16>().map_err(|_| ErrorCode::InvalidDate);
    let year = match year.len() {
        2 => 2000 + number(year)?,
        4 => number(year)?,
        _ => return Err(ErrorCode::InvalidDate),
    };
    let small = |text: &str| u8::try_from(number(text)?).map_err(|_| ErrorCode::InvalidDate);
    CalendarDate::from_ymd(i32::from(year), small(month)?, small(day)?).ok_or(ErrorCode::InvalidDate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_writes_its_numbers_one_way() {
        let sign = |numbers: &[&str], separator| DecimalSign::of(numbers.iter().copied(), separator);
        assert_eq!(sign(&["12,5", "1 000"], b';'), DecimalSign::Comma);
        assert_eq!(sign(&["12.5"], b';'), DecimalSign::Point);
        assert_eq!(sign(&["12.5", "12,5"], b';'), DecimalSign::Unclear);
        assert_eq!(sign(&["1.234"], b';'), DecimalSign::Comma);
        assert_eq!(sign(&["1.234"], b','), DecimalSign::Point);
    }

    #[test]
    fn what_could_mean_two_things_is_refused() {
        let read = |sign: DecimalSign, text: &str| sign.read(text).map(domain::decimal::format_plain);
        assert_eq!(read(DecimalSign::Comma, "1.234"), Err(ErrorCode::NumberAmbiguous));
        assert_eq!(read(DecimalSign::Point, "1,234"), Err(ErrorCode::NumberAmbiguous));
        assert_eq!(read(DecimalSign::Unclear, "1,234"), Err(ErrorCode::NumberAmbiguous));
        assert_eq!(read(DecimalSign::Comma, "1,234"), Ok("1.234".to_owned()));
        assert_eq!(read(DecimalSign::Point, "1.234"), Ok("1.234".to_owned()));
        let same = [
            ("1.234,5", "1234.5"),
            ("1,234.5", "1234.5"),
            ("1 234,50", "1234.5"),
            ("1.234.567", "1234567"),
            ("0,125", "0.125"),
            ("-3", "-3"),
            ("\u{2212}3,5", "-3.5"),
            ("25 %", "25"),
            ("007", "7"),
            (",5", "0.5"),
            ("-0", "0"),
            ("1'000", "1000"),
            ("12345,678", "12345.678"),
        ];
        for (text, expected) in same {
            for sign in [DecimalSign::Comma, DecimalSign::Point, DecimalSign::Unclear] {
                assert_eq!(read(sign, text), Ok(expected.to_owned()), "{text}");
            }
        }
        for text in ["", "ti", "1e3", "12.34.56", "1..5", "1,2,3", "--1", "0x10", "١٢", "1.2345678"] {
            assert!(read(DecimalSign::Comma, text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn dates_have_their_year() {
        let read = |text: &str| date(text).map(|date| date.to_string());
        for text in ["2026-12-01", "01.12.2026", "1.12.26", "2026-12-01 00:00:00", "2026-12-01T00:00:00Z"] {
            assert_eq!(read(text), Ok("2026-12-01".to_owned()), "{text}");
        }
        for text in ["12/01/2026", "1.12", "2026-02-30", "30.02.2026", "2026-12-01 14:00", "snart", "45992"] {
            assert_eq!(read(text), Err(ErrorCode::InvalidDate), "{text}");
        }
    }
}
