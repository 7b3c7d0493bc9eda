//! Throws away what has had its time.

use std::time::Duration;

use services::{Ctx, housekeeping, logs, sessions};
use tokio_util::sync::CancellationToken;

use super::pause;

const EVERY: Duration = Duration::from_secs(600);

pub(super) async fn run(ctx: Ctx, stop: CancellationToken) {
    loop {
        if let Err(error) = sessions::remove_expired(&ctx).await {
            tracing::warn!(?error, "expired sessions could not be removed");
        }
        if let Err(error) = logs::remove_old(&ctx).await {
            tracing::warn!(?error, "old rows of the log could not be removed");
        }
        if let Err(error) = housekeeping::remove_outdated(&ctx, || !stop.is_cancelled()).await {
            tracing::warn!(?error, "what has had its time could not be removed");
        }
        if !pause(EVERY, &stop).await {
            return;
        }
    }
}
