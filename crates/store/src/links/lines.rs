//! The lines of orders that got their number by a link, with what stood there before.

use domain::ids::{OrderId, OrderLineId, SupplierLinkId};
use domain::time::Timestamp;
use uuid::Uuid;

use crate::error::StoreError;
use crate::tx::{Tx, on, push_list};

/// A line of an order that has not been sent, and what a link put something else in the place of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedLine {
    pub order_id: OrderId,
    pub line_id: OrderLineId,
    pub supplier_link_id: SupplierLinkId,
    pub written_number: String,
}

/// An order that has not been sent.
const CAN_BE_CHANGED: &str = "p.status IN ('draft', 'ready')";

/// The ids of the orders with a line that got its number by one of some links; the links' ids come after it.
const ORDERS_OF: &str = "SELECT o.order_id FROM supplier_link_line k JOIN order_line o ON o.line_id = k.line_id WHERE k.supplier_link_id IN ";

/// Remembers what stood in an order's line before a link gave it the supplier's number.
pub async fn keep_line(
    tx: &mut Tx,
    id: SupplierLinkId,
    line_id: OrderLineId,
    written_number: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(tx, |conn| {
        sqlx::query(
        "INSERT INTO supplier_link_line (supplier_link_id, line_id, written_number, kept_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (supplier_link_id, line_id) DO NOTHING"
    )
    .bind(id.0)
    .bind(line_id.0)
    .bind(written_number)
    .bind(now.0)
    .execute(conn)
    .await?
    .rows_affected()
    });
    Ok(())
}

/// What stood in a line, saved or not, before each of these links gave it its number.
pub async fn kept_of(
    tx: &mut Tx,
    links: &[SupplierLinkId],
    line_id: OrderLineId,
) -> Result<Vec<(SupplierLinkId, String)>, StoreError> {
    if links.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(Uuid, String)> = on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(
            "SELECT supplier_link_id, written_number FROM supplier_link_line WHERE line_id = ",
        );
        query.push_bind(line_id.0).push(" AND supplier_link_id IN ");
        push_list(&mut query, links.iter().map(|id| id.0));
        query.push(" ORDER BY supplier_link_id");
        query.build_query_as().fetch_all(conn).await?
    });
    Ok(rows.into_iter().map(|(link, written)| (SupplierLinkId(link), written)).collect())
}

/// How many orders [`lines`] tells of.
pub async fn count_orders(tx: &mut Tx, links: &[SupplierLinkId]) -> Result<i64, StoreError> {
    if links.is_empty() {
        return Ok(0);
    }
    Ok(on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(format!(
            "SELECT COUNT(*) FROM purchase_order p WHERE {CAN_BE_CHANGED} AND p.order_id IN ({ORDERS_OF}"
        ));
        push_list(&mut query, links.iter().map(|id| id.0));
        query.push(")");
        query.build_query_scalar().fetch_one(conn).await?
    }))
}

/// Keeps from others every order that [`lines`] tells of, and the order `also`, until the transaction ends. All of them at once and in the
/// order of their ids, so that two who take links back do not wait for one another in a circle.
pub async fn lock_orders(
    tx: &mut Tx,
    links: &[SupplierLinkId],
    also: Option<OrderId>,
) -> Result<(), StoreError> {
    // SQLite has one writer and needs no such lock.
    if links.is_empty() || !tx.is_postgres() {
        return Ok(());
    }
    on!(tx, |conn| {
        // The one order is among the ids that are looked up: beside them, under an OR, it would have every order read.
        let mut query = sqlx::QueryBuilder::new(format!(
            "SELECT 1 FROM purchase_order p WHERE p.order_id IN ({ORDERS_OF}"
        ));
        push_list(&mut query, links.iter().map(|id| id.0));
        if let Some(also) = also {
            query.push(" UNION SELECT ").push_bind(also.0);
        }
        query.push(format!(") AND ({CAN_BE_CHANGED}"));
        if let Some(also) = also {
            query.push(" OR p.order_id = ").push_bind(also.0);
        }
        query.push(") ORDER BY p.order_id FOR UPDATE");
        query.build().execute(conn).await?.rows_affected()
    });
    Ok(())
}

/// The lines that got their number by one of these links, in the orders that come next after `after`: at most `most` orders, each with all
/// of its lines.
pub async fn lines(
    tx: &mut Tx,
    links: &[SupplierLinkId],
    after: Option<OrderId>,
    most: i64,
) -> Result<Vec<LinkedLine>, StoreError> {
    if links.is_empty() {
        return Ok(Vec::new());
    }
    let orders: Vec<Uuid> = on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(format!(
            "SELECT p.order_id FROM purchase_order p WHERE {CAN_BE_CHANGED} AND p.order_id IN ({ORDERS_OF}"
        ));
        push_list(&mut query, links.iter().map(|id| id.0));
        query.push(")");
        if let Some(after) = after {
            query.push(" AND p.order_id > ").push_bind(after.0);
        }
        query.push(" ORDER BY p.order_id LIMIT ").push_bind(most);
        query.build_query_scalar().fetch_all(conn).await?
    });
    if orders.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(Uuid, Uuid, Uuid, String)> = on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(
            "SELECT o.order_id, o.line_id, k.supplier_link_id, k.written_number FROM order_line o
             JOIN supplier_link_line k ON k.line_id = o.line_id WHERE o.order_id IN ",
        );
        push_list(&mut query, orders.iter().copied());
        query.push(" AND k.supplier_link_id IN ");
        push_list(&mut query, links.iter().map(|id| id.0));
        query.push(" ORDER BY o.order_id, o.line_number, k.supplier_link_id");
        query.build_query_as().fetch_all(conn).await?
    });
    let row = |(order, line, link, written_number)| LinkedLine {
        order_id: OrderId(order),
        line_id: OrderLineId(line),
        supplier_link_id: SupplierLinkId(link),
        written_number,
    };
    Ok(rows.into_iter().map(row).collect())
}
