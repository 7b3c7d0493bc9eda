//! The list of drafts.

use domain::drafts::{DraftView, OrderDraftRow};
use domain::paging::{Direction, MAX_COUNTED, Page};
use domain::roles::Permission;
use domain::saved_views::ListName;
use leptos::prelude::*;
use leptos_router::components::Redirect;

use super::picked::{FORM, PickedBar};
use super::{PATH, PICKED_PATH};
use crate::api::drafts::{DraftList, list_drafts};
use crate::components::{
    Alert, Cell, Column, Crumb, Crumbs, DataTable, DraftTag, EmptyKind, EmptyState, LinkButton, Loading,
    NewRows, PageHead, Pager, Row, SearchBar, Selection, Tab, Tag, TitleCell, Tone, ViewTabs, go_to_fragment,
    list_keys, page_sizes,
};
use crate::format;
use crate::i18n::{Texts, use_texts};
use crate::live::{Asked, Live, LiveCell, asked, live_list, use_live};
use crate::page_data::{PageData, suspend};
use crate::pages::files::{Downloads, list_file};
use crate::pages::lists::{ListQuery, shown, use_list_query};
use crate::pages::saved_views::{SavedViews, provide_views_changed, remember, view_tabs};
use crate::session::use_shell;

/// The sort when the address says none.
const USUAL_SORT: &str = "-mottatt";

fn view_of(slug: &str) -> DraftView {
    DraftView::from_slug(slug).unwrap_or_default()
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
    let views = provide_views_changed();
    let drafts = PageData::new(
        move || (query.get(), views.get(), resets.map(|resets| resets.get())),
        move |(query, ..)| asked(live, list_drafts(query.question(), query.page)),
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
    if let Some(path) = list.opens_with {
        return view! { <Redirect path/> }.into_any();
    }
    let view = view_of(&query.view);
    let counts = list.counts;
    let chosen = query.get("visning").to_owned();
    let built_in = DraftView::ALL
        .iter()
        .map(|of| Tab {
            text: view_text(t, *of).to_owned(),
            href: query.view_href(PATH, of.slug()),
            count: counts.iter().find(|(known, _)| known == of).map(|(_, count)| *count),
            current: *of == view && chosen.is_empty(),
        })
        .collect();
    let tabs = view_tabs(t, PATH, built_in, &list.views, &query);
    remember(ListName::OrderDrafts, &query, &tabs);
    view! {
        <Crumbs path=vec![Crumb::text(t.nav_sales()), Crumb::text(t.nav_drafts())]/>
        <PageHead title=t.nav_drafts().to_owned() below=move || view! { <span class="muted">{t.drafts_intro()}</span> }/>
        {(!use_shell().module_on)
            .then(|| view! { <Alert tone=Tone::Info title=t.module_off_title() text=t.module_off_text()/> })}
        <SavedViews list=ListName::OrderDrafts path=PATH views=list.views query=query.clone()/>
        <DraftPanel drafts=list.drafts after query view tabs/>
    }
    .into_any()
}

/// Whether a draft that just came belongs to what is shown.
fn takes_new(view: DraftView, query: &ListQuery) -> impl Fn(&OrderDraftRow) -> bool + Send + Sync + 'static {
    let plain = !query.is_filtered() && query.page <= 1 && query.get("sorter").is_empty();
    move |row| {
        plain
            && match view {
                DraftView::Open => row.status.is_open(),
                DraftView::WithIssues => {
                    row.status.is_open() && (row.differing_count > 0 || row.new_customer)
                }
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
    let shown = rows.len();
    let more = query.is_filtered() && total > MAX_COUNTED;
    let total = if more { MAX_COUNTED } else { total };
    let list = live_list(rows, after, takes_new(view, &query));
    go_to_fragment();
    let may_answer = use_shell().user.is_some_and(|user| user.role.may(Permission::Sell));
    let selection = Selection::provide();
    list_keys(selection);
    let all = query.all_picked && may_answer;
    let search = query.search.clone();
    let keep = query.kept();
    let cells = list.cells;
    let kept = StoredValue::new(query.clone());
    let table = move || {
        let href = move |page| kept.with_value(|query| query.page_href(PATH, page));
        let sizes = kept.with_value(|query| page_sizes(query, PATH));
        view! {
            <PickForm query=kept view may_answer selection>
                <For each=move || cells.get() key=|cell| cell.key.clone() let:cell>
                    <DraftRow cell may_answer all/>
                </For>
            </PickForm>
            <Pager page page_size total more href=href sizes/>
        }
    };
    view! {
        <NewRows list/>
        <section class="panel listing" aria-label=t.nav_drafts()>
            <ViewTabs label=t.drafts_views() tabs/>
            <div class="swap">
                <SearchBar
                    action=PATH
                    label=t.drafts_search()
                    placeholder=t.drafts_search_hint()
                    value=search
                    keep
                />
                {may_answer.then(|| view! { <PickedBar selection query=query.clone() shown total all/> })}
            </div>
            <div class="row looks">
                <Downloads file=list_file::DRAFTS question=query.question()/>
            </div>
            <Show
                when=move || !cells.with(Vec::is_empty)
                fallback=move || view! { <NoDrafts view query=kept.get_value()/> }
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
    view: DraftView,
    may_answer: bool,
    selection: Selection,
    children: Children,
) -> impl IntoView {
    let t = use_texts();
    let all = may_answer && query.with_value(|query| query.all_picked);
    let question = query.with_value(|query| all.then(|| format!("?{}", query.question())));
    let columns = query.with_value(|query| columns(t, query, may_answer));
    view! {
        <form
            id=FORM
            method="get"
            action=PICKED_PATH
            node_ref=selection.form
            on:change=move |event| selection.changed(event)
            on:click=move |event| selection.clicked(event)
        >
            {question.map(|question| view! { <input type="hidden" name="alle" value=question/> })}
            <DataTable caption=view_text(t, view) columns>
                {children()}
            </DataTable>
        </form>
    }
}

fn columns(t: Texts, query: &ListQuery, may_answer: bool) -> Vec<Column> {
    let sorted = |slug: &str| query.sorted(PATH, slug, USUAL_SORT, Direction::Descending);
    let picks = may_answer.then(|| Column::new(t.orders_pick()).picks());
    let columns = [
        Column::new(t.drafts_draft()).title(),
        Column::new(t.drafts_customer()),
        Column::new(t.drafts_received()).sort(sorted("mottatt")),
        Column::new(t.drafts_customer_order_number()),
        Column::new(t.drafts_lines()).num(),
        Column::new(t.drafts_differences()),
        Column::new(t.drafts_status()),
        Column::new(t.drafts_wanted()).num().sort(sorted("onsket")),
        Column::new(t.drafts_net_total()).num().sort(sorted("sum")),
    ];
    picks.into_iter().chain(columns).collect()
}

#[component]
fn NoDrafts(view: DraftView, query: ListQuery) -> impl IntoView {
    let t = use_texts();
    if query.is_filtered() {
        return view! {
            <EmptyState kind=EmptyKind::NoHits title=t.drafts_no_hits(&query.search)>
                <LinkButton href=query.unfiltered().href(PATH)>{t.frame_remove_filter()}</LinkButton>
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
fn DraftRow(
    cell: LiveCell<OrderDraftRow>,
    may_answer: bool,
    /// The box is ticked from the start.
    all: bool,
) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    let row = cell.row;
    let number = Signal::derive(move || row.with(|row| row.number.clone()));
    let first = row.with_untracked(|row| row.number.clone());
    let href = format!("{PATH}/{first}");
    let tone = Signal::derive(move || {
        row.with(|row| (row.status.is_open() && row.differing_count > 0).then_some("warn"))
    });
    let status = Signal::derive(move || row.with(|row| row.status));
    view! {
        <Row tone id=format!("r-{first}")>
            {may_answer
                .then(|| {
                    view! {
                        <td role="cell" class="pick">
                            <input
                                class="pickbox"
                                type="checkbox"
                                name="kladd"
                                value=row.with_untracked(|row| row.draft_id.to_string())
                                checked=all
                                aria-label=t.orders_pick_one(&first)
                            />
                        </td>
                    }
                })}
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
                <div>
                    {move || {
                        let (unknown, others) =
                            row.with(|row| (row.issue_count, row.differing_count - row.issue_count));
                        let is_fine = unknown == 0 && others <= 0;
                        view! {
                            {is_fine.then(|| view! { <Tag text=t.draft_no_difference() tone=Tone::Ok/> })}
                            {(unknown > 0).then(|| view! { <Tag text=t.drafts_unknown(unknown) tone=Tone::Error/> })}
                            {(others > 0)
                                .then(|| view! { <Tag text=t.drafts_differing(others) tone=Tone::Warning icon="help"/> })}
                        }
                    }}
                </div>
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
