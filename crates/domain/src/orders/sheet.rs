//! The lines of the order form as a sheet of texts: commands that change it, and the way back from each.
//!
//! Every command is a handful of splices: some lines take the place of others. The inverse of a splice is a splice, so undo and redo
//! are the same few lines for every command there is, and a command cannot forget how it is undone.

mod cells;
mod rebase;

use std::collections::VecDeque;

use super::{MAX_LINES, OrderLineInput};

pub use cells::{Area, Column, Place};

/// So many steps can be undone; older ones are forgotten.
pub const MAX_STEPS: usize = 500;

/// A line that keeps its key while lines before it come and go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetLine {
    pub key: usize,
    pub text: OrderLineInput,
}

/// Something that a person does to the lines. Places that are not there do nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    SetCell {
        place: Place,
        text: String,
    },
    /// The article that was chosen fills several cells of a line at once.
    FillLine {
        line: usize,
        text: Box<OrderLineInput>,
    },
    /// An empty line before the one at this place.
    InsertEmpty {
        at: usize,
    },
    /// Lines in the place of the empty ones at the end.
    Append {
        lines: Vec<OrderLineInput>,
    },
    Delete {
        first: usize,
        count: usize,
    },
    /// A line goes where the one at `to` stands.
    Move {
        from: usize,
        to: usize,
    },
    Clear {
        area: Area,
    },
    /// Rows of texts from a cell on, to the right and down; what has no column is left out.
    Paste {
        at: Place,
        rows: Vec<Vec<String>>,
    },
    /// Everything anew: lines that were restored, or that somebody else changed.
    Replace {
        lines: Vec<SheetLine>,
    },
}

/// What a step was, to be told. Line numbers are from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepName {
    Changed { column: Column, line: usize, from: String, to: String },
    Filled { line: usize, number: String },
    Inserted { line: usize },
    Appended { count: usize },
    Deleted { line: usize, count: usize },
    Moved { from: usize, to: usize },
    Cleared { cells: usize },
    Pasted { cells: usize },
    Replaced,
}

/// Lines in the place of others: what the screen has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Splice {
    pub at: usize,
    pub removed: Vec<SheetLine>,
    pub inserted: Vec<SheetLine>,
}

impl Splice {
    /// The first cell that is another than before.
    pub fn first_change(&self) -> Place {
        let changed = |(old, new): (&SheetLine, &SheetLine)| old != new;
        let at = self.removed.iter().zip(&self.inserted).position(changed);
        let offset = at.unwrap_or(self.removed.len().min(self.inserted.len()));
        let column = match (self.removed.get(offset), self.inserted.get(offset)) {
            (Some(old), Some(new)) if old.key == new.key => {
                Column::ALL.into_iter().find(|column| column.of(&old.text) != column.of(&new.text))
            }
            _ => None,
        };
        Place { line: self.at + offset, column: column.unwrap_or(Column::ArticleNumber) }
    }

    fn reversed(&self) -> Self {
        Self { at: self.at, removed: self.inserted.clone(), inserted: self.removed.clone() }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Step {
    name: StepName,
    splices: Vec<Splice>,
}

/// The lines, and the way back and forth. There is always a last line that is empty, as long as an order may have one more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    lines: Vec<SheetLine>,
    next_key: usize,
    done: VecDeque<Step>,
    undone: Vec<Step>,
}

impl Sheet {
    /// A sheet of these lines; their keys are their places.
    pub fn new(lines: impl IntoIterator<Item = OrderLineInput>) -> Self {
        let lines: Vec<SheetLine> =
            lines.into_iter().enumerate().map(|(key, text)| SheetLine { key, text }).collect();
        let mut sheet = Self { next_key: lines.len(), lines, ..Self::default() };
        if let Some(last) = sheet.empty_last() {
            sheet.apply(&last);
        }
        sheet
    }

    /// The lines from the first to the last.
    pub fn lines(&self) -> &[SheetLine] {
        &self.lines
    }

    /// The place of the line with the key.
    pub fn place_of(&self, key: usize) -> Option<usize> {
        self.lines.iter().position(|line| line.key == key)
    }

    /// A key that no line has had.
    pub fn new_key(&mut self) -> usize {
        let key = self.next_key;
        self.next_key += 1;
        key
    }

    /// The step that [`Sheet::undo`] would take back.
    pub fn undo_name(&self) -> Option<&StepName> {
        self.done.back().map(|step| &step.name)
    }

    /// Does something, and says what changed; empty when it changed nothing.
    pub fn run(&mut self, command: Command) -> Vec<Splice> {
        let Some((name, first)) = self.planned(command) else { return Vec::new() };
        if first.removed == first.inserted {
            return Vec::new();
        }
        self.apply(&first);
        let mut splices = vec![first];
        if let Some(last) = self.empty_last() {
            self.apply(&last);
            splices.push(last);
        }
        self.undone.clear();
        self.done.push_back(Step { name, splices: splices.clone() });
        if self.done.len() > MAX_STEPS {
            self.done.pop_front();
        }
        splices
    }

    /// Takes the last step back: its name, and what changed.
    pub fn undo(&mut self) -> Option<(StepName, Vec<Splice>)> {
        let step = self.done.pop_back()?;
        let splices: Vec<Splice> = step.splices.iter().rev().map(Splice::reversed).collect();
        for splice in &splices {
            self.apply(splice);
        }
        let name = step.name.clone();
        self.undone.push(step);
        Some((name, splices))
    }

    /// Does the step again that was taken back last.
    pub fn redo(&mut self) -> Option<(StepName, Vec<Splice>)> {
        let step = self.undone.pop()?;
        for splice in &step.splices {
            self.apply(splice);
        }
        let told = (step.name.clone(), step.splices.clone());
        self.done.push_back(step);
        Some(told)
    }

    fn apply(&mut self, splice: &Splice) {
        let first = splice.at.min(self.lines.len());
        let end = (first + splice.removed.len()).min(self.lines.len());
        self.lines.splice(first..end, splice.inserted.iter().cloned());
    }

    /// An empty line at the end, when there is none and one more may be.
    fn empty_last(&mut self) -> Option<Splice> {
        let full = self.lines.last().is_none_or(|last| !last.text.is_empty());
        (full && self.lines.len() < MAX_LINES).then(|| {
            let empty = SheetLine { key: self.new_key(), text: OrderLineInput::default() };
            Splice { at: self.lines.len(), removed: Vec::new(), inserted: vec![empty] }
        })
    }

    fn planned(&mut self, command: Command) -> Option<(StepName, Splice)> {
        match command {
            Command::SetCell { place, text } => self.set_cell(place, text),
            Command::FillLine { line, text } => {
                let name = StepName::Filled { line: line + 1, number: text.article_number.clone() };
                Some((name, self.changed(line, 1, |_, known| known.text = (*text).clone())?))
            }
            Command::InsertEmpty { at } => {
                if self.lines.len() >= MAX_LINES || at > self.lines.len() {
                    return None;
                }
                let empty = SheetLine { key: self.new_key(), text: OrderLineInput::default() };
                let splice = Splice { at, removed: Vec::new(), inserted: vec![empty] };
                Some((StepName::Inserted { line: at + 1 }, splice))
            }
            Command::Append { lines } => self.append(lines),
            Command::Delete { first, count } => {
                let removed = self.lines.get(first..(first + count).min(self.lines.len()))?.to_vec();
                let name = StepName::Deleted { line: first + 1, count: removed.len() };
                Some((name, Splice { at: first, removed, inserted: Vec::new() }))
            }
            Command::Move { from, to } => {
                let (first, last) = (from.min(to), from.max(to));
                let removed = self.lines.get(first..=last)?.to_vec();
                let mut inserted = removed.clone();
                if from < to {
                    inserted.rotate_left(1)
                } else {
                    inserted.rotate_right(1)
                }
                Some((
                    StepName::Moved { from: from + 1, to: to + 1 },
                    Splice { at: first, removed, inserted },
                ))
            }
            Command::Clear { area } => {
                let count = area.last.line - area.first.line + 1;
                let splice = self.changed(area.first.line, count, |_, line| {
                    for column in area.columns() {
                        column.set(&mut line.text, String::new());
                    }
                })?;
                Some((StepName::Cleared { cells: area.cells() }, splice))
            }
            Command::Paste { at, rows } => self.paste(at, &rows),
            Command::Replace { lines } => {
                let same = self.lines.iter().zip(&lines).take_while(|(old, new)| old == new).count();
                let next = lines.iter().map(|line| line.key + 1).max().unwrap_or_default();
                self.next_key = self.next_key.max(next);
                let splice = Splice {
                    at: same,
                    removed: self.lines[same..].to_vec(),
                    inserted: lines.into_iter().skip(same).take(MAX_LINES.saturating_sub(same)).collect(),
                };
                Some((StepName::Replaced, splice))
            }
        }
    }

    /// The splice that changes lines where they stand.
    fn changed(
        &self,
        first: usize,
        count: usize,
        mut change: impl FnMut(usize, &mut SheetLine),
    ) -> Option<Splice> {
        let removed = self.lines.get(first..(first + count).min(self.lines.len()))?.to_vec();
        let mut inserted = removed.clone();
        for (index, line) in inserted.iter_mut().enumerate() {
            change(index, line);
        }
        Some(Splice { at: first, removed, inserted })
    }

    fn set_cell(&mut self, place: Place, text: String) -> Option<(StepName, Splice)> {
        let Place { line, column } = place;
        let from = column.of(&self.lines.get(line)?.text).to_owned();
        let splice = self.changed(line, 1, |_, known| column.set(&mut known.text, text.clone()))?;
        Some((StepName::Changed { column, line: line + 1, from, to: text }, splice))
    }

    fn append(&mut self, lines: Vec<OrderLineInput>) -> Option<(StepName, Splice)> {
        let filled = self.lines.iter().rposition(|line| !line.text.is_empty()).map_or(0, |last| last + 1);
        let room = MAX_LINES - filled.min(MAX_LINES);
        let inserted: Vec<SheetLine> =
            lines.into_iter().take(room).map(|text| SheetLine { key: self.new_key(), text }).collect();
        if inserted.is_empty() {
            return None;
        }
        let name = StepName::Appended { count: inserted.len() };
        let removed = self.lines.get(filled..)?.to_vec();
        Some((name, Splice { at: filled, removed, inserted }))
    }

    fn paste(&mut self, at: Place, rows: &[Vec<String>]) -> Option<(StepName, Splice)> {
        let rows = rows.get(..rows.len().min(MAX_LINES.saturating_sub(at.line)))?;
        let removed = self.lines.get(at.line..(at.line + rows.len()).min(self.lines.len()))?.to_vec();
        let mut inserted = removed.clone();
        while inserted.len() < rows.len() {
            inserted.push(SheetLine { key: self.new_key(), text: OrderLineInput::default() });
        }
        let mut cells = 0;
        for (line, row) in inserted.iter_mut().zip(rows) {
            for (column, text) in Column::ALL.into_iter().skip(at.column.index()).zip(row) {
                column.set(&mut line.text, text.clone());
                cells += 1;
            }
        }
        Some((StepName::Pasted { cells }, Splice { at: at.line, removed, inserted }))
    }
}

#[cfg(test)]
mod tests;
