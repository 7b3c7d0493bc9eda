//! What is wrong with a line, in words under it, with the answer where it is a question.

use domain::decimal::parse_strict;
use domain::errors::{ErrorCode, FieldError};
use domain::orders::sheet::Column;
use leptos::prelude::*;

use super::chooser::go_to_chooser;
use super::faults::fault_words;
use super::form_state::OrderFormState;
use super::lines::COLUMNS;
use super::typed::FormLine;
use crate::components::{Icon, field_id};
use crate::error::value_text;
use crate::format;
use crate::i18n::Texts;

/// A row under the line, as long as there is something wrong with it.
#[component]
pub(super) fn LineFaults(
    state: OrderFormState,
    line: FormLine,
    faults: Memo<Vec<FieldError>>,
) -> impl IntoView {
    move || {
        let faults = faults.get();
        if faults.is_empty() {
            return None;
        }
        let told: Vec<_> = faults.iter().map(|fault| one_fault(state, line, fault)).collect();
        Some(view! {
            <tr role="row" class="sub" data-test="line-faults">
                <td role="cell" colspan=COLUMNS.to_string()>{told}</td>
            </tr>
        })
    }
}

fn one_fault(state: OrderFormState, line: FormLine, fault: &FieldError) -> impl IntoView + use<> {
    let column = fault.pointer.rsplit('/').next().and_then(Column::from_name);
    let answers = column.map(|column| answers(state, line, column, fault));
    let choose = (fault.code == ErrorCode::VersionConflict).then(|| {
        view! {
            <button class="btn s" type="button" data-test="line-to-conflict" on:click=|_| go_to_chooser()>
                {state.texts.order_conflict_go()}
            </button>
        }
    });
    view! {
        <div class="row">
            <p class="errmsg" id=format!("{}-error", field_id(&fault.pointer))>
                <Icon name="stop"/>
                {fault_words(state.texts, fault)}
            </p>
            {answers}
            {choose}
        </div>
    }
}

/// The two numbers that `1.234` may mean, each to be taken with one press. Without a script it is typed anew.
fn answers(
    state: OrderFormState,
    line: FormLine,
    column: Column,
    fault: &FieldError,
) -> impl IntoView + use<> {
    let t = state.texts;
    let readings = if fault.code == ErrorCode::NumberAmbiguous { readings(t, fault) } else { Vec::new() };
    move || {
        if readings.is_empty() || !state.mounted.get() {
            return None;
        }
        let button = |(shown, text): &(String, String)| {
            let text = text.clone();
            let take = move |_| state.answer(line, column, text.clone());
            view! {
                <button class="btn s" type="button" data-test="take-reading" on:click=take>
                    {t.order_form_use_number(shown)}
                </button>
            }
        };
        Some(readings.iter().map(button).collect::<Vec<_>>())
    }
}

/// Each reading as the question shows it, and as it is written into the field.
pub(super) fn readings(t: Texts, fault: &FieldError) -> Vec<(String, String)> {
    let reading = |name: &str| {
        let value = parse_strict(fault.params.get(name)?).ok()?;
        Some((value_text(t, &fault.params, name)?, format::for_field(value, t.language())))
    };
    ["thousands", "decimals"].into_iter().filter_map(reading).collect()
}

#[cfg(test)]
mod tests {
    use domain::orders::OrderLineInput;

    use super::*;
    use crate::i18n::Language;

    #[test]
    fn an_answer_is_no_question_again() {
        let ask = |text: &str| {
            let line = OrderLineInput { quantity: text.to_owned(), ..OrderLineInput::default() };
            line.faults().into_iter().find(|fault| fault.code == ErrorCode::NumberAmbiguous)
        };
        let question = ask("1.234").expect("a question");
        let shown = |language| readings(Texts::new(language), &question);
        let pair = |one: &str, other: &str| (one.to_owned(), other.to_owned());
        assert_eq!(shown(Language::Nb), [pair("1234", "1234"), pair("1,234", "1,234")]);
        assert_eq!(shown(Language::En), [pair("1234", "1234"), pair("1.234", "1.2340")]);
        for (_, text) in shown(Language::Nb).into_iter().chain(shown(Language::En)) {
            assert_eq!(ask(&text), None, "{text}");
        }
    }
}
