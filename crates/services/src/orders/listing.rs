//! What the list of orders shows beside its rows.

use std::collections::HashSet;

use domain::contacts::ContactRole;
use domain::exports::{ExportCheck, Finding, Outcome};
use domain::ids::{ContactId, OrderId, OrderLineId};
use domain::orders::{ExactLines, ExportStop, OrderStatus, PurchaseOrder, PurchaseOrderRow, unread_cells};
use domain::paging::{MAX_PAGE_SIZE, PageRequest};
use domain::roles::Permission;

use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::exports::found_each;

/// Lines that are judged for one page of the list.
const MAX_JUDGED: i64 = 1_000;
/// Suppliers that the filter offers; of more, one searches by name.
const MAX_OFFERED: i64 = 100;

/// How many lines of each order have an exact match, and what stops its export: of those that can be changed, from the top, no more than
/// a thousand lines. It is what the check before the export would find, so that the list promises nothing else.
pub async fn exact_lines(ctx: &Ctx, rows: &[PurchaseOrderRow]) -> Result<Vec<ExactLines>, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut left = MAX_JUDGED;
    let mut order_ids: Vec<OrderId> = Vec::new();
    let mut as_typed: Vec<OrderId> = Vec::new();
    for row in rows.iter().filter(|row| row.status.is_editable() && row.line_count > 0) {
        left -= row.line_count;
        if left < 0 {
            break;
        }
        order_ids.push(row.order_id);
        as_typed.extend(row.has_unread.then_some(row.order_id));
    }
    if order_ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut tx = ctx.store.begin_read().await?;
    let orders = store::orders::lookup_each(&mut tx, &order_ids).await?;
    let typed = store::orders::typed_each(&mut tx, &as_typed).await?;
    let there: Vec<&PurchaseOrder> = order_ids.iter().filter_map(|id| orders.get(id)).collect();
    let found = found_each(ctx, &mut tx, &there).await?;
    let counted = there.into_iter().zip(found).map(|(order, (findings, is_away))| {
        let unread = typed.get(&order.order_id).map(|typed| unread_cells(&order.lines, typed));
        let unread = unread.iter().flatten().map(|cell| cell.line_id).collect();
        counted(order, &findings, is_away, &unread)
    });
    Ok(counted.collect())
}

/// The same of orders by their ids; of no more than a page has.
pub async fn exact_lines_of(ctx: &Ctx, mut order_ids: Vec<OrderId>) -> Result<Vec<ExactLines>, ServiceError> {
    ctx.require(Permission::Read)?;
    order_ids.truncate(usize::try_from(MAX_PAGE_SIZE).unwrap_or(usize::MAX));
    let mut tx = ctx.store.begin_read().await?;
    let mut found = store::orders::rows(&mut tx, &order_ids).await?;
    drop(tx);
    let rows: Vec<PurchaseOrderRow> = order_ids.iter().filter_map(|id| found.remove(id)).collect();
    exact_lines(ctx, &rows).await
}

/// A line with a cell that cannot be read yet is no exact one, whatever its number finds.
fn counted(
    order: &PurchaseOrder,
    findings: &[Finding],
    is_away: bool,
    unread: &HashSet<OrderLineId>,
) -> ExactLines {
    let stopping = |finding: &&Finding| {
        finding.check == ExportCheck::LinesExact && finding.outcome >= Outcome::Overridable
    };
    let inexact: HashSet<i32> =
        findings.iter().filter(stopping).filter_map(|finding| finding.line_number).collect();
    let is_exact = |line: &&domain::orders::OrderLine| {
        !inexact.contains(&line.line_number) && !unread.contains(&line.line_id)
    };
    let whole = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    ExactLines {
        order_id: order.order_id,
        updated_at: order.updated_at,
        exact: whole(order.lines.iter().filter(is_exact).count()),
        lines: whole(order.lines.len()),
        is_checked: !is_away && !findings.iter().any(|finding| finding.params.contains_key("not_checked")),
        stop: ExportStop::of(findings).filter(|_| order.status == OrderStatus::Ready),
    }
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
