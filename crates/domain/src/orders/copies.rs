//! What is ordered again: an order's lines in another order, and lines kept under a name.

use serde::{Deserialize, Serialize};

use super::{OrderLine, OrderLineInput};
use crate::decimal::{Quantity, UnitPrice};
use crate::ids::{ContactId, TemplateId};
use crate::matching::OwnArticle;
use crate::time::Timestamp;

/// The longest name of a template.
pub const MAX_TEMPLATE_NAME: usize = 100;
/// The most templates there are at once.
pub const MAX_TEMPLATES: i64 = 500;

/// A price that is another today than when it was ordered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceChange {
    /// From 1.
    pub line_number: i32,
    pub article_number: String,
    pub old: UnitPrice,
    pub old_base_quantity: Quantity,
    pub new: UnitPrice,
    pub new_base_quantity: Quantity,
}

/// A line of an order or a template, with today's price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopiedLine {
    /// Without the id that it had.
    pub line: OrderLineInput,
    pub change: Option<PriceChange>,
}

/// A line with what the registers know of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilledLine {
    pub line: OrderLineInput,
    /// The quantity that the article's price is for, where the article is known and the line is in its unit.
    pub listed_base: Option<Quantity>,
    /// The article that one of its numbers is, as it stands.
    pub known: Option<OwnArticle>,
}

impl FilledLine {
    /// What the article's price is for, when the line has a price of its own that says nothing of what it is for. It is read as for one,
    /// and whoever wrote it knows whether that is meant.
    pub fn unsaid_base(&self) -> Option<Quantity> {
        let is_unsaid =
            !self.line.unit_price.trim().is_empty() && self.line.price_base_quantity.trim().is_empty();
        self.listed_base.filter(|base| is_unsaid && *base != Quantity::whole(1))
    }
}

/// *Mal*: lines kept under a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderTemplate {
    pub template_id: TemplateId,
    pub name: String,
    pub supplier_id: Option<ContactId>,
    pub supplier_name: Option<String>,
    pub currency: String,
    pub lines: Vec<OrderLineInput>,
    pub created_by: String,
    pub updated_at: Timestamp,
}

/// A row of the list *Maler*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderTemplateRow {
    pub template_id: TemplateId,
    pub name: String,
    pub supplier_name: Option<String>,
    pub line_count: i64,
    pub created_by: String,
    pub updated_at: Timestamp,
}

/// Lines whose price is another than in the order that they were copied from, by their place in it.
pub fn price_changes(from: &[OrderLine], to: &[OrderLine]) -> Vec<PriceChange> {
    from.iter()
        .zip(to)
        .filter(|(old, new)| old.article_number == new.article_number)
        .filter(|(old, new)| {
            differs(old.unit_price, old.price_base_quantity, new.unit_price, new.price_base_quantity)
        })
        .map(|(old, new)| PriceChange {
            line_number: new.line_number,
            article_number: new.article_number.clone(),
            old: old.unit_price,
            old_base_quantity: old.price_base_quantity,
            new: new.unit_price,
            new_base_quantity: new.price_base_quantity,
        })
        .collect()
}

/// Whether one costs another: 100 for 10 is 10 for 1.
pub fn differs(old: UnitPrice, old_base: Quantity, new: UnitPrice, new_base: Quantity) -> bool {
    i128::from(old.0) * i128::from(new_base.0) != i128::from(new.0) * i128::from(old_base.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_that_says_nothing_of_its_quantity_asks() {
        let unsaid = |price: &str, per: &str, base: Option<i64>| {
            let line = OrderLineInput {
                unit_price: price.to_owned(),
                price_base_quantity: per.to_owned(),
                ..OrderLineInput::default()
            };
            FilledLine { line, listed_base: base.map(Quantity::whole), known: None }.unsaid_base()
        };
        assert_eq!(unsaid("3,5", "", Some(100)), Some(Quantity::whole(100)));
        assert_eq!(unsaid("3,5", "", Some(1)), None);
        assert_eq!(unsaid("3,5", "1", Some(100)), None, "it is said");
        assert_eq!(unsaid("", "", Some(100)), None, "without a price there is nothing to ask");
        assert_eq!(unsaid("3,5", "", None), None);
    }

    #[test]
    fn a_price_is_compared_for_the_same_quantity() {
        let cost = |price: i64, base: i64| (UnitPrice::whole(price), Quantity::whole(base));
        let compare =
            |old: (UnitPrice, Quantity), new: (UnitPrice, Quantity)| differs(old.0, old.1, new.0, new.1);
        assert!(!compare(cost(100, 10), cost(10, 1)));
        assert!(compare(cost(100, 10), cost(11, 1)));
        assert!(!compare(cost(999_999_999, 999_999_999), cost(1, 1)));
    }
}
