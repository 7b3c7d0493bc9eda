//! What the operator decides: defaults, then a file, then the environment, then flags. The last one wins.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use exchange::Guard;
use serde::Deserialize;
use services::Settings;
use services::backups::Plan;
use store::Durability;

use crate::start_error::{FileError, StartError};

/// How log lines are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    #[default]
    Text,
    Json,
}

/// Everything that can be set. Names in the environment are these with `PRODSYS_` before them.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where the SQLite file and the key file lie.
    pub data: PathBuf,
    /// PostgreSQL, or another SQLite file than the one in the data folder.
    pub database_url: Option<String>,
    /// The key that protects partners' tokens at rest.
    pub key_file: Option<PathBuf>,
    pub listen: SocketAddr,
    /// The address in the browser's bar. With `https` the cookies are marked as secure.
    pub public_url: Option<String>,
    /// The folder of the browser's half of the program.
    pub site_root: PathBuf,
    pub lease_seconds: i64,
    /// How long one second of the retry schedule lasts, in milliseconds.
    pub retry_scale_milliseconds: i64,
    /// Ranges of addresses beside the public internet that may be called, such as `10.0.0.0/8`.
    pub allow_private_networks: Vec<String>,
    /// Calls without TLS, to the ranges above alone.
    pub allow_http: bool,
    /// Further ports that partners' addresses may name.
    pub allow_ports: Vec<u16>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// The folder into which `serve` takes backups by itself; without it, it takes none.
    pub backup_directory: Option<PathBuf>,
    /// Hours from one such backup to the next.
    pub backup_every_hours: u32,
    /// How many of them are kept.
    pub backup_keep: usize,
    /// A mark beside the company's name, such as *Test*.
    pub instance_label: Option<String>,
    pub log_format: LogFormat,
    /// The language of the command line: `nb` or `en`.
    pub language: String,
    /// Commits that a loss of power can take back. Not in a release: there the name is unknown and refused.
    #[cfg(debug_assertions)]
    pub synchronous_normal: bool,
    /// A point and a passage, such as `B3:2`, at which the process ends. Not in a release, as above.
    #[cfg(debug_assertions)]
    pub crash_at: Option<String>,
    /// Passages are counted from the moment that this file is there, and written into it.
    #[cfg(debug_assertions)]
    pub crash_log: Option<PathBuf>,
    /// A mistake that the program shall have, such as `no_dedup`.
    #[cfg(debug_assertions)]
    pub bug: Option<String>,
}

impl Default for Config {
    fn default() -> Self {
        let settings = Settings::default();
        Self {
            data: PathBuf::from("prodsys-data"),
            database_url: None,
            key_file: None,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            public_url: None,
            site_root: PathBuf::from("target/site"),
            lease_seconds: settings.lease_seconds,
            retry_scale_milliseconds: settings.retry_scale_milliseconds,
            allow_private_networks: Vec::new(),
            allow_http: false,
            allow_ports: Vec::new(),
            trusted_proxies: Vec::new(),
            backup_directory: None,
            backup_every_hours: 24,
            backup_keep: 14,
            instance_label: None,
            log_format: LogFormat::Text,
            language: "nb".to_owned(),
            #[cfg(debug_assertions)]
            synchronous_normal: false,
            #[cfg(debug_assertions)]
            crash_at: None,
            #[cfg(debug_assertions)]
            crash_log: None,
            #[cfg(debug_assertions)]
            bug: None,
        }
    }
}

impl Config {
    /// Reads the file, when one is named, and the environment.
    ///
    /// # Errors
    /// When a value is not of its kind or a name is unknown.
    pub fn load(file: Option<&Path>) -> Result<Self, StartError> {
        let mut builder = config::Config::builder();
        if let Some(file) = file {
            std::fs::metadata(file).map_err(FileError::reading(file))?;
            builder = builder.add_source(config::File::from(file).format(config::FileFormat::Toml));
        }
        let environment = config::Environment::with_prefix("PRODSYS")
            .prefix_separator("_")
            .try_parsing(true)
            .ignore_empty(true)
            .list_separator(",")
            .with_list_parse_key("allow_private_networks")
            .with_list_parse_key("allow_ports")
            .with_list_parse_key("trusted_proxies");
        builder
            .add_source(environment)
            .build()
            .and_then(config::Config::try_deserialize)
            .map_err(|error| StartError::Configuration(error.to_string()))
    }

    /// The database's address.
    pub fn database(&self) -> String {
        self.database_url.clone().unwrap_or_else(|| self.data.join("prodsys.db").display().to_string())
    }

    /// When the database tells that a commit is done.
    pub fn durability(&self) -> Durability {
        #[cfg(debug_assertions)]
        if self.synchronous_normal {
            return Durability::Normal;
        }
        Durability::Full
    }

    /// The file of the key that protects partners' tokens at rest.
    pub fn key_path(&self) -> PathBuf {
        self.key_file.clone().unwrap_or_else(|| self.data.join("prodsys.key"))
    }

    /// Whether people reach the program over TLS.
    pub fn is_secure(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }

    /// The address to tell people.
    pub fn address(&self) -> String {
        self.public_url.clone().unwrap_or_else(|| format!("http://{}", self.listen))
    }

    /// What the services need of it.
    ///
    /// # Errors
    /// When a range of addresses cannot be read.
    pub fn settings(&self) -> Result<Settings, StartError> {
        let mut guard = Guard::parse(&self.allow_private_networks, self.allow_http)
            .map_err(|error| StartError::Configuration(format!("allow_private_networks: {error}")))?;
        for port in &self.allow_ports {
            guard = guard.with_port(*port);
        }
        Ok(Settings {
            lease_seconds: self.lease_seconds.clamp(5, 3600),
            retry_scale_milliseconds: self.retry_scale_milliseconds.clamp(1, 1000),
            guard,
        })
    }

    /// The backups that `serve` takes by itself.
    pub fn backup_plan(&self) -> Option<Plan> {
        Some(Plan {
            folder: self.backup_directory.clone()?,
            every_seconds: i64::from(self.backup_every_hours.max(1)) * 3600,
            keep: self.backup_keep.max(1),
        })
    }

    /// Settings that make the program less safe, by name.
    pub fn weakened(&self) -> Vec<&'static str> {
        let flags = [
            ("allow_private_networks", !self.allow_private_networks.is_empty()),
            ("allow_http", self.allow_http),
            ("allow_ports", !self.allow_ports.is_empty()),
        ];
        flags.into_iter().filter(|(_, set)| *set).map(|(name, _)| name).collect()
    }

    /// Writes the weakening settings to the log; done at each start.
    pub fn log_weakened(&self) {
        for setting in self.weakened() {
            tracing::warn!(setting, "a setting makes this instance less safe");
        }
        if !self.is_secure() && !self.listen.ip().is_loopback() {
            tracing::warn!(listen = %self.listen, "people reach this instance without TLS: cookies are not marked as secure");
        }
    }
}
