//! The lines as a grid of the ARIA practices: one stop for Tab, arrows between the cells, a mode for moving and one for typing.
//!
//! Each cell is an input, and stays one: phones, screen readers' own commands, and whoever has no script see plain fields. In the
//! mode for moving the whole text of the cell is selected, so that the browser itself replaces it when somebody types. Where the
//! pointer is not a fine one, all of this is left out.

use domain::orders::sheet::{Area, Column, Command, Place};
use leptos::ev::{FocusEvent, MouseEvent};
use leptos::prelude::*;
use leptos::task::{spawn_local, tick};
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, Event, HtmlInputElement};

use super::dom;
use super::form_state::OrderFormState;
use super::typed::FormLine;

/// What keys do in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// All text is selected; arrows go to other cells.
    Navigation,
    /// There is a caret.
    Edit,
}

/// Where the person is among the cells.
#[derive(Clone, Copy)]
pub(super) struct Grid {
    /// The keys are taken over.
    pub on: RwSignal<bool>,
    pub mode: RwSignal<Mode>,
    /// The cell that has the focus.
    at: StoredValue<Option<(usize, Column)>>,
    /// The cell that Tab comes back to.
    stop: StoredValue<Option<(usize, Column)>>,
    /// The text when the cell was entered.
    pub before: StoredValue<String>,
    /// Where the person began to type in this line: Enter goes down to it.
    pub start: StoredValue<Option<Column>>,
    /// The other corner of what is selected.
    anchor: StoredValue<Option<(usize, Column)>>,
    marked: StoredValue<Vec<(usize, Column)>>,
    /// How the next cell is entered, and whether the selection stays.
    entering: StoredValue<Option<(Mode, bool)>>,
    /// What was copied here last, so that it is known again when it is pasted.
    pub copied: StoredValue<String>,
    /// What a screen reader says.
    pub said: RwSignal<String>,
}

impl Grid {
    pub(super) fn new() -> Self {
        Self {
            on: RwSignal::new(false),
            mode: RwSignal::new(Mode::Navigation),
            at: StoredValue::new(None),
            stop: StoredValue::new(None),
            before: StoredValue::new(String::new()),
            start: StoredValue::new(None),
            anchor: StoredValue::new(None),
            marked: StoredValue::new(Vec::new()),
            entering: StoredValue::new(None),
            copied: StoredValue::new(String::new()),
            said: RwSignal::new(String::new()),
        }
    }

    /// The mode, for the style sheet and the stories; none where the keys are not taken over.
    pub(super) fn shown_mode(self) -> Option<&'static str> {
        self.on.get().then(|| match self.mode.get() {
            Mode::Navigation => "navigation",
            Mode::Edit => "edit",
        })
    }

    /// Key of the line and column of the cell that Tab comes back to.
    pub(super) fn stop(self) -> Option<(usize, Column)> {
        self.stop.get_value()
    }

    /// Key of the line and column of the cell that has the focus.
    pub(super) fn focused(self) -> Option<(usize, Column)> {
        self.at.get_value()
    }
}

/// The cell that an event happened in: ids of fields are such as `lines-3-quantity`.
pub(super) fn place_of(event: &Event) -> Option<(Place, HtmlInputElement)> {
    let field = event.target()?.dyn_into::<HtmlInputElement>().ok()?;
    let id = field.id();
    let (line, column) = id.strip_prefix("lines-")?.split_once('-')?;
    Some((Place { line: line.parse().ok()?, column: Column::from_name(column)? }, field))
}

impl OrderFormState {
    /// Takes the keys over where the pointer is a fine one.
    pub(super) fn take_over(self) {
        Effect::new(move |_| {
            let Some(first) = self.line_at(0) else { return };
            if !dom::has_fine_pointer() || self.grid.on.get_untracked() {
                return;
            }
            self.grid.on.set(true);
            let field = first.cell(Column::ArticleNumber).get_untracked();
            let table = field.and_then(|field| field.closest("table").ok().flatten());
            if let Some(table) = table {
                let _ = table.set_attribute("role", "grid");
            }
            self.set_stop(Some((first.key, Column::ArticleNumber)));
            // Somebody may be typing already.
            let Some(active) = document().active_element() else { return };
            for line in self.lines.get_untracked() {
                for column in Column::ALL {
                    let field = line.cell(column).get_untracked();
                    if field.is_some_and(|field| *field.unchecked_ref::<Element>() == active) {
                        self.grid.at.set_value(Some((line.key, column)));
                        self.set_stop(Some((line.key, column)));
                        self.grid.mode.set(Mode::Edit);
                    }
                }
            }
        });
    }

    /// Makes the row's fields cells of the grid.
    pub(super) fn prepare_row(self, line: FormLine) {
        let Some(row) = line.row.get_untracked() else { return };
        for cell in dom::all_in(&row, "td") {
            let _ = cell.set_attribute("role", "gridcell");
        }
        let stop = self.grid.stop.get_value().filter(|(key, _)| *key == line.key);
        let stop = stop.and_then(|(_, column)| line.cell(column).get_untracked());
        for field in dom::all_in(&row, "input[type=text], button") {
            let is_stop = stop.as_ref().is_some_and(|stop| *stop.unchecked_ref::<Element>() == field);
            let _ = field.set_attribute("tabindex", if is_stop { "0" } else { "-1" });
        }
    }

    fn field_of(self, cell: (usize, Column)) -> Option<HtmlInputElement> {
        let (_, line) = self.find(cell.0)?;
        line.cell(cell.1).get_untracked()
    }

    /// Tab comes to this cell of the lines.
    pub(super) fn set_stop(self, cell: Option<(usize, Column)>) {
        let before = self.grid.stop.get_value();
        self.grid.stop.set_value(cell);
        for (cell, index) in [(before, "-1"), (cell, "0")] {
            if let Some(field) = cell.and_then(|cell| self.field_of(cell)) {
                let _ = field.set_attribute("tabindex", index);
            }
        }
    }

    /// Goes to a cell. Past the edges it stays at them.
    pub(super) fn go(self, place: Place, mode: Mode) {
        self.enter(place, mode, false);
    }

    /// Goes to a cell and selects everything between it and where the selection began.
    pub(super) fn extend(self, place: Place) {
        if self.grid.anchor.get_value().is_none() {
            self.grid.anchor.set_value(self.grid.at.get_value());
        }
        self.enter(place, Mode::Navigation, true);
    }

    fn enter(self, place: Place, mode: Mode, keeps_selection: bool) {
        let last = self.lines.with_untracked(Vec::len).saturating_sub(1);
        let Some(line) = self.line_at(place.line.min(last)) else { return };
        let focus = move || {
            let Some(field) = line.cell(place.column).get_untracked() else { return false };
            self.grid.entering.set_value(Some((mode, keeps_selection)));
            let is_there =
                document().active_element().is_some_and(|active| active == *field.unchecked_ref::<Element>());
            if is_there {
                self.entered(&field, (line.key, place.column));
            } else {
                let _ = field.focus();
            }
            true
        };
        let is_lost = move || document().active_element().is_none_or(|active| active.tag_name() == "BODY");
        if focus() {
            // A row that is moved on the page lets its focus go.
            spawn_local(async move {
                tick().await;
                if is_lost() {
                    focus();
                }
            });
        } else {
            // The line is not drawn yet.
            spawn_local(async move {
                for _ in 0..5 {
                    tick().await;
                    if focus() {
                        return;
                    }
                }
                request_animation_frame(move || {
                    focus();
                });
            });
        }
    }

    /// A field got the focus.
    pub(super) fn on_focus(self, event: &FocusEvent) {
        let Some((place, field)) = place_of(event) else { return };
        let Some(line) = self.line_at(place.line) else { return };
        self.entered(&field, (line.key, place.column));
    }

    fn entered(self, field: &HtmlInputElement, cell: (usize, Column)) {
        let grid = self.grid;
        let (mode, keeps_selection) = grid.entering.get_value().unwrap_or((Mode::Navigation, false));
        grid.entering.set_value(None);
        grid.at.set_value(Some(cell));
        grid.before.set_value(field.value());
        if !grid.on.get_untracked() {
            return;
        }
        self.set_stop(Some(cell));
        self.set_mode(mode);
        field.select();
        if !keeps_selection {
            grid.anchor.set_value(None);
        }
        self.mark();
    }

    /// A field lost the focus: what was typed into it is a step now.
    pub(super) fn on_blur(self, event: &FocusEvent) {
        let Some((place, field)) = place_of(event) else { return };
        let Some(line) = self.line_at(place.line) else { return };
        let is_changed = self.grid.before.with_value(|before| *before != field.value());
        self.grid.at.set_value(None);
        self.commit(line.key);
        self.tell_and_say(line);
        self.judge.left(self);
        match place.column {
            Column::ArticleNumber => {
                self.suggestions.close();
                self.number_left(line, place.column, is_changed);
            }
            // Whoever only passes by has left the fields empty on purpose.
            Column::SupplierArticleNumber if is_changed => self.number_left(line, place.column, true),
            // The order takes the article's unit and price where they are empty, so the form and its sums do.
            Column::Unit | Column::UnitPrice if field.value().trim().is_empty() => {
                self.number_left(line, Column::ArticleNumber, true);
            }
            _ => {}
        }
    }

    /// Somebody is in the middle of the line's number.
    pub(super) fn is_typing_number(self, line: FormLine) -> bool {
        let is_typed = !self.grid.on.get_untracked() || self.grid.mode.get_untracked() == Mode::Edit;
        is_typed && self.grid.focused() == Some((line.key, Column::ArticleNumber))
    }

    pub(super) fn set_mode(self, mode: Mode) {
        let grid = self.grid;
        if mode == Mode::Navigation {
            grid.start.set_value(None);
            self.judge.left(self);
        }
        if grid.mode.get_untracked() != mode {
            grid.mode.set(mode);
            let said = if mode == Mode::Edit { self.texts.order_form_editing() } else { "" };
            grid.said.set(said.to_owned());
        }
    }

    /// The person types into the cell that has the focus.
    pub(super) fn start_editing(self) {
        let grid = self.grid;
        if let Some((_, column)) = grid.at.get_value()
            && grid.start.get_value().is_none()
        {
            grid.start.set_value(Some(column));
        }
        grid.anchor.set_value(None);
        self.mark();
        self.set_mode(Mode::Edit);
    }

    /// Text was typed into a field, or came into it in another way.
    pub(super) fn on_input(self, event: &Event) {
        let Some((place, _)) = place_of(event) else { return };
        let Some(line) = self.line_at(place.line) else { return };
        if self.grid.on.get_untracked() {
            self.start_editing();
        }
        self.read(line);
        if place.column == Column::ArticleNumber {
            self.suggestions.ask(self, line);
        }
    }

    /// The first click goes to a cell, the second one puts the caret; Shift and a click select.
    pub(super) fn on_mouse_down(self, event: &MouseEvent) {
        if !self.grid.on.get_untracked() || event.button() != 0 {
            return;
        }
        let Some((place, field)) = place_of(event) else { return };
        let is_there =
            document().active_element().is_some_and(|active| active == *field.unchecked_ref::<Element>());
        match (is_there, event.shift_key()) {
            (_, true) if self.grid.at.get_value().is_some() => {
                event.prevent_default();
                self.extend(place);
            }
            (true, _) => self.start_editing(),
            (false, _) => {
                event.prevent_default();
                self.go(place, Mode::Navigation);
            }
        }
    }

    /// What is selected, when it is more than one cell.
    pub(super) fn selected(self) -> Option<Area> {
        let (key, column) = self.grid.anchor.get_value()?;
        let (at_key, at_column) = self.grid.at.get_value()?;
        let anchor = Place { line: self.find(key)?.0, column };
        let at = Place { line: self.find(at_key)?.0, column: at_column };
        (anchor != at).then(|| Area::between(anchor, at))
    }

    /// Selects from one cell to another and goes to the latter.
    pub(super) fn select(self, area: Area) {
        let Some(first) = self.line_at(area.first.line) else { return };
        self.grid.anchor.set_value(Some((first.key, area.first.column)));
        self.enter(area.last, Mode::Navigation, true);
    }

    /// Shows what is selected, to eyes and to screen readers.
    fn mark(self) {
        let cell_of = |(key, column)| self.field_of((key, column))?.parent_element();
        let before = self.grid.marked.get_value();
        for cell in before.iter().filter_map(|cell| cell_of(*cell)) {
            let _ = cell.remove_attribute("aria-selected");
        }
        let mut marked = Vec::new();
        if let Some(area) = self.selected() {
            for place in area.first.line..=area.last.line {
                let Some(line) = self.line_at(place) else { break };
                marked.extend(area.columns().map(|column| (line.key, column)));
            }
            let cells = i64::try_from(area.cells()).unwrap_or(i64::MAX);
            self.grid.said.set(self.texts.order_form_selected(cells));
        }
        for cell in marked.iter().filter_map(|cell| cell_of(*cell)) {
            let _ = cell.set_attribute("aria-selected", "true");
        }
        self.grid.marked.set_value(marked);
    }
}

impl OrderFormState {
    /// *Legg til linje*: goes to the empty line at the end, and makes it when there is none.
    pub(super) fn add_line(self) {
        let last = self.lines.with_untracked(Vec::len).saturating_sub(1);
        if self.line_at(last).is_some_and(|line| !line.is_empty.get_untracked()) {
            self.run(Command::InsertEmpty { at: last + 1 });
        }
        let first_empty = (0..=last + 1).find(|place| self.is_rest_empty(*place)).unwrap_or(last);
        let place = Place { line: first_empty, column: Column::ArticleNumber };
        self.go(place, Mode::Navigation);
    }

    /// Takes a line out; an empty one always stays.
    pub(super) fn remove_line(self, line: FormLine) {
        let Some((at, _)) = self.find(line.key) else { return };
        self.run(Command::Delete { first: at, count: 1 });
        let place = Place { line: at, column: Column::ArticleNumber };
        self.go(place, Mode::Navigation);
    }
}
