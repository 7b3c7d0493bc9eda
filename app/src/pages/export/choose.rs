//! The three steps on one page. Choosing is a question in the address, sending is a form: both work without a script.

use domain::exports::CheckedOrder;
use domain::ids::OrderId;
use domain::money::Money;
use domain::orders::PurchaseOrderRow;
use leptos::html::Fieldset;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::PATH;
use super::matrix::{Matrix, Verdict, verdict};
use crate::api::exports::{ExportOrders, ExportPage, read_export};
use crate::components::{
    Alert, BusyButton, Cell, Choice, Column, Crumb, Crumbs, DataTable, EmptyKind, EmptyState, FormErrors,
    FormState, HiddenField, LinkButton, Loading, OrderTag, PageHead, Row, TitleCell, Tone, use_mounted,
};
use crate::format;
use crate::i18n::{Texts, use_texts};
use crate::live::{Live, use_live};
use crate::page_data::{PageData, suspend};
use crate::pages::lists::{address, shown};
use crate::pages::orders::{order_href, sum_text};
use crate::session::use_shell;

/// The orders that the address names.
pub(crate) fn asked_for(values: Option<Vec<String>>) -> Vec<OrderId> {
    let mut order_ids = Vec::new();
    for order_id in values.unwrap_or_default().iter().filter_map(|id| id.parse().ok()) {
        if !order_ids.contains(&order_id) {
            order_ids.push(order_id);
        }
    }
    order_ids
}

/// The page `/ordre/eksporter-til-partner`.
#[component]
pub fn ChooseExportPage() -> impl IntoView {
    let query = use_query_map();
    // Orders one by one, or whatever fits the question of the list.
    let chosen = Memo::new(move |_| {
        query.with(|query| (asked_for(query.get_all("ordre")), query.get("alle").unwrap_or_default()))
    });
    let resets = use_live().map(Live::resets);
    let page = PageData::new(
        move || (chosen.get(), resets.map(|resets| resets.get())),
        |((order_ids, question), _)| read_export(order_ids, question),
    );
    view! {
        <Transition fallback=Loading>
            {move || suspend(async move { shown(page.await, |page| view! { <Steps page/> }.into_any()) })}
        </Transition>
    }
}

#[component]
fn Steps(page: ExportPage) -> impl IntoView {
    let t = use_texts();
    let action = ServerAction::<ExportOrders>::new();
    let form = FormState::of(action);
    let shell = use_shell();
    let chosen: Vec<OrderId> = page.checked.iter().map(|order| order.row.order_id).collect();
    let checked = !chosen.is_empty();
    let offered = offered(&page);
    let ticked = RwSignal::new(Vec::<OrderId>::new());
    view! {
        <Crumbs path=vec![Crumb::text(t.nav_orders()), Crumb::text(t.nav_export())]/>
        <PageHead title=t.nav_export().to_owned() below=move || view! { <StepList checked/> }/>
        {(!shell.module_on)
            .then(|| view! { <Alert tone=Tone::Error title=t.module_off_title() text=t.module_off_text().to_owned()/> })}
        <FormErrors form/>
        {if offered.is_empty() {
            view! { <NothingReady/> }.into_any()
        } else {
            view! { <Choose offered chosen/> }.into_any()
        }}
        {checked
            .then(|| {
                view! {
                    <Matrix orders=page.checked.clone() checked_at=page.checked_at ticked/>
                    <Send orders=page.checked.clone() ticked action form/>
                }
            })}
    }
}

/// Those that are ready, and those that were asked for although they are not.
fn offered(page: &ExportPage) -> Vec<PurchaseOrderRow> {
    let mut rows = page.candidates.clone();
    for order in &page.checked {
        if !rows.iter().any(|row| row.order_id == order.row.order_id) {
            rows.push(order.row.clone());
        }
    }
    rows
}

#[component]
fn StepList(checked: bool) -> impl IntoView {
    let t = use_texts();
    let current = |is: bool| is.then_some("step");
    view! {
        <ol class="steps">
            <li><a href="#h-choose" aria-current=current(!checked)><b>"1"</b>{t.export_step_choose()}</a></li>
            <li><a href="#h-check" aria-current=current(checked)><b>"2"</b>{t.export_step_check()}</a></li>
            <li><a href="#h-send"><b>"3"</b>{t.export_step_send()}</a></li>
        </ol>
    }
}

#[component]
fn NothingReady() -> impl IntoView {
    let t = use_texts();
    view! {
        <section class="panel" aria-label=t.export_step_choose()>
            <EmptyState kind=EmptyKind::Done title=t.export_empty_title() text=t.export_empty_text()>
                <LinkButton href=address(crate::pages::orders::PATH, &[("vis", "kladder")])>{t.export_to_drafts()}</LinkButton>
                <LinkButton href=format!("{}/ny", crate::pages::orders::PATH)>{t.nav_new_order()}</LinkButton>
            </EmptyState>
        </section>
    }
}

/// Step one. Nothing chosen yet means that everything ready is ticked.
#[component]
fn Choose(offered: Vec<PurchaseOrderRow>, chosen: Vec<OrderId>) -> impl IntoView {
    let t = use_texts();
    let columns = vec![
        Column::new(t.orders_pick()).class("pick").hidden(),
        Column::new(t.orders_number()).title(),
        Column::new(t.orders_supplier()),
        Column::new(t.orders_lines()).num(),
        Column::new(t.orders_wanted()).num(),
        Column::new(t.orders_sum()).num(),
        Column::new(t.orders_status()),
    ];
    let all = offered.len();
    let ticked = if chosen.is_empty() { all } else { chosen.len() };
    let rows: Vec<_> = offered
        .into_iter()
        .map(|row| {
            let checked = chosen.is_empty() || chosen.contains(&row.order_id);
            view! { <OfferedRow row checked/> }
        })
        .collect();
    view! {
        <section class="panel" aria-labelledby="h-choose">
            <header>
                <h2 id="h-choose">{t.export_step_choose_numbered()}</h2>
                <p class="muted sm" role="status">{t.export_chosen(ticked, all)}</p>
            </header>
            <form method="get" action=PATH data-test="choose-orders">
                <DataTable caption=t.export_ready_orders() columns>
                    {rows}
                </DataTable>
                <footer>
                    <button class=if chosen.is_empty() { "btn p" } else { "btn" } type="submit" data-test="check-orders">
                        {if chosen.is_empty() { t.export_check_chosen() } else { t.export_check_again() }}
                    </button>
                </footer>
            </form>
        </section>
    }
}

#[component]
fn OfferedRow(row: PurchaseOrderRow, checked: bool) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    let number = row.number.clone();
    let (pick, sum) = (t.orders_pick_one(&number), sum_text(&row, language));
    view! {
        <Row>
            <Cell class="pick">
                <input
                    class="pickbox"
                    type="checkbox"
                    name="ordre"
                    value=row.order_id.to_string()
                    checked=checked
                    aria-label=pick
                />
            </Cell>
            <TitleCell href=order_href(&number) text=number code=true/>
            <Cell>{row.supplier_name.unwrap_or_else(|| t.orders_no_supplier().to_owned())}</Cell>
            <Cell class="num xs">{format::whole(row.line_count, language)}</Cell>
            <Cell class="num lf" label=t.orders_wanted()>
                {row.requested_delivery_date.map(|date| format::date(date, language))}
            </Cell>
            <Cell class="num rt" label=t.orders_sum()>{sum}</Cell>
            <Cell class="st">
                <OrderTag status=Signal::stored(row.status)/>
            </Cell>
        </Row>
    }
}

/// "12 400,00 kr": one sum for each currency.
fn sums<'r>(t: Texts, orders: impl Iterator<Item = &'r PurchaseOrderRow>) -> String {
    let mut sums: Vec<(String, Money)> = Vec::new();
    for row in orders {
        match sums.iter_mut().find(|(currency, _)| *currency == row.currency) {
            Some((_, sum)) => sum.0 = sum.0.saturating_add(row.net_total.0),
            None => sums.push((row.currency.clone(), row.net_total)),
        }
    }
    let sums: Vec<String> = sums
        .iter()
        .map(|(currency, sum)| format::money_with_currency(*sum, currency, t.language()))
        .collect();
    sums.join(", ")
}

/// "linje 4" or "linje 4, 7": the lines that the supplier gets without an article.
fn inexact_lines(order: &CheckedOrder) -> String {
    let lines =
        order.findings.iter().filter(|finding| finding.outcome == domain::exports::Outcome::Overridable);
    let numbers: Vec<String> =
        lines.filter_map(|finding| finding.line_number).map(|line| line.to_string()).collect();
    numbers.join(", ")
}

/// Step three.
#[component]
fn Send(
    orders: Vec<CheckedOrder>,
    ticked: RwSignal<Vec<OrderId>>,
    action: ServerAction<ExportOrders>,
    form: FormState,
) -> impl IntoView {
    let t = use_texts();
    let of =
        |wanted: Verdict| orders.iter().filter(move |order| verdict(order) == wanted).collect::<Vec<_>>();
    let (sends, may_send, stays) = (of(Verdict::Sends), of(Verdict::MaySend), of(Verdict::Stays));
    let (ready, boxes) = (sends.len(), may_send.len());
    let hidden: Vec<_> = sends
        .iter()
        .enumerate()
        .map(|(at, order)| view! { <HiddenField name=format!("order_ids[{at}]") value=order.row.order_id.to_string()/> })
        .collect();
    let anyway: Vec<_> = may_send
        .iter()
        .enumerate()
        .map(|(at, order)| {
            view! {
                <Choice
                    name=format!("send_anyway[{at}]")
                    value=order.row.order_id.to_string()
                    label=t.export_send_anyway(&order.row.number, inexact_lines(order))
                    hint=t.export_send_anyway_hint()
                />
            }
        })
        .collect();
    // Named on the page of the run, with why.
    let left_here: Vec<_> = stays
        .iter()
        .chain(&may_send)
        .filter(|order| order.row.status.is_editable())
        .enumerate()
        .map(|(at, order)| view! { <HiddenField name=format!("left[{at}]") value=order.row.order_id.to_string()/> })
        .collect();
    let (can_send, any_anyway) = (ready + boxes > 0, boxes > 0);
    let rows_of = |orders: &[&CheckedOrder]| orders.iter().map(|order| order.row.clone()).collect::<Vec<_>>();
    let (sent, may_be_sent) = (rows_of(&sends), rows_of(&may_send));
    let offered: Vec<OrderId> = may_be_sent.iter().map(|row| row.order_id).collect();
    // Of exactly those that the button counts.
    let sum = move || {
        let ticked = ticked.try_get().unwrap_or_default();
        sums(t, sent.iter().chain(may_be_sent.iter().filter(|row| ticked.contains(&row.order_id))))
    };
    let left = stays.len() + boxes;
    let left = move || signed(left.saturating_sub(ticked_count(ticked)));
    let fieldset = NodeRef::<Fieldset>::new();
    let count = move || {
        let Some(fieldset) = fieldset.get_untracked() else { return };
        let is_ticked = |at: &usize| {
            let found = fieldset.query_selector(&format!("[name='send_anyway[{at}]']:checked"));
            matches!(found, Ok(Some(_)))
        };
        let found = offered.iter().enumerate().filter(|(at, _)| is_ticked(at)).map(|(_, order_id)| *order_id);
        ticked.set(found.collect());
    };
    let count = StoredValue::new(count);
    // What was ticked before the page was taken over.
    Effect::new(move |_| count.with_value(|count| count()));
    view! {
        <ActionForm action attr:class="stack" attr:data-test="export-form">
            {hidden}
            {left_here}
            {any_anyway
                .then(|| {
                    view! {
                        <fieldset class="card" node_ref=fieldset on:change=move |_| count.with_value(|count| count()) data-test="send-anyway">
                            <legend>{t.export_anyway()}</legend>
                            {anyway}
                        </fieldset>
                    }
                })}
            <section class="actionbar" aria-labelledby="h-send">
                <p>
                    <strong id="h-send">{t.export_step_send_numbered()}</strong>
                    " "
                    <span class="muted" data-test="export-sum">{sum}</span>
                    " "
                    <span class="muted">{move || (left() > 0).then(|| t.export_left(left()))}</span>
                </p>
                {if can_send {
                    view! { <SendButton ready ticked form/> }.into_any()
                } else {
                    view! { <p role="status">{t.export_nothing_to_send()}</p> }.into_any()
                }}
            </section>
        </ActionForm>
    }
}

fn ticked_count(ticked: RwSignal<Vec<OrderId>>) -> usize {
    ticked.try_with(Vec::len).unwrap_or_default()
}

fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Says how many it sends; it cannot be pressed while that is none. Without a script nobody counts, and the server does.
#[component]
fn SendButton(ready: usize, ticked: RwSignal<Vec<OrderId>>, form: FormState) -> impl IntoView {
    let t = use_texts();
    let mounted = use_mounted();
    let count = move || ready + ticked_count(ticked);
    let words = move || match count() {
        0 => t.export_step_send().to_owned(),
        count => t.export_send(signed(count)),
    };
    let is_disabled = move || count() == 0 && mounted.try_get().unwrap_or_default();
    view! {
        {move || (count() == 0).then(|| view! { <p class="sm" role="status">{t.export_tick_first()}</p> })}
        <BusyButton kind="p" busy=form.busy() attr:disabled=is_disabled>{words}</BusyButton>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_are_asked_for_and_each_once() {
        let id = "0190a5b2-7c1e-7000-8000-000000000001".to_owned();
        let asked = asked_for(Some(vec![id.clone(), "alle".to_owned(), id.clone()]));
        assert_eq!(asked.iter().map(ToString::to_string).collect::<Vec<_>>(), [id]);
    }
}
