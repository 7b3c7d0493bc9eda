//! The whole program in one value: router and workers over one context.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use protocol::faults::{self, Point};
use services::Actor;
use store::{Serving, Store};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::Config;
use crate::context::{self, Opened};
use crate::http::{accept, router};
use crate::start_error::StartError;
use crate::workers;
use crate::workers::live::Hub;

/// A program that is ready to serve.
pub struct Program {
    pub opened: Opened,
    pub router: Router,
    pub hub: Arc<Hub>,
    pub stop: CancellationToken,
    pub tracker: TaskTracker,
    pub config: Arc<Config>,
}

/// Opens everything and puts the router together. Serves nothing yet.
///
/// # Errors
/// When the database or the key cannot be used, or there is no company yet.
pub async fn build(config: Config) -> Result<Program, StartError> {
    config.log_weakened();
    let opened = context::open(&config, Actor::System).await?;
    let config = Arc::new(config);
    let stop = CancellationToken::new();
    let hub = Arc::new(Hub::start_at(services::live::latest_position(&opened.ctx).await?));
    let router = router::compose(&config, &opened, &hub, &stop, opened.identity.instance_id);
    Ok(Program { opened, router, hub, stop, tracker: TaskTracker::new(), config })
}

impl Program {
    /// Takes the database and the address for this process; after that only the machine's end can stop it from serving.
    ///
    /// # Errors
    /// When the address cannot be listened on, or another process serves the same SQLite file.
    pub async fn take_place(self) -> Result<Ready, StartError> {
        let serving = start_serving(&self.opened.ctx.store).await?;
        let address = self.config.listen;
        let listener =
            TcpListener::bind(address).await.map_err(|error| StartError::Listen(address, error))?;
        tracing::info!(address = %listener.local_addr()?, "listening");
        Ok(Ready { program: self, listener, _serving: serving })
    }

    /// Serves on a listener that is already open.
    pub async fn serve_on(self, listener: TcpListener) {
        let plan = self.config.backup_plan();
        workers::spawn_all(&self.opened, &self.hub, plan, &self.tracker, &self.stop);
        accept::serve(listener, self.router, self.stop.clone()).await;
        faults::pass(Point::G5);
        self.stop.cancel();
        self.tracker.close();
        if tokio::time::timeout(workers::PATIENCE, self.tracker.wait()).await.is_err() {
            tracing::warn!(
                "workers did not end in time; what they held is taken up again when their leases end"
            );
        }
        faults::pass(Point::G5);
        self.opened.ctx.store.close().await;
    }
}

/// A program whose database and address nobody else can take.
pub struct Ready {
    program: Program,
    listener: TcpListener,
    _serving: Serving,
}

impl Ready {
    /// Serves until it is told to stop, then lets everything finish.
    pub async fn serve(self) {
        self.program.serve_on(self.listener).await;
    }
}

/// How often the lock is asked for: a process that has just been told to end may hold it for a moment more.
const TRIES: u32 = 40;
const BETWEEN: Duration = Duration::from_millis(50);

async fn start_serving(store: &Store) -> Result<Serving, StartError> {
    for _ in 0..TRIES {
        if let Some(serving) = store.start_serving()? {
            return Ok(serving);
        }
        tokio::time::sleep(BETWEEN).await;
    }
    Err(StartError::Served)
}
