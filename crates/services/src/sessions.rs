//! Sessions of the browser, by the digest of their id: what the server's session layer needs.

use domain::time::Timestamp;

use crate::ctx::Ctx;
use crate::error::ServiceError;

/// The data of a session that lives.
pub async fn load(ctx: &Ctx, digest: [u8; 32]) -> Result<Option<Vec<u8>>, ServiceError> {
    Ok(store::sessions::load(&mut ctx.store.glance().await?, &digest, ctx.now()).await?)
}

/// Keeps a new session. `false` when the digest is taken.
pub async fn add(
    ctx: &Ctx,
    digest: [u8; 32],
    data: Vec<u8>,
    expires_at: Timestamp,
) -> Result<bool, ServiceError> {
    ctx.write((digest, data, expires_at), |_, tx, (digest, data, expires_at)| {
        Box::pin(async move { Ok(store::sessions::add(tx, digest, data, *expires_at).await?) })
    })
    .await
}

/// Keeps a session over what was there.
pub async fn save(
    ctx: &Ctx,
    digest: [u8; 32],
    data: Vec<u8>,
    expires_at: Timestamp,
) -> Result<(), ServiceError> {
    ctx.write((digest, data, expires_at), |_, tx, (digest, data, expires_at)| {
        Box::pin(async move { Ok(store::sessions::save(tx, digest, data, *expires_at).await?) })
    })
    .await
}

/// Ends a session.
pub async fn remove(ctx: &Ctx, digest: [u8; 32]) -> Result<(), ServiceError> {
    ctx.write(digest, |_, tx, digest| Box::pin(async move { Ok(store::sessions::remove(tx, digest).await?) }))
        .await
}

/// Forgets sessions that have expired; tells how many.
pub async fn remove_expired(ctx: &Ctx) -> Result<u64, ServiceError> {
    ctx.write((), |ctx, tx, ()| {
        Box::pin(async move { Ok(store::sessions::remove_expired(tx, ctx.now()).await?) })
    })
    .await
}
