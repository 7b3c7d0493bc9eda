//! Opening what everything needs: the database, the key, the client for partners.

use std::sync::Arc;

use exchange::OwnIdentity;
use services::backups::make_private_folder;
use services::secrets::SecretBox;
use services::{Actor, Ctx, PartnerClient, SystemClock, instance};
use store::Store;

use crate::config::Config;
use crate::start_error::{FileError, StartError};

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
        make_private_folder(&config.data).map_err(FileError::writing(&config.data))?;
    }
    let settings = Arc::new(config.settings()?);
    let path = config.key_path();
    // A new key is made for a new database alone, and before its first row.
    let unusable = |error| StartError::KeyUnusable(FileError::reading(&path)(error));
    let known = path.exists().then(|| SecretBox::load(&path)).transpose().map_err(unusable)?;
    let store = Store::open_with(&config.database(), config.durability()).await?;
    let secrets = match known {
        Some(secrets) => secrets,
        None if store::instance::lookup(&mut store.begin_read().await?).await?.is_some() => {
            return Err(StartError::KeyMissing(path));
        }
        None => SecretBox::load_or_create(&path).map_err(FileError::writing(&path))?,
    };
    Ok(Ctx { store, actor, clock: Arc::new(SystemClock), secrets, settings })
}

/// Opens the database as it is, for looking at it and for backups: nothing is made, no tables are changed, and a key that cannot be read
/// is left out.
///
/// # Errors
/// When there is no database, or it cannot be opened.
pub async fn open_as_it_is(config: &Config, actor: Actor) -> Result<Ctx, StartError> {
    let settings = Arc::new(config.settings()?);
    let secrets = SecretBox::load(&config.key_path()).or_else(|_| SecretBox::generate())?;
    let store = Store::open_as_it_is(&config.database()).await?;
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
        .map_err(|error| StartError::Configuration(error.code.to_string()))?;
    Ok(Opened { ctx, client, identity })
}
