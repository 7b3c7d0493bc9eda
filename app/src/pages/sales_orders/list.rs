//! The list of sales orders.

use domain::ids::ContactId;
use domain::paging::{Direction, MAX_COUNTED, Page};
use domain::sales_orders::SalesOrderRow;
use domain::saved_views::ListName;
use leptos::prelude::*;
use leptos_router::components::Redirect;

use super::PATH;
use crate::api::sales_orders::{SalesOrderList, list_sales_orders};
use crate::components::{
    Cell, ChosenFilters, Column, Crumb, Crumbs, DataTable, EmptyKind, EmptyState, FilterDate, FilterFields,
    FilterSelect, LinkButton, Loading, PageHead, Pager, Row, SearchBar, Selection, Tab, TitleCell, ViewTabs,
    go_to_fragment, list_keys, page_sizes,
};
use crate::format;
use crate::i18n::use_texts;
use crate::page_data::{PageData, suspend};
use crate::pages::files::{Downloads, list_file};
use crate::pages::lists::{ListQuery, shown, use_list_query};
use crate::pages::saved_views::{SavedViews, provide_views_changed, remember, view_tabs};

/// The sort when the address says none.
const USUAL_SORT: &str = "-laget";
/// The view of everything; without it in the address the list may open with a saved view.
const ALL: &str = "alle";

/// The page `/salg/salgsordre`.
#[component]
pub fn SalesOrdersPage() -> impl IntoView {
    let query = use_list_query();
    let views = provide_views_changed();
    let orders = PageData::new(
        move || (query.get(), views.get()),
        |(query, _)| list_sales_orders(query.question(), query.page),
    );
    view! {
        <Transition fallback=Loading>
            {move || suspend(async move {
                let query = query.get_untracked();
                shown(orders.await, |list| view! { <OrdersOf list query/> }.into_any())
            })}
        </Transition>
    }
}

#[component]
fn OrdersOf(list: SalesOrderList, query: ListQuery) -> impl IntoView {
    let t = use_texts();
    if let Some(path) = list.opens_with {
        return view! { <Redirect path/> }.into_any();
    }
    let all = Tab {
        text: t.sales_orders_all().to_owned(),
        href: query.view_href(PATH, ALL),
        count: None,
        current: query.get("visning").is_empty(),
    };
    let tabs = view_tabs(t, PATH, vec![all], &list.views, &query);
    remember(ListName::SalesOrders, &query, &tabs);
    go_to_fragment();
    list_keys(Selection::provide());
    view! {
        <Crumbs path=vec![Crumb::text(t.nav_sales()), Crumb::text(t.nav_sales_orders())]/>
        <PageHead
            title=t.nav_sales_orders().to_owned()
            below=move || view! { <span class="muted">{t.sales_orders_intro()}</span> }
        />
        <SavedViews list=ListName::SalesOrders path=PATH views=list.views query=query.clone()/>
        <section class="panel listing" aria-label=t.nav_sales_orders()>
            <ViewTabs label=t.sales_orders_views() tabs/>
            <OrderFilters query=query.clone() customers=list.customers.clone()/>
            <OrderChips query=query.clone() customers=list.customers/>
            <div class="row looks">
                <Downloads file=list_file::SALES_ORDERS question=query.question()/>
            </div>
            <Orders orders=list.orders query/>
        </section>
    }
    .into_any()
}

#[component]
fn OrderFilters(query: ListQuery, customers: Vec<(ContactId, String)>) -> impl IntoView {
    let t = use_texts();
    let customers = customers.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
    let date = |name: &'static str, label| {
        let chosen = query.get(name).to_owned();
        view! { <FilterDate name label chosen/> }
    };
    let dates = [
        date("onsket_fra", t.orders_wanted_from()),
        date("onsket_til", t.orders_wanted_to()),
        date("laget_fra", t.sales_orders_created_from()),
        date("laget_til", t.sales_orders_created_to()),
    ];
    let (customer, chosen) = (query.get("kunde").to_owned(), query.filters());
    view! {
        <SearchBar
            action=PATH
            label=t.sales_orders_search()
            placeholder=t.sales_orders_search_hint()
            value=query.search.clone()
            keep=query.kept()
        >
            <FilterFields chosen>
                <FilterSelect name="kunde" label=t.drafts_customer() chosen=customer options=customers/>
                {dates.into_iter().collect_view()}
            </FilterFields>
        </SearchBar>
    }
}

/// What is left out, in words that can be taken away.
#[component]
fn OrderChips(query: ListQuery, customers: Vec<(ContactId, String)>) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    let mut chips = Vec::new();
    let mut chip = |name: &'static str, text: &dyn Fn(&str) -> String| {
        let value = query.get(name);
        if !value.is_empty() {
            chips.push((text(value), query.with(name, "").href(PATH)));
        }
    };
    let day =
        |value: &str| value.parse().map_or_else(|_| value.to_owned(), |date| format::date(date, language));
    chip("sok", &|text| t.lists_searched(text));
    chip("kunde", &|id| {
        let known = customers.iter().find(|(known, _)| known.to_string() == id);
        known.map_or_else(|| t.sales_orders_customer_unknown().to_owned(), |(_, name)| name.clone())
    });
    chip("onsket_fra", &|value| format!("{} {}", t.orders_wanted_from(), day(value)));
    chip("onsket_til", &|value| format!("{} {}", t.orders_wanted_to(), day(value)));
    chip("laget_fra", &|value| format!("{} {}", t.sales_orders_created_from(), day(value)));
    chip("laget_til", &|value| format!("{} {}", t.sales_orders_created_to(), day(value)));
    view! { <ChosenFilters chips none=query.unfiltered().href(PATH)/> }
}

#[component]
fn Orders(orders: Page<SalesOrderRow>, query: ListQuery) -> impl IntoView {
    let t = use_texts();
    let Page { rows, total, page, page_size } = orders;
    if rows.is_empty() {
        return view! { <NoOrders query/> }.into_any();
    }
    let sorted = |slug: &str| query.sorted(PATH, slug, USUAL_SORT, Direction::Descending);
    let columns = vec![
        Column::new(t.sales_orders_number()).title(),
        Column::new(t.drafts_customer()),
        Column::new(t.drafts_customer_order_number()),
        Column::new(t.drafts_lines()).num(),
        Column::new(t.drafts_wanted()).num().sort(sorted("onsket")),
        Column::new(t.drafts_net_total()).num().sort(sorted("sum")),
        Column::new(t.sales_orders_created()).num().sort(sorted("laget")),
    ];
    let more = query.is_filtered() && total > MAX_COUNTED;
    let total = if more { MAX_COUNTED } else { total };
    let sizes = page_sizes(&query, PATH);
    let compact = query.is_compact();
    let rows: Vec<_> = rows.into_iter().map(|row| view! { <OrderLine row/> }).collect();
    view! {
        <DataTable caption=t.nav_sales_orders() columns compact>
            {rows}
        </DataTable>
        <Pager page page_size total more sizes href=move |page| query.page_href(PATH, page)/>
    }
    .into_any()
}

#[component]
fn NoOrders(query: ListQuery) -> impl IntoView {
    let t = use_texts();
    if query.is_filtered() {
        let title = match query.search() {
            Some(search) => t.sales_orders_no_hits(search),
            None => t.sales_orders_none_fit().to_owned(),
        };
        return view! {
            <EmptyState kind=EmptyKind::NoHits title>
                <LinkButton href=query.unfiltered().href(PATH)>{t.frame_remove_filter()}</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    view! {
        <EmptyState kind=EmptyKind::NeverUsed title=t.sales_orders_empty_title() text=t.sales_orders_empty_text()>
            <LinkButton href="/salg/ordrekladder">{t.nav_drafts()}</LinkButton>
        </EmptyState>
    }
    .into_any()
}

#[component]
fn OrderLine(row: SalesOrderRow) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    view! {
        <Row id=format!("r-{}", row.number)>
            <TitleCell href=format!("{PATH}/{}", row.number) text=row.number.clone() code=true/>
            <Cell>{row.customer_name}</Cell>
            <Cell class="lf" label=t.drafts_customer_order_number()>
                <span class="code">{row.customer_order_number}</span>
            </Cell>
            <Cell class="num rt" label=t.drafts_lines()>{format::whole(row.line_count, language)}</Cell>
            <Cell class="num lf" label=t.drafts_wanted()>
                {row.requested_delivery_date.map(|date| format::date(date, language))}
            </Cell>
            <Cell class="num rt" label=t.drafts_net_total()>
                {format::money_with_currency(row.net_total, &row.currency, language)}
            </Cell>
            <Cell class="num xs" label=t.sales_orders_created()>
                <span class="nb">{format::day_time(row.created_at, language)}</span>
            </Cell>
        </Row>
    }
}
