//! Keeps what we know of suppliers' articles fresh: at the start, every five minutes, after a connection changed, and when a supplier's
//! feed tells that articles changed. One task for each reading, so that a supplier that hangs holds up nobody else.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::connections::CATALOGUE_EVERY_SECONDS;
use domain::ids::ConnectionId;
use services::{connections, feed};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::pause;
use crate::context::Opened;

const EVERY: Duration = Duration::from_secs(CATALOGUE_EVERY_SECONDS as u64);
const POLL: Duration = Duration::from_secs(5);
/// The rest between two readings: many changes that follow each other are read together.
const GATHER: Duration = Duration::from_millis(250);

/// How the readers of feeds tell that a supplier's articles changed.
#[derive(Clone, Debug, Default)]
pub(super) struct Bell {
    changed: Arc<Mutex<HashSet<ConnectionId>>>,
    rung: Arc<Notify>,
}

impl Bell {
    /// The supplier's articles have changed; told again before they are read, it is one reading.
    pub(super) fn ring(&self, id: ConnectionId) {
        self.changed.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
        self.rung.notify_one();
    }

    fn take(&self) -> HashSet<ConnectionId> {
        std::mem::take(&mut *self.changed.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

pub(super) async fn run(opened: Opened, bell: Bell, tracker: TaskTracker, stop: CancellationToken) {
    fill_in(&opened, &stop).await;
    let mut changes = opened.ctx.store.subscribe();
    let mut known: HashSet<ConnectionId> = HashSet::new();
    let mut readings: HashMap<ConnectionId, JoinHandle<()>> = HashMap::new();
    let mut wanted: HashSet<ConnectionId> = HashSet::new();
    let mut due = Instant::now();
    let mut look = Instant::now();
    loop {
        wanted.extend(bell.take());
        if Instant::now() >= look {
            let verified: HashSet<ConnectionId> = match feed::connections_to_poll(&opened.ctx).await {
                Ok(verified) => verified.into_iter().collect(),
                Err(error) => {
                    tracing::warn!(?error, "the connections could not be listed");
                    known.clone()
                }
            };
            if Instant::now() >= due {
                wanted.extend(&verified);
                due = Instant::now() + EVERY;
            }
            // A connection that has just passed its test is read at once.
            wanted.extend(verified.difference(&known));
            known = verified;
            // At most one look a second, however many changes there are.
            look = Instant::now() + Duration::from_secs(1);
        }
        readings.retain(|_, reading| !reading.is_finished());
        // What is told while a supplier is read may have come too late for that reading: it is read once more afterwards.
        for id in wanted.extract_if(|id| !readings.contains_key(id)).collect::<Vec<_>>() {
            let work = read(opened.clone(), bell.clone(), id, stop.clone());
            readings.insert(id, tracker.spawn(work));
        }
        if !pause(GATHER, &stop).await {
            return;
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = bell.rung.notified() => {}
            _ = changes.changed() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

/// Reads one supplier's catalogue, and wakes the worker, which may be waiting to read it again.
async fn read(opened: Opened, bell: Bell, id: ConnectionId, stop: CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => return,
        outcome = connections::sync_catalogue(&opened.ctx, &opened.client, id) => {
            if let Err(error) = outcome {
                tracing::warn!(connection.id = %id, %error, "the supplier's catalogue could not be read");
            }
        }
    }
    bell.rung.notify_one();
}

/// Articles of before the search are made findable.
async fn fill_in(opened: &Opened, stop: &CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        outcome = services::search::fill_in(&opened.ctx) => match outcome {
            Ok(0) => {}
            Ok(filled) => tracing::info!(filled, "articles of before the search can be found now"),
            Err(error) => tracing::warn!(%error, "some articles cannot be found by searching yet"),
        }
    }
}
