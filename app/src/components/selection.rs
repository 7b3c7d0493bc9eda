//! Rows that are ticked. The boxes themselves know which: what is done with them is a form, and works without a script.

use leptos::ev::{Event, MouseEvent};
use leptos::html::Form;
use leptos::prelude::*;

use crate::i18n::use_texts;

/// The ticked rows of a form that holds a table.
#[derive(Clone, Copy)]
pub struct Selection {
    /// The form around the table.
    pub form: NodeRef<Form>,
    count: RwSignal<usize>,
    /// Of those, what the list says of rows that cannot be sent, each with why; see [`stays`].
    staying: RwSignal<Vec<String>>,
    /// How many of those nobody has looked at yet.
    unsure: RwSignal<usize>,
    /// Every row of the page is ticked.
    whole: RwSignal<bool>,
    /// The row that was ticked last, for a range.
    last: StoredValue<Option<usize>>,
    /// The row that the person was at last: what it is called, and its place. It outlives a list that is drawn anew.
    #[cfg(feature = "hydrate")]
    pub(super) row: StoredValue<Option<(String, usize)>>,
}

impl Selection {
    /// Gives the selection of a list to the head of its table and the bar above it.
    pub fn provide() -> Self {
        let selection = Self {
            form: NodeRef::new(),
            count: RwSignal::new(0),
            staying: RwSignal::new(Vec::new()),
            unsure: RwSignal::new(0),
            whole: RwSignal::new(false),
            last: StoredValue::new(None),
            #[cfg(feature = "hydrate")]
            row: StoredValue::new(None),
        };
        // Boxes that were ticked before the page was taken over.
        Effect::new(move |_| {
            if selection.form.get().is_some() {
                selection.recount();
            }
        });
        provide_context(selection);
        selection
    }

    /// How many rows are ticked.
    pub fn count(self) -> usize {
        self.count.try_get().unwrap_or_default()
    }

    /// The ticked rows that cannot be sent, each with why.
    pub fn staying(self) -> Vec<String> {
        self.staying.try_get().unwrap_or_default()
    }

    /// Of some ticked row it is not known whether it can be sent.
    pub fn is_unsure(self) -> bool {
        self.unsure.try_get().unwrap_or_default() > 0
    }

    /// For the form's `change`.
    pub fn changed(self, _event: Event) {
        self.recount();
    }

    /// Counts again what is ticked.
    pub fn recount(self) {
        let rows = boxes(self);
        let ticked: Vec<&Box> = rows.iter().filter(|row| is_ticked(row)).collect();
        self.whole.set(!ticked.is_empty() && ticked.len() == rows.len());
        self.count.set(ticked.len());
        self.unsure.set(ticked.iter().filter(|row| is_unsure(row)).count());
        self.staying.set(ticked.into_iter().filter_map(stays).collect());
    }

    /// Counts again when what `shown` reads has changed: a ticked row may say another thing of itself then.
    pub fn follow(self, shown: impl Fn() + 'static) {
        Effect::new(move |before: Option<()>| {
            shown();
            if before.is_some() {
                // Once the boxes say it.
                request_animation_frame(move || {
                    if self.count() > 0 {
                        self.recount();
                    }
                });
            }
        });
    }

    /// Ticks every row of the page, or none.
    pub fn set_all(self, ticked: bool) {
        for row in boxes(self) {
            tick(&row, ticked);
        }
        self.recount();
    }

    /// For the form's `click`: with Shift held, what lies between the last box and this one becomes like this one.
    pub fn clicked(self, event: MouseEvent) {
        let rows = boxes(self);
        let Some(at) = place_of(&event, &rows) else { return };
        if event.shift_key()
            && let Some(last) = self.last.get_value()
        {
            let ticked = is_ticked(&rows[at]);
            for row in rows.iter().take(last.max(at) + 1).skip(last.min(at)) {
                tick(row, ticked);
            }
            self.recount();
        }
        self.last.set_value(Some(at));
    }
}

#[cfg(feature = "hydrate")]
type Box = web_sys::HtmlInputElement;
/// On the server nothing is ticked.
#[cfg(not(feature = "hydrate"))]
type Box = ();

#[cfg(feature = "hydrate")]
fn boxes(selection: Selection) -> Vec<Box> {
    use wasm_bindgen::JsCast;
    let Some(form) = selection.form.get_untracked() else { return Vec::new() };
    let Ok(found) = form.query_selector_all("tbody .pickbox") else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.get(at)?.dyn_into().ok()).collect()
}

#[cfg(not(feature = "hydrate"))]
fn boxes(_selection: Selection) -> Vec<Box> {
    Vec::new()
}

#[cfg(feature = "hydrate")]
fn is_ticked(row: &Box) -> bool {
    row.checked()
}

#[cfg(not(feature = "hydrate"))]
fn is_ticked(_row: &Box) -> bool {
    false
}

/// Why the row cannot be sent, where its box says so.
#[cfg(feature = "hydrate")]
fn stays(row: &Box) -> Option<String> {
    row.get_attribute("data-stays")
}

#[cfg(not(feature = "hydrate"))]
fn stays(_row: &Box) -> Option<String> {
    None
}

/// Whether nobody has looked yet if the row can be sent.
#[cfg(feature = "hydrate")]
fn is_unsure(row: &Box) -> bool {
    row.has_attribute("data-unsure")
}

#[cfg(not(feature = "hydrate"))]
fn is_unsure(_row: &Box) -> bool {
    false
}

#[cfg(feature = "hydrate")]
fn tick(row: &Box, ticked: bool) {
    row.set_checked(ticked);
}

#[cfg(not(feature = "hydrate"))]
fn tick(_row: &Box, _ticked: bool) {}

#[cfg(feature = "hydrate")]
fn place_of(event: &MouseEvent, rows: &[Box]) -> Option<usize> {
    use wasm_bindgen::JsCast;
    let target = event.target()?.dyn_into::<Box>().ok()?;
    rows.iter().position(|row| *row == target)
}

#[cfg(not(feature = "hydrate"))]
fn place_of(_event: &MouseEvent, _rows: &[Box]) -> Option<usize> {
    None
}

/// The box in the table's head that ticks the page. It needs a script, so it is not shown without one.
#[component]
pub fn PickPage() -> impl IntoView {
    let t = use_texts();
    let selection = use_context::<Selection>();
    let pick = move |event: Event| {
        if let Some(selection) = selection {
            selection.set_all(event_target_checked(&event));
        }
    };
    let whole = move || selection.is_some_and(|selection| selection.whole.try_get().unwrap_or_default());
    view! {
        <input
            class="pickbox scripted"
            type="checkbox"
            aria-label=t.lists_pick_page()
            prop:checked=whole
            on:change=pick
            data-test="pick-page"
        />
    }
}
