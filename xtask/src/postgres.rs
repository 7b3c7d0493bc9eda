//! A throw-away PostgreSQL: an own data folder, loopback only, gone afterwards.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::failure::{During, Failure, Outcome};
use crate::{process, workspace};

/// How often another port is tried where somebody took the first one.
const START_ATTEMPTS: usize = 3;
/// The superuser of the throw-away cluster.
const SUPERUSER: &str = "prodsys";

/// The folder with `initdb` and `pg_ctl`, the newest version first.
pub fn find_programs() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, programs)| programs.join("initdb").is_file())
        .collect();
    versions.sort();
    match versions.pop() {
        Some((_, programs)) => Some(programs),
        None => workspace::find_in_path("initdb")?.parent().map(Path::to_path_buf),
    }
}

/// A running server. Dropping it stops the server and removes its data.
#[derive(Debug)]
pub struct Postgres {
    programs: PathBuf,
    folder: PathBuf,
    owner: Option<Owner>,
    port: u16,
    /// Commits are synced, as where orders are real.
    durable: bool,
}

/// The account that the server runs under where this program is root: PostgreSQL refuses root.
#[derive(Debug, Clone, Copy)]
struct Owner {
    user: u32,
    group: u32,
}

impl Postgres {
    /// Makes a new cluster and starts it, without syncing: for tests.
    pub fn start() -> Outcome<Self> {
        Self::begin(false)
    }

    /// The same with every commit synced: for measurements.
    pub fn start_durable() -> Outcome<Self> {
        Self::begin(true)
    }

    fn begin(durable: bool) -> Outcome<Self> {
        let programs = find_programs()
            .ok_or_else(|| Failure::new("PostgreSQL's server programs (initdb, pg_ctl) were not found"))?;
        let owner = if workspace::is_root() { Some(Owner::find()?) } else { None };
        let folder = make_folder(owner)?;
        let mut server = Self { programs, folder, owner, port: 0, durable };
        server.make_cluster()?;
        let mut last = Failure::new("no attempt was made");
        for _ in 0..START_ATTEMPTS {
            match server.try_start() {
                Ok(()) => return Ok(server),
                Err(failure) => last = failure,
            }
        }
        Err(last)
    }

    /// The address for tests. They make databases of their own.
    pub fn url(&self) -> String {
        format!("postgres://{SUPERUSER}@127.0.0.1:{}/postgres", self.port)
    }

    /// The number of the server's first process.
    pub fn process(&self) -> Outcome<u32> {
        let file = self.data().join("postmaster.pid");
        let text = fs::read_to_string(&file).during(format_args!("cannot read {}", file.display()))?;
        let number = text.lines().next().and_then(|line| line.trim().parse().ok());
        number.ok_or_else(|| Failure::new(format!("{} has no number", file.display())))
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.current_dir(&self.folder).env("HOME", &self.folder);
        if let Some(owner) = self.owner {
            command.uid(owner.user).gid(owner.group);
        }
        command
    }

    fn make_cluster(&self) -> Outcome<()> {
        let mut command = self.command("initdb");
        command.args(["--encoding=UTF8", "--auth=trust", "--no-sync"]).arg(format!("--username={SUPERUSER}"));
        // One collation on every machine; macOS does not know C.UTF-8.
        command.arg(if cfg!(target_os = "linux") { "--locale=C.UTF-8" } else { "--no-locale" });
        process::run_quietly(command.arg("--pgdata").arg(self.data()))
    }

    fn try_start(&mut self) -> Outcome<()> {
        self.port = free_port()?;
        // In tests nothing has to survive a power cut, and without fsync they take half the time. `synchronous_commit` stays on:
        // the program refuses to work without it. Measurements get room for checkpoints, as an operator would give.
        let settings = if self.durable {
            "-c max_wal_size=4GB -c shared_buffers=512MB"
        } else {
            "-c fsync=off -c full_page_writes=off"
        };
        let options = format!(
            "-p {} -k '{}' -c listen_addresses=127.0.0.1 -c max_connections=300 {settings}",
            self.port,
            self.folder.display()
        );
        let mut command = self.command("pg_ctl");
        command.args(["start", "--wait", "--silent", "--timeout=60", "--options", &options]);
        let started =
            process::run_unread(command.arg("--pgdata").arg(self.data()).arg("--log").arg(self.log()));
        started.map_err(|failure| {
            let log = fs::read_to_string(self.log()).unwrap_or_default();
            Failure::new(format!("{failure}\n{}", log.trim()))
        })
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let mut command = self.command("pg_ctl");
        command.args(["stop", "--mode=immediate", "--wait", "--silent"]).arg("--pgdata").arg(self.data());
        // Both can only fail where there is nothing left to stop or to remove.
        if command.output().is_ok() {
            fs::remove_dir_all(&self.folder).ok();
        }
    }
}

impl Owner {
    fn find() -> Outcome<Self> {
        let number = |option| process::answer_of("id", &[option, "postgres"]).and_then(|id| id.parse().ok());
        match (number("-u"), number("-g")) {
            (Some(user), Some(group)) => Ok(Self { user, group }),
            _ => Err(Failure::new(
                "PostgreSQL refuses to run as root, and there is no user `postgres` to run it under",
            )),
        }
    }
}

fn make_folder(owner: Option<Owner>) -> Outcome<PathBuf> {
    static STARTED: AtomicU32 = AtomicU32::new(0);
    let number = STARTED.fetch_add(1, Ordering::Relaxed);
    let name = format!("prodsys-postgres-{}-{number}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    fs::create_dir(&folder).during(format_args!("cannot make {}", folder.display()))?;
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700))
        .during("cannot protect the data folder")?;
    if let Some(owner) = owner {
        chown(&folder, Some(owner.user), Some(owner.group)).during("cannot give the data folder away")?;
    }
    Ok(folder)
}

fn free_port() -> Outcome<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).during("cannot find a free port")?;
    Ok(listener.local_addr().during("cannot find a free port")?.port())
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;

    use super::*;

    #[test]
    fn a_server_answers_while_it_is_held_and_leaves_nothing() {
        if find_programs().is_none() {
            let promised = workspace::environment("TEST_POSTGRES_URL").is_some();
            assert!(!promised, "`cargo xtask test` installs PostgreSQL, and it is not there");
            return;
        }
        let server = Postgres::start().expect("PostgreSQL starts");
        let (folder, port) = (server.folder.clone(), server.port);
        assert_eq!(server.url(), format!("postgres://prodsys@127.0.0.1:{port}/postgres"));
        TcpStream::connect((Ipv4Addr::LOCALHOST, port)).expect("the server listens");
        drop(server);
        assert!(!folder.exists());
        assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err());
    }
}
