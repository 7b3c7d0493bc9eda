//! Who acts, with what: the database, the clock, randomness, the client. And the one write seam.

use std::sync::Arc;
use std::time::Duration;

use domain::errors::ErrorCode;
use domain::ids::{CorrelationId, UserId, new_uuid};
use domain::roles::{Permission, Role};
use domain::time::{CalendarDate, Timestamp};
use exchange::Guard;
use futures::future::BoxFuture;
use protocol::faults::{self, Bug, Point};
use store::{Store, StoreError, Tx};
use uuid::Uuid;

use crate::error::ServiceError;
use crate::secrets::SecretBox;

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Nobody has signed in.
    Anonymous,
    /// A signed-in person.
    User { user_id: UserId, name: String, role: Role },
    /// Someone with access to the machine, at the command line.
    Operator,
    /// The program itself: workers.
    System,
}

impl Actor {
    /// The name that is written into events.
    pub fn name(&self) -> &str {
        match self {
            Self::User { name, .. } => name,
            Self::Operator => "prodsys",
            Self::Anonymous | Self::System => "",
        }
    }

    /// Whether the actor holds the permission.
    pub fn may(&self, permission: Permission) -> bool {
        match self {
            Self::Anonymous => false,
            Self::User { role, .. } => role.may(permission),
            Self::Operator | Self::System => true,
        }
    }
}

/// Where the time comes from.
pub trait Clock: Send + Sync {
    /// The present moment, cut to microseconds.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's clock")]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}

/// What the operator decides.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How long a worker holds a message before another may take it.
    pub lease_seconds: i64,
    /// How long one second of the retry schedule lasts, in milliseconds.
    pub retry_scale_milliseconds: i64,
    /// Which addresses the program may call.
    pub guard: Guard,
}

impl Default for Settings {
    fn default() -> Self {
        Self { lease_seconds: 60, retry_scale_milliseconds: 1000, guard: Guard::default() }
    }
}

/// Everything a use case needs. Cheap to clone.
#[derive(Clone)]
pub struct Ctx {
    pub store: Store,
    pub actor: Actor,
    pub clock: Arc<dyn Clock>,
    pub secrets: SecretBox,
    pub settings: Arc<Settings>,
}

/// One unit of work inside a transaction. A plain function, so that it can be run again with the same input.
type Work<I, T> = for<'t> fn(&'t Ctx, &'t mut Tx, &'t I) -> BoxFuture<'t, Result<T, ServiceError>>;

/// How often a transaction is run again when PostgreSQL could not place it among the others.
const WRITE_TRIES: u32 = 8;

impl Ctx {
    /// The same, as another actor.
    #[must_use]
    pub fn acting_as(&self, actor: Actor) -> Self {
        Self { actor, ..self.clone() }
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Today in Norway.
    pub fn today(&self) -> CalendarDate {
        self.now().date_in_oslo()
    }

    /// A new ascending id.
    pub fn new_id<T: From<Uuid>>(&self) -> T {
        let mut random = [0; 10];
        self.fill_random(&mut random);
        new_uuid(self.now(), random).into()
    }

    /// A new correlation id.
    pub fn new_correlation(&self) -> CorrelationId {
        self.new_id()
    }

    /// Random bytes of the operating system.
    pub fn fill_random(&self, bytes: &mut [u8]) {
        if let Err(error) = getrandom::fill(bytes) {
            // Without randomness no token or key is safe: nothing may go on.
            tracing::error!(%error, "the operating system gives no random numbers");
            std::process::abort();
        }
    }

    /// Refuses an actor without the permission.
    pub fn require(&self, permission: Permission) -> Result<(), ServiceError> {
        match (&self.actor, self.actor.may(permission)) {
            (_, true) => Ok(()),
            (Actor::Anonymous, false) => Err(ErrorCode::NotSignedIn.into()),
            (_, false) => Err(ErrorCode::Forbidden.into()),
        }
    }

    /// Reads: everything in the work is of one moment.
    pub async fn read<I, T>(&self, input: &I, work: Work<I, T>) -> Result<T, ServiceError> {
        let mut tx = self.store.begin_read().await?;
        work(self, &mut tx, input).await
    }

    /// The write seam: the only way to change anything.
    ///
    /// Runs in a task of its own, since an HTTP handler is dropped when its client leaves; opens one transaction, commits it
    /// once, then wakes the readers. Runs the work again when PostgreSQL asks for it.
    pub async fn write<I, T>(&self, input: I, work: Work<I, T>) -> Result<T, ServiceError>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
    {
        let ctx = self.clone();
        let task = tokio::spawn(async move {
            let mut tries = 0;
            loop {
                tries += 1;
                match ctx.write_once(&input, work).await {
                    Err(ServiceError::Store(StoreError::Retry)) if tries < WRITE_TRIES => {
                        let mut random = [0; 1];
                        ctx.fill_random(&mut random);
                        tokio::time::sleep(Duration::from_millis(u64::from(
                            tries * 5 + u32::from(random[0] % 20),
                        )))
                        .await;
                    }
                    outcome => return outcome,
                }
            }
        });
        task.await
            .map_err(|error| ServiceError::Internal(format!("the transaction's task ended: {error}")))?
    }

    async fn write_once<I, T>(&self, input: &I, work: Work<I, T>) -> Result<T, ServiceError> {
        let mut tx = self.store.begin_write().await?;
        let value = work(self, &mut tx, input).await?;
        if faults::has(Bug::AcknowledgeBeforeCommit) {
            tokio::spawn(commit_late(self.store.clone(), tx));
            return Ok(value);
        }
        faults::pass(Point::BeforeCommit);
        let told = tx.commit().await?;
        faults::pass(Point::S10);
        // What made no event is nothing that anybody waits for.
        if told {
            self.store.wake();
        }
        Ok(value)
    }
}

/// What a program does that answers before it commits: long enough for the answer to have left.
async fn commit_late(store: Store, tx: Tx) {
    tokio::time::sleep(Duration::from_millis(50)).await;
    faults::pass(Point::BeforeCommit);
    if let Err(error) = tx.commit().await {
        tracing::error!(?error, "a late commit failed");
    }
    store.wake();
}
