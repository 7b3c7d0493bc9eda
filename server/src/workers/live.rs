//! The hub of live updates: events are read once for the whole process and given to every open stream.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::live::LiveEvent;
use domain::roles::Permission;
use services::{Ctx, live};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use super::{pause, wait};

/// Events that are kept for streams that come back.
const KEPT: usize = 1024;
const POLL: Duration = Duration::from_secs(1);
const PAGE: i64 = 500;

/// An event ready to be sent; serialised once, however many streams there are.
#[derive(Clone, Debug)]
pub struct Ready {
    pub position: i64,
    pub permission: Permission,
    pub json: Arc<str>,
}

struct Ring {
    events: VecDeque<Ready>,
    /// Everything after this position is in the ring.
    complete_after: i64,
    /// Everything up to here was read.
    read_to: i64,
}

/// What every stream is fed from.
pub struct Hub {
    ring: Mutex<Ring>,
    sender: broadcast::Sender<Ready>,
}

/// How a stream begins.
pub struct Beginning {
    /// `None`: too much was missed, the page must ask again.
    pub missed: Option<Vec<Ready>>,
    /// Where the stream stands after `missed`.
    pub position: i64,
    pub following: broadcast::Receiver<Ready>,
}

impl Hub {
    /// A hub that knows of nothing before the position.
    pub fn start_at(position: i64) -> Self {
        let ring =
            Ring { events: VecDeque::with_capacity(KEPT), complete_after: position, read_to: position };
        Self { ring: Mutex::new(ring), sender: broadcast::channel(KEPT).0 }
    }

    fn ring(&self) -> std::sync::MutexGuard<'_, Ring> {
        // The ring is whole after every statement, so a panic elsewhere does not spoil it.
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Joins the stream after a position.
    pub fn join(&self, after: i64) -> Beginning {
        let ring = self.ring();
        // Joined under the lock: nothing falls between what is replayed and what follows.
        let following = self.sender.subscribe();
        let missed = (after >= ring.complete_after)
            .then(|| ring.events.iter().filter(|event| event.position > after).cloned().collect());
        Beginning { missed, position: ring.read_to, following }
    }

    /// The position that the hub has read to.
    pub fn position(&self) -> i64 {
        self.ring().read_to
    }

    fn publish(&self, events: Vec<LiveEvent>, read_to: i64) {
        let mut ring = self.ring();
        for event in events {
            let permission = event.change.permission();
            let Ok(json) = serde_json::to_string(&event) else { continue };
            let ready = Ready { position: event.position, permission, json: json.into() };
            if ring.events.len() == KEPT
                && let Some(oldest) = ring.events.pop_front()
            {
                ring.complete_after = oldest.position;
            }
            ring.events.push_back(ready.clone());
            // Nobody listening is no fault.
            let _ = self.sender.send(ready);
        }
        ring.read_to = read_to;
    }
}

/// Reads events in commit order and publishes them.
pub(super) async fn run(ctx: Ctx, hub: Arc<Hub>, stop: CancellationToken) {
    let mut changes = ctx.store.subscribe();
    while !stop.is_cancelled() {
        changes.mark_unchanged();
        let position = hub.position();
        match live::after(&ctx, position, PAGE).await {
            Ok(read) => {
                hub.publish(read.events, read.read_to);
                // A page that is not full was the last one; whatever was committed meanwhile has woken us.
                if !read.is_full && !wait(&mut changes, POLL, &stop).await {
                    return;
                }
            }
            Err(error) => {
                tracing::warn!(?error, "events could not be read for live updates");
                if !pause(POLL, &stop).await {
                    return;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::live::LiveRow;

    use super::*;

    fn log(position: i64) -> LiveEvent {
        LiveEvent { position, change: LiveRow::Log }
    }

    #[test]
    fn a_stream_that_comes_back_gets_what_it_missed_or_is_told_to_ask_again() {
        let hub = Hub::start_at(10);
        hub.publish((11..=10 + KEPT as i64).map(log).collect(), 10 + KEPT as i64);
        assert_eq!(hub.join(10).missed.map(|missed| missed.len()), Some(KEPT));
        hub.publish(vec![log(2000)], 2000);
        assert!(hub.join(10).missed.is_none());
        assert_eq!(hub.join(1999).missed.map(|missed| missed.len()), Some(1));
        assert!(hub.join(9).missed.is_none());
    }
}
