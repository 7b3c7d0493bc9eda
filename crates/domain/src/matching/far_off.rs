//! A price so far from the listed one that it is hardly meant: a decimal slip, or the price for another quantity.

use super::{LineDifference, Match};
use crate::decimal::{Quantity, UnitPrice};

/// From so many times on.
const FAR: u128 = 10;

/// How far a price is off: in whole times, rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FarOff {
    /// The ordered price is so many times the listed one.
    Above(i64),
    /// The listed price is so many times the ordered one.
    Below(i64),
}

impl FarOff {
    /// Compares two prices, each with the quantity it is for, exactly. `None` where the one is less than ten times the other, and where
    /// something is not above zero: what is given away is no slip of the decimal sign.
    pub fn of(ordered: (UnitPrice, Quantity), listed: (UnitPrice, Quantity)) -> Option<Self> {
        let above_zero = |number: i64| u128::try_from(number).ok().filter(|number| *number > 0);
        // Two numbers of 63 bits: neither the product nor twice that is too large.
        let ordered_side = above_zero(ordered.0.0)? * above_zero(listed.1.0)?;
        let listed_side = above_zero(listed.0.0)? * above_zero(ordered.1.0)?;
        let times = |more: u128, less: u128| {
            let rounded = (2 * more + less) / (2 * less);
            (more / less >= FAR).then(|| i64::try_from(rounded).unwrap_or(i64::MAX))
        };
        times(ordered_side, listed_side)
            .map(Self::Above)
            .or_else(|| times(listed_side, ordered_side).map(Self::Below))
    }
}

impl LineDifference {
    /// How far the price is off, where the one is ten times the other or more; `None` for every other difference.
    pub fn far_off(&self) -> Option<FarOff> {
        match self {
            Self::Price { ordered, ordered_base, listed, base } => {
                FarOff::of((*ordered, *ordered_base), (*listed, *base))
            }
            _ => None,
        }
    }

    /// Whether it is a price that must not go through unseen.
    pub fn is_far_off(&self) -> bool {
        self.far_off().is_some()
    }
}

impl Match {
    /// The price that must not go through unseen, where there is one.
    pub fn far_off_price(&self) -> Option<&LineDifference> {
        self.differences.iter().find(|difference| difference.is_far_off())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decimal::Percent;
    use crate::exports::Finding;
    use crate::matching::tests::article;
    use crate::matching::{LineFacts, PartnerArticle, differences};
    use crate::samples::Random;

    type Side = (UnitPrice, Quantity);

    #[test]
    fn ten_times_is_far_and_less_is_not() {
        let of = |ordered: &str, base: &str, listed: &str, listed_base: &str| {
            let side = |price: &str, base: &str| (price.parse().unwrap(), base.parse().unwrap());
            FarOff::of(side(ordered, base), side(listed, listed_base))
        };
        let cases = [
            ("490", "1", "4.9", "1", Some(FarOff::Above(100))),
            ("4.9", "1", "490", "1", Some(FarOff::Below(100))),
            ("10", "1", "1", "1", Some(FarOff::Above(10))),
            ("9.999999", "1", "1", "1", None),
            ("1", "1", "9.999999", "1", None),
            ("1", "1", "10", "1", Some(FarOff::Below(10))),
            ("10.5", "1", "1", "1", Some(FarOff::Above(11))),
            ("10.499999", "1", "1", "1", Some(FarOff::Above(10))),
            // The same price for another quantity, and the price of a hundred typed as that of one.
            ("490", "100", "4.9", "1", None),
            ("490", "1", "490", "100", Some(FarOff::Above(100))),
            ("4.9", "100", "4.9", "1", Some(FarOff::Below(100))),
            // What is given away, or bought for less than nothing, is no slip.
            ("0", "1", "4.9", "1", None),
            ("4.9", "1", "0", "1", None),
            ("-490", "1", "4.9", "1", None),
            ("490", "0", "4.9", "1", None),
            ("-490", "-1", "4.9", "1", None),
        ];
        for (ordered, base, listed, listed_base, expected) in cases {
            let found = of(ordered, base, listed, listed_base);
            assert_eq!(found, expected, "{ordered} per {base} against {listed} per {listed_base}");
        }
        let most = (UnitPrice(i64::MAX), Quantity(1));
        let least = (UnitPrice(1), Quantity(i64::MAX));
        assert_eq!(FarOff::of(most, least), Some(FarOff::Above(i64::MAX)));
        assert_eq!(FarOff::of(least, most), Some(FarOff::Below(i64::MAX)));
    }

    #[test]
    fn no_tolerance_hides_it() {
        let listed = PartnerArticle { price: Some(UnitPrice::whole(500)), pack_size: None, ..article("A") };
        let found = |price: i64, unit: &str| {
            let line = LineFacts {
                quantity: Quantity::whole(1),
                unit: unit.to_owned(),
                unit_price: Some(UnitPrice::whole(price)),
                price_base_quantity: Quantity::whole(1),
                currency: "NOK".to_owned(),
                ..LineFacts::default()
            };
            let found = differences(&line, &listed, Percent::whole(100), |_| None);
            let told = |difference: &LineDifference| Finding::of_difference(difference, 1).is_far_off();
            assert!(found.iter().all(|difference| told(difference) == difference.is_far_off()));
            found.iter().find_map(LineDifference::far_off)
        };
        assert_eq!(found(51, "EA"), None);
        assert_eq!(found(50, "EA"), Some(FarOff::Below(10)));
        assert_eq!(found(5_000, "EA"), Some(FarOff::Above(10)));
        // The price of a piece, where the order is for hundreds of them.
        assert_eq!(found(500, "CEN"), Some(FarOff::Below(100)));
        assert_eq!(found(50_000, "CEN"), None);
        assert_eq!(found(5, "MTR"), None, "nobody knows how many metres a piece is");
    }

    #[test]
    fn both_sides_say_the_same_and_the_base_does_not_matter() {
        let mut random = Random::new(0x0010_0100);
        let mut far = 0;
        for _ in 0..20_000 {
            let mut number = || {
                let digits = u32::try_from(random.below(9)).unwrap();
                1 + i64::try_from(random.below(10_usize.pow(digits))).unwrap()
            };
            let (ordered, listed) = ((number(), number()), (number(), number()));
            let by = number() % 1_000 + 1;
            let side = |(price, base): (i64, i64)| -> Side { (UnitPrice(price), Quantity(base)) };
            let found = FarOff::of(side(ordered), side(listed));
            let back = match FarOff::of(side(listed), side(ordered)) {
                Some(FarOff::Above(times)) => Some(FarOff::Below(times)),
                Some(FarOff::Below(times)) => Some(FarOff::Above(times)),
                None => None,
            };
            assert_eq!(found, back, "{ordered:?} {listed:?}");
            let for_more = (ordered.0 * by, ordered.1 * by);
            assert_eq!(found, FarOff::of(side(for_more), side(listed)), "{ordered:?} {listed:?} by {by}");

            let product = |one: i64, other: i64| i128::from(one) * i128::from(other);
            let sides = (product(ordered.0, listed.1), product(listed.0, ordered.1));
            let (less, more) = (sides.0.min(sides.1), sides.0.max(sides.1));
            assert_eq!(found.is_some(), more >= 10 * less, "{ordered:?} {listed:?}");
            let Some(FarOff::Above(times) | FarOff::Below(times)) = found else { continue };
            assert!((2 * (i128::from(times) * less - more)).abs() <= less, "{times} is the nearest");
            far += 1;
        }
        assert!(far > 1_000, "{far}");
    }
}
