//! What the list of orders shows beside its rows.

use std::collections::HashMap;

use domain::contacts::ContactRole;
use domain::ids::{ContactId, OrderId};
use domain::matching::{LineFacts, MatchLevel};
use domain::orders::{ExactLines, PurchaseOrderRow};
use domain::paging::PageRequest;
use domain::roles::Permission;

use super::judging::judge_in;
use super::lines::facts_of;
use crate::ctx::Ctx;
use crate::error::ServiceError;

/// Lines that are judged for one page of the list.
const MAX_JUDGED: i64 = 1_000;
/// Suppliers that the filter offers; of more, one searches by name.
const MAX_OFFERED: i64 = 100;

/// How many lines of each order have an exact match: of those that can be changed, from the top, no more than a thousand lines.
pub async fn exact_lines(ctx: &Ctx, rows: &[PurchaseOrderRow]) -> Result<Vec<ExactLines>, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut left = MAX_JUDGED;
    let mut order_ids: Vec<OrderId> = Vec::new();
    for row in rows.iter().filter(|row| row.status.is_editable() && row.line_count > 0) {
        left -= row.line_count;
        if left < 0 {
            break;
        }
        order_ids.push(row.order_id);
    }
    if order_ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut tx = ctx.store.begin_read().await?;
    let orders = store::orders::lookup_each(&mut tx, &order_ids).await?;
    let mut by_supplier: HashMap<Option<ContactId>, Vec<OrderId>> = HashMap::new();
    for order in orders.values() {
        by_supplier.entry(order.supplier_id).or_default().push(order.order_id);
    }
    let mut counted = Vec::with_capacity(orders.len());
    for (supplier, ids) in by_supplier {
        let of: Vec<_> = ids.iter().filter_map(|id| orders.get(id)).collect();
        let facts: Vec<LineFacts> =
            of.iter().flat_map(|order| order.lines.iter().map(|line| facts_of(order, line))).collect();
        let mut judged = judge_in(&mut tx, supplier, &facts, ctx.now()).await?.into_iter();
        for order in of {
            let levels: Vec<MatchLevel> =
                judged.by_ref().take(order.lines.len()).map(|matched| matched.level).collect();
            let count = |level| i64::try_from(levels.iter().filter(|of| **of == level).count()).unwrap_or(0);
            counted.push(ExactLines {
                order_id: order.order_id,
                updated_at: order.updated_at,
                exact: count(MatchLevel::Exact),
                lines: i64::try_from(levels.len()).unwrap_or(i64::MAX),
                is_checked: count(MatchLevel::NotChecked) == 0,
            });
        }
    }
    Ok(counted)
}

/// The suppliers that the list can be filtered by, by name; `also` is among them.
pub async fn offered_suppliers(
    ctx: &Ctx,
    also: Option<ContactId>,
) -> Result<Vec<(ContactId, String)>, ServiceError> {
    offered(ctx, ContactRole::Supplier, also).await
}

/// The customers that lists of drafts and sales orders can be filtered by, likewise.
pub async fn offered_customers(
    ctx: &Ctx,
    also: Option<ContactId>,
) -> Result<Vec<(ContactId, String)>, ServiceError> {
    offered(ctx, ContactRole::Customer, also).await
}

async fn offered(
    ctx: &Ctx,
    role: ContactRole,
    also: Option<ContactId>,
) -> Result<Vec<(ContactId, String)>, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    let page = PageRequest { page: 1, page_size: MAX_OFFERED };
    let rows = store::contacts::list(&mut tx, Some(role), None, page).await?.rows;
    let mut offered: Vec<_> = rows.into_iter().map(|row| (row.contact_id, row.name)).collect();
    if let Some(also) = also
        && !offered.iter().any(|(known, _)| *known == also)
        && let Some(name) = store::contacts::name(&mut tx, also).await?
    {
        offered.push((also, name));
    }
    Ok(offered)
}
