//! Sales orders: what approved drafts became.

mod list;

use domain::money::Money;
use domain::sales_orders::{SalesOrder, SalesOrderLine};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::api::sales_orders::get_sales_order;
use crate::components::{
    Cell, Column, Crumb, Crumbs, DataTable, DefinitionList, Loading, PageHead, Row, Tag, TitleCell, Tone,
    Total, Totals,
};
use crate::format;
use crate::i18n::{Texts, use_texts};
use crate::page_data::{PageData, suspend};
use crate::pages::lists::shown;
pub use list::SalesOrdersPage;

/// The path of the list.
const PATH: &str = "/salg/salgsordre";

/// The page `/salg/salgsordre/:nr`.
#[component]
pub fn SalesOrderPage() -> impl IntoView {
    let params = use_params_map();
    let number = Memo::new(move |_| params.with(|params| params.get("nr").unwrap_or_default()));
    let order = PageData::new(move || number.get(), get_sales_order);
    view! {
        <Transition fallback=Loading>
            {move || suspend(async move {
                shown(order.await, |order| view! { <OrderOf order/> }.into_any())
            })}
        </Transition>
    }
}

#[component]
fn OrderOf(order: SalesOrder) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    let made = t.sales_order_made_by(format::day_time(order.created_at, language), &order.created_by);
    let totals = totals(t, &order);
    let draft_href = format!("/salg/ordrekladder/{}", order.draft_number);
    let mut facts = vec![
        (t.drafts_customer().to_owned(), order.customer_name.clone().into_any()),
        (
            t.drafts_customer_order_number().to_owned(),
            view! { <span class="code">{order.customer_order_number.clone()}</span> }.into_any(),
        ),
        (
            t.drafts_draft().to_owned(),
            view! { <a class="code" href=draft_href>{order.draft_number.clone()}</a> }.into_any(),
        ),
    ];
    if let Some(date) = order.requested_delivery_date {
        facts.push((t.drafts_wanted().to_owned(), format::date_long(date, language).into_any()));
    }
    view! {
        <Crumbs path=vec![
            Crumb::text(t.nav_sales()),
            Crumb::link(t.nav_sales_orders(), PATH),
            Crumb::text(order.number.clone()),
        ]/>
        <PageHead
            title=t.sales_order_title(&order.number, &order.customer_name)
            below=move || {
                view! {
                    <Tag text=t.sales_order_state() tone=Tone::Ok/>
                    <span class="muted">{made.clone()}</span>
                }
            }
        />
        <div class="cols">
            <OrderLines lines=order.lines currency=order.currency/>
            <aside class="stack" aria-label=t.sales_order_about()>
                <section class="card" aria-labelledby="h-facts">
                    <h2 id="h-facts">{t.sales_order_about()}</h2>
                    <DefinitionList rows=facts/>
                </section>
                <section class="card" aria-labelledby="h-sum">
                    <h2 id="h-sum">{t.draft_sum()}</h2>
                    <Totals lines=totals/>
                </section>
            </aside>
        </div>
    }
}

fn totals(t: Texts, order: &SalesOrder) -> Vec<Total> {
    let language = t.language();
    let money = |amount| format::money_with_currency(amount, &order.currency, language);
    let mut lines =
        vec![Total { label: t.draft_net_total().to_owned(), amount: money(order.net_total), is_sum: false }];
    lines.extend(order.vat.iter().map(|vat| Total {
        label: t.sales_order_vat(format::percent(vat.rate, language)),
        amount: money(vat.tax),
        is_sum: false,
    }));
    let parts = std::iter::once(order.net_total).chain(order.vat.iter().map(|vat| vat.tax));
    if let Some(total) = Money::sum(parts) {
        lines.push(Total { label: t.sales_order_total().to_owned(), amount: money(total), is_sum: true });
    }
    lines
}

#[component]
fn OrderLines(lines: Vec<SalesOrderLine>, currency: String) -> impl IntoView {
    let t = use_texts();
    let columns = vec![
        Column::new(t.sales_order_line()).title(),
        Column::new(t.sales_order_article()),
        Column::new(t.sales_order_quantity()).num(),
        Column::new(t.sales_order_price()).num(),
        Column::new(t.sales_order_discount()).num(),
        Column::new(t.sales_order_amount()).num(),
    ];
    let rows: Vec<_> =
        lines.into_iter().map(|line| view! { <LineRow line currency=currency.clone()/> }).collect();
    view! {
        <section class="panel" aria-label=t.draft_lines()>
            <DataTable caption=t.draft_lines() columns>
                {rows}
            </DataTable>
        </section>
    }
}

#[component]
fn LineRow(line: SalesOrderLine, currency: String) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    let per = (line.price_base_quantity != domain::decimal::Quantity::whole(1))
        .then(|| t.draft_price_per(format::quantity(line.price_base_quantity, language)));
    let discount = (line.discount_percent.0 != 0).then(|| format::percent(line.discount_percent, language));
    view! {
        <Row>
            <TitleCell text=format!("{} {}", line.line_number, line.description)>
                {(!line.customer_article_number.is_empty())
                    .then(|| view! { <small class="muted">{t.draft_customer_number(line.customer_article_number)}</small> })}
            </TitleCell>
            <Cell class="st"><span class="code">{line.article_number}</span></Cell>
            <Cell class="num lf" label=t.sales_order_quantity()>
                {format::quantity_with_unit(line.quantity, &line.unit, language)}
            </Cell>
            <Cell class="num" label=t.sales_order_price()>
                {format::unit_price(line.unit_price, language)}
                {per.map(|per| view! { <small>{per}</small> })}
            </Cell>
            <Cell class="num" label=t.sales_order_discount()>{discount}</Cell>
            <Cell class="num rt" label=t.sales_order_amount()>
                {format::money_with_currency(line.amount, &currency, language)}
            </Cell>
        </Row>
    }
}
