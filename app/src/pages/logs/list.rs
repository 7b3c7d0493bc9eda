//! The list.

use domain::live::LiveRow;
use domain::logs::{LogRow, LogView};
use domain::paging::Page;
use leptos::prelude::*;

use super::{PATH, cause_text, crumbs, href, operation_text, partner_text, result_look};
use crate::api::logs::list_logs;
use crate::components::{
    Alert, Cell, Column, Crumbs, DataTable, EmptyKind, EmptyState, LinkButton, Loading, PageHead, Pager, Row,
    SearchBar, Tab, Tag, TitleCell, Tone, ViewTabs,
};
use crate::format;
use crate::i18n::{Texts, use_texts};
use crate::live::{Live, use_live};
use crate::pages::lists::{ListQuery, shown, use_list_query};

const VIEWS: [(LogView, &str); 3] =
    [(LogView::All, ""), (LogView::Failed, "feilet"), (LogView::Waiting, "venter")];

fn view_of(slug: &str) -> LogView {
    VIEWS.iter().find(|(_, known)| *known == slug).map_or(LogView::All, |(view, _)| *view)
}

fn view_text(t: Texts, view: LogView) -> &'static str {
    match view {
        LogView::All => t.frame_all(),
        LogView::Failed => t.logs_view_failed(),
        LogView::Waiting => t.logs_view_waiting(),
    }
}

/// The page `/admin/logger/integrasjonslogger`.
#[component]
pub fn LogsPage() -> impl IntoView {
    let query = use_list_query();
    let asked_again = RwSignal::new(0_usize);
    let news = RwSignal::new(false);
    let resets = use_live().map(Live::resets);
    let logs = Resource::new(
        move || (query.get(), asked_again.get(), resets.map(|resets| resets.get())),
        |(query, ..)| list_logs(view_of(&query.view), query.search(), query.page),
    );
    if let Some(live) = use_live() {
        live.on_event(move |event| {
            if event.change == LiveRow::Log {
                news.set(true);
            }
        });
    }
    let show = move |_| {
        news.set(false);
        asked_again.update(|count| *count += 1);
    };
    view! {
        <Transition fallback=Loading>
            {move || Suspend::new(async move {
                let query = query.get_untracked();
                shown(
                    logs.await,
                    |logs| {
                        view! {
                            <LogList logs query>
                                <div role="status">
                                    <Show when=move || news.get()>
                                        <News show/>
                                    </Show>
                                </div>
                            </LogList>
                        }
                            .into_any()
                    },
                )
            })}
        </Transition>
    }
}

/// Something new is in the log; it is shown when asked for, so that nothing moves under the reader's finger.
#[component]
fn News(show: impl Fn(leptos::ev::MouseEvent) + Clone + Send + 'static) -> impl IntoView {
    let t = use_texts();
    view! {
        <Alert tone=Tone::Info title=t.logs_news()>
            <button class="btn s" type="button" on:click=show>{t.frame_show()}</button>
        </Alert>
    }
}

#[component]
fn LogList(logs: Page<LogRow>, query: ListQuery, children: Children) -> impl IntoView {
    let t = use_texts();
    let view = view_of(&query.view);
    let Page { rows, total, page, page_size } = logs;
    let tabs = VIEWS
        .iter()
        .map(|(of, slug)| Tab {
            text: view_text(t, *of).to_owned(),
            href: query.view_href(PATH, slug),
            count: (*of == view).then_some(total),
            current: *of == view,
        })
        .collect();
    let columns = vec![
        Column::new(t.logs_time()).title(),
        Column::new(t.logs_operation()),
        Column::new(t.logs_subject()),
        Column::new(t.logs_result()),
        Column::new(t.logs_milliseconds()).num(),
        Column::new(t.logs_attempts()).num(),
    ];
    let (search, slug) = (query.search.clone(), query.view.clone());
    let body = if rows.is_empty() {
        view! { <NoEntries view query/> }.into_any()
    } else {
        let rows: Vec<_> = rows.into_iter().map(|row| view! { <LogLine row/> }).collect();
        view! {
            <DataTable caption=t.nav_integration_logs() columns>
                {rows}
            </DataTable>
            <Pager page page_size total href=move |page| query.page_href(PATH, page)/>
        }
        .into_any()
    };
    view! {
        <Crumbs path=crumbs(t, None)/>
        <PageHead
            title=t.nav_integration_logs().to_owned()
            below=move || view! { <span class="muted">{t.logs_intro()}</span> }
        />
        {children()}
        <section class="panel" aria-label=t.nav_integration_logs()>
            <ViewTabs label=t.logs_views() tabs/>
            <SearchBar action=PATH label=t.logs_search() placeholder=t.logs_search_hint() value=search keep=vec![("vis", slug)]/>
            {body}
        </section>
    }
}

#[component]
fn NoEntries(view: LogView, query: ListQuery) -> impl IntoView {
    let t = use_texts();
    if !query.search.is_empty() {
        return view! {
            <EmptyState kind=EmptyKind::NoHits title=t.logs_no_hits(&query.search)>
                <LinkButton href=ListQuery::default().view_href(PATH, &query.view)>{t.frame_remove_filter()}</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    match view {
        LogView::All => {
            view! { <EmptyState kind=EmptyKind::NeverUsed title=t.logs_empty() text=t.logs_empty_text()/> }
                .into_any()
        }
        LogView::Failed => view! { <EmptyState kind=EmptyKind::Done title=t.logs_none_failed()/> }.into_any(),
        LogView::Waiting => {
            view! { <EmptyState kind=EmptyKind::Done title=t.logs_none_waiting()/> }.into_any()
        }
    }
}

#[component]
fn LogLine(row: LogRow) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    let (text, tone, icon) = result_look(t, &row);
    let mark = match tone {
        Tone::Error => Some("err"),
        Tone::Warning => Some("warn"),
        _ => None,
    };
    let cause = row.error.map(|code| cause_text(t, row.direction, code));
    let address = href(&row);
    let (operation, partner) = (operation_text(t, &row), partner_text(t, &row));
    let next = row.next_attempt_at.map(|at| t.message_waiting_until(format::time(at, language)));
    view! {
        <Row tone=Signal::stored(mark)>
            <TitleCell href=address text=format::date_time_seconds(row.at, language)/>
            <Cell class="mid">
                <div>{operation}<small>{partner}</small></div>
            </Cell>
            <Cell class="aux" label=t.logs_subject()>
                <span class="code">{row.subject}</span>
            </Cell>
            <Cell class="st">
                <div>
                    <Tag text tone icon/>
                    {row.http_status.map(|status| view! { " "<span class="num sm">{status}</span> })}
                    {next.map(|next| view! { <small>{next}</small> })}
                    {cause.map(|cause| view! { <small>{cause}</small> })}
                </div>
            </Cell>
            <Cell class="num xs">{row.duration_ms.map(|duration| format::whole(duration, language))}</Cell>
            <Cell class="num xs">{format::whole(row.attempts, language)}</Cell>
        </Row>
    }
}
