//! *Hent fra forrige ordre*: the supplier's latest orders, and which of the lines of one of them are ordered again.

use domain::ids::OrderId;
use domain::orders::{CopiedLine, PriceChange, PurchaseOrderRow};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::{crumbs, edit_href, order_href, previous_href};
use crate::api::order_copies::{AddPreviousLines, PreviousLines, read_previous_lines};
use crate::components::{
    BusyButton, Cell, Column, Crumb, Crumbs, DataTable, FormErrors, FormState, HiddenField, LinkButton,
    Loading, Note, PageHead, Row, TitleCell, Tone,
};
use crate::format;
use crate::i18n::{Texts, use_texts};
use crate::page_data::{PageData, suspend};
use crate::pages::lists::{address, shown};

/// The page `/ordre/innkjopsordre/:nr/forrige`.
#[component]
pub fn PreviousLinesPage() -> impl IntoView {
    let params = use_params_map();
    let query = use_query_map();
    let asked = move || {
        let number = params.with(|params| params.get("nr")).unwrap_or_default();
        (number, query.with(|query| query.get("fra")))
    };
    let page = PageData::new(asked, |(number, from)| read_previous_lines(number, from));
    view! {
        <Transition fallback=Loading>
            {move || suspend(async move { shown(page.await, |page| view! { <Previous page/> }.into_any()) })}
        </Transition>
    }
}

#[component]
fn Previous(page: PreviousLines) -> impl IntoView {
    let t = use_texts();
    let PreviousLines { order_id, number, supplier_name, orders, chosen } = page;
    let edit = edit_href(&number);
    let nothing = match &supplier_name {
        None => Some(t.previous_no_supplier().to_owned()),
        Some(name) if orders.is_empty() => Some(t.previous_none(name)),
        Some(_) => None,
    };
    let columns = vec![
        Column::new(t.orders_number()).title(),
        Column::new(t.orders_lines()).num(),
        Column::new(t.orders_sum()).num(),
        Column::new(t.orders_changed()),
    ];
    let is_chosen = |row: &PurchaseOrderRow| chosen.as_ref().is_some_and(|(id, _)| *id == row.order_id);
    let rows: Vec<_> = orders.iter().map(|row| order_row(t, &number, row, is_chosen(row))).collect();
    let below = supplier_name.unwrap_or_default();
    view! {
        <Crumbs path=crumbs(t, vec![
            Crumb::link(number.clone(), order_href(&number)),
            Crumb::link(t.order_form_edit(), edit.clone()),
            Crumb::text(t.previous_title()),
        ])/>
        <PageHead title=t.previous_title() below=move || view! { <span class="muted">{below.clone()}</span> }>
            <LinkButton href=edit kind="q">{t.frame_cancel()}</LinkButton>
        </PageHead>
        {nothing.map(|text| view! { <Note tone=Tone::Info icon="info">{text}</Note> })}
        {(!rows.is_empty())
            .then(|| {
                view! {
                    <section class="panel" aria-label=t.previous_orders() data-test="previous-orders">
                        <DataTable caption=t.previous_orders() columns>{rows}</DataTable>
                    </section>
                }
            })}
        {chosen.map(|(from, lines)| view! { <Lines order_id from lines/> })}
    }
}

fn order_row(t: Texts, number: &str, row: &PurchaseOrderRow, is_chosen: bool) -> impl IntoView + use<> {
    let language = t.language();
    let href = format!("{}#h-lines", address(&previous_href(number), &[("fra", &row.number)]));
    let sum = super::sum_text(row, language);
    let lines = format::whole(row.line_count, language);
    let (text, changed) = (row.number.clone(), format::day_time(row.updated_at, language));
    view! {
        <Row selected=Signal::stored(is_chosen)>
            <TitleCell href text code=true/>
            <Cell class="num" label=t.orders_lines()>{lines}</Cell>
            <Cell class="num" label=t.orders_sum()>{sum}</Cell>
            <Cell label=t.orders_changed()>{changed}</Cell>
        </Row>
    }
}

/// The lines of the chosen order, each with its box.
#[component]
fn Lines(order_id: OrderId, from: OrderId, lines: Vec<CopiedLine>) -> impl IntoView {
    let t = use_texts();
    let action = ServerAction::<AddPreviousLines>::new();
    let form = FormState::of(action);
    let columns = vec![
        Column::new(t.orders_pick()).hidden(),
        Column::new(t.label("article_number").unwrap_or_default()).title(),
        Column::new(t.label("description").unwrap_or_default()),
        Column::new(t.label("quantity").unwrap_or_default()).num(),
        Column::new(t.label("unit_price").unwrap_or_default()).num(),
    ];
    let rows: Vec<_> =
        lines.into_iter().enumerate().map(|(place, copied)| line_row(t, place, copied)).collect();
    view! {
        <FormErrors form/>
        <ActionForm action attr:class="panel" attr:data-test="previous-lines">
            <HiddenField name="order_id" value=order_id.to_string()/>
            <HiddenField name="from" value=from.to_string()/>
            <header>
                <h2 id="h-lines">{t.orders_lines()}</h2>
                <p class="muted sm">{t.previous_prices()}</p>
            </header>
            <DataTable caption=t.orders_lines() columns>{rows}</DataTable>
            <footer>
                <BusyButton kind="p" busy=form.busy()>{t.previous_add()}</BusyButton>
            </footer>
        </ActionForm>
    }
}

fn line_row(t: Texts, place: usize, copied: CopiedLine) -> impl IntoView {
    let CopiedLine { line, change } = copied;
    let name =
        if line.article_number.is_empty() { line.description.clone() } else { line.article_number.clone() };
    let change = change.map(|change| view! { <small>{change_text(t, &change)}</small> });
    let quantity = format::typed_quantity(&line.quantity, &line.unit, t.language());
    let price = format::typed_price(t, &line.unit_price, &line.price_base_quantity);
    view! {
        <Row>
            <Cell>
                <input
                    class="check"
                    type="checkbox"
                    name=format!("picked[{place}]")
                    value=place.to_string()
                    checked
                    aria-label=t.orders_pick_one(name)
                />
            </Cell>
            <TitleCell text=line.article_number code=true/>
            <Cell label=t.label("description").unwrap_or_default()>{line.description}</Cell>
            <Cell class="num" label=t.label("quantity").unwrap_or_default()>{quantity}</Cell>
            <Cell class="num" label=t.label("unit_price").unwrap_or_default()>{price} {change}</Cell>
        </Row>
    }
}

/// `Før 4,20, nå 4,35`
pub(super) fn change_text(t: Texts, change: &PriceChange) -> String {
    t.copies_price_change(
        format::price_per(t, change.old, change.old_base_quantity),
        format::price_per(t, change.new, change.new_base_quantity),
    )
}
