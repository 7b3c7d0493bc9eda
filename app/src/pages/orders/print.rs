//! Orders to be printed, each on a sheet of its own.

use domain::money::Money;
use domain::orders::{OrderLine, PrintedOrder, UnreadCell, typed_in};
use leptos::prelude::*;

use super::batch::use_chosen;
use super::unread::{LineCells, line_cells, unread_field};
use super::{PATH, crumbs};
use crate::api::order_batches::print_orders;
use crate::components::{
    Cell, Column, Crumb, Crumbs, DataTable, DefinitionList, LinkButton, Loading, PageHead, Row, TitleCell,
};
use crate::format;
use crate::i18n::{Language, use_texts};
use crate::page_data::{PageData, suspend};
use crate::pages::lists::shown;

/// The page `/ordre/innkjopsordre/utskrift`.
#[component]
pub fn PrintOrdersPage() -> impl IntoView {
    let chosen = use_chosen();
    let orders =
        PageData::new(move || chosen.get(), |(order_ids, question)| print_orders(order_ids, question));
    view! {
        <Transition fallback=Loading>
            {move || suspend(async move { shown(orders.await, |orders| view! { <Sheets orders/> }.into_any()) })}
        </Transition>
    }
}

#[component]
fn Sheets(orders: Vec<PrintedOrder>) -> impl IntoView {
    let t = use_texts();
    let count = i64::try_from(orders.len()).unwrap_or(i64::MAX);
    let sheets: Vec<_> = orders.into_iter().map(|order| view! { <Sheet order/> }).collect();
    let print = move |_| {
        #[cfg(feature = "hydrate")]
        let _ = window().print();
    };
    view! {
        <div class="no-print stack">
            <Crumbs path=crumbs(t, vec![Crumb::text(t.orders_print())])/>
            <PageHead
                title=t.orders_print_title(count)
                below=move || view! { <span class="muted">{t.orders_print_text()}</span> }
            >
                <LinkButton href=PATH>{t.orders_back_to_list()}</LinkButton>
                <button class="btn p scripted" type="button" on:click=print>{t.orders_print()}</button>
            </PageHead>
        </div>
        {sheets}
    }
}

#[component]
fn Sheet(order: PrintedOrder) -> impl IntoView {
    let PrintedOrder { order, unread, unread_head } = order;
    let t = use_texts();
    let language = t.language();
    let heading = format!("{} {}", t.orders_order(), order.number);
    let mut facts = vec![(
        t.orders_supplier().to_owned(),
        order.supplier_name.clone().unwrap_or_else(|| t.orders_no_supplier().to_owned()).into_any(),
    )];
    let status = t.status(&format!("order.{}", order.status.as_str())).unwrap_or_default();
    facts.push((t.orders_status().to_owned(), status.into_any()));
    if let Some(date) = order.requested_delivery_date {
        facts.push((t.orders_wanted().to_owned(), format::date_long(date, language).into_any()));
    }
    if !order.delivery.is_empty() {
        facts.push((t.orders_delivery().to_owned(), order.delivery.one_line().into_any()));
    }
    if !order.our_reference.is_empty() {
        facts.push((t.orders_reference().to_owned(), order.our_reference.clone().into_any()));
    }
    if !order.their_reference.is_empty() {
        let name = t.label("their_reference").unwrap_or_default().to_owned();
        facts.push((name, order.their_reference.clone().into_any()));
    }
    // What cannot be read stands as it was typed, and nothing is claimed in a currency that nobody wrote.
    for field in &unread_head {
        let name = t.label(&field.field).unwrap_or_default().to_owned();
        facts.push((name, unread_field(t, field).into_any()));
    }
    let currency = typed_in(&unread_head, "currency").is_none().then(|| order.currency.clone());
    let sum = amount(order.net_total, currency.as_deref(), language);
    let without = (!unread.is_empty())
        .then(|| view! { " "<small data-test="sum-unread">{t.order_detail_sum_unread()}</small> });
    facts.push((t.orders_sum().to_owned(), view! { {sum} {without} }.into_any()));
    let columns = vec![
        Column::new(t.sales_order_line()).title(),
        Column::new(t.orders_supplier_number()),
        Column::new(t.sales_order_quantity()).num(),
        Column::new(t.sales_order_price()).num(),
        Column::new(t.sales_order_amount()).num(),
    ];
    let lines: Vec<_> = order
        .lines
        .into_iter()
        .map(|line| {
            let unread = unread.iter().filter(|cell| cell.line_id == line.line_id).cloned().collect();
            view! { <PrintedLine line unread currency=currency.clone()/> }
        })
        .collect();
    let (label, title) = (heading.clone(), heading.clone());
    view! {
        <section class="panel printed" aria-label=label>
            <header>
                <h2>{title}</h2>
            </header>
            <div class="stack">
                <DefinitionList rows=facts/>
                {(!order.note.is_empty()).then(|| view! { <p>{order.note}</p> })}
            </div>
            <DataTable caption=heading columns>
                {lines}
            </DataTable>
        </section>
    }
}

fn amount(amount: Money, currency: Option<&str>, language: Language) -> String {
    match currency {
        Some(currency) => format::money_with_currency(amount, currency, language),
        None => format::money(amount, language),
    }
}

#[component]
fn PrintedLine(line: OrderLine, unread: Vec<UnreadCell>, currency: Option<String>) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    let LineCells { texts, quantity, price, too_large } = line_cells(t, &line, &unread, |_| None);
    let sum = unread.is_empty().then(|| amount(line.amount, currency.as_deref(), language));
    let title = format!("{} {} {}", line.line_number, line.article_number, line.description);
    let per = (line.price_base_quantity != domain::decimal::Quantity::whole(1))
        .then(|| t.draft_price_per(format::quantity(line.price_base_quantity, language)));
    view! {
        <Row>
            <TitleCell text=title>{texts}</TitleCell>
            <Cell label=t.orders_supplier_number()><span class="code">{line.supplier_article_number}</span></Cell>
            <Cell class="num lf" label=t.sales_order_quantity()>
                {quantity}
            </Cell>
            <Cell class="num" label=t.sales_order_price()>
                {price}
                {per.map(|per| view! { <small>{per}</small> })}
            </Cell>
            <Cell class="num rt" label=t.sales_order_amount()>
                {sum}
                {too_large}
            </Cell>
        </Row>
    }
}
