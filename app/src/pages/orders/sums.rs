//! What the order form comes to, beside it and at its foot.

use domain::orders::Totals;
use leptos::prelude::*;

use super::PATH;
use super::form_state::OrderFormState;
use super::typed::{FormLine, totals};
use crate::components::{BusyButton, LinkButton, Total, Totals};
use crate::format;
use crate::i18n::{Texts, use_texts};

/// Net, tax per rate, total.
#[component]
pub(super) fn Sums(state: OrderFormState) -> impl IntoView {
    let t = use_texts();
    let lines = Signal::derive(move || sum_lines(t, &state.lines.get()));
    view! {
        <section class="card" aria-labelledby="h-sum">
            <h2 id="h-sum">{t.order_form_sum()}</h2>
            <Totals lines/>
        </section>
    }
}

fn sum_lines(t: Texts, lines: &[FormLine]) -> Vec<Total> {
    let language = t.language();
    let Some(Totals { net, vat, total }) = totals(lines) else { return Vec::new() };
    let line =
        |label: String, amount, is_sum| Total { label, amount: format::money(amount, language), is_sum };
    std::iter::once(line(t.order_form_net().to_owned(), net, false))
        .chain(
            vat.into_iter()
                .map(|vat| line(t.order_form_vat(format::percent(vat.rate, language)), vat.tax, false)),
        )
        .chain([line(t.order_form_total().to_owned(), total, true)])
        .collect()
}

/// The bar at the foot: how much it is, and the two buttons.
#[component]
pub(super) fn Bar(state: OrderFormState) -> impl IntoView {
    let t = use_texts();
    let total = move || totals(&state.lines.get()).map(|totals| format::money(totals.total, t.language()));
    let filled = move || {
        state
            .lines
            .with(|lines| lines.iter().filter(|line| line.typed.with(|typed| !typed.is_empty())).count())
    };
    let busy = state.form.busy();
    view! {
        <div class="actionbar" role="region" aria-label=t.order_form_actions()>
            <p>
                {t.order_form_total()}
                " "
                <strong class="num">{total}</strong>
                " "
                <span class="muted">{move || t.count_lines(i64::try_from(filled()).unwrap_or(i64::MAX))}</span>
            </p>
            <LinkButton href=PATH kind="q">{t.frame_cancel()}</LinkButton>
            <BusyButton name="action" value="lagre" busy>{t.frame_save()}</BusyButton>
            <BusyButton kind="p" name="action" value="kontroller" busy>{t.order_form_check()}</BusyButton>
        </div>
    }
}
