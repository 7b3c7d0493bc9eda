//! *Oversikt*: what needs me now, and what is left of the set-up.

use domain::drafts::DraftView;
use domain::orders::OrderView;
use domain::roles::Permission;
use leptos::prelude::*;

use crate::api::overview::{Overview, SetUp, read_overview};
use crate::components::{Alert, Icon, LinkButton, Loading, PageFault, PageHead, Progress, Tone};
use crate::format;
use crate::i18n::{Texts, use_texts};
use crate::live::use_live;
use crate::page_data::{PageData, suspend};
use crate::session::use_shell;

/// The page `/oversikt`.
#[component]
pub fn OverviewPage() -> impl IntoView {
    let live = use_live();
    let data = PageData::new(move || live.map_or(0, |live| live.resets().get()), |_| read_overview());
    if let Some(live) = live {
        // Counting is for the server; a burst of changes asks once.
        let pending = RwSignal::new(false);
        live.on_event(move |_| {
            if !pending.get_untracked() {
                pending.set(true);
                set_timeout(
                    move || {
                        if pending.try_set(false).is_none() {
                            data.refetch();
                        }
                    },
                    std::time::Duration::from_millis(500),
                );
            }
        });
    }
    view! {
        <Transition fallback=Loading>
            {move || suspend(async move {
                match data.await {
                    Ok(overview) => view! { <Content overview/> }.into_any(),
                    Err(error) => view! { <PageFault error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Content(overview: Overview) -> impl IntoView {
    let t = use_texts();
    let shell = use_shell();
    let role = shell.user.as_ref().map(|user| user.role);
    let may = move |permission| role.is_some_and(|role| role.may(permission));
    let today = format!(
        "{}, {}",
        format::date_long(overview.today, t.language()),
        t.time_week(format::week(overview.today))
    );
    let administrator = may(Permission::Administer);
    view! {
        <PageHead title=t.overview_title().to_owned() below=move || view! { <span class="muted">{today.clone()}</span> }>
            {may(Permission::Purchase)
                .then(|| view! { <LinkButton href="/ordre/innkjopsordre/ny" kind="p" icon="plus">{t.nav_new_order()}</LinkButton> })}
        </PageHead>
        {(!shell.module_on).then(|| view! { <ModuleOff administrator/> })}
        <section class="sect" aria-label=t.overview_your_orders()>
            <h2>{t.overview_purchase()}</h2>
            <Counters label=t.overview_your_orders() counters=order_counters(t, &overview.orders)/>
        </section>
        {(!overview.drafts.is_empty())
            .then(|| {
                view! {
                    <section class="sect" aria-label=t.overview_your_drafts()>
                        <h2>{t.overview_sales()}</h2>
                        <Counters label=t.overview_your_drafts() counters=draft_counters(t, &overview.drafts)/>
                    </section>
                }
            })}
        {overview.setup.map(|setup| view! { <GettingStarted setup/> })}
    }
}

#[component]
fn ModuleOff(administrator: bool) -> impl IntoView {
    let t = use_texts();
    let text = if administrator { t.module_off_text() } else { t.module_off_ask() };
    view! {
        <Alert tone=Tone::Info title=t.module_off_title() text=text.to_owned()>
            {administrator
                .then(|| view! { <LinkButton href="/admin/utvidelser" kind="s">{t.module_off_action()}</LinkButton> })}
        </Alert>
    }
}

/// A figure that is a link.
struct Counter {
    href: String,
    count: i64,
    text: &'static str,
}

fn order_counters(t: Texts, counts: &[(OrderView, i64)]) -> Vec<Counter> {
    let shown = [
        (OrderView::NeedsYou, "trenger-deg", t.overview_needs_you()),
        (OrderView::Drafts, "kladder", t.overview_drafts()),
        (OrderView::Waiting, "venter", t.overview_waiting()),
        (OrderView::Approved, "godkjent", t.overview_approved()),
    ];
    shown
        .into_iter()
        .map(|(view, slug, text)| Counter {
            href: format!("/ordre/innkjopsordre?vis={slug}"),
            count: counts.iter().find(|(known, _)| *known == view).map_or(0, |(_, count)| *count),
            text,
        })
        .collect()
}

fn draft_counters(t: Texts, counts: &[(DraftView, i64)]) -> Vec<Counter> {
    let shown = [
        (DraftView::Open, "nye", t.overview_new_drafts()),
        (DraftView::WithIssues, "avvik", t.overview_with_issues()),
        (DraftView::Approved, "godkjent", t.overview_approved()),
        (DraftView::Rejected, "avvist", t.overview_rejected()),
    ];
    shown
        .into_iter()
        .map(|(view, slug, text)| Counter {
            href: format!("/salg/ordrekladder?vis={slug}"),
            count: counts.iter().find(|(known, _)| *known == view).map_or(0, |(_, count)| *count),
            text,
        })
        .collect()
}

#[component]
fn Counters(label: &'static str, counters: Vec<Counter>) -> impl IntoView {
    let language = use_texts().language();
    let items: Vec<_> = counters
        .into_iter()
        .map(|counter| {
            view! {
                <li>
                    <a href=counter.href>
                        <b>{format::whole(counter.count, language)}</b>
                        <span>{counter.text}</span>
                    </a>
                </li>
            }
        })
        .collect();
    view! { <ul class="counters" aria-label=label>{items}</ul> }
}

/// One step of the set-up.
struct Step {
    text: &'static str,
    href: &'static str,
    done: bool,
}

fn buyer_steps(t: Texts, setup: SetUp) -> Vec<Step> {
    let connections = "/admin/integrasjoner/prodsys-to-prodsys";
    vec![
        Step { text: t.overview_step_token(), href: "/hjelp", done: setup.connection_registered },
        Step { text: t.overview_step_module(), href: "/admin/utvidelser", done: setup.extension_on },
        Step { text: t.overview_step_register(), href: connections, done: setup.connection_registered },
        Step { text: t.overview_step_supplier(), href: "/kontakter/leverandorer", done: setup.has_supplier },
        Step { text: t.overview_step_export(), href: "/ordre/innkjopsordre/ny", done: setup.has_exported },
    ]
}

fn supplier_steps(t: Texts, setup: SetUp) -> Vec<Step> {
    let tokens = "/admin/api-tilgang/token";
    vec![
        Step { text: t.overview_step_module(), href: "/admin/utvidelser", done: setup.extension_on },
        Step { text: t.overview_step_generate(), href: tokens, done: setup.token_issued },
        Step { text: t.overview_step_share(), href: tokens, done: setup.token_issued },
        Step { text: t.overview_step_customer(), href: "/kontakter/kunder", done: setup.has_customer },
        Step { text: t.overview_step_approve(), href: "/salg/ordrekladder", done: setup.has_approved },
    ]
}

#[component]
fn GettingStarted(setup: SetUp) -> impl IntoView {
    let t = use_texts();
    let lists = [
        (t.overview_setup_buyer(), buyer_steps(t, setup)),
        (t.overview_setup_supplier(), supplier_steps(t, setup)),
    ];
    let cards: Vec<_> = lists
        .into_iter()
        .filter(|(_, steps)| steps.iter().any(|step| !step.done))
        .map(|(title, steps)| view! { <StepCard title steps/> })
        .collect();
    (!cards.is_empty()).then(|| {
        view! {
            <section class="sect" aria-label=t.overview_setup()>
                <h2>{t.overview_setup()}</h2>
                <div class="half">{cards}</div>
            </section>
        }
    })
}

#[component]
fn StepCard(title: &'static str, steps: Vec<Step>) -> impl IntoView {
    let t = use_texts();
    let total = i64::try_from(steps.len()).unwrap_or_default();
    let done = i64::try_from(steps.iter().filter(|step| step.done).count()).unwrap_or_default();
    let items: Vec<_> = steps
        .into_iter()
        .map(|step| {
            let (class, icon, state) = if step.done {
                ("ok", "check", t.overview_step_done())
            } else {
                ("neu", "dash", t.overview_step_open())
            };
            view! {
                <li class=class>
                    <Icon name=icon/>
                    <span>
                        <a href=step.href>{step.text}</a>
                    </span>
                    <span class="muted sm">{state}</span>
                </li>
            }
        })
        .collect();
    view! {
        <div class="card">
            <header>
                <h3>{title}</h3>
                <span class="muted sm">{t.overview_steps_done(done, total)}</span>
            </header>
            <Progress value=Signal::stored(done) max=Signal::stored(total) label=title/>
            <ol class="rows mk d">{items}</ol>
        </div>
    }
}
