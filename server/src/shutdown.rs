//! The end: a signal, then everything that runs is told.

use tokio_util::sync::CancellationToken;

/// Cancels the token when the operating system or the person at the keyboard asks the program to end.
pub fn on_signal(stop: CancellationToken) {
    tokio::spawn(async move {
        wait().await;
        tracing::info!("shutting down");
        stop.cancel();
    });
}

#[cfg(unix)]
async fn wait() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(error) => {
            tracing::warn!(%error, "the signal to terminate cannot be heard");
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}

#[cfg(not(unix))]
async fn wait() {
    let _ = tokio::signal::ctrl_c().await;
}
