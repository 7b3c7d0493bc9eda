//! Sessions of the browser, by the digest of their id.

use domain::time::Timestamp;

use crate::error::StoreError;
use crate::tx::{Tx, on};

/// The data of a session that has not expired.
pub async fn load(tx: &mut Tx, digest: &[u8], now: Timestamp) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(on!(tx, |conn| sqlx::query_scalar(
        "SELECT data FROM session WHERE id_digest = $1 AND expires_at > $2"
    )
    .bind(digest)
    .bind(now.0)
    .fetch_optional(conn)
    .await?))
}

/// Writes a session. `false` when the digest is taken; that happens with forged ids only.
pub async fn add(tx: &mut Tx, digest: &[u8], data: &[u8], expires_at: Timestamp) -> Result<bool, StoreError> {
    let affected = on!(tx, |conn| sqlx::query(
        "INSERT INTO session (id_digest, data, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
    )
    .bind(digest)
    .bind(data)
    .bind(expires_at.0)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(affected == 1)
}

/// Writes a session over what was there.
pub async fn save(tx: &mut Tx, digest: &[u8], data: &[u8], expires_at: Timestamp) -> Result<(), StoreError> {
    on!(tx, |conn| sqlx::query(
        "INSERT INTO session (id_digest, data, expires_at) VALUES ($1, $2, $3)
         ON CONFLICT (id_digest) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at"
    )
    .bind(digest)
    .bind(data)
    .bind(expires_at.0)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}

/// Ends a session.
pub async fn remove(tx: &mut Tx, digest: &[u8]) -> Result<(), StoreError> {
    on!(tx, |conn| sqlx::query("DELETE FROM session WHERE id_digest = $1")
        .bind(digest)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}

/// Forgets sessions that have expired; tells how many.
pub async fn remove_expired(tx: &mut Tx, now: Timestamp) -> Result<u64, StoreError> {
    Ok(on!(tx, |conn| sqlx::query("DELETE FROM session WHERE expires_at <= $1")
        .bind(now.0)
        .execute(conn)
        .await?
        .rows_affected()))
}

/// Signs everybody out.
pub async fn remove_all(tx: &mut Tx) -> Result<u64, StoreError> {
    Ok(on!(tx, |conn| sqlx::query("DELETE FROM session").execute(conn).await?.rows_affected()))
}
