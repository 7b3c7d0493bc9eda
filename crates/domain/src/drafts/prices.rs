//! Prices far from ours: approving says which of ours somebody has looked at beside the customer's.

use std::fmt;

use super::DraftLine;
use crate::decimal::{Quantity, UnitPrice};
use crate::errors::{ErrorCode, FieldError, Refusal};
use crate::matching::LineDifference;
use crate::orders::MAX_LINES;

/// Runs of line numbers that are written out; a longer list is told as far as this.
const WRITTEN: usize = 10;

/// Numbers of lines in their order, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineNumbers(Vec<i32>);

impl LineNumbers {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many lines.
    pub fn count(&self) -> i64 {
        i64::try_from(self.0.len()).unwrap_or(i64::MAX)
    }

    fn contains(&self, number: i32) -> bool {
        self.0.binary_search(&number).is_ok()
    }
}

impl FromIterator<i32> for LineNumbers {
    fn from_iter<Numbers: IntoIterator<Item = i32>>(numbers: Numbers) -> Self {
        let mut numbers: Vec<i32> = numbers.into_iter().collect();
        numbers.sort_unstable();
        numbers.dedup();
        Self(numbers)
    }
}

/// As they are told: `3, 7–12, 40`.
impl fmt::Display for LineNumbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let runs = self.0.chunk_by(|one, next| one.checked_add(1) == Some(*next));
        for (at, run) in runs.enumerate() {
            if at == WRITTEN {
                return f.write_str(" …");
            }
            f.write_str(if at == 0 { "" } else { ", " })?;
            match run {
                [first, _, .., last] => write!(f, "{first}–{last}")?,
                [first, second] => write!(f, "{first}, {second}")?,
                _ => run.iter().try_for_each(|number| number.fmt(f))?,
            }
        }
        Ok(())
    }
}

/// Our price that the price of a line is far from, as somebody saw it. Of the customer's the draft's version says that it is the same;
/// ours can become another without a word to the draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct SeenPrice {
    line_number: i32,
    listed: UnitPrice,
    base: Quantity,
}

impl SeenPrice {
    fn of(line: &DraftLine) -> Option<Self> {
        line.differences.iter().find(|difference| difference.is_far_off()).and_then(|difference| {
            let LineDifference::Price { listed, base, .. } = difference else { return None };
            Some(Self { line_number: line.line_number, listed: *listed, base: *base })
        })
    }

    fn read(text: &str) -> Option<Self> {
        let (line_number, price) = text.trim().split_once(':')?;
        let (listed, base) = price.split_once('/')?;
        Some(Self {
            line_number: line_number.parse().ok()?,
            listed: listed.parse().ok()?,
            base: base.parse().ok()?,
        })
    }
}

/// As a form carries it: `3:4.9/1`.
impl fmt::Display for SeenPrice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}/{}", self.line_number, self.listed, self.base)
    }
}

/// Our prices that prices of a draft are far from, ten times ours or more or a tenth or less, line by line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeenPrices(Vec<SeenPrice>);

impl SeenPrices {
    /// As they are now.
    pub fn of(lines: &[DraftLine]) -> Self {
        Self(lines.iter().filter_map(SeenPrice::of).collect())
    }

    /// Those of some lines only.
    #[must_use]
    pub fn of_lines(mut self, lines: &LineNumbers) -> Self {
        self.0.retain(|seen| lines.contains(seen.line_number));
        self
    }

    /// Reads what a form carries. What is no line with its price names none.
    pub fn read(text: &str) -> Self {
        Self(text.split(',').take(MAX_LINES).filter_map(SeenPrice::read).collect())
    }

    /// Which lines they are of.
    pub fn lines(&self) -> LineNumbers {
        self.0.iter().map(|seen| seen.line_number).collect()
    }

    fn without(mut self, others: &Self) -> Self {
        self.0.retain(|seen| !others.0.contains(seen));
        self
    }
}

/// As a form carries them: `3:4.9/1,7:120/100`.
impl fmt::Display for SeenPrices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, seen) in self.0.iter().enumerate() {
            f.write_str(if at == 0 { "" } else { "," })?;
            seen.fmt(f)?;
        }
        Ok(())
    }
}

/// That every price far from ours has been looked at. `checked` are our prices that somebody has said it of: where ours is another now, he
/// has not seen how far it is off.
///
/// # Errors
/// [`ErrorCode::PriceUnconfirmed`] with the lines of which nobody has, and our prices in them now.
pub fn prices_checked(lines: &[DraftLine], checked: &SeenPrices) -> Result<(), Refusal> {
    let prices = SeenPrices::of(lines).without(checked);
    let left = prices.lines();
    if left.is_empty() {
        return Ok(());
    }
    let code = ErrorCode::PriceUnconfirmed;
    let fault = FieldError::new("/prices_checked", code).with("lines", &left);
    let refusal = Refusal::from(code).with("lines", &left).with("prices", &prices);
    Err(Refusal { errors: vec![fault], ..refusal })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decimal::{Percent, Quantity, UnitPrice};
    use crate::matching::LineDifference;
    use crate::money::Money;

    fn line(line_number: i32, ordered: i64, listed: i64) -> DraftLine {
        let price = LineDifference::Price {
            ordered: UnitPrice::whole(ordered),
            ordered_base: Quantity::whole(1),
            listed: UnitPrice::whole(listed),
            base: Quantity::whole(1),
        };
        DraftLine {
            line_number,
            customer_article_number: String::new(),
            supplier_article_number: "A".to_owned(),
            description: String::new(),
            quantity: Quantity::whole(1),
            unit: "EA".to_owned(),
            unit_price: UnitPrice::whole(ordered),
            price_base_quantity: Quantity::whole(1),
            discount_percent: Percent(0),
            amount: Money(0),
            note: String::new(),
            article_id: None,
            article_number: None,
            article_name: None,
            issue: None,
            differences: if ordered == listed { Vec::new() } else { vec![LineDifference::GoingOut, price] },
        }
    }

    #[test]
    fn a_price_far_off_waits_for_somebody_to_look() {
        let lines = [line(1, 5, 5), line(2, 6, 5), line(3, 490, 5), line(4, 5, 50)];
        let refused = |checked: &str| {
            let left = prices_checked(&lines, &SeenPrices::read(checked)).err()?;
            assert_eq!(left.code, ErrorCode::PriceUnconfirmed);
            assert_eq!(left.errors.len(), 1);
            assert_eq!(left.errors[0].params.get("lines"), left.params.get("lines"));
            Some((left.params.get("lines")?.clone(), left.params.get("prices")?.clone()))
        };
        let both = Some(("3, 4".to_owned(), "3:5/1,4:50/1".to_owned()));
        assert_eq!(refused(""), both);
        assert_eq!(refused("1:5/1,2:5/1"), both);
        let other = Some(("4".to_owned(), "4:50/1".to_owned()));
        assert_eq!(refused("3:5/1"), other, "another line has come to be far off since");
        assert_eq!(refused("3:5/1,4:5000/1"), other, "our price was another");
        assert_eq!(refused("3:5/1,4:50/100"), other, "and for another quantity");
        for nonsense in ["alle", "3,4", "3:,4:", "3:5,4:50", "3:5/,4:50/", "3:/1,:50/1", "4:5/1,3:50/1"] {
            assert_eq!(refused(nonsense), both, "{nonsense}");
        }
        assert_eq!(refused("3:5/1,4:50/1"), None);
        assert_eq!(refused(" 4:50/1, 3:5.0/1,x,9:1/1 "), None);
        assert_eq!(
            prices_checked(&lines[..2], &SeenPrices::default()),
            Ok(()),
            "a difference is a difference"
        );
    }

    #[test]
    fn many_lines_are_told_shortly() {
        let told = |numbers: &[i32]| numbers.iter().copied().collect::<LineNumbers>().to_string();
        assert_eq!(told(&[]), "");
        assert_eq!(told(&[7, 3, 7]), "3, 7");
        assert_eq!(told(&[1, 2, 5, 6, 7, 9]), "1, 2, 5–7, 9");
        assert_eq!(told(&(1..=500).collect::<Vec<_>>()), "1–500");
        let odd: Vec<i32> = (0..50).map(|number| number * 2 + 1).collect();
        assert_eq!(told(&odd), "1, 3, 5, 7, 9, 11, 13, 15, 17, 19 …");
    }

    #[test]
    fn what_was_seen_is_carried_whole() {
        let lines: Vec<DraftLine> =
            (1..=30).map(|number| line(number, 490, i64::from(number % 3) * 5)).collect();
        let seen = SeenPrices::of(&lines);
        assert_eq!(SeenPrices::read(&seen.to_string()), seen);
        assert_eq!(prices_checked(&lines, &seen), Ok(()));
        let some = seen.of_lines(&LineNumbers::from_iter([1, 3, 7]));
        assert_eq!(some.to_string(), "1:5/1,7:5/1", "line 3 has a price that nothing is far from");
    }
}
