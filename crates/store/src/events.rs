//! The one event table: timeline, audit trail, live updates, feed. Readers go by position, which follows commit order.

use domain::ids::{ContactId, CorrelationId};
use domain::orders::TimelineEntry;
use domain::time::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{ROWS, Tx, on};

/// The topics of events.
pub mod topic {
    /// Purchase orders; `data` is a `PurchaseOrderRow`.
    pub const ORDERS: &str = "orders";
    /// Order drafts; `data` is an `OrderDraftRow`.
    pub const DRAFTS: &str = "drafts";
    /// Who has an order open; `data` is an `OrderPresence`. Not part of what happened: only the last of each order is kept.
    pub const PRESENCE: &str = "presence";
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
pub fn add(tx: &mut Tx, event: NewEvent) {
    tx.unwritten.push(event);
}

/// Writes what was appended, many in one statement, each with its position.
///
/// Positions follow the order of commits. SQLite has one writer at a time. On PostgreSQL the trigger `event_ordered` takes a lock
/// before the first position is drawn, and the lock is given back when the commit is visible: whoever draws a higher position
/// commits later, so that no reader passes over an event.
pub(crate) async fn write(tx: &mut Tx) -> Result<(), StoreError> {
    if tx.unwritten.is_empty() {
        return Ok(());
    }
    if tx.is_in_savepoint() {
        // Written now, events of before the savepoint would go when it is undone.
        return Err(StoreError::Refused("events cannot be read within a savepoint".to_owned()));
    }
    let events = std::mem::take(&mut tx.unwritten);
    let placed_by_us = !tx.is_postgres();
    for chunk in events.chunks(ROWS) {
        on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new("INSERT INTO event (");
            query.push(if placed_by_us { "position, " } else { "" });
            query.push(
                "at, topic, kind, subject_id, contact_id, sequence, actor, correlation_id, detail, data) ",
            );
            query.push_values(chunk.iter().zip(1_u32..), |mut row, (event, ordinal)| {
                if placed_by_us {
                    row.push(format_args!("{LAST_OF_SQLITE} + {ordinal}"));
                }
                row.push_bind(event.at.0)
                    .push_bind(event.topic)
                    .push_bind(event.kind)
                    .push_bind(event.subject_id)
                    .push_bind(event.contact_id.map(|id| id.0))
                    .push_bind(event.sequence)
                    .push_bind(event.actor.clone())
                    .push_bind(event.correlation_id.map(|id| id.0))
                    .push_bind(event.detail.clone())
                    .push_bind(event.data.clone());
            });
            query.build().execute(conn).await?.rows_affected()
        });
        tx.wrote_events = true;
    }
    Ok(())
}

/// The number of the newest row that the table ever had; the same for every row of one statement.
const LAST_OF_SQLITE: &str = "(SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = 'event')";

/// Takes back the newest event of the thing when it is of this kind, this actor's, and not older than `since`: what follows tells the
/// same once more. Readers that have not come to it miss nothing, since the one that follows carries the row as it is then.
pub async fn take_back_last(
    tx: &mut Tx,
    subject_id: Uuid,
    kind: &str,
    actor: &str,
    since: Timestamp,
) -> Result<bool, StoreError> {
    write(tx).await?;
    Ok(on!(tx, |conn| {
        sqlx::query(
        "DELETE FROM event WHERE event_id = (SELECT MAX(event_id) FROM event WHERE subject_id = $1 AND topic IN ('orders', 'drafts'))
         AND kind = $2 AND actor = $3 AND at >= $4"
    )
    .bind(subject_id)
    .bind(kind)
    .bind(actor)
    .bind(since.0)
    .execute(conn)
    .await?
    .rows_affected()
    }) == 1)
}

/// Forgets the events of the thing in a topic that tells only how it is now: the one that follows tells that.
pub async fn forget_told(tx: &mut Tx, subject_id: Uuid, topic: &str) -> Result<(), StoreError> {
    write(tx).await?;
    on!(tx, |conn| sqlx::query("DELETE FROM event WHERE subject_id = $1 AND topic = $2")
        .bind(subject_id)
        .bind(topic)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}

/// How many events of the kind there are of the thing.
pub async fn count_of(tx: &mut Tx, subject_id: Uuid, kind: &str) -> Result<i64, StoreError> {
    write(tx).await?;
    Ok(on!(tx, |conn| sqlx::query_scalar("SELECT COUNT(*) FROM event WHERE subject_id = $1 AND kind = $2")
        .bind(subject_id)
        .bind(kind)
        .fetch_one(conn)
        .await?))
}

/// How many events of the kind there are in all.
pub async fn count_of_kind(tx: &mut Tx, topic: &str, kind: &str) -> Result<i64, StoreError> {
    write(tx).await?;
    Ok(on!(tx, |conn| sqlx::query_scalar("SELECT COUNT(*) FROM event WHERE topic = $1 AND kind = $2")
        .bind(topic)
        .bind(kind)
        .fetch_one(conn)
        .await?))
}

/// Events after the position, of all topics that open pages are told of.
pub async fn after(tx: &mut Tx, position: i64, limit: i64) -> Result<Vec<PlacedEvent>, StoreError> {
    write(tx).await?;
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
    write(tx).await?;
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
    write(tx).await?;
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
    write(tx).await?;
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
