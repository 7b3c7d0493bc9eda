//! Backups: one whole file of one moment, taken while the database is in use, and put in a database's place again.
//!
//! Here are only the files. What a restored database must forget and raise is the business of `services::backups`.

mod file;
mod postgres;
mod programs;
mod sqlite;

use std::path::{Path, PathBuf};

use domain::ids::InstanceId;

use crate::error::StoreError;
use crate::pool::{Pool, Store};

pub(crate) use postgres::refuse_half_restored;
pub use postgres::{finish as finish_postgres, restore as restore_postgres};
pub use sqlite::{Replaced, Staged, leftovers, stage};

/// What a backup holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// `None` when it was taken before there was a company.
    pub instance_id: Option<InstanceId>,
    pub epoch: i64,
    /// The version of its tables.
    pub schema: i64,
    pub purchase_orders: i64,
    pub order_drafts: i64,
    /// The position of the last event.
    pub position: i64,
}

/// Why a backup was not taken or not restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{0} is there already")]
    FileExists(PathBuf),
    #[error("{0} is no backup of this kind of database")]
    NotABackup(PathBuf),
    /// A copy of a database that was in use: a part of it lies in another file.
    #[error("{0} is there as well: this is a copy of a database in use, not a backup")]
    LogBeside(PathBuf),
    #[error("damaged: {0}")]
    Damaged(String),
    #[error("the backup has tables of version {found}, and this program knows them up to {known}")]
    NewerSchema { found: i64, known: i64 },
    #[error("the database is in use")]
    InUse,
    #[error("there is a database already")]
    TargetNotEmpty,
    #[error("the database belongs to another instance")]
    OtherInstance,
    /// PostgreSQL: a database cannot be moved aside from within.
    #[error("on PostgreSQL a backup goes into an empty database")]
    CannotReplace,
    #[error("{0} was not found")]
    ProgramMissing(&'static str),
    #[error("{program}: {said}")]
    ProgramFailed { program: &'static str, said: String },
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl From<sqlx::Error> for BackupError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

impl BackupError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::FileExists(_) => "backup_exists",
            Self::NotABackup(_) => "not_a_backup",
            Self::LogBeside(_) => "backup_incomplete",
            Self::Damaged(_) => "backup_damaged",
            Self::NewerSchema { .. } => "schema_newer",
            Self::InUse => "database_in_use",
            Self::TargetNotEmpty => "target_not_empty",
            Self::OtherInstance => "other_instance",
            Self::CannotReplace => "cannot_replace",
            Self::ProgramMissing(_) => "program_missing",
            Self::ProgramFailed { .. } => "program_failed",
            Self::Store(_) => "database_unusable",
            Self::Io(_) => "file_unusable",
        }
    }

    /// What the texts for people name.
    pub fn detail(&self) -> String {
        match self {
            Self::FileExists(path) | Self::NotABackup(path) | Self::LogBeside(path) => {
                path.display().to_string()
            }
            Self::Damaged(said) => said.clone(),
            Self::NewerSchema { found, known } => format!("{found} > {known}"),
            Self::ProgramMissing(program) => (*program).to_owned(),
            other => other.to_string(),
        }
    }
}

/// How a backup's file is called at its end.
pub fn extension(address: &str) -> &'static str {
    if crate::is_postgres(address) { "dump" } else { "db" }
}

impl Store {
    /// Whether a restore into this PostgreSQL database was cut off. On SQLite there is no such state.
    pub async fn is_half_restored(&self) -> Result<bool, StoreError> {
        match &self.pool {
            Pool::Sqlite { .. } => Ok(false),
            Pool::Postgres(pool) => postgres::is_half_restored(pool).await,
        }
    }

    /// Writes one whole file of this moment, while the database is in use. It appears under its name only when it is complete, on the
    /// disk and checked. It is not written over another file unless that is asked for.
    pub async fn back_up(&self, target: &Path, overwrite: bool) -> Result<Contents, BackupError> {
        if !overwrite && target.exists() {
            return Err(BackupError::FileExists(target.to_owned()));
        }
        let partial = file::Partial::beside(target)?;
        let contents = match &self.pool {
            Pool::Sqlite { read, .. } => sqlite::take(read, partial.path()).await?,
            Pool::Postgres(pool) => postgres::take(pool, &self.address, partial.path()).await?,
        };
        partial.keep_as(target, overwrite)?;
        Ok(contents)
    }
}
