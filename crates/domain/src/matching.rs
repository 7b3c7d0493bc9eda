//! Does the supplier understand the line? Match levels, each with its reason.

use serde::{Deserialize, Serialize};

use crate::decimal::{Percent, Quantity, SCALE, UnitPrice};
use crate::text;

/// How sure it is which of the supplier's articles a line means. Only *Eksakt treff* sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchLevel {
    Exact,
    Likely,
    Several,
    None,
    NotChecked,
}

/// Why a level was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "reason")]
pub enum MatchReason {
    /// *Leverandørens artikkelnummer* equals the supplier's *Artikkelnummer*.
    SameNumber,
    /// The supplier has linked this number to an article of his.
    Linked,
    /// The GTIN is equal.
    SameGtin { number: String },
    /// Letters and digits that look alike: O and 0, I, l and 1.
    LookAlike { number: String },
    /// Only zeros in front differ.
    LeadingZeros { number: String },
    /// Only spaces, hyphens, dots or capitals differ.
    Punctuation { number: String },
    /// More than one candidate fits equally well.
    SeveralFit { count: usize },
    /// The line has no *Leverandørens artikkelnummer*.
    NumberMissing,
    /// The number is not among the supplier's.
    NotFound,
    /// The supplier's articles have not been read.
    CatalogueMissing,
}

/// The level, its reason, and the supplier's article where there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Match {
    pub level: MatchLevel,
    pub reason: MatchReason,
    pub article: Option<PartnerArticle>,
    pub differences: Vec<LineDifference>,
}

/// An article in the supplier's register, as read over the partner API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnerArticle {
    pub number: String,
    pub name: String,
    pub unit: String,
    pub price: Option<UnitPrice>,
    pub price_base_quantity: Quantity,
    pub currency: String,
    pub gtin: Option<String>,
    pub pack_size: Option<Quantity>,
}

/// What a line says, as far as it is compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineFacts {
    pub supplier_article_number: String,
    pub gtin: Option<String>,
    pub quantity: Quantity,
    pub unit: String,
    pub unit_price: UnitPrice,
    pub price_base_quantity: Quantity,
    /// The order's.
    pub currency: String,
}

/// Something that differs between a line and the article it means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum LineDifference {
    /// Prices as each side has them, for `base` of the unit.
    Price {
        ordered: UnitPrice,
        /// The quantity that the ordered price is for.
        ordered_base: Quantity,
        listed: UnitPrice,
        /// The quantity that the listed price is for.
        base: Quantity,
    },
    /// The prices cannot be compared: they are in different currencies.
    Currency {
        ordered: String,
        listed: String,
    },
    Unit {
        ordered: String,
        listed: String,
    },
    /// The quantity is not a whole number of packs.
    PackSize {
        pack_size: Quantity,
    },
}

/// A key that is equal for numbers that people take for the same: capitals, look-alikes, zeros in front, punctuation.
pub fn loose_key(number: &str) -> String {
    let folded: String = text::normalise(number)
        .to_uppercase()
        .chars()
        .filter(|c| c.is_alphanumeric())
        .map(|c| match c {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    let trimmed = folded.trim_start_matches('0');
    if trimmed.is_empty() { folded } else { trimmed.to_owned() }
}

/// Judges one line against the supplier's articles that came into question (equal number, equal loose key, equal GTIN).
pub fn judge(line: &LineFacts, candidates: &[PartnerArticle], catalogue_known: bool) -> Match {
    let wanted = text::normalise(&line.supplier_article_number);
    let plain = |level, reason| Match { level, reason, article: None, differences: Vec::new() };
    if !wanted.is_empty()
        && let Some(article) = candidates.iter().find(|article| article.number == wanted)
    {
        let differences = differences(line, article);
        return Match {
            level: MatchLevel::Exact,
            reason: MatchReason::SameNumber,
            article: Some(article.clone()),
            differences,
        };
    }
    if !catalogue_known {
        return plain(MatchLevel::NotChecked, MatchReason::CatalogueMissing);
    }
    match candidates {
        [] if wanted.is_empty() => plain(MatchLevel::None, MatchReason::NumberMissing),
        [] => plain(MatchLevel::None, MatchReason::NotFound),
        [article] => Match {
            level: MatchLevel::Likely,
            reason: why_alike(line, &wanted, article),
            article: Some(article.clone()),
            differences: differences(line, article),
        },
        several => plain(MatchLevel::Several, MatchReason::SeveralFit { count: several.len() }),
    }
}

fn why_alike(line: &LineFacts, wanted: &str, article: &PartnerArticle) -> MatchReason {
    let number = article.number.clone();
    let bare = |text: &str| text.to_uppercase().chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let (ours, theirs) = (bare(wanted), bare(&number));
    if line.gtin.is_some() && line.gtin == article.gtin {
        MatchReason::SameGtin { number }
    } else if ours == theirs {
        MatchReason::Punctuation { number }
    } else if ours.trim_start_matches('0') == theirs.trim_start_matches('0') {
        MatchReason::LeadingZeros { number }
    } else {
        MatchReason::LookAlike { number }
    }
}

/// Whether the ordered price is within a tolerance of the listed one, both for one of the unit. Nothing is rounded.
pub fn within_tolerance(
    ordered: (UnitPrice, Quantity),
    listed: (UnitPrice, Quantity),
    tolerance: Percent,
) -> bool {
    let side = |price: UnitPrice, base: Quantity| i128::from(price.0) * i128::from(base.0);
    let (ordered_side, listed_side) = (side(ordered.0, listed.1), side(listed.0, ordered.1));
    let difference = (ordered_side - listed_side).unsigned_abs();
    // difference ÷ listed ≤ tolerance ÷ 100, with a percent in millionths. Numbers too large for this are not within anything.
    let hundred = u128::from(SCALE.unsigned_abs()) * 100;
    let left = difference.checked_mul(hundred);
    let right = listed_side.unsigned_abs().checked_mul(u128::from(tolerance.0.max(0).unsigned_abs()));
    left.zip(right).is_some_and(|(left, right)| left <= right)
}

/// Price or currency, unit and pack size as the line has them against the article's.
pub fn differences(line: &LineFacts, article: &PartnerArticle) -> Vec<LineDifference> {
    let mut found = Vec::new();
    if article.price.is_some() && line.currency != article.currency {
        found.push(LineDifference::Currency {
            ordered: line.currency.clone(),
            listed: article.currency.clone(),
        });
    } else if let Some(listed) = article.price {
        // Compared as fractions: price ÷ base on each side, cross-multiplied so that nothing is rounded.
        let ordered_side = i128::from(line.unit_price.0) * i128::from(article.price_base_quantity.0);
        let listed_side = i128::from(listed.0) * i128::from(line.price_base_quantity.0);
        if ordered_side != listed_side {
            found.push(LineDifference::Price {
                ordered: line.unit_price,
                ordered_base: line.price_base_quantity,
                listed,
                base: article.price_base_quantity,
            });
        }
    }
    if line.unit != article.unit {
        found.push(LineDifference::Unit { ordered: line.unit.clone(), listed: article.unit.clone() });
    }
    if let Some(pack_size) = article.pack_size
        && pack_size.0 > 0
        && line.quantity.0 % pack_size.0 != 0
    {
        found.push(LineDifference::PackSize { pack_size });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(number: &str) -> PartnerArticle {
        PartnerArticle {
            number: number.to_owned(),
            name: String::new(),
            unit: "EA".to_owned(),
            price: Some(UnitPrice::whole(2)),
            price_base_quantity: Quantity::whole(1),
            currency: "NOK".to_owned(),
            gtin: None,
            pack_size: Some(Quantity::whole(100)),
        }
    }

    fn line(number: &str) -> LineFacts {
        LineFacts {
            supplier_article_number: number.to_owned(),
            gtin: None,
            quantity: Quantity::whole(100),
            unit: "EA".to_owned(),
            unit_price: UnitPrice::whole(200),
            price_base_quantity: Quantity::whole(100),
            currency: "NOK".to_owned(),
        }
    }

    #[test]
    fn a_tolerance_is_of_the_listed_price_for_one_of_the_unit() {
        let within = |ordered: &str, base: i64, listed: &str, tolerance: i64| {
            let ordered = (ordered.parse().unwrap(), Quantity::whole(base));
            within_tolerance(
                ordered,
                (listed.parse().unwrap(), Quantity::whole(1)),
                Percent::whole(tolerance),
            )
        };
        assert!(within("102", 1, "100", 2) && within("98", 1, "100", 2) && within("10200", 100, "100", 2));
        assert!(!within("102.000001", 1, "100", 2) && !within("101", 1, "100", 0));
        assert!(within("100", 1, "100", 0) && !within("1", 1, "0", 50));
        assert!(!within("999999999", 1, "1", 100));
    }

    #[test]
    fn only_identical_numbers_are_exact() {
        assert_eq!(judge(&line(" 11O07 "), &[article("11O07")], true).level, MatchLevel::Exact);
        let likely = judge(&line("11O07"), &[article("11007")], true);
        assert_eq!(likely.level, MatchLevel::Likely);
        assert_eq!(likely.reason, MatchReason::LookAlike { number: "11007".to_owned() });
        assert_eq!(
            judge(&line("7"), &[article("007")], true).reason,
            MatchReason::LeadingZeros { number: "007".to_owned() }
        );
        assert_eq!(
            judge(&line("a-1"), &[article("A1")], true).reason,
            MatchReason::Punctuation { number: "A1".to_owned() }
        );
    }

    #[test]
    fn many_none_and_unknown() {
        assert_eq!(judge(&line("X"), &[article("x"), article("X.")], true).level, MatchLevel::Several);
        assert_eq!(judge(&line("X"), &[], true).reason, MatchReason::NotFound);
        assert_eq!(judge(&line(""), &[], true).reason, MatchReason::NumberMissing);
        assert_eq!(judge(&line("X"), &[], false).level, MatchLevel::NotChecked);
    }

    #[test]
    fn a_price_per_hundred_equals_a_hundred_times_the_price() {
        let found = judge(&line("A"), &[article("A")], true);
        assert_eq!(found.differences, []);
        let mut odd = line("A");
        odd.quantity = Quantity::whole(250);
        odd.unit_price = UnitPrice::whole(190);
        odd.unit = "MTR".to_owned();
        assert_eq!(judge(&odd, &[article("A")], true).differences.len(), 3);
    }

    #[test]
    fn prices_in_different_currencies_are_not_compared() {
        let mut line = line("A");
        line.currency = "EUR".to_owned();
        let differs = LineDifference::Currency { ordered: "EUR".to_owned(), listed: "NOK".to_owned() };
        line.unit_price = UnitPrice::whole(7);
        assert_eq!(differences(&line, &article("A")), [differs]);
        let unpriced = PartnerArticle { price: None, ..article("A") };
        assert_eq!(differences(&line, &unpriced), []);
    }

    #[test]
    fn loose_keys() {
        assert_eq!(loose_key("0011-O07"), loose_key("11 007"));
        assert_eq!(loose_key("il1"), loose_key("111"));
        assert_ne!(loose_key("A1"), loose_key("A2"));
        assert_eq!(loose_key("000"), "000");
    }
}
