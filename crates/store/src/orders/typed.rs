//! What was typed and could not be read yet.

use domain::ids::OrderId;
use domain::orders::OrderInput;

use crate::error::StoreError;
use crate::tx::{Tx, on};
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
