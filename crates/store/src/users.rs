//! People who sign in, and how often they failed to.

use domain::ids::UserId;
use domain::roles::Role;
use domain::time::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{Tx, on};
use crate::value::required;

/// A person with the hash of the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRecord {
    pub user_id: UserId,
    pub email: String,
    pub name: String,
    pub role: Role,
    pub password_hash: String,
    pub disabled: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    user_id: Uuid,
    email: String,
    name: String,
    role: String,
    password_hash: String,
    disabled: bool,
}

impl Row {
    fn into_record(self) -> Result<UserRecord, StoreError> {
        Ok(UserRecord {
            user_id: UserId(self.user_id),
            email: self.email,
            name: self.name,
            role: required(Role::from_code(&self.role), "app_user", "role")?,
            password_hash: self.password_hash,
            disabled: self.disabled,
        })
    }
}

/// Writes a person. `false` when the address is taken.
pub async fn add(tx: &mut Tx, user: &UserRecord, now: Timestamp) -> Result<bool, StoreError> {
    let affected = on!(tx, |conn| {
        sqlx::query(
        "INSERT INTO app_user (user_id, email, name, role, password_hash, disabled, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (email) DO NOTHING"
    )
    .bind(user.user_id.0)
    .bind(&user.email)
    .bind(&user.name)
    .bind(user.role.as_str())
    .bind(&user.password_hash)
    .bind(user.disabled)
    .bind(now.0)
    .execute(conn)
    .await?
    .rows_affected()
    });
    Ok(affected == 1)
}

/// The names of administrators who can sign in, in their order; no more than `limit`.
pub async fn administrators(tx: &mut Tx, limit: i64) -> Result<Vec<String>, StoreError> {
    Ok(on!(tx, |conn| sqlx::query_scalar(
        "SELECT name FROM app_user WHERE role = $1 AND disabled = FALSE ORDER BY name, user_id LIMIT $2"
    )
    .bind(Role::Administrator.as_str())
    .bind(limit)
    .fetch_all(conn)
    .await?))
}

/// A person by id.
pub async fn lookup(tx: &mut Tx, id: UserId) -> Result<Option<UserRecord>, StoreError> {
    let row: Option<Row> = on!(tx, |conn| sqlx::query_as(
        "SELECT user_id, email, name, role, password_hash, disabled FROM app_user WHERE user_id = $1"
    )
    .bind(id.0)
    .fetch_optional(conn)
    .await?);
    row.map(Row::into_record).transpose()
}

/// A person by address, in lower case.
pub async fn find_by_email(tx: &mut Tx, email: &str) -> Result<Option<UserRecord>, StoreError> {
    let row: Option<Row> = on!(tx, |conn| sqlx::query_as(
        "SELECT user_id, email, name, role, password_hash, disabled FROM app_user WHERE email = $1"
    )
    .bind(email)
    .fetch_optional(conn)
    .await?);
    row.map(Row::into_record).transpose()
}

/// How many people there are.
pub async fn count(tx: &mut Tx) -> Result<i64, StoreError> {
    Ok(on!(tx, |conn| sqlx::query_scalar("SELECT COUNT(*) FROM app_user").fetch_one(conn).await?))
}

/// Writes when a person signed in last.
pub async fn touch(tx: &mut Tx, id: UserId, now: Timestamp) -> Result<(), StoreError> {
    on!(tx, |conn| sqlx::query("UPDATE app_user SET last_sign_in_at = $1 WHERE user_id = $2")
        .bind(now.0)
        .bind(id.0)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}

/// Shuts a person out. `false` when there is none who may come in.
pub async fn disable(tx: &mut Tx, id: UserId) -> Result<bool, StoreError> {
    let affected = on!(tx, |conn| sqlx::query(
        "UPDATE app_user SET disabled = TRUE WHERE user_id = $1 AND NOT disabled"
    )
    .bind(id.0)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(affected == 1)
}

/// Failures counted under a key, and until when the key is blocked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Throttle {
    pub failures: i64,
    pub blocked_until: Timestamp,
    pub updated_at: Timestamp,
}

/// What is counted under the key.
pub async fn throttle(tx: &mut Tx, key: &str) -> Result<Throttle, StoreError> {
    let row: Option<(i64, i64, i64)> = on!(tx, |conn| sqlx::query_as(
        "SELECT failures, blocked_until, updated_at FROM sign_in_throttle WHERE throttle_key = $1"
    )
    .bind(key)
    .fetch_optional(conn)
    .await?);
    Ok(row.map_or_else(Throttle::default, |(failures, blocked_until, updated_at)| Throttle {
        failures,
        blocked_until: Timestamp(blocked_until),
        updated_at: Timestamp(updated_at),
    }))
}

/// Keeps what is counted under the key.
pub async fn set_throttle(tx: &mut Tx, key: &str, throttle: Throttle) -> Result<(), StoreError> {
    on!(tx, |conn| {
        sqlx::query(
        "INSERT INTO sign_in_throttle (throttle_key, failures, blocked_until, updated_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (throttle_key) DO UPDATE SET failures = excluded.failures, blocked_until = excluded.blocked_until,
             updated_at = excluded.updated_at"
    )
    .bind(key)
    .bind(throttle.failures)
    .bind(throttle.blocked_until.0)
    .bind(throttle.updated_at.0)
    .execute(conn)
    .await?
    .rows_affected()
    });
    Ok(())
}

/// Forgets what is counted under the key.
pub async fn clear_throttle(tx: &mut Tx, key: &str) -> Result<(), StoreError> {
    on!(tx, |conn| sqlx::query("DELETE FROM sign_in_throttle WHERE throttle_key = $1")
        .bind(key)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}
