//! *Maler*: lines kept under a name.

use domain::ids::{ContactId, TemplateId};
use domain::orders::{OrderLineInput, OrderTemplate, OrderTemplateRow};
use domain::time::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{Tx, on};
use crate::value::{json, to_json};

/// Removed templates that can still be had back; older ones go.
const KEPT: i64 = 100;

#[derive(sqlx::FromRow)]
struct Row {
    template_id: Uuid,
    name: String,
    supplier_id: Option<Uuid>,
    supplier_name: Option<String>,
    currency: String,
    lines: String,
    created_by: String,
    updated_at: i64,
}

#[derive(sqlx::FromRow)]
struct ListRow {
    template_id: Uuid,
    name: String,
    supplier_name: Option<String>,
    line_count: i64,
    created_by: String,
    updated_at: i64,
}

/// What makes two names the same.
fn key(name: &str) -> String {
    name.to_lowercase()
}

/// Keeps a template. `false` when the name is taken.
pub async fn add(tx: &mut Tx, template: &OrderTemplate) -> Result<bool, StoreError> {
    let lines = to_json(&template.lines, "order_template", "lines")?;
    let affected = on!(tx, |conn| {
        sqlx::query(
            "INSERT INTO order_template (template_id, name, name_key, supplier_id, currency, lines, line_count, created_by, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
        )
        .bind(template.template_id.0)
        .bind(&template.name)
        .bind(key(&template.name))
        .bind(template.supplier_id.map(|id| id.0))
        .bind(&template.currency)
        .bind(lines)
        .bind(i64::try_from(template.lines.len()).unwrap_or(i64::MAX))
        .bind(&template.created_by)
        .bind(template.updated_at.0)
        .execute(conn)
        .await?
        .rows_affected()
    });
    Ok(affected == 1)
}

/// A template that is not removed.
pub async fn lookup(tx: &mut Tx, id: TemplateId) -> Result<Option<OrderTemplate>, StoreError> {
    let row: Option<Row> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT t.template_id, t.name, t.supplier_id, c.name AS supplier_name, t.currency, t.lines, t.created_by, t.updated_at
             FROM order_template t LEFT JOIN contact c ON c.contact_id = t.supplier_id
             WHERE t.template_id = $1 AND t.removed_at IS NULL",
        )
        .bind(id.0)
        .fetch_optional(conn)
        .await?
    });
    let Some(row) = row else { return Ok(None) };
    let lines: Vec<OrderLineInput> = json(&row.lines, "order_template", "lines")?;
    Ok(Some(OrderTemplate {
        template_id: TemplateId(row.template_id),
        name: row.name,
        supplier_id: row.supplier_id.map(ContactId),
        supplier_name: row.supplier_name,
        currency: row.currency,
        lines,
        created_by: row.created_by,
        updated_at: Timestamp(row.updated_at),
    }))
}

/// Templates by name; at most `limit`.
pub async fn list(tx: &mut Tx, limit: i64) -> Result<Vec<OrderTemplateRow>, StoreError> {
    let rows: Vec<ListRow> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT t.template_id, t.name, c.name AS supplier_name, t.line_count, t.created_by, t.updated_at
             FROM order_template t LEFT JOIN contact c ON c.contact_id = t.supplier_id
             WHERE t.removed_at IS NULL ORDER BY t.name_key LIMIT $1",
        )
        .bind(limit)
        .fetch_all(conn)
        .await?
    });
    Ok(rows
        .into_iter()
        .map(|row| OrderTemplateRow {
            template_id: TemplateId(row.template_id),
            name: row.name,
            supplier_name: row.supplier_name,
            line_count: row.line_count,
            created_by: row.created_by,
            updated_at: Timestamp(row.updated_at),
        })
        .collect())
}

/// How many there are.
pub async fn count(tx: &mut Tx) -> Result<i64, StoreError> {
    Ok(on!(tx, |conn| {
        sqlx::query_scalar("SELECT COUNT(*) FROM order_template WHERE removed_at IS NULL")
            .fetch_one(conn)
            .await?
    }))
}

/// Whether a template that is not removed has the name.
pub async fn has_name(tx: &mut Tx, name: &str) -> Result<bool, StoreError> {
    let found: Option<Uuid> = on!(tx, |conn| {
        sqlx::query_scalar(
            "SELECT template_id FROM order_template WHERE name_key = $1 AND removed_at IS NULL",
        )
        .bind(key(name))
        .fetch_optional(conn)
        .await?
    });
    Ok(found.is_some())
}

/// Gives it another name. `false` when it is not there.
pub async fn rename(tx: &mut Tx, id: TemplateId, name: &str, now: Timestamp) -> Result<bool, StoreError> {
    let affected = on!(tx, |conn| {
        sqlx::query(
            "UPDATE order_template SET name = $1, name_key = $2, updated_at = $3 WHERE template_id = $4 AND removed_at IS NULL",
        )
        .bind(name)
        .bind(key(name))
        .bind(now.0)
        .bind(id.0)
        .execute(conn)
        .await?
        .rows_affected()
    });
    Ok(affected == 1)
}

/// Takes it out of the list; [`restore`] brings it back. `false` when it is not there. Of those that were removed the oldest go.
pub async fn remove(tx: &mut Tx, id: TemplateId, now: Timestamp) -> Result<bool, StoreError> {
    let affected = on!(tx, |conn| {
        sqlx::query("UPDATE order_template SET removed_at = $1 WHERE template_id = $2 AND removed_at IS NULL")
            .bind(now.0)
            .bind(id.0)
            .execute(conn)
            .await?
            .rows_affected()
    });
    on!(tx, |conn| {
        sqlx::query(
            "DELETE FROM order_template WHERE removed_at IS NOT NULL AND template_id NOT IN
                 (SELECT template_id FROM order_template WHERE removed_at IS NOT NULL ORDER BY removed_at DESC, template_id LIMIT $1)",
        )
        .bind(KEPT)
        .execute(conn)
        .await?
        .rows_affected()
    });
    Ok(affected == 1)
}

/// The name of a template that was removed.
pub async fn removed_name(tx: &mut Tx, id: TemplateId) -> Result<Option<String>, StoreError> {
    Ok(on!(tx, |conn| {
        sqlx::query_scalar(
            "SELECT name FROM order_template WHERE template_id = $1 AND removed_at IS NOT NULL",
        )
        .bind(id.0)
        .fetch_optional(conn)
        .await?
    }))
}

/// Brings a removed template back, under the name. `false` when it is not there.
pub async fn restore(tx: &mut Tx, id: TemplateId, name: &str) -> Result<bool, StoreError> {
    let affected = on!(tx, |conn| {
        sqlx::query(
            "UPDATE order_template SET removed_at = NULL, name = $1, name_key = $2 WHERE template_id = $3 AND removed_at IS NOT NULL",
        )
        .bind(name)
        .bind(key(name))
        .bind(id.0)
        .execute(conn)
        .await?
        .rows_affected()
    });
    Ok(affected == 1)
}
