//! *Lim inn fra Excel*: what was pasted, what each column is, what the supplier will understand of it; then it becomes lines.

use domain::errors::ErrorCode;
use domain::matching::{LineFacts, MatchLevel};
use domain::orders::{MAX_LINES, OrderLineInput};
use domain::paste::{self, PasteColumn, PastedLine, Sheet};
use leptos::html::Dialog;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::device::storage;
use super::form_state::OrderFormState;
use super::paste_preview::Preview;
use super::typed::line_facts;
use crate::api::order_copies::fill_order_lines;
use crate::api::orders::judge_order_lines;
use crate::components::{Alert, Tone};
use crate::error::{AppError, field_text, pointer_text};
use crate::i18n::{Texts, use_texts};

/// Faults of rows that are shown.
const SHOWN_FAULTS: usize = 10;
/// Before the supplier's id: what the columns of a supplier's sheets were last.
const REMEMBERED: &str = "prodsys.paste.";

/// Lines that are ready to be added, and how the supplier understands each.
type Judged = Vec<(OrderLineInput, MatchLevel)>;

/// What the parts of the dialog share.
#[derive(Clone, Copy)]
pub(super) struct Pasting {
    state: OrderFormState,
    dialog: NodeRef<Dialog>,
    sheet: RwSignal<Option<Sheet>>,
    pub(super) columns: RwSignal<Vec<PasteColumn>>,
    lines: RwSignal<Vec<PastedLine>>,
    /// `None` while the server is asked.
    judged: RwSignal<Option<Judged>>,
    fault: RwSignal<Option<AppError>>,
    /// Which question is the newest.
    asked: StoredValue<u64>,
}

/// The dialog; closed until something is pasted or the button is pressed.
#[component]
pub(super) fn PasteDialog(state: OrderFormState) -> impl IntoView {
    let t = use_texts();
    let pasting = Pasting {
        state,
        dialog: NodeRef::new(),
        sheet: RwSignal::new(None),
        columns: RwSignal::new(Vec::new()),
        lines: RwSignal::new(Vec::new()),
        judged: RwSignal::new(None),
        fault: RwSignal::new(None),
        asked: StoredValue::new(0),
    };
    state.on_paste(move |text| {
        pasting.open();
        pasting.take(&text);
    });
    state.on_open_paste(move || pasting.open());
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
                    <Preview pasting sheet/>
                    <Result pasting/>
                }
                .into_any(),
            }}
        </dialog>
    }
}

impl Pasting {
    fn open(self) {
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

    /// Looks at a text. What cannot become lines is told, and changes nothing.
    fn take(self, text: &str) {
        match paste::read(text) {
            Err(fault) => self.fault.set(Some(domain::errors::Refusal::from(fault).into())),
            Ok(sheet) => {
                self.fault.set(None);
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

    /// Asks the registers and the catalogue about the lines: one question for all of them.
    fn judge(self) {
        let columns = self.columns.get_untracked();
        let lines = self.sheet.with_untracked(|sheet| {
            sheet.as_ref().map(|sheet| paste::lines(sheet, &columns)).unwrap_or_default()
        });
        self.judged.set(None);
        self.fault.set(lines.is_empty().then(|| ErrorCode::PasteNoColumns.into()));
        let good = lines.iter().filter(|line| line.is_good()).map(|line| line.line.clone()).collect();
        self.lines.set(lines);
        let number = self.asked.get_value() + 1;
        self.asked.set_value(number);
        spawn_local(async move {
            let judged = ask(self.state, good).await;
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
            .filter(|(_, level)| !only_exact || *level == MatchLevel::Exact)
            .map(|(line, _)| line)
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
async fn ask(state: OrderFormState, lines: Vec<OrderLineInput>) -> Result<Judged, AppError> {
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let (supplier, currency) = (state.supplier_id.get_untracked(), state.currency.get_untracked());
    let lines = fill_order_lines(supplier.clone(), currency.clone(), lines).await?;
    let facts: Vec<LineFacts> = lines.iter().map(|line| line_facts(line, &currency)).collect();
    let matches = judge_order_lines(supplier, facts).await?;
    Ok(lines.into_iter().zip(matches.into_iter().map(|matched| matched.level)).collect())
}

/// Where the rows come from, while there are none.
#[component]
fn Source(pasting: Pasting) -> impl IntoView {
    let t = use_texts();
    view! {
        <div class="field">
            <label for="paste-here">{t.paste_cells()}</label>
            <p class="hint" id="paste-here-hint">{t.paste_cells_hint()}</p>
            <textarea
                class="input"
                id="paste-here"
                rows="4"
                aria-describedby="paste-here-hint"
                on:input=move |event| pasting.take(&event_target_value(&event))
            ></textarea>
        </div>
        <form class="field" on:change=move |event| take_file(pasting, &event)>
            <label for="paste-file">{t.paste_from_file()}</label>
            <p class="hint" id="paste-file-hint">{t.paste_from_file_hint()}</p>
            <input class="input" id="paste-file" name="file" type="file" accept=".xlsx,.csv,.txt" aria-describedby="paste-file-hint"/>
        </form>
    }
}

/// Sends the chosen file to the server, which reads it as text.
#[cfg(feature = "hydrate")]
fn take_file(pasting: Pasting, event: &leptos::ev::Event) {
    use leptos::wasm_bindgen::JsCast;
    let form = event.current_target().and_then(|form| form.dyn_into::<web_sys::HtmlFormElement>().ok());
    let Some(Ok(form)) = form.map(|form| web_sys::FormData::new_with_form(&form)) else { return };
    spawn_local(async move {
        match rows_of_file(form).await {
            Ok(text) => pasting.take(&text),
            Err(error) => pasting.fault.set(Some(error)),
        }
    });
}

#[cfg(not(feature = "hydrate"))]
fn take_file(_: Pasting, _: &leptos::ev::Event) {}

#[cfg(feature = "hydrate")]
async fn rows_of_file(form: web_sys::FormData) -> Result<String, AppError> {
    let lost = |_| AppError { no_contact: true, ..AppError::from(ErrorCode::Internal) };
    let request = gloo_net::http::Request::post("/filer/ordrelinjer").body(form).map_err(lost)?;
    let answer = request.send().await.map_err(lost)?;
    let text = answer.text().await.map_err(lost)?;
    if answer.ok() {
        return Ok(text);
    }
    Err(serde_json::from_str(&text).unwrap_or_else(|_| AppError::from(ErrorCode::FileMalformed)))
}

/// How many lines the supplier understands, what cannot be taken, and the buttons.
#[component]
fn Result(pasting: Pasting) -> impl IntoView {
    let t = use_texts();
    let faults = move || pasting.lines.with(|lines| faults_shown(t, lines));
    view! {
        <div role="status" data-test="paste-counts">
            {move || match pasting.judged.get() {
                Some(judged) if !judged.is_empty() => {
                    let levels: Vec<MatchLevel> = judged.iter().map(|(_, level)| *level).collect();
                    Some(view! { <p><strong>{counts_text(t, &levels)}</strong></p> }.into_any())
                }
                Some(_) => None,
                None if pasting.fault.with(Option::is_some) => None,
                None => Some(view! { <p class="muted">{t.paste_checking()}</p> }.into_any()),
            }}
        </div>
        {faults}
        <footer class="row">{move || pasting.judged.get().map(|judged| buttons(t, pasting, &judged))}</footer>
    }
}

fn buttons(t: Texts, pasting: Pasting, judged: &Judged) -> Option<AnyView> {
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let exact = judged.iter().filter(|(_, level)| *level == MatchLevel::Exact).count();
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

/// Rows that cannot be taken, each with its reason.
fn faults_shown(t: Texts, lines: &[PastedLine]) -> Option<AnyView> {
    let bad = lines.iter().filter(|line| !line.is_good());
    let count = i64::try_from(bad.clone().count()).unwrap_or(i64::MAX);
    if count == 0 {
        return None;
    }
    let told = bad.flat_map(|line| line.faults.iter().map(|fault| (line.row, fault))).take(SHOWN_FAULTS);
    let told: Vec<AnyView> = told
        .map(|(row, fault)| {
            let field = pointer_text(t, &fault.pointer).unwrap_or_default();
            view! { <li>{t.paste_row_fault(row, field, field_text(t, fault))}</li> }.into_any()
        })
        .collect();
    let list = view! {
        <div class="alert" data-test="paste-faults">
            <div>
                <p><strong>{t.paste_left_out(count)}</strong></p>
                <ul class="sm">{told}</ul>
            </div>
        </div>
    };
    Some(list.into_any())
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
