//! The command line: one file for each noun. Secrets are read from standard input, never from arguments.

mod articles;
mod backup;
mod connections;
mod contacts;
mod demo;
mod doctor;
mod download;
mod drafts;
mod export;
mod import;
mod init;
mod logs;
pub(crate) mod orders;
mod output;
mod restore;
mod serve;
mod switches;
mod tokens;
mod users;

use std::io::{BufRead, IsTerminal};
use std::path::PathBuf;
use std::process::ExitCode;

use app::i18n::{Language, Texts};
use clap::{Parser, Subcommand};
use domain::errors::{ErrorCode, Refusal};
use secrecy::SecretString;
use services::backups::BackupError;
use services::{Actor, ServiceError};

use crate::config::Config;
use crate::context::{self, Opened};
use crate::start_error::{FileError, StartError};
use crate::telemetry;
pub(crate) use output::Output;

/// Refused: nothing was done.
const EXIT_REFUSED: u8 = 1;
/// The program cannot run here (`EX_CONFIG`).
const EXIT_CANNOT_START: u8 = 78;

/// Orders between companies.
#[derive(Debug, Parser)]
#[command(name = "prodsys", version)]
struct Cli {
    /// The folder of the database and the key
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// PostgreSQL, or another SQLite file than the one in the folder
    #[arg(long, global = true, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    database_url: Option<String>,
    /// A file with settings (TOML)
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// One JSON document on standard output
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve this company's instance
    Serve(serve::Arguments),
    /// Start a buyer and a supplier with sample data
    Demo(crate::demo::Arguments),
    /// Make the company and its first administrator
    Init(init::Arguments),
    /// People who sign in
    #[command(subcommand)]
    User(users::Command),
    /// The extension ProdSys to ProdSys
    #[command(subcommand)]
    Extension(switches::Switch),
    /// API access for partners
    #[command(subcommand)]
    ApiAccess(switches::Switch),
    /// Tokens for partners
    #[command(subcommand)]
    Token(tokens::Command),
    /// Partners' endpoints
    #[command(subcommand)]
    Connection(connections::Command),
    /// Suppliers and customers
    #[command(subcommand)]
    Contacts(contacts::Command),
    /// The own articles
    #[command(subcommand)]
    Articles(articles::Command),
    /// Read a CSV file
    #[command(subcommand)]
    Import(import::Command),
    /// Write a CSV or XLSX file
    #[command(subcommand)]
    Download(download::Command),
    /// Purchase orders
    #[command(subcommand)]
    Orders(orders::Command),
    /// Send orders to their suppliers
    Export(export::Arguments),
    /// Order drafts from customers
    #[command(subcommand)]
    Drafts(drafts::Command),
    /// The integration log
    #[command(subcommand)]
    Log(logs::Command),
    /// Write a backup while the server runs
    Backup(backup::Arguments),
    /// Put a backup in the database's place
    Restore(restore::Arguments),
    /// Tell what is wrong with this instance, and what to do
    Doctor,
}

/// How a command can end other than well.
#[derive(Debug)]
pub(crate) enum CliError {
    Refused(Refusal),
    Start(StartError),
    /// No backup, or no restored database.
    Backup(BackupError),
    /// Told already; only the exit code is left.
    Told,
}

impl From<ServiceError> for CliError {
    fn from(error: ServiceError) -> Self {
        if error.is_internal() {
            tracing::error!(?error, "the command failed");
        }
        Self::Refused(error.refusal())
    }
}

impl From<StartError> for CliError {
    fn from(error: StartError) -> Self {
        Self::Start(error)
    }
}

impl From<BackupError> for CliError {
    fn from(error: BackupError) -> Self {
        match error {
            BackupError::Service(error) => error.into(),
            error => Self::Backup(error),
        }
    }
}

impl From<FileError> for CliError {
    fn from(error: FileError) -> Self {
        Self::Start(error.into())
    }
}

impl From<ErrorCode> for CliError {
    fn from(code: ErrorCode) -> Self {
        Self::Refused(code.into())
    }
}

impl From<Refusal> for CliError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// What a command does its work with.
pub(crate) struct Run {
    pub(crate) config: Config,
    pub(crate) out: Output,
}

impl Run {
    /// The instance, as someone with access to the machine.
    pub(crate) async fn open(&self) -> Result<Opened, CliError> {
        Ok(context::open(&self.config, Actor::Operator).await?)
    }
}

/// Reads the arguments, runs the command and gives the exit code.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let config = match settings(&cli) {
        Ok(config) => config,
        Err(error) => return fail(&Output::new(cli.json, Texts::new(Language::Nb)), CliError::Start(error)),
    };
    #[cfg(debug_assertions)]
    if let Err(error) = crate::faults::install(&config) {
        return fail(&Output::new(cli.json, Texts::new(Language::Nb)), CliError::Start(error));
    }
    let serving = matches!(cli.command, Command::Serve(_));
    telemetry::start(config.log_format, if serving { "info" } else { "warn" });
    let texts = Texts::new(Language::from_tag(&config.language).unwrap_or(Language::Nb));
    let run = Run { config, out: Output::new(cli.json, texts) };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&run.out, CliError::Start(StartError::Machine(error))),
    };
    match runtime.block_on(dispatch(&run, cli.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&run.out, error),
    }
}

fn settings(cli: &Cli) -> Result<Config, StartError> {
    let mut config = Config::load(cli.config.as_deref())?;
    if let Some(data) = &cli.data {
        config.data.clone_from(data);
    }
    if let Some(url) = cli.database_url.as_ref().filter(|url| !url.is_empty()) {
        config.database_url = Some(url.clone());
    }
    match &cli.command {
        Command::Serve(arguments) => arguments.apply(&mut config),
        Command::Demo(arguments) => arguments.apply(&mut config, cli.data.is_some()),
        _ => {}
    }
    Ok(config)
}

async fn dispatch(run: &Run, command: Command) -> Result<(), CliError> {
    match command {
        Command::Serve(arguments) => serve::run(run, &arguments).await,
        Command::Demo(arguments) => demo::run(run, arguments).await,
        Command::Init(arguments) => init::run(run, arguments).await,
        Command::User(command) => users::run(run, command).await,
        Command::Extension(command) => switches::extension(run, command).await,
        Command::ApiAccess(command) => switches::api_access(run, command).await,
        Command::Token(command) => tokens::run(run, command).await,
        Command::Connection(command) => connections::run(run, command).await,
        Command::Contacts(command) => contacts::run(run, command).await,
        Command::Articles(command) => articles::run(run, command).await,
        Command::Import(command) => import::run(run, command).await,
        Command::Download(command) => download::run(run, command).await,
        Command::Orders(command) => orders::run(run, command).await,
        Command::Export(arguments) => export::run(run, arguments).await,
        Command::Drafts(command) => drafts::run(run, command).await,
        Command::Log(command) => logs::run(run, command).await,
        Command::Backup(arguments) => backup::run(run, arguments).await,
        Command::Restore(arguments) => restore::run(run, arguments).await,
        Command::Doctor => doctor::run(run).await,
    }
}

fn fail(out: &Output, error: CliError) -> ExitCode {
    match error {
        CliError::Told => ExitCode::from(EXIT_REFUSED),
        CliError::Refused(refusal) => {
            out.refusal(&refusal);
            ExitCode::from(EXIT_REFUSED)
        }
        CliError::Backup(error) => {
            out.backup_refused(&error);
            ExitCode::from(EXIT_REFUSED)
        }
        CliError::Start(error) => {
            out.cannot_start(&error);
            ExitCode::from(EXIT_CANNOT_START)
        }
    }
}

/// Reads one secret: the first line of standard input.
pub(crate) fn secret(out: &Output, what: &str) -> Result<SecretString, CliError> {
    let input = std::io::stdin();
    if input.is_terminal() {
        out.prompt(what);
    }
    let mut line = String::new();
    input.lock().read_line(&mut line).map_err(StartError::Machine)?;
    let text = line.trim_end_matches(['\r', '\n']).to_owned();
    if text.is_empty() { Err(ErrorCode::Required.into()) } else { Ok(SecretString::from(text)) }
}
