//! The repository's own rules, held by a test and by `cargo xtask tidy`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{During, Failure, Outcome};
use crate::files;
use crate::lockfile::Lockfile;

mod manifests;
mod sources;
mod words;

/// Kinds of files that are read as text.
const TEXT: [&str; 17] = [
    "rs", "toml", "lock", "md", "css", "html", "js", "mjs", "ts", "json", "sql", "txt", "yml", "yaml", "svg",
    "sh", "csv",
];
/// The bundled SQLite from this version on has no known fault in its write-ahead log.
const OLDEST_SQLITE_BINDING: (u64, u64) = (0, 37);
/// Crates that must not come in, not even through another one.
const FORBIDDEN_CRATES: [&str; 5] =
    ["openssl", "openssl-sys", "native-tls", "tower-sessions-sqlx-store", "leptos_i18n"];
/// Crates whose types cross our seams, so that a second version would not fit.
const SINGLE_CRATES: [&str; 7] =
    ["sqlx", "axum", "reqwest", "leptos", "rustls", "tower-sessions", "wasm-bindgen"];

/// A text file of the repository.
#[derive(Debug)]
pub struct Source {
    /// Its path, from the root, with `/` between the parts.
    pub path: String,
    /// What it says.
    pub text: String,
}

/// What the rules have to say.
#[derive(Debug, Default)]
pub struct Findings {
    /// What must be put right.
    pub problems: Vec<String>,
}

/// Checks all rules, and fails with all problems together.
pub fn run(root: &Path) -> Outcome<()> {
    let findings = inspect(root)?;
    match findings.problems.as_slice() {
        [] => Ok(()),
        problems => Err(Failure::new(format!("{} problems:\n{}", problems.len(), problems.join("\n")))),
    }
}

fn inspect(root: &Path) -> Outcome<Findings> {
    let mut findings = Findings::default();
    let sources = read_sources(root)?;
    for source in &sources {
        sources::check(source, &mut findings);
        words::check(source, &mut findings);
    }
    manifests::check(root, &mut findings.problems)?;
    check_migrations(root, &mut findings.problems)?;
    check_lockfile(&Lockfile::read()?, &mut findings.problems);
    Ok(findings)
}

fn read_sources(root: &Path) -> Outcome<Vec<Source>> {
    let mut sources = Vec::new();
    for file in files::written(root)? {
        if !is_text(&file) {
            continue;
        }
        let text = fs::read_to_string(&file).during(format_args!("cannot read {}", file.display()))?;
        let path = file.strip_prefix(root).during("a file is outside the clone")?;
        let path =
            path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        sources.push(Source { path, text });
    }
    Ok(sources)
}

fn is_text(file: &Path) -> bool {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some(extension) => TEXT.contains(&extension),
        // `.ci/run` and the dot files of the root.
        None => true,
    }
}

/// Both databases have the same migrations, so that a version number means the same on both.
fn check_migrations(root: &Path, problems: &mut Vec<String>) -> Outcome<()> {
    let names = |database: &str| -> Outcome<Vec<String>> {
        let folder = root.join("migrations").join(database);
        let mut names: Vec<String> = files::below(&folder)?
            .iter()
            .filter_map(|file| file.file_name())
            .map(|name| name.to_string_lossy().into_owned())
            .collect();
        names.sort();
        Ok(names)
    };
    compare_migrations(&names("sqlite")?, &names("postgres")?, problems);
    Ok(())
}

fn compare_migrations(sqlite: &[String], postgres: &[String], problems: &mut Vec<String>) {
    for name in sqlite.iter().filter(|name| !postgres.contains(name)) {
        problems.push(format!("migrations/postgres lacks {name}"));
    }
    for name in postgres.iter().filter(|name| !sqlite.contains(name)) {
        problems.push(format!("migrations/sqlite lacks {name}"));
    }
}

fn check_lockfile(lockfile: &Lockfile, problems: &mut Vec<String>) {
    for name in FORBIDDEN_CRATES {
        if !lockfile.versions(name).is_empty() {
            problems.push(format!("Cargo.lock: {name} must not come in"));
        }
    }
    for name in SINGLE_CRATES {
        let versions = lockfile.versions(name);
        if versions.len() > 1 {
            problems
                .push(format!("Cargo.lock: {name} is there in {} versions: {versions:?}", versions.len()));
        }
    }
    for version in lockfile.versions("libsqlite3-sys") {
        if major_and_minor(version).is_none_or(|version| version < OLDEST_SQLITE_BINDING) {
            problems.push(format!("Cargo.lock: libsqlite3-sys {version} brings a SQLite that is too old"));
        }
    }
}

fn major_and_minor(version: &str) -> Option<(u64, u64)> {
    let mut numbers = version.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

/// The folder of a crate of this workspace.
fn crate_folder(root: &Path, name: &str) -> PathBuf {
    let inner = root.join("crates").join(name);
    if inner.is_dir() { inner } else { root.join(name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_keeps_its_rules() {
        run(&crate::workspace::source_root()).expect("the repository is tidy");
    }

    #[test]
    fn migrations_are_compared_by_name() {
        let mut problems = Vec::new();
        compare_migrations(&["0001_a.sql".to_owned()], &["0001_b.sql".to_owned()], &mut problems);
        assert_eq!(problems, ["migrations/postgres lacks 0001_a.sql", "migrations/sqlite lacks 0001_b.sql"]);
    }

    #[test]
    fn an_old_sqlite_and_a_forbidden_crate_are_found() {
        let package = |name, version| format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n");
        let check = |text: &str| {
            let mut problems = Vec::new();
            check_lockfile(&Lockfile::parse(text).expect("a lock file"), &mut problems);
            problems.len()
        };
        assert_eq!(check(&package("libsqlite3-sys", "0.37.0")), 0);
        assert_eq!(check(&package("libsqlite3-sys", "0.36.9")), 1);
        assert_eq!(check(&package("openssl", "0.10.1")), 1);
        assert_eq!(check(&(package("axum", "0.7.0") + &package("axum", "0.8.0"))), 1);
    }
}
