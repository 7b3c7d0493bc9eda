//! Sends what is queued: woken by a change, by the next due time, and every second.

use std::time::Duration;

use services::outbox;
use tokio_util::sync::CancellationToken;

use super::{backoff, pause, wait};
use crate::context::Opened;

const POLL: Duration = Duration::from_secs(1);

pub(super) async fn run(opened: Opened, stop: CancellationToken) {
    let mut changes = opened.ctx.store.subscribe();
    let mut failures = 0;
    while !stop.is_cancelled() {
        // Marked before the work, so that what is committed during it wakes us again.
        changes.mark_unchanged();
        match outbox::run_once(&opened.ctx, &opened.client).await {
            Ok(0) => {
                failures = 0;
                let quiet = until_due(&opened).await;
                if !wait(&mut changes, quiet, &stop).await {
                    return;
                }
            }
            Ok(_) => failures = 0,
            Err(error) => {
                failures += 1;
                tracing::error!(?error, "the exporter could not send");
                if !pause(backoff(&opened.ctx, failures), &stop).await {
                    return;
                }
            }
        }
    }
}

async fn until_due(opened: &Opened) -> Duration {
    match outbox::next_due(&opened.ctx).await {
        Ok(Some(due)) => {
            let milliseconds = due.milliseconds_since(opened.ctx.now()).max(5);
            Duration::from_millis(u64::try_from(milliseconds).unwrap_or(5)).min(POLL)
        }
        Ok(None) => POLL,
        Err(error) => {
            tracing::warn!(?error, "the next due message could not be read");
            POLL
        }
    }
}
