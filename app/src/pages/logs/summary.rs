//! How it went: as a sentence, and day by day as figures with bars.

use domain::logs::{LogDay, LogSummary};
use leptos::prelude::*;

use crate::components::{Cell, Column, DataTable, Row, TitleCell};
use crate::format;
use crate::i18n::use_texts;

/// The share that went well, in words, under the heading.
#[component]
pub(super) fn Share(summary: LogSummary) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    let whole = |value| format::whole(value, language);
    let days = summary.days.len();
    let Some(per_mille) = summary.per_mille() else {
        return view! { <span class="muted">{t.logs_share_none(days)}</span> }.into_any();
    };
    // A percentage in millionths, as everywhere.
    let share = format::percent(domain::decimal::Percent(per_mille * 100_000), language);
    view! {
        <span data-test="share">
            <strong>{t.logs_share(share, days)}</strong>
            " "
            <span class="muted">
                {t.logs_share_figures(whole(summary.total()), whole(summary.failed()), whole(summary.waiting))}
            </span>
        </span>
    }
    .into_any()
}

/// *Dag for dag*.
#[component]
pub(super) fn Days(summary: LogSummary) -> impl IntoView {
    let t = use_texts();
    let most = summary.days.iter().map(|day| day.total).max().unwrap_or(0).max(1);
    let columns = vec![
        Column::new(t.logs_day()).title(),
        Column::new(t.logs_entries()).num(),
        Column::new(t.logs_failed()).num(),
        Column::new(t.logs_chart()).class("w").hidden(),
    ];
    let caption = t.logs_days_caption(summary.days.len());
    let rows: Vec<_> = summary.days.into_iter().map(|day| view! { <DayRow day most/> }).collect();
    view! {
        <details class="card">
            <summary>{t.logs_days()}</summary>
            <DataTable caption columns>
                {rows}
            </DataTable>
        </details>
    }
}

#[component]
fn DayRow(day: LogDay, most: i64) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    let share = move |count: i64| {
        let tenths = count * 1000 / most;
        format!("{}.{}%", tenths / 10, tenths % 10)
    };
    let good = day.total - day.failed;
    view! {
        <Row>
            <TitleCell text=format::date(day.date, language)/>
            <Cell class="num" label=t.logs_entries()>{format::whole(day.total, language)}</Cell>
            <Cell class="num" label=t.logs_failed()>{format::whole(day.failed, language)}</Cell>
            <Cell class="w">
                <svg class="bar" aria-hidden="true" preserveAspectRatio="none">
                    <rect class="b1" height="100%" width=share(good)/>
                    <rect class="b2" height="100%" x=share(good) width=share(day.failed)/>
                </svg>
            </Cell>
        </Row>
    }
}
