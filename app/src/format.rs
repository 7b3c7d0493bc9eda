//! Numbers, dates and times as Norwegian and English write them. Browser and server give the same bytes, so nothing here asks
//! the machine for its locale or its clock.

use domain::decimal::{Percent, Quantity, SCALE, UnitPrice, format_plain, parse_typed};
use domain::holidays::DayWarning;
use domain::language::Language;
use domain::money::Money;
use domain::time::{CalendarDate, Timestamp, TypedDate};
use domain::units;

use crate::i18n::Texts;

/// Between groups of digits and before units: a space that does not break.
const NBSP: char = '\u{a0}';
/// A minus sign as wide as a plus sign.
const MINUS: char = '\u{2212}';

const WEEKDAYS: [[&str; 7]; 2] = [
    ["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"],
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
];
const MONTHS: [[&str; 12]; 2] = [
    [
        "januar",
        "februar",
        "mars",
        "april",
        "mai",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "desember",
    ],
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
];

fn index(language: Language) -> usize {
    match language {
        Language::Nb => 0,
        Language::En => 1,
    }
}

/// An amount without its currency: `1 776,00`.
pub fn money(amount: Money, language: Language) -> String {
    let value = amount.0.unsigned_abs();
    number(amount.0 < 0, value / 100, &format!("{:02}", value % 100), language)
}

/// An amount with its currency: `1 776,00 kr`, `1 776,00 EUR`, `NOK 1,776.00`.
pub fn money_with_currency(amount: Money, currency: &str, language: Language) -> String {
    let amount = money(amount, language);
    match (language, currency) {
        (Language::Nb, "NOK") => format!("{amount}{NBSP}kr"),
        (Language::Nb, _) => format!("{amount}{NBSP}{currency}"),
        (Language::En, _) => format!("{currency}{NBSP}{amount}"),
    }
}

/// A quantity: `1 200` or `2,5`.
pub fn quantity(quantity: Quantity, language: Language) -> String {
    millionths(quantity.0, 0, language)
}

/// A quantity with its unit: `1 200 stk.`.
pub fn quantity_with_unit(quantity: Quantity, unit: &str, language: Language) -> String {
    format!("{}{NBSP}{}", millionths(quantity.0, 0, language), units::label(unit, language))
}

/// A unit price, with at least two decimals: `4,20` or `0,0125`.
pub fn unit_price(price: UnitPrice, language: Language) -> String {
    millionths(price.0, 2, language)
}

/// A unit price with its currency, as [`money_with_currency`] writes it.
pub fn unit_price_with_currency(price: UnitPrice, currency: &str, language: Language) -> String {
    let price = unit_price(price, language);
    match (language, currency) {
        (Language::Nb, "NOK") => format!("{price}{NBSP}kr"),
        (Language::Nb, _) => format!("{price}{NBSP}{currency}"),
        (Language::En, _) => format!("{currency}{NBSP}{price}"),
    }
}

/// A percentage: `25 %`, `25%`.
pub fn percent(percent: Percent, language: Language) -> String {
    let value = millionths(percent.0, 0, language);
    match language {
        Language::Nb => format!("{value}{NBSP}%"),
        Language::En => format!("{value}%"),
    }
}

/// A whole number with groups: `1 000 000`.
pub fn whole(value: i64, language: Language) -> String {
    number(value < 0, value.unsigned_abs(), "", language)
}

/// A decimal number as a person would type it into a field: `1776,5`, without groups.
pub fn for_input(value: i64, language: Language) -> String {
    let plain = format_plain(value);
    match language {
        Language::Nb => plain.replace('.', ","),
        Language::En => plain,
    }
}

/// The same so that it is read back as it is: `1.234` as English writes it could be a thousand.
pub fn for_field(value: i64, language: Language) -> String {
    let text = for_input(value, language);
    if parse_typed(&text).is_ok() { text } else { format!("{text}0") }
}

fn millionths(value: i64, decimals_min: usize, language: Language) -> String {
    let scale = SCALE.unsigned_abs();
    let absolute = value.unsigned_abs();
    let six = format!("{:06}", absolute % scale);
    let mut fraction = six.trim_end_matches('0').to_owned();
    while fraction.len() < decimals_min {
        fraction.push('0');
    }
    number(value < 0, absolute / scale, &fraction, language)
}

fn number(negative: bool, whole: u64, fraction: &str, language: Language) -> String {
    let (group, sign) = match language {
        Language::Nb => (NBSP, ','),
        Language::En => (',', '.'),
    };
    let digits = whole.to_string();
    let mut text = String::with_capacity(digits.len() + fraction.len() + 8);
    if negative {
        text.push(MINUS);
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(group);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(sign);
        text.push_str(fraction);
    }
    text
}

/// A date in a table: `01.12.2026`, `1 Dec 2026`.
pub fn date(date: CalendarDate, language: Language) -> String {
    let (day, month, year) = (date.0.day(), u8::from(date.0.month()), date.0.year());
    match language {
        Language::Nb => format!("{day:02}.{month:02}.{year}"),
        Language::En => format!("{day}{NBSP}{}{NBSP}{year}", short_month(date, language)),
    }
}

/// A date where a mistake costs money: `tirsdag 1. desember 2026`, `Tuesday 1 December 2026`.
pub fn date_long(date: CalendarDate, language: Language) -> String {
    let weekday = WEEKDAYS[index(language)][usize::from(date.weekday_from_monday()) % 7];
    format!("{weekday} {} {}", day_and_month(date, language), date.0.year())
}

/// A day of the year: `1. desember`, `1 December`.
pub fn day_and_month(date: CalendarDate, language: Language) -> String {
    let month = MONTHS[index(language)][usize::from(u8::from(date.0.month()) - 1) % 12];
    match language {
        Language::Nb => format!("{}.{NBSP}{month}", date.0.day()),
        Language::En => format!("{}{NBSP}{month}", date.0.day()),
    }
}

fn short_month(date: CalendarDate, language: Language) -> String {
    let month = MONTHS[index(language)][usize::from(u8::from(date.0.month()) - 1) % 12];
    match language {
        // Months of three and four letters are written out.
        Language::Nb if month.chars().count() <= 4 => month.to_owned(),
        Language::Nb => format!("{}.", month.chars().take(3).collect::<String>()),
        Language::En => month.chars().take(3).collect(),
    }
}

/// What is said beside the field of a wanted date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateEcho {
    pub text: String,
    /// Something speaks against the day, or there is none.
    pub is_warning: bool,
}

/// What is typed into the field of a wanted date, in words, so that a month is never taken for a day: "tirsdag 1. desember 2026, uke 49",
/// with what speaks against the day. How a date can be written while none is.
pub fn date_echo(t: Texts, typed: &str, today: CalendarDate) -> DateEcho {
    match TypedDate::read(typed, today) {
        TypedDate::Day(date) => {
            DateEcho { text: date_words(t, date, today), is_warning: DayWarning::of(date, today).is_some() }
        }
        TypedDate::NoSuchDay => {
            DateEcho { text: t.order_form_date_no_such_day(typed.trim()), is_warning: true }
        }
        TypedDate::Unread => DateEcho { text: t.order_form_date_hint().to_owned(), is_warning: false },
    }
}

/// A wanted date in words, with its week and what speaks against it.
pub fn date_words(t: Texts, date: CalendarDate, today: CalendarDate) -> String {
    let words = format!("{}, {}", date_long(date, t.language()), t.time_week(week(date)));
    match DayWarning::of(date, today) {
        None => words,
        Some(DayWarning::Past) => t.order_form_date_past(words),
        Some(DayWarning::Weekend) => t.order_form_date_weekend(words),
        Some(DayWarning::Holiday(holiday)) => t.order_form_date_holiday(
            words,
            t.status(&format!("holiday.{}", holiday.as_str())).unwrap_or_default(),
        ),
    }
}

/// The day of a moment, without its year: `3. nov.`, `3 Nov`.
pub fn day(moment: Timestamp, language: Language) -> String {
    let date = moment.date_in_oslo();
    let dot = if language == Language::Nb { "." } else { "" };
    format!("{}{dot}{NBSP}{}", date.0.day(), short_month(date, language))
}

/// The ISO week of a date.
pub fn week(date: CalendarDate) -> u8 {
    date.0.iso_week()
}

/// A time of day in Norway: `kl. 14:32`, `14:32`.
pub fn time(moment: Timestamp, language: Language) -> String {
    let local = moment.in_oslo();
    match language {
        Language::Nb => format!("kl.{NBSP}{:02}:{:02}", local.hour(), local.minute()),
        Language::En => format!("{:02}:{:02}", local.hour(), local.minute()),
    }
}

/// A moment in a table: `23.11.2026 kl. 14:32`, `23 Nov 2026 14:32`.
pub fn date_time(moment: Timestamp, language: Language) -> String {
    format!("{} {}", date(moment.date_in_oslo(), language), time(moment, language))
}

/// A moment in a timeline: `23. nov. kl. 14:32`, `23 Nov 14:32`.
pub fn day_time(moment: Timestamp, language: Language) -> String {
    let day = moment.date_in_oslo();
    let point = if language == Language::Nb { "." } else { "" };
    format!("{}{point}{NBSP}{} {}", day.0.day(), short_month(day, language), time(moment, language))
}

/// A moment with seconds, for logs: `23.11.2026 14:32:07`.
pub fn date_time_seconds(moment: Timestamp, language: Language) -> String {
    let local = moment.in_oslo();
    format!(
        "{} {:02}:{:02}:{:02}",
        date(moment.date_in_oslo(), language),
        local.hour(),
        local.minute(),
        local.second()
    )
}

/// A Norwegian organisation number in groups of three; anything else as it is.
pub fn org_number(number: &str) -> String {
    if number.len() == 9 && number.bytes().all(|b| b.is_ascii_digit()) {
        format!("{}{NBSP}{}{NBSP}{}", &number[..3], &number[3..6], &number[6..])
    } else {
        number.to_owned()
    }
}

/// A typed quantity with its unit, as it is shown elsewhere: `1 200 stk.`; what cannot be read stays as it was typed.
pub fn typed_quantity(typed: &str, unit: &str, language: Language) -> String {
    match Quantity::parse_typed(typed) {
        Ok(known) => quantity_with_unit(known, unit, language),
        Err(_) => format!("{typed} {}", units::label(unit, language)).trim().to_owned(),
    }
}

/// A typed price, with what it is for, as it is shown elsewhere: `358,00 per 100`; what cannot be read stays as it was typed.
pub fn typed_price(t: Texts, typed: &str, base: &str) -> String {
    let base = Quantity::parse_typed(base).unwrap_or(Quantity::whole(1));
    match UnitPrice::parse_typed(typed) {
        Ok(known) => price_per(t, known, base),
        Err(_) => typed.to_owned(),
    }
}

/// "358,00 per 100": a price says what it is for, unless that is one.
pub fn price_per(t: Texts, price: UnitPrice, base: Quantity) -> String {
    let text = unit_price(price, t.language());
    match per(t, base) {
        Some(per) => format!("{text} {per}"),
        None => text,
    }
}

/// "per 100": what a price is for, unless that is one.
pub fn per(t: Texts, base: Quantity) -> Option<String> {
    (base != Quantity::whole(1)).then(|| t.draft_price_per(quantity(base, t.language())))
}

#[cfg(test)]
mod tests;
