//! Dates as people type them: short, relative, by the day's name or the week's number.

use time::{Date, Weekday};

use super::CalendarDate;

/// Further away than this many days nobody orders; a number that large is a slip of the finger.
const MOST_DAYS: i64 = 3660;

/// Short and long names of the days, in bokmål and English, without the points that may follow.
const WEEKDAYS: [(Weekday, [&str; 4]); 7] = [
    (Weekday::Monday, ["man", "mandag", "mon", "monday"]),
    (Weekday::Tuesday, ["tir", "tirsdag", "tue", "tuesday"]),
    (Weekday::Wednesday, ["ons", "onsdag", "wed", "wednesday"]),
    (Weekday::Thursday, ["tor", "torsdag", "thu", "thursday"]),
    (Weekday::Friday, ["fre", "fredag", "fri", "friday"]),
    (Weekday::Saturday, ["lør", "lørdag", "sat", "saturday"]),
    (Weekday::Sunday, ["søn", "søndag", "sun", "sunday"]),
];

/// The first letters of the months, in bokmål and English; what is longer must go on as the month's name does.
const MONTHS: [[&str; 2]; 12] = [
    ["januar", "january"],
    ["februar", "february"],
    ["mars", "march"],
    ["april", "april"],
    ["mai", "may"],
    ["juni", "june"],
    ["juli", "july"],
    ["august", "august"],
    ["september", "september"],
    ["oktober", "october"],
    ["november", "november"],
    ["desember", "december"],
];

/// What stands in a field for a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypedDate {
    /// Nothing, or not a whole date yet.
    Unread,
    /// A day as people write it that is not in the calendar: `31.02`, `uke 54`.
    NoSuchDay,
    Day(CalendarDate),
}

impl TypedDate {
    /// Reads what stands in the field while somebody types, seen from `today`.
    pub fn read(text: &str, today: CalendarDate) -> Self {
        match CalendarDate::parse_typed(text, today) {
            Some(date) => Self::Day(date),
            None if names_no_day(&text.trim().to_lowercase()) => Self::NoSuchDay,
            None => Self::Unread,
        }
    }
}

/// Whether a text that could not be read is written as a day is, so that more letters will not make one of it.
fn names_no_day(text: &str) -> bool {
    if let Some(rest) = ["uke", "week", "u", "w"].iter().find_map(|word| text.strip_prefix(word)) {
        return digits(rest.trim(), 2..=2).is_some();
    }
    let is_missing = |year: i32, month: u8, day: u8| CalendarDate::from_ymd(year, month, day).is_none();
    let small = |text: &str| u8::try_from(digits(text, 1..=2)?).ok();
    if let [years, months, days] = text.split('-').collect::<Vec<_>>()[..] {
        let written = (digits(years, 4..=4), digits(months, 2..=2), digits(days, 2..=2));
        let (Some(_), Some(_), Some(_)) = written else { return false };
        return match (year(years), small(months), small(days)) {
            (Some(year), Some(month), Some(day)) => is_missing(year, month, day),
            _ => false,
        };
    }
    // A year that goes on with its month: `2026-12-01`.
    if text.starts_with("20") && digits(text, 4..=4).is_some() {
        return false;
    }
    let Some(parts) = day_parts(text) else { return false };
    let (Some(day), Some(of_month)) = (parts.first(), parts.get(1)) else { return false };
    // `0` goes on as `02`.
    let (Some(day), Some(month)) = (small(day), month(of_month).filter(|_| *of_month != "0")) else {
        return false;
    };
    match parts[..] {
        // Of this year or the next one, as it was read; a leap day may get its year yet.
        [_, _] => (day, month) != (29, 2),
        [_, _, written] => year(written).is_some_and(|year| is_missing(year, month, day)),
        _ => false,
    }
}

impl CalendarDate {
    /// Reads what a person types, seen from `today`:
    ///
    /// - `01.12.2026`, `1.12.26`, `1/12/26`, `011226`, `2026-12-01`, `1. des. 2026`, `1 December 2026`;
    /// - `1.12`, `0112`, `1. des`: the next such day, today included;
    /// - `+7`, `+7d` days and `+2u`, `+2w` weeks from today; `i dag`, `i morgen`, `i overmorgen` and the English words;
    /// - `fre`, `fredag`, `Friday`: the next such day after today;
    /// - `uke 50`, `u50`, `week 50`, `uke 2 2027`: the Monday of that week, of this year while the week is not over.
    ///
    /// Years are those of this century; a date written `YYYY-MM-DD` may be of the one before. `None` for anything else.
    pub fn parse_typed(text: &str, today: CalendarDate) -> Option<Self> {
        let text = text.trim().to_lowercase();
        // Written out by a program, such as an old order in a file.
        if let Ok(written) = text.parse::<Self>() {
            return (1900..=2099).contains(&written.0.year()).then_some(written);
        }
        let date =
            relative(&text, today).or_else(|| week(&text, today)).or_else(|| day_and_month(&text, today))?;
        (2000..=2099).contains(&date.0.year()).then_some(date)
    }
}

/// `+7`, `+2u`, `i morgen`, `fredag`.
fn relative(text: &str, today: CalendarDate) -> Option<CalendarDate> {
    if let Some(rest) = text.strip_prefix('+') {
        let (count, unit) = number_and_word(rest.trim_start())?;
        let days = match unit {
            "" | "d" | "dag" | "dager" | "day" | "days" => 1,
            "u" | "uke" | "uker" | "w" | "week" | "weeks" => 7,
            _ => return None,
        };
        return today.plus_days(Some(count * days).filter(|days| *days <= MOST_DAYS)?);
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let days = match words.join(" ").as_str() {
        "i dag" | "idag" | "today" => 0,
        "i morgen" | "imorgen" | "tomorrow" => 1,
        "i overmorgen" | "overmorgen" | "day after tomorrow" => 2,
        name => {
            let name = name.strip_suffix('.').unwrap_or(name);
            let (weekday, _) = WEEKDAYS.iter().find(|(_, names)| names.contains(&name))?;
            let ahead = i64::from(weekday.number_days_from_monday()) - i64::from(today.weekday_from_monday());
            (ahead - 1).rem_euclid(7) + 1
        }
    };
    today.plus_days(days)
}

/// `uke 50`, `u50`, `week 2 2027`, `uke 2/27`.
fn week(text: &str, today: CalendarDate) -> Option<CalendarDate> {
    let rest = ["uke", "week", "u", "w"].iter().find_map(|word| text.strip_prefix(word))?;
    let mut parts = rest.split([' ', '/', '.']).filter(|part| !part.is_empty());
    let week = u8::try_from(digits(parts.next()?, 1..=2)?).ok()?;
    let written = parts.next();
    if parts.next().is_some() {
        return None;
    }
    let monday = |year| Date::from_iso_week_date(year, week, Weekday::Monday).ok().map(CalendarDate);
    if let Some(written) = written {
        return monday(year(written)?);
    }
    let (this_year, this_week, _) = today.0.to_iso_week_date();
    if week < this_week { monday(this_year + 1) } else { monday(this_year).or_else(|| monday(this_year + 1)) }
}

/// `1.12.2026`, `1/12`, `0112`, `1. desember`.
fn day_and_month(text: &str, today: CalendarDate) -> Option<CalendarDate> {
    let parts = day_parts(text)?;
    let day = u8::try_from(digits(parts.first()?, 1..=2)?).ok()?;
    let month = month(parts.get(1)?)?;
    match parts[..] {
        [_, _] => {
            let this_year = today.0.year();
            CalendarDate::from_ymd(this_year, month, day)
                .filter(|date| *date >= today)
                .or_else(|| CalendarDate::from_ymd(this_year + 1, month, day))
        }
        [_, _, written] => CalendarDate::from_ymd(year(written)?, month, day),
        _ => None,
    }
}

/// Day, month and perhaps the year, as they are written. `None` for what has no such parts.
fn day_parts(text: &str) -> Option<Vec<&str>> {
    let mut parts: Vec<&str> =
        text.split(['.', '/', ' ', '\u{a0}']).filter(|part| !part.is_empty()).collect();
    let has_signs = parts.len() > 1;
    if !has_signs && text.bytes().all(|byte| byte.is_ascii_digit()) {
        parts = match text.len() {
            4 => vec![&text[..2], &text[2..]],
            6 | 8 => vec![&text[..2], &text[2..4], &text[4..]],
            _ => return None,
        };
    }
    // `1..12` and `/1/12` are slips, and not dates.
    let signs = text.trim_end_matches('.').matches(['.', '/']).count();
    if has_signs && signs >= parts.len() {
        return None;
    }
    Some(parts)
}

fn month(text: &str) -> Option<u8> {
    if let Some(number) = digits(text, 1..=2) {
        return u8::try_from(number).ok();
    }
    let is_named =
        |names: &[&str; 2]| text.chars().count() >= 3 && names.iter().any(|name| name.starts_with(text));
    MONTHS.iter().zip(1_u8..).find(|(names, _)| is_named(names)).map(|(_, number)| number)
}

fn year(text: &str) -> Option<i32> {
    let year = digits(text, 2..=4)?;
    match text.len() {
        2 => i32::try_from(2000 + year).ok(),
        4 => i32::try_from(year).ok(),
        _ => None,
    }
}

fn digits(text: &str, length: std::ops::RangeInclusive<usize>) -> Option<i64> {
    let plain = length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

/// `2 uker` as 2 and the word after it.
fn number_and_word(text: &str) -> Option<(i64, &str)> {
    let end = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    Some((digits(&text[..end], 1..=4)?, text[end..].trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(typed: &str, today: &str, expected: Option<&str>) {
        let read = CalendarDate::parse_typed(typed, today.parse().unwrap());
        assert_eq!(read.map(|date| date.to_string()).as_deref(), expected, "{typed:?} on {today}");
    }

    #[test]
    fn days_with_their_month() {
        let tuesday = "2026-11-24";
        for typed in [
            "01.12.2026",
            "1.12.26",
            "1.12",
            "1.12.",
            "0112",
            "011226",
            "01122026",
            "1/12",
            "1/12/26",
            "2026-12-01",
            "1. des",
            "1. des.",
            "1. des. 2026",
            "1 desember",
            "1. desember 2026",
            "1\u{a0}Dec\u{a0}2026",
            "01 december",
            " 1.12 ",
        ] {
            check(typed, tuesday, Some("2026-12-01"));
        }
        check("24.11", tuesday, Some("2026-11-24"));
        check("23.11", tuesday, Some("2027-11-23"));
        check("1.2", tuesday, Some("2027-02-01"));
        check("29.2", tuesday, None);
        check("29.2", "2027-11-24", Some("2028-02-29"));
        check("1. mar", tuesday, Some("2027-03-01"));
        check("17. mai 2027", tuesday, Some("2027-05-17"));
    }

    #[test]
    fn days_seen_from_today() {
        let tuesday = "2026-11-24";
        check("+7", tuesday, Some("2026-12-01"));
        check("+0", tuesday, Some("2026-11-24"));
        check("+10d", tuesday, Some("2026-12-04"));
        check("+2u", tuesday, Some("2026-12-08"));
        check("+ 2 uker", tuesday, Some("2026-12-08"));
        check("+1w", tuesday, Some("2026-12-01"));
        for typed in ["fre", "fre.", "fredag", "Fredag", "fri", "Friday"] {
            check(typed, tuesday, Some("2026-11-27"));
        }
        check("tirsdag", tuesday, Some("2026-12-01"));
        check("ons", tuesday, Some("2026-11-25"));
        check("mandag", tuesday, Some("2026-11-30"));
        check("LØRDAG", tuesday, Some("2026-11-28"));
        check("søn", "2026-12-31", Some("2027-01-03"));
        check("i dag", tuesday, Some("2026-11-24"));
        check("i  morgen", tuesday, Some("2026-11-25"));
        check("tomorrow", tuesday, Some("2026-11-25"));
        check("overmorgen", tuesday, Some("2026-11-26"));
    }

    #[test]
    fn the_monday_of_a_week() {
        let tuesday = "2026-11-24";
        for typed in ["uke 50", "Uke 50", "u50", "uke50", "week 50", "w50"] {
            check(typed, tuesday, Some("2026-12-07"));
        }
        check("uke 48", tuesday, Some("2026-11-23"));
        check("uke 47", tuesday, Some("2027-11-22"));
        check("uke 1", tuesday, Some("2027-01-04"));
        check("uke 2 2028", tuesday, Some("2028-01-10"));
        check("uke 2/27", tuesday, Some("2027-01-11"));
        // 2026 has 53 weeks, 2027 has 52.
        check("uke 53", tuesday, Some("2026-12-28"));
        check("uke 53", "2027-02-01", None);
        // The first days of a year can belong to the last week of the year before.
        check("uke 53", "2027-01-02", Some("2026-12-28"));
        check("uke 54", tuesday, None);
        check("uke 0", tuesday, None);
    }

    #[test]
    fn a_day_that_is_not_there_is_told_from_one_that_is_not_whole_yet() {
        let today = "2026-11-24".parse().unwrap();
        let read = |typed: &str| TypedDate::read(typed, today);
        for typed in [
            "31.02",
            "31.2",
            "30.02.2026",
            "31/4",
            "3102",
            "310226",
            "31022026",
            "2026-02-31",
            "2026-13-01",
            "32.1",
            "1.13",
            "0.1",
            "31. feb",
            "31. februar 2027",
            "29.2.2027",
            "uke 54",
            "u54",
            " 31.02 ",
        ] {
            assert_eq!(read(typed), TypedDate::NoSuchDay, "{typed:?}");
        }
        // Every beginning of a date that there is goes without a word.
        for whole in
            ["31.12.2026", "29.02.2028", "2026-12-01", "311226", "1. desember", "uke 50", "+14", "fredag"]
        {
            for (end, _) in whole.char_indices() {
                assert_ne!(read(&whole[..end]), TypedDate::NoSuchDay, "{:?}", &whole[..end]);
            }
            assert!(matches!(read(whole), TypedDate::Day(_)), "{whole}");
        }
        for typed in ["", "ti", "31.", "31.0", "1.12.1926", "1.12.126", "2126-12-01", "2026-12"] {
            assert_eq!(read(typed), TypedDate::Unread, "{typed:?}");
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for typed in [
            "",
            " ",
            "ti",
            "æ.ø",
            "30.02.2026",
            "32.1",
            "1.13",
            "0.1",
            "1",
            "12",
            "123",
            "99999",
            "1.12.126",
            "1.12.1926",
            "2126-12-01",
            "1026-12-01",
            "+",
            "+-1",
            "+7x",
            "+99999",
            "+3661",
            "-7",
            "fredagen",
            "f",
            "uke",
            "uke x",
            "uke 50 50 50",
            "1..12",
            ".1.12",
            "1.12.26.5",
            "/1/12",
            "1. d",
            "1. desembrr",
            "i går",
            "neste fredag",
            "1.12 kl 10",
            "１.12",
        ] {
            check(typed, "2026-11-24", None);
        }
    }
}
