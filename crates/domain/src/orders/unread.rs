//! Cells of an order that cannot be read yet. The order has something neutral in their place; people are shown what was typed.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{OrderInput, OrderLine};
use crate::ids::OrderLineId;

/// A cell that is missing something or cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadCell {
    pub line_id: OrderLineId,
    /// The field's name, as in pointers: `quantity`.
    pub field: String,
    /// As it was typed; empty where something is missing.
    pub typed: String,
}

/// The cells of the order's lines that the text they were typed as does not give. A price that was left empty is one where nothing else
/// has given it.
pub fn unread_cells(lines: &[OrderLine], typed: &OrderInput) -> Vec<UnreadCell> {
    let kept: HashMap<OrderLineId, &OrderLine> = lines.iter().map(|line| (line.line_id, line)).collect();
    let mut cells = Vec::new();
    for line in &typed.lines {
        let Ok(line_id) = line.line_id.trim().parse() else { continue };
        let Some(kept) = kept.get(&line_id) else { continue };
        let faults = line.faults();
        let mut fields: Vec<&str> =
            faults.iter().map(|fault| fault.pointer.trim_start_matches('/')).collect();
        if line.unit_price.trim().is_empty() && kept.unit_price.0 == 0 {
            fields.push("unit_price");
        }
        fields.sort_unstable();
        fields.dedup();
        let cell = |field: &str| UnreadCell {
            line_id,
            field: field.to_owned(),
            typed: line.field(field).trim().to_owned(),
        };
        cells.extend(fields.into_iter().map(cell));
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decimal::{Percent, Quantity, UnitPrice};
    use crate::money::Money;
    use crate::orders::OrderLineInput;

    #[test]
    fn what_cannot_be_read_is_not_compared() {
        let line_id: OrderLineId = "01890000-0000-7000-8000-000000000001".parse().expect("an id");
        let line = OrderLine {
            line_id,
            line_number: 1,
            article_id: None,
            article_number: "N-1".to_owned(),
            description: String::new(),
            supplier_article_number: String::new(),
            gtin: None,
            quantity: Quantity::whole(2),
            unit: String::new(),
            unit_price: UnitPrice(0),
            price_base_quantity: Quantity::whole(1),
            discount_percent: Percent(0),
            vat_rate: Percent::whole(25),
            amount: Money(0),
            note: String::new(),
        };
        let typed = |unit: &str, price: &str| OrderInput {
            lines: vec![OrderLineInput {
                line_id: line_id.to_string(),
                article_number: "N-1".to_owned(),
                quantity: "2".to_owned(),
                unit: unit.to_owned(),
                unit_price: price.to_owned(),
                ..OrderLineInput::default()
            }],
            ..OrderInput::default()
        };
        let compared = |unit: &str, price: &str| {
            let unread = unread_cells(std::slice::from_ref(&line), &typed(unit, price));
            let facts = line.facts("NOK", &unread);
            (facts.unit_price, facts.unit)
        };
        assert_eq!(compared("alen", "ti"), (None, "EA".to_owned()));
        assert_eq!(compared("alen", ""), (None, "EA".to_owned()), "a price that is missing is none");
        // What somebody wrote as nothing is compared.
        assert_eq!(compared("EA", "0"), (Some(UnitPrice(0)), String::new()));
    }
}
