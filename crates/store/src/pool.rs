//! The connections to the database, and what they promise before anything is served.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::Connection;
use sqlx::postgres::{PgConnectOptions, PgListener, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use tokio::sync::watch;

use crate::error::StoreError;
use crate::lock::{self, FileLock};
use crate::tx::{Conn, Line, Tx};

/// The channel on which PostgreSQL tells that events were committed; the trigger `event_told` uses it.
const CHANNEL: &str = "prodsys_wake";
/// Statements that a connection keeps prepared. The program has some hundreds; what does not fit is parsed and planned again each time.
const STATEMENTS: usize = 512;
/// A connection that was used within this time is taken to be alive; asking it first would cost each transaction a round trip.
const SURELY_ALIVE: Duration = Duration::from_secs(2);

/// Which database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

#[derive(Clone)]
pub(crate) enum Pool {
    /// One writer, many readers: SQLite has one write lock, and waiting in our own queue is fair where its is not.
    Sqlite {
        write: SqlitePool,
        read: SqlitePool,
    },
    Postgres(PgPool),
}

/// The database.
#[derive(Clone)]
pub struct Store {
    pub(crate) pool: Pool,
    wake: Arc<watch::Sender<u64>>,
    /// As it was given to [`Store::open`].
    pub(crate) address: Arc<str>,
    /// Tells a restore that somebody is here.
    _open: Option<Arc<FileLock>>,
}

/// The right to serve, until it is dropped.
#[derive(Debug)]
pub struct Serving {
    _lock: Option<FileLock>,
}

/// When SQLite tells that a commit is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// When it is on the disk.
    Full,
    /// Earlier: a loss of power can take it back. Only for the control run of the test that looks for exactly that.
    #[cfg(debug_assertions)]
    Normal,
}

impl Durability {
    fn synchronous(self) -> (SqliteSynchronous, &'static str) {
        match self {
            Self::Full => (SqliteSynchronous::Full, "2"),
            #[cfg(debug_assertions)]
            Self::Normal => (SqliteSynchronous::Normal, "1"),
        }
    }
}

impl Store {
    /// Opens `sqlite:///path`, a plain path, or `postgres://…`, brings the tables up to date and checks what the program relies on.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Self::open_with(url, Durability::Full).await
    }

    /// The same with another promise of SQLite's; PostgreSQL's is its own setting and is checked.
    pub async fn open_with(url: &str, durability: Durability) -> Result<Self, StoreError> {
        if is_postgres(url) {
            let store = Self::connect_postgres(url).await?;
            if let Pool::Postgres(pool) = &store.pool {
                crate::backup::refuse_half_restored(pool).await?;
                crate::migrate::postgres(pool).await?;
                check_postgres(pool).await?;
            }
            return Ok(store);
        }
        let store = Self::connect_sqlite(url, durability, true)?;
        if let Pool::Sqlite { write, .. } = &store.pool {
            crate::migrate::sqlite(write, sqlite_path(url)).await?;
            check_sqlite(write, durability).await?;
        }
        Ok(store)
    }

    /// Opens a database as it is: no tables are made or changed, and a SQLite file must be there already. For looking at it, and for
    /// backups.
    pub async fn open_as_it_is(url: &str) -> Result<Self, StoreError> {
        if is_postgres(url) {
            // A pool would try for ten seconds and then tell nothing of the reason.
            sqlx::PgConnection::connect(url).await?.close().await?;
            return Self::connect_postgres(url).await;
        }
        let store = Self::connect_sqlite(url, Durability::Full, false)?;
        store.ping().await?;
        Ok(store)
    }

    async fn connect_postgres(url: &str) -> Result<Self, StoreError> {
        let options = PgConnectOptions::from_str(url)?.statement_cache_capacity(STATEMENTS);
        let pool = PgPoolOptions::new()
            .max_connections(12)
            .acquire_timeout(Duration::from_secs(10))
            .test_before_acquire(false)
            .before_acquire(|connection, about| {
                Box::pin(async move {
                    if about.idle_for > SURELY_ALIVE {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .connect_with(options)
            .await?;
        Ok(Self::of(Pool::Postgres(pool), url, None))
    }

    fn connect_sqlite(url: &str, durability: Durability, create: bool) -> Result<Self, StoreError> {
        let path = sqlite_path(url);
        let lock = lock::share(path)?;
        let options = sqlite_options(path, durability)?.create_if_missing(create);
        let pool = |connections| {
            SqlitePoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(Duration::from_secs(10))
                .connect_lazy_with(options.clone())
        };
        Ok(Self::of(Pool::Sqlite { write: pool(1), read: pool(6) }, url, Some(lock)))
    }

    fn of(pool: Pool, address: &str, open: Option<FileLock>) -> Self {
        let wake = Arc::new(watch::channel(0).0);
        Self { pool, wake, address: address.into(), _open: open.map(Arc::new) }
    }

    /// The file of a SQLite database.
    pub fn file(&self) -> Option<PathBuf> {
        match self.pool {
            Pool::Sqlite { .. } => Some(sqlite_path(&self.address).to_owned()),
            Pool::Postgres(_) => None,
        }
    }

    /// Becomes the one process that serves a SQLite file; `None` while another one does. PostgreSQL may have several.
    pub fn start_serving(&self) -> Result<Option<Serving>, StoreError> {
        match self.file() {
            Some(file) => Ok(lock::serve(&file)?.map(|lock| Serving { _lock: Some(lock) })),
            None => Ok(Some(Serving { _lock: None })),
        }
    }

    /// Whether a process serves this SQLite file now; `None` of PostgreSQL, where this is not known.
    pub fn is_served(&self) -> Option<bool> {
        self.file().map(|file| lock::is_served(&file))
    }

    /// Which database it is.
    pub fn backend(&self) -> Backend {
        match self.pool {
            Pool::Sqlite { .. } => Backend::Sqlite,
            Pool::Postgres(_) => Backend::Postgres,
        }
    }

    /// Opens a transaction that writes. On SQLite it takes the write lock at once, since a transaction that reads first and
    /// writes later fails when another wrote in between.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that opens transactions")]
    pub async fn begin_write(&self) -> Result<Tx, StoreError> {
        let conn = match &self.pool {
            Pool::Sqlite { write, .. } => {
                Conn::Sqlite(Line::Transaction(write.begin_with("BEGIN IMMEDIATE").await?))
            }
            Pool::Postgres(pool) => Conn::Postgres(Line::Transaction(pool.begin().await?)),
        };
        Ok(Tx::new(conn))
    }

    /// Opens a transaction that only reads: everything read in it is of one moment.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that opens transactions")]
    pub async fn begin_read(&self) -> Result<Tx, StoreError> {
        let conn = match &self.pool {
            Pool::Sqlite { read, .. } => Conn::Sqlite(Line::Transaction(read.begin().await?)),
            Pool::Postgres(pool) => {
                let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                Conn::Postgres(Line::Transaction(pool.begin_with(begin).await?))
            }
        };
        Ok(Tx::new(conn))
    }

    /// For a read of one statement, which needs no transaction around it: what two statements read here can be of two moments.
    pub async fn glance(&self) -> Result<Tx, StoreError> {
        let conn = match &self.pool {
            Pool::Sqlite { read, .. } => Conn::Sqlite(Line::Glance(read.acquire().await?)),
            Pool::Postgres(pool) => Conn::Postgres(Line::Glance(pool.acquire().await?)),
        };
        Ok(Tx::new(conn))
    }

    /// Wakes everything that waits for a change in this process.
    pub fn wake(&self) {
        self.wake.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Changes whenever something may have been committed: a hint, never a promise. Readers poll as well.
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.wake.subscribe()
    }

    /// On PostgreSQL, hears what other processes commit; on SQLite, returns at once. Ends only with an error.
    pub async fn listen(&self) -> Result<(), StoreError> {
        let Pool::Postgres(pool) = &self.pool else { return Ok(()) };
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen(CHANNEL).await?;
        loop {
            // `None` means that the connection was lost and hints may have been missed: waking is right in both cases.
            listener.try_recv().await?;
            self.wake();
        }
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        match &self.pool {
            Pool::Sqlite { read, .. } => sqlx::query("SELECT 1").execute(read).await.map(|_| ())?,
            Pool::Postgres(pool) => sqlx::query("SELECT 1").execute(pool).await.map(|_| ())?,
        }
        Ok(())
    }

    /// The version of the database program.
    pub async fn version(&self) -> Result<String, StoreError> {
        Ok(match &self.pool {
            Pool::Sqlite { read, .. } => {
                sqlx::query_scalar("SELECT 'SQLite ' || sqlite_version()").fetch_one(read).await?
            }
            Pool::Postgres(pool) => {
                sqlx::query_scalar("SELECT 'PostgreSQL ' || current_setting('server_version')")
                    .fetch_one(pool)
                    .await?
            }
        })
    }

    /// Closes every connection; on SQLite the write-ahead log is folded into the file.
    pub async fn close(&self) {
        match &self.pool {
            Pool::Sqlite { write, read } => {
                read.close().await;
                write.close().await;
            }
            Pool::Postgres(pool) => pool.close().await,
        }
    }
}

/// Makes an empty PostgreSQL database beside the one that the address names, and gives its address.
///
/// `name` must be made of letters, digits and underscores.
pub async fn create_database(url: &str, name: &str) -> Result<String, StoreError> {
    let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let Some((server, _)) = url.rsplit_once('/').filter(|_| plain) else {
        return Err(StoreError::Refused(format!("{name} cannot be the name of a database")));
    };
    let admin = PgPool::connect(url).await?;
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&admin).await?;
    admin.close().await;
    Ok(format!("{server}/{name}"))
}

/// Whether the address names a PostgreSQL database.
pub fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}

/// The file that a SQLite address names.
pub(crate) fn sqlite_path(url: &str) -> &Path {
    Path::new(url.strip_prefix("sqlite://").unwrap_or(url))
}

fn sqlite_options(path: &Path, durability: Durability) -> Result<SqliteConnectOptions, StoreError> {
    Ok(SqliteConnectOptions::from_str(&format!("sqlite://{}", path.display()))?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(durability.synchronous().0)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .pragma("trusted_schema", "0")
        .pragma("cell_size_check", "1")
        .statement_cache_capacity(STATEMENTS))
}

/// SQLite before 3.51.3 can lose a commit when the write-ahead log starts anew (sqlite.org, "WAL-reset bug").
async fn check_sqlite(pool: &SqlitePool, durability: Durability) -> Result<(), StoreError> {
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(pool).await?;
    let parts: Vec<u32> = version.split('.').filter_map(|part| part.parse().ok()).collect();
    if parts.as_slice() < [3, 51, 3].as_slice() {
        return Err(StoreError::Refused(format!(
            "SQLite {version} is older than 3.51.3 and can lose commits"
        )));
    }
    let pragmas: [(&'static str, &'static str); 3] = [
        ("PRAGMA journal_mode", "wal"),
        ("PRAGMA synchronous", durability.synchronous().1),
        ("PRAGMA foreign_keys", "1"),
    ];
    for (sql, expected) in pragmas {
        let row = sqlx::query(sql).fetch_one(pool).await?;
        let value = sqlx::Row::try_get::<String, _>(&row, 0)
            .or_else(|_| sqlx::Row::try_get::<i64, _>(&row, 0).map(|number| number.to_string()))?;
        if value != expected {
            return Err(StoreError::Refused(format!("{sql} is {value}, not {expected}")));
        }
    }
    Ok(())
}

async fn check_postgres(pool: &PgPool) -> Result<(), StoreError> {
    let number: String =
        sqlx::query_scalar("SELECT current_setting('server_version_num')").fetch_one(pool).await?;
    if number.parse::<u32>().unwrap_or(0) < 150_000 {
        return Err(StoreError::Refused(format!("PostgreSQL {number} is older than 15")));
    }
    let commit: String =
        sqlx::query_scalar("SELECT current_setting('synchronous_commit')").fetch_one(pool).await?;
    if commit == "off" {
        return Err(StoreError::Refused(
            "PostgreSQL runs with synchronous_commit=off and can lose commits".to_owned(),
        ));
    }
    Ok(())
}
