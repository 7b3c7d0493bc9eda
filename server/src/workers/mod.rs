//! What runs beside the requests. Every worker looks again by itself: a wake-up is only a hint.

mod catalogue;
mod exporter;
mod feed;
mod housekeeping;
pub mod live;
mod sequencer;

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::context::Opened;
use live::Hub;

/// How long workers get to finish what they are in the middle of.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Starts every worker. They end when `stop` is cancelled.
pub fn spawn_all(opened: &Opened, hub: &Arc<Hub>, tracker: &TaskTracker, stop: &CancellationToken) {
    tracker.spawn(exporter::run(opened.clone(), stop.clone()));
    tracker.spawn(feed::run(opened.clone(), tracker.clone(), stop.clone()));
    tracker.spawn(catalogue::run(opened.clone(), stop.clone()));
    tracker.spawn(housekeeping::run(opened.ctx.clone(), stop.clone()));
    tracker.spawn(live::run(opened.ctx.clone(), Arc::clone(hub), stop.clone()));
    if opened.ctx.store.backend() == store::Backend::Postgres {
        tracker.spawn(sequencer::listen(opened.ctx.clone(), stop.clone()));
        tracker.spawn(sequencer::run(opened.ctx.clone(), stop.clone()));
    }
}

/// Waits for a change or for the pause to pass. `false` when the program ends.
pub(crate) async fn wait(
    changes: &mut tokio::sync::watch::Receiver<u64>,
    pause: Duration,
    stop: &CancellationToken,
) -> bool {
    tokio::select! {
        () = stop.cancelled() => false,
        _ = tokio::time::timeout(pause, changes.changed()) => true,
    }
}

/// Waits for the pause to pass. `false` when the program ends.
pub(crate) async fn pause(pause: Duration, stop: &CancellationToken) -> bool {
    tokio::select! {
        () = stop.cancelled() => false,
        () = tokio::time::sleep(pause) => true,
    }
}

/// The pause after `failures` failures in a row: doubling from a second to a minute, with up to a fifth added by chance.
pub(crate) fn backoff(ctx: &services::Ctx, failures: u32) -> Duration {
    let seconds = 1_u64 << failures.saturating_sub(1).min(6);
    let milliseconds = seconds.min(60) * 1000;
    let mut random = [0; 1];
    ctx.fill_random(&mut random);
    Duration::from_millis(milliseconds + milliseconds * u64::from(random[0]) / 1275)
}
