//! What a line could mean at the supplier, over the form: outside of it, since confirming a link is a form of its own.

use domain::links::LinkMade;
use domain::orders::sheet::{Column, Command, Place};
use leptos::html::{Dialog, H2};
use leptos::prelude::*;

use super::autosave::Autosave;
use super::form_state::OrderFormState;
use super::grid::Mode;
use super::typed::{FormLine, line_facts};
use crate::components::{FormLinePlace, WhyPanel, difference_text};
use crate::i18n::use_texts;

/// *Hvorfor dette treffet?* of one line. Alt and Enter open it for the line that has the focus.
#[component]
pub(super) fn ArticlePanel(state: OrderFormState, autosave: Autosave) -> impl IntoView {
    let t = use_texts();
    let dialog = NodeRef::<Dialog>::new();
    let heading = NodeRef::<H2>::new();
    Effect::new(move |_| {
        if state.why.get().is_some()
            && let Some(dialog) = dialog.get()
            && !dialog.open()
            && dialog.show_modal().is_ok()
            && let Some(heading) = heading.get_untracked()
        {
            let _ = heading.focus();
        }
    });
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let title = move || {
        let place = state.why.get().and_then(|key| state.find(key)).map(|(place, _)| place + 1);
        place.map(|place| t.order_form_why_title(place))
    };
    let content = move || {
        let (_, line) = state.find(state.why.get()?)?;
        Some(explained(state, autosave, line, Callback::new(move |()| close())))
    };
    view! {
        <dialog class="dialog" node_ref=dialog aria-labelledby="h-why" on:close=move |_| state.leave_panel() data-test="why-line">
            <header>
                <h2 id="h-why" tabindex="-1" node_ref=heading>{title}</h2>
                <button class="btn s q" type="button" on:click=move |_| close()>{t.order_form_close_sheet()}</button>
            </header>
            {content}
        </dialog>
    }
}

fn explained(state: OrderFormState, autosave: Autosave, line: FormLine, close: Callback<()>) -> AnyView {
    let t = state.texts;
    let Some(matched) = line.matched.get() else {
        return view! { <p>{t.order_form_why_nothing()}</p> }.into_any();
    };
    let facts = line.typed.with_untracked(|typed| line_facts(typed, &state.currency.get_untracked()));
    let supplier_id = state.supplier_id.get_untracked().trim().parse().ok();
    let differences: Vec<_> = matched
        .differences
        .iter()
        .map(|difference| view! { <li>{difference_text(t, difference)}</li> })
        .collect();
    let in_form = FormLinePlace {
        line_id: line.line_id.get_value(),
        order_id: autosave.order_id.into(),
        form_key: state.form_key.to_string(),
    };
    let take = move |number: String| {
        state.take_number(line, number);
        close.run(());
    };
    view! {
        <ul class="stack s">{differences}</ul>
        <WhyPanel
            matched
            facts
            supplier_id
            partner=state.supplier_name().unwrap_or_default()
            is_open=true
            form_line=in_form
            on_confirm=Callback::new(move |made: LinkMade| take(made.partner_number))
            on_take=Callback::new(take)
        />
    }
    .into_any()
}

impl OrderFormState {
    /// The supplier's number, in this line.
    fn take_number(self, line: FormLine, number: String) {
        if let Some((place, _)) = self.find(line.key) {
            let place = Place { line: place, column: Column::SupplierArticleNumber };
            self.run(Command::SetCell { place, text: number });
            // The number may be what it was: what is remembered about it is not.
            self.judge.touch(self, line);
        }
    }

    /// Back to the line that was asked about.
    fn leave_panel(self) {
        let Some(key) = self.why.get_untracked() else { return };
        self.why.set(None);
        if let Some((place, _)) = self.find(key) {
            self.go(Place { line: place, column: Column::SupplierArticleNumber }, Mode::Navigation);
        }
    }
}
