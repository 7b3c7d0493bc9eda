//! A buyer and a supplier as processes of their own, set up through the command line, and asked over HTTP.

pub mod client;
pub mod instance;

use std::net::SocketAddr;

use serde_json::Value;

pub use client::Client;
pub use instance::{Instance, Options};

pub const BUYER_ORG: &str = "310004170";
pub const SUPPLIER_ORG: &str = "313770125";
pub const BUYER: (&str, &str) = ("Nordvik Mekaniske AS", BUYER_ORG);
pub const SUPPLIER: (&str, &str) = ("Bolt & Feste AS", SUPPLIER_ORG);
pub const PASSWORD: &str = "en lang nok prøve";
pub const EMAIL: &str = "anne@prove.example";

/// Which database both instances use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// Two connected instances. The supplier's process runs; the buyer's is started by the test.
pub struct Pair {
    pub buyer: Instance,
    pub supplier: Instance,
    pub connection: String,
}

/// Makes `sqlite::name` and `postgres::name` of an `async fn name(backend: Backend)`.
macro_rules! on_both_databases {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name($crate::pair::Backend::Sqlite).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                if $crate::pair::instance::postgres_server().is_some() {
                    super::$name($crate::pair::Backend::Postgres).await;
                }
            })+
        }
    };
}
pub(crate) use on_both_databases;

impl Pair {
    /// Makes both companies and their contacts, and switches everything on. Articles and orders are the test's own.
    pub async fn new(backend: Backend) -> Self {
        Self::with(backend, &Options::default()).await
    }

    /// The same with settings of the test's own.
    pub async fn with(backend: Backend, options: &Options) -> Self {
        let buyer = Instance::new(backend, options.clone()).await;
        let supplier = Instance::new(backend, options.clone()).await;
        Self::of(buyer, supplier).await
    }

    /// The same of two instances without a company.
    pub async fn of(buyer: Instance, mut supplier: Instance) -> Self {
        for (instance, company) in [(&buyer, BUYER), (&supplier, SUPPLIER)] {
            instance.told(PASSWORD, &init(company)).await;
            instance.run(&["extension", "enable"]).await;
            instance.run(&["api-access", "enable"]).await;
        }
        let add = |name, org_number, role| {
            vec![
                "contacts",
                "add",
                "--name",
                name,
                "--org-number",
                org_number,
                "--street",
                "Gata 1",
                "--postal-code",
                "7042",
                "--city",
                "Trondheim",
                role,
            ]
        };
        buyer.run(&add("Bolt & Feste AS", SUPPLIER_ORG, "--supplier")).await;
        supplier.run(&add("Nordvik Mekaniske AS", BUYER_ORG, "--customer")).await;
        let token = supplier.run(&["token", "create", "--name", "Nordvik"]).await;
        let secret = token["secret"].as_str().unwrap().to_owned();
        supplier.start().await;
        let endpoint = supplier.url();
        let added = buyer.told(&secret, &["connection", "add", "--endpoint", &endpoint]).await;
        let connection = added["connection_id"].as_str().unwrap().to_owned();
        let test: Value = buyer.run(&["connection", "test", &connection]).await;
        assert!(test["failure"].is_null(), "{test}");
        Self { buyer, supplier, connection }
    }
}

/// The command that makes a company, given as name and organisation number.
pub fn init((name, org_number): (&'static str, &'static str)) -> Vec<&'static str> {
    let company = ["init", "--name", name, "--org-number", org_number];
    let address = ["--street", "Gata 1", "--postal-code", "7042", "--city", "Trondheim"];
    [&company[..], &address, &["--administrator", EMAIL]].concat()
}

/// An address on loopback that nobody listens on now.
pub fn free_address() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}
