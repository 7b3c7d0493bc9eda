//! Two companies on this machine, each in a process of its own, with sample data.

mod articles;
mod company;

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use domain::connections::ConnectionInput;
use domain::errors::ErrorCode;
use domain::orders::OrderInput;
use domain::tokens::{DEFAULT_DAYS, Scope};
use serde::Serialize;
use services::tokens::TokenInput;
use services::{Actor, connections, instance, orders, tokens};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::process::{Child, ChildStdin, Command};
use tokio::time::Instant;

use crate::cli::CliError;
use crate::config::Config;
use crate::context::{self, Opened};
use crate::start_error::{FileError, StartError};
use company::{BUYER, Company, SUPPLIER};

/// The file that says that a folder's content may be removed.
const MARK: &str = "prodsys-demo";
const FIRST_PORT: u16 = 4001;
/// How long a process gets to answer.
const PATIENCE: Duration = Duration::from_secs(30);
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);
/// How long a process gets to end by itself.
const END_PATIENCE: Duration = Duration::from_secs(25);

/// `prodsys demo`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Start them already connected, with three orders ready
    #[arg(long)]
    pub connected: bool,
    /// Keep the data of the last time
    #[arg(long)]
    pub keep: bool,
    /// The folder of the browser's half
    #[arg(long, value_name = "DIR")]
    site_root: Option<PathBuf>,
}

impl Arguments {
    /// The demo's folder is in the folder for temporary files, unless another was named.
    pub(crate) fn apply(&self, config: &mut Config, data_named: bool) {
        if !data_named {
            config.data = std::env::temp_dir().join("prodsys-demo");
        }
        if let Some(site_root) = &self.site_root {
            config.site_root.clone_from(site_root);
        }
    }
}

/// One of the two, as it is told.
#[derive(Debug, Serialize)]
pub(crate) struct Side {
    pub company: &'static str,
    pub is_buyer: bool,
    pub address: String,
    pub logins: Vec<Login>,
}

/// Someone who can sign in.
#[derive(Debug, Serialize)]
pub(crate) struct Login {
    pub email: &'static str,
    pub password: &'static str,
}

/// The two processes.
pub(crate) struct Running {
    pub sides: [Side; 2],
    children: [Process; 2],
}

/// A child, and the end of the pipe that it reads from: closing it tells the child to stop, so that no process is ever orphaned.
struct Process {
    child: Child,
    /// Held here, since waiting for a child closes the pipe that is still in it.
    input: Option<ChildStdin>,
}

/// Makes the data and starts both.
pub(crate) async fn start(config: &Config, arguments: &Arguments) -> Result<Running, CliError> {
    if !arguments.keep {
        wipe(&config.data)?;
    }
    std::fs::create_dir_all(&config.data).map_err(FileError::writing(&config.data))?;
    let mark = config.data.join(MARK);
    std::fs::write(&mark, b"").map_err(FileError::writing(&mark))?;
    let buyer_port = free_port(FIRST_PORT)?;
    let supplier_port = free_port(buyer_port + 1)?;
    let buyer_config = side_config(config, &BUYER, buyer_port);
    let supplier_config = side_config(config, &SUPPLIER, supplier_port);
    let buyer = company::prepare(&buyer_config, &BUYER, &SUPPLIER).await?;
    let supplier = company::prepare(&supplier_config, &SUPPLIER, &BUYER).await?;
    let secret = if arguments.connected { Some(open_supplier(&buyer, &supplier).await?) } else { None };
    supplier.ctx.store.close().await;
    let supplier_child = spawn(&supplier_config)?;
    wait_until_ready(supplier_config.listen).await?;
    if let Some(secret) = secret {
        connect_buyer(&buyer, &supplier_config.address(), secret).await?;
    }
    buyer.ctx.store.close().await;
    let buyer_child = spawn(&buyer_config)?;
    wait_until_ready(buyer_config.listen).await?;
    Ok(Running {
        sides: [side(&BUYER, &buyer_config, true), side(&SUPPLIER, &supplier_config, false)],
        children: [buyer_child, supplier_child],
    })
}

impl Running {
    /// Waits for the person's word, or for one of the two to end, and ends both.
    pub(crate) async fn until_stopped(mut self) -> Result<(), StartError> {
        let [buyer, supplier] = &mut self.children;
        tokio::select! {
            outcome = tokio::signal::ctrl_c() => outcome?,
            () = terminated() => {}
            outcome = buyer.child.wait() => tracing::error!(?outcome, "the buyer ended by itself"),
            outcome = supplier.child.wait() => tracing::error!(?outcome, "the supplier ended by itself"),
        }
        for process in &mut self.children {
            process.end().await;
        }
        Ok(())
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            terminate.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}

impl Process {
    async fn end(&mut self) {
        drop(self.input.take());
        if tokio::time::timeout(END_PATIENCE, self.child.wait()).await.is_err()
            && let Err(error) = self.child.kill().await
        {
            tracing::warn!(%error, "a process could not be ended");
        }
    }
}

/// Removes the data of the last time. Only a folder that a demo made is removed.
fn wipe(folder: &Path) -> Result<(), CliError> {
    if !folder.exists() {
        return Ok(());
    }
    let ours = folder.join(MARK).exists();
    for company in [&BUYER, &SUPPLIER] {
        let data = folder.join(company.folder);
        if data.exists() && !ours {
            return Err(StartError::NotADemo(data).into());
        }
        if data.exists() {
            std::fs::remove_dir_all(&data).map_err(FileError::writing(&data))?;
        }
    }
    Ok(())
}

/// The next port that nobody listens on.
fn free_port(first: u16) -> Result<u16, CliError> {
    (first..first.saturating_add(200))
        .find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
        .ok_or_else(|| StartError::NoFreePort(first).into())
}

fn side_config(config: &Config, company: &Company, port: u16) -> Config {
    Config {
        data: config.data.join(company.folder),
        database_url: None,
        key_file: None,
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        public_url: None,
        allow_private_networks: vec!["127.0.0.0/8".to_owned(), "::1/128".to_owned()],
        allow_http: true,
        ..config.clone()
    }
}

fn side(company: &'static Company, config: &Config, is_buyer: bool) -> Side {
    let logins =
        company.people.iter().map(|person| Login { email: person.email, password: company::PASSWORD });
    Side { company: company.name, is_buyer, address: config.address(), logins: logins.collect() }
}

fn spawn(config: &Config) -> Result<Process, CliError> {
    let mut command = Command::new(std::env::current_exe().map_err(StartError::Machine)?);
    command
        .arg("--data")
        .arg(&config.data)
        .args(["--json", "serve", "--until-input-ends", "--listen"])
        .arg(config.listen.to_string())
        .arg("--site-root")
        .arg(&config.site_root)
        .env_remove("DATABASE_URL")
        .env_remove("PRODSYS_DATABASE_URL")
        .env_remove("PRODSYS_KEY_FILE")
        .env("PRODSYS_ALLOW_PRIVATE_NETWORKS", config.allow_private_networks.join(","))
        .env("PRODSYS_ALLOW_HTTP", "true")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .kill_on_drop(true);
    // Ctrl-C at the keyboard is for the parent, which ends the children in order.
    #[cfg(unix)]
    command.process_group(0);
    let mut child = command.spawn().map_err(StartError::Machine)?;
    let input = child.stdin.take();
    Ok(Process { child, input })
}

/// Asks until the process answers that it can serve.
async fn wait_until_ready(address: SocketAddr) -> Result<(), CliError> {
    let deadline = Instant::now() + PATIENCE;
    while !is_ready(address).await {
        if Instant::now() >= deadline {
            return Err(StartError::NoAnswer(address).into());
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
    Ok(())
}

async fn is_ready(address: SocketAddr) -> bool {
    let ask = async {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await?;
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await?;
        Ok::<_, std::io::Error>(answer.ends_with(b" 200"))
    };
    tokio::time::timeout(Duration::from_secs(2), ask).await.is_ok_and(|answer| answer.unwrap_or(false))
}

/// Switches everything on at both, and makes the token.
async fn open_supplier(buyer: &Opened, supplier: &Opened) -> Result<String, CliError> {
    instance::set_extension(&buyer.ctx, true).await?;
    instance::set_api_access(&buyer.ctx, true).await?;
    instance::set_extension(&supplier.ctx, true).await?;
    instance::set_api_access(&supplier.ctx, true).await?;
    let customer = company::contact_id(&supplier.ctx, &BUYER).await?;
    let input = TokenInput {
        name: BUYER.name.to_owned(),
        contact_id: Some(customer),
        scopes: Scope::ALL.to_vec(),
        days: DEFAULT_DAYS,
    };
    Ok(tokens::issue(&supplier.ctx, input).await?.secret)
}

/// Registers and tests the connection, and writes three orders.
async fn connect_buyer(buyer: &Opened, endpoint: &str, token: String) -> Result<(), CliError> {
    let supplier_id = company::contact_id(&buyer.ctx, &SUPPLIER).await?.to_string();
    let known = connections::list(&buyer.ctx).await?.into_iter().next().map(|row| row.connection_id);
    let input = ConnectionInput {
        endpoint: endpoint.to_owned(),
        token,
        contact_id: supplier_id.clone(),
        ..ConnectionInput::default()
    };
    let id = connections::save(&buyer.ctx, known, input).await?;
    let test = connections::test(&buyer.ctx, &buyer.client, id).await?;
    if let Some(code) = test.failure {
        return Err(code.into());
    }
    connections::sync_catalogue(&buyer.ctx, &buyer.client, id).await?;
    let at = buyer.ctx.acting_as(Actor::Operator);
    for lines in company::ORDERS {
        let typed: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        let input = OrderInput {
            supplier_id: supplier_id.clone(),
            our_reference: BUYER.contact_person.to_owned(),
            lines: crate::cli::orders::fill(buyer, SUPPLIER.org_number, &typed).await?,
            ..OrderInput::default()
        };
        if orders::create(&at, input).await?.refusal.is_some() {
            return Err(ErrorCode::Internal.into());
        }
    }
    Ok(())
}

/// Opens one side's instance after it was made.
async fn open(config: &Config) -> Result<Opened, StartError> {
    context::open(config, Actor::Operator).await
}
