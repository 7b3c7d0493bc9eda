//! Everything that happened to an order.

use domain::orders::OrderDetail;
use domain::roles::Permission;
use leptos::prelude::*;

use crate::components::{Timeline, TimelineItem};
use crate::i18n::{Texts, use_texts};
use crate::pages::logs::log_href;
use crate::session::use_shell;

/// *Historikk*, with the way to the log for whoever may see it.
#[component]
pub(super) fn History(detail: OrderDetail) -> impl IntoView {
    let t = use_texts();
    let last = detail.timeline.len().saturating_sub(1);
    let items = detail
        .timeline
        .into_iter()
        .enumerate()
        .map(|(at, entry)| {
            let (icon, tone, title) = event_look(t, &entry.kind);
            let lines = [Some(entry.actor), entry.detail]
                .into_iter()
                .flatten()
                .filter(|line| !line.is_empty())
                .collect();
            TimelineItem { icon, tone, title, lines, at: Some(entry.at), current: at == last }
        })
        .collect();
    let correlation_id = detail.order.correlation_id.to_string();
    let may_see_log = use_shell().user.is_some_and(|user| user.role.may(Permission::Administer));
    view! {
        <section class="panel" aria-labelledby="h-history">
            <header>
                <h2 id="h-history">{t.order_detail_history()}</h2>
                {may_see_log.then(|| view! { <a class="more" href=log_href(&correlation_id)>{t.order_detail_log()}</a> })}
            </header>
            <Timeline items/>
            <footer>
                <p class="muted sm">{t.order_detail_correlation()}" "<span class="code wrap">{correlation_id.clone()}</span></p>
            </footer>
        </section>
    }
}

/// Icon, tone and words of an event.
fn event_look(t: Texts, kind: &str) -> (&'static str, &'static str, String) {
    let (icon, tone) = match kind {
        "order_created" => ("plus", "ok"),
        "order_changed" => ("pen", "ok"),
        "order_exported" | "order_exported_anyway" => ("up", "ok"),
        "message_retried" | "order_sent_again" | "order_found_again" => ("redo", "ok"),
        "order_set_back" | "order_known_there" => ("undo", "err"),
        "message_waiting" => ("redo", ""),
        "message_parked" => ("stop", "err"),
        "order_received" => ("inbox", "ok"),
        "order_in_review" => ("eye", "ok"),
        "order_approved" => ("check", "ok"),
        "order_approved_with_changes" => ("swap", "ok"),
        "order_rejected" => ("x", "err"),
        "order_withdrawn" => ("undo", "ok"),
        _ => ("info", "ok"),
    };
    let words =
        t.status(&format!("order_event.{kind}")).map_or_else(|| kind.replace('_', " "), str::to_owned);
    (icon, tone, words)
}
