//! Sends what is queued: woken by a change, by the next due time, and every second. Each partner has a task of its own, so that one
//! that hangs holds up nobody else.

use std::collections::HashMap;
use std::time::Duration;

use domain::ids::ConnectionId;
use domain::time::Timestamp;
use services::{ServiceError, outbox};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::backoff;
use crate::context::Opened;

const POLL: Duration = Duration::from_secs(1);
/// The shortest pause between two looks that nothing else caused.
const REST: Duration = Duration::from_millis(100);

/// What is known of one partner's sending.
#[derive(Clone, Copy)]
enum Partner {
    Sending {
        failures: u32,
    },
    /// Not before then.
    Resting {
        until: Instant,
        failures: u32,
    },
}

type Finished = (ConnectionId, Result<usize, ServiceError>);

pub(super) async fn run(opened: Opened, stop: CancellationToken) {
    let mut changes = opened.ctx.store.subscribe();
    let mut partners: HashMap<ConnectionId, Partner> = HashMap::new();
    let mut sending: JoinSet<Finished> = JoinSet::new();
    while !stop.is_cancelled() {
        // Marked before the look, so that what is committed during it wakes us again.
        changes.mark_unchanged();
        let quiet = match outbox::schedule(&opened.ctx).await {
            Ok(schedule) => begin_due(&opened, &schedule, &mut partners, &mut sending),
            Err(error) => {
                tracing::error!(?error, "what is due could not be read");
                POLL
            }
        };
        tokio::select! {
            () = stop.cancelled() => break,
            Some(finished) = sending.join_next() => match finished {
                Ok(finished) => note(&opened, finished, &mut partners),
                Err(error) => std::panic::resume_unwind(error.into_panic()),
            },
            _ = changes.changed() => {}
            () = tokio::time::sleep(quiet) => {}
        }
    }
    // What is on its way is settled; nothing new begins.
    while sending.join_next().await.is_some() {}
}

/// Begins what is due now, and tells how long nothing else will be.
fn begin_due(
    opened: &Opened,
    schedule: &[(ConnectionId, Timestamp)],
    partners: &mut HashMap<ConnectionId, Partner>,
    sending: &mut JoinSet<Finished>,
) -> Duration {
    let now = opened.ctx.now();
    let due = schedule.iter().filter(|(_, at)| *at <= now).map(|(id, _)| *id).collect();
    begin(opened, due, partners, sending);
    let Some(next) = schedule.iter().map(|(_, at)| *at).min() else { return POLL };
    let milliseconds = u64::try_from(next.milliseconds_since(now)).unwrap_or(0);
    // Something may be due that cannot be sent now: its partner is busy, or rests.
    Duration::from_millis(milliseconds).clamp(REST, POLL)
}

/// Starts a task for each partner that has something due and neither sends nor rests.
fn begin(
    opened: &Opened,
    due: Vec<ConnectionId>,
    partners: &mut HashMap<ConnectionId, Partner>,
    sending: &mut JoinSet<Finished>,
) {
    for id in due {
        let failures = match partners.get(&id) {
            Some(Partner::Sending { .. }) => continue,
            Some(Partner::Resting { until, .. }) if *until > Instant::now() => continue,
            Some(Partner::Resting { failures, .. }) => *failures,
            None => 0,
        };
        partners.insert(id, Partner::Sending { failures });
        let opened = opened.clone();
        sending.spawn(async move { (id, outbox::run_connection(&opened.ctx, &opened.client, id).await) });
    }
}

fn note(opened: &Opened, (id, outcome): Finished, partners: &mut HashMap<ConnectionId, Partner>) {
    let before = match partners.remove(&id) {
        Some(Partner::Sending { failures } | Partner::Resting { failures, .. }) => failures,
        None => 0,
    };
    match outcome {
        Ok(0) => {
            partners.insert(id, Partner::Resting { until: Instant::now() + REST, failures: 0 });
        }
        Ok(_) => {}
        Err(error) => {
            tracing::error!(?error, connection.id = %id, "the exporter could not send");
            let failures = before + 1;
            let until = Instant::now() + backoff(&opened.ctx, failures);
            partners.insert(id, Partner::Resting { until, failures });
        }
    }
}
