//! Opening what everything needs: the database, the key, the client for partners.

use std::sync::Arc;

use services::secrets::SecretBox;
use services::{Actor, Ctx, PartnerClient, ServiceError, SystemClock};
use store::{Store, StoreError};

use crate::config::Config;

/// Why the program could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("the configuration cannot be used: {0}")]
    Configuration(String),
    #[error("the database cannot be used: {0}")]
    Database(#[from] StoreError),
    #[error("the start failed: {0}")]
    Service(#[from] ServiceError),
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("this instance has no company yet: run `prodsys init`")]
    NotInitialised,
}

/// What everything needs.
#[derive(Clone)]
pub struct Opened {
    pub ctx: Ctx,
    pub client: PartnerClient,
}

/// Opens the database, reads or makes the key, and builds the client.
///
/// # Errors
/// When any of them cannot be used; nothing is served then.
pub async fn open(config: &Config, actor: Actor) -> Result<Opened, StartError> {
    // reqwest and sqlx both find the process's TLS provider here; a second installation says so and changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    if !config.database().starts_with("postgres") || !config.key_path().exists() {
        make_private_folder(&config.data)?;
    }
    let secrets = SecretBox::load_or_create(&config.key_path())?;
    let store = Store::open(&config.database()).await?;
    let settings = config.settings()?;
    let client = PartnerClient::new(settings.guard.clone())
        .map_err(|error| StartError::Configuration(format!("the client for partners: {error}")))?;
    let ctx = Ctx { store, actor, clock: Arc::new(SystemClock), secrets, settings: Arc::new(settings) };
    Ok(Opened { ctx, client })
}

/// Makes the folder, for the program's own user alone.
fn make_private_folder(folder: &std::path::Path) -> Result<(), std::io::Error> {
    if folder.exists() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
