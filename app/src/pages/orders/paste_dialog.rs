//! *Lim inn fra Excel*: what was pasted, what each column is, what the supplier will understand of it; then it becomes lines.

use domain::decimal::Quantity;
use domain::errors::ErrorCode;
use domain::matching::{LineFacts, MatchLevel};
use domain::orders::{MAX_LINES, OrderLineInput};
use domain::paste::{self, Answers, PasteColumn, PastedLine, Reading, Sheet};
use leptos::html::{Dialog, Textarea};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::device::storage;
use super::form_state::OrderFormState;
use super::paste_preview::Preview;
use super::paste_rows::{LeftOut, Unsaid};
use super::paste_source::Source;
use super::typed::line_facts;
use crate::api::order_copies::fill_order_lines;
use crate::api::orders::judge_order_lines;
use crate::components::{Alert, Tone};
use crate::error::AppError;
use crate::i18n::{Texts, use_texts};

/// Before the supplier's id: what the columns of a supplier's sheets were last.
const REMEMBERED: &str = "prodsys.paste.";

/// A line that is ready to be added, and how the supplier understands it.
#[derive(Clone)]
pub(super) struct JudgedLine {
    /// The row's place in the text, from 1.
    pub row: usize,
    pub line: OrderLineInput,
    pub level: MatchLevel,
    /// What the article's price is for, when the sheet says nothing of what its own is for.
    pub unsaid_base: Option<Quantity>,
}

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
    answers: StoredValue<Answers>,
    /// Prices that say nothing of what they are for are read as the articles' are.
    pub(super) as_listed: RwSignal<bool>,
    pub(super) lines: RwSignal<Vec<PastedLine>>,
    /// `None` while the server is asked.
    pub(super) judged: RwSignal<Option<Vec<JudgedLine>>>,
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
        pasting.open();
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
                    <Result pasting/>
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
            answers: StoredValue::new(Answers::default()),
            as_listed: RwSignal::new(false),
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
                self.columns.set(self.remembered(&sheet).unwrap_or_else(|| paste::guess(&sheet)));
                self.sheet.set(Some(sheet));
                self.judge();
            }
        }
    }

    /// The columns mean something else now.
    pub(super) fn choose(self, place: usize, column: PasteColumn) {
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

    /// Whether prices that say nothing of what they are for are read as the articles' are, or as for one.
    pub(super) fn read_as_listed(self, as_listed: bool) {
        self.as_listed.set(as_listed);
        self.judge();
    }

    /// Asks the registers and the catalogue about the lines: one question for all of them.
    fn judge(self) {
        let columns = self.columns.get_untracked();
        let answers = self.answers.get_value();
        let lines = self.sheet.with_untracked(|sheet| {
            let sheet = sheet.as_ref();
            sheet.map(|sheet| paste::lines_answered(sheet, &columns, &answers)).unwrap_or_default()
        });
        self.judged.set(None);
        self.fault.set(lines.is_empty().then(|| ErrorCode::PasteNoColumns.into()));
        let good: Vec<PastedLine> = lines.iter().filter(|line| line.is_good()).cloned().collect();
        self.lines.set(lines);
        let number = self.asked.get_value() + 1;
        self.asked.set_value(number);
        let as_listed = self.as_listed.get_untracked();
        spawn_local(async move {
            let judged = ask(self.state, good, as_listed).await;
            if self.asked.try_get_value() != Some(number) {
                return;
            }
            match judged {
                Ok(judged) => self.judged.set(Some(judged)),
                Err(error) => self.fault.set(Some(error)),
            }
        });
    }

    /// Adds the lines as one step, or only those that the supplier understands for certain.
    fn add(self, only_exact: bool) {
        let Some(judged) = self.judged.get_untracked() else { return };
        let lines: Vec<OrderLineInput> = judged
            .into_iter()
            .filter(|judged| !only_exact || judged.level == MatchLevel::Exact)
            .map(|judged| judged.line)
            .collect();
        if self.state.typed_lines().len() + lines.len() > MAX_LINES {
            let refusal = domain::errors::Refusal::from(ErrorCode::TooManyLines).with("max", MAX_LINES);
            self.fault.set(Some(refusal.into()));
            return;
        }
        self.remember();
        self.close();
        self.state.insert_lines(lines);
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

/// The lines filled in, each with its level.
async fn ask(
    state: OrderFormState,
    pasted: Vec<PastedLine>,
    as_listed: bool,
) -> Result<Vec<JudgedLine>, AppError> {
    if pasted.is_empty() {
        return Ok(Vec::new());
    }
    let (supplier, currency) = (state.supplier_id.get_untracked(), state.currency.get_untracked());
    let (rows, lines): (Vec<usize>, Vec<OrderLineInput>) =
        pasted.into_iter().map(|pasted| (pasted.row, pasted.line)).unzip();
    let filled = fill_order_lines(supplier.clone(), currency.clone(), lines).await?;
    let judged = rows.into_iter().zip(filled).map(|(row, filled)| {
        let unsaid_base = filled.unsaid_base();
        let mut line = filled.line;
        if let Some(base) = unsaid_base.filter(|_| as_listed) {
            line.price_base_quantity = base.to_string().replace('.', ",");
        }
        JudgedLine { row, line, level: MatchLevel::NotChecked, unsaid_base }
    });
    let mut judged: Vec<JudgedLine> = judged.collect();
    let facts: Vec<LineFacts> = judged.iter().map(|judged| line_facts(&judged.line, &currency)).collect();
    let matches = judge_order_lines(supplier, facts).await?;
    for (judged, matched) in judged.iter_mut().zip(matches) {
        judged.level = matched.level;
    }
    Ok(judged)
}

/// How many lines the supplier understands, what cannot be taken, what is asked, and the buttons.
#[component]
fn Result(pasting: Pasting) -> impl IntoView {
    let t = use_texts();
    view! {
        <div role="status" tabindex="-1" data-test="paste-counts">
            {move || match pasting.judged.get() {
                Some(judged) if !judged.is_empty() => {
                    let levels: Vec<MatchLevel> = judged.iter().map(|judged| judged.level).collect();
                    Some(view! { <p><strong>{counts_text(t, &levels)}</strong></p> }.into_any())
                }
                Some(_) => None,
                None if pasting.fault.with(Option::is_some) => None,
                None => Some(view! { <p class="muted">{t.paste_checking()}</p> }.into_any()),
            }}
        </div>
        <LeftOut pasting/>
        <Unsaid pasting/>
        <footer class="row">{move || pasting.judged.get().and_then(|judged| buttons(t, pasting, &judged))}</footer>
    }
}

fn buttons(t: Texts, pasting: Pasting, judged: &[JudgedLine]) -> Option<AnyView> {
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let exact = judged.iter().filter(|judged| judged.level == MatchLevel::Exact).count();
    if judged.is_empty() {
        return None;
    }
    let only_exact = (exact > 0 && exact < judged.len()).then(|| {
        view! {
            <button class="btn" type="button" data-test="paste-exact" on:click=move |_| pasting.add(true)>
                {t.paste_only_exact(count(exact))}
            </button>
        }
    });
    let add = view! {
        <button class="btn p" type="button" data-test="paste-add" on:click=move |_| pasting.add(false)>
            {t.paste_add_lines(count(judged.len()))}
        </button>
        {only_exact}
    };
    Some(add.into_any())
}

/// «36 eksakte, 3 trolige, 1 uten treff»
fn counts_text(t: Texts, levels: &[MatchLevel]) -> String {
    let of = |level: MatchLevel| {
        i64::try_from(levels.iter().filter(|one| **one == level).count()).unwrap_or(i64::MAX)
    };
    let parts = [
        (of(MatchLevel::Exact), t.paste_exact(of(MatchLevel::Exact))),
        (of(MatchLevel::Likely), t.paste_likely(of(MatchLevel::Likely))),
        (of(MatchLevel::Several), t.paste_several(of(MatchLevel::Several))),
        (of(MatchLevel::None), t.paste_none(of(MatchLevel::None))),
        (of(MatchLevel::NotChecked), t.paste_not_checked(of(MatchLevel::NotChecked))),
    ];
    let parts: Vec<String> =
        parts.into_iter().filter(|(count, _)| *count > 0).map(|(_, text)| text).collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;

    #[test]
    fn counts_are_a_sentence() {
        let mut levels = vec![MatchLevel::Exact; 36];
        levels.extend([MatchLevel::Likely; 3]);
        levels.push(MatchLevel::None);
        assert_eq!(counts_text(Texts::new(Language::Nb), &levels), "36 eksakte, 3 trolige, 1 uten treff");
        assert_eq!(counts_text(Texts::new(Language::Nb), &[MatchLevel::Exact]), "1 eksakt");
    }
}
