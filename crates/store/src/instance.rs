//! The one row that says which instance this is.

use domain::ids::InstanceId;
use domain::time::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{Tx, on};

/// The instance's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstanceRow {
    pub instance_id: InstanceId,
    pub epoch: i64,
    pub extension_on: bool,
    pub api_access: bool,
    /// Ciphertext of a known text: a wrong key is noticed before anything is done with it.
    pub key_probe: Option<Vec<u8>>,
    pub setup_code_digest: Option<Vec<u8>>,
    pub setup_code_expires_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Row {
    instance_id: Uuid,
    epoch: i64,
    extension_on: bool,
    api_access: bool,
    key_probe: Option<Vec<u8>>,
    setup_code_digest: Option<Vec<u8>>,
    setup_code_expires_at: Option<i64>,
    created_at: i64,
}

/// The instance's row; `None` in a database that is still empty.
pub async fn lookup(tx: &mut Tx) -> Result<Option<InstanceRow>, StoreError> {
    let row: Option<Row> = on!(tx, |conn| {
        sqlx::query_as(
        "SELECT instance_id, epoch, extension_on, api_access, key_probe, setup_code_digest, setup_code_expires_at, created_at
         FROM instance WHERE id = 1"
    )
    .fetch_optional(conn)
    .await?
    });
    Ok(row.map(|row| InstanceRow {
        instance_id: InstanceId(row.instance_id),
        epoch: row.epoch,
        extension_on: row.extension_on,
        api_access: row.api_access,
        key_probe: row.key_probe,
        setup_code_digest: row.setup_code_digest,
        setup_code_expires_at: row.setup_code_expires_at.map(Timestamp),
        created_at: Timestamp(row.created_at),
    }))
}

/// Writes the row of a new instance, with every switch off. `false` when there is one already.
pub async fn add(tx: &mut Tx, id: InstanceId, now: Timestamp) -> Result<bool, StoreError> {
    let affected = on!(tx, |conn| {
        sqlx::query(
        "INSERT INTO instance (id, instance_id, epoch, extension_on, api_access, created_at) VALUES (1, $1, 1, FALSE, FALSE, $2)
         ON CONFLICT DO NOTHING"
    )
    .bind(id.0)
    .bind(now.0)
    .execute(conn)
    .await?
    .rows_affected()
    });
    Ok(affected == 1)
}

/// Switches the extension *ProdSys to ProdSys*.
pub async fn set_extension(tx: &mut Tx, on: bool) -> Result<(), StoreError> {
    on!(tx, |conn| sqlx::query("UPDATE instance SET extension_on = $1")
        .bind(on)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}

/// Switches *API-tilgang*.
pub async fn set_api_access(tx: &mut Tx, on: bool) -> Result<(), StoreError> {
    on!(tx, |conn| sqlx::query("UPDATE instance SET api_access = $1")
        .bind(on)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}

/// Keeps the probe of the key.
pub async fn set_key_probe(tx: &mut Tx, probe: &[u8]) -> Result<(), StoreError> {
    on!(tx, |conn| sqlx::query("UPDATE instance SET key_probe = $1")
        .bind(probe)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}

/// Keeps the digest of the one-time code for the first administrator; `None` forgets it.
pub async fn set_setup_code(tx: &mut Tx, code: Option<(&[u8], Timestamp)>) -> Result<(), StoreError> {
    on!(tx, |conn| sqlx::query("UPDATE instance SET setup_code_digest = $1, setup_code_expires_at = $2")
        .bind(code.map(|(digest, _)| digest))
        .bind(code.map(|(_, expires_at)| expires_at.0))
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}

/// Begins a new epoch: whoever knows an older one knows of a life that is over.
pub async fn set_epoch(tx: &mut Tx, epoch: i64) -> Result<(), StoreError> {
    on!(tx, |conn| sqlx::query("UPDATE instance SET epoch = $1")
        .bind(epoch)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}
