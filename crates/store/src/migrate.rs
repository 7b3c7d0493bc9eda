//! Bringing the tables up to date.

use std::fs::File;
use std::path::Path;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{PgPool, SqlitePool};

use crate::error::StoreError;

static SQLITE: Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../../migrations/postgres");

/// The version of the tables that this program makes; the same on both databases.
pub fn newest() -> i64 {
    SQLITE.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// What is wrong, in words of our own where the tables were made by a newer program.
fn told(error: MigrateError) -> StoreError {
    match error {
        MigrateError::VersionMissing(found) => StoreError::NewerSchema { found, known: newest() },
        error => error.into(),
    }
}

/// Migrates a SQLite file. Several processes may start at once: sqlx takes no lock on SQLite, so we lock a file beside it.
pub async fn sqlite(pool: &SqlitePool, path: &Path) -> Result<(), StoreError> {
    let lock_path = path.with_extension("migrate.lock");
    let lock = tokio::task::spawn_blocking(move || {
        let file = File::create(lock_path)?;
        file.lock()?;
        Ok::<_, std::io::Error>(file)
    })
    .await
    .map_err(std::io::Error::other)??;
    let outcome = SQLITE.run(pool).await;
    drop(lock);
    outcome.map_err(told)
}

/// Migrates a PostgreSQL database; sqlx holds an advisory lock meanwhile.
pub async fn postgres(pool: &PgPool) -> Result<(), StoreError> {
    POSTGRES.run(pool).await.map_err(told)
}
