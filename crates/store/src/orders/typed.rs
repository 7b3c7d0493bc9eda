//! What was typed and could not be read yet.

use std::collections::HashMap;

use domain::ids::OrderId;
use domain::orders::OrderInput;

use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{ROWS, Tx, on, push_list};
use crate::value::{json, to_json};

/// Keeps what was typed and could not be read; `None` forgets it.
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
        "INSERT INTO order_typed (order_id, input) VALUES ($1, $2) ON CONFLICT (order_id) DO UPDATE SET input = excluded.input"
    )
    .bind(order_id.0)
    .bind(input)
    .execute(conn)
    .await?.rows_affected()
    });
    Ok(())
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

/// The same of many orders; those that have it.
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
