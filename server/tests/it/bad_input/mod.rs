//! Bad input from every side: told with a code, never a fault of ours, and no row changed but one in the log.
//!
//! The cases are those of `reference/reliability.md` 4.2, by their numbers; `design.md` wins where it differs. A case without a
//! number is one of ours. Tested elsewhere, or not yet:
//!
//! | cases | where, or why not |
//! | --- | --- |
//! | B-03 "no query" | `domain::tokens::is_well_formed` is asked first (`services::tokens::authenticate`) |
//! | B-27 | does not arise: the second request waits for the first and gets its answer (`keys.rs`) |
//! | B-33, B-34 "reconcile, alarm" | refused and logged here; the reconciling is in `backup/` |
//! | B-57 | `201` with a customer that a person confirms (`design.md` 3.4); `services/tests/it/inbox.rs` |
//! | B-64 | no call of the partner API updates by `If-Match` yet |
//! | B-66 | answers line by line over the partner API do not exist yet |
//! | B-69 | does not arise: what is downloaded has one of six names of ours; others are refused (`uploads.rs`) |
//! | B-70 to B-76 | no XML is read and nothing is unpacked: an archive is refused by its first bytes (`uploads.rs`) |
//! | B-90, B-91 | `crates/exchange/tests/answers.rs`: names that lead where the test wants |
//! | B-97 to B-104 | what a partner answers: `sender.rs`, `catalogue.rs`, `crates/exchange/tests/answers.rs` |
//! | B-106 | digests do not exist yet |
//! | B-109 | articles cannot be deleted yet |

mod catalogue;
mod documents;
mod files;
mod keys;
mod orders;
mod requests;
mod rows;
mod screens;
mod sender;
mod spoiled;
mod uploads;
mod wire;

use std::net::SocketAddr;

use axum::body::Body;
use domain::tokens::Scope;
use http::{Method, Request, header};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::pair::Backend;
use crate::support::{Answer, Site, order, partner, site_on};
use rows::{Database, changed};
use wire::Bytes;

pub const MESSAGE: &str = "019a9d5e-0000-7000-8000-000000000001";
pub const ORDER: &str = "019a9d5e-0000-7000-8000-000000000002";

/// How a case is sent.
pub enum Sent {
    /// Through the router.
    Request(Box<Request<Body>>),
    /// Over TCP; the server must close the connection.
    Bytes(Bytes),
}

impl From<Request<Body>> for Sent {
    fn from(request: Request<Body>) -> Self {
        Self::Request(Box::new(request))
    }
}

impl From<Bytes> for Sent {
    fn from(bytes: Bytes) -> Self {
        Self::Bytes(bytes)
    }
}

/// One row of the table.
pub struct Case {
    number: &'static str,
    what: String,
    sent: Sent,
    status: u16,
    code: &'static str,
    /// Pointer and code of one field that must be named.
    field: Option<(&'static str, &'static str)>,
    header: Option<(&'static str, &'static str)>,
    log_rows: usize,
}

/// A case that is refused with a problem and leaves one row in the log.
pub fn case(
    number: &'static str,
    what: impl Into<String>,
    sent: impl Into<Sent>,
    status: u16,
    code: &'static str,
) -> Case {
    Case {
        number,
        what: what.into(),
        sent: sent.into(),
        status,
        code,
        field: None,
        header: None,
        log_rows: 1,
    }
}

impl Case {
    pub fn field(self, pointer: &'static str, code: &'static str) -> Self {
        Self { field: Some((pointer, code)), ..self }
    }

    /// A header that the answer must have, with what it begins with.
    pub fn header(self, name: &'static str, value: &'static str) -> Self {
        Self { header: Some((name, value)), ..self }
    }

    /// Refused before anything knows whose request it is.
    pub fn unlogged(self) -> Self {
        Self { log_rows: 0, ..self }
    }
}

/// A supplier that is asked, and its database.
pub struct World {
    pub site: Site,
    pub token: String,
    pub database: Database,
    pub address: SocketAddr,
    stop: CancellationToken,
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl World {
    pub async fn new(backend: Backend) -> Self {
        let site = site_on(backend).await;
        let token = site.token(&Scope::ALL).await;
        let database = Database::open(&site.program.config.database()).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        // Without the workers: nothing but the requests may change a row.
        tokio::spawn(server::http::accept::serve(listener, site.program.router.clone(), stop.clone()));
        Self { site, token, database, address, stop }
    }

    /// An order, posted with all that belongs to it.
    pub fn post(&self, body: impl Into<Body>) -> Request<Body> {
        partner(Method::POST, "/purchase-orders", &self.token)
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", MESSAGE)
            .body(body.into())
            .unwrap()
    }

    pub fn get(&self, path: &str) -> Request<Body> {
        partner(Method::GET, path, &self.token).body(Body::empty()).unwrap()
    }

    pub async fn send(&self, sent: Sent) -> Answer {
        match sent {
            Sent::Request(request) => self.site.send(*request).await,
            Sent::Bytes(bytes) => wire::exchange(self.address, &bytes).await,
        }
    }

    /// Runs the table; all rows that went wrong are told at once.
    pub async fn run(&self, cases: Vec<Case>) {
        let mut wrong = Vec::new();
        for case in cases {
            let name = format!("{} {}", case.number, case.what);
            if let Err(fault) = self.run_one(case).await {
                wrong.push(format!("{name}: {fault}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    async fn run_one(&self, case: Case) -> Result<(), String> {
        let (rows, log) = (self.database.rows().await, self.database.log().await);
        let answer = self.send(case.sent).await;
        let found = (answer.status.as_u16(), answer.code());
        let is_problem = answer.header("content-type") == "application/problem+json";
        if found.0 != case.status || found.1 != case.code || is_problem == case.code.is_empty() {
            return Err(format!("{found:?} instead of {} {}: {}", case.status, case.code, answer.text()));
        }
        if let Some((pointer, code)) = case.field {
            let errors = answer.json()["errors"].as_array().cloned().unwrap_or_default();
            if !errors.iter().any(|error| error["pointer"] == pointer && error["code"] == code) {
                return Err(format!("{pointer} {code} is not in {errors:?}"));
            }
        }
        if let Some((name, value)) = case.header
            && !answer.header(name).starts_with(value)
        {
            return Err(format!("{name} is {:?}", answer.header(name)));
        }
        let (rows_after, log_after) = (self.database.rows().await, self.database.log().await);
        let differing = changed(&rows, &rows_after);
        if !differing.is_empty() {
            return Err(format!("rows changed in {differing:?}"));
        }
        if log_after.len() != log.len() + case.log_rows {
            return Err(format!("{} rows more in the log", log_after.len() - log.len()));
        }
        if case.log_rows == 1 {
            let noted = log_after.last().ok_or("no row in the log")?;
            let request_id = answer.json()["request_id"].as_str().unwrap_or("?").to_owned();
            let told = noted.response.as_deref().unwrap_or_default().contains(&request_id);
            if noted.http_status != i64::from(case.status) || noted.error_code != case.code || !told {
                return Err(format!("the log says {noted:?}"));
            }
        }
        Ok(())
    }
}

/// An order that is right in every way, as text.
pub fn good_order() -> String {
    order(MESSAGE, ORDER).to_string()
}
