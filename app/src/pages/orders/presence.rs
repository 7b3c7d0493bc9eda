//! Who else has the order open.

use domain::ids::OrderId;
#[cfg(feature = "hydrate")]
use domain::presence::OrderPresence;
use leptos::prelude::*;

use crate::i18n::{Texts, use_texts};

/// Who else has the order open: the names, and whether it is open in another window of one's own.
pub(super) type Seen = RwSignal<(Vec<String>, bool)>;

/// Says that the order is open here for as long as the calling component is there, and follows who else has it open. `None` while the
/// form has no order yet.
pub(super) fn use_presence(order_id: Signal<Option<OrderId>>) -> Seen {
    let seen = RwSignal::new((Vec::new(), false));
    #[cfg(feature = "hydrate")]
    follow(order_id, seen);
    #[cfg(not(feature = "hydrate"))]
    let _ = order_id;
    seen
}

/// "Ola Bakke ser på denne ordren nå." Says nothing before the page is taken over, and while nobody else is there.
#[component]
pub(super) fn Presence(seen: Seen) -> impl IntoView {
    let t = use_texts();
    view! { <p class="muted sm" role="status" data-test="presence">{move || seen.with(|(others, elsewhere)| words(t, others, *elsewhere))}</p> }
}

fn words(t: Texts, others: &[String], elsewhere: bool) -> String {
    let told = match others {
        [] => String::new(),
        [one] => t.presence_single(one),
        [first @ .., last] => t.presence_several(first.join(", "), last),
    };
    match (told.as_str(), elsewhere) {
        (_, false) => told,
        ("", true) => t.presence_elsewhere().to_owned(),
        (told, true) => format!("{told} {}", t.presence_elsewhere()),
    }
}

/// Says every twenty seconds that the order is open here, and listens for those who come and go.
#[cfg(feature = "hydrate")]
fn follow(order_id: Signal<Option<OrderId>>, seen: Seen) {
    use std::time::Duration;

    use super::tabs::{Said, listen, tell, this_tab};
    use crate::api::presence::{leave_order, note_presence};
    use crate::live::use_live;
    use domain::live::LiveRow;
    use leptos::task::spawn_local;

    let tab = this_tab();
    let show = move |presence: &OrderPresence| {
        if order_id.try_get_untracked().flatten() == Some(presence.order_id) {
            let now = presence.seen_from(tab);
            if seen.try_with_untracked(|known| *known != now) == Some(true) {
                seen.set(now);
            }
        }
    };
    let note = move || {
        if let Some(order_id) = order_id.try_get_untracked().flatten() {
            spawn_local(async move {
                if let Ok(presence) = note_presence(order_id, tab).await {
                    show(&presence);
                }
            });
        }
    };
    Effect::new(move |previous: Option<Option<OrderId>>| {
        let now = order_id.get();
        if previous != Some(now) {
            if let Some(order_id) = now {
                tell(Said::Opened, order_id);
            }
            note();
        }
        now
    });
    // Other windows of this browser are heard at once.
    listen(move |message| {
        if order_id.try_get_untracked().flatten() != Some(message.order_id) {
            return;
        }
        match message.said {
            Said::Opened => {
                tell(Said::Here, message.order_id);
                is_elsewhere(seen);
            }
            Said::Here => is_elsewhere(seen),
            // There may be more of them: the server knows.
            Said::Left => note(),
            Said::Saved => {}
        }
    });
    if let Some(live) = use_live() {
        live.on_event(move |event| {
            if let LiveRow::Presence(presence) = &event.change {
                show(presence);
            }
        });
    }
    let beat = Duration::from_secs(u64::from(domain::presence::HEARTBEAT_SECONDS));
    let heart = set_interval_with_handle(note, beat).ok();
    let seen_again = window_event_listener_untyped("visibilitychange", move |_| {
        if document().visibility_state() == web_sys::VisibilityState::Visible {
            note();
        }
    });
    on_cleanup(move || {
        if let Some(heart) = heart {
            heart.clear();
        }
        seen_again.remove();
        if let Some(order_id) = order_id.try_get_untracked().flatten() {
            tell(Said::Left, order_id);
            spawn_local(async move {
                // Who cannot be told is forgotten after a minute.
                let _ = leave_order(order_id, tab).await;
            });
        }
    });
}

/// The order is open in another window of one's own.
#[cfg(feature = "hydrate")]
fn is_elsewhere(seen: Seen) {
    if seen.try_with_untracked(|(_, elsewhere)| !elsewhere) == Some(true) {
        seen.update(|(_, elsewhere)| *elsewhere = true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;

    #[test]
    fn others_are_named() {
        let told = |names: &[&str], elsewhere| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            words(Texts::new(Language::Nb), &names, elsewhere)
        };
        assert_eq!(told(&[], false), "");
        assert_eq!(told(&["Ola Bakke"], false), "Ola Bakke ser på denne ordren nå.");
        assert_eq!(told(&["Kari", "Ola", "Per"], false), "Kari, Ola og Per ser på denne ordren nå.");
        assert_eq!(told(&["Ola"], true), "Ola ser på denne ordren nå. Ordren er også åpen i et annet vindu.");
        assert_eq!(told(&[], true), "Ordren er også åpen i et annet vindu.");
    }
}
