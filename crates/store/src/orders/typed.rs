//! What was typed and could not be read yet.

use std::collections::HashMap;

use domain::ids::OrderId;
use domain::orders::{OrderInput, PurchaseOrder, UnreadMarks};

use uuid::Uuid;

use super::bind_head;
use crate::error::StoreError;
use crate::tx::{ROWS, Tx, on, push_list};
use crate::value::{json, to_json};

/// Keeps what was typed and could not be read, without marks yet; `None` forgets it.
pub async fn set_typed(tx: &mut Tx, order_id: OrderId, input: Option<&OrderInput>) -> Result<(), StoreError> {
    let Some(input) = input else {
        on!(tx, |conn| sqlx::query("DELETE FROM order_typed WHERE order_id = $1")
            .bind(order_id.0)
            .execute(conn)
            .await?
            .rows_affected());
        return Ok(());
    };
    let input = to_json(input, "order_typed", "input")?;
    on!(tx, |conn| {
        sqlx::query(
            "INSERT INTO order_typed (order_id, input) VALUES ($1, $2)
         ON CONFLICT (order_id) DO UPDATE SET input = excluded.input, marks = NULL",
        )
        .bind(order_id.0)
        .bind(input)
        .execute(conn)
        .await?
        .rows_affected()
    });
    Ok(())
}

/// Keeps what lists tell of what was typed, until the next [`set_typed`].
pub async fn set_marks(tx: &mut Tx, order_id: OrderId, marks: &UnreadMarks) -> Result<(), StoreError> {
    let marks = to_json(marks, "order_typed", "marks")?;
    on!(tx, |conn| sqlx::query("UPDATE order_typed SET marks = $1 WHERE order_id = $2")
        .bind(&marks)
        .bind(order_id.0)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}

/// Orders whose typed text nobody has looked through since it was kept: those that come after `after`, or the first; at most `limit`.
pub async fn unmarked(tx: &mut Tx, after: Option<OrderId>, limit: i64) -> Result<Vec<OrderId>, StoreError> {
    let found: Vec<Uuid> = on!(tx, |conn| {
        sqlx::query_scalar(
        "SELECT order_id FROM order_typed WHERE marks IS NULL AND order_id > $1 ORDER BY order_id LIMIT $2"
    )
    .bind(after.map_or(Uuid::nil(), |id| id.0))
    .bind(limit)
    .fetch_all(conn)
    .await?
    });
    Ok(found.into_iter().map(OrderId).collect())
}

/// Writes what can be read of the head of an order that is kept as it was typed. Nobody has changed the order: it keeps its version and
/// its time, and open forms go on over them. `false` when it is another version by now, or was sent.
pub async fn write_what_is_read(tx: &mut Tx, order: &PurchaseOrder) -> Result<bool, StoreError> {
    let written = on!(tx, |conn| {
        bind_head!(
            sqlx::query(
                "UPDATE purchase_order SET supplier_id = $1, requested_delivery_date = $2, currency = $3, our_reference = $4,
                     their_reference = $5, note = $6, net_total = $7, line_count = $8, delivery_name = $9, delivery_street = $10,
                     delivery_postal_code = $11, delivery_city = $12
                 WHERE order_id = $13 AND version = $14 AND status IN ('draft', 'ready')",
            ),
            order
        )
        .bind(order.order_id.0)
        .bind(order.version)
        .execute(conn)
        .await?
        .rows_affected()
    });
    Ok(written == 1)
}

/// What was typed and could not be read yet.
pub async fn typed(tx: &mut Tx, order_id: OrderId) -> Result<Option<OrderInput>, StoreError> {
    let text: Option<String> =
        on!(tx, |conn| sqlx::query_scalar("SELECT input FROM order_typed WHERE order_id = $1")
            .bind(order_id.0)
            .fetch_optional(conn)
            .await?);
    text.map(|text| json(&text, "order_typed", "input")).transpose()
}

/// Locks an order, and gives it with what was typed when nobody has looked through that since it was kept. The text is read after the
/// lock: somebody may have saved the order while this waited for it.
pub async fn lock_unmarked(
    tx: &mut Tx,
    order_id: OrderId,
) -> Result<Option<(PurchaseOrder, OrderInput)>, StoreError> {
    let Some(order) = super::lock(tx, order_id).await? else { return Ok(None) };
    let text: Option<String> = on!(tx, |conn| sqlx::query_scalar(
        "SELECT input FROM order_typed WHERE order_id = $1 AND marks IS NULL"
    )
    .bind(order_id.0)
    .fetch_optional(conn)
    .await?);
    let typed = text.map(|text| json(&text, "order_typed", "input")).transpose()?;
    Ok(typed.map(|typed| (order, typed)))
}

/// What was typed of many orders; those that have it.
pub async fn typed_each(
    tx: &mut Tx,
    order_ids: &[OrderId],
) -> Result<HashMap<OrderId, OrderInput>, StoreError> {
    let mut found = HashMap::new();
    for chunk in order_ids.chunks(ROWS) {
        let rows: Vec<(Uuid, String)> = on!(tx, |conn| {
            let mut query =
                sqlx::QueryBuilder::new("SELECT order_id, input FROM order_typed WHERE order_id IN ");
            push_list(&mut query, chunk.iter().map(|id| id.0));
            query.build_query_as().fetch_all(conn).await?
        });
        for (order_id, text) in rows {
            found.insert(OrderId(order_id), json(&text, "order_typed", "input")?);
        }
    }
    Ok(found)
}
