//! Order drafts at the supplier.

mod batches;
mod list;
mod received;

use std::collections::HashMap;

use domain::decimal::{Percent, Quantity, UnitPrice};
use domain::drafts::{DraftLine, DraftStatus, LineIssue, OrderDraftRow};
use domain::ids::{ArticleId, ContactId, CorrelationId, DraftId, InstanceId, OrderId};
use domain::money::Money;
use domain::orders::DeliveryAddress;
use domain::time::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{ROWS, Tx, locked, on, push_list};
use crate::value::{date, required, small};

pub use batches::{batch, keep_batch};
pub use list::{counts, list};
pub use received::{NewDraft, add};

/// A draft without its lines.
#[derive(Clone, Debug)]
pub struct DraftHead {
    pub row: OrderDraftRow,
    pub customer_id: ContactId,
    pub customer_org_number: Option<String>,
    pub order_uid: OrderId,
    pub revision: i32,
    pub sequence: i64,
    pub customer_reference: String,
    /// What we call what is ordered, as the buyer knows.
    pub supplier_reference: String,
    pub delivery: DeliveryAddress,
    pub note: String,
    pub correlation_id: CorrelationId,
    pub changed_at: Timestamp,
    pub reason: Option<String>,
    pub decided_at: Option<Timestamp>,
    pub decided_by: Option<String>,
    pub sales_order: Option<(Uuid, String)>,
    pub version: i64,
}

#[derive(sqlx::FromRow)]
struct HeadRow {
    draft_id: Uuid,
    number: String,
    customer_name: String,
    customer_order_number: String,
    status: String,
    line_count: i64,
    issue_count: i64,
    differing_count: i64,
    new_customer: bool,
    currency: String,
    net_total: i64,
    requested_delivery_date: Option<String>,
    received_at: i64,
    customer_id: Uuid,
    customer_org_number: Option<String>,
    order_uid: Uuid,
    revision: i64,
    sequence: i64,
    customer_reference: String,
    supplier_reference: String,
    delivery_name: String,
    delivery_street: String,
    delivery_postal_code: String,
    delivery_city: String,
    note: String,
    correlation_id: Uuid,
    changed_at: i64,
    reason: Option<String>,
    decided_at: Option<i64>,
    decided_by: Option<String>,
    sales_order_id: Option<Uuid>,
    sales_order_number: Option<String>,
    version: i64,
}

impl HeadRow {
    fn into_head(self) -> Result<DraftHead, StoreError> {
        let row = OrderDraftRow {
            draft_id: DraftId(self.draft_id),
            number: self.number,
            customer_name: self.customer_name,
            customer_order_number: self.customer_order_number,
            status: required(DraftStatus::from_code(&self.status), "order_draft", "status")?,
            line_count: self.line_count,
            issue_count: self.issue_count,
            differing_count: self.differing_count,
            new_customer: self.new_customer,
            currency: self.currency,
            net_total: Money(self.net_total),
            requested_delivery_date: date(
                self.requested_delivery_date,
                "order_draft",
                "requested_delivery_date",
            )?,
            received_at: Timestamp(self.received_at),
        };
        Ok(DraftHead {
            row,
            customer_id: ContactId(self.customer_id),
            customer_org_number: self.customer_org_number,
            order_uid: OrderId(self.order_uid),
            revision: small(self.revision, "order_draft", "revision")?,
            sequence: self.sequence,
            customer_reference: self.customer_reference,
            supplier_reference: self.supplier_reference,
            delivery: DeliveryAddress {
                name: self.delivery_name,
                street: self.delivery_street,
                postal_code: self.delivery_postal_code,
                city: self.delivery_city,
            },
            note: self.note,
            correlation_id: CorrelationId(self.correlation_id),
            changed_at: Timestamp(self.changed_at),
            reason: self.reason,
            decided_at: self.decided_at.map(Timestamp),
            decided_by: self.decided_by,
            sales_order: self.sales_order_id.zip(self.sales_order_number),
            version: self.version,
        })
    }
}

const COLUMNS: &str = "SELECT d.*, c.name AS customer_name, c.org_number AS customer_org_number,
        s.sales_order_id, s.number AS sales_order_number";
const JOINED: &str = "JOIN contact c ON c.contact_id = d.customer_id
    LEFT JOIN sales_order s ON s.draft_id = d.draft_id";

/// A query for heads of drafts, to be narrowed.
fn heads<DB: sqlx::Database>() -> sqlx::QueryBuilder<DB> {
    let mut query = sqlx::QueryBuilder::new(COLUMNS);
    query.push(" FROM order_draft d ").push(JOINED).push(" WHERE 1 = 1");
    query
}

/// The head of a draft.
pub async fn lookup(tx: &mut Tx, draft_id: DraftId) -> Result<Option<DraftHead>, StoreError> {
    let row: Option<HeadRow> = on!(tx, |conn| {
        let mut query = heads();
        query.push(" AND d.draft_id = ").push_bind(draft_id.0);
        query.build_query_as().fetch_optional(conn).await?
    });
    row.map(HeadRow::into_head).transpose()
}

/// The head of a draft, kept from others until the transaction ends.
pub async fn lock(tx: &mut Tx, draft_id: DraftId) -> Result<Option<DraftHead>, StoreError> {
    let sql = locked!(tx, "SELECT 1 FROM order_draft WHERE draft_id = $1");
    let found = on!(tx, |conn| sqlx::query(sql).bind(draft_id.0).fetch_optional(conn).await?.is_some());
    if found { lookup(tx, draft_id).await } else { Ok(None) }
}

/// The head of the draft with the number.
pub async fn find_by_number(tx: &mut Tx, number: &str) -> Result<Option<DraftHead>, StoreError> {
    let row: Option<HeadRow> = on!(tx, |conn| {
        let mut query = heads();
        query.push(" AND d.number = ").push_bind(number.to_owned());
        query.build_query_as().fetch_optional(conn).await?
    });
    row.map(HeadRow::into_head).transpose()
}

/// The draft that a buyer's order became.
pub async fn find_by_order(
    tx: &mut Tx,
    peer: InstanceId,
    order_uid: OrderId,
) -> Result<Option<DraftHead>, StoreError> {
    let row: Option<HeadRow> = on!(tx, |conn| {
        let mut query = heads();
        query.push(" AND d.peer_instance_id = ").push_bind(peer.0);
        query.push(" AND d.order_uid = ").push_bind(order_uid.0);
        query.build_query_as().fetch_optional(conn).await?
    });
    row.map(HeadRow::into_head).transpose()
}

/// The revisions of those of the orders that have a draft.
pub async fn revisions(
    tx: &mut Tx,
    peer: InstanceId,
    orders: &[OrderId],
) -> Result<HashMap<OrderId, i64>, StoreError> {
    let mut known = HashMap::new();
    for chunk in orders.chunks(ROWS) {
        let rows: Vec<(Uuid, i64)> = on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new(
                "SELECT order_uid, revision FROM order_draft WHERE peer_instance_id = ",
            );
            query.push_bind(peer.0).push(" AND order_uid IN ");
            push_list(&mut query, chunk.iter().map(|id| id.0));
            query.build_query_as().fetch_all(conn).await?
        });
        known.extend(rows.into_iter().map(|(order, revision)| (OrderId(order), revision)));
    }
    Ok(known)
}

#[derive(sqlx::FromRow)]
struct LineRow {
    line_number: i64,
    customer_article_number: String,
    supplier_article_number: String,
    description: String,
    quantity: i64,
    unit: String,
    unit_price: i64,
    price_base_quantity: i64,
    discount_percent: i64,
    amount: i64,
    note: String,
    article_id: Option<Uuid>,
    article_number: Option<String>,
    article_name: Option<String>,
    issue: Option<String>,
}

/// The lines of a draft, each with the article it is linked to. Differences are left for the caller to judge.
pub async fn lines(tx: &mut Tx, draft_id: DraftId) -> Result<Vec<DraftLine>, StoreError> {
    let rows: Vec<LineRow> = on!(tx, |conn| {
        sqlx::query_as(
        "SELECT l.*, a.number AS article_number, a.name AS article_name
         FROM draft_line l LEFT JOIN article a ON a.article_id = l.article_id WHERE l.draft_id = $1 ORDER BY l.line_number"
    )
    .bind(draft_id.0)
    .fetch_all(conn)
    .await?
    });
    rows.into_iter()
        .map(|row| {
            let issue = match row.issue {
                Some(issue) => Some(required(LineIssue::from_code(&issue), "draft_line", "issue")?),
                None => None,
            };
            Ok(DraftLine {
                line_number: small(row.line_number, "draft_line", "line_number")?,
                customer_article_number: row.customer_article_number,
                supplier_article_number: row.supplier_article_number,
                description: row.description,
                quantity: Quantity(row.quantity),
                unit: row.unit,
                unit_price: UnitPrice(row.unit_price),
                price_base_quantity: Quantity(row.price_base_quantity),
                discount_percent: Percent(row.discount_percent),
                amount: Money(row.amount),
                note: row.note,
                article_id: row.article_id.map(ArticleId),
                article_number: row.article_number,
                article_name: row.article_name,
                issue,
                differences: Vec::new(),
            })
        })
        .collect()
}

/// Links a parked line to an article. `false` when there is no such line.
pub async fn link_line(
    tx: &mut Tx,
    draft_id: DraftId,
    line_number: i32,
    article_id: ArticleId,
) -> Result<bool, StoreError> {
    let affected = on!(tx, |conn| sqlx::query(
        "UPDATE draft_line SET article_id = $1, issue = NULL WHERE draft_id = $2 AND line_number = $3"
    )
    .bind(article_id.0)
    .bind(draft_id.0)
    .bind(i64::from(line_number))
    .execute(conn)
    .await?
    .rows_affected());
    if affected == 0 {
        return Ok(false);
    }
    on!(tx, |conn| {
        sqlx::query(
        "UPDATE order_draft SET issue_count = (SELECT COUNT(*) FROM draft_line WHERE draft_id = $1 AND issue IS NOT NULL) WHERE draft_id = $1"
    )
    .bind(draft_id.0)
    .execute(conn)
    .await?.rows_affected()
    });
    Ok(true)
}

/// Keeps how many lines of a draft differ, as somebody has counted: it is judged.
pub async fn set_differing(tx: &mut Tx, draft_id: DraftId, count: i64) -> Result<(), StoreError> {
    on!(tx, |conn| sqlx::query(
        "UPDATE order_draft SET differing_count = $1, is_unjudged = FALSE
         WHERE draft_id = $2 AND (differing_count <> $1 OR is_unjudged)"
    )
    .bind(count)
    .bind(draft_id.0)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}

/// Marks the open drafts with a line of one of these articles: what differs in them is to be judged anew.
pub async fn mark_unjudged(tx: &mut Tx, articles: &[ArticleId]) -> Result<(), StoreError> {
    for chunk in articles.chunks(ROWS) {
        on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new(
                "UPDATE order_draft SET is_unjudged = TRUE WHERE NOT is_unjudged AND status IN ('received', 'in_review')
                     AND draft_id IN (SELECT draft_id FROM draft_line WHERE article_id IN ",
            );
            push_list(&mut query, chunk.iter().map(|id| id.0));
            query.push(")");
            query.build().execute(conn).await?.rows_affected()
        });
    }
    Ok(())
}

/// Drafts in which what differs is to be judged anew, the newest first; at most `limit`.
pub async fn unjudged(tx: &mut Tx, limit: i64) -> Result<Vec<DraftId>, StoreError> {
    let ids: Vec<Uuid> = on!(tx, |conn| sqlx::query_scalar(
        "SELECT draft_id FROM order_draft WHERE is_unjudged ORDER BY draft_id DESC LIMIT $1"
    )
    .bind(limit)
    .fetch_all(conn)
    .await?);
    Ok(ids.into_iter().map(DraftId).collect())
}

/// A step in a draft's life.
#[derive(Clone, Debug)]
pub struct Step {
    pub status: DraftStatus,
    pub reason: Option<String>,
    pub decided_by: Option<String>,
}

/// Moves a draft on, when nobody changed it since `version`; gives the new sequence number, or `None` when someone did.
pub async fn advance(
    tx: &mut Tx,
    draft_id: DraftId,
    version: i64,
    step: &Step,
    now: Timestamp,
) -> Result<Option<i64>, StoreError> {
    Ok(on!(tx, |conn| sqlx::query_scalar(
        "UPDATE order_draft SET status = $1, reason = $2, decided_by = $3, decided_at = $4, changed_at = $5,
             sequence = sequence + 1, version = version + 1
         WHERE draft_id = $6 AND version = $7 RETURNING sequence"
    )
    .bind(step.status.as_str())
    .bind(step.reason.as_deref())
    .bind(step.decided_by.as_deref())
    .bind(step.decided_by.as_ref().map(|_| now.0))
    .bind(now.0)
    .bind(draft_id.0)
    .bind(version)
    .fetch_optional(conn)
    .await?))
}

/// A person has looked at the new customer: its drafts are no longer marked.
pub async fn confirm_customer(tx: &mut Tx, customer_id: ContactId) -> Result<(), StoreError> {
    on!(tx, |conn| sqlx::query("UPDATE order_draft SET new_customer = FALSE WHERE customer_id = $1")
        .bind(customer_id.0)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}
