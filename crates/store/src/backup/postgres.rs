//! PostgreSQL: its own programs dump and restore. A mark in the database keeps every program out of one that is only half restored.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use domain::ids::InstanceId;
use sqlx::postgres::PgPool;
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use super::programs::{Place, run};
use super::{BackupError, Contents};
use crate::error::StoreError;
use crate::migrate;
use crate::pool::Store;
use crate::tx::{Tx, on};

/// How a dump in the custom format begins.
const MAGIC: &[u8; 5] = b"PGDMP";

pub(super) async fn take(pool: &PgPool, address: &str, path: &Path) -> Result<Contents, BackupError> {
    let place = Place::of(address)?;
    // What is told of the backup is of the same moment as the backup.
    let mut tx = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    let snapshot: String = sqlx::query_scalar("SELECT pg_export_snapshot()").fetch_one(&mut *tx).await?;
    let contents = contents(&mut tx).await?;
    let file = format!("--file={}", path.display());
    let snapshot = format!("--snapshot={snapshot}");
    place.run("pg_dump", &["--format=custom", &file, &snapshot]).await?;
    drop(tx);
    check_file(path).await?;
    Ok(contents)
}

async fn contents(connection: &mut PgConnection) -> Result<Contents, BackupError> {
    let (schema, purchase_orders, order_drafts, position): (i64, i64, i64, i64) = sqlx::query_as(
        "SELECT (SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations WHERE success),
             (SELECT COUNT(*) FROM purchase_order), (SELECT COUNT(*) FROM order_draft),
             (SELECT COALESCE(MAX(position), 0) FROM event)",
    )
    .fetch_one(&mut *connection)
    .await?;
    let instance: Option<(Uuid, i64)> =
        sqlx::query_as("SELECT instance_id, epoch FROM instance").fetch_optional(connection).await?;
    let (instance_id, epoch) = instance.map_or((None, 0), |(id, epoch)| (Some(InstanceId(id)), epoch));
    Ok(Contents { instance_id, epoch, schema, purchase_orders, order_drafts, position })
}

/// Its list of contents can be read to its end.
async fn check_file(path: &Path) -> Result<(), BackupError> {
    let mut head = [0; 5];
    let read = File::open(path)?.read_exact(&mut head);
    if read.is_err() || &head != MAGIC {
        return Err(BackupError::NotABackup(path.to_owned()));
    }
    let text = path.display().to_string();
    match run("pg_restore", &["--list", &text], None).await {
        Ok(_) => Ok(()),
        Err(BackupError::ProgramFailed { said, .. }) => Err(BackupError::Damaged(said)),
        Err(error) => Err(error),
    }
}

/// The newest version of the tables that the dump holds, read from the dump itself.
async fn schema_of(path: &Path) -> Result<i64, BackupError> {
    let text = path.display().to_string();
    let rows =
        run("pg_restore", &["--data-only", "--table=_sqlx_migrations", "--file=-", &text], None).await?;
    Ok(newest_version(&String::from_utf8_lossy(&rows)))
}

/// The highest number in the first column of what `COPY` would be given.
fn newest_version(sql: &str) -> i64 {
    let rows = sql.lines().skip_while(|line| !line.starts_with("COPY ")).skip(1);
    let rows = rows.take_while(|line| *line != "\\.");
    rows.filter_map(|row| row.split('\t').next()?.parse().ok()).max().unwrap_or(0)
}

/// Puts the dump into an empty database, and leaves the mark there: nobody opens it until [`finish`] has taken the mark away.
pub async fn restore(address: &str, file: &Path) -> Result<Contents, BackupError> {
    check_file(file).await?;
    let found = schema_of(file).await?;
    if found == 0 {
        return Err(BackupError::NotABackup(file.to_owned()));
    }
    if found > migrate::newest() {
        return Err(BackupError::NewerSchema { found, known: migrate::newest() });
    }
    let mut connection = PgConnection::connect(address).await?;
    let relations: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%' AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
           AND c.relname <> 'prodsys_restoring'",
    )
    .fetch_one(&mut connection)
    .await?;
    if relations > 0 {
        return Err(BackupError::TargetNotEmpty);
    }
    sqlx::query("CREATE TABLE IF NOT EXISTS prodsys_restoring (since TIMESTAMPTZ NOT NULL DEFAULT now())")
        .execute(&mut connection)
        .await?;
    let text = file.display().to_string();
    let how = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", &text];
    Place::of(address)?.run("pg_restore", &how).await?;
    let contents = contents(&mut connection).await?;
    connection.close().await?;
    Ok(contents)
}

impl Store {
    /// Opens a PostgreSQL database that [`restore`] has filled, to raise and forget what must be.
    pub async fn open_restored(address: &str) -> Result<Self, BackupError> {
        let store = Self::open_as_it_is(address).await?;
        if let crate::pool::Pool::Postgres(pool) = &store.pool {
            migrate::postgres(pool).await?;
        }
        Ok(store)
    }
}

/// Takes the mark away, in the transaction that raises the epoch.
pub async fn finish(tx: &mut Tx) -> Result<(), StoreError> {
    if tx.is_postgres() {
        on!(tx, |conn| sqlx::query("DROP TABLE IF EXISTS prodsys_restoring")
            .execute(conn)
            .await?
            .rows_affected());
    }
    Ok(())
}

/// Refuses a database whose restore was cut off: its epoch may be the old one.
pub(crate) async fn refuse_half_restored(pool: &PgPool) -> Result<(), StoreError> {
    if is_half_restored(pool).await? {
        return Err(StoreError::Refused(
            "a restore into this database was cut off: make a new, empty database and restore into that"
                .to_owned(),
        ));
    }
    Ok(())
}

pub(super) async fn is_half_restored(pool: &PgPool) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar("SELECT to_regclass('prodsys_restoring') IS NOT NULL").fetch_one(pool).await?)
}

#[cfg(test)]
mod tests {
    use super::newest_version;

    #[test]
    fn the_version_is_read_from_the_dump() {
        let sql = "SET x = 1;\nCOPY public._sqlx_migrations (version, description) FROM stdin;\n1\tinitial\n12\tmore\n\\.\n99\tno\n";
        assert_eq!(newest_version(sql), 12);
        assert_eq!(newest_version(""), 0);
    }
}
