//! Bringing the tables up to date.

use std::fs::File;
use std::path::Path;

use protocol::faults::{self, Point};
use sqlx::{PgPool, SqlitePool};

use crate::error::StoreError;

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
    sqlx::migrate!("../../migrations/sqlite").run(pool).await?;
    if watched {
        pool.acquire().await?.lock_handle().await?.remove_commit_hook();
    }
    Ok(())
}

/// Migrates a PostgreSQL database; sqlx holds an advisory lock meanwhile.
pub async fn postgres(pool: &PgPool) -> Result<(), StoreError> {
    Ok(sqlx::migrate!("../../migrations/postgres").run(pool).await?)
}
