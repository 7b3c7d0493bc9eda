//! Tokens issued here: digests only.

use domain::ids::{ContactId, InstanceId, TokenId};
use domain::time::Timestamp;
use domain::tokens::{Scope, TokenRow};
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{Tx, locked, on};
use crate::value::required;

/// A token with what its use needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRecord {
    pub row: TokenRow,
    pub digest: Vec<u8>,
    pub peer_instance_id: Option<InstanceId>,
    pub peer_epoch: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct Row {
    token_id: Uuid,
    name: String,
    contact_id: Option<Uuid>,
    partner_name: Option<String>,
    digest: Vec<u8>,
    last_four: String,
    scopes: String,
    created_at: i64,
    created_by: String,
    expires_at: i64,
    revoked_at: Option<i64>,
    last_used_at: Option<i64>,
    last_used_address: Option<String>,
    peer_instance_id: Option<Uuid>,
    peer_epoch: Option<i64>,
}

impl Row {
    fn into_record(self) -> Result<TokenRecord, StoreError> {
        let scopes = self
            .scopes
            .split_whitespace()
            .map(|scope| required(Scope::from_code(scope), "token", "scopes"))
            .collect::<Result<_, _>>()?;
        Ok(TokenRecord {
            row: TokenRow {
                token_id: TokenId(self.token_id),
                name: self.name,
                contact_id: self.contact_id.map(ContactId),
                partner_name: self.partner_name,
                scopes,
                last_four: self.last_four,
                created_at: Timestamp(self.created_at),
                created_by: self.created_by,
                expires_at: Timestamp(self.expires_at),
                revoked_at: self.revoked_at.map(Timestamp),
                last_used_at: self.last_used_at.map(Timestamp),
                last_used_address: self.last_used_address,
            },
            digest: self.digest,
            peer_instance_id: self.peer_instance_id.map(InstanceId),
            peer_epoch: self.peer_epoch,
        })
    }
}

/// Writes a token.
pub async fn add(tx: &mut Tx, token: &TokenRow, digest: &[u8]) -> Result<(), StoreError> {
    let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.as_str()).collect();
    on!(tx, |conn| {
        sqlx::query(
        "INSERT INTO token (token_id, name, contact_id, digest, last_four, scopes, created_at, created_by, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    )
    .bind(token.token_id.0)
    .bind(&token.name)
    .bind(token.contact_id.map(|id| id.0))
    .bind(digest)
    .bind(&token.last_four)
    .bind(scopes.join(" "))
    .bind(token.created_at.0)
    .bind(&token.created_by)
    .bind(token.expires_at.0)
    .execute(conn)
    .await?
    .rows_affected()
    });
    Ok(())
}

/// The token with the digest.
pub async fn find_by_digest(tx: &mut Tx, digest: &[u8]) -> Result<Option<TokenRecord>, StoreError> {
    let row: Option<Row> = on!(tx, |conn| {
        sqlx::query_as(
        "SELECT t.*, c.name AS partner_name FROM token t LEFT JOIN contact c ON c.contact_id = t.contact_id WHERE t.digest = $1"
    )
    .bind(digest)
    .fetch_optional(conn)
    .await?
    });
    row.map(Row::into_record).transpose()
}

/// The token's row.
pub async fn lookup(tx: &mut Tx, id: TokenId) -> Result<Option<TokenRow>, StoreError> {
    let row: Option<Row> = on!(tx, |conn| {
        sqlx::query_as(
        "SELECT t.*, c.name AS partner_name FROM token t LEFT JOIN contact c ON c.contact_id = t.contact_id WHERE t.token_id = $1"
    )
    .bind(id.0)
    .fetch_optional(conn)
    .await?
    });
    Ok(row.map(Row::into_record).transpose()?.map(|record| record.row))
}

/// Every token, newest first; at most 500.
pub async fn list(tx: &mut Tx) -> Result<Vec<TokenRow>, StoreError> {
    let rows: Vec<Row> = on!(tx, |conn| {
        sqlx::query_as(
        "SELECT t.*, c.name AS partner_name FROM token t LEFT JOIN contact c ON c.contact_id = t.contact_id
         ORDER BY t.created_at DESC, t.token_id LIMIT 500"
    )
    .fetch_all(conn)
    .await?
    });
    rows.into_iter().map(|row| Ok(row.into_record()?.row)).collect()
}

/// Ends a token. `false` when there is none that lives.
pub async fn revoke(tx: &mut Tx, id: TokenId, now: Timestamp) -> Result<bool, StoreError> {
    let affected = on!(tx, |conn| sqlx::query(
        "UPDATE token SET revoked_at = $1 WHERE token_id = $2 AND revoked_at IS NULL"
    )
    .bind(now.0)
    .bind(id.0)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(affected == 1)
}

/// Writes when and from where the token was used last.
pub async fn touch(tx: &mut Tx, id: TokenId, now: Timestamp, address: &str) -> Result<(), StoreError> {
    on!(tx, |conn| sqlx::query(
        "UPDATE token SET last_used_at = $1, last_used_address = $2 WHERE token_id = $3"
    )
    .bind(now.0)
    .bind(address)
    .bind(id.0)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}

/// The customer that the token belongs to, as it is now; the row is held until the transaction ends.
pub async fn lock_contact(tx: &mut Tx, id: TokenId) -> Result<Option<ContactId>, StoreError> {
    let sql = locked!(tx, "SELECT contact_id FROM token WHERE token_id = $1");
    let found: Option<(Option<Uuid>,)> =
        on!(tx, |conn| sqlx::query_as(sql).bind(id.0).fetch_optional(conn).await?);
    Ok(found.and_then(|(contact,)| contact).map(ContactId))
}

/// Whether another token than this one was given to, or taken by, the customer.
pub async fn is_held_by_another(tx: &mut Tx, contact: ContactId, id: TokenId) -> Result<bool, StoreError> {
    let others: i64 = on!(tx, |conn| sqlx::query_scalar(
        "SELECT COUNT(*) FROM token WHERE contact_id = $1 AND token_id <> $2"
    )
    .bind(contact.0)
    .bind(id.0)
    .fetch_one(conn)
    .await?);
    Ok(others > 0)
}

/// The token belongs to this customer, unless it has one already.
pub async fn bind_contact(tx: &mut Tx, id: TokenId, contact: ContactId) -> Result<(), StoreError> {
    on!(tx, |conn| sqlx::query(
        "UPDATE token SET contact_id = $1 WHERE token_id = $2 AND contact_id IS NULL"
    )
    .bind(contact.0)
    .bind(id.0)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}

/// The token is used by this instance in this epoch.
pub async fn bind_peer(tx: &mut Tx, id: TokenId, peer: InstanceId, epoch: i64) -> Result<(), StoreError> {
    on!(tx, |conn| sqlx::query(
        "UPDATE token SET peer_instance_id = $1, peer_epoch = $2 WHERE token_id = $3"
    )
    .bind(peer.0)
    .bind(epoch)
    .bind(id.0)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}
