//! PostgreSQL alone: hears what other processes commit.

use services::Ctx;
use tokio_util::sync::CancellationToken;

use super::{backoff, pause};

pub(super) async fn run(ctx: Ctx, stop: CancellationToken) {
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
