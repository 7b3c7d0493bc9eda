//! Whether this instance is well, from the folder to the partners. Nothing is made or changed by looking.

mod places;

use std::path::{Path, PathBuf};

use serde::Serialize;
use services::health::{self, Code, Facts, Finding};
use services::secrets::SecretBox;
use services::{Actor, Ctx};
use store::{Store, StoreError};

use crate::config::Config;
use crate::context;
use crate::start_error::StartError;

/// Everything that was found, and what is known.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    pub findings: Vec<Finding>,
    pub data: PathBuf,
    pub key_file: PathBuf,
    pub site_root: PathBuf,
    /// The database program and its version.
    pub database: Option<String>,
    /// The version of the tables.
    pub schema: Option<i64>,
    /// Whether `prodsys serve` runs; not known of PostgreSQL.
    pub served: Option<bool>,
    pub facts: Facts,
}

/// Looks at everything.
pub async fn examine(config: &Config) -> Report {
    let mut report = Report {
        data: config.data.clone(),
        key_file: config.key_path(),
        site_root: config.site_root.clone(),
        ..Report::default()
    };
    places::examine(config, &mut report.findings);
    let key = places::examine_key_file(&config.key_path(), &mut report.findings);
    if let Some(file) = sqlite_file(config)
        && !file.exists()
    {
        // Where the whole folder is missing, that is enough to be told.
        if !report.findings.iter().any(|finding| finding.code == Code::DataMissing) {
            report.findings.push(Finding::from(Code::DatabaseMissing).with("path", file.display()));
        }
        return finished(report);
    }
    match context::open_as_it_is(config, Actor::Operator).await {
        Ok(ctx) => {
            if let Err(error) = examine_database(config, &ctx, key.is_some(), &mut report).await {
                report.findings.push(of_error(config, error));
            }
            ctx.store.close().await;
        }
        Err(error) => report.findings.push(of_error(config, error)),
    }
    finished(report)
}

/// The worst first, otherwise in the order of looking.
fn finished(mut report: Report) -> Report {
    report.findings.sort_by_key(|finding| finding.level);
    report
}

fn sqlite_file(config: &Config) -> Option<PathBuf> {
    let address = config.database();
    (!store::is_postgres(&address))
        .then(|| Path::new(address.strip_prefix("sqlite://").unwrap_or(&address)).to_owned())
}

async fn examine_database(
    config: &Config,
    ctx: &Ctx,
    has_key: bool,
    report: &mut Report,
) -> Result<(), StartError> {
    let store = &ctx.store;
    report.database = Some(store.version().await?);
    report.served = store.is_served();
    if store.is_half_restored().await? {
        report.findings.push(Finding::from(Code::RestoreUnfinished).with("detail", "PostgreSQL"));
        return Ok(());
    }
    if !is_whole(store, &mut report.findings).await? {
        return Ok(());
    }
    let schema = store.schema().await?;
    report.schema = Some(schema.found);
    if schema.found != schema.known {
        let code = match schema.found {
            0 => Code::CompanyMissing,
            found if found > schema.known => Code::SchemaNewer,
            _ => Code::SchemaOlder,
        };
        let finding = Finding::from(code).with("found", schema.found).with("known", schema.known);
        report.findings.push(finding);
        return Ok(());
    }
    let every = config.backup_plan().map(|plan| plan.every_seconds);
    report.facts = health::examine(ctx, every, &mut report.findings).await?;
    let has_instance = store::instance::lookup(&mut store.begin_read().await?).await?.is_some();
    if has_key {
        health::examine_key(ctx, &mut report.findings).await?;
    } else if has_instance && !config.key_path().exists() {
        report.findings.push(Finding::from(Code::KeyMissing).with("path", config.key_path().display()));
    }
    Ok(())
}

async fn is_whole(store: &Store, found: &mut Vec<Finding>) -> Result<bool, StoreError> {
    let damage = store.damage().await?;
    if !damage.is_empty() {
        found.push(Finding::from(Code::DatabaseDamaged).with("detail", damage.join("; ")));
        return Ok(false);
    }
    let astray = store.rows_astray().await?;
    if astray > 0 {
        found.push(Finding::from(Code::RowsAstray).with("count", astray));
    }
    Ok(true)
}

/// A database that cannot be read at all.
fn of_error(config: &Config, error: StartError) -> Finding {
    let damaged = match &error {
        StartError::Database(error) => error.is_damage(),
        StartError::Service(services::ServiceError::Store(error)) => error.is_damage(),
        _ => false,
    };
    let said = error.detail();
    let code = if damaged { Code::DatabaseDamaged } else { Code::DatabaseUnreachable };
    Finding::from(code).with("detail", without_password(&config.database(), said))
}

/// What a driver says may name the address with everything in it.
fn without_password(address: &str, said: String) -> String {
    let Ok(url) = url::Url::parse(address) else { return said };
    match url.password().filter(|password| !password.is_empty()) {
        Some(password) => said.replace(password, "***"),
        None => said,
    }
}

/// Whether the key in the file is the one of this database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Key {
    Fits,
    Missing,
    /// It belongs to another database, or is no key.
    Different,
}

/// Tries the key on the database.
///
/// # Errors
/// When the database cannot be read.
pub async fn try_key(config: &Config) -> Result<Key, StartError> {
    let path = config.key_path();
    if !path.exists() {
        return Ok(Key::Missing);
    }
    let Ok(secrets) = SecretBox::load(&path) else { return Ok(Key::Different) };
    let ctx = Ctx { secrets, ..context::open_as_it_is(config, Actor::Operator).await? };
    let tried = services::instance::check_key(&ctx).await;
    ctx.store.close().await;
    match tried {
        Ok(()) => Ok(Key::Fits),
        Err(services::ServiceError::Refused(_)) => Ok(Key::Different),
        Err(fault) => Err(fault.into()),
    }
}
