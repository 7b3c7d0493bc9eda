//! PostgreSQL alone: hears other processes' commits, and gives committed events their positions.

use std::time::Duration;

use services::{Ctx, live};
use tokio_util::sync::CancellationToken;

use super::{backoff, pause, wait};

const POLL: Duration = Duration::from_secs(1);

pub(super) async fn listen(ctx: Ctx, stop: CancellationToken) {
    let mut failures = 0;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            ended = ctx.store.listen() => {
                if let Err(error) = ended {
                    tracing::warn!(?error, "the database's wake-ups are not heard; polling goes on");
                }
            }
        }
        failures += 1;
        if !pause(backoff(&ctx, failures), &stop).await {
            return;
        }
    }
}

pub(super) async fn run(ctx: Ctx, stop: CancellationToken) {
    let mut changes = ctx.store.subscribe();
    while !stop.is_cancelled() {
        changes.mark_unchanged();
        match live::sequence(&ctx).await {
            Ok(0) => {
                if !wait(&mut changes, POLL, &stop).await {
                    return;
                }
            }
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(?error, "events could not be given their positions");
                if !pause(POLL, &stop).await {
                    return;
                }
            }
        }
    }
}
