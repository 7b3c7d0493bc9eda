//! What became of an order: its versions, and what travelled.

use std::collections::BTreeSet;

use domain::ids::ContactId;
use domain::logs::{LogFilter, LogPeriod, LogRow};
use domain::orders::{OrderDifference, OrderVersion, PurchaseOrder, differences, undone};
use domain::paging::PageRequest;
use domain::roles::Permission;
use store::Tx;
use store::logs::Question;

use super::by_number;
use super::keeping::{ONE_SITTING_SECONDS, snapshot};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::logs::promise_nothing_past;

/// Savings that are looked at for the list of versions.
const MOST_SAVINGS: i64 = 500;

/// Who changed what, the newest first. What a person did in one sitting is one version.
pub async fn versions(ctx: &Ctx, number: &str) -> Result<Vec<OrderVersion>, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    let order = by_number(&mut tx, number).await?;
    let changes = store::orders::changes_after(&mut tx, order.order_id, 0, MOST_SAVINGS).await?;
    let mut state = snapshot(&mut tx, &order).await?;
    let mut versions = Vec::new();
    let mut rest = changes.as_slice();
    while let Some(newest) = rest.first() {
        let is_same = |pair: &[store::orders::Change]| {
            pair[0].actor == pair[1].actor
                && pair[0].at.milliseconds_since(pair[1].at) <= ONE_SITTING_SECONDS * 1000
        };
        let length = 1 + rest.windows(2).take_while(|pair| is_same(pair)).count();
        let mut before = state.clone();
        for change in &rest[..length] {
            before = undone(&before, &change.differences);
        }
        let found = differences(&before, &state);
        let (version, at, actor) = (newest.version, newest.at, newest.actor.clone());
        versions.push(OrderVersion { version, at, actor, differences: found });
        state = before;
        rest = &rest[length..];
    }
    name_suppliers(&mut tx, &mut versions).await?;
    Ok(versions)
}

/// People know suppliers by their names: one question, however many versions there are.
async fn name_suppliers(tx: &mut Tx, versions: &mut [OrderVersion]) -> Result<(), ServiceError> {
    let mut written: Vec<&mut String> = Vec::new();
    for difference in versions.iter_mut().flat_map(|version| &mut version.differences) {
        if let OrderDifference::Head { field, old, new } = difference
            && field == "supplier_id"
        {
            written.extend([old, new]);
        }
    }
    let ids: BTreeSet<ContactId> = written.iter().filter_map(|id| id.parse::<ContactId>().ok()).collect();
    let ids: Vec<ContactId> = ids.into_iter().collect();
    let contacts = store::contacts::lookup_each(tx, &ids).await?;
    for id in written {
        if let Some(contact) = id.parse::<ContactId>().ok().and_then(|known| contacts.get(&known)) {
            id.clone_from(&contact.name);
        }
    }
    Ok(())
}

/// What travelled of this order and what came back, as the integration log has it; the newest first, at most a page.
pub async fn log(ctx: &Ctx, number: &str) -> Result<Vec<LogRow>, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    let order = by_number(&mut tx, number).await?;
    log_of(ctx, &mut tx, &order).await
}

pub(super) async fn log_of(
    ctx: &Ctx,
    tx: &mut Tx,
    order: &PurchaseOrder,
) -> Result<Vec<LogRow>, ServiceError> {
    let filter = LogFilter {
        search: Some(order.correlation_id.to_string()),
        period: Some(LogPeriod::All),
        ..LogFilter::default()
    };
    let question = Question { view: None, filter, since: None };
    let page = PageRequest { page: 1, page_size: domain::paging::MAX_PAGE_SIZE };
    let mut rows = store::logs::list(tx, &question, page).await?.rows;
    rows.iter_mut().for_each(|row| promise_nothing_past(row, ctx.now()));
    Ok(rows)
}
