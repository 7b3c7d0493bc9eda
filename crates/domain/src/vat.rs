//! Value added tax (merverdiavgift): rates by date, and the tax of an order.

use serde::{Deserialize, Serialize};

use crate::decimal::Percent;
use crate::money::Money;
use crate::time::CalendarDate;

/// Rates of the Norwegian law, with the first day each set was in force (skatteetaten.no, "Merverdiavgift, satser").
const RATES: [(&str, &[i64]); 2] = [
    ("2018-01-01", &[25_000_000, 15_000_000, 12_000_000, 11_110_000, 0]),
    ("1970-01-01", &[25_000_000, 15_000_000, 10_000_000, 11_110_000, 0]),
];

/// The rates in force on the day, highest first.
pub fn rates_on(date: CalendarDate) -> Vec<Percent> {
    let day = date.to_string();
    RATES
        .iter()
        .find(|(from, _)| day.as_str() >= *from)
        .map_or(&RATES[0], |row| row)
        .1
        .iter()
        .copied()
        .map(Percent)
        .collect()
}

/// Net and tax at one rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VatLine {
    pub rate: Percent,
    pub net: Money,
    pub tax: Money,
}

/// Tax per rate, computed on the sum of the rounded line amounts at that rate; highest rate first.
///
/// `None` when a sum does not fit.
pub fn summarise(lines: impl IntoIterator<Item = (Percent, Money)>) -> Option<Vec<VatLine>> {
    let mut sums: Vec<(Percent, Money)> = Vec::new();
    for (rate, amount) in lines {
        match sums.iter_mut().find(|(known, _)| *known == rate) {
            Some((_, sum)) => *sum = Money::sum([*sum, amount])?,
            None => sums.push((rate, amount)),
        }
    }
    sums.sort_by_key(|(rate, _)| std::cmp::Reverse(*rate));
    sums.into_iter().map(|(rate, net)| Some(VatLine { rate, net, tax: net.percent(rate)? })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tax_is_taken_of_the_sum_per_rate() {
        let lines = [
            (Percent::whole(25), Money(101)),
            (Percent::whole(15), Money(1000)),
            (Percent::whole(25), Money(101)),
        ];
        let summary = summarise(lines).expect("fits");
        assert_eq!(summary[0], VatLine { rate: Percent::whole(25), net: Money(202), tax: Money(51) });
        assert_eq!(summary[1].tax, Money(150));
    }

    #[test]
    fn rates_follow_the_date() {
        let on = |text: &str| rates_on(text.parse().expect("a date"));
        assert!(on("2026-11-24").contains(&Percent::whole(12)));
        assert!(!on("2017-12-31").contains(&Percent::whole(12)));
    }
}
