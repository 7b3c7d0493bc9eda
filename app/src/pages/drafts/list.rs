//! The list of drafts.

use domain::drafts::{DraftView, OrderDraftRow};
use domain::paging::Page;
use leptos::prelude::*;

use super::PATH;
use crate::api::drafts::{DraftList, list_drafts};
use crate::components::{
    Alert, Cell, Column, Crumb, Crumbs, DataTable, DraftTag, EmptyKind, EmptyState, LinkButton, Loading,
    NewRows, PageHead, Pager, Row, SearchBar, Tab, Tag, TitleCell, Tone, ViewTabs,
};
use crate::format;
use crate::i18n::{Texts, use_texts};
use crate::live::{Asked, Live, LiveCell, asked, live_list, use_live};
use crate::page_data::{PageData, suspend};
use crate::pages::lists::{ListQuery, shown, use_list_query};
use crate::session::use_shell;

const VIEWS: [(DraftView, &str); 5] = [
    (DraftView::Open, "nye"),
    (DraftView::WithIssues, "avvik"),
    (DraftView::Approved, "godkjent"),
    (DraftView::Rejected, "avvist"),
    (DraftView::All, "alle"),
];

fn view_of(slug: &str) -> DraftView {
    VIEWS.iter().find(|(_, known)| *known == slug).map_or(DraftView::Open, |(view, _)| *view)
}

fn view_text(t: Texts, view: DraftView) -> &'static str {
    match view {
        DraftView::Open => t.drafts_view_open(),
        DraftView::WithIssues => t.drafts_view_with_issues(),
        DraftView::Approved => t.drafts_view_approved(),
        DraftView::Rejected => t.drafts_view_rejected(),
        DraftView::All => t.drafts_view_all(),
    }
}

/// The page `/salg/ordrekladder`.
#[component]
pub fn DraftsPage() -> impl IntoView {
    let query = use_list_query();
    let live = use_live();
    let resets = live.map(Live::resets);
    let drafts = PageData::new(
        move || (query.get(), resets.map(|resets| resets.get())),
        move |(query, _)| asked(live, list_drafts(view_of(&query.view), query.search(), query.page)),
    );
    view! {
        <Transition fallback=Loading>
            {move || suspend(async move {
                let query = query.get_untracked();
                let Asked { after, answer } = drafts.await;
                shown(answer, |list| view! { <DraftsOf list after query/> }.into_any())
            })}
        </Transition>
    }
}

#[component]
fn DraftsOf(list: DraftList, after: i64, query: ListQuery) -> impl IntoView {
    let t = use_texts();
    let view = view_of(&query.view);
    let counts = list.counts;
    let tabs = VIEWS
        .iter()
        .map(|(of, slug)| Tab {
            text: view_text(t, *of).to_owned(),
            href: query.view_href(PATH, slug),
            count: counts.iter().find(|(known, _)| known == of).map(|(_, count)| *count),
            current: *of == view,
        })
        .collect();
    view! {
        <Crumbs path=vec![Crumb::text(t.nav_sales()), Crumb::text(t.nav_drafts())]/>
        <PageHead title=t.nav_drafts().to_owned() below=move || view! { <span class="muted">{t.drafts_intro()}</span> }/>
        {(!use_shell().module_on)
            .then(|| view! { <Alert tone=Tone::Info title=t.module_off_title() text=t.module_off_text()/> })}
        <DraftPanel drafts=list.drafts after query view tabs/>
    }
}

/// Whether a draft that just came belongs to what is shown.
fn takes_new(view: DraftView, query: &ListQuery) -> impl Fn(&OrderDraftRow) -> bool + Send + Sync + 'static {
    let plain = query.search.is_empty() && query.page <= 1;
    move |row| {
        plain
            && match view {
                DraftView::Open => row.status.is_open(),
                DraftView::WithIssues => row.status.is_open() && (row.issue_count > 0 || row.new_customer),
                DraftView::All => true,
                DraftView::Approved | DraftView::Rejected => false,
            }
    }
}

#[component]
fn DraftPanel(
    drafts: Page<OrderDraftRow>,
    after: i64,
    query: ListQuery,
    view: DraftView,
    tabs: Vec<Tab>,
) -> impl IntoView {
    let t = use_texts();
    let Page { rows, total, page, page_size } = drafts;
    let list = live_list(rows, after, takes_new(view, &query));
    let columns = StoredValue::new(vec![
        Column::new(t.drafts_draft()).title(),
        Column::new(t.drafts_customer()),
        Column::new(t.drafts_received()),
        Column::new(t.drafts_customer_order_number()),
        Column::new(t.drafts_lines()).num(),
        Column::new(t.drafts_differences()),
        Column::new(t.drafts_status()),
        Column::new(t.drafts_wanted()).num(),
        Column::new(t.drafts_net_total()).num(),
    ]);
    let search = query.search.clone();
    let slug = query.view.clone();
    let cells = list.cells;
    let empty = move || cells.with(Vec::is_empty);
    let for_empty = StoredValue::new(query.clone());
    view! {
        <NewRows list/>
        <section class="panel" aria-label=t.nav_drafts()>
            <ViewTabs label=t.drafts_views() tabs/>
            <SearchBar
                action=PATH
                label=t.drafts_search()
                placeholder=t.drafts_search_hint()
                value=search
                keep=vec![("vis", slug)]
            />
            <Show
                when=move || !empty()
                fallback=move || view! { <NoDrafts view query=for_empty.get_value()/> }
            >
                <DataTable caption=view_text(t, view) columns=columns.get_value()>
                    <For each=move || cells.get() key=|cell| cell.key.clone() let:cell>
                        <DraftRow cell/>
                    </For>
                </DataTable>
                <Pager page page_size total href={
                    let query = for_empty.get_value();
                    move |page| query.page_href(PATH, page)
                }/>
            </Show>
        </section>
    }
}

#[component]
fn NoDrafts(view: DraftView, query: ListQuery) -> impl IntoView {
    let t = use_texts();
    if !query.search.is_empty() {
        return view! {
            <EmptyState kind=EmptyKind::NoHits title=t.drafts_no_hits(&query.search)>
                <LinkButton href=ListQuery::default().view_href(PATH, &query.view)>{t.frame_remove_filter()}</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    if view == DraftView::Open {
        return view! {
            <EmptyState kind=EmptyKind::Done title=t.drafts_empty_title() text=t.drafts_empty_text()>
                <LinkButton href=query.view_href(PATH, "godkjent")>{t.drafts_show_approved()}</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    view! {
        <EmptyState kind=EmptyKind::NoHits title=t.drafts_none_here()>
            <LinkButton href=query.view_href(PATH, "alle")>{t.drafts_show_all()}</LinkButton>
        </EmptyState>
    }
    .into_any()
}

#[component]
fn DraftRow(cell: LiveCell<OrderDraftRow>) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    let row = cell.row;
    let number = Signal::derive(move || row.with(|row| row.number.clone()));
    let href = row.with_untracked(|row| format!("{PATH}/{}", row.number));
    let tone = Signal::derive(move || {
        row.with(|row| (row.status.is_open() && row.issue_count > 0).then_some("warn"))
    });
    let status = Signal::derive(move || row.with(|row| row.status));
    view! {
        <Row tone>
            <TitleCell href text=number code=true/>
            <Cell>
                <div>
                    {move || row.with(|row| row.customer_name.clone())}
                    {move || {
                        row.with(|row| row.new_customer)
                            .then(|| view! { <br/><Tag text=t.drafts_new_customer() tone=Tone::Info/> })
                    }}
                </div>
            </Cell>
            <Cell class="xs" label=t.drafts_received()>
                <span class="nb">{move || row.with(|row| format::day_time(row.received_at, language))}</span>
            </Cell>
            <Cell class="lf">
                <span class="code">{move || row.with(|row| row.customer_order_number.clone())}</span>
            </Cell>
            <Cell class="num rt" label=t.drafts_lines()>
                {move || row.with(|row| format::whole(row.line_count, language))}
            </Cell>
            <Cell label=t.drafts_differences()>
                {move || match row.with(|row| row.issue_count) {
                    0 => view! { <Tag text=t.drafts_no_issue() tone=Tone::Ok/> },
                    count => view! { <Tag text=t.drafts_unknown(count) tone=Tone::Error/> },
                }}
            </Cell>
            <Cell class="st">
                <DraftTag status/>
            </Cell>
            <Cell class="num lf" label=t.drafts_wanted()>
                {move || row.with(|row| row.requested_delivery_date.map(|date| format::date(date, language)))}
            </Cell>
            <Cell class="num rt" label=t.drafts_net_total()>
                {move || row.with(|row| format::money_with_currency(row.net_total, &row.currency, language))}
            </Cell>
        </Row>
    }
}
