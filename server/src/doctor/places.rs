//! Folders, files, the disk and the settings.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use services::health::{Code, Finding};
use services::secrets::SecretBox;

use crate::config::Config;

/// Less than this, and saving fails soon.
const FULL: u64 = 100 << 20;
/// Less than this is told.
const LOW: u64 = 1 << 30;

/// Looks at what lies around the database.
pub(super) fn examine(config: &Config, found: &mut Vec<Finding>) {
    let address = config.database();
    let uses_folder = config.database_url.is_none() || config.key_file.is_none();
    if uses_folder {
        examine_folder(&config.data, found);
    }
    if !store::is_postgres(&address) {
        let database = PathBuf::from(address.strip_prefix("sqlite://").unwrap_or(&address));
        if let Some(folder) = database.parent().filter(|folder| folder.is_dir()) {
            examine_disk(folder, found);
        }
    }
    if let Some(left) = store::backup::leftovers(&address) {
        found.push(Finding::from(Code::RestoreUnfinished).with("detail", left.display()));
    }
    if let Some(folder) = &config.backup_directory {
        // A folder that is not there is made by the first backup.
        if folder.exists()
            && let Err(error) = try_to_write(folder)
        {
            let finding = Finding::from(Code::BackupFolderUnusable).with("path", folder.display());
            found.push(finding.with("detail", error));
        }
    }
    if !config.site_root.join("pkg").is_dir() {
        found.push(Finding::from(Code::SiteMissing).with("path", config.site_root.display()));
    }
    let weakened = config.weakened();
    if !weakened.is_empty() {
        found.push(Finding::from(Code::SettingsWeakened).with("names", weakened.join(", ")));
    }
    match &config.public_url {
        None => found.push(Code::PublicUrlMissing.into()),
        Some(url) if !config.is_secure() => found.push(Finding::from(Code::PublicUrlPlain).with("url", url)),
        Some(_) => {}
    }
}

fn examine_folder(folder: &Path, found: &mut Vec<Finding>) {
    if !folder.exists() {
        found.push(Finding::from(Code::DataMissing).with("path", folder.display()));
        return;
    }
    if let Err(error) = try_to_write(folder) {
        let finding = Finding::from(Code::DataNotWritable).with("path", folder.display());
        found.push(finding.with("detail", error));
        return;
    }
    if let Some(mode) = open_mode(folder) {
        found.push(Finding::from(Code::DataOpen).with("path", folder.display()).with("mode", mode));
    }
}

/// Rights tell not enough: a disk may be mounted for reading only.
fn try_to_write(folder: &Path) -> Result<(), io::Error> {
    let file = folder.join(format!(".prodsys-doctor-{}", std::process::id()));
    OpenOptions::new().write(true).create_new(true).open(&file)?;
    fs::remove_file(file)
}

/// The rights of a file that others than its owner may use.
fn open_mode(path: &Path) -> Option<String> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(path).ok()?.permissions().mode() & 0o777;
        (mode & 0o077 != 0).then(|| format!("{mode:03o}"))
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        None
    }
}

/// The key, where its file can be read.
pub(super) fn examine_key_file(path: &Path, found: &mut Vec<Finding>) -> Option<SecretBox> {
    if !path.exists() {
        return None;
    }
    if let Some(mode) = open_mode(path) {
        found.push(Finding::from(Code::KeyOpen).with("path", path.display()).with("mode", mode));
    }
    match SecretBox::load(path) {
        Ok(key) => Some(key),
        Err(error) => {
            let finding = Finding::from(Code::KeyUnreadable).with("path", path.display());
            found.push(finding.with("detail", error));
            None
        }
    }
}

fn examine_disk(folder: &Path, found: &mut Vec<Finding>) {
    #[cfg(unix)]
    if let Ok(disk) = rustix::fs::statvfs(folder) {
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        if let Some(code) = judge_room(free) {
            found.push(Finding::from(code).with("path", folder.display()).with("bytes", free));
        }
    }
    #[cfg(not(unix))]
    let _ = (folder, found);
}

fn judge_room(free: u64) -> Option<Code> {
    match free {
        ..FULL => Some(Code::DiskFull),
        FULL..LOW => Some(Code::DiskLow),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_room_is_told_in_time() {
        for (free, code) in [
            (0, Some(Code::DiskFull)),
            (FULL, Some(Code::DiskLow)),
            (LOW - 1, Some(Code::DiskLow)),
            (LOW, None),
        ] {
            assert_eq!(judge_room(free), code, "{free}");
        }
    }
}
