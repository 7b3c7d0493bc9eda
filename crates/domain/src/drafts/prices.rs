//! Prices far from ours: approving says of which lines somebody has looked at them.

use std::fmt;

use super::DraftLine;
use crate::errors::{ErrorCode, FieldError, Refusal};
use crate::orders::MAX_LINES;

/// Runs of line numbers that are written out; a longer list is told as far as this.
const WRITTEN: usize = 10;

/// Numbers of lines in their order, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineNumbers(Vec<i32>);

impl LineNumbers {
    /// The lines whose price is ten times ours or more, or a tenth or less.
    pub fn of_far_off(lines: &[DraftLine]) -> Self {
        lines.iter().filter(|line| line.is_far_off()).map(|line| line.line_number).collect()
    }

    /// Reads what a form carries, see [`Self::as_field`]. What is no number names no line.
    pub fn read(text: &str) -> Self {
        text.split(',').take(MAX_LINES).filter_map(|number| number.trim().parse().ok()).collect()
    }

    /// The numbers as a form carries them.
    pub fn as_field(&self) -> String {
        self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many lines.
    pub fn count(&self) -> i64 {
        i64::try_from(self.0.len()).unwrap_or(i64::MAX)
    }

    fn without(&self, others: &Self) -> Self {
        self.0.iter().copied().filter(|number| others.0.binary_search(number).is_err()).collect()
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

/// That every price far from ours has been looked at. `checked` are the lines that somebody has said it of.
///
/// # Errors
/// [`ErrorCode::PriceUnconfirmed`] with the lines of which nobody has.
pub fn prices_checked(lines: &[DraftLine], checked: &LineNumbers) -> Result<(), Refusal> {
    let left = LineNumbers::of_far_off(lines).without(checked);
    if left.is_empty() {
        return Ok(());
    }
    let code = ErrorCode::PriceUnconfirmed;
    let fault = FieldError::new("/prices_checked", code).with("lines", &left);
    Err(Refusal { errors: vec![fault], ..Refusal::from(code).with("lines", &left) })
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
            let left = prices_checked(&lines, &LineNumbers::read(checked)).err()?;
            assert_eq!(left.code, ErrorCode::PriceUnconfirmed);
            assert_eq!(left.errors.len(), 1);
            assert_eq!(left.errors[0].params, left.params);
            left.params.get("lines").cloned()
        };
        assert_eq!(refused("").as_deref(), Some("3, 4"));
        assert_eq!(refused("1,2").as_deref(), Some("3, 4"));
        assert_eq!(refused("3").as_deref(), Some("4"), "another line has come to be far off since");
        assert_eq!(refused("alle").as_deref(), Some("3, 4"));
        assert_eq!(refused("3,4"), None);
        assert_eq!(refused(" 4, 3,x,9 "), None);
        assert_eq!(
            prices_checked(&lines[..2], &LineNumbers::default()),
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
        let numbers = LineNumbers(odd);
        assert_eq!(LineNumbers::read(&numbers.as_field()), numbers);
    }
}
