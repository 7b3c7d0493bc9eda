//! Backups while the program serves, and what a database must forget and raise when it comes back from one.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::errors::ErrorCode;
use domain::ids::InstanceId;
use domain::roles::Permission;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use store::backup::{self, Contents, Replaced};
use store::{Store, Tx};

use crate::ctx::{Actor, Clock, Ctx, Settings};
use crate::error::ServiceError;
use crate::instance::note;
use crate::secrets::SecretBox;

/// The event that tells of a backup; its detail is a [`Backup`].
pub(crate) const TAKEN: &str = "backup_taken";
/// The event that tells of a restore.
pub(crate) const RESTORED: &str = "instance_restored";
/// Where it is not known which numbers were given since the backup, counters go on from the next multiple of this.
const LEAP: i64 = 10_000;
/// Those that give documents their numbers; one that gave none before the backup has no row yet.
const NUMBERS: [&str; 3] =
    [crate::orders::NUMBERS, crate::inbox::NUMBERS, crate::drafts::SALES_ORDER_NUMBERS];

/// Why there is no backup, or no restored database.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error(transparent)]
    File(#[from] backup::BackupError),
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl From<store::StoreError> for BackupError {
    fn from(error: store::StoreError) -> Self {
        Self::File(error.into())
    }
}

impl From<std::io::Error> for BackupError {
    fn from(error: std::io::Error) -> Self {
        Self::File(error.into())
    }
}

/// A backup that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backup {
    pub file: String,
    pub bytes: u64,
    pub milliseconds: i64,
    pub taken_at: Timestamp,
    pub instance_id: Option<InstanceId>,
    pub epoch: i64,
    /// The version of its tables.
    pub schema: i64,
    pub purchase_orders: i64,
    pub order_drafts: i64,
    /// The position of its last event.
    pub position: i64,
}

/// Takes a backup while everything goes on, and writes that it was taken.
pub async fn take(ctx: &Ctx, file: &Path, overwrite: bool) -> Result<Backup, BackupError> {
    ctx.require(Permission::Administer)?;
    let begun = ctx.now();
    let contents = ctx.store.back_up(file, overwrite).await?;
    let taken = told(file, contents, begun, ctx.now())?;
    let detail = crate::live::to_json(&taken)?;
    let noted = ctx
        .write(detail, |ctx, tx, detail| Box::pin(async move { note(ctx, tx, TAKEN, None, detail).await }))
        .await;
    if let Err(error) = noted {
        // The backup is there and whole all the same.
        tracing::warn!(?error, "it could not be written that a backup was taken");
    }
    Ok(taken)
}

fn told(file: &Path, contents: Contents, begun: Timestamp, ended: Timestamp) -> Result<Backup, BackupError> {
    Ok(Backup {
        file: file.display().to_string(),
        bytes: fs::metadata(file)?.len(),
        milliseconds: ended.milliseconds_since(begun),
        taken_at: begun,
        instance_id: contents.instance_id,
        epoch: contents.epoch,
        schema: contents.schema,
        purchase_orders: contents.purchase_orders,
        order_drafts: contents.order_drafts,
        position: contents.position,
    })
}

/// Backups that the program takes by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub folder: PathBuf,
    pub every_seconds: i64,
    /// How many are kept; the oldest go first.
    pub keep: usize,
}

/// Takes a backup when the last one in the folder is older than the plan says, and removes those that are too many. `None` when none is
/// due.
pub async fn take_if_due(ctx: &Ctx, plan: &Plan) -> Result<Option<Backup>, BackupError> {
    let Some(own) = crate::instance::current(ctx).await? else { return Ok(None) };
    make_private_folder(&plan.folder)?;
    let name = Name::new(own.instance_id, &ctx.store);
    let last = name.kept(&plan.folder)?.into_iter().next_back();
    if last.is_some_and(|(at, _)| at.plus_seconds(plan.every_seconds) > ctx.now()) {
        return Ok(None);
    }
    let file = plan.folder.join(name.at(ctx.now()));
    let taken = match take(ctx, &file, false).await {
        // Another process of this instance was as quick.
        Err(BackupError::File(backup::BackupError::FileExists(_))) => return Ok(None),
        taken => taken?,
    };
    let kept = name.kept(&plan.folder)?;
    let too_many = kept.len().saturating_sub(plan.keep.max(1));
    for (_, old) in kept.into_iter().take(too_many) {
        fs::remove_file(old)?;
    }
    name.remove_partial(&plan.folder)?;
    Ok(Some(taken))
}

/// How the files of one instance are called: `prodsys-1a2b3c4d-20261124T101500Z.db`.
struct Name {
    before: String,
    after: String,
}

impl Name {
    fn new(instance: InstanceId, store: &Store) -> Self {
        let id = instance.0.simple().to_string();
        let extension = match store.backend() {
            store::Backend::Sqlite => "db",
            store::Backend::Postgres => "dump",
        };
        // The end of the id is random; its beginning is the time when the instance was made.
        Self { before: format!("prodsys-{}-", &id[24..]), after: format!(".{extension}") }
    }

    fn at(&self, at: Timestamp) -> String {
        let text = at.to_rfc3339();
        let plain: String = text.chars().take(19).filter(|c| *c != '-' && *c != ':').collect();
        format!("{}{plain}Z{}", self.before, self.after)
    }

    fn time_of(&self, name: &str) -> Option<Timestamp> {
        let plain = name.strip_prefix(&self.before)?.strip_suffix(&self.after)?;
        let part = |from: usize, to: usize| plain.get(from..to);
        let text = format!(
            "{}-{}-{}T{}:{}:{}Z",
            part(0, 4)?,
            part(4, 6)?,
            part(6, 8)?,
            part(9, 11)?,
            part(11, 13)?,
            part(13, 15)?
        );
        Timestamp::from_rfc3339(&text).filter(|at| self.at(*at) == name)
    }

    /// The backups of this instance in the folder, the oldest first.
    fn kept(&self, folder: &Path) -> Result<Vec<(Timestamp, PathBuf)>, std::io::Error> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if let Some(at) = entry.file_name().to_str().and_then(|name| self.time_of(name)) {
                found.push((at, entry.path()));
            }
        }
        found.sort();
        Ok(found)
    }

    /// Removes what a process that was killed left behind.
    fn remove_partial(&self, folder: &Path) -> Result<(), std::io::Error> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let ours = name
                .to_str()
                .is_some_and(|name| name.starts_with(&self.before) && name.ends_with(".partial"));
            if ours {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

/// Makes the folder, for the program's own user alone.
///
/// # Errors
/// When it cannot be made.
pub fn make_private_folder(folder: &Path) -> Result<(), std::io::Error> {
    if folder.exists() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// A database that came back from a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Restored {
    pub instance_id: Option<InstanceId>,
    /// The epoch in the backup.
    pub epoch_before: i64,
    pub epoch: i64,
    pub purchase_orders: i64,
    pub order_drafts: i64,
    /// The position of the backup's last event.
    pub position: i64,
    /// Where the old database went.
    pub moved_aside: Option<String>,
    /// Numbers of documents go on after the old database's; else they leap, since nobody knows which were given since the backup.
    pub numbers_continue: bool,
    /// What was revoked in the old database stays revoked; else it is not known, and tokens that were revoked since the backup are valid.
    pub revocations_kept: bool,
}

/// Puts a backup in the database's place, in a new epoch. Until the last step the old database is as it was.
pub async fn restore(
    address: &str,
    file: &Path,
    replace: bool,
    clock: Arc<dyn Clock>,
) -> Result<Restored, BackupError> {
    if store::is_postgres(address) {
        if replace {
            return Err(backup::BackupError::CannotReplace.into());
        }
        let contents = backup::restore_postgres(address, file).await?;
        let ctx = operator(Store::open_restored(address).await?, clock)?;
        let epoch = begin_epoch(&ctx, None).await?;
        ctx.store.close().await;
        return Ok(restored(&contents, epoch, None, false));
    }
    let staged = backup::stage(address, file, replace).await?;
    let ctx = operator(staged.open().await?, clock)?;
    let epoch = begin_epoch(&ctx, staged.replaced.clone()).await?;
    ctx.store.close().await;
    let mark: String = ctx.now().to_rfc3339().chars().filter(char::is_ascii_alphanumeric).collect();
    let (contents, continues) = (staged.contents.clone(), staged.replaced.is_some());
    let aside = staged.put_in_place(&mark)?;
    Ok(restored(&contents, epoch, aside, continues))
}

fn restored(contents: &Contents, epoch: i64, aside: Option<PathBuf>, continues: bool) -> Restored {
    Restored {
        instance_id: contents.instance_id,
        epoch_before: contents.epoch,
        epoch,
        purchase_orders: contents.purchase_orders,
        order_drafts: contents.order_drafts,
        position: contents.position,
        moved_aside: aside.map(|path| path.display().to_string()),
        numbers_continue: continues,
        revocations_kept: continues,
    }
}

/// Nothing is sealed or opened during a restore, and the key may not be there yet.
fn operator(store: Store, clock: Arc<dyn Clock>) -> Result<Ctx, BackupError> {
    let secrets = SecretBox::generate()?;
    Ok(Ctx { store, actor: Actor::Operator, clock, secrets, settings: Arc::new(Settings::default()) })
}

/// Begins the epoch, and forgets what must not come back; gives the epoch.
async fn begin_epoch(ctx: &Ctx, replaced: Option<Replaced>) -> Result<i64, BackupError> {
    Ok(ctx.write(replaced, |ctx, tx, replaced| Box::pin(begin_epoch_in(ctx, tx, replaced.as_ref()))).await?)
}

async fn begin_epoch_in(ctx: &Ctx, tx: &mut Tx, replaced: Option<&Replaced>) -> Result<i64, ServiceError> {
    let Some(own) = store::instance::lookup(tx).await? else {
        // A backup from before there was a company: nobody has seen anything of it.
        backup::finish_postgres(tx).await?;
        return Ok(0);
    };
    // Partners may have seen more epochs than this backup and the old database know of: the same backup may have been restored before.
    // The time is higher than each of them.
    let seconds = ctx.now().0 / 1_000_000;
    let epoch = [own.epoch + 1, replaced.map_or(0, |old| old.epoch) + 1, seconds].into_iter().max();
    let epoch = epoch.ok_or(ErrorCode::Internal)?;
    store::instance::set_epoch(tx, epoch).await?;
    match replaced {
        Some(old) => {
            for (name, value) in &old.counters {
                store::counters::raise(tx, name, *value).await?;
            }
        }
        None => {
            let given = store::counters::list(tx).await?;
            for name in NUMBERS {
                store::counters::raise(tx, name, LEAP).await?;
            }
            for (name, value) in given {
                store::counters::raise(tx, &name, (value / LEAP + 1) * LEAP).await?;
            }
        }
    }
    if let Some(old) = replaced {
        shut_out_again(ctx, tx, old).await?;
    }
    // Somebody who was shut out since the backup must not come in again with an old cookie or code.
    store::sessions::remove_all(tx).await?;
    store::instance::set_setup_code(tx, None).await?;
    backup::finish_postgres(tx).await?;
    note(ctx, tx, RESTORED, Some(own.instance_id.0), &format!("epoch {} to {epoch}", own.epoch)).await?;
    Ok(epoch)
}

/// Tokens that were revoked and people who were shut out since the backup stay so.
async fn shut_out_again(ctx: &Ctx, tx: &mut Tx, old: &Replaced) -> Result<(), ServiceError> {
    for id in &old.revoked_tokens {
        if let Some(token) = store::tokens::lookup(tx, *id).await?
            && store::tokens::revoke(tx, *id, ctx.now()).await?
        {
            note(ctx, tx, "token_revoked", Some(id.0), &token.name).await?;
        }
    }
    for id in &old.disabled_users {
        if store::users::disable(tx, *id).await? {
            note(ctx, tx, "user_disabled", Some(id.0), "").await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_its_name() {
        let name = Name { before: "prodsys-1a2b3c4d-".to_owned(), after: ".db".to_owned() };
        let at = Timestamp::from_rfc3339("2026-11-24T10:15:00Z").unwrap();
        assert_eq!(name.at(at), "prodsys-1a2b3c4d-20261124T101500Z.db");
        assert_eq!(name.time_of("prodsys-1a2b3c4d-20261124T101500Z.db"), Some(at));
        for other in [
            "prodsys-00000000-20261124T101500Z.db",
            "prodsys-1a2b3c4d-20261124T101500Z.db.7.partial",
            "prodsys-1a2b3c4d-20261324T101500Z.db",
            "prodsys-1a2b3c4d-æøåæøåæøåæøåæ.db",
            "notes.txt",
        ] {
            assert_eq!(name.time_of(other), None, "{other}");
        }
    }
}
