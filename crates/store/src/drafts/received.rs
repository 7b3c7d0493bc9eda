//! Drafts as they come in, with their lines.

use domain::drafts::{DraftLine, LineIssue, differing};
use domain::ids::{ContactId, CorrelationId, DraftId, InstanceId, MessageKey, OrderId};
use domain::money::Money;
use domain::orders::DeliveryAddress;
use domain::time::{CalendarDate, Timestamp};

use crate::error::StoreError;
use crate::tx::{ROWS, Tx, on};

/// A draft to be written.
#[derive(Clone, Debug)]
pub struct NewDraft {
    pub draft_id: DraftId,
    pub number: String,
    pub customer_id: ContactId,
    pub peer_instance_id: InstanceId,
    pub order_uid: OrderId,
    pub customer_order_number: String,
    pub revision: i32,
    pub new_customer: bool,
    pub requested_delivery_date: Option<CalendarDate>,
    pub currency: String,
    pub customer_reference: String,
    pub supplier_reference: String,
    pub delivery: DeliveryAddress,
    pub note: String,
    pub net_total: Money,
    pub correlation_id: CorrelationId,
    pub message_key: MessageKey,
}

/// Writes drafts with their lines. Fewer rows than drafts: an order of one has a draft already.
pub async fn add(
    tx: &mut Tx,
    drafts: &[(NewDraft, Vec<DraftLine>)],
    now: Timestamp,
) -> Result<usize, StoreError> {
    let mut written = 0;
    for chunk in drafts.chunks(ROWS) {
        written += on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new(
                "INSERT INTO order_draft (draft_id, number, customer_id, peer_instance_id, order_uid, customer_order_number, revision, status,
                     sequence, new_customer, requested_delivery_date, currency, customer_reference, note, net_total, line_count,
                     issue_count, differing_count, correlation_id, message_key, received_at, changed_at, version,
                     delivery_name, delivery_street, delivery_postal_code, delivery_city, supplier_reference) ",
            );
            query.push_values(chunk, |mut row, (draft, lines)| {
                let parked = lines.iter().filter(|line| line.issue.is_some()).count();
                row.push_bind(draft.draft_id.0)
                    .push_bind(draft.number.clone())
                    .push_bind(draft.customer_id.0)
                    .push_bind(draft.peer_instance_id.0)
                    .push_bind(draft.order_uid.0)
                    .push_bind(draft.customer_order_number.clone())
                    .push_bind(i64::from(draft.revision))
                    .push("'received', 1")
                    .push_bind(draft.new_customer)
                    .push_bind(draft.requested_delivery_date.map(|date| date.to_string()))
                    .push_bind(draft.currency.clone())
                    .push_bind(draft.customer_reference.clone())
                    .push_bind(draft.note.clone())
                    .push_bind(draft.net_total.0)
                    .push_bind(i64::try_from(lines.len()).unwrap_or(i64::MAX))
                    .push_bind(i64::try_from(parked).unwrap_or(i64::MAX))
                    .push_bind(differing(lines))
                    .push_bind(draft.correlation_id.0)
                    .push_bind(draft.message_key.0)
                    .push_bind(now.0)
                    .push_bind(now.0)
                    .push("1")
                    .push_bind(draft.delivery.name.clone())
                    .push_bind(draft.delivery.street.clone())
                    .push_bind(draft.delivery.postal_code.clone())
                    .push_bind(draft.delivery.city.clone())
                    .push_bind(draft.supplier_reference.clone());
            });
            query.push(" ON CONFLICT (peer_instance_id, order_uid) DO NOTHING");
            query.build().execute(conn).await?.rows_affected()
        });
    }
    let written = usize::try_from(written).unwrap_or(usize::MAX);
    if written == drafts.len() {
        add_lines(tx, drafts).await?;
    }
    Ok(written)
}

async fn add_lines(tx: &mut Tx, drafts: &[(NewDraft, Vec<DraftLine>)]) -> Result<(), StoreError> {
    let lines: Vec<(DraftId, &DraftLine)> =
        drafts.iter().flat_map(|(draft, lines)| lines.iter().map(|line| (draft.draft_id, line))).collect();
    for chunk in lines.chunks(ROWS) {
        on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new(
                "INSERT INTO draft_line (draft_id, line_number, customer_article_number, supplier_article_number, description, quantity, unit,
                     unit_price, price_base_quantity, discount_percent, amount, note, article_id, issue) ",
            );
            query.push_values(chunk, |mut row, (draft_id, line)| {
                row.push_bind(draft_id.0)
                    .push_bind(i64::from(line.line_number))
                    .push_bind(line.customer_article_number.clone())
                    .push_bind(line.supplier_article_number.clone())
                    .push_bind(line.description.clone())
                    .push_bind(line.quantity.0)
                    .push_bind(line.unit.clone())
                    .push_bind(line.unit_price.0)
                    .push_bind(line.price_base_quantity.0)
                    .push_bind(line.discount_percent.0)
                    .push_bind(line.amount.0)
                    .push_bind(line.note.clone())
                    .push_bind(line.article_id.map(|id| id.0))
                    .push_bind(line.issue.map(LineIssue::as_str));
            });
            query.build().execute(conn).await?.rows_affected()
        });
    }
    Ok(())
}
