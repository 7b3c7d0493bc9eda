//! What differs between a line and the article that it means: hints, each of its own, that never change the level.

use serde::{Deserialize, Serialize};

use super::{FarOff, LineFacts, PartnerArticle};
use crate::articles::ArticleStatus;
use crate::decimal::{Percent, Quantity, SCALE, UnitPrice};
use crate::units::{self, Ratio};

/// Something that differs between a line and the article it means. Quantities are in the line's unit where nothing else is said.
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
    Currency { ordered: String, listed: String },
    /// The units differ, and one cannot be turned into the other exactly.
    Unit { ordered: String, listed: String },
    /// The supplier sells in another unit, of which the line is exactly so many.
    UnitConverted {
        ordered: String,
        ordered_quantity: Quantity,
        listed: String,
        /// In the supplier's unit.
        quantity: Quantity,
    },
    /// The quantity is not a whole number of packs.
    PackSize {
        pack_size: Quantity,
        /// The nearest quantities that are; none below the first pack, and none above what a quantity can be.
        below: Option<Quantity>,
        above: Option<Quantity>,
    },
    /// The supplier sells no fewer.
    MinimumQuantity { minimum: Quantity },
    /// The supplier sells what is left of it.
    GoingOut,
    /// The supplier does not sell it any longer.
    Discontinued,
    /// Another article has taken its place; `name` where that one is in the supplier's catalogue.
    Replaced { by: String, name: Option<String> },
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
    difference == 0 || left.zip(right).is_some_and(|(left, right)| left <= right)
}

/// Price or currency, unit, pack size, minimum quantity and whether it is still sold. `tolerance` is for the price; `named` gives the name of
/// an article of the supplier by its number.
pub fn differences(
    line: &LineFacts,
    article: &PartnerArticle,
    tolerance: Percent,
    named: impl Fn(&str) -> Option<String>,
) -> Vec<LineDifference> {
    let mut found = Vec::new();
    let ratio = units::ratio(&line.unit, &article.unit);
    price(&mut found, line, article, ratio, tolerance);
    quantity(&mut found, line, article, ratio);
    match (&article.replaced_by, article.status) {
        (Some(by), _) => found.push(LineDifference::Replaced { by: by.clone(), name: named(by) }),
        (None, ArticleStatus::Discontinued) => found.push(LineDifference::Discontinued),
        (None, ArticleStatus::GoingOut) => found.push(LineDifference::GoingOut),
        (None, ArticleStatus::Active) => {}
    }
    found
}

fn price(
    found: &mut Vec<LineDifference>,
    line: &LineFacts,
    article: &PartnerArticle,
    ratio: Option<Ratio>,
    tolerance: Percent,
) {
    let (Some(listed), Some(ordered)) = (article.price, line.unit_price) else { return };
    if line.currency != article.currency {
        found.push(LineDifference::Currency {
            ordered: line.currency.clone(),
            listed: article.currency.clone(),
        });
        return;
    }
    // Prices for units of which nobody knows how many go into each other cannot be compared; the question about the unit comes first.
    let Some((listed, base)) = ratio.and_then(|ratio| in_unit(listed, article.price_base_quantity, ratio))
    else {
        return;
    };
    let (ordered, compared) = ((ordered, line.price_base_quantity), (listed, base));
    // A tenth is within a tolerance of 90 %, and nobody means that by it.
    if FarOff::of(ordered, compared).is_some() || !within_tolerance(ordered, compared, tolerance) {
        found.push(LineDifference::Price { ordered: ordered.0, ordered_base: ordered.1, listed, base });
    }
}

/// A price for a quantity of the supplier's unit as one for a quantity of the line's; both are multiplied where that makes them exact.
fn in_unit(price: UnitPrice, base: Quantity, ratio: Ratio) -> Option<(UnitPrice, Quantity)> {
    let back = ratio.reversed();
    match back.convert(base) {
        Some(base) => Some((price, base)),
        None => {
            let base = back.convert(Quantity(base.0.checked_mul(back.per)?))?;
            Some((UnitPrice(price.0.checked_mul(back.per)?), base))
        }
    }
}

fn quantity(
    found: &mut Vec<LineDifference>,
    line: &LineFacts,
    article: &PartnerArticle,
    ratio: Option<Ratio>,
) {
    let there = ratio.and_then(|ratio| ratio.convert(line.quantity));
    let in_lines_unit = |quantity: Option<Quantity>| -> Option<Option<Quantity>> {
        let Some(quantity) = quantity else { return Some(None) };
        ratio?.reversed().convert(quantity).map(Some)
    };
    let (pack, minimum) = (in_lines_unit(article.pack_size), in_lines_unit(article.minimum_quantity));
    let (Some(there), Some(pack), Some(minimum)) = (there, pack, minimum) else {
        found.push(LineDifference::Unit { ordered: line.unit.clone(), listed: article.unit.clone() });
        return;
    };
    // Nothing is wrong with a quantity that is not written yet; one below nothing is told as a fault of its own.
    if line.quantity.0 <= 0 {
        return;
    }
    if ratio != Some(Ratio::ONE) {
        found.push(LineDifference::UnitConverted {
            ordered: line.unit.clone(),
            ordered_quantity: line.quantity,
            listed: article.unit.clone(),
            quantity: there,
        });
    }
    if let Some(pack_size) = pack.filter(|pack| pack.0 > 0 && line.quantity.0 % pack.0 != 0) {
        // What is proposed can be ordered: whole packs, and no fewer than the supplier sells.
        let least = minimum.map_or(0, |minimum| minimum.0);
        let enough = least.checked_add((-least).rem_euclid(pack_size.0));
        let below = line.quantity.0 - line.quantity.0.rem_euclid(pack_size.0);
        let above = below.checked_add(pack_size.0).zip(enough).map(|(above, enough)| above.max(enough));
        found.push(LineDifference::PackSize {
            pack_size,
            below: (below > 0 && below >= least).then_some(Quantity(below)),
            above: above.map(Quantity),
        });
    }
    if let Some(minimum) = minimum.filter(|minimum| line.quantity < *minimum) {
        found.push(LineDifference::MinimumQuantity { minimum });
    }
}
