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
