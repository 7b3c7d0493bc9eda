//! *Lim inn fra Excel*: what was pasted, what each column is, what the supplier will understand of it; then it becomes lines.

use std::collections::{BTreeMap, BTreeSet};

use domain::errors::ErrorCode;
use domain::matching::MatchLevel;
use domain::orders::sheet::{Column, Place};
use domain::orders::{MAX_LINES, OrderLineInput};
use domain::paste::{
    self, Answers, Hints, LookedRow, PasteColumn, PastedLine, Reading, RowKind, Sheet, price_base,
};
use leptos::html::{Dialog, Textarea};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::device::storage;
use super::form_state::OrderFormState;
use super::grid::Mode;
use super::paste_bases::Unsaid;
use super::paste_preview::Preview;
use super::paste_result::{Buttons, Counts};
use super::paste_rows::{AsTyped, NoLines};
use super::paste_source::Source;
use super::paste_taken::{added, keep_sums};
use crate::api::order_copies::look_at_paste;
use crate::components::{Alert, Tone};
use crate::error::AppError;
use crate::i18n::use_texts;

/// Before the supplier's id: what the columns of a supplier's sheets were last.
const REMEMBERED: &str = "prodsys.paste.";

/// What the parts of the dialog share.
#[derive(Clone, Copy)]
pub(super) struct Pasting {
    pub(super) state: OrderFormState,
    dialog: NodeRef<Dialog>,
    pub(super) area: NodeRef<Textarea>,
    /// What was pasted, as it came.
    pub(super) text: RwSignal<String>,
    pub(super) sheet: RwSignal<Option<Sheet>>,
    pub(super) columns: RwSignal<Vec<PasteColumn>>,
    /// Somebody has said what the columns are, now or the last time; else the server may know better.
    is_chosen: StoredValue<bool>,
    /// The column of the order's lines that was pasted into.
    at: StoredValue<Option<PasteColumn>>,
    answers: StoredValue<Answers>,
    /// Prices that say nothing of what they are for are read as the articles' are.
    pub(super) as_listed: RwSignal<bool>,
    /// The same for rows that were answered alone, by their places.
    pub(super) row_bases: RwSignal<BTreeMap<usize, bool>>,
    /// Rows that look like sums, and are added all the same.
    pub(super) taken: RwSignal<BTreeSet<usize>>,
    pub(super) lines: RwSignal<Vec<PastedLine>>,
    /// The rows that can be lines; `None` while the server is asked.
    pub(super) judged: RwSignal<Option<Vec<LookedRow>>>,
    pub(super) fault: RwSignal<Option<AppError>>,
    /// Which question is the newest.
    asked: StoredValue<u64>,
}

/// The dialog; closed until something is pasted or the button is pressed.
#[component]
pub(super) fn PasteDialog(state: OrderFormState) -> impl IntoView {
    let t = use_texts();
    let pasting = Pasting::new(state);
    state.on_paste(move |text| {
        let at = state.grid.focused().and_then(|(_, column)| PasteColumn::from_code(column.as_str()));
        pasting.open();
        pasting.at.set_value(at);
        pasting.take(&text);
    });
    state.on_open_paste(move || {
        pasting.open();
        pasting.focus_text();
    });
    view! {
        <dialog class="dialog" node_ref=pasting.dialog aria-labelledby="h-paste" data-test="paste-dialog">
            <header>
                <h2 id="h-paste">{t.paste_title()}</h2>
                <button class="btn q s" type="button" on:click=move |_| pasting.close()>{t.frame_close()}</button>
            </header>
            <div role="status">
                {move || {
                    pasting.fault.get().map(|error| view! { <Alert tone=Tone::Error title=error.text(t) text=t.paste_nothing_changed()/> })
                }}
            </div>
            {move || match pasting.sheet.get() {
                None => view! { <Source pasting/> }.into_any(),
                Some(sheet) => view! {
                    <div class="row">
                        <button class="btn s" type="button" data-test="paste-back" on:click=move |_| pasting.back()>
                            {t.paste_back()}
                        </button>
                    </div>
                    <Preview pasting sheet/>
                    <Counts pasting/>
                    <NoLines pasting/>
                    <AsTyped pasting/>
                    <Unsaid pasting/>
                    <Buttons pasting/>
                }
                .into_any(),
            }}
        </dialog>
    }
}

impl Pasting {
    fn new(state: OrderFormState) -> Self {
        Self {
            state,
            dialog: NodeRef::new(),
            area: NodeRef::new(),
            text: RwSignal::new(String::new()),
            sheet: RwSignal::new(None),
            columns: RwSignal::new(Vec::new()),
            is_chosen: StoredValue::new(false),
            at: StoredValue::new(None),
            answers: StoredValue::new(Answers::default()),
            as_listed: RwSignal::new(false),
            row_bases: RwSignal::new(BTreeMap::new()),
            taken: RwSignal::new(BTreeSet::new()),
            lines: RwSignal::new(Vec::new()),
            judged: RwSignal::new(None),
            fault: RwSignal::new(None),
            asked: StoredValue::new(0),
        }
    }

    fn open(self) {
        self.text.set(String::new());
        self.sheet.set(None);
        self.fault.set(None);
        self.judged.set(None);
        self.at.set_value(None);
        if let Some(dialog) = self.dialog.get_untracked()
            && !dialog.open()
        {
            let _ = dialog.show_modal();
        }
    }

    fn close(self) {
        self.sheet.set(None);
        if let Some(dialog) = self.dialog.get_untracked() {
            dialog.close();
        }
    }

    /// Back to what was pasted, which stays as it came.
    fn back(self) {
        self.sheet.set(None);
        self.fault.set(None);
        // The field is drawn in this turn.
        request_animation_frame(move || self.focus_text());
    }

    fn focus_text(self) {
        if let Some(area) = self.area.try_get_untracked().flatten() {
            let _ = area.focus();
        }
    }

    /// Looks at a text. What cannot become lines is told, and changes nothing.
    pub(super) fn take(self, text: &str) {
        self.text.set(text.to_owned());
        match paste::read(text) {
            Err(fault) => self.fault.set(Some(domain::errors::Refusal::from(fault).into())),
            Ok(sheet) => {
                self.fault.set(None);
                self.answers.set_value(Answers::default());
                self.as_listed.set(false);
                self.row_bases.set(BTreeMap::new());
                self.taken.set(BTreeSet::new());
                let remembered = self.remembered(&sheet);
                self.is_chosen.set_value(remembered.is_some());
                let guess = || paste::guess_knowing(&sheet, Hints { hits: &[], at: self.at.get_value() });
                self.columns.set(remembered.unwrap_or_else(guess));
                self.sheet.set(Some(sheet));
                self.judge();
            }
        }
    }

    /// The columns mean something else now.
    pub(super) fn choose(self, place: usize, column: PasteColumn) {
        self.is_chosen.set_value(true);
        self.columns.update(|columns| {
            // Only one column can be this; the other is let be.
            for other in columns.iter_mut().filter(|other| **other == column) {
                *other = PasteColumn::Ignored;
            }
            if let Some(chosen) = columns.get_mut(place) {
                *chosen = column;
            }
        });
        self.judge();
    }

    /// How a number is read that can be read in two ways: in one row, or everywhere in the column.
    pub(super) fn answer(self, row: Option<usize>, column: PasteColumn, reading: Reading) {
        let columns = self.columns.get_untracked();
        let Some(place) = columns.iter().position(|known| *known == column) else { return };
        self.answers.update_value(|answers| match row {
            Some(row) => answers.give(row, place, reading),
            None => answers.give_column(place, reading),
        });
        self.judge();
    }

    /// The rows as the columns are understood.
    fn read_lines(self) {
        let columns = self.columns.get_untracked();
        let lines = self.sheet.with_untracked(|sheet| {
            let sheet = sheet.as_ref();
            sheet.map(|sheet| {
                self.answers.with_value(|answers| paste::lines_answered(sheet, &columns, answers))
            })
        });
        self.lines.set(lines.unwrap_or_default());
        // A row that is no sum any more was not taken as one: read as a sum again, it is asked about anew.
        self.taken.update(|taken| self.lines.with_untracked(|lines| keep_sums(lines, taken)));
    }

    /// Asks the registers and the catalogue about the rows, and about the columns while nobody has said what they are: one question for
    /// all of it.
    pub(super) fn judge(self) {
        self.read_lines();
        self.judged.set(None);
        self.fault.set(None);
        let number = self.asked.get_value() + 1;
        self.asked.set_value(number);
        let columns = if self.is_chosen.get_value() { self.columns.get_untracked() } else { Vec::new() };
        let question = look_at_paste(
            self.state.supplier_id.get_untracked(),
            self.state.currency.get_untracked(),
            self.text.get_untracked(),
            columns,
            self.at.get_value().map(PasteColumn::as_str).unwrap_or_default().to_owned(),
            self.answers.with_value(Answers::list),
        );
        spawn_local(async move {
            let looked = question.await;
            if self.asked.try_get_value() != Some(number) {
                return;
            }
            match looked {
                Ok(looked) => {
                    if self.columns.with_untracked(|known| *known != looked.columns) {
                        self.columns.set(looked.columns);
                        self.read_lines();
                    }
                    let is_any =
                        |lines: &Vec<PastedLine>| lines.iter().any(|line| line.kind != RowKind::Beside);
                    let is_none = !self.lines.with_untracked(is_any);
                    self.fault.set(is_none.then(|| ErrorCode::PasteNoColumns.into()));
                    self.judged.set(Some(looked.rows));
                }
                Err(error) => self.fault.set(Some(error)),
            }
        });
    }

    /// Adds the lines as one step, or only those that the supplier understands for certain.
    pub(super) fn add(self, only_exact: bool) {
        let lines = self.added_lines(only_exact);
        if self.state.typed_lines().len() + lines.len() > MAX_LINES {
            let refusal = domain::errors::Refusal::from(ErrorCode::TooManyLines).with("max", MAX_LINES);
            self.fault.set(Some(refusal.into()));
            return;
        }
        self.remember();
        self.close();
        let all = self.state.lines.get_untracked();
        let first = all.iter().rposition(|line| !line.is_empty.get_untracked()).map_or(0, |last| last + 1);
        let count = lines.len();
        self.state.insert_lines(lines);
        self.go_to_new(first, count);
    }

    /// What is added, as it will stand in the lines.
    fn added_lines(self, only_exact: bool) -> Vec<OrderLineInput> {
        let as_listed = self.as_listed.get_untracked();
        let line_of = |row: &LookedRow| {
            let mut line = row.line.clone();
            if let Some(base) = self.row_bases.with_untracked(|rows| price_base(row, as_listed, rows)) {
                line.price_base_quantity = base.to_string().replace('.', ",");
            }
            line
        };
        self.judged.with_untracked(|judged| {
            self.lines.with_untracked(|lines| {
                self.taken.with_untracked(|taken| {
                    let rows = added(judged.as_deref().unwrap_or_default(), lines, taken).into_iter();
                    let is_meant = |(row, is_good): &(&LookedRow, bool)| {
                        !only_exact || (*is_good && row.level == MatchLevel::Exact)
                    };
                    rows.filter(is_meant).map(|(row, _)| line_of(row)).collect()
                })
            })
        })
    }

    /// The line that was pasted into is gone, and the focus with it: it goes to the first of the new ones.
    fn go_to_new(self, first: usize, count: usize) {
        let (state, t) = (self.state, self.state.texts);
        if count == 0 || !state.grid.on.get_untracked() {
            return;
        }
        // What the mode says comes before what is said here.
        state.set_mode(Mode::Navigation);
        state.go(Place { line: first, column: Column::ArticleNumber }, Mode::Navigation);
        let said = if count == 1 {
            t.paste_new_line(first + 1)
        } else {
            t.paste_new_lines(first + 1, first + count)
        };
        state.grid.said.set(said);
    }

    fn key(self) -> String {
        format!("{REMEMBERED}{}", self.state.supplier_id.get_untracked())
    }

    /// What the columns were the last time, if the sheet has the same headers.
    fn remembered(self, sheet: &Sheet) -> Option<Vec<PasteColumn>> {
        let text = storage::get(&self.key())?;
        let (head, columns): (Vec<String>, Vec<PasteColumn>) = serde_json::from_str(&text).ok()?;
        let is_same = sheet.head.as_ref() == Some(&head) && columns.len() == sheet.width;
        is_same.then_some(columns)
    }

    fn remember(self) {
        let head = self.sheet.with_untracked(|sheet| sheet.as_ref().and_then(|sheet| sheet.head.clone()));
        let Some(head) = head else { return };
        if let Ok(text) = serde_json::to_string(&(head, self.columns.get_untracked())) {
            storage::set(&self.key(), &text);
        }
    }
}
