//! *Kontroll*: orders against checks, and under it every finding with where it is put right.

use domain::exports::{CheckedOrder, ExportCheck, Finding, Outcome};
use domain::ids::OrderId;
use domain::orders::{OrderStatus, PurchaseOrderRow};
use leptos::prelude::*;

use super::PATH;
use super::findings::{
    check_text, finding_look, finding_text, fix_href, fix_text, outcome_icon, outcome_text, outcome_tone,
};
use crate::components::{Cell, Column, DataTable, Icon, Note, Row, Tag, TitleCell, Tone};
use crate::format;
use crate::i18n::{Texts, use_texts};
use crate::pages::lists::address;
use crate::pages::orders::order_href;

/// Checks of the connection share a column; the others have one each.
const OF_THE_ORDER: [ExportCheck; 6] = [
    ExportCheck::LinesExact,
    ExportCheck::StillSold,
    ExportCheck::Quantities,
    ExportCheck::Prices,
    ExportCheck::DeliveryDate,
    ExportCheck::NotSentBefore,
];

/// What becomes of an order as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Sends,
    /// A person may send it all the same.
    MaySend,
    Stays,
}

/// What becomes of an order as it stands.
pub(super) fn verdict(order: &CheckedOrder) -> Verdict {
    match (order.row.status, order.outcome()) {
        (OrderStatus::Ready, Outcome::Fine | Outcome::Warning) => Verdict::Sends,
        (OrderStatus::Ready, Outcome::Overridable) => Verdict::MaySend,
        _ => Verdict::Stays,
    }
}

/// The panel of step two.
#[component]
pub(super) fn Matrix(
    orders: Vec<CheckedOrder>,
    checked_at: domain::time::Timestamp,
    /// Those that are sent although they have a fault.
    ticked: RwSignal<Vec<OrderId>>,
) -> impl IntoView {
    let t = use_texts();
    let ready = orders.iter().filter(|order| verdict(order) == Verdict::Sends).count();
    let others = orders.len() - ready;
    let summary = move || {
        let ticked = ticked.try_with(Vec::len).unwrap_or_default();
        t.export_summary(ready + ticked, others.saturating_sub(ticked))
    };
    let columns: Vec<Column> = std::iter::once(Column::new(t.orders_number()).title())
        .chain([Column::new(t.check_connection()).class("chk")])
        .chain(OF_THE_ORDER.map(|check| Column::new(check_text(t, check)).class("chk")))
        .chain([Column::new(t.check_result())])
        .collect();
    let rows: Vec<_> = orders.iter().map(|order| view! { <MatrixRow order=order.clone() ticked/> }).collect();
    let chosen: Vec<String> = orders.iter().map(|order| order.row.order_id.to_string()).collect();
    let asked: Vec<(&str, &str)> = chosen.iter().map(|order_id| ("ordre", order_id.as_str())).collect();
    let back = address(PATH, &asked);
    let found: Vec<_> = orders.iter().flat_map(|order| findings_of(t, order, &back)).collect();
    let any_found = !found.is_empty();
    view! {
        <section class="panel" aria-labelledby="h-check" data-test="check">
            <header>
                <div>
                    <h2 id="h-check">{t.export_step_check_numbered()}</h2>
                    <p class="muted sm">{t.export_checked_at(format::time(checked_at, t.language()))}</p>
                </div>
                <p role="status"><strong>{summary}</strong></p>
            </header>
            <DataTable caption=t.export_check_per_order() columns kind="matrix">
                {rows}
            </DataTable>
            {any_found
                .then(|| {
                    view! {
                        <div class="stack">
                            <h3>{t.export_findings()}</h3>
                            <ul class="find" data-test="findings">{found}</ul>
                        </div>
                    }
                })}
        </section>
    }
}

fn worst(findings: &[Finding], of: impl Fn(ExportCheck) -> bool) -> Outcome {
    let outcomes = findings.iter().filter(|finding| of(finding.check)).map(|finding| finding.outcome);
    outcomes.max().unwrap_or(Outcome::Fine)
}

#[component]
fn MatrixRow(order: CheckedOrder, ticked: RwSignal<Vec<OrderId>>) -> impl IntoView {
    let t = use_texts();
    let (order_id, verdict) = (order.row.order_id, verdict(&order));
    let (is_fine, is_editable) = (order.outcome() == Outcome::Fine, order.row.status.is_editable());
    let is_ticked = Memo::new(move |_| ticked.with(|ticked| ticked.contains(&order_id)));
    let look = move || match verdict {
        Verdict::Sends if is_fine => (Tone::Ok, t.check_ready(), "check"),
        Verdict::Sends => (Tone::Warning, t.check_ready_with_warning(), "help"),
        Verdict::MaySend if is_ticked.get() => (Tone::Warning, t.check_sent_anyway(), "help"),
        Verdict::MaySend => (Tone::Error, t.check_stops(), "stop"),
        Verdict::Stays if is_editable => (Tone::Error, t.check_stops(), "stop"),
        Verdict::Stays => (Tone::Neutral, t.check_already_sent(), "up"),
    };
    let edge = Signal::derive(move || match look().0 {
        Tone::Error => Some("err"),
        Tone::Warning => Some("warn"),
        _ => None,
    });
    let connection = worst(&order.findings, |check| !OF_THE_ORDER.contains(&check));
    let cells: Vec<_> = OF_THE_ORDER
        .into_iter()
        .map(|check| {
            let outcome = worst(&order.findings, |found| found == check);
            view! { <OutcomeCell label=check_text(t, check) outcome/> }
        })
        .collect();
    let number = order.row.number;
    view! {
        <Row tone=edge>
            <TitleCell href=order_href(&number) text=number code=true/>
            <OutcomeCell label=t.check_connection() outcome=connection/>
            {cells}
            <Cell class="st">
                {move || {
                    let (tone, text, icon) = look();
                    view! { <Tag text tone icon/> }
                }}
            </Cell>
        </Row>
    }
}

#[component]
fn OutcomeCell(label: &'static str, outcome: Outcome) -> impl IntoView {
    let t = use_texts();
    view! {
        <Cell class="chk" label>
            <span class=outcome_tone(outcome).class()>
                <Icon name=outcome_icon(outcome)/>
                <span class="vh">{outcome_text(t, outcome)}</span>
            </span>
        </Cell>
    }
}

/// Every finding of an order, each with the place where it is put right and the way back from there.
fn findings_of(t: Texts, order: &CheckedOrder, back: &str) -> Vec<AnyView> {
    let row = &order.row;
    let found = order.findings.iter().filter(|finding| finding.outcome != Outcome::Fine);
    found
        .map(|finding| {
            let (tone, icon) = finding_look(finding);
            view! {
                <FindingItem
                    tone
                    icon
                    place=place(t, row, finding.line_number)
                    text=finding_text(t, finding, row)
                    href=fix_href(finding, row, back)
                    link=fix_text(t, finding.check)
                />
            }
            .into_any()
        })
        .collect()
}

/// "PO-2026-00417, linje 4:".
fn place(t: Texts, row: &PurchaseOrderRow, line_number: Option<i32>) -> String {
    match line_number {
        Some(line) => t.check_at_line(&row.number, line),
        None => t.check_at_order(&row.number),
    }
}

#[component]
fn FindingItem(
    tone: Tone,
    icon: &'static str,
    place: String,
    text: String,
    href: String,
    link: &'static str,
) -> impl IntoView {
    view! {
        <li>
            <Note tone icon>
                <strong>{place}</strong>
                " "
                {text}
            </Note>
            // The browser itself goes to the field that is named in the address, and into it.
            <a class="more" href=href rel="external">
                {link}
                <Icon name="next"/>
            </a>
        </li>
    }
}
