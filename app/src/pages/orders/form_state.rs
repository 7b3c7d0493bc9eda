//! What the parts of the order form share: its lines, its supplier, and the match levels that follow what is typed.

use std::time::Duration;

use domain::contacts::ContactRow;
use domain::matching::{LineFacts, MatchLevel};
use domain::orders::{OrderInput, OrderLineInput};
use leptos::prelude::*;
use leptos::reactive::owner::WeakOwner;
use leptos::task::spawn_local;

use super::combobox::Suggestions;
use super::typed::{FormLine, line_facts, with_unit_label};
use crate::api::orders::judge_order_lines;
use crate::components::{FormState, use_mounted};
use crate::i18n::{Language, Texts, use_texts};

/// So long after the last key the lines are judged.
const JUDGE_PAUSE: Duration = Duration::from_millis(400);

/// What the parts of the form share.
#[derive(Clone, Copy)]
pub(super) struct OrderFormState {
    pub lines: RwSignal<Vec<FormLine>>,
    next_key: StoredValue<usize>,
    /// Lines that come later live as long as the form, not as long as the event that made them.
    owner: StoredValue<Option<WeakOwner>>,
    pub supplier_id: RwSignal<String>,
    pub currency: RwSignal<String>,
    suppliers: StoredValue<Vec<ContactRow>>,
    pub suggestions: Suggestions,
    pub form: FormState,
    pub mounted: ReadSignal<bool>,
    pub texts: Texts,
    pub language: Language,
}

impl OrderFormState {
    /// A form with its first lines.
    pub(super) fn new(
        lines: Vec<FormLine>,
        input: &OrderInput,
        suppliers: Vec<ContactRow>,
        form: FormState,
    ) -> Self {
        let texts = use_texts();
        let state = Self {
            next_key: StoredValue::new(lines.len()),
            lines: RwSignal::new(lines),
            owner: StoredValue::new(Owner::current().map(|owner| owner.downgrade())),
            supplier_id: RwSignal::new(input.supplier_id.clone()),
            currency: RwSignal::new(input.currency.clone()),
            suppliers: StoredValue::new(suppliers),
            suggestions: Suggestions::new(),
            form,
            mounted: use_mounted(),
            texts,
            language: texts.language(),
        };
        judge_while_typing(state);
        state
    }

    /// Adds an empty line and says where it stands.
    pub(super) fn add_line(self) -> usize {
        let key = self.next_key.get_value();
        self.next_key.set_value(key + 1);
        let owner = self.owner.with_value(|owner| owner.as_ref().and_then(WeakOwner::upgrade));
        if let Some(owner) = owner {
            let line = owner.with(|| FormLine::new(key, OrderLineInput::default(), None, None));
            self.lines.update(|lines| lines.push(line));
        }
        self.lines.with_untracked(Vec::len).saturating_sub(1)
    }

    /// What stands in the lines, without those that nobody typed into.
    #[expect(dead_code, reason = "the dialogs that paste and fetch lines come next")]
    pub(super) fn typed_lines(self) -> Vec<OrderLineInput> {
        let typed = |line: &FormLine| line.typed.get_untracked();
        self.lines.with_untracked(|lines| lines.iter().map(typed).filter(|line| !line.is_empty()).collect())
    }

    /// Puts lines in the place of the empty ones at the end.
    #[expect(dead_code, reason = "the dialogs that paste and fetch lines come next")]
    pub(super) fn insert_lines(self, lines: Vec<OrderLineInput>) {
        let owner = self.owner.with_value(|owner| owner.as_ref().and_then(WeakOwner::upgrade));
        let Some(owner) = owner else { return };
        let first = self.next_key.get_value();
        self.next_key.set_value(first + lines.len());
        let made: Vec<FormLine> = owner.with(|| {
            let keyed = (first..).zip(lines);
            keyed
                .map(|(key, line)| FormLine::new(key, with_unit_label(line, self.language), None, None))
                .collect()
        });
        self.lines.update(|lines| {
            let filled = lines.iter().rposition(|line| line.typed.with_untracked(|typed| !typed.is_empty()));
            lines.truncate(filled.map_or(0, |last| last + 1));
            lines.extend(made);
        });
        self.add_line();
    }

    /// Takes a line out; one always stays.
    pub(super) fn remove_line(self, line: FormLine) {
        self.suggestions.close();
        self.lines.update(|lines| lines.retain(|known| known.key != line.key));
        if self.lines.with_untracked(Vec::is_empty) {
            self.add_line();
        }
    }

    /// The line's fields were typed into. The last line is never full, so that Tab always has somewhere to go.
    pub(super) fn changed(self, line: FormLine) {
        line.read();
        let last = self.lines.with_untracked(|lines| lines.last().map(|line| line.key));
        if last == Some(line.key) && line.typed.with_untracked(|typed| !typed.is_empty()) {
            self.add_line();
        }
    }

    /// The chosen supplier's name.
    pub(super) fn supplier_name(self) -> Option<String> {
        let chosen = self.supplier_id.get();
        self.suppliers.with_value(|suppliers| {
            let supplier = suppliers.iter().find(|supplier| supplier.contact_id.to_string() == chosen);
            supplier.map(|supplier| supplier.name.clone())
        })
    }

    /// The mark at the edge of a line.
    pub(super) fn line_tone(self, index: usize, line: FormLine) -> Option<&'static str> {
        let prefix = format!("/lines/{index}/");
        let faulty = self
            .form
            .error()
            .is_some_and(|error| error.refusal.errors.iter().any(|fault| fault.pointer.starts_with(&prefix)));
        if faulty {
            return Some("err");
        }
        if line.typed.with(OrderLineInput::is_empty) {
            return None;
        }
        match line.matched.with(|matched| matched.as_ref().map(|matched| matched.level)) {
            Some(MatchLevel::None) => Some("err"),
            Some(MatchLevel::Likely | MatchLevel::Several) => Some("warn"),
            _ => None,
        }
    }
}

/// Asks for match levels while lines are typed; answers that come too late are let go.
fn judge_while_typing(state: OrderFormState) {
    let asked = StoredValue::new(0_u64);
    Effect::new(move |previous: Option<(String, Vec<(usize, LineFacts)>)>| {
        let currency = state.currency.get();
        let filled = |line: &FormLine| {
            line.typed.with(|typed| (!typed.is_empty()).then(|| (line.key, line_facts(typed, &currency))))
        };
        let lines: Vec<_> = state.lines.with(|lines| lines.iter().filter_map(filled).collect());
        let question = (state.supplier_id.get(), lines);
        if !question.1.is_empty() && previous.is_some_and(|previous| previous != question) {
            let number = asked.get_value() + 1;
            asked.set_value(number);
            let (supplier_id, lines) = question.clone();
            set_timeout(
                move || {
                    if asked.try_get_value() == Some(number) {
                        spawn_local(judge(state, asked, number, supplier_id, lines));
                    }
                },
                JUDGE_PAUSE,
            );
        }
        question
    });
}

async fn judge(
    state: OrderFormState,
    asked: StoredValue<u64>,
    number: u64,
    supplier_id: String,
    lines: Vec<(usize, LineFacts)>,
) {
    let (keys, facts): (Vec<usize>, Vec<LineFacts>) = lines.into_iter().unzip();
    let Ok(matches) = judge_order_lines(supplier_id, facts).await else { return };
    if asked.try_get_value() != Some(number) {
        return;
    }
    let shown = state.lines.get_untracked();
    for (key, matched) in keys.into_iter().zip(matches) {
        if let Some(line) = shown.iter().find(|line| line.key == key) {
            line.matched.set(Some(matched));
        }
    }
}
