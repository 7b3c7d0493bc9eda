//! Connections: a partner's endpoint, the encrypted token it gave us, and how far we have read.

use domain::connections::{CatalogueAge, ConnectionRow, ConnectionState, ConnectionTest};
use domain::decimal::Percent;
use domain::errors::ErrorCode;
use domain::ids::{ConnectionId, ContactId, InstanceId};
use domain::time::{CalendarDate, Timestamp};
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{Tx, locked, on};
use crate::value::{date, json, required, to_json};

/// A connection with what its use needs.
#[derive(Clone, Debug)]
pub struct ConnectionRecord {
    pub row: ConnectionRow,
    pub token_ciphertext: Option<Vec<u8>>,
    pub partner_instance_id: Option<InstanceId>,
    pub partner_epoch: Option<i64>,
    pub feed_cursor: Option<String>,
    pub catalogue_cursor: Option<String>,
    pub catalogue_read_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct Row {
    connection_id: Uuid,
    contact_id: Option<Uuid>,
    contact_name: Option<String>,
    partner_name: Option<String>,
    endpoint: String,
    token_ciphertext: Option<Vec<u8>>,
    token_last_four: Option<String>,
    state: String,
    pause_code: Option<String>,
    last_test: Option<String>,
    last_contact_at: Option<i64>,
    price_tolerance: i64,
    partner_instance_id: Option<Uuid>,
    partner_epoch: Option<i64>,
    feed_cursor: Option<String>,
    catalogue_cursor: Option<String>,
    catalogue_read_at: Option<i64>,
    catalogue_count: i64,
    price_file_date: Option<String>,
    version: i64,
}

impl Row {
    fn into_record(self) -> Result<ConnectionRecord, StoreError> {
        let last_test = self
            .last_test
            .map(|text| json::<ConnectionTest>(&text, "connection", "last_test"))
            .transpose()?;
        Ok(ConnectionRecord {
            row: ConnectionRow {
                connection_id: ConnectionId(self.connection_id),
                contact_id: self.contact_id.map(ContactId),
                name: self.contact_name.or(self.partner_name).unwrap_or_else(|| self.endpoint.clone()),
                endpoint: self.endpoint,
                token_last_four: self.token_last_four,
                state: required(ConnectionState::from_code(&self.state), "connection", "state")?,
                pause_code: self.pause_code.as_deref().and_then(ErrorCode::from_code),
                last_test,
                last_contact_at: self.last_contact_at.map(Timestamp),
                price_tolerance: Percent(self.price_tolerance),
                catalogue: CatalogueAge {
                    read_at: self.catalogue_read_at.map(Timestamp),
                    articles: self.catalogue_count,
                    prices_from: date(self.price_file_date, "connection", "price_file_date")?,
                },
                version: self.version,
            },
            token_ciphertext: self.token_ciphertext,
            partner_instance_id: self.partner_instance_id.map(InstanceId),
            partner_epoch: self.partner_epoch,
            feed_cursor: self.feed_cursor,
            catalogue_cursor: self.catalogue_cursor,
            catalogue_read_at: self.catalogue_read_at.map(Timestamp),
        })
    }
}

const SELECT: &str =
    "SELECT k.*, c.name AS contact_name FROM connection k LEFT JOIN contact c ON c.contact_id = k.contact_id";

/// Writes a connection that has not been tested.
pub async fn add(
    tx: &mut Tx,
    id: ConnectionId,
    contact: Option<ContactId>,
    endpoint: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(tx, |conn| {
        sqlx::query(
        "INSERT INTO connection (connection_id, contact_id, endpoint, state, feed_lease_until, created_at, updated_at, version)
         VALUES ($1, $2, $3, 'unverified', 0, $4, $4, 1)"
    )
    .bind(id.0)
    .bind(contact.map(|id| id.0))
    .bind(endpoint)
    .bind(now.0)
    .execute(conn)
    .await?
    .rows_affected()
    });
    Ok(())
}

/// Changes where a connection leads. With another host the stored token is forgotten: it was given for the old one.
pub async fn set_endpoint(
    tx: &mut Tx,
    id: ConnectionId,
    endpoint: &str,
    forget_token: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(tx, |conn| {
        sqlx::query(
        "UPDATE connection SET endpoint = $1, state = 'unverified', pause_code = NULL,
             token_ciphertext = CASE WHEN $2 THEN NULL ELSE token_ciphertext END,
             token_last_four = CASE WHEN $2 THEN NULL ELSE token_last_four END, updated_at = $3, version = version + 1
         WHERE connection_id = $4"
    )
    .bind(endpoint)
    .bind(forget_token)
    .bind(now.0)
    .bind(id.0)
    .execute(conn)
    .await?
    .rows_affected()
    });
    Ok(())
}

/// Keeps the encrypted token.
pub async fn set_token(
    tx: &mut Tx,
    id: ConnectionId,
    ciphertext: &[u8],
    last_four: &str,
) -> Result<(), StoreError> {
    on!(tx, |conn| {
        sqlx::query(
        "UPDATE connection SET token_ciphertext = $1, token_last_four = $2, state = 'unverified', version = version + 1
         WHERE connection_id = $3"
    )
    .bind(ciphertext)
    .bind(last_four)
    .bind(id.0)
    .execute(conn)
    .await?
    .rows_affected()
    });
    Ok(())
}

/// How much a price may differ from the partner's list without being told.
pub async fn set_price_tolerance(
    tx: &mut Tx,
    id: ConnectionId,
    tolerance: Percent,
) -> Result<(), StoreError> {
    on!(tx, |conn| sqlx::query("UPDATE connection SET price_tolerance = $1 WHERE connection_id = $2")
        .bind(tolerance.0)
        .bind(id.0)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}

/// Which supplier the connection leads to.
pub async fn set_contact(
    tx: &mut Tx,
    id: ConnectionId,
    contact: Option<ContactId>,
) -> Result<(), StoreError> {
    on!(tx, |conn| sqlx::query("UPDATE connection SET contact_id = $1 WHERE connection_id = $2")
        .bind(contact.map(|id| id.0))
        .bind(id.0)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}

/// Keeps the outcome of a test, and who answered. The epoch of a partner that is known already stays the one that we have reconciled
/// with.
pub async fn set_test(
    tx: &mut Tx,
    id: ConnectionId,
    test: &ConnectionTest,
    state: ConnectionState,
) -> Result<(), StoreError> {
    let text = to_json(test, "connection", "last_test")?;
    let identity = test.identity.as_ref();
    on!(tx, |conn| {
        sqlx::query(
        "UPDATE connection SET last_test = $1, state = $2, pause_code = CASE WHEN $2 = 'paused' THEN $3 ELSE NULL END,
             partner_instance_id = COALESCE($4, partner_instance_id), partner_epoch = CASE WHEN partner_epoch IS NULL OR partner_instance_id <> $4 THEN COALESCE($5, partner_epoch) ELSE partner_epoch END,
             partner_name = COALESCE($6, partner_name), last_contact_at = CASE WHEN $4 IS NULL THEN last_contact_at ELSE $7 END,
             version = version + 1
         WHERE connection_id = $8"
    )
    .bind(text)
    .bind(state.as_str())
    .bind(test.failure.map(ErrorCode::as_str))
    .bind(identity.map(|identity| identity.instance_id.0))
    .bind(identity.map(|identity| identity.epoch))
    .bind(identity.map(|identity| identity.company_name.clone()))
    .bind(test.at.0)
    .bind(id.0)
    .execute(conn)
    .await?
    .rows_affected()
    });
    Ok(())
}

/// Stops the connection: nothing is sent until a test passes.
pub async fn pause(tx: &mut Tx, id: ConnectionId, code: ErrorCode) -> Result<(), StoreError> {
    on!(tx, |conn| {
        sqlx::query("UPDATE connection SET state = 'paused', pause_code = $1, version = version + 1 WHERE connection_id = $2")
        .bind(code.as_str())
        .bind(id.0)
        .execute(conn)
        .await?
        .rows_affected()
    });
    Ok(())
}

/// The partner answered.
pub async fn touch_contact(tx: &mut Tx, id: ConnectionId, now: Timestamp) -> Result<(), StoreError> {
    on!(tx, |conn| sqlx::query("UPDATE connection SET last_contact_at = $1 WHERE connection_id = $2")
        .bind(now.0)
        .bind(id.0)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}

/// The partner's feed is read from its start.
pub async fn forget_feed_cursor(tx: &mut Tx, id: ConnectionId) -> Result<(), StoreError> {
    on!(tx, |conn| sqlx::query("UPDATE connection SET feed_cursor = NULL WHERE connection_id = $1")
        .bind(id.0)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}

/// The partner answered, and its feed was read so far.
pub async fn set_read_to(
    tx: &mut Tx,
    id: ConnectionId,
    cursor: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(tx, |conn| sqlx::query(
        "UPDATE connection SET feed_cursor = $1, last_contact_at = $2 WHERE connection_id = $3"
    )
    .bind(cursor)
    .bind(now.0)
    .bind(id.0)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}

/// We have reconciled with the partner in this epoch, and have read its feed so far.
pub async fn set_partner_epoch(
    tx: &mut Tx,
    id: ConnectionId,
    epoch: i64,
    cursor: Option<&str>,
) -> Result<(), StoreError> {
    on!(tx, |conn| sqlx::query(
        "UPDATE connection SET partner_epoch = $1, feed_cursor = $2 WHERE connection_id = $3"
    )
    .bind(epoch)
    .bind(cursor)
    .bind(id.0)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}

/// Nothing of the partner's catalogue is known.
pub async fn forget_catalogue(tx: &mut Tx, id: ConnectionId) -> Result<(), StoreError> {
    on!(tx, |conn| {
        sqlx::query(
        "UPDATE connection SET catalogue_cursor = NULL, catalogue_count = 0, catalogue_read_at = NULL, price_file_date = NULL
         WHERE connection_id = $1"
    )
    .bind(id.0)
    .execute(conn)
    .await?
    .rows_affected()
    });
    Ok(())
}

/// How far the partner's catalogue was read, kept from others until the transaction ends. `None` when there is no such connection.
pub async fn lock_catalogue(tx: &mut Tx, id: ConnectionId) -> Result<Option<Option<String>>, StoreError> {
    let sql = locked!(tx, "SELECT catalogue_cursor FROM connection WHERE connection_id = $1");
    Ok(on!(tx, |conn| sqlx::query_scalar(sql).bind(id.0).fetch_optional(conn).await?))
}

/// How far the partner's catalogue was read, how many articles were not known before, and, at its end, when that was.
pub async fn set_catalogue_cursor(
    tx: &mut Tx,
    id: ConnectionId,
    cursor: &str,
    more_articles: i64,
    read_at: Option<Timestamp>,
) -> Result<(), StoreError> {
    on!(tx, |conn| sqlx::query(
        "UPDATE connection SET catalogue_cursor = $1, catalogue_count = catalogue_count + $2,
             catalogue_read_at = COALESCE($3, catalogue_read_at)
         WHERE connection_id = $4"
    )
    .bind(cursor)
    .bind(more_articles)
    .bind(read_at.map(|at| at.0))
    .bind(id.0)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}

/// The catalogue came from a file, with the day from which its prices hold: there is no place in the partner's to go on from.
pub async fn set_catalogue_from_file(
    tx: &mut Tx,
    id: ConnectionId,
    read_at: Timestamp,
    prices_from: Option<CalendarDate>,
) -> Result<(), StoreError> {
    on!(tx, |conn| {
        sqlx::query(
        "UPDATE connection SET catalogue_cursor = NULL, catalogue_read_at = $1, price_file_date = $3 WHERE connection_id = $2"
    )
    .bind(read_at.0)
    .bind(id.0)
    .bind(prices_from.map(|date| date.to_string()))
    .execute(conn)
    .await?
    .rows_affected()
    });
    Ok(())
}

/// A connection.
pub async fn lookup(tx: &mut Tx, id: ConnectionId) -> Result<Option<ConnectionRecord>, StoreError> {
    let row: Option<Row> = on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(SELECT);
        query.push(" WHERE k.connection_id = ").push_bind(id.0);
        query.build_query_as().fetch_optional(conn).await?
    });
    row.map(Row::into_record).transpose()
}

/// The connection that leads to the supplier.
pub async fn find_by_contact(
    tx: &mut Tx,
    contact: ContactId,
) -> Result<Option<ConnectionRecord>, StoreError> {
    let row: Option<Row> = on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(SELECT);
        query.push(" WHERE k.contact_id = ").push_bind(contact.0);
        query.build_query_as().fetch_optional(conn).await?
    });
    row.map(Row::into_record).transpose()
}

/// Every connection, by name; at most 500.
pub async fn list(tx: &mut Tx) -> Result<Vec<ConnectionRow>, StoreError> {
    let rows: Vec<Row> = on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(SELECT);
        query.push(" ORDER BY c.name, k.endpoint LIMIT 500");
        query.build_query_as().fetch_all(conn).await?
    });
    rows.into_iter().map(|row| Ok(row.into_record()?.row)).collect()
}
