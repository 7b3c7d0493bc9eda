//! The instances that are measured: the real program, set up through its command line, on loopback.

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};

use crate::client::Client;
use crate::failure::{During, Failure, Outcome, needed};
use crate::rows::Database;
use crate::setting::{Kind, Setting};
use crate::usage::{self, Meter};

/// How long a process gets to answer.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often a process that starts is asked whether it is ready.
const GLANCE: Duration = Duration::from_millis(1);
/// Who signs in at both instances.
pub const EMAIL: &str = "anne@bench.example";
/// Their password.
pub const PASSWORD: &str = "en lang nok prøve";
/// The buyer's organisation number.
pub const BUYER_ORG: &str = "310004170";
/// The supplier's.
pub const SUPPLIER_ORG: &str = "313770125";
/// Articles that both companies have.
pub const ARTICLES: i64 = 1000;

/// One company's instance. Its files, and its process where there is one, are gone when it is dropped.
#[derive(Debug)]
pub struct Instance {
    folder: TempDir,
    program: PathBuf,
    site: PathBuf,
    database: Option<String>,
    /// Where it listens.
    pub address: SocketAddr,
    child: Option<Child>,
}

impl Instance {
    async fn new(setting: &Setting, kind: Kind) -> Outcome<Self> {
        let folder = tempfile::tempdir().during("cannot make a folder for an instance")?;
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let database = match kind {
            Kind::Sqlite => None,
            Kind::Postgres => {
                let server = needed(setting.postgres_url.as_deref(), "PostgreSQL")?;
                Some(Database::create(server, &format!("bench_{}", address.port())).await?)
            }
        };
        let (program, site) = (setting.program.clone(), setting.site.clone());
        Ok(Self { folder, program, site, database, address, child: None })
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .env("PRODSYS_ALLOW_PRIVATE_NETWORKS", "127.0.0.0/8")
            .env("PRODSYS_ALLOW_HTTP", "true")
            .env("PRODSYS_SITE_ROOT", &self.site)
            .env_remove("DATABASE_URL")
            .args(["--json", "--data"])
            .arg(self.folder.path().join("data"))
            .kill_on_drop(true);
        if let Some(database) = &self.database {
            command.env("DATABASE_URL", database);
        }
        command
    }

    /// Opens the database beside the program.
    pub async fn open(&self) -> Outcome<Database> {
        match &self.database {
            Some(url) => Database::open_postgres(url).await,
            None => Database::open_sqlite(&self.folder.path().join("data/prodsys.db")).await,
        }
    }

    /// Runs a command that succeeds, and gives its document.
    pub async fn run(&self, arguments: &[&str]) -> Outcome<Value> {
        self.told("", arguments).await
    }

    /// The same with a line on standard input.
    pub async fn told(&self, line: &str, arguments: &[&str]) -> Outcome<Value> {
        let output = self.output(line, arguments).await?;
        if !output.status.success() {
            let told = [output.stdout, output.stderr].concat();
            let told = String::from_utf8_lossy(&told).into_owned();
            return Err(Failure::new(format!("{arguments:?}: {}: {told}", output.status)));
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    async fn output(&self, line: &str, arguments: &[&str]) -> Outcome<Output> {
        let mut command = self.command();
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().during("cannot start the program")?;
        if let Some(mut input) = child.stdin.take() {
            // A command that reads nothing may have closed it.
            let _ = input.write_all(format!("{line}\n").as_bytes()).await;
        }
        Ok(tokio::time::timeout(PATIENCE, child.wait_with_output()).await??)
    }

    /// Imports a file of rows.
    pub async fn import(&self, what: &str, rows: &str) -> Outcome<()> {
        let file = self.folder.path().join("import.csv");
        tokio::fs::write(&file, rows).await?;
        self.run(&["import", what, &file.to_string_lossy()]).await.map(|_| ())
    }

    /// Starts the process; tells how long it took until it answered that it is ready.
    pub async fn start(&mut self) -> Outcome<Duration> {
        let log = File::options().create(true).append(true).open(self.folder.path().join("log"))?;
        let mut command = self.command();
        command.args(["serve", "--listen", &self.address.to_string()]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let started = Instant::now();
        self.child = Some(command.spawn().during("cannot start the program")?);
        while Client::new(self.address).get("/readyz").await.is_err() {
            if started.elapsed() > PATIENCE {
                return Err(Failure::new("an instance does not become ready"));
            }
            tokio::time::sleep(GLANCE).await;
        }
        Ok(started.elapsed())
    }

    /// Asks the process to end, and waits for it.
    pub async fn stop(&mut self) -> Outcome<()> {
        let Some(mut child) = self.child.take() else { return Ok(()) };
        if let Some(id) = child.id() {
            Command::new("kill").args(["-TERM", &id.to_string()]).status().await?;
        }
        tokio::time::timeout(PATIENCE, child.wait()).await??;
        Ok(())
    }

    /// The number of the process that serves.
    pub fn process(&self) -> Option<u32> {
        self.child.as_ref().and_then(Child::id)
    }

    /// Mebibytes that the process holds, and held at most.
    pub fn memory(&self) -> Outcome<(f64, f64)> {
        usage::memory(needed(self.process(), "the process")?)
    }

    /// A person with a session.
    pub async fn sign_in(&self) -> Outcome<Client> {
        Client::sign_in(self.address, EMAIL, PASSWORD).await
    }
}

/// Two connected companies.
#[derive(Debug)]
pub struct Pair {
    /// Nordvik Mekaniske AS.
    pub buyer: Instance,
    /// Bolt & Feste AS.
    pub supplier: Instance,
    /// The token that the supplier gave the buyer.
    pub secret: String,
}

impl Pair {
    /// Makes both, with articles, a token and a tested connection. The supplier's process runs, the buyer's does not.
    pub async fn new(setting: &Setting, kind: Kind) -> Outcome<Self> {
        let buyer = Instance::new(setting, kind).await?;
        let mut supplier = Instance::new(setting, kind).await?;
        set_up(&buyer, "Nordvik Mekaniske AS", BUYER_ORG).await?;
        set_up(&supplier, "Bolt & Feste AS", SUPPLIER_ORG).await?;
        add_contact(&buyer, "Bolt & Feste AS", SUPPLIER_ORG, "--supplier").await?;
        let customer = add_contact(&supplier, "Nordvik Mekaniske AS", BUYER_ORG, "--customer").await?;
        buyer.import("articles", &articles("N", SUPPLIER_ORG)).await?;
        supplier.import("articles", &articles("BF", "")).await?;
        let token = supplier.run(&["token", "create", "--name", "Nordvik", "--contact", &customer]).await?;
        let secret = needed(token["secret"].as_str(), "the token")?.to_owned();
        supplier.start().await?;
        let endpoint = format!("http://{}", supplier.address);
        let added = buyer.told(&secret, &["connection", "add", "--endpoint", &endpoint]).await?;
        let connection = needed(added["connection_id"].as_str(), "the connection")?.to_owned();
        buyer.run(&["connection", "test", &connection]).await?;
        buyer.run(&["connection", "sync", &connection]).await?;
        Ok(Self { buyer, supplier, secret })
    }

    /// Counts the CPU of both processes, and of PostgreSQL where it is used.
    pub fn meter(&self, setting: &Setting, kind: Kind) -> Meter {
        let processes = self.buyer.process().into_iter().chain(self.supplier.process());
        Meter::of(processes).with(setting.database_process(kind))
    }

    /// Ends both processes.
    pub async fn stop(&mut self) -> Outcome<()> {
        self.buyer.stop().await?;
        self.supplier.stop().await
    }
}

async fn set_up(instance: &Instance, name: &str, org_number: &str) -> Outcome<()> {
    let mut arguments = vec!["init", "--name", name, "--org-number", org_number];
    arguments.extend(ADDRESS);
    arguments.extend(["--administrator", EMAIL]);
    instance.told(PASSWORD, &arguments).await?;
    instance.run(&["extension", "enable"]).await?;
    instance.run(&["api-access", "enable"]).await?;
    Ok(())
}

const ADDRESS: [&str; 6] = ["--street", "Gata 1", "--postal-code", "7042", "--city", "Trondheim"];

async fn add_contact(instance: &Instance, name: &str, org_number: &str, role: &str) -> Outcome<String> {
    let mut arguments = vec!["contacts", "add", "--name", name, "--org-number", org_number];
    arguments.extend(ADDRESS);
    arguments.push(role);
    let added = instance.run(&arguments).await?;
    Ok(needed(added["contact_id"].as_str(), "the contact")?.to_owned())
}

/// The same articles on both sides: the price of number `k` is `k mod 100`, and a half.
fn articles(prefix: &str, supplier: &str) -> String {
    let mut rows =
        "number;name;unit;price;price_base_quantity;currency;vat_rate;gtin;pack_size;supplier_org_number;\
                    supplier_article_number\n"
            .to_owned();
    for number in 1..=ARTICLES {
        let price = number % 100 + 1;
        let known = if supplier.is_empty() { String::new() } else { format!("BF-{number}") };
        rows.push_str(&format!(
            "{prefix}-{number};Sekskantskrue M8 nummer {number};EA;{price},50;1;NOK;25;;;{supplier};{known}\n"
        ));
    }
    rows
}
