//! Two people, or two windows, over one order: what each did is put together field by field.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::fields::alike;
use super::{OrderInput, OrderLineInput};
use crate::ids::{ConflictId, OrderId};

/// A place in which both wrote something else. The merged state has what I wrote there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// A field of the merged state, `/lines/3/quantity`, or a whole line, `/lines/3`, when one took it away and the other changed it.
    pub pointer: String,
    pub base: String,
    /// What I wrote. For a whole line it is the line in short; empty when I took it away.
    pub mine: String,
    /// What the other wrote, in the same way.
    pub theirs: String,
}

/// What has to be chosen before a form can be saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderConflict {
    pub order_id: OrderId,
    pub number: String,
    /// The order's version now.
    pub version: i64,
    /// The order as it is now.
    pub theirs: OrderInput,
    /// What was typed and theirs, put together; what was typed stands where both wrote something.
    pub merged: Merged,
    /// Whose changes are in the way.
    pub by: Vec<String>,
    /// Names of the suppliers that are named by id.
    pub suppliers: Vec<(String, String)>,
    /// Where what was typed is kept until somebody has chosen; `None` when the form still has it.
    pub conflict_id: Option<ConflictId>,
}

/// What comes of two people's work over one state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merged {
    pub input: OrderInput,
    /// Empty when nothing has to be asked.
    pub conflicts: Vec<Conflict>,
}

impl Merged {
    /// The state after somebody has chosen: for each conflict whether theirs is taken. What is not chosen stays mine.
    pub fn resolve(&self, takes_theirs: impl Fn(&Conflict) -> bool) -> OrderInput {
        let mut input = self.input.clone();
        let mut gone = HashSet::new();
        for conflict in &self.conflicts {
            let chosen = if takes_theirs(conflict) { &conflict.theirs } else { &conflict.mine };
            match conflict.pointer.split('/').collect::<Vec<_>>()[..] {
                ["", "lines", at] => {
                    // The line stands there as the one who kept it wrote it.
                    if chosen.is_empty()
                        && let Some(line) = at.parse().ok().and_then(|at: usize| input.lines.get(at))
                    {
                        gone.insert(line.line_id.clone());
                    }
                }
                ["", "lines", at, field] => {
                    let line = at.parse().ok().and_then(|at: usize| input.lines.get_mut(at));
                    if let Some(text) = line.and_then(|line| line.field_mut(field)) {
                        chosen.clone_into(text);
                    }
                }
                ["", field] => {
                    if let Some(text) = input.field_mut(field) {
                        chosen.clone_into(text);
                    }
                }
                _ => {}
            }
        }
        input.lines.retain(|line| !gone.contains(&line.line_id));
        input
    }
}

/// Puts together what I and the other made of `base`.
///
/// A field that only one of us changed has what that one wrote; where both wrote the same, nothing is asked. Lines are the same line
/// when their `line_id` is equal; lines that came new are kept from both. A line that one took away and the other left alone is gone; a
/// line that one took away and the other changed is asked about, and stands there until then. Lines stand in my order when I moved
/// some, otherwise in theirs; a new line follows the line that it was written after.
pub fn merge(base: &OrderInput, mine: &OrderInput, theirs: &OrderInput) -> Merged {
    let mine = &recognised(base, mine, theirs);
    let (of_base, of_mine, of_theirs) = (by_id(base), by_id(mine), by_id(theirs));
    let mut input = OrderInput::default();
    let mut conflicts = Vec::new();
    for field in OrderInput::FIELDS {
        let told = text(field, base.field(field), mine.field(field), theirs.field(field), "", &mut conflicts);
        if let Some(merged) = input.field_mut(field) {
            told.clone_into(merged);
        }
    }
    let is_kept = |line: &OrderLineInput| {
        let id = line.line_id.as_str();
        let (before, other) = if of_mine.contains_key(id) {
            (of_base.get(id), of_theirs.get(id))
        } else {
            (of_base.get(id), of_mine.get(id))
        };
        // New, or there at both, or taken away by one and changed by the other.
        id.is_empty() || other.is_some() || before.is_none_or(|before| !before.is_alike(line))
    };
    let i_moved = moved(base, mine, &of_mine, &of_base);
    let (leading, following) = if i_moved { (mine, theirs) } else { (theirs, mine) };
    for line in sequence(base, leading, following, is_kept) {
        let id = line.line_id.as_str();
        let place = format!("/lines/{}", input.lines.len());
        let (before, here, there) = if id.is_empty() {
            (None, None, None)
        } else {
            (of_base.get(id), of_mine.get(id), of_theirs.get(id))
        };
        match (here, there) {
            (Some(here), Some(there)) => {
                let nothing = OrderLineInput::default();
                let before = before.copied().unwrap_or(&nothing);
                let mut merged = (*here).clone();
                for field in OrderLineInput::FIELDS {
                    let told = text(
                        field,
                        before.field(field),
                        here.field(field),
                        there.field(field),
                        &place,
                        &mut conflicts,
                    );
                    if let Some(merged) = merged.field_mut(field) {
                        told.clone_into(merged);
                    }
                }
                input.lines.push(merged);
            }
            (one, other) => {
                if let Some(before) = before {
                    let short =
                        |line: Option<&&OrderLineInput>| line.map(|line| line.summary()).unwrap_or_default();
                    conflicts.push(Conflict {
                        pointer: place,
                        base: before.summary(),
                        mine: short(one),
                        theirs: short(other),
                    });
                }
                input.lines.push(line.clone());
            }
        }
    }
    Merged { input, conflicts }
}

/// The text of one field: whoever changed it is believed; mine where both did, which is asked about.
fn text<'text>(
    field: &str,
    base: &str,
    mine: &'text str,
    theirs: &'text str,
    place: &str,
    conflicts: &mut Vec<Conflict>,
) -> &'text str {
    if alike(field, mine, theirs) || alike(field, theirs, base) {
        return mine;
    }
    if alike(field, mine, base) {
        return theirs;
    }
    conflicts.push(Conflict {
        pointer: format!("{place}/{field}"),
        base: base.to_owned(),
        mine: mine.to_owned(),
        theirs: theirs.to_owned(),
    });
    mine
}

/// My lines, where those without an id that are there already have it: a form that was sent, and sent again without its answer.
fn recognised(base: &OrderInput, mine: &OrderInput, theirs: &OrderInput) -> OrderInput {
    let known: HashSet<&str> =
        base.lines.iter().chain(&mine.lines).map(|line| line.line_id.as_str()).collect();
    let mut came: Vec<&OrderLineInput> =
        theirs.lines.iter().filter(|line| !known.contains(line.line_id.as_str())).collect();
    let mut mine = mine.clone();
    for line in mine.lines.iter_mut().filter(|line| line.line_id.is_empty()) {
        if let Some(at) = came.iter().position(|there| there.is_alike(line)) {
            came.remove(at).line_id.clone_into(&mut line.line_id);
        }
    }
    mine
}

/// Lines in the leading order, with those that only the other has after the line that they stood after.
fn sequence<'line>(
    base: &'line OrderInput,
    leading: &'line OrderInput,
    following: &'line OrderInput,
    is_kept: impl Fn(&OrderLineInput) -> bool,
) -> Vec<&'line OrderLineInput> {
    let led: HashSet<&str> =
        leading.lines.iter().map(|line| line.line_id.as_str()).filter(|id| !id.is_empty()).collect();
    // A line that was there before stands after the same line as then; a new one after the one that it was written after.
    let mut stood_after: HashMap<&str, &str> = HashMap::new();
    let mut last = "";
    for line in &base.lines {
        stood_after.insert(&line.line_id, last);
        last = if led.contains(line.line_id.as_str()) { &line.line_id } else { last };
    }
    let mut after: HashMap<&str, Vec<&OrderLineInput>> = HashMap::new();
    let mut last = "";
    for line in &following.lines {
        let id = line.line_id.as_str();
        if led.contains(id) {
            last = id;
        } else {
            last = stood_after.get(id).copied().unwrap_or(last);
            after.entry(last).or_default().push(line);
        }
    }
    let mut sequence: Vec<&OrderLineInput> = after.remove("").unwrap_or_default();
    for line in &leading.lines {
        sequence.push(line);
        if !line.line_id.is_empty() {
            sequence.extend(after.remove(line.line_id.as_str()).unwrap_or_default());
        }
    }
    sequence.retain(|line| is_kept(line));
    sequence
}

/// Whether the lines that were there before stand in another order now.
fn moved(
    base: &OrderInput,
    now: &OrderInput,
    of_now: &HashMap<&str, &OrderLineInput>,
    of_base: &HashMap<&str, &OrderLineInput>,
) -> bool {
    let before = base.lines.iter().filter(|line| of_now.contains_key(line.line_id.as_str()));
    let after = now.lines.iter().filter(|line| of_base.contains_key(line.line_id.as_str()));
    !before.map(|line| &line.line_id).eq(after.map(|line| &line.line_id))
}

fn by_id(input: &OrderInput) -> HashMap<&str, &OrderLineInput> {
    let with_id = input.lines.iter().filter(|line| !line.line_id.is_empty());
    with_id.map(|line| (line.line_id.as_str(), line)).collect()
}

#[cfg(test)]
#[path = "merge_tests.rs"]
mod tests;
