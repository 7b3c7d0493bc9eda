//! PostgreSQL's own programs: where they are, and how they are run without showing the password to other users of the machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::Command;
use url::Url;

use super::BackupError;
use crate::error::StoreError;

/// Where Debian keeps the programs of each version.
const DEBIAN: &str = "/usr/lib/postgresql";
/// What is kept of what a program said.
const SAID: usize = 1000;
/// Parameters of an address that PostgreSQL's programs know by the same name.
const KNOWN: [&str; 6] = ["sslmode", "sslrootcert", "sslcert", "sslkey", "host", "port"];

/// The address for a command line, and the password that must not be there.
pub(super) struct Place {
    address: String,
    password: Option<String>,
}

impl Place {
    pub(super) fn of(address: &str) -> Result<Self, BackupError> {
        let unreadable = || StoreError::Refused("the address of the database cannot be read".to_owned());
        let mut url = Url::parse(address).map_err(|_| unreadable())?;
        let mut password = url.password().map(decoded);
        let _ = url.set_password(None);
        let mut kept = Vec::new();
        for (name, value) in url.query_pairs() {
            let name = name.replacen("ssl-", "ssl", 1).replace("root-cert", "rootcert");
            match name.as_str() {
                "password" => password = Some(value.into_owned()),
                name if KNOWN.contains(&name) => kept.push((name.to_owned(), value.into_owned())),
                _ => {}
            }
        }
        url.set_query(None);
        if !kept.is_empty() {
            url.query_pairs_mut().extend_pairs(kept);
        }
        Ok(Self { address: url.to_string(), password })
    }

    /// Runs a program on the database and gives what it wrote; `program` is looked for where people and Debian put it.
    pub(super) async fn run(
        &self,
        program: &'static str,
        arguments: &[&str],
    ) -> Result<Vec<u8>, BackupError> {
        let database = format!("--dbname={}", self.address);
        let mut all = vec!["--no-password", database.as_str()];
        all.extend(arguments);
        run(program, &all, self.password.as_deref()).await
    }
}

/// Runs a program that needs no database.
pub(super) async fn run(
    program: &'static str,
    arguments: &[&str],
    password: Option<&str>,
) -> Result<Vec<u8>, BackupError> {
    let mut missing = true;
    let mut failed = None;
    for path in std::iter::once(PathBuf::from(program)).chain(in_folders(Path::new(DEBIAN), program)) {
        let mut command = Command::new(&path);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.kill_on_drop(true);
        if let Some(password) = password {
            command.env("PGPASSWORD", password);
        }
        match command.output().await {
            Ok(output) if output.status.success() => return Ok(output.stdout),
            Ok(output) => {
                missing = false;
                let said = String::from_utf8_lossy(&output.stderr);
                failed.get_or_insert(clean(&said, password));
                // An older program on the path refuses a newer server; a newer one may lie in Debian's folders.
                if !said.contains("version mismatch") {
                    break;
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
    }
    if missing {
        return Err(BackupError::ProgramMissing(program));
    }
    Err(BackupError::ProgramFailed { program, said: failed.unwrap_or_default() })
}

/// The program in each version's folder, the newest version first.
fn in_folders(folder: &Path, program: &str) -> Vec<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .map(|(version, folder): (u32, PathBuf)| (version, folder.join(program)))
        .filter(|(_, path)| path.is_file())
        .collect();
    versions.sort();
    versions.into_iter().rev().map(|(_, path)| path).collect()
}

fn clean(said: &str, password: Option<&str>) -> String {
    let said = match password.filter(|password| !password.is_empty()) {
        Some(password) => said.replace(password, "***"),
        None => said.to_owned(),
    };
    said.trim().chars().take(SAID).collect()
}

fn decoded(text: &str) -> String {
    let pair = format!("x={}", text.replace('+', "%2B"));
    url::form_urlencoded::parse(pair.as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_not_in_the_address() {
        let check = |address: &str, shown: &str, password: Option<&str>| {
            let place = Place::of(address).unwrap();
            assert_eq!((place.address.as_str(), place.password.as_deref()), (shown, password));
        };
        check("postgres://a@h:1/d", "postgres://a@h:1/d", None);
        check(
            "postgres://a:s%2Fe+c@h/d?sslmode=verify-full",
            "postgres://a@h/d?sslmode=verify-full",
            Some("s/e+c"),
        );
        check("postgres://a@h/d?password=x&statement-cache-capacity=3", "postgres://a@h/d", Some("x"));
        check(
            "postgres://a@h/d?ssl-mode=require&ssl-root-cert=c",
            "postgres://a@h/d?sslmode=require&sslrootcert=c",
            None,
        );
        assert_eq!(clean("bad x9secret here", Some("x9secret")), "bad *** here");
    }

    #[test]
    fn the_newest_program_comes_first() {
        let folder = tempfile::tempdir().unwrap();
        for version in ["9", "15", "17"] {
            let bin = folder.path().join(version).join("bin");
            fs::create_dir_all(&bin).unwrap();
            if version != "17" {
                fs::write(bin.join("pg_dump"), "").unwrap();
            }
        }
        let found = in_folders(folder.path(), "pg_dump");
        assert_eq!(found.len(), 2);
        assert!(found[0].starts_with(folder.path().join("15")), "{found:?}");
    }

    #[tokio::test]
    async fn a_missing_program_is_named() {
        let outcome = run("prodsys-no-such-program", &[], None).await;
        assert!(matches!(outcome, Err(BackupError::ProgramMissing("prodsys-no-such-program"))));
    }
}
