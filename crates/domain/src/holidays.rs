//! Public holidays in Norway (lov om helligdager og helligdagsfred § 2; 1 May and 17 May by lov om 1 og 17 mai).

use crate::time::CalendarDate;

/// A day on which shops and warehouses are closed by law.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holiday {
    NewYear,
    MaundyThursday,
    GoodFriday,
    EasterSunday,
    EasterMonday,
    LabourDay,
    ConstitutionDay,
    Ascension,
    Pentecost,
    WhitMonday,
    ChristmasDay,
    BoxingDay,
}

impl Holiday {
    /// The word in the translation files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NewYear => "new_year",
            Self::MaundyThursday => "maundy_thursday",
            Self::GoodFriday => "good_friday",
            Self::EasterSunday => "easter_sunday",
            Self::EasterMonday => "easter_monday",
            Self::LabourDay => "labour_day",
            Self::ConstitutionDay => "constitution_day",
            Self::Ascension => "ascension",
            Self::Pentecost => "pentecost",
            Self::WhitMonday => "whit_monday",
            Self::ChristmasDay => "christmas_day",
            Self::BoxingDay => "boxing_day",
        }
    }
}

/// What speaks against a day on which goods are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayWarning {
    Past,
    Holiday(Holiday),
    Weekend,
}

impl DayWarning {
    /// The most that can be said against the day, seen from `today`.
    pub fn of(date: CalendarDate, today: CalendarDate) -> Option<Self> {
        match on(date) {
            _ if date < today => Some(Self::Past),
            Some(holiday) => Some(Self::Holiday(holiday)),
            None => date.is_weekend().then_some(Self::Weekend),
        }
    }

    /// The word in the translation files, and in what a check has found.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Past => "past",
            Self::Holiday(holiday) => holiday.as_str(),
            Self::Weekend => "weekend",
        }
    }
}

/// The holiday on a date, if it is one.
pub fn on(date: CalendarDate) -> Option<Holiday> {
    let (year, month, day) = (date.0.year(), u8::from(date.0.month()), date.0.day());
    let fixed = match (month, day) {
        (1, 1) => Some(Holiday::NewYear),
        (5, 1) => Some(Holiday::LabourDay),
        (5, 17) => Some(Holiday::ConstitutionDay),
        (12, 25) => Some(Holiday::ChristmasDay),
        (12, 26) => Some(Holiday::BoxingDay),
        _ => None,
    };
    fixed.or_else(|| {
        let (easter_month, easter_day) = easter(year);
        let sunday = CalendarDate::from_ymd(year, easter_month, easter_day)?;
        let movable = [
            (-3, Holiday::MaundyThursday),
            (-2, Holiday::GoodFriday),
            (0, Holiday::EasterSunday),
            (1, Holiday::EasterMonday),
            (39, Holiday::Ascension),
            (49, Holiday::Pentecost),
            (50, Holiday::WhitMonday),
        ];
        let is_on = |offset: i64| sunday.plus_days(offset) == Some(date);
        movable.into_iter().find(|(offset, _)| is_on(*offset)).map(|(_, holiday)| holiday)
    })
}

/// Month and day of Easter Sunday in the Gregorian calendar (the anonymous algorithm, in Butcher's form).
fn easter(year: i32) -> (u8, u8) {
    let a = year % 19;
    let (b, c) = (year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let f = (b + 8) / 25;
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let sum = h + l - 7 * m + 114;
    (u8::try_from(sum / 31).unwrap_or(4), u8::try_from(sum % 31 + 1).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holiday(text: &str) -> Option<Holiday> {
        on(text.parse().unwrap())
    }

    #[test]
    fn fixed_and_movable_days_are_found() {
        assert_eq!(holiday("2026-04-05"), Some(Holiday::EasterSunday));
        assert_eq!(holiday("2026-05-14"), Some(Holiday::Ascension));
        assert_eq!(holiday("2027-03-25"), Some(Holiday::MaundyThursday));
        assert_eq!(holiday("2027-05-17"), Some(Holiday::ConstitutionDay));
        assert_eq!(holiday("2028-06-05"), Some(Holiday::WhitMonday));
        assert_eq!(holiday("2026-12-25"), Some(Holiday::ChristmasDay));
        assert_eq!(holiday("2026-12-24"), None);
    }

    #[test]
    fn a_day_that_has_passed_is_told_first() {
        let warning = |text: &str| DayWarning::of(text.parse().unwrap(), "2026-11-24".parse().unwrap());
        assert_eq!(warning("2026-11-23"), Some(DayWarning::Past));
        assert_eq!(warning("2025-12-25"), Some(DayWarning::Past));
        assert_eq!(warning("2026-11-24"), None);
        assert_eq!(warning("2026-11-28"), Some(DayWarning::Weekend));
        assert_eq!(warning("2026-12-26"), Some(DayWarning::Holiday(Holiday::BoxingDay)));
        assert_eq!(warning("2026-12-01"), None);
    }

    #[test]
    fn easter_falls_where_the_almanac_says() {
        let almanac = [
            (1961, 4, 2),
            (2000, 4, 23),
            (2008, 3, 23),
            (2011, 4, 24),
            (2024, 3, 31),
            (2025, 4, 20),
            (2038, 4, 25),
        ];
        for (year, month, day) in almanac {
            assert_eq!(easter(year), (month, day), "{year}");
        }
    }
}
