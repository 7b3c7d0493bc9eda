//! What is different between two states of an order: for the list of its versions, and to find an earlier state again.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::fields::alike;
use super::{OrderInput, OrderLineInput};
use crate::time::Timestamp;

/// One difference between two states of an order. Lines are the same line when their `line_id` is equal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum OrderDifference {
    /// A field of the head.
    Head { field: String, old: String, new: String },
    /// A line came, at the index in the new state.
    Added { at: usize, line: OrderLineInput },
    /// A line went, from the index in the old state.
    Removed { at: usize, line: OrderLineInput },
    /// A line that both have was moved, by indexes among the lines that both have.
    Moved { line_id: String, from: usize, to: usize },
    /// A field of a line that both have; `at` is its index in the new state.
    Line { line_id: String, at: usize, field: String, old: String, new: String },
}

/// What one person changed in one sitting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderVersion {
    /// The version that it ended with.
    pub version: i64,
    /// When it ended.
    pub at: Timestamp,
    pub actor: String,
    pub differences: Vec<OrderDifference>,
}

/// The differences from `old` to `new`; empty when both say the same. Texts that say the same are no difference.
pub fn differences(old: &OrderInput, new: &OrderInput) -> Vec<OrderDifference> {
    let mut found = Vec::new();
    for field in OrderInput::FIELDS {
        let (before, after) = (old.field(field), new.field(field));
        if !alike(field, before, after) {
            found.push(OrderDifference::Head {
                field: field.to_owned(),
                old: before.to_owned(),
                new: after.to_owned(),
            });
        }
    }
    let (before, after) = (by_key(&old.lines), by_key(&new.lines));
    let keys = |lines: &[OrderLineInput]| {
        lines.iter().enumerate().map(|(at, line)| key(at, line)).collect::<Vec<_>>()
    };
    let (old_keys, new_keys) = (keys(&old.lines), keys(&new.lines));
    for (at, line) in old.lines.iter().enumerate().filter(|(at, _)| !after.contains_key(&old_keys[*at])) {
        found.push(OrderDifference::Removed { at, line: line.clone() });
    }
    let stayed = |keys: &[String], other: &HashMap<String, &OrderLineInput>| {
        keys.iter().filter(|key| other.contains_key(*key)).cloned().collect::<Vec<_>>()
    };
    found.extend(moves(stayed(&old_keys, &after), &stayed(&new_keys, &before)));
    for (at, line) in new.lines.iter().enumerate() {
        let Some(earlier) = before.get(&new_keys[at]) else {
            found.push(OrderDifference::Added { at, line: line.clone() });
            continue;
        };
        for field in OrderLineInput::FIELDS {
            let (old, new) = (earlier.field(field), line.field(field));
            if !alike(field, old, new) {
                let (line_id, field) = (new_keys[at].clone(), field.to_owned());
                found.push(OrderDifference::Line {
                    line_id,
                    at,
                    field,
                    old: old.to_owned(),
                    new: new.to_owned(),
                });
            }
        }
    }
    found
}

/// The state before the differences came about; `new` is the state after them.
pub fn undone(new: &OrderInput, differences: &[OrderDifference]) -> OrderInput {
    let mut state = new.clone();
    let added: HashSet<&str> = differences
        .iter()
        .filter_map(|difference| match difference {
            OrderDifference::Added { line, .. } => Some(line.line_id.as_str()),
            _ => None,
        })
        .collect();
    for difference in differences {
        match difference {
            OrderDifference::Head { field, old, .. } => {
                if let Some(text) = state.field_mut(field) {
                    old.clone_into(text);
                }
            }
            OrderDifference::Line { at, field, old, .. } => {
                if let Some(text) = state.lines.get_mut(*at).and_then(|line| line.field_mut(field)) {
                    old.clone_into(text);
                }
            }
            _ => {}
        }
    }
    state.lines.retain(|line| !added.contains(line.line_id.as_str()));
    for difference in differences.iter().rev() {
        if let OrderDifference::Moved { from, to, .. } = difference
            && *to < state.lines.len()
        {
            let line = state.lines.remove(*to);
            state.lines.insert((*from).min(state.lines.len()), line);
        }
    }
    for difference in differences {
        if let OrderDifference::Removed { at, line } = difference {
            state.lines.insert((*at).min(state.lines.len()), line.clone());
        }
    }
    state
}

/// The moves that turn one order of the same keys into the other. Each place is put right once, so that keys that stand twice, or on one
/// side only, end it as well.
fn moves(mut order: Vec<String>, wanted: &[String]) -> Vec<OrderDifference> {
    let mut moves = Vec::new();
    for at in 0..order.len().min(wanted.len()) {
        if order[at] == wanted[at] {
            continue;
        }
        let below = |keys: &[String], key: &String| {
            keys.iter().skip(at + 1).position(|known| known == key).map(|place| place + at + 1)
        };
        // When the next one is wanted here, this one was moved down; otherwise the wanted one was moved up.
        let is_next = order.get(at + 1) == Some(&wanted[at]);
        let down = below(wanted, &order[at]).filter(|_| is_next).map(|to| (at, to.min(order.len() - 1)));
        let Some((from, to)) = down.or_else(|| below(&order, &wanted[at]).map(|from| (from, at))) else {
            continue;
        };
        let line_id = order.remove(from);
        order.insert(to, line_id.clone());
        moves.push(OrderDifference::Moved { line_id, from, to });
    }
    moves
}

/// Lines by what makes them the same line; one that has no id yet is only itself.
fn by_key(lines: &[OrderLineInput]) -> HashMap<String, &OrderLineInput> {
    lines.iter().enumerate().map(|(at, line)| (key(at, line), line)).collect()
}

fn key(at: usize, line: &OrderLineInput) -> String {
    if line.line_id.is_empty() { format!("#{at}") } else { line.line_id.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{Random, order_input, varied};

    #[test]
    fn an_earlier_state_is_found_again() {
        let mut random = Random::new(7);
        for _ in 0..2_000 {
            let old = order_input(&mut random);
            let new = varied(&mut random, &old);
            let found = differences(&old, &new);
            let back = undone(&new, &found);
            assert_eq!(differences(&old, &back), [], "\n{old:#?}\n{new:#?}\n{found:#?}");
            assert_eq!(ids(&old), ids(&back));
        }
    }

    fn ids(input: &OrderInput) -> Vec<&str> {
        input.lines.iter().map(|line| line.line_id.as_str()).collect()
    }

    #[test]
    fn one_line_moved_is_one_move() {
        let line = |id: usize| OrderLineInput { line_id: id.to_string(), ..OrderLineInput::default() };
        let state = |order: &[usize]| OrderInput {
            lines: order.iter().map(|id| line(*id)).collect(),
            ..OrderInput::default()
        };
        for moved in [[1, 2, 3, 4, 0], [4, 0, 1, 2, 3], [0, 2, 3, 1, 4], [0, 1, 3, 2, 4]] {
            let found = differences(&state(&[0, 1, 2, 3, 4]), &state(&moved));
            assert_eq!(found.len(), 1, "{moved:?}: {found:?}");
        }
    }
    #[test]
    fn equal_ids_end_the_comparison() {
        let line = |id: &str| OrderLineInput { line_id: id.to_owned(), ..OrderLineInput::default() };
        let state =
            |ids: &str| OrderInput { lines: ids.split(' ').map(line).collect(), ..OrderInput::default() };
        let states = ["A B", "A A B", "B B A", "A B A", "B A B A", "A A A B", "B A C A", "C B B A A"];
        for old in states.map(state) {
            for new in states.map(state) {
                undone(&new, &differences(&old, &new));
            }
        }
    }
}
