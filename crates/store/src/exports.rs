//! Runs of *Eksporter til partner*.

use domain::errors::ErrorCode;
use domain::exports::{ExportItem, ExportJob, Finding};
use domain::ids::{ConnectionId, CorrelationId, ExportJobId, MessageKey, OrderId};
use domain::messages::MessageState;
use domain::orders::OrderStatus;
use domain::time::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{ROWS, Tx, on};
use crate::value::{json, required, to_json};

/// One order of a run, to be written.
#[derive(Clone, Debug)]
pub struct NewItem {
    /// Its place in the run, from 0.
    pub ordinal: i64,
    pub order_id: OrderId,
    /// `None` when the order was refused before a message was made.
    pub message_key: Option<MessageKey>,
    pub sent_before: bool,
    pub error: Option<ErrorCode>,
    pub findings: Vec<Finding>,
}

/// Writes the head of a run, the first time.
pub async fn add_job(tx: &mut Tx, job_id: ExportJobId, by: &str, now: Timestamp) -> Result<(), StoreError> {
    on!(tx, |conn| sqlx::query(
        "INSERT INTO export_job (job_id, created_at, created_by) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
    )
    .bind(job_id.0)
    .bind(now.0)
    .bind(by)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}

/// Writes orders of a run.
pub async fn add_items(tx: &mut Tx, job_id: ExportJobId, items: &[NewItem]) -> Result<(), StoreError> {
    for chunk in items.chunks(ROWS) {
        let findings: Vec<String> = chunk
            .iter()
            .map(|item| to_json(&item.findings, "export_item", "findings"))
            .collect::<Result<_, _>>()?;
        on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new(
                "INSERT INTO export_item (job_id, ordinal, order_id, message_key, sent_before, error_code, findings) ",
            );
            query.push_values(chunk.iter().zip(findings), |mut row, (item, findings)| {
                row.push_bind(job_id.0)
                    .push_bind(item.ordinal)
                    .push_bind(item.order_id.0)
                    .push_bind(item.message_key.map(|key| key.0))
                    .push_bind(item.sent_before)
                    .push_bind(item.error.map(ErrorCode::as_str))
                    .push_bind(findings);
            });
            query.build().execute(conn).await?.rows_affected()
        });
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct ItemRow {
    order_id: Uuid,
    order_number: String,
    supplier_name: Option<String>,
    status: String,
    message_state: Option<String>,
    next_attempt_at: Option<i64>,
    held_by: Option<Uuid>,
    item_error: Option<String>,
    message_error: Option<String>,
    findings: String,
    partner_draft_number: Option<String>,
    sent_before: bool,
    correlation_id: Uuid,
}

impl ItemRow {
    fn into_item(self) -> Result<ExportItem, StoreError> {
        let message_state = match self.message_state {
            Some(state) => Some(required(MessageState::from_code(&state), "message", "state")?),
            None => None,
        };
        Ok(ExportItem {
            order_id: OrderId(self.order_id),
            order_number: self.order_number,
            supplier_name: self.supplier_name,
            status: required(OrderStatus::from_code(&self.status), "purchase_order", "status")?,
            message_state,
            next_attempt_at: self
                .next_attempt_at
                .filter(|_| message_state == Some(MessageState::Waiting) && self.held_by.is_none())
                .map(Timestamp),
            held_by: self.held_by.map(ConnectionId),
            error: self.item_error.or(self.message_error).as_deref().and_then(ErrorCode::from_code),
            findings: json(&self.findings, "export_item", "findings")?,
            partner_draft_number: self.partner_draft_number,
            sent_before: self.sent_before,
            correlation_id: Some(CorrelationId(self.correlation_id)),
        })
    }
}

/// A run with how each of its orders stands now.
pub async fn lookup(tx: &mut Tx, job_id: ExportJobId) -> Result<Option<ExportJob>, StoreError> {
    let head: Option<(i64, String)> =
        on!(tx, |conn| sqlx::query_as("SELECT created_at, created_by FROM export_job WHERE job_id = $1")
            .bind(job_id.0)
            .fetch_optional(conn)
            .await?);
    let Some((created_at, created_by)) = head else { return Ok(None) };
    let rows: Vec<ItemRow> = on!(tx, |conn| {
        sqlx::query_as(
        "SELECT i.order_id, o.number AS order_number, c.name AS supplier_name, o.status, m.state AS message_state, m.next_attempt_at,
             k.connection_id AS held_by, i.error_code AS item_error, m.error_code AS message_error, i.findings, o.partner_draft_number, i.sent_before, o.correlation_id
         FROM export_item i
         JOIN purchase_order o ON o.order_id = i.order_id
         LEFT JOIN contact c ON c.contact_id = o.supplier_id
         LEFT JOIN message m ON m.message_key = i.message_key
         LEFT JOIN connection k ON k.connection_id = m.connection_id AND k.state = 'paused'
             AND m.state IN ('queued', 'waiting', 'sending')
         WHERE i.job_id = $1 ORDER BY i.ordinal"
    )
    .bind(job_id.0)
    .fetch_all(conn)
    .await?
    });
    let items = rows.into_iter().map(ItemRow::into_item).collect::<Result<_, _>>()?;
    Ok(Some(ExportJob { job_id, created_at: Timestamp(created_at), created_by, items }))
}
