//! What the parts of the order form share: its lines, its supplier, and what follows from what is typed.

use std::collections::BTreeMap;

use domain::contacts::ContactRow;
use domain::decimal::Percent;
use domain::errors::FieldError;
use domain::ids::FormKey;
use domain::matching::Match;
use domain::orders::sheet::{Column, Command, Place, Sheet, SheetLine, Splice, StepName};
use domain::orders::{OrderInput, OrderLineInput, USUAL_VAT};
use leptos::prelude::*;
use leptos::reactive::owner::WeakOwner;

use super::chooser::Asked;
use super::combobox::Suggestions;
use super::faults::faults_by_line;
use super::grid::Grid;
use super::judging::Judge;
use super::line_mark::LineMark;
use super::typed::{FormLine, Sum, totals, with_unit_label};
use crate::components::{FormState, use_mounted};
use crate::i18n::{Language, Texts, use_texts};

/// What the parts of the form share.
#[derive(Clone, Copy)]
pub(super) struct OrderFormState {
    pub lines: RwSignal<Vec<FormLine>>,
    pub sum: Memo<Option<Sum>>,
    /// The lines as they were when a field was left last, and the way back.
    sheet: StoredValue<Sheet>,
    /// The last step that changed more than a field, for the line that offers to undo it.
    pub last_step: RwSignal<Option<StepName>>,
    /// Lines that come later live as long as the form, not as long as the event that made them.
    owner: StoredValue<Option<WeakOwner>>,
    /// Tax rates of the articles seen so far, by number.
    rates: StoredValue<BTreeMap<String, Percent>>,
    /// What tells this form from every other: the ids of its new lines are made from it.
    pub form_key: FormKey,
    /// Rises with everything that is typed, chosen or undone.
    pub changes: RwSignal<u64>,
    pub supplier_id: RwSignal<String>,
    pub currency: RwSignal<String>,
    suppliers: StoredValue<Vec<ContactRow>>,
    pub suggestions: Suggestions,
    pub grid: Grid,
    pub judge: Judge,
    /// The sheet that a phone writes lines in.
    pub sheet_open: RwSignal<bool>,
    /// The line whose match is explained.
    pub why: RwSignal<Option<usize>>,
    /// The line whose meant article could not be taken, and why.
    pub(super) not_taken: RwSignal<Option<(usize, String)>>,
    /// Takes what was pasted when it is more than one cell.
    paste_listener: StoredValue<Option<Callback<String>>>,
    /// Opens *Lim inn fra Excel*.
    paste_opener: StoredValue<Option<Callback<()>>>,
    pub form: FormState,
    /// What a check has found wrong with lines, by place.
    pub(super) faults: Memo<BTreeMap<usize, Vec<FieldError>>>,
    /// Where somebody else wrote something else, and it is not chosen yet what stands.
    pub(super) asked: RwSignal<Asked>,
    pub mounted: ReadSignal<bool>,
    pub texts: Texts,
    pub language: Language,
}

/// What the form starts with.
pub(super) struct FirstLines {
    /// With the empty ones at the end.
    pub lines: Vec<OrderLineInput>,
    /// Of the lines that were saved.
    pub matches: Vec<Option<Match>>,
    pub rates: BTreeMap<String, Percent>,
    pub form_key: FormKey,
}

impl OrderFormState {
    /// A form with its first lines.
    pub(super) fn new(
        first: FirstLines,
        input: &OrderInput,
        suppliers: Vec<ContactRow>,
        form: FormState,
    ) -> Self {
        let texts = use_texts();
        let sheet = Sheet::new(first.lines);
        let made = sheet.lines().iter().enumerate().map(|(place, line)| {
            let rate = rate_in(&first.rates, &line.text);
            let made = FormLine::new(line.key, place, line.text.clone(), rate, first.form_key);
            made.matched.set(first.matches.get(place).cloned().flatten());
            if !line.text.line_id.is_empty() {
                made.mark.set(LineMark::Saved);
            }
            made
        });
        let lines = RwSignal::new(made.collect::<Vec<_>>());
        let state = Self {
            lines,
            sum: Memo::new(move |_| lines.with(|lines| totals(lines))),
            sheet: StoredValue::new(sheet),
            last_step: RwSignal::new(None),
            owner: StoredValue::new(Owner::current().map(|owner| owner.downgrade())),
            rates: StoredValue::new(first.rates),
            form_key: first.form_key,
            changes: RwSignal::new(0),
            supplier_id: RwSignal::new(input.supplier_id.clone()),
            currency: RwSignal::new(input.currency.clone()),
            suppliers: StoredValue::new(suppliers),
            suggestions: Suggestions::new(),
            grid: Grid::new(),
            judge: Judge::new(),
            sheet_open: RwSignal::new(false),
            why: RwSignal::new(None),
            not_taken: RwSignal::new(None),
            paste_listener: StoredValue::new(None),
            paste_opener: StoredValue::new(None),
            form,
            faults: Memo::new(move |_| faults_by_line(form)),
            asked: RwSignal::new(Asked::default()),
            mounted: use_mounted(),
            texts,
            language: texts.language(),
        };
        state.judge.follow(state);
        state
    }

    /// What stands in the lines, without those that nobody typed into.
    pub(super) fn typed_lines(self) -> Vec<OrderLineInput> {
        let mut lines = self.all_lines();
        lines.retain(|line| !line.is_empty());
        lines
    }

    /// The keys of the lines, from the first to the last.
    pub(super) fn line_keys(self) -> Vec<usize> {
        self.lines.with_untracked(|lines| lines.iter().map(|line| line.key).collect())
    }

    /// What stands in all lines, also in empty ones.
    pub(super) fn all_lines(self) -> Vec<OrderLineInput> {
        let typed = |line: &FormLine| {
            let mut typed = line.typed.get_untracked();
            typed.line_id = line.line_id.get_value();
            typed
        };
        self.lines.with_untracked(|lines| lines.iter().map(typed).collect())
    }

    /// Puts lines in the place of the empty ones at the end, as one step.
    pub(super) fn insert_lines(self, lines: Vec<OrderLineInput>) {
        let lines = lines.into_iter().map(|line| with_unit_label(line, self.language)).collect();
        self.run(Command::Append { lines });
    }

    /// Called with the text when more than one cell is pasted; without a listener it goes straight into the cells.
    pub(super) fn on_paste(self, listener: impl Fn(String) + Send + Sync + 'static) {
        self.paste_listener.set_value(Some(Callback::new(listener)));
    }

    /// Called when *Lim inn fra Excel* is pressed.
    pub(super) fn on_open_paste(self, opener: impl Fn() + Send + Sync + 'static) {
        self.paste_opener.set_value(Some(Callback::new(move |()| opener())));
    }

    /// Opens *Lim inn fra Excel*.
    pub(super) fn open_paste(self) {
        if let Some(opener) = self.paste_opener.get_value() {
            opener.run(());
        }
    }

    /// Hands a paste to whoever listens. Says whether somebody did.
    pub(super) fn offer_paste(self, text: &str) -> bool {
        let listener = self.paste_listener.get_value();
        listener.is_some_and(|listener| {
            listener.run(text.to_owned());
            true
        })
    }

    /// A key for a line that comes new.
    pub(super) fn new_key(self) -> usize {
        self.sheet.try_update_value(Sheet::new_key).unwrap_or_default()
    }

    /// The line with the key, and its place.
    pub(super) fn find(self, key: usize) -> Option<(usize, FormLine)> {
        self.lines.with_untracked(|lines| {
            let at = lines.iter().position(|line| line.key == key)?;
            lines.get(at).map(|line| (at, *line))
        })
    }

    /// The line at the place.
    pub(super) fn line_at(self, place: usize) -> Option<FormLine> {
        self.lines.with_untracked(|lines| lines.get(place).copied())
    }

    /// Nobody typed into this line, nor into any after it.
    pub(super) fn is_rest_empty(self, place: usize) -> bool {
        self.lines.with_untracked(|lines| {
            lines.iter().skip(place).all(|line| line.typed.with_untracked(OrderLineInput::is_empty))
        })
    }

    /// Does something to the lines. Says whether it changed anything.
    pub(super) fn run(self, command: Command) -> bool {
        self.commit_all();
        self.run_after_commit(command)
    }

    /// Several fields of a line at once, also of the one that is being typed into.
    pub(super) fn fill_line(self, place: usize, text: OrderLineInput) {
        self.run_after_commit(Command::FillLine { line: place, text: Box::new(text) });
    }

    fn run_after_commit(self, command: Command) -> bool {
        let splices = self.sheet.try_update_value(|sheet| sheet.run(command)).unwrap_or_default();
        if splices.is_empty() {
            return false;
        }
        self.show(&splices);
        let name = self.sheet.with_value(|sheet| sheet.undo_name().cloned());
        let is_told = !matches!(
            name,
            Some(StepName::Changed { .. } | StepName::Filled { .. } | StepName::Inserted { .. })
        );
        self.last_step.set(name.filter(|_| is_told));
        true
    }

    /// Puts in lines as others have changed them; it is no step.
    pub(super) fn take_in_lines(self, lines: Vec<SheetLine>) {
        let splices = self.sheet.try_update_value(|sheet| sheet.take_in(lines)).unwrap_or_default();
        if !splices.is_empty() {
            self.show(&splices);
        }
    }

    /// Takes the last step back, or does it again; gives its name and the place that it was at.
    pub(super) fn step(self, back: bool) -> Option<(StepName, Place)> {
        self.commit_all();
        let (name, splices) =
            self.sheet.try_update_value(|sheet| if back { sheet.undo() } else { sheet.redo() })??;
        self.show(&splices);
        self.last_step.set(None);
        Some((name, splices.first()?.first_change()))
    }

    /// Puts on the screen what the sheet has changed.
    fn show(self, splices: &[Splice]) {
        self.suggestions.close();
        let mut lines = self.lines.get_untracked();
        let mut moved = false;
        for Splice { at, removed, inserted } in splices {
            let end = (at + removed.len()).min(lines.len());
            let old: Vec<FormLine> = lines.get(*at..end).unwrap_or_default().to_vec();
            let new = inserted.iter().enumerate().map(|(offset, line)| {
                match old.iter().find(|known| known.key == line.key) {
                    Some(known) => {
                        known.write(&line.text);
                        self.typed(*known, &line.text);
                        *known
                    }
                    None => self.make(line.key, at + offset, &line.text),
                }
            });
            let new: Vec<FormLine> = new.collect();
            moved |= new.len() != old.len() || new.iter().zip(&old).any(|(one, other)| one.key != other.key);
            lines.splice(*at..end, new);
        }
        if moved {
            self.lines.set(lines);
        }
        self.changes.update(|changes| *changes += 1);
    }

    fn make(self, key: usize, place: usize, text: &OrderLineInput) -> FormLine {
        let (text, form_key) = (text.clone(), self.form_key);
        let rate = self.rates.with_value(|rates| rate_in(rates, &text));
        let owner = self.owner.with_value(|owner| owner.as_ref().and_then(WeakOwner::upgrade));
        let make = move || FormLine::new(key, place, text, rate, form_key);
        let line = match owner {
            Some(owner) => owner.with(make),
            None => make(),
        };
        self.judge.touch(self, line);
        line
    }

    /// The line says this now. Says whether that is something else than before.
    fn typed(self, line: FormLine, text: &OrderLineInput) -> bool {
        let differs = |known: &OrderLineInput| Column::ALL.iter().any(|at| at.of(known) != at.of(text));
        if line.typed.try_with_untracked(differs) != Some(true) {
            return false;
        }
        line.typed.set(text.clone());
        self.tell_faults(line);
        line.set_mark(LineMark::Unsaved);
        let rate = self.rates.with_value(|rates| rate_in(rates, text));
        if line.vat_rate.get_untracked() != rate {
            line.vat_rate.set(rate);
        }
        self.judge.touch(self, line);
        true
    }

    /// The line's fields were typed into.
    pub(super) fn read(self, line: FormLine) {
        if line.read().is_some_and(|read| self.typed(line, &read)) {
            self.changes.update(|changes| *changes += 1);
        }
    }

    /// What was typed into a line is a step from now on.
    pub(super) fn commit(self, key: usize) {
        let Some((_, line)) = self.find(key) else { return };
        self.read(line);
        let Some(text) = line.typed.try_get_untracked() else { return };
        let command = self.sheet.with_value(|sheet| {
            let at = sheet.place_of(key)?;
            let known = &sheet.lines().get(at)?.text;
            let changed: Vec<_> =
                Column::ALL.into_iter().filter(|column| column.of(known) != column.of(&text)).collect();
            match changed.as_slice() {
                [] => None,
                [column] => Some(Command::SetCell {
                    place: Place { line: at, column: *column },
                    text: column.of(&text).to_owned(),
                }),
                _ => Some(Command::FillLine { line: at, text: Box::new(text) }),
            }
        });
        if let Some(command) = command {
            self.run_after_commit(command);
        }
    }

    /// Only one field is typed into at a time: the one with the focus.
    pub(super) fn commit_all(self) {
        if let Some((key, _)) = self.grid.focused() {
            self.commit(key);
        }
    }

    /// The rate of an article, for every line that names it.
    pub(super) fn learn_rate(self, number: &str, rate: Percent) {
        self.rates.update_value(|rates| {
            rates.insert(number.trim().to_owned(), rate);
        });
        for line in self.lines.get_untracked() {
            if line.typed.with_untracked(|typed| typed.article_number.trim() == number.trim())
                && line.vat_rate.get_untracked() != rate
            {
                line.vat_rate.set(rate);
            }
        }
    }

    /// Whether the form knows the supplier by name.
    pub(super) fn knows_supplier(self, id: &str) -> bool {
        self.suppliers
            .with_value(|suppliers| suppliers.iter().any(|supplier| supplier.contact_id.to_string() == id))
    }

    /// One more supplier that the form knows by name.
    pub(super) fn learn_supplier(self, supplier: ContactRow) {
        self.suppliers.update_value(|suppliers| suppliers.push(supplier));
        // Whoever asks for the chosen one's name asks again.
        self.supplier_id.update(|_| ());
    }

    /// The chosen supplier's name.
    pub(super) fn supplier_name(self) -> Option<String> {
        let chosen = self.supplier_id.get();
        self.suppliers.with_value(|suppliers| {
            let supplier = suppliers.iter().find(|supplier| supplier.contact_id.to_string() == chosen);
            supplier.map(|supplier| supplier.name.clone())
        })
    }
}

fn rate_in(rates: &BTreeMap<String, Percent>, line: &OrderLineInput) -> Percent {
    rates.get(line.article_number.trim()).copied().unwrap_or(USUAL_VAT)
}
