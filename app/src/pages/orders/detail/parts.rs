//! The parts of the page beside the lines and the messages: what travelled, and the versions.

use domain::orders::{OrderDifference, OrderVersion};
use domain::roles::Permission;
use leptos::prelude::*;

use super::super::conflict::{shown_line, shown_value};
use crate::api::orders::{read_order_log, read_order_versions};
use crate::components::{EmptyKind, EmptyState, Icon, Loading};
use crate::format;
use crate::i18n::{Texts, use_texts};
use crate::page_data::{PageData, suspend};
use crate::pages::lists::shown;
use crate::pages::logs::{LogTable, log_href};
use crate::session::use_shell;

/// What travelled of this order.
#[component]
pub(super) fn OrderLog(number: String, correlation_id: String) -> impl IntoView {
    let t = use_texts();
    let rows = PageData::new(move || number.clone(), read_order_log);
    let may_administer = use_shell().user.is_some_and(|user| user.role.may(Permission::Administer));
    let all = log_href(&correlation_id);
    view! {
        <section class="panel" aria-labelledby="h-log" data-test="order-log">
            <header>
                <h2 id="h-log">{t.nav_integration_logs()}</h2>
                {may_administer.then(|| view! { <a class="more" href=all>{t.order_detail_log()}</a> })}
            </header>
            <Transition fallback=Loading>
                {move || suspend(async move {
                    shown(rows.await, |rows| {
                        if rows.is_empty() {
                            view! { <EmptyState kind=EmptyKind::NeverUsed title=t.order_detail_no_log() text=t.order_detail_no_log_text()/> }
                                .into_any()
                        } else {
                            view! { <LogTable rows linked=may_administer/> }.into_any()
                        }
                    })
                })}
            </Transition>
            <footer>
                <p class="muted sm">{t.order_detail_correlation()}" "<span class="code wrap">{correlation_id}</span></p>
            </footer>
        </section>
    }
}

/// Who changed what, the newest first.
#[component]
pub(super) fn Versions(number: String) -> impl IntoView {
    let t = use_texts();
    let versions = PageData::new(move || number.clone(), read_order_versions);
    view! {
        <section class="panel" aria-labelledby="h-versions" data-test="versions">
            <header>
                <h2 id="h-versions">{t.order_detail_versions()}</h2>
                <span class="muted sm">{t.order_detail_versions_text()}</span>
            </header>
            <Transition fallback=Loading>
                {move || suspend(async move { shown(versions.await, |versions| version_list(t, versions)) })}
            </Transition>
        </section>
    }
}

fn version_list(t: Texts, versions: Vec<OrderVersion>) -> AnyView {
    if versions.is_empty() {
        return view! { <EmptyState kind=EmptyKind::NeverUsed title=t.order_detail_no_versions() text=t.order_detail_no_versions_text()/> }
            .into_any();
    }
    let count = versions.len();
    let items: Vec<_> = versions
        .into_iter()
        .enumerate()
        .map(|(index, version)| {
            let who = if version.actor.is_empty() { t.order_detail_by_program().to_owned() } else { version.actor };
            let changes: Vec<_> = version.differences.iter().map(|difference| difference_view(t, difference)).collect();
            view! {
                <li class="ok">
                    <span class="dot" aria-hidden="true"><Icon name="pen"/></span>
                    <div>
                        <h3>{t.order_detail_version(count - index)}</h3>
                        <p>{who}", "<time datetime=version.at.to_rfc3339()>{format::day_time(version.at, t.language())}</time></p>
                        <ul class="stack s">{changes}</ul>
                    </div>
                </li>
            }
        })
        .collect();
    view! { <ol class="timeline">{items}</ol> }.into_any()
}

/// One difference: what it is about, and old → new.
fn difference_view(t: Texts, difference: &OrderDifference) -> AnyView {
    let label = |field: &str| t.label(field).unwrap_or_default().to_owned();
    let (what, values) = match difference {
        OrderDifference::Head { field, old, new } => (label(field), Some((field, old, new))),
        OrderDifference::Line { at, field, old, new, .. } => {
            (t.form_in_line(at + 1, label(field)), Some((field, old, new)))
        }
        OrderDifference::Added { at, line } => (t.order_detail_line_added(at + 1, shown_line(t, line)), None),
        OrderDifference::Removed { at, line } => {
            (t.order_detail_line_removed(at + 1, shown_line(t, line)), None)
        }
        OrderDifference::Moved { from, to, .. } => (t.order_detail_line_moved(from + 1, to + 1), None),
    };
    let change = values.map(|(field, old, new)| {
        let shown = |text: &str| match text {
            "" => t.order_conflict_empty().to_owned(),
            text => shown_value(t, field, text),
        };
        view! {
            " "
            <span class="chg">
                <del><span class="vh">{t.order_detail_from()}" "</span>{shown(old)}</del>
                <Icon name="next"/>
                <ins><span class="vh">{t.order_detail_to()}" "</span>{shown(new)}</ins>
            </span>
        }
    });
    view! { <li class="sm">{what}{change}</li> }.into_any()
}
