//! Copy, cut and paste of cells. The clipboard is filled and read in the browser's own events, which need no permission.

use domain::orders::sheet::{Area, Command, Place};
use domain::paste;
use leptos::prelude::*;
use leptos::web_sys::ClipboardEvent;

use super::dom;
use super::form_state::OrderFormState;
use super::grid::{Mode, place_of};

/// Rows of cells, as Excel puts them on the clipboard: tabs between cells, a line break after each row.
fn rows_of(text: &str) -> Vec<Vec<String>> {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    text.split('\n').map(|row| row.trim_end_matches('\r').split('\t').map(str::to_owned).collect()).collect()
}

/// Systems write the ends of lines on the clipboard in their own way.
fn same_cells(copied: &str, pasted: &str) -> bool {
    rows_of(copied) == rows_of(pasted)
}

impl OrderFormState {
    fn text_of(self, area: Area) -> String {
        let lines = self.all_lines();
        let rows = lines.iter().skip(area.first.line).take(area.last.line - area.first.line + 1);
        let row = |line| area.columns().map(|column| column.of(line)).collect::<Vec<_>>().join("\t");
        rows.map(row).collect::<Vec<_>>().join("\r\n")
    }

    /// Copies or cuts what is selected. While somebody types, the browser copies characters.
    pub(super) fn on_copy(self, event: &ClipboardEvent, cuts: bool) {
        let Some((place, _)) = place_of(event) else { return };
        if !self.grid.on.get_untracked() || self.grid.mode.get_untracked() == Mode::Edit {
            return;
        }
        event.prevent_default();
        let area = self.selected().unwrap_or(Area { first: place, last: place });
        let text = self.text_of(area);
        dom::put_on_clipboard(event, &text);
        self.grid.copied.set_value(text);
        if cuts {
            self.run(Command::Clear { area });
            self.select_again(area, place);
        }
    }

    /// One value goes into the cell, or into all that are selected, and cells of this order go where they are put. Anything else is
    /// looked at first, and so is the source of a page, which nobody wants in a cell.
    pub(super) fn on_paste_event(self, event: &ClipboardEvent) {
        let Some((place, _)) = place_of(event) else { return };
        let Some(text) = dom::pasted(event) else { return };
        let rows = rows_of(&text);
        let is_one = rows.len() == 1 && rows.iter().all(|row| row.len() == 1);
        let navigates = self.grid.on.get_untracked() && self.grid.mode.get_untracked() == Mode::Navigation;
        let is_one = is_one && !paste::is_html(&text);
        if is_one && !navigates {
            return;
        }
        event.prevent_default();
        let area = self.selected().unwrap_or(Area { first: place, last: place });
        if is_one {
            let columns = area.columns().count();
            let value = rows.into_iter().flatten().next().unwrap_or_default().trim().to_owned();
            let filled = vec![vec![value; columns]; area.last.line - area.first.line + 1];
            self.paste_at(area.first, filled);
            self.select_again(area, place);
        } else if self.grid.copied.with_value(|copied| same_cells(copied, &text)) || !self.offer_paste(&text)
        {
            self.paste_at(area.first, rows);
            self.go(place, Mode::Navigation);
        }
    }

    /// Puts rows of texts into the cells from this one on.
    pub(super) fn paste_at(self, at: Place, rows: Vec<Vec<String>>) {
        self.run(Command::Paste { at, rows });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_as_excel_copies_them() {
        assert_eq!(rows_of("a\tb\r\nc\td\r\n"), [["a", "b"], ["c", "d"]]);
        assert_eq!(rows_of("a"), [["a"]]);
        assert_eq!(rows_of("a\n"), [["a"]]);
        assert_eq!(rows_of("a\n\n\t"), [vec!["a"], vec![""], vec!["", ""]]);
        assert_eq!(rows_of(""), [[""]]);
    }
}
