//! Browser sessions: a random id in a cookie, its hash in the database, and in it little more than who signed in.

use std::collections::HashMap;
use std::fmt;

use app::api::session::USER_KEY;
use async_trait::async_trait;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use domain::ids::{InstanceId, UserId};
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use services::{Actor, Ctx, ServiceError};
use sha2::{Digest, Sha256};
use tower_sessions::cookie::SameSite;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};
use tower_sessions::{Expiry, Session, SessionManagerLayer, SessionStore};

use super::errors;

const IDLE_MINUTES: i64 = 60;
const ABSOLUTE_SECONDS: i64 = 12 * 3600;
/// Being seen is written down this often at most; a write for every page would be one too many.
const SEEN_SECONDS: i64 = 300;

const STARTED_KEY: &str = "started_at";
const SEEN_KEY: &str = "seen_at";

/// The layer that reads and writes the cookie. Its name carries the instance: cookies ignore ports, and two instances on one host
/// would sign each other out.
pub fn layer(ctx: &Ctx, instance: InstanceId, secure: bool) -> SessionManagerLayer<Stored> {
    let mark: String = instance.0.simple().to_string().chars().rev().take(8).collect();
    let name = if secure { format!("__Host-prodsys_{mark}") } else { format!("prodsys_{mark}") };
    SessionManagerLayer::new(Stored(ctx.clone()))
        .with_name(name)
        .with_secure(secure)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(time::Duration::minutes(IDLE_MINUTES)))
}

/// Sessions in the database.
#[derive(Clone)]
pub struct Stored(Ctx);

impl fmt::Debug for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stored")
    }
}

/// What is kept of a session; its id is not in it.
#[derive(Serialize, Deserialize)]
struct Kept {
    expires_at: i64,
    data: HashMap<String, serde_json::Value>,
}

fn kept(record: &Record) -> Result<(Vec<u8>, Timestamp)> {
    let expires_at = record.expiry_date.unix_timestamp();
    let kept = Kept { expires_at, data: record.data.clone() };
    let bytes = serde_json::to_vec(&kept).map_err(|error| Error::Encode(error.to_string()))?;
    Ok((bytes, Timestamp(0).plus_seconds(expires_at)))
}

fn digest(id: &Id) -> [u8; 32] {
    Sha256::digest(id.0.to_be_bytes()).into()
}

fn backend(error: ServiceError) -> Error {
    Error::Backend(format!("{error:?}"))
}

#[async_trait]
impl SessionStore for Stored {
    async fn create(&self, record: &mut Record) -> Result<()> {
        loop {
            let (bytes, until) = kept(record)?;
            if services::sessions::add(&self.0, digest(&record.id), bytes, until).await.map_err(backend)? {
                return Ok(());
            }
            // 128 random bits that are taken: another try costs less than the thought.
            record.id = Id::default();
        }
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let (bytes, until) = kept(record)?;
        services::sessions::save(&self.0, digest(&record.id), bytes, until).await.map_err(backend)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some(bytes) = services::sessions::load(&self.0, digest(id)).await.map_err(backend)? else {
            return Ok(None);
        };
        let kept: Kept = serde_json::from_slice(&bytes).map_err(|error| Error::Decode(error.to_string()))?;
        let expiry_date = time::OffsetDateTime::from_unix_timestamp(kept.expires_at)
            .map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record { id: *id, data: kept.data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        services::sessions::remove(&self.0, digest(id)).await.map_err(backend)
    }
}

/// Finds out who asks, and hands the handlers a context that acts as that person. The role is read anew for each request.
pub async fn identify(
    State(ctx): State<Ctx>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Response {
    let actor = match actor(&ctx, &session).await {
        Ok(actor) => actor,
        Err(error) => {
            tracing::error!(%error, "a session could not be read");
            return errors::refused(domain::errors::ErrorCode::StorageUnavailable.into());
        }
    };
    request.extensions_mut().insert(ctx.acting_as(actor));
    next.run(request).await
}

async fn actor(ctx: &Ctx, session: &Session) -> std::result::Result<Actor, String> {
    let text = |error: tower_sessions::session::Error| error.to_string();
    let Some(user_id) = session.get::<UserId>(USER_KEY).await.map_err(text)? else {
        return Ok(Actor::Anonymous);
    };
    let user = services::users::lookup_user(ctx, user_id).await.map_err(|error| format!("{error:?}"))?;
    let started: Option<i64> = session.get(STARTED_KEY).await.map_err(text)?;
    let now = ctx.now();
    let too_old = started.is_some_and(|started| now.0 > Timestamp(started).plus_seconds(ABSOLUTE_SECONDS).0);
    let (Some(user), false) = (user, too_old) else {
        session.flush().await.map_err(text)?;
        return Ok(Actor::Anonymous);
    };
    if started.is_none() {
        session.insert(STARTED_KEY, now.0).await.map_err(text)?;
    }
    let seen: Option<i64> = session.get(SEEN_KEY).await.map_err(text)?;
    if seen.is_none_or(|seen| now.0 > Timestamp(seen).plus_seconds(SEEN_SECONDS).0) {
        session.insert(SEEN_KEY, now.0).await.map_err(text)?;
    }
    Ok(Actor::User { user_id: user.user_id, name: user.name, role: user.role })
}
