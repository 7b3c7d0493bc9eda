//! Walks through folders.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{During, Outcome};

/// Folders that hold what was made or fetched, not what was written.
const MADE: [&str; 8] = [
    "target",
    "node_modules",
    ".git",
    "test-results",
    "playwright-report",
    "blob-report",
    "demo-data",
    ".idea",
];

/// All files below a folder, or the file itself, in the order of their names.
pub fn below(start: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut waiting = vec![start.to_path_buf()];
    while let Some(path) = waiting.pop() {
        if path.is_file() {
            found.push(path);
        } else if path.is_dir() {
            for entry in fs::read_dir(&path).during(format_args!("cannot list {}", path.display()))? {
                waiting.push(entry.during(format_args!("cannot list {}", path.display()))?.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// All files that somebody has written, below the clone's root.
pub fn written(root: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root).during(format_args!("cannot list {}", root.display()))? {
        let path = entry.during(format_args!("cannot list {}", root.display()))?.path();
        let is_made = path.file_name().is_some_and(|name| MADE.iter().any(|made| name == *made));
        if is_made {
            continue;
        }
        if path.is_dir() {
            found.extend(written(&path)?);
        } else if path.is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
