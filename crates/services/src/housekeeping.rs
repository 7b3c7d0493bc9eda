//! Throwing away what has had its time.

use domain::logs::KEPT_DAYS;
use store::housekeeping::{Leftover, remove_before};

use crate::ctx::Ctx;
use crate::error::ServiceError;

/// Rows that are removed in one transaction.
const PORTION: i64 = 1_000;

/// How long rows of a kind are kept, in days.
fn kept_days(what: Leftover) -> i64 {
    match what {
        // Nobody sends a form again after so long; a deleted order can be had back as long.
        Leftover::Forms | Leftover::Conflicts | Leftover::LinkLines => 30,
        // As long as the log tells what travelled.
        Leftover::Changes => KEPT_DAYS,
        // Whoever brought the file has gone.
        Leftover::Uploads => 7,
    }
}

/// Removes what nobody asks for any more, a portion at a time: everybody else writes in between.
pub async fn remove_outdated(ctx: &Ctx) -> Result<(), ServiceError> {
    for what in Leftover::ALL {
        let before = ctx.now().plus_seconds(-kept_days(what) * 86_400);
        loop {
            let removed = ctx
                .write((what, before), |_, tx, (what, before)| {
                    Box::pin(async move { Ok(remove_before(tx, *what, *before, PORTION).await?) })
                })
                .await?;
            if removed < PORTION.unsigned_abs() {
                break;
            }
        }
    }
    Ok(())
}
