//! Bringing the tables up to date.

use std::fs::File;
use std::path::Path;

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
    let outcome = sqlx::migrate!("../../migrations/sqlite").run(pool).await;
    drop(lock);
    Ok(outcome?)
}

/// Migrates a PostgreSQL database; sqlx holds an advisory lock meanwhile.
pub async fn postgres(pool: &PgPool) -> Result<(), StoreError> {
    Ok(sqlx::migrate!("../../migrations/postgres").run(pool).await?)
}
