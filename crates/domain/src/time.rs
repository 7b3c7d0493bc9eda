//! Moments, dates and Norwegian local time.
//!
//! Europe/Oslo is computed here, so that browser and server write the same text without a time zone database.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;
use time::format_description::well_known::Rfc3339;
use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset, Weekday};

mod typed;

pub use typed::TypedDate;

/// Microseconds since 1970-01-01T00:00:00Z. PostgreSQL keeps no finer time, so neither do we.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The moment `seconds` later (earlier, when negative).
    pub fn plus_seconds(self, seconds: i64) -> Self {
        self.plus_milliseconds(seconds.saturating_mul(1000))
    }

    /// The moment `milliseconds` later (earlier, when negative).
    pub fn plus_milliseconds(self, milliseconds: i64) -> Self {
        Self(self.0.saturating_add(milliseconds.saturating_mul(1000)))
    }

    /// Whole milliseconds from `earlier` to this moment; negative when `earlier` is later.
    pub fn milliseconds_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0) / 1000
    }

    /// RFC 3339 in UTC, as on the wire: `2026-12-01T09:30:00.25Z`.
    pub fn to_rfc3339(self) -> String {
        self.utc().format(&Rfc3339).unwrap_or_default()
    }

    /// Reads RFC 3339 with any offset; `None` for anything else.
    pub fn from_rfc3339(text: &str) -> Option<Self> {
        let moment = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        i64::try_from(moment.unix_timestamp_nanos() / 1000).ok().map(Self)
    }

    fn utc(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1000)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// Date and time of day in Norway.
    pub fn in_oslo(self) -> PrimitiveDateTime {
        let moment = self.utc();
        let local = moment.to_offset(oslo_offset(moment));
        PrimitiveDateTime::new(local.date(), local.time())
    }

    /// The date in Norway.
    pub fn date_in_oslo(self) -> CalendarDate {
        CalendarDate(self.in_oslo().date())
    }
}

/// Norway keeps UTC+1, and UTC+2 from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of October
/// (directive 2000/84/EC, in Norwegian law by the regulation on summer time).
fn oslo_offset(moment: OffsetDateTime) -> UtcOffset {
    let winter = UtcOffset::from_hms(1, 0, 0).unwrap_or(UtcOffset::UTC);
    let summer = UtcOffset::from_hms(2, 0, 0).unwrap_or(UtcOffset::UTC);
    let change = |month| {
        last_sunday(moment.year(), month)
            .map(|date| PrimitiveDateTime::new(date, Time::MIDNIGHT).assume_utc() + time::Duration::hours(1))
    };
    match (change(Month::March), change(Month::October)) {
        (Some(begin), Some(end)) if moment >= begin && moment < end => summer,
        _ => winter,
    }
}

fn last_sunday(year: i32, month: Month) -> Option<Date> {
    let last = Date::from_calendar_date(year, month, 31).ok()?;
    let back = i64::from(last.weekday().number_days_from_sunday());
    last.checked_sub(time::Duration::days(back))
}

/// A day without time or zone, `2026-12-01`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CalendarDate(pub Date);

impl CalendarDate {
    /// The date, when there is such a day and the year has four digits.
    pub fn from_ymd(year: i32, month: u8, day: u8) -> Option<Self> {
        if !(1000..=9999).contains(&year) {
            return None;
        }
        Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok().map(Self)
    }

    /// The moment in which the day begins in Norway. The clocks change at night, never at midnight.
    pub fn begin_in_oslo(self) -> Timestamp {
        let midnight = self.0.midnight().assume_utc();
        let in_winter = midnight - time::Duration::hours(1);
        let begin = midnight - time::Duration::seconds(i64::from(oslo_offset(in_winter).whole_seconds()));
        i64::try_from(begin.unix_timestamp_nanos() / 1000).map(Timestamp).unwrap_or_default()
    }

    /// The date `days` later.
    pub fn plus_days(self, days: i64) -> Option<Self> {
        self.0.checked_add(time::Duration::days(days)).map(Self)
    }

    /// Monday is 0.
    pub fn weekday_from_monday(self) -> u8 {
        self.0.weekday().number_days_from_monday()
    }

    /// Whether it is a Saturday or a Sunday.
    pub fn is_weekend(self) -> bool {
        matches!(self.0.weekday(), Weekday::Saturday | Weekday::Sunday)
    }
}

impl fmt::Display for CalendarDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), u8::from(self.0.month()), self.0.day())
    }
}

/// The text was not a date written `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a date written YYYY-MM-DD")]
pub struct NotADate;

impl FromStr for CalendarDate {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Self, NotADate> {
        let bytes = text.as_bytes();
        let shape = bytes.len() == 10
            && bytes
                .iter()
                .enumerate()
                .all(|(i, b)| if i == 4 || i == 7 { *b == b'-' } else { b.is_ascii_digit() });
        if !shape {
            return Err(NotADate);
        }
        let year = text[..4].parse().map_err(|_| NotADate)?;
        let month = text[5..7].parse().map_err(|_| NotADate)?;
        let day = text[8..].parse().map_err(|_| NotADate)?;
        Self::from_ymd(year, month, day).ok_or(NotADate)
    }
}

impl Serialize for CalendarDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CalendarDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(|_| de::Error::custom("invalid_date"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn oslo(text: &str) -> String {
        Timestamp::from_rfc3339(text).expect("a moment").in_oslo().to_string()
    }

    #[test]
    fn summer_time_begins_and_ends_at_one_utc() {
        assert_eq!(oslo("2026-03-29T00:59:59Z"), "2026-03-29 1:59:59.0");
        assert_eq!(oslo("2026-03-29T01:00:00Z"), "2026-03-29 3:00:00.0");
        assert_eq!(oslo("2026-10-25T00:59:59Z"), "2026-10-25 2:59:59.0");
        assert_eq!(oslo("2026-10-25T01:00:00Z"), "2026-10-25 2:00:00.0");
        assert_eq!(oslo("2027-01-01T00:00:00Z"), "2027-01-01 1:00:00.0");
    }

    #[test]
    fn wire_dates_are_strict() {
        for text in
            ["2026-02-30", "0000-01-01", "99999-01-01", "2026-1-1", "2026-12-01T00:00", "２０26-12-01"]
        {
            assert!(text.parse::<CalendarDate>().is_err(), "{text}");
        }
    }

    #[test]
    fn rfc3339_keeps_microseconds() {
        let moment = Timestamp(1_796_117_400_250_001);
        assert_eq!(Timestamp::from_rfc3339(&moment.to_rfc3339()), Some(moment));
    }

    #[test]
    fn a_day_begins_at_midnight_in_norway_also_when_the_clocks_change() {
        for (day, begin) in [
            ((2026, 1, 15), "2026-01-14T23:00:00Z"),
            ((2026, 3, 29), "2026-03-28T23:00:00Z"),
            ((2026, 3, 30), "2026-03-29T22:00:00Z"),
            ((2026, 10, 25), "2026-10-24T22:00:00Z"),
            ((2026, 10, 26), "2026-10-25T23:00:00Z"),
        ] {
            let date = CalendarDate::from_ymd(day.0, day.1, day.2).unwrap();
            assert_eq!(Some(date.begin_in_oslo()), Timestamp::from_rfc3339(begin), "{day:?}");
            assert_eq!(date.begin_in_oslo().date_in_oslo(), date);
        }
    }
}
