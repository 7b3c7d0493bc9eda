//! A file that appears whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use super::BackupError;

/// A file under a name of its own beside the place where it is to be. Dropped before its end, it is gone.
pub(super) struct Partial {
    path: PathBuf,
}

impl Partial {
    /// An empty file that its owner alone may read.
    pub(super) fn beside(target: &Path) -> Result<Self, io::Error> {
        let mut name = target.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.partial", std::process::id()));
        let path = target.with_file_name(name);
        remove_if_there(&path)?;
        private(&path)?;
        Ok(Self { path })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Gives the file its name, once it is on the disk.
    pub(super) fn keep_as(self, target: &Path, overwrite: bool) -> Result<(), BackupError> {
        File::open(&self.path)?.sync_all()?;
        if overwrite {
            fs::rename(&self.path, target)?;
        } else {
            // A link is refused where a file stands already, however late it came.
            match fs::hard_link(&self.path, target) {
                Ok(()) => {}
                Err(_) if target.exists() => return Err(BackupError::FileExists(target.to_owned())),
                // Not every file system has links.
                Err(_) => fs::rename(&self.path, target)?,
            }
        }
        sync_folder(target)?;
        Ok(())
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        let _ = remove_if_there(&self.path);
    }
}

/// A new file that its owner alone may read.
pub(super) fn private(path: &Path) -> Result<File, io::Error> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Lets the owner alone read a file that is there. One that belongs to somebody else stays as it is: a restore goes on.
pub(super) fn for_the_owner(path: &Path) {
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        if let Err(error) = fs::set_permissions(path, mode) {
            tracing::warn!(%error, path = %path.display(), "others may still read the file");
        }
    }
    #[cfg(not(unix))]
    let _ = path;
}

/// Removes a file; one that is not there is no fault.
pub(super) fn remove_if_there(path: &Path) -> Result<(), io::Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// What a file is called is on the disk, too.
pub(super) fn sync_folder(file: &Path) -> Result<(), io::Error> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
