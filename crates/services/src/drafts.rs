//! *Ordrekladder*: reviewing, linking, approving, rejecting.

mod batch;
mod judging;

use domain::drafts::{
    DraftEvent, DraftFilter, DraftLine, DraftReview, DraftStatus, DraftView, OrderDraftRow, SeenPrices,
    apply, prices_checked,
};
use domain::errors::{ErrorCode, Refusal};
use domain::ids::{DraftId, SalesOrderId};
use domain::paging::{Page, PageRequest};
use domain::roles::Permission;
use domain::sales_orders::SalesOrderLine;
use protocol::faults::{self, Point};
use store::Tx;
use store::drafts::{DraftHead, Step};
use store::sales_orders::NewSalesOrder;

use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::{inbox, live};

pub use batch::{answer_all, batch, preview};
pub(crate) use judging::{articles_changed, articles_of, judge_marked, judge_with};

/// The counter that gives sales orders their numbers.
pub(crate) const SALES_ORDER_NUMBERS: &str = "sales_order";

/// One page of what the filter finds.
pub async fn list(
    ctx: &Ctx,
    filter: &DraftFilter,
    page: PageRequest,
) -> Result<Page<OrderDraftRow>, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    Ok(store::drafts::list(&mut tx, filter, page).await?)
}

/// How many drafts each view holds.
pub async fn counts(ctx: &Ctx) -> Result<Vec<(DraftView, i64)>, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    Ok(store::drafts::counts(&mut tx).await?)
}

/// Everything the review page shows.
pub async fn review(ctx: &Ctx, number: &str) -> Result<DraftReview, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    let head = store::drafts::find_by_number(&mut tx, number).await?.ok_or(ErrorCode::NotFound)?;
    let lines = judging::judged_lines(&mut tx, head.row.draft_id, &head.row.currency).await?;
    let likely_duplicates =
        if head.row.new_customer { duplicates(&mut tx, &head).await? } else { Vec::new() };
    let timeline = store::events::timeline(&mut tx, head.row.draft_id.0).await?;
    Ok(DraftReview {
        order_id: head.order_uid,
        customer_id: head.customer_id,
        customer_org_number: head.customer_org_number,
        revision: head.revision,
        note: head.note,
        customer_reference: head.customer_reference,
        supplier_reference: head.supplier_reference,
        delivery: head.delivery,
        lines,
        timeline,
        likely_duplicates,
        correlation_id: head.correlation_id,
        reason: head.reason,
        decided_at: head.decided_at,
        decided_by: head.decided_by,
        sales_order_id: head.sales_order.as_ref().map(|(id, _)| SalesOrderId(*id)),
        sales_order_number: head.sales_order.map(|(_, number)| number),
        version: head.version,
        row: head.row,
    })
}

async fn duplicates(
    tx: &mut Tx,
    head: &DraftHead,
) -> Result<Vec<domain::contacts::ContactRow>, ServiceError> {
    let Some(customer) = store::contacts::lookup(tx, head.customer_id).await? else { return Ok(Vec::new()) };
    let mut similar = store::contacts::similar(
        tx,
        &customer.name,
        &customer.address.postal_code,
        customer.org_number.as_deref(),
    )
    .await?;
    similar.retain(|contact| contact.contact_id != head.customer_id);
    Ok(similar)
}

/// Links a parked line to an article of ours, and remembers the number for this customer's later orders.
pub async fn link_line(
    ctx: &Ctx,
    draft_id: DraftId,
    version: i64,
    line_number: i32,
    article_number: String,
) -> Result<(), ServiceError> {
    ctx.require(Permission::Sell)?;
    ctx.write(
        (draft_id, version, line_number, article_number),
        |ctx, tx, (draft_id, version, line_number, number)| {
            Box::pin(async move {
                let head = open_draft(tx, *draft_id, *version).await?;
                let status = apply(head.row.status, DraftEvent::Review)?;
                let number = domain::text::normalise(number);
                let article = store::articles::find_by_number(tx, &number).await?.ok_or_else(|| {
                    Refusal::of_field("/article_number", ErrorCode::ArticleUnknown).with("number", &number)
                })?;
                let lines = store::drafts::lines(tx, *draft_id).await?;
                let line =
                    lines.iter().find(|line| line.line_number == *line_number).ok_or(ErrorCode::NotFound)?;
                store::drafts::link_line(tx, *draft_id, *line_number, article.article_id).await?;
                judging::count_again(tx, *draft_id, &head.row.currency).await?;
                if !line.supplier_article_number.is_empty() {
                    let sent = &line.supplier_article_number;
                    store::articles::link(
                        tx,
                        head.customer_id,
                        sent,
                        article.article_id,
                        ctx.actor.name(),
                        ctx.now(),
                    )
                    .await?;
                }
                let detail = Some(format!("{line_number}: {number}"));
                advance(
                    ctx,
                    tx,
                    &head,
                    Step { status, reason: None, decided_by: None },
                    "draft_line_linked",
                    detail,
                )
                .await
            })
        },
    )
    .await
}

/// Approves a draft: only now it becomes a sales order, whose number is the answer. `checked` are our prices of which the person says
/// that he has looked at them beside the customer's, far from them. The version says that the customer's are as he saw them; ours are compared
/// with what they are now.
pub async fn approve(
    ctx: &Ctx,
    draft_id: DraftId,
    version: i64,
    checked: SeenPrices,
) -> Result<String, ServiceError> {
    ctx.require(Permission::Sell)?;
    let number = ctx
        .write((draft_id, version, checked), |ctx, tx, (draft_id, version, checked)| {
            Box::pin(async move {
                let head = open_draft(tx, *draft_id, *version).await?;
                let status = apply(head.row.status, DraftEvent::Approve { parked: head.row.issue_count })?;
                // Our prices may be others than when the page was read: they are compared again here.
                let lines = judging::judged_lines(tx, *draft_id, &head.row.currency).await?;
                prices_checked(&lines, checked)?;
                let number = add_sales_order(ctx, tx, &head, lines).await?;
                let step = Step { status, reason: None, decided_by: Some(ctx.actor.name().to_owned()) };
                advance(ctx, tx, &head, step, "draft_approved", Some(number.clone())).await?;
                faults::pass(Point::S8);
                Ok(number)
            })
        })
        .await?;
    faults::pass(Point::S9);
    Ok(number)
}

/// Rejects a draft, with the reason that the buyer is told.
pub async fn reject(ctx: &Ctx, draft_id: DraftId, version: i64, reason: String) -> Result<(), ServiceError> {
    ctx.require(Permission::Sell)?;
    let reason = reason_of(&reason)?;
    ctx.write((draft_id, version, reason), |ctx, tx, (draft_id, version, reason)| {
        Box::pin(async move {
            let head = open_draft(tx, *draft_id, *version).await?;
            let status = apply(head.row.status, DraftEvent::Reject)?;
            let step =
                Step { status, reason: Some(reason.clone()), decided_by: Some(ctx.actor.name().to_owned()) };
            advance(ctx, tx, &head, step, "draft_rejected", Some(reason.clone())).await
        })
    })
    .await
}

/// The reason as it is kept; a rejection without one tells the customer nothing.
fn reason_of(typed: &str) -> Result<String, Refusal> {
    let reason = domain::text::multi_line(typed, 1000)
        .map_err(|_| Refusal::of_field("/reason", ErrorCode::InvalidCharacter))?;
    if reason.is_empty() {
        return Err(Refusal::of_field("/reason", ErrorCode::ReasonRequired));
    }
    Ok(reason)
}

/// A person has looked at the customer that an order made: it is no longer marked *Ny kunde – kontroller*.
pub async fn confirm_customer(ctx: &Ctx, draft_id: DraftId) -> Result<(), ServiceError> {
    ctx.require(Permission::Sell)?;
    ctx.write(draft_id, |ctx, tx, draft_id| {
        Box::pin(async move {
            let head = store::drafts::lock(tx, *draft_id).await?.ok_or(ErrorCode::NotFound)?;
            store::contacts::confirm(tx, head.customer_id).await?;
            store::drafts::confirm_customer(tx, head.customer_id).await?;
            live::draft_changed(
                ctx,
                tx,
                *draft_id,
                head.correlation_id,
                "customer_confirmed",
                ctx.actor.name(),
                None,
            )
            .await
        })
    })
    .await
}

/// The draft, kept from others, when it is as the person saw it.
async fn open_draft(tx: &mut Tx, draft_id: DraftId, version: i64) -> Result<DraftHead, ServiceError> {
    let head = store::drafts::lock(tx, draft_id).await?.ok_or(ErrorCode::NotFound)?;
    if !head.row.status.is_open() {
        return Err(Refusal::from(ErrorCode::InvalidTransition)
            .with("status", DraftStatus::as_str(head.row.status))
            .with("by", head.decided_by.unwrap_or_default())
            .into());
    }
    if head.version != version {
        return Err(ErrorCode::VersionConflict.into());
    }
    Ok(head)
}

/// Moves the draft on and tells everyone: the timeline, the open pages, the buyer.
async fn advance(
    ctx: &Ctx,
    tx: &mut Tx,
    head: &DraftHead,
    step: Step,
    kind: &'static str,
    detail: Option<String>,
) -> Result<(), ServiceError> {
    let draft_id = head.row.draft_id;
    let sequence = store::drafts::advance(tx, draft_id, head.version, &step, ctx.now()).await?;
    if sequence.is_none() {
        return Err(ErrorCode::VersionConflict.into());
    }
    live::draft_changed(ctx, tx, draft_id, head.correlation_id, kind, ctx.actor.name(), detail).await?;
    let head = store::drafts::lookup(tx, draft_id).await?.ok_or(ErrorCode::NotFound)?;
    inbox::tell_buyer(ctx, tx, &head)
}

async fn add_sales_order(
    ctx: &Ctx,
    tx: &mut Tx,
    head: &DraftHead,
    ordered: Vec<DraftLine>,
) -> Result<String, ServiceError> {
    let mut lines = Vec::with_capacity(ordered.len());
    for line in ordered {
        let article_id = line.article_id.ok_or(ErrorCode::LineParked)?;
        let article = store::articles::lookup(tx, article_id).await?.ok_or(ErrorCode::LineParked)?;
        let description = if line.description.is_empty() { article.name } else { line.description };
        lines.push((
            article_id,
            SalesOrderLine {
                line_number: line.line_number,
                article_number: article.number,
                description,
                customer_article_number: line.customer_article_number,
                quantity: line.quantity,
                unit: line.unit,
                unit_price: line.unit_price,
                price_base_quantity: line.price_base_quantity,
                discount_percent: line.discount_percent,
                vat_rate: article.vat_rate,
                amount: line.amount,
            },
        ));
    }
    let number = format!("S-{:05}", store::counters::next_number(tx, SALES_ORDER_NUMBERS).await?);
    let order = NewSalesOrder {
        sales_order_id: ctx.new_id::<SalesOrderId>(),
        number: number.clone(),
        draft_id: head.row.draft_id,
        customer_id: head.customer_id,
        customer_order_number: head.row.customer_order_number.clone(),
        requested_delivery_date: head.row.requested_delivery_date,
        currency: head.row.currency.clone(),
        net_total: head.row.net_total,
        created_by: ctx.actor.name().to_owned(),
        lines,
    };
    store::sales_orders::add(tx, &order, ctx.now()).await?;
    Ok(number)
}
