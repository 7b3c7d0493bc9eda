//! What `prodsys doctor` asks the database.

use domain::ids::ConnectionId;
use domain::time::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::events;
use crate::migrate;
use crate::pool::{Pool, Store};
use crate::tx::{Tx, on};

/// Which version the tables have, and which this program makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schema {
    /// 0 where there are no tables.
    pub found: i64,
    pub known: i64,
}

impl Store {
    /// The version of the tables, without changing them.
    pub async fn schema(&self) -> Result<Schema, StoreError> {
        const THERE: &str = "SELECT COUNT(*) FROM sqlite_schema WHERE name = '_sqlx_migrations'";
        const FOUND: &str = "SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations WHERE success";
        let found = match &self.pool {
            Pool::Sqlite { read, .. } => match sqlx::query_scalar::<_, i64>(THERE).fetch_one(read).await? {
                0 => 0,
                _ => sqlx::query_scalar(FOUND).fetch_one(read).await?,
            },
            Pool::Postgres(pool) => {
                let there: bool = sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL")
                    .fetch_one(pool)
                    .await?;
                if there { sqlx::query_scalar(FOUND).fetch_one(pool).await? } else { 0 }
            }
        };
        Ok(Schema { found, known: migrate::newest() })
    }

    /// What SQLite says of damage in its file; empty when there is none. PostgreSQL looks after its own files.
    pub async fn damage(&self) -> Result<Vec<String>, StoreError> {
        let Pool::Sqlite { read, .. } = &self.pool else { return Ok(Vec::new()) };
        let said: Vec<String> = sqlx::query_scalar("PRAGMA quick_check(5)").fetch_all(read).await?;
        Ok(said.into_iter().filter(|line| line != "ok").collect())
    }

    /// How many rows name another row that is not there.
    pub async fn rows_astray(&self) -> Result<usize, StoreError> {
        let Pool::Sqlite { read, .. } = &self.pool else { return Ok(0) };
        Ok(sqlx::query("PRAGMA foreign_key_check").fetch_all(read).await?.len())
    }
}

/// What is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Figures {
    /// People who may administer and are not disabled.
    pub administrators: i64,
    pub purchase_orders: i64,
    pub order_drafts: i64,
    /// Messages that are stopped.
    pub parked: i64,
    /// Messages whose worker's lease ran out before `since`.
    pub stuck: i64,
    /// Messages that were due before `since`, on connections that are not paused.
    pub overdue: i64,
    /// Orders that a partner told of and that are not here.
    pub unknown_orders: i64,
}

/// Counts what has waited since the moment, and what is there.
pub async fn figures(tx: &mut Tx, since: Timestamp) -> Result<Figures, StoreError> {
    events::write(tx).await?;
    Ok(on!(tx, |conn| {
        sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM app_user WHERE role = 'administrator' AND disabled = FALSE) AS administrators,
             (SELECT COUNT(*) FROM purchase_order) AS purchase_orders,
             (SELECT COUNT(*) FROM order_draft) AS order_drafts,
             (SELECT COUNT(*) FROM message WHERE direction = 'out' AND state = 'parked') AS parked,
             (SELECT COUNT(*) FROM message WHERE direction = 'out' AND state = 'sending' AND lease_until < $1) AS stuck,
             (SELECT COUNT(*) FROM message m JOIN connection c ON c.connection_id = m.connection_id
              WHERE m.direction = 'out' AND m.state IN ('queued', 'waiting') AND m.next_attempt_at < $1 AND c.state <> 'paused') AS overdue,
             (SELECT COUNT(DISTINCT e.subject_id) FROM event e WHERE e.topic = 'admin' AND e.kind = 'order_unknown_here'
              AND NOT EXISTS (SELECT 1 FROM purchase_order o WHERE o.order_id = e.subject_id)) AS unknown_orders"
    )
    .bind(since.0)
    .fetch_one(conn)
    .await?
    }))
}

/// When something of the administration happened last, and its detail.
pub async fn last_of_kind(tx: &mut Tx, kind: &str) -> Result<Option<(Timestamp, String)>, StoreError> {
    events::write(tx).await?;
    let row: Option<(i64, Option<String>)> = on!(tx, |conn| sqlx::query_as(
        "SELECT at, detail FROM event WHERE topic = 'admin' AND kind = $1 ORDER BY event_id DESC LIMIT 1"
    )
    .bind(kind)
    .fetch_optional(conn)
    .await?);
    Ok(row.map(|(at, detail)| (Timestamp(at), detail.unwrap_or_default())))
}

/// The encrypted tokens of the connections.
pub async fn sealed_tokens(tx: &mut Tx) -> Result<Vec<(ConnectionId, Vec<u8>)>, StoreError> {
    let rows: Vec<(Uuid, Vec<u8>)> = on!(tx, |conn| {
        sqlx::query_as(
        "SELECT connection_id, token_ciphertext FROM connection WHERE token_ciphertext IS NOT NULL LIMIT 500"
    )
    .fetch_all(conn)
    .await?
    });
    Ok(rows.into_iter().map(|(id, sealed)| (ConnectionId(id), sealed)).collect())
}
