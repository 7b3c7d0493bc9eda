//! The steps that can be undone, in words.

use domain::orders::sheet::StepName;
use leptos::prelude::*;

use super::form_state::OrderFormState;
use crate::components::Icon;
use crate::i18n::{Texts, use_texts};

/// What a step was: «Endret antall på linje 3: 20 → 200».
pub(super) fn step_text(t: Texts, name: &StepName) -> String {
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let or_empty =
        |text: &str| if text.is_empty() { t.order_form_step_empty().to_owned() } else { text.to_owned() };
    match name {
        StepName::Changed { column, line, from, to } => {
            let field = t.label(column.as_str()).unwrap_or_default().to_lowercase();
            t.order_form_step_changed(field, line, or_empty(from), or_empty(to))
        }
        StepName::Filled { line, number } => t.order_form_step_filled(line, or_empty(number)),
        StepName::Inserted { line } => t.order_form_step_inserted(line),
        StepName::Appended { count: lines } => t.order_form_step_appended(count(*lines)),
        StepName::Deleted { line, count: 1 } => t.order_form_step_deleted_one(line),
        StepName::Deleted { count: lines, .. } => t.order_form_step_deleted(count(*lines)),
        StepName::Moved { from, to } => t.order_form_step_moved(from, to),
        StepName::Cleared { cells } => t.order_form_step_cleared(count(*cells)),
        StepName::Pasted { cells } => t.order_form_step_pasted(count(*cells)),
        StepName::Replaced => t.order_form_step_replaced().to_owned(),
    }
}

/// The receipt of the last step that changed more than a field, with the way back. It stands in the bar that is always in sight: forty
/// lines that were pasted push everything below them out of the window.
#[component]
pub(super) fn LastStep(state: OrderFormState) -> impl IntoView {
    let t = use_texts();
    view! {
        <div class="contents" role="status" data-test="last-step">
            {move || {
                state
                    .last_step
                    .get()
                    .map(|name| {
                        view! {
                            <p class="row sm">
                                <Icon name="okc"/>
                                <span>{step_text(t, &name)}"."</span>
                                <button class="btn s" type="button" data-test="undo" on:click=move |_| state.step_and_tell(true)>
                                    {t.order_form_undo()}
                                </button>
                            </p>
                        }
                    })
            }}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use domain::orders::sheet::Column;

    use super::*;
    use crate::i18n::Language;

    #[test]
    fn steps_say_what_they_were() {
        let t = Texts::new(Language::Nb);
        let changed = |from: &str, to: &str| StepName::Changed {
            column: Column::Quantity,
            line: 3,
            from: from.to_owned(),
            to: to.to_owned(),
        };
        assert_eq!(step_text(t, &changed("20", "200")), "Endret antall på linje 3: 20 → 200");
        assert_eq!(step_text(t, &changed("", "200")), "Endret antall på linje 3: tomt → 200");
        assert_eq!(step_text(t, &StepName::Deleted { line: 2, count: 1 }), "Slettet linje 2");
        assert_eq!(step_text(t, &StepName::Deleted { line: 2, count: 3 }), "Slettet 3 linjer");
        assert_eq!(step_text(t, &StepName::Appended { count: 40 }), "La til 40 linjer");
    }
}
