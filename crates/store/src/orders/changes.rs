//! What each saving of an order changed, the forms that it came from, and what was typed over somebody else's changes.

use domain::ids::{ConflictId, FormKey, OrderId, OrderLineId};
use domain::orders::{OrderDifference, OrderInput};
use domain::time::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{Tx, on};
use crate::value::{json, to_json};

/// What was different in an order after it was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The version that the saving made.
    pub version: i64,
    pub at: Timestamp,
    pub actor: String,
    /// The form that it came from.
    pub form_key: Option<FormKey>,
    pub differences: Vec<OrderDifference>,
}

#[derive(sqlx::FromRow)]
struct ChangeRow {
    version: i64,
    at: i64,
    actor: String,
    form_key: Option<Uuid>,
    differences: String,
}

/// Keeps what a saving changed.
pub async fn add_change(tx: &mut Tx, order_id: OrderId, change: &Change) -> Result<(), StoreError> {
    let differences = to_json(&change.differences, "order_change", "differences")?;
    on!(tx, |conn| {
        sqlx::query(
        "INSERT INTO order_change (order_id, version, at, actor, form_key, differences) VALUES ($1, $2, $3, $4, $5, $6)"
    )
    .bind(order_id.0)
    .bind(change.version)
    .bind(change.at.0)
    .bind(&change.actor)
    .bind(change.form_key.map(|key| key.0))
    .bind(differences)
    .execute(conn)
    .await?
    .rows_affected()
    });
    Ok(())
}

/// What was changed after a version, the newest first; at most `limit` savings.
pub async fn changes_after(
    tx: &mut Tx,
    order_id: OrderId,
    version: i64,
    limit: i64,
) -> Result<Vec<Change>, StoreError> {
    let rows: Vec<ChangeRow> = on!(tx, |conn| {
        sqlx::query_as(
        "SELECT version, at, actor, form_key, differences FROM order_change WHERE order_id = $1 AND version > $2
         ORDER BY version DESC LIMIT $3"
    )
    .bind(order_id.0)
    .bind(version)
    .bind(limit)
    .fetch_all(conn)
    .await?
    });
    rows.into_iter()
        .map(|row| {
            Ok(Change {
                version: row.version,
                at: Timestamp(row.at),
                actor: row.actor,
                form_key: row.form_key.map(FormKey),
                differences: json(&row.differences, "order_change", "differences")?,
            })
        })
        .collect()
}

/// Whether the history begins at the version or before it. An order that was deleted and put back has lost what came before.
pub async fn history_reaches(tx: &mut Tx, order_id: OrderId, version: i64) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM order_change WHERE order_id = $1 AND version <= $2 LIMIT 1";
    let found =
        on!(tx, |conn| sqlx::query(sql).bind(order_id.0).bind(version).fetch_optional(conn).await?.is_some());
    Ok(found)
}

/// Gives a form its order: the id of the order that it made before, or `order_id`, which it makes now. Two tries at once: the later one
/// waits and gets the earlier one's.
pub async fn claim_form(tx: &mut Tx, form_key: FormKey, order_id: OrderId) -> Result<OrderId, StoreError> {
    let affected = on!(tx, |conn| sqlx::query(
        "INSERT INTO order_form (form_key, order_id) VALUES ($1, $2) ON CONFLICT (form_key) DO NOTHING"
    )
    .bind(form_key.0)
    .bind(order_id.0)
    .execute(conn)
    .await?
    .rows_affected());
    if affected == 1 {
        return Ok(order_id);
    }
    let id: Uuid = on!(tx, |conn| sqlx::query_scalar("SELECT order_id FROM order_form WHERE form_key = $1")
        .bind(form_key.0)
        .fetch_one(conn)
        .await?);
    Ok(OrderId(id))
}

/// The order that a form made.
pub async fn order_of_form(tx: &mut Tx, form_key: FormKey) -> Result<Option<OrderId>, StoreError> {
    let id: Option<Uuid> =
        on!(tx, |conn| sqlx::query_scalar("SELECT order_id FROM order_form WHERE form_key = $1")
            .bind(form_key.0)
            .fetch_optional(conn)
            .await?);
    Ok(id.map(OrderId))
}

/// What somebody typed while others changed the same fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptConflict {
    pub conflict_id: ConflictId,
    pub order_id: OrderId,
    pub at: Timestamp,
    pub actor: String,
    /// The version that was typed over.
    pub base_version: i64,
    pub form_key: Option<FormKey>,
    pub input: OrderInput,
}

#[derive(sqlx::FromRow)]
struct ConflictRow {
    conflict_id: Uuid,
    order_id: Uuid,
    at: i64,
    actor: String,
    base_version: i64,
    form_key: Option<Uuid>,
    input: String,
}

/// Conflicts of one order that are kept at most; the oldest goes first.
const MOST_CONFLICTS: i64 = 20;

/// Keeps what was typed until whoever typed it has chosen.
pub async fn add_conflict(tx: &mut Tx, conflict: &KeptConflict) -> Result<(), StoreError> {
    let input = to_json(&conflict.input, "order_conflict", "input")?;
    on!(tx, |conn| sqlx::query(
        "INSERT INTO order_conflict (conflict_id, order_id, at, actor, base_version, form_key, input)
         VALUES ($1, $2, $3, $4, $5, $6, $7)"
    )
    .bind(conflict.conflict_id.0)
    .bind(conflict.order_id.0)
    .bind(conflict.at.0)
    .bind(&conflict.actor)
    .bind(conflict.base_version)
    .bind(conflict.form_key.map(|key| key.0))
    .bind(input)
    .execute(conn)
    .await?
    .rows_affected());
    on!(tx, |conn| {
        sqlx::query(
        "DELETE FROM order_conflict WHERE order_id = $1 AND conflict_id NOT IN
         (SELECT conflict_id FROM order_conflict WHERE order_id = $1 ORDER BY at DESC, conflict_id DESC LIMIT $2)"
    )
    .bind(conflict.order_id.0)
    .bind(MOST_CONFLICTS)
    .execute(conn)
    .await?
    .rows_affected()
    });
    Ok(())
}

/// What was kept.
pub async fn conflict(tx: &mut Tx, conflict_id: ConflictId) -> Result<Option<KeptConflict>, StoreError> {
    let row: Option<ConflictRow> =
        on!(tx, |conn| sqlx::query_as("SELECT * FROM order_conflict WHERE conflict_id = $1")
            .bind(conflict_id.0)
            .fetch_optional(conn)
            .await?);
    row.map(|row| {
        Ok(KeptConflict {
            conflict_id: ConflictId(row.conflict_id),
            order_id: OrderId(row.order_id),
            at: Timestamp(row.at),
            actor: row.actor,
            base_version: row.base_version,
            form_key: row.form_key.map(FormKey),
            input: json(&row.input, "order_conflict", "input")?,
        })
    })
    .transpose()
}

/// Forgets it: somebody has chosen. `false` when it was gone already.
pub async fn remove_conflict(tx: &mut Tx, conflict_id: ConflictId) -> Result<bool, StoreError> {
    Ok(on!(tx, |conn| sqlx::query("DELETE FROM order_conflict WHERE conflict_id = $1")
        .bind(conflict_id.0)
        .execute(conn)
        .await?
        .rows_affected())
        == 1)
}

/// Which of the ids are of lines of other orders.
pub async fn lines_elsewhere(
    tx: &mut Tx,
    order_id: OrderId,
    line_ids: &[Uuid],
) -> Result<Vec<Uuid>, StoreError> {
    let mut found = Vec::new();
    for chunk in line_ids.chunks(crate::tx::ROWS) {
        let ids: Vec<Uuid> = on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new("SELECT line_id FROM order_line WHERE line_id IN ");
            crate::tx::push_list(&mut query, chunk.iter().copied());
            query.push(" AND order_id <> ").push_bind(order_id.0);
            query.build_query_scalar().fetch_all(conn).await?
        });
        found.extend(ids);
    }
    Ok(found)
}

/// The order that a line stands in, if it is saved.
pub async fn order_of_line(tx: &mut Tx, line_id: OrderLineId) -> Result<Option<OrderId>, StoreError> {
    let id: Option<Uuid> =
        on!(tx, |conn| sqlx::query_scalar("SELECT order_id FROM order_line WHERE line_id = $1")
            .bind(line_id.0)
            .fetch_optional(conn)
            .await?);
    Ok(id.map(OrderId))
}
