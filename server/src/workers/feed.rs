//! Reads the suppliers' feeds: one task for each connection, so that a silent partner holds up nobody else.

use std::collections::HashMap;
use std::time::Duration;

use domain::ids::ConnectionId;
use services::feed;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::catalogue::Bell;
use super::{backoff, pause, wait};
use crate::context::Opened;

const WAIT_SECONDS: u64 = 25;
/// How often the list of connections is read when nothing wakes us.
const REVIEW: Duration = Duration::from_secs(5);
/// The shortest pause between two readings of one feed, so that a partner that does not hold requests open is not hammered.
const BREATH: Duration = Duration::from_millis(20);

pub(super) async fn run(opened: Opened, bell: Bell, tracker: TaskTracker, stop: CancellationToken) {
    let mut changes = opened.ctx.store.subscribe();
    let mut readers: HashMap<ConnectionId, CancellationToken> = HashMap::new();
    loop {
        match feed::connections_to_poll(&opened.ctx).await {
            Ok(wanted) => {
                readers.retain(|id, reader| {
                    let keep = wanted.contains(id) && !reader.is_cancelled();
                    if !keep {
                        reader.cancel();
                    }
                    keep
                });
                for id in wanted {
                    readers.entry(id).or_insert_with(|| {
                        let reader = stop.child_token();
                        // However the reader ends, its token is cancelled, and the next look starts another.
                        let (work, ended) = (
                            read(opened.clone(), bell.clone(), id, reader.clone()),
                            reader.clone().drop_guard(),
                        );
                        tracker.spawn(async move {
                            let _ended = ended;
                            work.await;
                        });
                        reader
                    });
                }
            }
            Err(error) => tracing::warn!(?error, "the connections to read could not be listed"),
        }
        // At most one look a second, however many changes there are.
        if !pause(Duration::from_secs(1), &stop).await || !wait(&mut changes, REVIEW, &stop).await {
            return;
        }
    }
}

async fn read(opened: Opened, bell: Bell, id: ConnectionId, stop: CancellationToken) {
    let mut failures = 0;
    // The place of the catalogue that the supplier told of last; what comes after it is news.
    let mut told: Option<String> = None;
    loop {
        // The page and its cursor are applied in one transaction in a task of its own, so that ending here loses nothing.
        let outcome = tokio::select! {
            () = stop.cancelled() => return,
            outcome = feed::poll_once(&opened.ctx, &opened.client, id, told.as_deref(), WAIT_SECONDS) => outcome,
        };
        let rest = match outcome {
            Ok(polled) => {
                failures = 0;
                if polled.articles.is_some() {
                    told = polled.articles;
                    bell.ring(id);
                }
                BREATH
            }
            Err(error) => {
                failures += 1;
                tracing::info!(connection.id = %id, %error, failures, "a partner's feed could not be read");
                backoff(&opened.ctx, failures)
            }
        };
        if !pause(rest, &stop).await {
            return;
        }
    }
}
