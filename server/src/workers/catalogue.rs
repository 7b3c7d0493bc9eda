//! Keeps what we know of suppliers' articles fresh: at the start, every five minutes, and after a connection changed.

use std::collections::HashSet;
use std::time::Duration;

use domain::ids::ConnectionId;
use services::{connections, feed};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::wait;
use crate::context::Opened;

const EVERY: Duration = Duration::from_secs(300);
const POLL: Duration = Duration::from_secs(5);

pub(super) async fn run(opened: Opened, stop: CancellationToken) {
    let mut changes = opened.ctx.store.subscribe();
    let mut known: HashSet<ConnectionId> = HashSet::new();
    let mut due = Instant::now();
    loop {
        let verified: HashSet<ConnectionId> = match feed::connections_to_poll(&opened.ctx).await {
            Ok(verified) => verified.into_iter().collect(),
            Err(error) => {
                tracing::warn!(?error, "the connections could not be listed");
                known.clone()
            }
        };
        // A connection that has just passed its test is read at once.
        if Instant::now() >= due || !verified.is_subset(&known) {
            tokio::select! {
                () = stop.cancelled() => return,
                outcome = connections::sync_all(&opened.ctx, &opened.client) => {
                    if let Err(error) = outcome {
                        tracing::warn!(?error, "a supplier's articles could not be read");
                    }
                }
            }
            due = Instant::now() + EVERY;
        }
        known = verified;
        if !super::pause(Duration::from_secs(1), &stop).await || !wait(&mut changes, POLL, &stop).await {
            return;
        }
    }
}
