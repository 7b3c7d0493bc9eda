//! All SQL of the benchmark: rows that are there before a measurement, and the bare program.
//!
//! Outside `crates/store` on purpose: the bare program must not be made of the code that it is compared with.

pub mod articles;
pub mod bare;
pub mod catalogue;
pub mod seed;
mod statements;

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection, SqliteConnection};
use uuid::Uuid;

use crate::failure::{During, Failure, Outcome, needed};

/// One connection to an instance's database.
#[derive(Debug)]
pub enum Database {
    /// A file.
    Sqlite(SqliteConnection),
    /// A database of a server.
    Postgres(PgConnection),
}

/// Runs a prepared statement on either driver; tells how many rows it touched.
macro_rules! execute {
    ($database:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        match $database {
            $crate::rows::Database::Sqlite(connection) => {
                sqlx::query($sql)$(.bind($value))*.execute(connection).await?.rows_affected()
            }
            $crate::rows::Database::Postgres(connection) => {
                sqlx::query($sql)$(.bind($value))*.execute(connection).await?.rows_affected()
            }
        }
    };
}
pub(crate) use execute;

/// Reads one value with either driver.
macro_rules! scalar {
    ($database:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        match $database {
            $crate::rows::Database::Sqlite(connection) => {
                sqlx::query_scalar($sql)$(.bind($value))*.fetch_one(connection).await?
            }
            $crate::rows::Database::Postgres(connection) => {
                sqlx::query_scalar($sql)$(.bind($value))*.fetch_one(connection).await?
            }
        }
    };
}
pub(crate) use scalar;

impl Database {
    /// Opens a file as the program does: write-ahead log, every commit synced.
    pub async fn open_sqlite(file: &Path) -> Outcome<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .pragma("trusted_schema", "0")
            .pragma("cell_size_check", "1")
            .statement_cache_capacity(200);
        Ok(Self::Sqlite(options.connect().await.during(format_args!("cannot open {}", file.display()))?))
    }

    /// Connects to a database of a server.
    pub async fn open_postgres(url: &str) -> Outcome<Self> {
        Ok(Self::Postgres(PgConnection::connect(url).await.during("cannot connect to PostgreSQL")?))
    }

    /// Makes a database beside the one that the address names, and gives its address.
    pub async fn create(server: &str, name: &str) -> Outcome<String> {
        let mut admin = Self::open_postgres(server).await?;
        admin.run(format!("CREATE DATABASE {name}")).await?;
        let (head, _) = needed(server.rsplit_once('/'), "the server's database")?;
        Ok(format!("{head}/{name}"))
    }

    /// Runs statements that are written here, with figures in them and nothing from outside.
    pub async fn run(&mut self, sql: String) -> Outcome<()> {
        let text = sqlx::raw_sql(AssertSqlSafe(sql));
        match self {
            Self::Sqlite(connection) => connection.execute(text).await.map(|_| ())?,
            Self::Postgres(connection) => connection.execute(text).await.map(|_| ())?,
        }
        Ok(())
    }

    /// Opens a transaction that writes.
    pub async fn begin(&mut self) -> Outcome<()> {
        let sql = if self.is_postgres() { "BEGIN" } else { "BEGIN IMMEDIATE" };
        self.run(sql.to_owned()).await
    }

    /// Makes it durable.
    pub async fn commit(&mut self) -> Outcome<()> {
        self.run("COMMIT".to_owned()).await
    }

    fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// The instance's own id and epoch, as partners are told.
    pub async fn identity(&mut self) -> Outcome<(Uuid, i64)> {
        let id = scalar!(&mut *self, "SELECT instance_id FROM instance");
        Ok((id, scalar!(self, "SELECT epoch FROM instance")))
    }

    /// How many messages of an export have a receipt.
    pub async fn delivered(&mut self, job: Uuid) -> Outcome<i64> {
        Ok(scalar!(
            self,
            "SELECT COUNT(*) FROM export_item i JOIN message m ON m.message_key = i.message_key
             WHERE i.job_id = $1 AND m.state = 'delivered'",
            job
        ))
    }

    /// How many drafts there are.
    pub async fn drafts(&mut self) -> Outcome<i64> {
        Ok(scalar!(self, "SELECT COUNT(*) FROM order_draft"))
    }

    /// Closes the connection; on SQLite this lets the file be as it would be without us.
    pub async fn close(self) -> Outcome<()> {
        match self {
            Self::Sqlite(connection) => connection.close().await?,
            Self::Postgres(connection) => connection.close().await?,
        }
        Ok(())
    }
}

/// Microseconds since 1970, as both databases keep times.
#[expect(clippy::disallowed_methods, reason = "the one place of this program that reads the machine's clock")]
pub fn now() -> Outcome<i64> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    i64::try_from(since.as_micros()).map_err(|_| Failure::new("the clock is wrong"))
}
