//! The list: three views, filters in the address, and *Følg direkte*.

use domain::drafts::DraftStatus;
use domain::live::LiveRow;
use domain::logs::{KEPT_DAYS, LogFilter, LogOverview, LogPeriod, LogRow, LogView};
use domain::paging::Page;
use leptos::prelude::*;

use super::causes::Causes;
use super::filters::{Chosen, Filters, period_text};
use super::query::{LogQuery, use_log_query};
use super::summary::{Days, Share};
use super::{cause_text, crumbs, href, operation_text, partner_text, result_look};
use crate::api::logs::{RetryCause, list_logs};
use crate::components::{
    Alert, Cell, Column, Crumbs, DataTable, EmptyKind, EmptyState, Icon, LinkButton, Loading, PageHead,
    Pager, Row, Tab, Tag, TitleCell, Tone, ViewTabs, use_mounted,
};
use crate::format;
use crate::i18n::{Texts, use_texts};
use crate::live::{Live, use_live};
use crate::page_data::{PageData, suspend};
use crate::pages::files::{Downloads, list_file};
use crate::pages::lists::shown;

fn view_text(t: Texts, view: LogView) -> &'static str {
    match view {
        LogView::All => t.frame_all(),
        LogView::Causes => t.logs_view_causes(),
        LogView::Waiting => t.logs_view_waiting(),
    }
}

/// What is shown of what is new.
#[derive(Clone, Copy)]
struct Following {
    /// *Følg direkte*: the list asks again by itself.
    on: RwSignal<bool>,
    /// Something is new and not shown.
    news: RwSignal<bool>,
    asked: RwSignal<usize>,
    /// An answer is on its way; what is told meanwhile is asked for after it, so that a busy log is asked once at a time.
    busy: RwSignal<bool>,
}

impl Following {
    fn new() -> Self {
        Self {
            on: RwSignal::new(false),
            news: RwSignal::new(false),
            asked: RwSignal::new(0),
            busy: RwSignal::new(false),
        }
    }

    fn show(self) {
        self.news.set(false);
        self.busy.set(true);
        self.asked.update(|count| *count += 1);
    }

    fn told(self, first_page: bool) {
        if self.on.get_untracked() && first_page && !self.busy.get_untracked() && !is_reading() {
            self.show();
        } else {
            self.news.set(true);
        }
    }

    fn arrived(self, first_page: bool) {
        self.busy.set(false);
        if self.news.get_untracked() && self.on.get_untracked() {
            self.told(first_page);
        }
    }
}

/// Whether the person has scrolled down or marked something, and wants nothing to move.
#[cfg(feature = "hydrate")]
fn is_reading() -> bool {
    let scrolled = window().scroll_y().unwrap_or_default() > 200.0;
    let marked = window().get_selection().ok().flatten().is_some_and(|marked| !marked.is_collapsed());
    scrolled || marked
}

#[cfg(not(feature = "hydrate"))]
fn is_reading() -> bool {
    false
}

/// The page `/admin/logger/integrasjonslogger`.
#[component]
pub fn LogsPage() -> impl IntoView {
    let query = use_log_query();
    let following = Following::new();
    let resets = use_live().map(Live::resets);
    let retry = ServerAction::<RetryCause>::new();
    let logs = PageData::new(
        move || {
            let again = (following.asked.get(), retry.version().get(), resets.map(|resets| resets.get()));
            (query.get(), again)
        },
        |(LogQuery { view, filter, page }, _)| list_logs(view, filter, page),
    );
    Effect::new(move |_| {
        logs.track();
        following.arrived(query.get_untracked().page == 1);
    });
    if let Some(live) = use_live() {
        live.on_event(move |event| {
            // An order that arrives is told of as its draft.
            let arrived =
                matches!(&event.change, LiveRow::OrderDraft(row) if row.status == DraftStatus::Received);
            if arrived || event.change == LiveRow::Log {
                following.told(query.get_untracked().page == 1);
            }
        });
    }
    view! {
        <Transition fallback=Loading>
            {move || suspend(async move {
                let query = query.get_untracked();
                shown(logs.await, |logs| view! { <Logs logs query following retry/> }.into_any())
            })}
        </Transition>
    }
}

#[component]
fn Logs(
    logs: LogOverview,
    query: LogQuery,
    following: Following,
    retry: ServerAction<RetryCause>,
) -> impl IntoView {
    let t = use_texts();
    let LogOverview { entries, causes, summary, partners } = logs;
    let count = match query.view {
        LogView::Causes => i64::try_from(causes.len()).unwrap_or(i64::MAX),
        _ => entries.total,
    };
    let tabs = LogView::ALL
        .iter()
        .map(|view| Tab {
            text: view_text(t, *view).to_owned(),
            // How an entry stands is what the views are about.
            href: query.of_view(*view).with(|filter| (filter.result, filter.cause) = (None, None)).href(),
            count: (*view == query.view).then_some(count),
            current: *view == query.view,
        })
        .collect();
    let share = StoredValue::new(summary.clone());
    let question = query.of_page(1).href().split_once('?').map(|(_, asked)| asked.to_owned());
    let question = question.unwrap_or_default();
    let body = match query.view {
        LogView::Causes => view! { <Causes causes query=query.clone() retry/> }.into_any(),
        _ => view! { <Entries entries query=query.clone()/> }.into_any(),
    };
    view! {
        <Crumbs path=crumbs(t, None)/>
        <PageHead
            title=t.nav_integration_logs().to_owned()
            below=move || view! { <Share summary=share.get_value()/> }
        >
            <FollowButton following/>
        </PageHead>
        <Days summary/>
        <News following/>
        <section class="panel" aria-label=t.nav_integration_logs()>
            <ViewTabs label=t.logs_views() tabs/>
            <Filters query=query.clone() partners=partners.clone()/>
            <Chosen query partners/>
            <div class="row looks">
                <Downloads file=list_file::LOG question/>
            </div>
            {body}
        </section>
        <p class="muted sm">{t.logs_kept(KEPT_DAYS)}</p>
    }
}

/// *Følg direkte*. Without a script the page is asked for again by hand.
#[component]
fn FollowButton(following: Following) -> impl IntoView {
    let t = use_texts();
    let mounted = use_mounted();
    let press = move |_| {
        following.on.update(|on| *on = !*on);
        if following.on.get_untracked() && following.news.get_untracked() {
            following.show();
        }
    };
    view! {
        <button
            class="btn"
            type="button"
            hidden=move || !mounted.get()
            aria-pressed=move || following.on.get().to_string()
            on:click=press
        >
            {move || following.on.try_get().unwrap_or_default().then(|| view! { <Icon name="check"/> })}
            {t.logs_follow()}
        </button>
    }
}

/// Something new is in the log; it is shown when asked for, so that nothing moves under the reader's finger.
#[component]
fn News(following: Following) -> impl IntoView {
    let t = use_texts();
    view! {
        <div role="status">
            <Show when=move || following.news.get()>
                <Alert tone=Tone::Info title=t.logs_news()>
                    <button class="btn s" type="button" on:click=move |_| following.show()>{t.frame_show()}</button>
                </Alert>
            </Show>
        </div>
    }
}

#[component]
fn Entries(entries: Page<LogRow>, query: LogQuery) -> impl IntoView {
    let Page { rows, total, page, page_size } = entries;
    if rows.is_empty() {
        return view! { <NoEntries query/> }.into_any();
    }
    view! {
        <LogTable rows linked=true/>
        <Pager page page_size total href=move |page| query.of_page(page).href()/>
    }
    .into_any()
}

/// Entries as a table.
#[component]
pub fn LogTable(
    rows: Vec<LogRow>,
    /// Each leads to the page of its entry, for those who may see it.
    linked: bool,
) -> impl IntoView {
    let t = use_texts();
    let columns = vec![
        Column::new(t.logs_time()).title(),
        Column::new(t.logs_operation()),
        Column::new(t.logs_subject()),
        Column::new(t.logs_result()),
        Column::new(t.logs_milliseconds()).num(),
        Column::new(t.logs_attempts()).num(),
    ];
    let rows: Vec<_> = rows.into_iter().map(|row| view! { <LogLine row linked/> }).collect();
    view! {
        <DataTable caption=t.nav_integration_logs() columns>
            {rows}
        </DataTable>
    }
}

#[component]
fn NoEntries(query: LogQuery) -> impl IntoView {
    let t = use_texts();
    let filter = &query.filter;
    let narrowed = filter.search.is_some() || filter.choices() > 0;
    let everything = query.with(|filter| filter.period = Some(LogPeriod::All)).href();
    match (query.view, narrowed) {
        (_, true) => {
            let title = filter
                .search
                .as_ref()
                .map_or_else(|| t.logs_no_choice().to_owned(), |text| t.logs_no_hits(text));
            let without = query.with(|filter| *filter = LogFilter::default()).href();
            let text = t.logs_looked_in(period_text(t, filter.period()));
            view! {
                <EmptyState kind=EmptyKind::NoHits title text>
                    <LinkButton href=everything>{t.logs_whole_log()}</LinkButton>
                    <LinkButton href=without kind="q">{t.frame_remove_filter()}</LinkButton>
                </EmptyState>
            }
            .into_any()
        }
        (LogView::Waiting, false) => {
            view! { <EmptyState kind=EmptyKind::Done title=t.logs_none_waiting()/> }.into_any()
        }
        _ if filter.period() != LogPeriod::All => view! {
            <EmptyState kind=EmptyKind::NeverUsed title=t.logs_empty_period() text=t.logs_empty_text()>
                <LinkButton href=everything>{t.logs_whole_log()}</LinkButton>
            </EmptyState>
        }
        .into_any(),
        _ => view! { <EmptyState kind=EmptyKind::NeverUsed title=t.logs_empty() text=t.logs_empty_text()/> }
            .into_any(),
    }
}

#[component]
fn LogLine(row: LogRow, linked: bool) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    let (text, tone, icon) = result_look(t, &row);
    let mark = match tone {
        Tone::Error => Some("err"),
        Tone::Warning => Some("warn"),
        _ => None,
    };
    let cause = row.error.map(|code| cause_text(t, row.direction, code));
    let moment = format::date_time_seconds(row.at, language);
    let title = if linked {
        view! { <TitleCell href=href(&row) text=moment/> }.into_any()
    } else {
        view! { <TitleCell text=moment/> }.into_any()
    };
    let (operation, partner) = (operation_text(t, &row), partner_text(t, &row));
    let next = row
        .held
        .then(|| t.logs_held_row().to_owned())
        .or_else(|| row.next_attempt_at.map(|at| t.message_waiting_until(format::time(at, language))))
        .or_else(|| row.resolved_at.map(|at| t.logs_resolved_at(format::day_time(at, language))));
    view! {
        <Row tone=Signal::stored(mark)>
            {title}
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
