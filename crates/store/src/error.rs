//! What can go wrong in the database.

/// A fault of the database or of what is in it. Says nothing about what a person did.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("database driver")]
    Driver(#[source] sqlx::Error),
    /// A unique value was already taken. On PostgreSQL the transaction is lost.
    #[error("a unique value was taken")]
    Conflict,
    /// PostgreSQL could not place the transaction among the others; it is run again.
    #[error("the transaction must be run again")]
    Retry,
    /// The database cannot be written to now: it is locked, full, or away.
    #[error("the database is not available")]
    Unavailable(#[source] sqlx::Error),
    /// A row does not hold what it must.
    #[error("{table}.{column} holds a value that cannot be read")]
    Corrupt { table: &'static str, column: &'static str },
    /// Tables of version `found`, and this program knows them up to `known`.
    #[error(
        "the database has tables of version {found}, and this program knows them up to {known}: use a newer program"
    )]
    NewerSchema { found: i64, known: i64 },
    #[error("migration")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    #[error("{0}")]
    Refused(String),
    #[error("file lock")]
    Io(#[from] std::io::Error),
}

impl StoreError {
    /// Whether SQLite says that its file is damaged, or is no database.
    pub fn is_damage(&self) -> bool {
        let (Self::Driver(error) | Self::Unavailable(error)) = self else { return false };
        let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
        // SQLITE_CORRUPT and its kinds, SQLITE_NOTADB; PostgreSQL's codes have five characters.
        code.is_some_and(|code| {
            code.len() < 5 && matches!(code.parse::<u32>().map(|code| code & 0xff), Ok(11 | 26))
        })
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if matches!(error, sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_)) {
            return Self::Unavailable(error);
        }
        let Some(database) = error.as_database_error() else { return Self::Driver(error) };
        if database.is_unique_violation() {
            return Self::Conflict;
        }
        match database.code().as_deref() {
            // serialization_failure, deadlock_detected
            Some("40001" | "40P01") => Self::Retry,
            // SQLITE_BUSY and its kinds, SQLITE_FULL; PostgreSQL: connection and resource classes
            Some("5" | "261" | "517" | "13" | "55P03" | "57P01" | "57P03" | "53100" | "53300") => {
                Self::Unavailable(error)
            }
            _ => Self::Driver(error),
        }
    }
}
