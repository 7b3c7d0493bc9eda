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

/// Cancels the token when standard input is closed: the parent has ended, in whatever way.
pub fn on_end_of_input(stop: CancellationToken) {
    // A thread of its own: reading the keyboard cannot be interrupted, and the runtime would wait for it.
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
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
