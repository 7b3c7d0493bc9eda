//! The browser's end of the stream `/hendelser`.

use domain::live::LiveEvent;
use domain::time::Timestamp;
use futures::channel::mpsc;
use futures::stream::{Stream, select_all};
use futures::{FutureExt, StreamExt, select_biased};
use gloo_net::eventsource::futures::EventSource;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::pin::Pin;
use std::time::Duration;
use wasm_bindgen::JsValue;

use super::{Live, LiveState};
use crate::api::session::current;

/// The address of the stream.
const STREAM: &str = "/hendelser";
/// How often lists ask again when the stream does not come through. The words in the top bar say the same number.
const POLL_MILLISECONDS: u64 = 20_000;
/// Pauses before the stream is opened again, by how often it failed in a row.
const PAUSES_MILLISECONDS: [u64; 4] = [500, 1_000, 3_000, 8_000];
/// A stream that takes longer to open again is told as broken off: the network may be gone without a word.
const SLOW_MILLISECONDS: u64 = 3_000;
/// A tab that was hidden longer than this opens the stream anew: the old one may have died while the machine slept.
const HIDDEN_LIMIT_MILLISECONDS: i64 = 30_000;

enum Ended {
    /// The stream broke or never opened.
    Lost { had_opened: bool },
    /// The tab was looked at again, or the machine is back on the net.
    Woken,
}

/// Follows the stream for as long as the tab lives.
pub(super) fn start(live: Live, after: i64) {
    let (sender, woken) = mpsc::unbounded();
    listen_for_wakes(sender);
    // Of what was open the browser says nothing then, and it may be long until something is missed.
    let _ = window_event_listener_untyped("offline", move |_| {
        live.state.set(LiveState::Offline { since: now() });
    });
    spawn_local(follow_for_ever(live, after, woken));
}

fn now() -> Timestamp {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "milliseconds since 1970 are far below what an i64 holds"
    )]
    let milliseconds = js_sys::Date::now() as i64;
    Timestamp(0).plus_milliseconds(milliseconds)
}

fn listen_for_wakes(sender: mpsc::UnboundedSender<()>) {
    let online = sender.clone();
    // The listeners live as long as the tab; their handles are not needed.
    let _ = window_event_listener_untyped("online", move |_| {
        let _ = online.unbounded_send(());
    });
    let hidden_since = StoredValue::new(None::<Timestamp>);
    let _ = window_event_listener_untyped("visibilitychange", move |_| {
        if document().visibility_state() == web_sys::VisibilityState::Hidden {
            hidden_since.set_value(Some(now()));
        } else if let Some(since) = hidden_since.get_value()
            && now().milliseconds_since(since) > HIDDEN_LIMIT_MILLISECONDS
        {
            let _ = sender.unbounded_send(());
        }
    });
}

async fn follow_for_ever(live: Live, after: i64, mut woken: mpsc::UnboundedReceiver<()>) {
    let mut cursor = after;
    let mut failures = 0_usize;
    let mut lost_at = None;
    live.state.set(LiveState::Connecting);
    loop {
        match follow(live, &mut cursor, &mut woken, lost_at).await {
            Ended::Woken => failures = 0,
            Ended::Lost { had_opened } => {
                if had_opened {
                    failures = 0;
                    lost_at = None;
                }
                failures += 1;
            }
        }
        let since = *lost_at.get_or_insert_with(now);
        let mut pause =
            PAUSES_MILLISECONDS.get(failures.saturating_sub(1)).copied().unwrap_or(POLL_MILLISECONDS);
        if failures >= 2 {
            if live.state.get_untracked() == LiveState::Direct {
                live.state.set(LiveState::Connecting);
            }
            // Is the server away, or does something between us only swallow the stream?
            if let Ok(shell) = current().await {
                cursor = shell.live_cursor;
                live.state.set(LiveState::Polling);
                live.resets.update(|count| *count += 1);
                if failures > PAUSES_MILLISECONDS.len() {
                    pause = POLL_MILLISECONDS;
                }
            } else {
                live.state.set(LiveState::Offline { since });
            }
        }
        select_biased! {
            _ = woken.next() => {}
            () = sleep(pause).fuse() => {}
        }
    }
}

/// One life of the stream. What it reads moves the cursor, so the next one begins where this one ended. `lost_at` is when the one before
/// ended, if there was one.
async fn follow(
    live: Live,
    cursor: &mut i64,
    woken: &mut mpsc::UnboundedReceiver<()>,
    lost_at: Option<Timestamp>,
) -> Ended {
    let Ok(mut source) = EventSource::new(&format!("{STREAM}?after={cursor}")) else {
        return Ended::Lost { had_opened: false };
    };
    let mut events = Vec::new();
    for kind in ["open", "row", "reset", "error"] {
        let Ok(subscription) = source.subscribe(kind) else {
            return Ended::Lost { had_opened: false };
        };
        let named: Pin<Box<dyn Stream<Item = (&'static str, JsValue)>>> =
            Box::pin(subscription.map(move |event| match event {
                Ok((_, message)) => (kind, message.data()),
                Err(_) => ("error", JsValue::NULL),
            }));
        events.push(named);
    }
    let mut events = select_all(events).fuse();
    let mut had_opened = false;
    let slow = sleep(SLOW_MILLISECONDS).fuse();
    futures::pin_mut!(slow);
    loop {
        let (kind, data) = select_biased! {
            _ = woken.next() => return Ended::Woken,
            () = slow => {
                if let Some(since) = lost_at.filter(|_| !had_opened) {
                    live.state.set(LiveState::Offline { since });
                }
                continue;
            }
            event = events.next() => match event {
                Some(event) => event,
                None => return Ended::Lost { had_opened },
            },
        };
        match kind {
            "open" => {
                had_opened = true;
                live.state.set(LiveState::Direct);
            }
            "row" => {
                // What still comes is live, whatever the browser says of the network.
                if live.state.get_untracked() != LiveState::Direct {
                    live.state.set(LiveState::Direct);
                }
                if let Some(event) = data
                    .as_string()
                    .and_then(|text| serde_json::from_slice::<LiveEvent>(text.as_bytes()).ok())
                {
                    *cursor = (*cursor).max(event.position);
                    live.tell(&event);
                }
            }
            "reset" => {
                if let Some(position) = data.as_string().and_then(|text| text.parse().ok()) {
                    *cursor = position;
                }
                live.resets.update(|count| *count += 1);
            }
            // The browser would open the same address again, with the old cursor; we do it with the new one.
            _ => return Ended::Lost { had_opened },
        }
    }
}

/// Waits, with up to a third added so that a thousand tabs do not all come back in the same instant.
async fn sleep(milliseconds: u64) {
    let (sender, elapsed) = futures::channel::oneshot::channel();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a random share of some seconds"
    )]
    let spread = (js_sys::Math::random() * milliseconds as f64 / 3.0) as u64;
    set_timeout(
        move || {
            let _ = sender.send(());
        },
        Duration::from_millis(milliseconds + spread),
    );
    let _ = elapsed.await;
}
