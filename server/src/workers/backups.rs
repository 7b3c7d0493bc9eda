//! Takes backups by itself, as the operator has planned them. One that fails is tried again; `prodsys doctor` tells of the age.

use std::time::Duration;

use services::Ctx;
use services::backups::{self, Plan};
use tokio_util::sync::CancellationToken;

use super::pause;

const EVERY: Duration = Duration::from_secs(60);

pub(super) async fn run((ctx, plan): (Ctx, Plan), stop: CancellationToken) {
    loop {
        match backups::take_if_due(&ctx, &plan).await {
            Ok(Some(taken)) => {
                tracing::info!(
                    file = taken.file,
                    bytes = taken.bytes,
                    milliseconds = taken.milliseconds,
                    "backup taken"
                );
            }
            Ok(None) => {}
            Err(error) => {
                tracing::error!(%error, folder = %plan.folder.display(), "no backup could be taken")
            }
        }
        if !pause(EVERY, &stop).await {
            return;
        }
    }
}
