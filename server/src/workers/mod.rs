//! What runs beside the requests. Every worker looks again by itself: a wake-up is only a hint.

mod backups;
mod catalogue;
mod exporter;
mod feed;
mod housekeeping;
mod listener;
pub mod live;

use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use services::backups::Plan;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::context::Opened;
use live::Hub;

/// How long workers get to finish what they are in the middle of.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// The rest before a worker that broke down is started again.
const AFTER_BREAKDOWN: Duration = Duration::from_secs(1);

/// Starts every worker. They end when `stop` is cancelled.
pub fn spawn_all(
    opened: &Opened,
    hub: &Arc<Hub>,
    plan: Option<Plan>,
    tracker: &TaskTracker,
    stop: &CancellationToken,
) {
    let ctx = &opened.ctx;
    let keep = |name, work: Work| keep_running(name, work, tracker, stop);
    let bell = catalogue::Bell::default();
    keep("exporter", with(opened, stop, exporter::run));
    keep(
        "feed",
        with(opened, stop, {
            let (bell, tracker) = (bell.clone(), tracker.clone());
            move |opened, stop| feed::run(opened, bell.clone(), tracker.clone(), stop)
        }),
    );
    keep(
        "catalogue",
        with(opened, stop, {
            let tracker = tracker.clone();
            move |opened, stop| catalogue::run(opened, bell.clone(), tracker.clone(), stop)
        }),
    );
    keep("housekeeping", with(ctx, stop, housekeeping::run));
    if let Some(plan) = plan {
        keep("backups", with(&(ctx.clone(), plan), stop, backups::run));
    }
    keep(
        "live",
        with(ctx, stop, {
            let hub = Arc::clone(hub);
            move |ctx, stop| live::run(ctx, Arc::clone(&hub), stop)
        }),
    );
    if opened.ctx.store.backend() == store::Backend::Postgres {
        keep("listener", with(ctx, stop, listener::run));
    }
}

/// One run of a worker.
type Work = Box<dyn Fn() -> BoxFuture<'static, ()> + Send + Sync>;

fn with<T, F>(
    state: &T,
    stop: &CancellationToken,
    run: impl Fn(T, CancellationToken) -> F + Send + Sync + 'static,
) -> Work
where
    T: Clone + Send + Sync + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let (state, stop) = (state.clone(), stop.clone());
    Box::new(move || run(state.clone(), stop.clone()).boxed())
}

/// Runs a worker until the program ends. One that panics is started again: the program must not look well while it does half its work.
fn keep_running(name: &'static str, work: Work, tracker: &TaskTracker, stop: &CancellationToken) {
    let stop = stop.clone();
    tracker.spawn(async move {
        while !stop.is_cancelled() {
            if let Err(error) = tokio::spawn(work()).await {
                tracing::error!(worker = name, %error, "a worker broke down and is started again");
            }
            if !stop.is_cancelled() && !pause(AFTER_BREAKDOWN, &stop).await {
                return;
            }
        }
    });
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
