//! Bringing the tables up to date.

use std::fs::File;
use std::path::Path;

use protocol::faults::{self, Point};
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
    let outcome = run_sqlite(pool).await;
    drop(lock);
    outcome
}

async fn run_sqlite(pool: &SqlitePool) -> Result<(), StoreError> {
    let watched = faults::is_watched(Point::G1);
    if watched {
        // SQLite asks before each commit of a migration, so the point lies inside every one of its transactions.
        let mut connection = pool.acquire().await?;
        connection.lock_handle().await?.set_commit_hook(|| {
            faults::pass(Point::G1);
            true
        });
    }
    SQLITE.run(pool).await.map_err(told)?;
    if watched {
        pool.acquire().await?.lock_handle().await?.remove_commit_hook();
    }
    Ok(())
}

/// Migrates a PostgreSQL database; sqlx holds an advisory lock meanwhile.
pub async fn postgres(pool: &PgPool) -> Result<(), StoreError> {
    if faults::is_watched(Point::G1) {
        return step_by_step(pool, &POSTGRES).await;
    }
    POSTGRES.run(pool).await.map_err(told)
}

/// The same steps, each in a transaction around sqlx's own, with the point before its commit. First comes the table that keeps what
/// was applied, then each migration.
#[expect(clippy::disallowed_methods, reason = "migrations do not go through the write seam")]
async fn step_by_step(pool: &PgPool, migrator: &Migrator) -> Result<(), StoreError> {
    let versions = migrator.iter().map(|migration| migration.version);
    for version in std::iter::once(0).chain(versions) {
        let mut tx = pool.begin().await?;
        migrator.run_to(version, &mut *tx).await?;
        faults::pass(Point::G1);
        tx.commit().await?;
    }
    Ok(())
}
