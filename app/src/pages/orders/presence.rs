//! Who else has the order open.

use domain::ids::OrderId;
#[cfg(feature = "hydrate")]
use domain::ids::TabId;
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
    use super::tabs::{Said, listen, tell};
    use crate::live::use_live;
    use domain::live::LiveRow;

    let here = Here { order_id, seen, gone: StoredValue::new(Vec::new()), last: StoredValue::new(None) };
    Effect::new(move |previous: Option<Option<OrderId>>| {
        let now = order_id.get();
        if previous != Some(now) {
            here.come();
        }
        now
    });
    // Other windows of this browser are heard at once.
    listen(move |message| {
        if here.order() != Some(message.order_id) {
            return;
        }
        match message.said {
            Said::Opened => {
                tell(Said::Here, message.order_id);
                here.heard(message.tab);
            }
            Said::Here => here.heard(message.tab),
            Said::Left => here.lost(message.tab),
            Said::Saved => {}
        }
    });
    if let Some(live) = use_live() {
        live.on_event(move |event| {
            if let LiveRow::Presence(presence) = &event.change {
                here.show(presence.clone());
            }
        });
    }
    here.keep_telling();
    on_cleanup(move || here.leave());
}

/// The order in this window, and what is known of others.
#[cfg(feature = "hydrate")]
#[derive(Clone, Copy)]
struct Here {
    order_id: Signal<Option<OrderId>>,
    seen: Seen,
    /// Windows that have said that they leave: an answer of the server may be older than that.
    gone: StoredValue<Vec<TabId>>,
    last: StoredValue<Option<OrderPresence>>,
}

#[cfg(feature = "hydrate")]
impl Here {
    fn order(self) -> Option<OrderId> {
        self.order_id.try_get_untracked().flatten()
    }

    fn come(self) {
        if let Some(order_id) = self.order() {
            super::tabs::tell(super::tabs::Said::Opened, order_id);
        }
        self.note();
    }

    /// Says that the order is open here, and shows who else has it open.
    fn note(self) {
        let Some(order_id) = self.order() else { return };
        leptos::task::spawn_local(async move {
            let noted = crate::api::presence::note_presence(order_id, super::tabs::this_tab()).await;
            if let Ok(presence) = noted {
                self.show(presence);
            }
        });
    }

    fn show(self, presence: OrderPresence) {
        if self.order() != Some(presence.order_id) {
            return;
        }
        let Some(gone) = self.gone.try_get_value() else { return };
        let now = presence.clone().without(&gone).seen_from(super::tabs::this_tab());
        self.last.try_set_value(Some(presence));
        if self.seen.try_with_untracked(|known| *known != now) == Some(true) {
            self.seen.set(now);
        }
    }

    /// The order is open in another window of one's own.
    fn heard(self, tab: TabId) {
        self.gone.try_update_value(|gone| gone.retain(|known| *known != tab));
        if self.seen.try_with_untracked(|(_, elsewhere)| !elsewhere) == Some(true) {
            self.seen.update(|(_, elsewhere)| *elsewhere = true);
        }
    }

    /// It is not open there any more. There may be more windows: the server knows.
    fn lost(self, tab: TabId) {
        self.gone.try_update_value(|gone| {
            if gone.len() == MOST_GONE {
                gone.remove(0);
            }
            gone.push(tab);
        });
        if let Some(last) = self.last.try_get_value().flatten() {
            self.show(last);
        }
        self.note();
    }

    /// Until the calling component is gone: now and then, when the page is looked at again, and when it comes back from where the browser
    /// keeps pages that were left. A page that goes away says so, since nothing of it is cleaned up when its window is closed.
    fn keep_telling(self) {
        use std::time::Duration;

        use leptos::wasm_bindgen::JsCast;

        let beat = Duration::from_secs(u64::from(domain::presence::HEARTBEAT_SECONDS));
        let heart = set_interval_with_handle(move || self.note(), beat).ok();
        let seen_again = window_event_listener_untyped("visibilitychange", move |_| {
            if document().visibility_state() == web_sys::VisibilityState::Visible {
                self.note();
            }
        });
        let came_back = window_event_listener_untyped("pageshow", move |event| {
            // A page that is shown for the first time has come already.
            if event
                .dyn_ref::<web_sys::PageTransitionEvent>()
                .is_some_and(web_sys::PageTransitionEvent::persisted)
            {
                self.come();
            }
        });
        let goes = window_event_listener_untyped("pagehide", move |_| self.go());
        on_cleanup(move || {
            if let Some(heart) = heart {
                heart.clear();
            }
            seen_again.remove();
            came_back.remove();
            goes.remove();
        });
    }

    /// The page goes away, and waits for no answer.
    fn go(self) {
        use crate::api::presence::LeaveOrder;
        use leptos::server_fn::ServerFn;

        let Some(order_id) = self.order() else { return };
        super::tabs::tell(super::tabs::Said::Left, order_id);
        let Ok(form) = web_sys::UrlSearchParams::new() else { return };
        form.append("order_id", &order_id.to_string());
        form.append("tab", &super::tabs::this_tab().to_string());
        // Who cannot be told is forgotten after a minute.
        let _ = window()
            .navigator()
            .send_beacon_with_opt_url_search_params(<LeaveOrder as ServerFn>::PATH, Some(&form));
    }

    /// The page shows something else now.
    fn leave(self) {
        let Some(order_id) = self.order() else { return };
        super::tabs::tell(super::tabs::Said::Left, order_id);
        leptos::task::spawn_local(async move {
            // Who cannot be told is forgotten after a minute.
            let _ = crate::api::presence::leave_order(order_id, super::tabs::this_tab()).await;
        });
    }
}

/// Windows that are remembered as gone; the server has forgotten the oldest long since.
#[cfg(feature = "hydrate")]
const MOST_GONE: usize = 20;

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
