//! What the sheet asks before it lets a line go: which article is meant, and what its numbers mean. Behind the sheet nobody would see it.

use domain::errors::{ErrorCode, FieldError};
use domain::orders::sheet::Column;
use domain::orders::{OrderLineInput, told_beside};
use leptos::html::Input;
use leptos::prelude::*;

use super::super::faults::fault_words;
use super::super::line_faults::readings;
use super::Sheet;
use crate::components::Icon;
use crate::i18n::{Texts, use_texts};

/// The id of what is said when no article was chosen.
const UNCHOSEN_ID: &str = "sheet-article-error";

impl Sheet {
    /// Puts the line into the order and goes on, unless there is something to ask first. What is only wrong is told once: pressed again, the
    /// line is taken as it is, and the form keeps it and says so. Which number `1.234` is has to be answered.
    pub(super) fn put(self, line: OrderLineInput, then: fn(Self)) {
        let whole = self.line(line.clone());
        let faults = faults_in(&whole);
        let is_told = self.faults.with_untracked(|told| *told == faults);
        if faults.is_empty() || (is_told && !faults.iter().any(is_question)) {
            self.forget_faults();
            self.add(whole, then);
            return;
        }
        let first = faults.first().and_then(|fault| self.field_of(fault));
        self.waiting.set_value(Some((line, then)));
        self.faults.set(faults);
        if let Some(field) = first.and_then(|field| field.get_untracked()) {
            let _ = field.focus();
        }
    }

    /// This is what was meant: what *Lagre* was pressed for goes on.
    fn answer(self, field: NodeRef<Input>, text: &str) {
        if let Some(field) = field.get_untracked() {
            field.set_value(text);
        }
        if let Some((line, then)) = self.waiting.try_update_value(Option::take).flatten() {
            self.put(line, then);
        }
    }

    /// What was told is told no more: something else is typed.
    pub(super) fn forget_faults(self) {
        self.waiting.set_value(None);
        if !self.faults.with_untracked(Vec::is_empty) {
            self.faults.set(Vec::new());
        }
    }

    fn field_of(self, fault: &FieldError) -> Option<NodeRef<Input>> {
        match column_of(fault)? {
            Column::Quantity => Some(self.quantity),
            Column::UnitPrice => Some(self.price),
            _ => None,
        }
    }
}

/// What is wrong in the fields that the sheet has. What is merely missing may come later.
fn faults_in(line: &OrderLineInput) -> Vec<FieldError> {
    let mut faults = told_beside(&[], line.faults(), None);
    faults.retain(|fault| matches!(column_of(fault), Some(Column::Quantity | Column::UnitPrice)));
    faults
}

fn column_of(fault: &FieldError) -> Option<Column> {
    fault.pointer.rsplit('/').next().and_then(Column::from_name)
}

fn is_question(fault: &FieldError) -> bool {
    fault.code == ErrorCode::NumberAmbiguous
}

fn error_id(column: Column) -> &'static str {
    if column == Column::Quantity { "sheet-quantity-error" } else { "sheet-price-error" }
}

/// Says at a field which words tell what is wrong with it.
fn describe(field: NodeRef<Input>, error: Option<&str>) {
    let Some(field) = field.get() else { return };
    for (name, value) in [("aria-invalid", error.map(|_| "true")), ("aria-describedby", error)] {
        let _ = match value {
            Some(value) => field.set_attribute(name, value),
            None => field.remove_attribute(name),
        };
    }
}

/// What is wrong with the numbers, each with its way on.
#[component]
pub(super) fn SheetFaults(sheet: Sheet) -> impl IntoView {
    Effect::new(move |_| {
        let faults = sheet.faults.get();
        for (field, column) in [(sheet.quantity, Column::Quantity), (sheet.price, Column::UnitPrice)] {
            let is_faulty = faults.iter().any(|fault| column_of(fault) == Some(column));
            describe(field, is_faulty.then(|| error_id(column)));
        }
    });
    move || sheet.faults.get().iter().map(|fault| one_fault(sheet, fault)).collect::<Vec<_>>()
}

fn one_fault(sheet: Sheet, fault: &FieldError) -> impl IntoView + use<> {
    let t = sheet.state.texts;
    let field = sheet.field_of(fault);
    let answers: Vec<_> = readings_of(t, fault)
        .into_iter()
        .map(|(shown, text)| {
            let take = move |_| {
                if let Some(field) = field {
                    sheet.answer(field, &text);
                }
            };
            view! {
                <button class="btn s" type="button" data-test="sheet-reading" on:click=take>
                    {t.order_form_use_number(shown)}
                </button>
            }
        })
        .collect();
    let again = answers.is_empty().then(|| view! { <p class="muted sm">{t.order_form_sheet_again()}</p> });
    view! {
        <div class="stack s" data-test="sheet-fault">
            <p class="errmsg" id=column_of(fault).map(error_id)>
                <Icon name="stop"/>
                {fault_words(t, fault)}
            </p>
            <div class="row">{answers}</div>
            {again}
        </div>
    }
}

fn readings_of(t: Texts, fault: &FieldError) -> Vec<(String, String)> {
    if is_question(fault) { readings(t, fault) } else { Vec::new() }
}

/// What was typed is no article: what can be done about it.
#[component]
pub(super) fn Unchosen(sheet: Sheet) -> impl IntoView {
    let t = use_texts();
    Effect::new(move |_| describe(sheet.article, sheet.is_unchosen.get().then_some(UNCHOSEN_ID)));
    let words = move || unchosen_words(t, sheet.is_answered.get(), sheet.hits.with(Vec::len));
    move || {
        sheet.is_unchosen.get().then(|| {
            view! {
                <div class="stack s" data-test="sheet-unchosen">
                    <p class="errmsg" id=UNCHOSEN_ID>
                        <Icon name="stop"/>
                        {words}
                    </p>
                    <div class="row">
                        <button class="btn s" type="button" data-test="sheet-free" on:click=move |_| sheet.take_text()>
                            {t.order_form_sheet_free()}
                        </button>
                    </div>
                </div>
            }
        })
    }
}

/// Why the text was not taken for an article: there are others to choose, there is none, or nobody has answered.
fn unchosen_words(t: Texts, is_answered: bool, hits: usize) -> &'static str {
    match (is_answered, hits) {
        (false, _) => t.order_form_sheet_unanswered(),
        (true, 0) => t.order_form_sheet_unknown(),
        (true, _) => t.order_form_sheet_unchosen(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;

    #[test]
    fn suggestions_are_named_only_where_there_are_some() {
        let t = Texts::new(Language::Nb);
        assert_eq!(unchosen_words(t, true, 2), t.order_form_sheet_unchosen());
        assert_eq!(unchosen_words(t, true, 0), t.order_form_sheet_unknown());
        assert!(unchosen_words(t, false, 0).starts_with("Fikk ikke svar"));
    }

    #[test]
    fn the_sheet_tells_of_its_own_fields_alone() {
        let line = |quantity: &str, price: &str, discount: &str| OrderLineInput {
            article_number: "10250".to_owned(),
            quantity: quantity.to_owned(),
            unit_price: price.to_owned(),
            discount_percent: discount.to_owned(),
            ..OrderLineInput::default()
        };
        let found = |quantity: &str, price: &str, discount: &str| {
            let faults = faults_in(&line(quantity, price, discount));
            faults.iter().map(|fault| (column_of(fault), is_question(fault))).collect::<Vec<_>>()
        };
        assert_eq!(found("", "", ""), []);
        assert_eq!(found("1.234", "2,5", ""), [(Some(Column::Quantity), true)]);
        assert_eq!(found("mange", "", ""), [(Some(Column::Quantity), false)]);
        assert_eq!(found("1", "1.234", "mye"), [(Some(Column::UnitPrice), true)]);
    }

    #[test]
    fn only_a_question_has_answers() {
        let t = Texts::new(Language::Nb);
        let fault = |quantity: &str| {
            let line = OrderLineInput { quantity: quantity.to_owned(), ..OrderLineInput::default() };
            faults_in(&line).into_iter().next().expect("a fault")
        };
        assert_eq!(readings_of(t, &fault("1.234")).len(), 2);
        assert_eq!(readings_of(t, &fault("mange")), []);
    }
}
