//! Who has an order open now.

use domain::ids::{OrderId, TabId, UserId};
use domain::presence::Present;
use domain::time::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{Tx, on};

/// Notes that the window is open. `true` when it was not known to be: somebody came. Nobody comes to an order that does not exist.
pub async fn note(
    tx: &mut Tx,
    order_id: OrderId,
    user_id: UserId,
    tab: TabId,
    name: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let renewed = on!(tx, |conn| sqlx::query(
        "UPDATE order_presence SET seen_at = $1 WHERE order_id = $2 AND user_id = $3 AND tab = $4"
    )
    .bind(now.0)
    .bind(order_id.0)
    .bind(user_id.0)
    .bind(tab.0)
    .execute(conn)
    .await?
    .rows_affected());
    if renewed > 0 {
        return Ok(false);
    }
    Ok(on!(tx, |conn| sqlx::query(
        "INSERT INTO order_presence (order_id, user_id, tab, name, seen_at)
         SELECT order_id, $2, $3, $4, $5 FROM purchase_order WHERE order_id = $1
         ON CONFLICT (order_id, user_id, tab) DO NOTHING"
    )
    .bind(order_id.0)
    .bind(user_id.0)
    .bind(tab.0)
    .bind(name)
    .bind(now.0)
    .execute(conn)
    .await?
    .rows_affected())
        > 0)
}

/// The window was closed. `false` when it was not known to be open.
pub async fn leave(tx: &mut Tx, order_id: OrderId, user_id: UserId, tab: TabId) -> Result<bool, StoreError> {
    Ok(on!(tx, |conn| sqlx::query(
        "DELETE FROM order_presence WHERE order_id = $1 AND user_id = $2 AND tab = $3"
    )
    .bind(order_id.0)
    .bind(user_id.0)
    .bind(tab.0)
    .execute(conn)
    .await?
    .rows_affected())
        > 0)
}

/// Forgets the windows of an order that have not been heard of since; tells how many went.
pub async fn forget_silent(tx: &mut Tx, order_id: OrderId, since: Timestamp) -> Result<u64, StoreError> {
    Ok(on!(tx, |conn| sqlx::query("DELETE FROM order_presence WHERE order_id = $1 AND seen_at < $2")
        .bind(order_id.0)
        .bind(since.0)
        .execute(conn)
        .await?
        .rows_affected()))
}

/// The open windows of an order that were heard of since; at most 100.
pub async fn list(tx: &mut Tx, order_id: OrderId, since: Timestamp) -> Result<Vec<Present>, StoreError> {
    let rows: Vec<(Uuid, Uuid, String)> = on!(tx, |conn| sqlx::query_as(
        "SELECT user_id, tab, name FROM order_presence WHERE order_id = $1 AND seen_at >= $2
         ORDER BY name, user_id, tab LIMIT 100"
    )
    .bind(order_id.0)
    .bind(since.0)
    .fetch_all(conn)
    .await?);
    Ok(rows
        .into_iter()
        .map(|(user_id, tab, name)| Present { user_id: UserId(user_id), tab: TabId(tab), name })
        .collect())
}
