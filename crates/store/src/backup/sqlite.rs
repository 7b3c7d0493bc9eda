//! SQLite: `VACUUM INTO` writes a file of one moment without keeping a writer waiting; a restore makes the new database ready in a
//! folder beside the old one and puts it in its place with one rename.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use domain::ids::{InstanceId, TokenId, UserId};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use uuid::Uuid;

use super::file::{for_the_owner, private, remove_if_there, sync_folder};
use super::{BackupError, Contents};
use crate::lock::{self, FileLock};
use crate::migrate;
use crate::pool::{Store, sqlite_path};

/// How every SQLite file begins.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// The folder beside the database in which a restore works.
const STAGE: &str = "restoring";
/// What SQLite keeps beside a database.
const COMPANIONS: [&str; 2] = ["-wal", "-shm"];

pub(super) async fn take(pool: &SqlitePool, path: &Path) -> Result<Contents, BackupError> {
    let text = path.to_str().ok_or_else(|| BackupError::NotABackup(path.to_owned()))?;
    sqlx::query("VACUUM INTO $1").bind(text).execute(pool).await?;
    let mut backup = open_file(path).await?;
    check(&mut backup, "PRAGMA quick_check").await?;
    let contents = contents(&mut backup).await?;
    backup.close().await?;
    Ok(contents)
}

/// Opens a file that nobody else writes, without leaving anything beside it.
async fn open_file(path: &Path) -> Result<SqliteConnection, BackupError> {
    let mut head = [0; 16];
    let read = File::open(path)?.read_exact(&mut head);
    if read.is_err() || &head != MAGIC {
        return Err(BackupError::NotABackup(path.to_owned()));
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .read_only(true)
        .immutable(true)
        .pragma("trusted_schema", "0")
        .pragma("cell_size_check", "1");
    Ok(options.connect().await?)
}

async fn check(connection: &mut SqliteConnection, pragma: &'static str) -> Result<(), BackupError> {
    let damaged = |error: sqlx::Error| BackupError::Damaged(error.to_string());
    let said: Vec<String> = sqlx::query_scalar(pragma).fetch_all(&mut *connection).await.map_err(damaged)?;
    if said != ["ok"] {
        return Err(BackupError::Damaged(said.into_iter().take(3).collect::<Vec<_>>().join("; ")));
    }
    let astray = sqlx::query("PRAGMA foreign_key_check").fetch_all(connection).await.map_err(damaged)?.len();
    if astray > 0 {
        return Err(BackupError::Damaged(format!("{astray} rows point nowhere")));
    }
    Ok(())
}

async fn contents(connection: &mut SqliteConnection) -> Result<Contents, BackupError> {
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

/// A restore that is ready to take the database's place. Until then the old database is as it was.
pub struct Staged {
    database: PathBuf,
    folder: PathBuf,
    /// Keeps everybody out until it is dropped.
    _alone: FileLock,
    /// What the backup holds.
    pub contents: Contents,
    /// Whether a database is there that will be moved aside.
    pub replaces: bool,
    /// What must be known of that database, where it could be read.
    pub replaced: Option<Replaced>,
}

/// What is to be known of the database that is replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    pub instance_id: InstanceId,
    pub epoch: i64,
    pub counters: Vec<(String, i64)>,
    /// Tokens that were revoked there.
    pub revoked_tokens: Vec<TokenId>,
    /// People who were shut out there.
    pub disabled_users: Vec<UserId>,
}

/// Checks the backup and lays a copy of it, with its tables brought up to date, beside the database.
pub async fn stage(address: &str, file: &Path, replace: bool) -> Result<Staged, BackupError> {
    let database = sqlite_path(address).to_owned();
    let alone = lock::alone(&database)?.ok_or(BackupError::InUse)?;
    let replaces = database.exists();
    if replaces && !replace {
        return Err(BackupError::TargetNotEmpty);
    }
    let log = with_suffix(file, "-wal");
    if log.metadata().is_ok_and(|log| log.len() > 0) {
        return Err(BackupError::LogBeside(log));
    }
    let mut backup = open_file(file).await?;
    check(&mut backup, "PRAGMA integrity_check").await?;
    let contents = contents(&mut backup).await.map_err(|_| BackupError::NotABackup(file.to_owned()))?;
    backup.close().await?;
    if contents.schema > migrate::newest() {
        return Err(BackupError::NewerSchema { found: contents.schema, known: migrate::newest() });
    }
    let replaced = if replaces { read_replaced(&database).await } else { None };
    if replaced.as_ref().is_some_and(|old| contents.instance_id.is_some_and(|id| id != old.instance_id)) {
        return Err(BackupError::OtherInstance);
    }
    let folder = database.with_extension(STAGE);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir(&folder)?;
    let staged = Staged { database, folder, _alone: alone, contents, replaces, replaced };
    let mut copy = private(&staged.file())?;
    std::io::copy(&mut File::open(file)?, &mut copy)?;
    copy.sync_all()?;
    Ok(staged)
}

impl Staged {
    /// The database that is to take the old one's place.
    pub fn file(&self) -> PathBuf {
        self.folder.join(self.database.file_name().unwrap_or_default())
    }

    /// Opens it, to raise and forget what must be.
    pub async fn open(&self) -> Result<Store, BackupError> {
        Ok(Store::open(&self.file().display().to_string()).await?)
    }

    /// Puts it in its place. The old database goes on under another name, made of `mark`, and is told.
    ///
    /// The one step that changes anything is a rename, so that whoever looks finds the old database or the new one, each whole. What
    /// SQLite left beside the old one would be taken for a part of the new one and goes first; [`stage`] has folded it in where the
    /// old database could be read.
    pub fn put_in_place(self, mark: &str) -> Result<Option<PathBuf>, BackupError> {
        let ready = self.file();
        for companion in COMPANIONS {
            let left = with_suffix(&ready, companion);
            if companion == "-wal" && left.metadata().is_ok_and(|file| file.len() > 0) {
                return Err(BackupError::Damaged("the new database was not closed well".to_owned()));
            }
            remove_if_there(&left)?;
        }
        File::open(&ready)?.sync_all()?;
        let aside = self.replaces.then(|| with_suffix(&self.database, &format!(".before-{mark}")));
        if let Some(aside) = &aside {
            keep_old(&self.database, aside)?;
            for_the_owner(aside);
            for companion in COMPANIONS {
                let left = with_suffix(&self.database, companion);
                if left.exists() {
                    fs::rename(&left, with_suffix(aside, companion))?;
                    for_the_owner(&with_suffix(aside, companion));
                }
            }
            sync_folder(&self.database)?;
        } else {
            for companion in COMPANIONS {
                remove_if_there(&with_suffix(&self.database, companion))?;
            }
        }
        fs::rename(&ready, &self.database)?;
        sync_folder(&self.database)?;
        Ok(aside)
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Gives the old database a second name, under which it goes on.
fn keep_old(database: &Path, aside: &Path) -> Result<(), std::io::Error> {
    match fs::hard_link(database, aside) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            // Not every file system has links.
            fs::copy(database, aside)?;
            File::open(aside)?.sync_all()
        }
        outcome => outcome,
    }
}

/// Folds the log of the old database into its file, and reads what must not be given out again and who must stay shut out. `None` when
/// it cannot be read, which may be the reason for the restore.
async fn read_replaced(database: &Path) -> Option<Replaced> {
    let options = SqliteConnectOptions::new().filename(database).create_if_missing(false);
    let mut old = options.connect().await.ok()?;
    let found = read_before_it_goes(&mut old).await;
    if let Err(error) = &found {
        tracing::warn!(%error, "the database that is replaced cannot be read");
    }
    // The last one who closes it takes the log away.
    let closed = old.close().await;
    found.ok().filter(|_| closed.is_ok())
}

async fn read_before_it_goes(old: &mut SqliteConnection) -> Result<Replaced, sqlx::Error> {
    let (instance_id, epoch): (Uuid, i64) =
        sqlx::query_as("SELECT instance_id, epoch FROM instance").fetch_one(&mut *old).await?;
    let counters = sqlx::query_as("SELECT name, value FROM counter").fetch_all(&mut *old).await?;
    let revoked: Vec<Uuid> = sqlx::query_scalar("SELECT token_id FROM token WHERE revoked_at IS NOT NULL")
        .fetch_all(&mut *old)
        .await?;
    let disabled: Vec<Uuid> =
        sqlx::query_scalar("SELECT user_id FROM app_user WHERE disabled").fetch_all(&mut *old).await?;
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(old).await?;
    Ok(Replaced {
        instance_id: InstanceId(instance_id),
        epoch,
        counters,
        revoked_tokens: revoked.into_iter().map(TokenId).collect(),
        disabled_users: disabled.into_iter().map(UserId).collect(),
    })
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// What a restore that was cut off left behind.
pub fn leftovers(address: &str) -> Option<PathBuf> {
    let folder = sqlite_path(address).with_extension(STAGE);
    (!crate::is_postgres(address) && folder.exists()).then_some(folder)
}
