//! The list of purchase orders.

use domain::imports::FileKind;
use domain::messages::MessageState;
use domain::orders::{OrderStatus, OrderView, PurchaseOrderRow};
use domain::paging::Page;
use domain::roles::Permission;
use leptos::prelude::*;

use super::{PATH, crumbs, order_href};
use crate::api::orders::{OrderList, list_orders};
use crate::components::{
    Cell, Column, Crumbs, DataTable, EmptyKind, EmptyState, LinkButton, Loading, MessageTag, NewRows,
    OrderTag, PageHead, Pager, Receipt, SearchBar, Tab, TitleCell, ViewTabs, use_mounted,
};
use crate::format;
use crate::i18n::{Texts, use_texts};
use crate::live::{Asked, Live, LiveCell, asked, live_list, use_live};
use crate::page_data::{PageData, suspend};
use crate::pages::files::files_href;
use crate::pages::lists::{ListQuery, shown, use_list_query, use_receipt};
use crate::session::use_shell;

const VIEWS: [(OrderView, &str); 5] = [
    (OrderView::NeedsYou, "trenger-deg"),
    (OrderView::Drafts, "kladder"),
    (OrderView::Waiting, "venter"),
    (OrderView::Approved, "godkjent"),
    (OrderView::All, "alle"),
];

/// The view with this slug; all orders where it is none.
pub fn view_of(slug: &str) -> OrderView {
    VIEWS.iter().find(|(_, known)| *known == slug).map_or(OrderView::All, |(view, _)| *view)
}

fn view_text(t: Texts, view: OrderView) -> &'static str {
    match view {
        OrderView::NeedsYou => t.orders_view_needs_you(),
        OrderView::Drafts => t.orders_view_drafts(),
        OrderView::Waiting => t.orders_view_waiting(),
        OrderView::Approved => t.orders_view_approved(),
        OrderView::All => t.orders_view_all(),
    }
}

/// The view in words, when it leaves something out.
pub(crate) fn chosen_view_text(t: Texts, slug: &str) -> Option<&'static str> {
    Some(view_of(slug)).filter(|view| *view != OrderView::All).map(|view| view_text(t, view))
}

/// The page `/ordre/innkjopsordre`.
#[component]
pub fn OrdersPage() -> impl IntoView {
    let query = use_list_query();
    let live = use_live();
    let resets = live.map(Live::resets);
    let orders = PageData::new(
        move || (query.get(), resets.map(|resets| resets.get())),
        move |(query, _)| asked(live, list_orders(view_of(&query.view), query.search(), query.page)),
    );
    view! {
        <Transition fallback=Loading>
            {move || suspend(async move {
                let query = query.get_untracked();
                let Asked { after, answer } = orders.await;
                shown(answer, |list| view! { <OrdersOf list after query/> }.into_any())
            })}
        </Transition>
    }
}

#[component]
fn OrdersOf(list: OrderList, after: i64, query: ListQuery) -> impl IntoView {
    let t = use_texts();
    let view = view_of(&query.view);
    let may_purchase = use_shell().user.is_some_and(|user| user.role.may(Permission::Purchase));
    let receipt = use_receipt();
    let tabs = VIEWS
        .iter()
        .map(|(of, slug)| Tab {
            text: view_text(t, *of).to_owned(),
            href: query.view_href(PATH, slug),
            count: list.counts.iter().find(|(known, _)| known == of).map(|(_, count)| *count),
            current: *of == view,
        })
        .collect();
    let files = files_href(FileKind::PurchaseOrders, &query.view, &query.search);
    let any = list.counts.iter().any(|(_, count)| *count > 0);
    view! {
        <Crumbs path=crumbs(t, Vec::new())/>
        <PageHead title=t.nav_purchase_orders().to_owned()>
            <LinkButton href=files>{t.files_title()}</LinkButton>
            {may_purchase
                .then(|| view! { <LinkButton href=format!("{PATH}/ny") icon="plus" kind="p">{t.nav_new_order()}</LinkButton> })}
        </PageHead>
        {move || receipt.with(|receipt| receipt == "slettet").then(|| view! { <Receipt title=t.orders_deleted()/> })}
        <OrderPanel orders=list.orders after query view tabs may_purchase any/>
    }
}

/// Whether an order that just came belongs to what is shown.
fn takes_new(
    view: OrderView,
    query: &ListQuery,
) -> impl Fn(&PurchaseOrderRow) -> bool + Send + Sync + 'static {
    let plain = query.search.is_empty() && query.page <= 1;
    move |row| {
        plain
            && match view {
                OrderView::NeedsYou => {
                    row.status.is_editable()
                        || row.status == OrderStatus::Rejected
                        || row.message_state == Some(MessageState::Parked)
                }
                OrderView::Drafts => row.status.is_editable(),
                OrderView::All => true,
                OrderView::Waiting | OrderView::Approved => false,
            }
    }
}

#[component]
fn OrderPanel(
    orders: Page<PurchaseOrderRow>,
    after: i64,
    query: ListQuery,
    view: OrderView,
    tabs: Vec<Tab>,
    may_purchase: bool,
    /// There is an order in some view.
    any: bool,
) -> impl IntoView {
    let t = use_texts();
    let Page { rows, total, page, page_size } = orders;
    let list = live_list(rows, after, takes_new(view, &query));
    let picked = RwSignal::new(Vec::<String>::new());
    let cells = list.cells;
    let (search, slug) = (query.search.clone(), query.view.clone());
    let for_empty = StoredValue::new(query);
    view! {
        <NewRows list/>
        <section class="panel" aria-label=t.nav_purchase_orders()>
            <ViewTabs label=t.orders_views() tabs/>
            <SearchBar
                action=PATH
                label=t.orders_search()
                placeholder=t.orders_search_hint()
                value=search
                keep=vec![("vis", slug)]
            />
            <Show
                when=move || !cells.with(Vec::is_empty)
                fallback=move || view! { <NoOrders view query=for_empty.get_value() may_purchase any/> }
            >
                <form method="get" action=crate::pages::export::PATH data-test="export-form">
                    {may_purchase.then(|| view! { <PickBar picked/> })}
                    <DataTable caption=view_text(t, view) columns=columns(t, may_purchase)>
                        <For each=move || cells.get() key=|cell| cell.key.clone() let:cell>
                            <OrderRow cell picked may_purchase/>
                        </For>
                    </DataTable>
                </form>
                <Pager page page_size total href=move |page| for_empty.with_value(|query| query.page_href(PATH, page))/>
            </Show>
        </section>
    }
}

fn columns(t: Texts, may_purchase: bool) -> Vec<Column> {
    let pick = may_purchase.then(|| Column::new(t.orders_pick()).class("pick").hidden());
    pick.into_iter()
        .chain([
            Column::new(t.orders_number()).title(),
            Column::new(t.orders_supplier()),
            Column::new(t.orders_status()),
            Column::new(t.orders_message()),
            Column::new(t.orders_lines()).num(),
            Column::new(t.orders_wanted()).num(),
            Column::new(t.orders_sum()).num(),
            Column::new(t.orders_changed()).num(),
        ])
        .collect()
}

/// How many are picked, and the button that sends them. Without a script the button is there from the start.
#[component]
fn PickBar(picked: RwSignal<Vec<String>>) -> impl IntoView {
    let t = use_texts();
    let mounted = use_mounted();
    let count = move || i64::try_from(picked.with(Vec::len)).unwrap_or(i64::MAX);
    let none = move || mounted.get() && picked.with(Vec::is_empty);
    let button =
        move || if mounted.get() { t.orders_export(count()) } else { t.orders_export_picked().to_owned() };
    view! {
        <div class="batch" role="region" aria-label=t.orders_picked_region() hidden=none>
            <p role="status" data-test="picked">{move || mounted.get().then(|| t.orders_picked(count()))}</p>
            <div class="row end">
                <button class="btn s p" type="submit" data-test="export-picked">{button}</button>
            </div>
        </div>
    }
}

#[component]
fn NoOrders(view: OrderView, query: ListQuery, may_purchase: bool, any: bool) -> impl IntoView {
    let t = use_texts();
    if !query.search.is_empty() {
        return view! {
            <EmptyState kind=EmptyKind::NoHits title=t.orders_no_hits(&query.search)>
                <LinkButton href=ListQuery::default().view_href(PATH, &query.view)>{t.frame_remove_filter()}</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    if !any {
        return view! {
            <EmptyState kind=EmptyKind::NeverUsed title=t.orders_empty_title() text=t.orders_empty_text()>
                {may_purchase.then(|| view! { <LinkButton href=format!("{PATH}/ny") kind="p">{t.nav_new_order()}</LinkButton> })}
            </EmptyState>
        }
        .into_any();
    }
    let (kind, title) = match view {
        OrderView::NeedsYou => (EmptyKind::Done, t.orders_all_done()),
        _ => (EmptyKind::NoHits, t.orders_none_here()),
    };
    view! {
        <EmptyState kind title>
            <LinkButton href=query.view_href(PATH, "alle")>{t.orders_show_all()}</LinkButton>
        </EmptyState>
    }
    .into_any()
}

#[component]
fn OrderRow(
    cell: LiveCell<PurchaseOrderRow>,
    picked: RwSignal<Vec<String>>,
    may_purchase: bool,
) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    let row = cell.row;
    let key = StoredValue::new(cell.key);
    let number = Signal::derive(move || row.with(|row| row.number.clone()));
    let href = row.with_untracked(|row| order_href(&row.number));
    let parked = move || row.with(|row| row.message_state == Some(MessageState::Parked));
    let is_picked = move || picked.with(|picked| key.with_value(|key| picked.contains(key)));
    view! {
        <tr role="row" data-tone=move || parked().then_some("err") aria-selected=move || is_picked().then_some("true")>
            {may_purchase.then(|| view! { <PickCell row picked id=key.get_value()/> })}
            <TitleCell href text=number code=true/>
            <Cell>{move || row.with(|row| row.supplier_name.clone().unwrap_or_else(|| t.orders_no_supplier().to_owned()))}</Cell>
            <Cell class="st">
                <OrderTag status=Signal::derive(move || row.with(|row| row.status))/>
            </Cell>
            <Cell label=t.orders_message()>
                <Undelivered row/>
            </Cell>
            <Cell class="num xs" label=t.orders_lines()>{move || row.with(|row| format::whole(row.line_count, language))}</Cell>
            <Cell class="num lf" label=t.orders_wanted()>
                {move || row.with(|row| row.requested_delivery_date.map(|date| format::date(date, language)))}
            </Cell>
            <Cell class="num rt" label=t.orders_sum()>
                {move || row.with(|row| format::money_with_currency(row.net_total, &row.currency, language))}
            </Cell>
            <Cell class="num xs" label=t.orders_changed()>
                <span class="nb">{move || row.with(|row| format::day_time(row.updated_at, language))}</span>
            </Cell>
        </tr>
    }
}

/// The box of an order that can be sent.
#[component]
fn PickCell(row: RwSignal<PurchaseOrderRow>, picked: RwSignal<Vec<String>>, id: String) -> impl IntoView {
    let t = use_texts();
    let id = StoredValue::new(id);
    let pick = move |ticked: bool| {
        id.with_value(|id| {
            picked.update(|picked| {
                picked.retain(|known| known != id);
                if ticked {
                    picked.push(id.clone());
                }
            });
        });
    };
    // A box that was ticked before the page was taken over.
    let field = NodeRef::<leptos::html::Input>::new();
    Effect::new(move |_| {
        if let Some(field) = field.get()
            && field.checked()
        {
            pick(true);
        }
    });
    view! {
        <td role="cell" class="pick">
            {move || {
                row.with(|row| row.status == OrderStatus::Ready)
                    .then(|| {
                        view! {
                            <input
                                class="pickbox"
                                type="checkbox"
                                name="ordre"
                                value=id.get_value()
                                node_ref=field
                                aria-label=t.orders_pick_one(row.with(|row| row.number.clone()))
                                on:change=move |event| pick(event_target_checked(&event))
                            />
                        }
                    })
            }}
        </td>
    }
}

/// Where the message is while it has not arrived.
#[component]
fn Undelivered(row: RwSignal<PurchaseOrderRow>) -> impl IntoView {
    move || {
        let state = row.with(|row| row.message_state).filter(|state| *state != MessageState::Delivered)?;
        let next_attempt_at = Signal::derive(move || row.with(|row| row.next_attempt_at));
        Some(view! { <MessageTag state=Signal::stored(state) next_attempt_at/> })
    }
}
