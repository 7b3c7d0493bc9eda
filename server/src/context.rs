//! Opening what everything needs: the database, the key, the client for partners.

use std::sync::Arc;

use exchange::OwnIdentity;
use services::secrets::SecretBox;
use services::{Actor, Ctx, PartnerClient, ServiceError, SystemClock, instance};
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
    pub identity: OwnIdentity,
}

/// Opens the database and reads or makes the key.
///
/// # Errors
/// When one of them cannot be used; nothing is served then.
pub async fn open_ctx(config: &Config, actor: Actor) -> Result<Ctx, StartError> {
    if config.database_url.is_none() || config.key_file.is_none() {
        make_private_folder(&config.data)?;
    }
    let secrets = SecretBox::load_or_create(&config.key_path())?;
    let store = Store::open_with(&config.database(), config.durability()).await?;
    let settings = Arc::new(config.settings()?);
    Ok(Ctx { store, actor, clock: Arc::new(SystemClock), secrets, settings })
}

/// The same with the client, which says in every request who we are.
///
/// # Errors
/// As [`open_ctx`], and when there is no company yet.
pub async fn open(config: &Config, actor: Actor) -> Result<Opened, StartError> {
    let ctx = open_ctx(config, actor).await?;
    let instance =
        instance::current(&ctx.acting_as(Actor::System)).await?.ok_or(StartError::NotInitialised)?;
    instance::check_key(&ctx.acting_as(Actor::System)).await?;
    let identity = OwnIdentity { instance_id: instance.instance_id, epoch: instance.epoch };
    let client = PartnerClient::new(ctx.settings.guard.clone(), identity)
        .map_err(|error| StartError::Configuration(format!("the client for partners: {}", error.code)))?;
    Ok(Opened { ctx, client, identity })
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
