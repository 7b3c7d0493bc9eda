//! Locks on files beside a SQLite database: whoever has it open shares one, a restore wants it alone, and one process serves.

use std::fs::{File, TryLockError};
use std::path::Path;

use crate::error::StoreError;

/// Shared by everything that has the database open.
const OPEN: &str = "lock";
/// Held by the one process that serves.
const SERVING: &str = "serve.lock";

/// A lock that is held until it is dropped, or until the process ends in whatever way.
#[derive(Debug)]
pub(crate) struct FileLock(#[expect(dead_code, reason = "the open file is the lock")] File);

/// Joins those who have the database open.
///
/// # Errors
/// Refused while a restore puts another database in its place.
pub(crate) fn share(database: &Path) -> Result<FileLock, StoreError> {
    let file = File::create(database.with_extension(OPEN))?;
    match file.try_lock_shared() {
        Ok(()) => Ok(FileLock(file)),
        Err(TryLockError::WouldBlock) => Err(StoreError::Refused("a restore is under way".to_owned())),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// Keeps everybody else out; `None` while somebody has the database open.
pub(crate) fn alone(database: &Path) -> Result<Option<FileLock>, StoreError> {
    exclusive(&database.with_extension(OPEN))
}

/// Becomes the one process that serves; `None` while another one does.
pub(crate) fn serve(database: &Path) -> Result<Option<FileLock>, StoreError> {
    exclusive(&database.with_extension(SERVING))
}

fn exclusive(path: &Path) -> Result<Option<FileLock>, StoreError> {
    let file = File::create(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(FileLock(file))),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// Whether a process serves. Leaves no lock behind.
pub(crate) fn is_served(database: &Path) -> bool {
    File::open(database.with_extension(SERVING))
        .is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}
