//! The one event table: timeline, audit trail, live updates, feed. Readers go by position, which follows commit order.

use domain::ids::{ContactId, CorrelationId};
use domain::orders::TimelineEntry;
use domain::time::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{Tx, on};

/// The topics of events.
pub mod topic {
    /// Purchase orders; `data` is a `PurchaseOrderRow`.
    pub const ORDERS: &str = "orders";
    /// Order drafts; `data` is an `OrderDraftRow`.
    pub const DRAFTS: &str = "drafts";
    /// What a partner reads in the feed; `data` is the order's state as in the partner API.
    pub const FEED: &str = "feed";
    /// Something new in the integration log.
    pub const LOG: &str = "log";
    /// Articles and contacts.
    pub const REGISTERS: &str = "registers";
    /// Switches, tokens, connections, users.
    pub const ADMIN: &str = "admin";
}

/// An event to be written.
#[derive(Clone, Debug, Default)]
pub struct NewEvent {
    pub at: Timestamp,
    pub topic: &'static str,
    pub kind: &'static str,
    pub subject_id: Option<Uuid>,
    pub contact_id: Option<ContactId>,
    pub sequence: Option<i64>,
    pub actor: String,
    pub correlation_id: Option<CorrelationId>,
    pub detail: Option<String>,
    pub data: Option<String>,
}

/// An event as readers see it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PlacedEvent {
    pub position: i64,
    pub topic: String,
    pub kind: String,
    pub subject_id: Option<Uuid>,
    pub correlation_id: Option<Uuid>,
    pub data: Option<String>,
}

/// Appends an event to the transaction.
pub async fn add(tx: &mut Tx, event: NewEvent) -> Result<(), StoreError> {
    on!(tx, |conn| {
        sqlx::query(
        "INSERT INTO event (at, topic, kind, subject_id, contact_id, sequence, actor, correlation_id, detail, data)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    )
    .bind(event.at.0)
    .bind(event.topic)
    .bind(event.kind)
    .bind(event.subject_id)
    .bind(event.contact_id.map(|id| id.0))
    .bind(event.sequence)
    .bind(event.actor)
    .bind(event.correlation_id.map(|id| id.0))
    .bind(event.detail)
    .bind(event.data)
    .execute(conn)
    .await?.rows_affected()
    });
    Ok(())
}

/// How many events of the kind there are of the thing.
pub async fn count_of(tx: &mut Tx, subject_id: Uuid, kind: &str) -> Result<i64, StoreError> {
    Ok(on!(tx, |conn| sqlx::query_scalar("SELECT COUNT(*) FROM event WHERE subject_id = $1 AND kind = $2")
        .bind(subject_id)
        .bind(kind)
        .fetch_one(conn)
        .await?))
}

/// How many events of the kind there are in all.
pub async fn count_of_kind(tx: &mut Tx, topic: &str, kind: &str) -> Result<i64, StoreError> {
    Ok(on!(tx, |conn| sqlx::query_scalar("SELECT COUNT(*) FROM event WHERE topic = $1 AND kind = $2")
        .bind(topic)
        .bind(kind)
        .fetch_one(conn)
        .await?))
}

/// Gives committed events their position, in the order in which they became visible. Only PostgreSQL needs it: there an event
/// with a lower id can be committed later, and a reader that went by id would skip it. One sequencer works at a time; what it
/// places becomes visible with its own commit.
pub async fn place(tx: &mut Tx) -> Result<u64, StoreError> {
    if !tx.is_postgres() {
        return Ok(0);
    }
    on!(tx, |conn| sqlx::query("SELECT pg_advisory_xact_lock(7261001)").execute(conn).await?.rows_affected());
    let placed = on!(tx, |conn| {
        sqlx::query(
        "UPDATE event SET position = placed.position
         FROM (SELECT event_id, nextval('event_position') AS position
               FROM (SELECT event_id FROM event WHERE position IS NULL ORDER BY event_id LIMIT 1000) AS waiting) AS placed
         WHERE event.event_id = placed.event_id"
    )
    .execute(conn)
    .await?
    .rows_affected()
    });
    Ok(placed)
}

/// Events after the position, of all topics that open pages are told of.
pub async fn after(tx: &mut Tx, position: i64, limit: i64) -> Result<Vec<PlacedEvent>, StoreError> {
    Ok(on!(tx, |conn| {
        sqlx::query_as(
        "SELECT position, topic, kind, subject_id, correlation_id, data FROM event WHERE position > $1 ORDER BY position LIMIT $2"
    )
    .bind(position)
    .bind(limit)
    .fetch_all(conn)
    .await?
    }))
}

/// Events of the feed after the position that the partner may read.
pub async fn feed_after(
    tx: &mut Tx,
    contact_id: ContactId,
    position: i64,
    limit: i64,
) -> Result<Vec<PlacedEvent>, StoreError> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "SELECT position, topic, kind, subject_id, correlation_id, data FROM event
         WHERE topic = 'feed' AND contact_id = $1 AND position > $2 ORDER BY position LIMIT $3"
    )
    .bind(contact_id.0)
    .bind(position)
    .bind(limit)
    .fetch_all(conn)
    .await?))
}

/// The position of the last event; 0 when there is none.
pub async fn latest_position(tx: &mut Tx) -> Result<i64, StoreError> {
    Ok(on!(tx, |conn| sqlx::query_scalar("SELECT COALESCE(MAX(position), 0) FROM event")
        .fetch_one(conn)
        .await?))
}

#[derive(sqlx::FromRow)]
struct TimelineRow {
    at: i64,
    kind: String,
    actor: String,
    detail: Option<String>,
}

/// What happened to one thing, oldest first; at most 500 entries. The feed's own copies are left out.
pub async fn timeline(tx: &mut Tx, subject_id: Uuid) -> Result<Vec<TimelineEntry>, StoreError> {
    let rows: Vec<TimelineRow> = on!(tx, |conn| {
        sqlx::query_as(
        "SELECT at, kind, actor, detail FROM event WHERE subject_id = $1 AND topic IN ('orders', 'drafts')
         ORDER BY event_id LIMIT 500"
    )
    .bind(subject_id)
    .fetch_all(conn)
    .await?
    });
    Ok(rows
        .into_iter()
        .map(|row| TimelineEntry {
            at: Timestamp(row.at),
            kind: row.kind,
            actor: row.actor,
            detail: row.detail,
        })
        .collect())
}
