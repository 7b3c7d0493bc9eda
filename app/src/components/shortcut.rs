//! Keys of whole pages and of lists, looked up in the one table of keys. Never while something is typed, and only those that the
//! person has not switched off (WCAG 2.1.4).

use domain::keyboard::{KeyAction, KeyContext};

use super::Selection;

/// Calls with what a pressed key means in the places, for as long as the calling component is there. `true` says that something was
/// done; then nobody else hears of the key.
#[cfg(feature = "hydrate")]
pub fn on_keys(contexts: &'static [KeyContext], act: impl Fn(KeyAction) -> bool + 'static) {
    use domain::keyboard::{Pressed, action_of, begins_pair};
    use leptos::prelude::*;

    use crate::preferences::{Shortcuts, shortcuts};

    let allowed = shortcuts();
    let before = StoredValue::new(None::<String>);
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        if event.default_prevented() || matches!(event.key().as_str(), "Control" | "Shift" | "Alt" | "Meta") {
            return;
        }
        let key = event.key();
        let ctrl = event.ctrl_key() || event.meta_key();
        let pressed = Pressed { key: &key, ctrl, alt: event.alt_key(), shift: event.shift_key() };
        let typing = is_typing(&event);
        let first = before.try_update_value(Option::take).flatten();
        // The first of two keys is a letter too: where letters are off, no pair begins.
        let letters = allowed == Shortcuts::All && !typing;
        let pairs = letters && !has_letters_of_its_own();
        let found = contexts.iter().find_map(|context| action_of(*context, first.as_deref(), pressed));
        let may = match (allowed, typing) {
            (_, true) => matches!(found, Some(KeyAction::OpenPalette)) || key == "F1",
            (Shortcuts::All, false) => true,
            // Named keys, as Escape and the arrows, are no letters.
            (Shortcuts::WithCtrl, false) => ctrl || key.chars().count() > 1,
            (Shortcuts::Off, false) => key == "Escape",
        };
        match found.filter(|_| may) {
            Some(action) if act(action) => event.prevent_default(),
            _ if pairs && contexts.iter().any(|context| begins_pair(*context, pressed)) => {
                before.set_value(Some(key));
            }
            _ => {}
        }
    });
    on_cleanup(move || handle.remove());
}

/// On the server nobody presses anything.
#[cfg(not(feature = "hydrate"))]
pub fn on_keys(_contexts: &'static [KeyContext], _act: impl Fn(KeyAction) -> bool + 'static) {}

/// Whether the key goes into a text. A box that is ticked holds no text.
#[cfg(feature = "hydrate")]
fn is_typing(event: &leptos::ev::KeyboardEvent) -> bool {
    use wasm_bindgen::JsCast;
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| {
        let fields =
            "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], dialog[open]";
        target.closest(fields).ok().flatten().is_some()
    })
}

/// On an order draft `G` is *Godta*, and not the first of two keys.
#[cfg(feature = "hydrate")]
fn has_letters_of_its_own() -> bool {
    let path = leptos::prelude::window().location().pathname().unwrap_or_default();
    path.starts_with("/salg/ordrekladder/")
}

/// Calls with the letter, in lower case, for as long as the calling component is there. `true` says that the letter meant something.
#[cfg(feature = "hydrate")]
pub fn on_letters(pressed: impl Fn(char) -> bool + 'static) {
    use leptos::prelude::*;

    use crate::preferences::{Shortcuts, shortcuts};

    if shortcuts() != Shortcuts::All {
        return;
    }
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        let held = event.ctrl_key() || event.alt_key() || event.meta_key();
        if is_typing(&event) || held || event.default_prevented() {
            return;
        }
        let key = event.key();
        let mut letters = key.chars().flat_map(char::to_lowercase);
        if let (Some(letter), None) = (letters.next(), letters.next())
            && pressed(letter)
        {
            event.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
}

/// On the server nobody presses anything.
#[cfg(not(feature = "hydrate"))]
pub fn on_letters(_pressed: impl Fn(char) -> bool + 'static) {}

/// Presses the part of the page that is marked with `data-key`, when there is one.
pub(super) fn press(name: &str) -> bool {
    press_at(&format!("[data-key='{name}']"))
}

/// Presses the first part of the page that the selector finds, when there is one.
#[cfg(feature = "hydrate")]
pub fn press_at(selector: &str) -> bool {
    use wasm_bindgen::JsCast;
    let found = leptos::prelude::document().query_selector(selector);
    let Some(element) = found.ok().flatten().and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok())
    else {
        return false;
    };
    element.click();
    true
}

#[cfg(not(feature = "hydrate"))]
pub fn press_at(_selector: &str) -> bool {
    false
}

/// Presses the button of the form that is marked with `data-key`, in the row that the person is at; who is at none is at the first.
pub fn press_in_row(selection: Selection, name: &str) -> bool {
    rows::press(selection, name)
}

/// The list is being drawn anew: the row that the person was at is marked again, or the one that has taken its place.
pub fn mark_row_again(selection: Selection) {
    rows::mark_again(selection);
}

/// The keys of a list: moving between rows, opening, ticking, searching and filtering.
pub fn list_keys(selection: Selection) {
    rows::follow_focus(selection);
    on_keys(&[KeyContext::List, KeyContext::Global], move |action| match action {
        KeyAction::NextRow => rows::step(1, selection).is_some(),
        KeyAction::PreviousRow => rows::step(-1, selection).is_some(),
        KeyAction::ExtendDown => rows::extend(1, selection),
        KeyAction::ExtendUp => rows::extend(-1, selection),
        KeyAction::OpenRow => rows::open(selection),
        KeyAction::SelectRow => rows::tick(selection),
        KeyAction::SelectAll => {
            if rows::all_ticked(selection) {
                return press("all") || selection.count() > 0;
            }
            selection.set_all(true);
            selection.count() > 0
        }
        KeyAction::ExportSelected => selection.count() > 0 && press("E"),
        KeyAction::Filter => rows::open_filters(),
        KeyAction::Search => rows::focus("#search"),
        KeyAction::CloseTop => selection.count() > 0 && press("unpick"),
        _ => false,
    });
}

#[cfg(feature = "hydrate")]
mod rows {
    use leptos::prelude::*;
    use wasm_bindgen::JsCast;

    use super::Selection;

    fn all() -> Vec<web_sys::Element> {
        let Ok(found) = document().query_selector_all("main .listing tbody > tr") else { return Vec::new() };
        (0..found.length()).filter_map(|at| found.get(at)?.dyn_into().ok()).collect()
    }

    /// What a row is called.
    fn name(row: &web_sys::Element) -> String {
        let title = row.query_selector(".ttl").ok().flatten();
        title.and_then(|title| title.text_content()).unwrap_or_default()
    }

    fn holding(rows: &[web_sys::Element], active: Option<&web_sys::Element>) -> Option<usize> {
        rows.iter().position(|row| active.is_some_and(|active| row.contains(Some(active))))
    }

    /// The row with the focus, or the marked one. A list that was drawn anew has neither, and the row is known by what it is called.
    fn current(rows: &[web_sys::Element], selection: Selection) -> Option<usize> {
        holding(rows, document().active_element().as_ref())
            .or_else(|| {
                rows.iter().position(|row| row.get_attribute("aria-current").as_deref() == Some("true"))
            })
            .or_else(|| same(rows, selection))
    }

    fn same(rows: &[web_sys::Element], selection: Selection) -> Option<usize> {
        let (known, _) = selection.row.try_get_value().flatten()?;
        rows.iter().position(|row| name(row) == known)
    }

    /// What stands where the row stood that is not in the list any more.
    fn successor(rows: &[web_sys::Element], selection: Selection) -> Option<usize> {
        let (_, at) = selection.row.try_get_value().flatten()?;
        Some(at.min(rows.len().checked_sub(1)?))
    }

    fn inside<T: JsCast>(row: &web_sys::Element, what: &str) -> Option<T> {
        row.query_selector(what).ok().flatten()?.dyn_into().ok()
    }

    /// Remembers the row that the focus comes to.
    pub(super) fn follow_focus(selection: Selection) {
        let handle = window_event_listener(leptos::ev::focusin, move |event| {
            let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
            let rows = all();
            if let Some(at) = holding(&rows, target.as_ref()) {
                selection.row.try_update_value(|row| *row = Some((name(&rows[at]), at)));
            }
        });
        on_cleanup(move || handle.remove());
    }

    /// Marks the row, and puts the focus on its link.
    fn mark(rows: &[web_sys::Element], row: &web_sys::Element) {
        for other in rows {
            let _ = other.remove_attribute("aria-current");
        }
        let _ = row.set_attribute("aria-current", "true");
        if let Some(link) = inside::<web_sys::HtmlElement>(row, ".ttl a") {
            let _ = link.focus();
        }
    }

    pub(super) fn mark_again(selection: Selection) {
        request_animation_frame(move || {
            let rows = all();
            let known = selection.row.try_get_value().flatten();
            let at = same(&rows, selection).or_else(|| successor(&rows, selection));
            if let Some(row) = at.and_then(|at| rows.get(at)) {
                mark(&rows, row);
                // When what was done is taken back, the row itself is there again.
                selection.row.try_update_value(|row| *row = known);
            }
        });
    }

    pub(super) fn press(selection: Selection, name_of_form: &str) -> bool {
        let rows = all();
        let at = current(&rows, selection).or_else(|| successor(&rows, selection)).unwrap_or(0);
        let Some(row) = rows.get(at) else { return false };
        let selector = format!("form[data-key='{name_of_form}'] button");
        let Some(button) = inside::<web_sys::HtmlElement>(row, &selector) else { return false };
        selection.row.set_value(Some((name(row), at)));
        button.click();
        true
    }

    /// Goes to the next row, and says which it has left and which it has come to. Past the last row nothing happens; it has come to where it
    /// was.
    pub(super) fn step(by: isize, selection: Selection) -> Option<(Option<usize>, usize)> {
        let rows = all();
        let at = current(&rows, selection);
        let to = match at {
            Some(at) => at.checked_add_signed(by).filter(|to| *to < rows.len()).unwrap_or(at),
            None => 0,
        };
        let row = rows.get(to)?;
        mark(&rows, row);
        Some((at, to))
    }

    /// The same, and ticks both.
    pub(super) fn extend(by: isize, selection: Selection) -> bool {
        let Some((from, to)) = step(by, selection) else { return false };
        if from == Some(to) {
            return true;
        }
        let rows = all();
        for row in [from, Some(to)].into_iter().flatten().filter_map(|place| rows.get(place)) {
            if let Some(field) = inside::<web_sys::HtmlInputElement>(row, ".pickbox") {
                field.set_checked(true);
            }
        }
        selection.recount();
        true
    }

    /// Follows the row's link. Who is on a link or a button follows that.
    pub(super) fn open(selection: Selection) -> bool {
        let active = document().active_element().map(|active| active.tag_name()).unwrap_or_default();
        if matches!(active.as_str(), "A" | "BUTTON" | "SUMMARY" | "INPUT") {
            return false;
        }
        let rows = all();
        let link =
            current(&rows, selection).and_then(|at| inside::<web_sys::HtmlElement>(&rows[at], ".ttl a"));
        link.is_some_and(|link| {
            link.click();
            true
        })
    }

    pub(super) fn tick(selection: Selection) -> bool {
        let rows = all();
        let field = current(&rows, selection)
            .and_then(|at| inside::<web_sys::HtmlInputElement>(&rows[at], ".pickbox"));
        field.is_some_and(|field| {
            field.set_checked(!field.checked());
            selection.recount();
            true
        })
    }

    pub(super) fn all_ticked(selection: Selection) -> bool {
        let rows = all();
        !rows.is_empty() && selection.count() == rows.len()
    }

    pub(super) fn focus(what: &str) -> bool {
        let found = document().query_selector(what).ok().flatten();
        found
            .and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok())
            .is_some_and(|field| field.focus().is_ok())
    }

    pub(super) fn open_filters() -> bool {
        let found = document().query_selector("[data-key='F']").ok().flatten();
        let Some(filters) = found else { return false };
        let _ = filters.set_attribute("open", "");
        focus("[data-key='F'] select, [data-key='F'] input")
    }
}

#[cfg(not(feature = "hydrate"))]
mod rows {
    use super::Selection;

    pub(super) fn follow_focus(_selection: Selection) {}
    pub(super) fn mark_again(_selection: Selection) {}
    pub(super) fn press(_selection: Selection, _name: &str) -> bool {
        false
    }
    pub(super) fn step(_by: isize, _selection: Selection) -> Option<(Option<usize>, usize)> {
        None
    }
    pub(super) fn extend(_by: isize, _selection: Selection) -> bool {
        false
    }
    pub(super) fn open(_selection: Selection) -> bool {
        false
    }
    pub(super) fn tick(_selection: Selection) -> bool {
        false
    }
    pub(super) fn all_ticked(_selection: Selection) -> bool {
        false
    }
    pub(super) fn focus(_what: &str) -> bool {
        false
    }
    pub(super) fn open_filters() -> bool {
        false
    }
}
