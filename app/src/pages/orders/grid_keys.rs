//! What the keys of the grid do; which key is which stands in `domain::keyboard`.

use domain::keyboard::{KeyAction, KeyContext, Pressed, action_of};
use domain::orders::OrderLineInput;
use domain::orders::sheet::{Area, Column, Command, Place};
use leptos::ev::{InputEvent, KeyboardEvent};
use leptos::prelude::*;
use leptos::web_sys::HtmlInputElement;

use super::dom;
use super::form_state::OrderFormState;
use super::grid::{Mode, place_of};
use super::steps::step_text;

/// Lines that Page Up and Page Down go.
const PAGE: usize = 10;

/// The key that an event tells of.
pub(super) fn pressed<'a>(event: &KeyboardEvent, key: &'a str) -> Pressed<'a> {
    Pressed {
        key,
        ctrl: event.ctrl_key() || event.meta_key(),
        alt: event.alt_key(),
        shift: event.shift_key(),
    }
}

impl OrderFormState {
    /// A key was pressed among the lines.
    pub(super) fn on_key(self, event: &KeyboardEvent) {
        // While an input method composes, Enter and the arrows are its own.
        if event.is_composing() || event.default_prevented() {
            return;
        }
        let Some((place, field)) = place_of(event) else { return };
        let Some(line) = self.line_at(place.line) else { return };
        let key = event.key();
        let pressed = pressed(event, &key);
        let taken = (place.column == Column::ArticleNumber && self.suggestions.press(self, line, pressed))
            || self.act(place, &field, pressed);
        if taken {
            event.prevent_default();
            event.stop_propagation();
        }
    }

    fn act(self, place: Place, field: &HtmlInputElement, pressed: Pressed<'_>) -> bool {
        let is_on = self.grid.on.get_untracked();
        let navigates = is_on && self.grid.mode.get_untracked() == Mode::Navigation;
        let context = if navigates { KeyContext::GridNavigation } else { KeyContext::GridEdit };
        let Some(action) = action_of(context, None, pressed) else { return false };
        // With fingers there is only Enter, which goes down as ever.
        match (is_on, action) {
            (_, KeyAction::CommitDown) => self.commit_down(place),
            (
                _,
                KeyAction::OpenSuggestions
                | KeyAction::ArticlePanel
                | KeyAction::TakeMeant
                | KeyAction::Undo
                | KeyAction::Redo,
            )
            | (true, _) => {
                if navigates {
                    self.navigate(action, place, field)
                } else {
                    self.edit(action, place, field)
                }
            }
            (false, _) => false,
        }
    }

    fn last_line(self) -> usize {
        self.lines.with_untracked(Vec::len).saturating_sub(1)
    }

    fn navigate(self, action: KeyAction, place: Place, field: &HtmlInputElement) -> bool {
        let Place { line, column } = place;
        let go = |line: usize, column: Column| {
            self.go(Place { line, column }, Mode::Navigation);
            true
        };
        let left = Column::at(column.index().saturating_sub(1));
        let right = Column::at(column.index() + 1);
        match action {
            KeyAction::CellUp => go(line.saturating_sub(1), column),
            KeyAction::CellDown => go(line + 1, column),
            KeyAction::CellLeft => go(line, left),
            KeyAction::CellRight => go(line, right),
            KeyAction::FirstCell => go(line, Column::ArticleNumber),
            KeyAction::LastCell => go(line, Column::DiscountPercent),
            KeyAction::GridStart => go(0, Column::ArticleNumber),
            KeyAction::GridEnd => go(self.last_line(), Column::DiscountPercent),
            KeyAction::PageUp => go(line.saturating_sub(PAGE), column),
            KeyAction::PageDown => go(line + PAGE, column),
            KeyAction::Edit => {
                let end = u32::try_from(field.value().encode_utf16().count()).unwrap_or(u32::MAX);
                let _ = field.set_selection_range(end, end);
                self.start_editing();
                true
            }
            KeyAction::ExtendUp => self.extended(line.saturating_sub(1), column),
            KeyAction::ExtendDown => self.extended((line + 1).min(self.last_line()), column),
            KeyAction::ExtendLeft => self.extended(line, left),
            KeyAction::ExtendRight => self.extended(line, right),
            KeyAction::SelectLine => {
                let first = Place { line, column: Column::ArticleNumber };
                self.select(Area { first, last: Place { line, column: Column::DiscountPercent } });
                true
            }
            _ => self.change_lines(action, place) || self.anywhere(action, place),
        }
    }

    fn extended(self, line: usize, column: Column) -> bool {
        self.extend(Place { line, column });
        true
    }

    /// Keys that change lines as a whole.
    fn change_lines(self, action: KeyAction, place: Place) -> bool {
        let Place { line, column } = place;
        let area = self.selected().unwrap_or(Area { first: place, last: place });
        match action {
            KeyAction::ClearCell => {
                self.run(Command::Clear { area });
                self.select_again(area, place);
            }
            KeyAction::DeleteLine => {
                let count = area.last.line - area.first.line + 1;
                self.run(Command::Delete { first: area.first.line, count });
                self.go(Place { line: area.first.line, column }, Mode::Navigation);
            }
            KeyAction::InsertLine => {
                if self.run(Command::InsertEmpty { at: line + 1 }) {
                    self.go(Place { line: line + 1, column: Column::ArticleNumber }, Mode::Navigation);
                }
            }
            KeyAction::MoveLineUp | KeyAction::MoveLineDown => {
                let to = if action == KeyAction::MoveLineUp { line.checked_sub(1) } else { Some(line + 1) };
                if let Some(to) = to.filter(|to| *to <= self.last_line())
                    && self.run(Command::Move { from: line, to })
                {
                    self.go(Place { line: to, column }, Mode::Navigation);
                    self.grid.said.set(self.texts.order_form_moved(line + 1, to + 1));
                }
            }
            _ => return false,
        }
        true
    }

    /// After a change of what was selected it still is.
    pub(super) fn select_again(self, area: Area, place: Place) {
        if area.first == area.last {
            self.go(place, Mode::Navigation);
        } else {
            self.select(area);
        }
    }

    fn edit(self, action: KeyAction, place: Place, field: &HtmlInputElement) -> bool {
        let Place { line, column } = place;
        let caret = (field.selection_start().ok().flatten(), field.selection_end().ok().flatten());
        let length = u32::try_from(field.value().encode_utf16().count()).unwrap_or(u32::MAX);
        let at_start = caret == (Some(0), Some(0));
        let at_end = caret == (Some(length), Some(length));
        let go = |line: usize, column: Column| {
            self.go(Place { line, column }, Mode::Navigation);
            true
        };
        match action {
            KeyAction::CommitNext => self.commit_next(place),
            KeyAction::CommitPrevious => self.commit_previous(place),
            KeyAction::Restore => {
                field.set_value(&self.grid.before.get_value());
                if let Some(line) = self.line_at(line) {
                    self.read(line);
                }
                go(line, column)
            }
            KeyAction::CaretLeft if at_start && column.index() > 0 => {
                go(line, Column::at(column.index() - 1))
            }
            KeyAction::CaretRight if at_end => go(line, Column::at(column.index() + 1)),
            KeyAction::LeaveUp if at_start && line > 0 => go(line - 1, column),
            KeyAction::LeaveDown if at_end => go(line + 1, column),
            _ => self.anywhere(action, place),
        }
    }

    /// Keys that mean the same in both modes.
    fn anywhere(self, action: KeyAction, place: Place) -> bool {
        let Some(line) = self.line_at(place.line) else { return false };
        match action {
            KeyAction::Undo | KeyAction::Redo => self.step_and_tell(action == KeyAction::Undo),
            KeyAction::OpenSuggestions if place.column == Column::ArticleNumber => {
                if self.grid.on.get_untracked() {
                    self.start_editing();
                }
                self.suggestions.ask_now(self, line);
            }
            KeyAction::ArticlePanel => self.why.set(Some(line.key)),
            KeyAction::TakeMeant => {
                self.take_meant(line);
            }
            _ => return false,
        }
        true
    }

    /// Undoes or does again, goes to where it was, and says what it was.
    pub(super) fn step_and_tell(self, back: bool) {
        let Some((name, place)) = self.step(back) else {
            let t = self.texts;
            self.grid.said.set(
                if back { t.order_form_nothing_undone() } else { t.order_form_nothing_redone() }.to_owned(),
            );
            return;
        };
        if self.grid.on.get_untracked() {
            self.go(place, Mode::Navigation);
        }
        let t = self.texts;
        let text = step_text(t, &name);
        self.grid.said.set(if back { t.order_form_undone(text) } else { t.order_form_redone(text) });
    }

    /// Down to where the person began in this line, so that the next line is typed like this one. A new number has its quantity first, whether
    /// it was typed out or taken from the list, and whether the list was quick enough to be there.
    fn commit_down(self, place: Place) -> bool {
        let column = self.grid.start.get_value().unwrap_or(place.column);
        if let Some(line) = self.line_at(place.line) {
            self.commit(line.key);
            let before = self.grid.before.get_value();
            let is_new = line.typed.with_untracked(|typed| is_new_number(&before, typed));
            if place.column == Column::ArticleNumber && self.grid.on.get_untracked() && is_new {
                self.go(Place { line: place.line, column: Column::Quantity }, Mode::Edit);
                return true;
            }
        }
        self.go(Place { line: place.line + 1, column }, Mode::Navigation);
        true
    }

    fn commit_next(self, place: Place) -> bool {
        if let Some(line) = self.line_at(place.line) {
            self.commit(line.key);
        }
        let Place { line, column } = place;
        if column != Column::DiscountPercent {
            self.go(Place { line, column: Column::at(column.index() + 1) }, Mode::Edit);
        } else if line < self.last_line() && !self.is_rest_empty(line) {
            self.go(Place { line: line + 1, column: Column::ArticleNumber }, Mode::Edit);
        } else {
            return false;
        }
        true
    }

    fn commit_previous(self, place: Place) -> bool {
        let Place { line, column } = place;
        let before = match (column.index(), line) {
            (0, 0) => return false,
            (0, line) => Place { line: line - 1, column: Column::DiscountPercent },
            (at, line) => Place { line, column: Column::at(at - 1) },
        };
        if let Some(line) = self.line_at(line) {
            self.commit(line.key);
        }
        self.go(before, Mode::Edit);
        true
    }

    /// The browser's own undo knows one field; the menu and the shaken phone mean ours too.
    pub(super) fn before_input(self, event: &InputEvent) {
        let back = match dom::input_type(event).as_str() {
            "historyUndo" => true,
            "historyRedo" => false,
            _ => return,
        };
        if place_of(event).is_some() {
            event.prevent_default();
            self.step_and_tell(back);
        }
    }
}

/// The line has got another number than it had before, and nobody has said how many.
fn is_new_number(before: &str, line: &OrderLineInput) -> bool {
    let number = line.article_number.trim();
    !number.is_empty() && number != before.trim() && line.quantity.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_number_is_followed_by_its_quantity() {
        let check = |before: &str, number: &str, quantity: &str, expected: bool| {
            let line = OrderLineInput {
                article_number: number.to_owned(),
                quantity: quantity.to_owned(),
                ..OrderLineInput::default()
            };
            assert_eq!(is_new_number(before, &line), expected, "{before} {number} {quantity}");
        };
        check("", "10250", "", true);
        check("10250", "10251", "", true);
        // Whoever goes down the numbers of lines that are written goes on down.
        check("10250", "10251", "4", false);
        check("10250", "10250", "", false);
        check("10250", "", "", false);
    }
}
