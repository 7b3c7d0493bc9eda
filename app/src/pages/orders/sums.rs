//! What the order form comes to, beside it and at its foot.

use domain::money;
use domain::orders::Totals as OrderTotals;
use leptos::prelude::*;

use super::autosave::Autosave;
use super::chooser::go_to_chooser;
use super::form_state::OrderFormState;
use super::save_state::SaveText;
use super::steps::LastStep;
use super::typed::Sum;
use crate::components::{BusyButton, Total, Totals};
use crate::format;
use crate::i18n::{Texts, use_texts};

/// Net, tax per rate, total.
#[component]
pub(super) fn Sums(state: OrderFormState) -> impl IntoView {
    let t = use_texts();
    let lines = Signal::derive(move || state.sum.with(|sum| sum_lines(t, sum.as_ref())));
    view! {
        <section class="card" aria-labelledby="h-sum">
            <h2 id="h-sum">{t.order_form_sum()}</h2>
            <Totals lines/>
        </section>
    }
}

fn sum_lines(t: Texts, sum: Option<&Sum>) -> Vec<Total> {
    let language = t.language();
    let Some(Sum { totals: OrderTotals { net, vat, total }, .. }) = sum else { return Vec::new() };
    let line =
        |label: String, amount, is_sum| Total { label, amount: format::money(amount, language), is_sum };
    std::iter::once(line(t.order_form_net().to_owned(), *net, false))
        .chain(
            vat.iter().map(|vat| line(t.order_form_vat(format::percent(vat.rate, language)), vat.tax, false)),
        )
        .chain([line(t.order_form_total().to_owned(), *total, true)])
        .collect()
}

/// The bar at the foot: how safe it is and how much, and the two buttons.
#[component]
pub(super) fn Bar(state: OrderFormState, autosave: Autosave) -> impl IntoView {
    let t = use_texts();
    let total = move || {
        let currency = state.currency.with(|typed| shown_currency(typed));
        let shown = |sum: &Sum| match &currency {
            Some(currency) => format::money_with_currency(sum.totals.total, currency, t.language()),
            None => format::money(sum.totals.total, t.language()),
        };
        state.sum.with(|sum| sum.as_ref().map(shown))
    };
    let filled = move || state.sum.with(|sum| sum.as_ref().map_or(0, |sum| sum.lines));
    let busy = state.form.busy();
    view! {
        <div class="actionbar" role="region" aria-label=t.order_form_actions()>
            <LastStep state/>
            <p>
                <strong class="num" data-test="bar-total">{total}</strong>
                " "
                <span class="muted">{move || t.count_lines(i64::try_from(filled()).unwrap_or(i64::MAX))}</span>
                " "
                <span class="muted"><SaveText autosave/></span>
            </p>
            // What is asked stands above the form, out of sight from here.
            {move || {
                autosave.conflict.with(Option::is_some).then(|| view! {
                    <button class="btn" type="button" data-test="to-conflict" on:click=|_| go_to_chooser()>
                        {t.order_conflict_go()}
                    </button>
                })
            }}
            // With a script it is saved all the time.
            {move || {
                (!state.mounted.get())
                    .then(|| view! { <BusyButton name="action" value="lagre" busy>{t.frame_save()}</BusyButton> })
            }}
            <BusyButton name="action" value="lukk" busy>{t.order_form_save_and_close()}</BusyButton>
            <BusyButton kind="p" name="action" value="kontroller" busy>
                {t.order_form_check()}
                " "
                <kbd class="only-wide">"Ctrl "{t.key("name.enter").unwrap_or_default()}</kbd>
            </BusyButton>
        </div>
    }
}

/// The order's currency, which is written after its sum: none while what is typed is no currency, and the usual one where nothing is.
fn shown_currency(typed: &str) -> Option<String> {
    let code = match typed.trim() {
        "" => "NOK".to_owned(),
        code => code.to_uppercase(),
    };
    Some(code).filter(|code| money::is_currency(code))
}
