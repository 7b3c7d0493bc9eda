//! The list of purchase orders.

mod filters;
mod matches;
mod picked;
mod row;

use domain::imports::FileKind;
use domain::messages::MessageState;
use domain::orders::{ExactLines, OrderStatus, OrderView, PurchaseOrderRow};
use domain::paging::{Direction, MAX_COUNTED, Page};
use domain::roles::Permission;
use domain::saved_views::ListName;
use leptos::prelude::*;
use leptos_router::components::Redirect;

use super::{PATH, TEMPLATES_PATH, crumbs};
use crate::api::orders::{OrderList, list_orders};
use crate::components::{
    Column, Crumbs, DataTable, EmptyKind, EmptyState, LinkButton, ListLooks, Loading, NewRows, PageHead,
    Pager, Selection, Tab, ViewTabs, go_to_fragment, list_keys, page_sizes,
};
use crate::i18n::{Texts, use_texts};
use crate::live::{Asked, Live, asked, live_list, use_live};
use crate::page_data::{PageData, suspend};
use crate::pages::files::{Downloads, files_href_of, list_file};
use crate::pages::lists::{ListQuery, shown, use_list_query};
use crate::pages::saved_views::{SavedViews, provide_views_changed, remember, view_tabs};
use crate::session::use_shell;
use filters::{OrderChips, OrderFilters};
use matches::known_matches;
use picked::{FORM, PickedBar};
use row::OrderRow;

/// The sort when the address says none.
const USUAL_SORT: &str = "-endret";

/// The view with this slug; all orders where it is none.
pub fn view_of(slug: &str) -> OrderView {
    OrderView::from_slug(slug).unwrap_or_default()
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
    let views = provide_views_changed();
    let orders = PageData::new(
        move || (query.get(), views.get(), resets.map(|resets| resets.get())),
        move |(query, ..)| asked(live, list_orders(query.question(), query.page)),
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
    if let Some(path) = list.opens_with {
        return view! { <Redirect path/> }.into_any();
    }
    let view = view_of(&query.view);
    let may_purchase = use_shell().user.is_some_and(|user| user.role.may(Permission::Purchase));
    let chosen = query.get("visning").to_owned();
    let built_in = OrderView::ALL
        .iter()
        .map(|of| Tab {
            text: view_text(t, *of).to_owned(),
            href: query.view_href(PATH, of.slug()),
            count: list.counts.iter().find(|(known, _)| known == of).map(|(_, count)| *count),
            current: *of == view && chosen.is_empty(),
        })
        .collect();
    let tabs = view_tabs(t, PATH, built_in, &list.views, &query);
    remember(ListName::PurchaseOrders, &query, &tabs);
    let files = files_href_of(FileKind::PurchaseOrders, &query);
    let any = list.counts.iter().any(|(_, count)| *count > 0);
    view! {
        <Crumbs path=crumbs(t, Vec::new())/>
        <PageHead title=t.nav_purchase_orders().to_owned()>
            <LinkButton href=files>{t.files_title()}</LinkButton>
            {may_purchase
                .then(|| {
                    view! {
                        <LinkButton href=TEMPLATES_PATH>{t.templates_title()}</LinkButton>
                        <LinkButton href=format!("{PATH}/ny") icon="plus" kind="p" attr:data-key="N">{t.nav_new_order()}</LinkButton>
                    }
                })}
        </PageHead>
        <super::batch::DeletedReceipt/>
        <SavedViews list=ListName::PurchaseOrders path=PATH views=list.views query=query.clone()/>
        <OrderPanel orders=list.orders exact=list.exact suppliers=list.suppliers after query view tabs may_purchase any/>
    }
    .into_any()
}

/// Whether an order that just came belongs to what is shown.
fn takes_new(
    view: OrderView,
    query: &ListQuery,
) -> impl Fn(&PurchaseOrderRow) -> bool + Send + Sync + 'static {
    let plain = !query.is_filtered() && query.page <= 1 && query.get("sorter").is_empty();
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
    exact: Vec<ExactLines>,
    suppliers: Vec<(domain::ids::ContactId, String)>,
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
    let shown = rows.len();
    // Of what was filtered no more than so many are counted.
    let more = query.is_filtered() && total > MAX_COUNTED;
    let total = if more { MAX_COUNTED } else { total };
    let list = live_list(rows, after, takes_new(view, &query));
    go_to_fragment();
    let cells = list.cells;
    let all = query.all_picked;
    let selection = Selection::provide();
    list_keys(selection);
    let exact = known_matches(exact, cells);
    let kept = StoredValue::new(query.clone());
    selection.follow(move || {
        exact.track();
        cells.with(|cells| cells.iter().for_each(|cell| cell.row.track()));
    });
    let table = move || {
        let href = move |page| kept.with_value(|query| query.page_href(PATH, page));
        let sizes = kept.with_value(|query| page_sizes(query, PATH));
        view! {
            <PickForm query=kept view selection>
                <For each=move || cells.get() key=|cell| cell.key.clone() let:cell>
                    <OrderRow cell query=kept exact may_purchase all/>
                </For>
            </PickForm>
            <Pager page page_size total more href=href sizes/>
        }
    };
    view! {
        <NewRows list/>
        <section class="panel listing" aria-label=t.nav_purchase_orders()>
            <ViewTabs label=t.orders_views() tabs/>
            <div class="swap">
                <OrderFilters query=query.clone() suppliers=suppliers.clone()/>
                <PickedBar selection query=query.clone() shown total more may_purchase all/>
            </div>
            <OrderChips query=query.clone() suppliers/>
            <ListLooks path=PATH query=query.clone() columns=optional(t)>
                <Downloads file=list_file::ORDERS question=query.question()/>
            </ListLooks>
            <Show
                when=move || !cells.with(Vec::is_empty)
                fallback=move || view! { <NoOrders view query=kept.get_value() may_purchase any/> }
            >
                {table()}
            </Show>
        </section>
    }
}

/// The table in the form that its boxes and the bar's buttons belong to.
#[component]
fn PickForm(
    query: StoredValue<ListQuery>,
    view: OrderView,
    selection: Selection,
    children: Children,
) -> impl IntoView {
    let t = use_texts();
    let question = query.with_value(|query| query.all_picked.then(|| format!("?{}", query.question())));
    let columns = query.with_value(|query| columns(t, query));
    view! {
        <form
            id=FORM
            method="get"
            action=crate::pages::export::PATH
            data-test="export-form"
            node_ref=selection.form
            on:change=move |event| selection.changed(event)
            on:click=move |event| selection.clicked(event)
        >
            {question.map(|question| view! { <input type="hidden" name="alle" value=question/> })}
            <DataTable caption=view_text(t, view) columns compact=query.with_value(ListQuery::is_compact)>
                {children()}
            </DataTable>
        </form>
    }
}

/// Columns that can be left out.
fn optional(t: Texts) -> Vec<(&'static str, &'static str)> {
    vec![
        ("lev", t.orders_supplier()),
        ("sending", t.orders_message()),
        ("treff", t.orders_match()),
        ("linjer", t.orders_lines()),
        ("onsket", t.orders_wanted()),
        ("sum", t.orders_sum()),
        ("endret", t.orders_changed()),
    ]
}

fn columns(t: Texts, query: &ListQuery) -> Vec<Column> {
    use Direction::{Ascending, Descending};
    let sorted = |slug: &str, first| query.sorted(PATH, slug, USUAL_SORT, first);
    let some = |slug: &str, column: Column| query.shows(slug).then_some(column);
    [
        Some(Column::new(t.orders_pick()).picks()),
        Some(Column::new(t.orders_number()).title().sort(sorted("nummer", Descending))),
        some("lev", Column::new(t.orders_supplier()).sort(sorted("leverandor", Ascending))),
        Some(Column::new(t.orders_status()).sort(sorted("status", Ascending))),
        some("sending", Column::new(t.orders_message())),
        some("treff", Column::new(t.orders_match())),
        some("linjer", Column::new(t.orders_lines()).num()),
        some("onsket", Column::new(t.orders_wanted()).num().sort(sorted("onsket", Ascending))),
        some("sum", Column::new(t.orders_sum()).num().sort(sorted("sum", Descending))),
        some("endret", Column::new(t.orders_changed()).num().sort(sorted("endret", Descending))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[component]
fn NoOrders(view: OrderView, query: ListQuery, may_purchase: bool, any: bool) -> impl IntoView {
    let t = use_texts();
    if query.is_filtered() {
        let title = match query.search() {
            Some(search) => t.orders_no_hits(search),
            None => t.orders_none_fit().to_owned(),
        };
        return view! {
            <EmptyState kind=EmptyKind::NoHits title>
                <LinkButton href=query.unfiltered().href(PATH)>{t.frame_remove_filter()}</LinkButton>
                {(view != OrderView::All)
                    .then(|| view! { <LinkButton href=query.view_href(PATH, "alle")>{t.orders_search_all()}</LinkButton> })}
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
