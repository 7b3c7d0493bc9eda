//! One instance: its folder, its database, and its process, which can be killed and started again.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};
use tokio::time::Instant;

use super::{Backend, free_address};

/// How long a process gets to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Settings of the instances of a test, as environment variables.
#[derive(Clone, Debug)]
pub struct Options {
    pub lease_seconds: u32,
    /// How long a second of the retry schedule lasts.
    pub retry_scale_milliseconds: u32,
    pub more: Vec<(&'static str, String)>,
    /// A program that runs the server, with its arguments.
    pub wrapper: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self { lease_seconds: 5, retry_scale_milliseconds: 20, more: Vec::new(), wrapper: Vec::new() }
    }
}

pub struct Instance {
    folder: TempDir,
    database: Option<String>,
    pub address: SocketAddr,
    pub options: Options,
    child: Option<Child>,
}

impl Instance {
    pub async fn new(backend: Backend, options: Options) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = new_database(backend).await;
        Self { folder, database, address: free_address(), options, child: None }
    }

    /// The folder for the data and the key.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The database as [`store::Store::open`] takes it.
    pub fn database(&self) -> String {
        self.database.clone().unwrap_or_else(|| self.data().join("prodsys.db").display().to_string())
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on the instance has another, empty database, where that is how a backup is restored.
    pub async fn use_empty_database(&mut self, backend: Backend) {
        if backend == Backend::Postgres {
            self.database = new_database(backend).await;
        }
    }

    fn command(&self, wrapper: &[String]) -> Command {
        let program = env!("CARGO_BIN_EXE_prodsys");
        let mut command = match wrapper.split_first() {
            Some((first, rest)) => {
                let mut command = Command::new(first);
                command.args(rest).arg(program);
                command
            }
            None => Command::new(program),
        };
        command
            .env("PRODSYS_ALLOW_PRIVATE_NETWORKS", "127.0.0.0/8")
            .env("PRODSYS_ALLOW_HTTP", "true")
            .env("PRODSYS_LEASE_SECONDS", self.options.lease_seconds.to_string())
            .env("PRODSYS_RETRY_SCALE_MILLISECONDS", self.options.retry_scale_milliseconds.to_string())
            .env_remove("DATABASE_URL")
            .envs(self.options.more.iter().map(|(name, value)| (*name, value.as_str())))
            .arg("--data")
            .arg(self.data())
            .kill_on_drop(true);
        if let Some(database) = &self.database {
            command.env("DATABASE_URL", database);
        }
        command
    }

    /// Runs a command that succeeds, and gives its document.
    pub async fn run(&self, arguments: &[&str]) -> Value {
        self.told("", arguments).await
    }

    /// The same with a line on standard input.
    pub async fn told(&self, line: &str, arguments: &[&str]) -> Value {
        let output = self.output(line, arguments).await;
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success(),
            "{arguments:?}: {} {text} {}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
        serde_json::from_str(&text).unwrap()
    }

    /// What a command says, however it ends.
    pub async fn output(&self, line: &str, arguments: &[&str]) -> Output {
        self.output_under(&[], line, arguments).await
    }

    /// What a command says to a person who has given it nothing to read.
    pub async fn for_people(&self, arguments: &[&str]) -> Output {
        let mut command = self.command(&[]);
        command.args(arguments).stdin(Stdio::null());
        tokio::time::timeout(PATIENCE, command.output()).await.unwrap().unwrap()
    }

    /// The same as [`Self::output`], under another program.
    pub async fn output_under(&self, wrapper: &[String], line: &str, arguments: &[&str]) -> Output {
        let mut child = self
            .command(wrapper)
            .arg("--json")
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        // A command that reads nothing may have closed it.
        let _ = input.write_all(format!("{line}\n").as_bytes()).await;
        drop(input);
        tokio::time::timeout(PATIENCE, child.wait_with_output()).await.unwrap().unwrap()
    }

    /// Starts the process and waits until it can serve.
    pub async fn start(&mut self) {
        self.spawn();
        self.wait_until_ready().await;
    }

    /// Starts the process and waits for nothing.
    pub fn spawn(&mut self) {
        let log = std::fs::File::options().create(true).append(true).open(self.log_file()).unwrap();
        let mut command = self.command(&self.options.wrapper);
        command.args(["--json", "serve", "--listen", &self.address.to_string()]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.child = Some(command.spawn().unwrap());
    }

    async fn wait_until_ready(&self) {
        let deadline = Instant::now() + PATIENCE;
        while !super::Client::new(self.address).is_ready().await {
            assert!(Instant::now() < deadline, "no answer: {}", self.log());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Where the process writes its log.
    pub fn log_file(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// Everything that the process wrote to its log.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    /// Whether the process was started and has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        self.child.as_mut().is_some_and(|child| child.try_wait().unwrap().is_some())
    }

    /// SIGKILL: nothing is finished, nothing is tidied up.
    pub async fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().await.unwrap();
        }
    }

    /// SIGTERM, also to what a wrapper runs.
    pub async fn tell_to_end(&self) {
        let Some(id) = self.child.as_ref().and_then(Child::id) else { return };
        let id = id.to_string();
        if self.options.wrapper.is_empty() {
            Command::new("kill").args(["-TERM", &id]).status().await.unwrap();
        } else {
            Command::new("pkill").args(["-TERM", "-P", &id]).status().await.unwrap();
        }
    }

    /// SIGTERM, and the end in good order.
    pub async fn stop(&mut self) {
        self.tell_to_end().await;
        if let Some(mut child) = self.child.take() {
            tokio::time::timeout(PATIENCE, child.wait()).await.unwrap().unwrap();
        }
    }
}

impl Drop for Instance {
    /// A wrapper that is killed lets go of what it runs, so that goes first.
    fn drop(&mut self) {
        let id = self.child.as_ref().and_then(Child::id);
        if let (Some(id), false) = (id, self.options.wrapper.is_empty()) {
            let _ = std::process::Command::new("pkill").args(["-KILL", "-P", &id.to_string()]).status();
        }
    }
}

/// A new, empty database where the backend needs one to be made.
pub async fn new_database(backend: Backend) -> Option<String> {
    match backend {
        Backend::Sqlite => None,
        Backend::Postgres => {
            let server = postgres_server().expect("the test is left out without PostgreSQL");
            Some(store::create_database(&server, &random_name()).await.unwrap())
        }
    }
}

/// The server that tests make their databases on.
#[expect(clippy::disallowed_methods, reason = "tests are told by their environment where PostgreSQL is")]
pub fn postgres_server() -> Option<String> {
    let url = std::env::var("TEST_POSTGRES_URL").ok();
    assert!(url.is_some() || std::env::var("CI").is_err(), "TEST_POSTGRES_URL is not set");
    url
}

fn random_name() -> String {
    let mut random = [0; 8];
    getrandom::fill(&mut random).unwrap();
    format!("pair_{}", u64::from_be_bytes(random))
}
