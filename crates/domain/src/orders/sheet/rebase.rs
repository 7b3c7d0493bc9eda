//! What others have changed comes into the sheet, and into everything that can still be undone: so undo takes back what was done here,
//! and leaves what others did.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Column, Sheet, SheetLine, Splice, Step};

/// Steps that outlive a change by others; each is computed anew.
const KEPT_STEPS: usize = 100;

impl Sheet {
    /// Puts in what others have changed: `lines` are the lines as they are to be now, with the keys of those that are here. It is no step.
    /// Gives what changed on the way, for the screen.
    pub fn take_in(&mut self, lines: Vec<SheetLine>) -> Vec<Splice> {
        let next = lines.iter().map(|line| line.key + 1).max().unwrap_or_default();
        self.next_key = self.next_key.max(next);
        let now = self.lines.clone();
        let theirs = Theirs::new(&now, &lines);
        let mut done: VecDeque<Step> = VecDeque::new();
        let (mut state, mut after) = (now.clone(), lines.clone());
        while let Some(step) = self.done.pop_back().filter(|_| done.len() < KEPT_STEPS) {
            for splice in step.splices.iter().rev() {
                put(&mut state, &splice.reversed());
            }
            let before = theirs.onto(&state);
            if let Some(step) = between(&before, &after, &step) {
                done.push_front(step);
            }
            after = before;
        }
        let mut undone: Vec<Step> = Vec::new();
        let (mut state, mut before) = (now.clone(), lines.clone());
        while let Some(step) = self.undone.pop().filter(|_| undone.len() < KEPT_STEPS) {
            for splice in &step.splices {
                put(&mut state, splice);
            }
            let after = theirs.onto(&state);
            undone.extend(between(&before, &after, &step));
            before = after;
        }
        undone.reverse();
        (self.done, self.undone) = (done, undone);
        self.lines = lines;
        let mut splices: Vec<Splice> = difference(&now, &self.lines).into_iter().collect();
        if let Some(last) = self.empty_last() {
            self.apply(&last);
            splices.push(last);
        }
        splices
    }
}

/// The step with the same name between two states; none when nothing is left of it.
fn between(before: &[SheetLine], after: &[SheetLine], step: &Step) -> Option<Step> {
    let splice = difference(before, after)?;
    Some(Step { name: step.name.clone(), splices: vec![splice] })
}

fn put(lines: &mut Vec<SheetLine>, splice: &Splice) {
    let first = splice.at.min(lines.len());
    let end = (first + splice.removed.len()).min(lines.len());
    lines.splice(first..end, splice.inserted.iter().cloned());
}

/// The one splice that makes the first the second; none when they are equal.
fn difference(before: &[SheetLine], after: &[SheetLine]) -> Option<Splice> {
    let at = before.iter().zip(after).take_while(|(old, new)| old == new).count();
    let (old, new) = (before.get(at..)?, after.get(at..)?);
    let same = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let removed = old.get(..old.len() - same)?.to_vec();
    let inserted = new.get(..new.len() - same)?.to_vec();
    (!removed.is_empty() || !inserted.is_empty()).then_some(Splice { at, removed, inserted })
}

/// What others have changed.
struct Theirs<'a> {
    now: BTreeMap<usize, &'a SheetLine>,
    new: BTreeMap<usize, &'a SheetLine>,
    order: &'a [SheetLine],
}

impl<'a> Theirs<'a> {
    fn new(now: &'a [SheetLine], new: &'a [SheetLine]) -> Self {
        let by_key = |lines: &'a [SheetLine]| lines.iter().map(|line| (line.key, line)).collect();
        Self { now: by_key(now), new: by_key(new), order: new }
    }

    /// A state of before or after with what others changed. A cell that is another there than now was changed here, and stays.
    fn onto(&self, state: &[SheetLine]) -> Vec<SheetLine> {
        let mut made: Vec<SheetLine> = state.iter().filter_map(|line| self.line(line)).collect();
        let here: BTreeSet<usize> = made.iter().map(|line| line.key).collect();
        let mut before: Option<usize> = None;
        for line in self.order {
            if !self.now.contains_key(&line.key) && !here.contains(&line.key) {
                let at = before.and_then(|key| made.iter().position(|known| known.key == key));
                made.insert(at.map_or(0, |at| at + 1), line.clone());
                before = Some(line.key);
            } else if here.contains(&line.key) {
                before = Some(line.key);
            }
        }
        made
    }

    fn line(&self, line: &SheetLine) -> Option<SheetLine> {
        let Some(now) = self.now.get(&line.key) else { return Some(line.clone()) };
        let new = self.new.get(&line.key)?;
        let mut made = SheetLine { key: line.key, text: new.text.clone() };
        for column in Column::ALL {
            if column.of(&line.text) != column.of(&now.text) {
                column.set(&mut made.text, column.of(&line.text).to_owned());
            }
        }
        Some(made)
    }
}
