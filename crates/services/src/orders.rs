//! Purchase orders: writing, changing, showing.

mod batch;
mod copies;
mod filling;
mod history;
mod judging;
mod keeping;
mod lines;
mod linking;
mod listing;
mod pasting;
mod saving;
pub mod templates;

use domain::connections::CatalogueKnown;
use domain::contacts::{ContactRole, ContactRow};
use domain::errors::{ErrorCode, Refusal};
use domain::ids::{ContactId, OrderBatchId, OrderId};
use domain::logs::LogKind;
use domain::matching::{LineFacts, Match};
use domain::messages::{Direction, MessageState};
use domain::money::Money;
use domain::orders::{
    BatchAction, DeliveryAddress, OrderDetail, OrderFilter, OrderInput, OrderStatus, OrderView,
    PurchaseOrder, PurchaseOrderRow, Totals, completeness, unread_cells,
};
use domain::paging::{Page, PageRequest};
use domain::roles::Permission;
use domain::search::SearchHit;
use serde::{Deserialize, Serialize};
use store::Tx;

use crate::contacts::choices_in;
use crate::ctx::Ctx;
use crate::error::ServiceError;
pub use batch::{batch, chosen, preview, printed, run, undo};
pub use copies::{Duplicated, changes_since, duplicate, lines_of, previous};
pub use filling::fill_lines;
pub use history::{log, versions};
pub(crate) use judging::{judge_in, judge_over, judge_typed};
pub(crate) use keeping::read_unmarked;
use keeping::{Saving, keep, snapshot, told_again};
use lines::facts_of_hit;
pub(crate) use linking::{check_form_line, give_number, give_numbers_back};
pub use listing::{exact_lines, exact_lines_of, offered_customers, offered_suppliers};
pub use pasting::{PasteQuestion, Pasted, PastedRows, append, id_of, paste, pasted_rows};
pub use saving::{
    FormSaved, FormState, SavedOrder, conflict, create, resolve, save, save_form, save_or_keep,
};

/// The counter that gives orders their numbers.
pub(crate) const NUMBERS: &str = "purchase_order";

/// Articles that are suggested at most.
const SUGGESTIONS: usize = 12;

/// Everything the order form shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderForm {
    pub order: Option<PurchaseOrder>,
    /// The text in the fields: what was typed last, or the order written out.
    pub input: OrderInput,
    pub refusal: Option<Refusal>,
    pub suppliers: Vec<ContactRow>,
    /// Of the suppliers that we are connected to: what is known of their articles, and how old it is.
    pub catalogues: Vec<CatalogueKnown>,
}

/// An article that fits what is being typed, and whether the supplier understands it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    pub hit: SearchHit,
    pub matched: Match,
}

/// One page of what the filter finds.
pub async fn list(
    ctx: &Ctx,
    filter: &OrderFilter,
    page: PageRequest,
) -> Result<Page<PurchaseOrderRow>, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    let mut page = store::orders::list(&mut tx, filter, ctx.actor.name(), page).await?;
    // A moment that has passed is no promise.
    page.rows
        .iter_mut()
        .for_each(|row| row.next_attempt_at = row.next_attempt_at.filter(|at| *at > ctx.now()));
    Ok(page)
}

/// How many orders each view holds.
pub async fn counts(ctx: &Ctx) -> Result<Vec<(OrderView, i64)>, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    Ok(store::orders::counts(&mut tx).await?)
}

/// Everything about one order.
pub async fn detail(ctx: &Ctx, number: &str) -> Result<OrderDetail, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    let order = by_number(&mut tx, number).await?;
    let row = store::orders::row(&mut tx, order.order_id).await?.ok_or(ErrorCode::NotFound)?;
    let timeline = store::events::timeline(&mut tx, order.order_id.0).await?;
    let totals =
        Totals::of_amounts(order.lines.iter().map(|line| (line.vat_rate, line.amount))).unwrap_or_default();
    let supplier = match order.supplier_id {
        Some(supplier_id) => store::contacts::lookup(&mut tx, supplier_id).await?,
        None => None,
    };
    let (mut matches, mut checked) = (Vec::new(), None);
    let (mut has_unread, mut unread, mut unread_head) = (false, Vec::new(), Vec::new());
    if order.status.is_editable() {
        if let Some(typed) = store::orders::typed(&mut tx, order.order_id).await? {
            has_unread = true;
            (unread, unread_head) = (unread_cells(&order.lines, &typed), typed.unread_head(ctx.today()));
        }
        let facts: Vec<LineFacts> =
            order.lines.iter().map(|line| line.facts(&order.currency, &unread)).collect();
        matches = judge_in(&mut tx, order.supplier_id, &facts, ctx.now()).await?;
        checked = Some(crate::exports::checked(ctx, &mut tx, row.clone(), &order).await?);
    }
    let undelivered = match row.message_state {
        Some(state) if state != MessageState::Delivered => {
            let rows = history::log_of(ctx, &mut tx, &order).await?;
            rows.into_iter().find(|row| row.kind == LogKind::Message && row.direction == Direction::Out)
        }
        _ => None,
    };
    Ok(OrderDetail {
        undelivered,
        checked,
        has_unread,
        unread,
        unread_head,
        message_state: row.message_state,
        next_attempt_at: row.next_attempt_at.filter(|at| *at > ctx.now()),
        held: row.held,
        supplier,
        today: ctx.today(),
        order,
        totals,
        timeline,
        matches,
    })
}

/// The order form: empty, or with an order that may still be changed.
pub async fn form(ctx: &Ctx, number: Option<&str>) -> Result<OrderForm, ServiceError> {
    ctx.require(Permission::Purchase)?;
    let mut tx = ctx.store.begin_read().await?;
    let catalogues = crate::connections::catalogues_in(ctx, &mut tx).await?;
    let Some(number) = number else {
        let suppliers = choices_in(&mut tx, ContactRole::Supplier, None).await?;
        return Ok(OrderForm {
            order: None,
            input: OrderInput::default(),
            refusal: None,
            suppliers,
            catalogues,
        });
    };
    let order = by_number(&mut tx, number).await?;
    if !order.status.is_editable() {
        return Err(ErrorCode::InvalidTransition.into());
    }
    let refusal = match store::orders::typed(&mut tx, order.order_id).await? {
        Some(typed) => told_again(ctx, &mut tx, &order, &typed).await?,
        None => Some(completeness(&order)).filter(|missing| !missing.is_empty()).map(Refusal::of_fields),
    };
    let input = snapshot(&mut tx, &order).await?;
    // What was typed and cannot be read yet may name another one than the order.
    let chosen = input.supplier_id.trim().parse().ok().or(order.supplier_id);
    let suppliers = choices_in(&mut tx, ContactRole::Supplier, chosen).await?;
    Ok(OrderForm { order: Some(order), input, refusal, suppliers, catalogues })
}

/// Removes an order that was never sent; [`undo`] takes it back.
pub async fn delete_draft(ctx: &Ctx, order_id: OrderId) -> Result<OrderBatchId, ServiceError> {
    ctx.require(Permission::Purchase)?;
    ctx.write(order_id, |ctx, tx, order_id| {
        Box::pin(async move {
            let (id, batch) = batch::run_in(ctx, tx, BatchAction::Delete, &[*order_id]).await?;
            match batch.items.iter().find_map(|item| item.skipped) {
                Some(code) => Err(code.into()),
                None => Ok(id),
            }
        })
    })
    .await
}

/// Makes an order inside the caller's transaction: from a file, all or nothing, so a fault is a refusal here.
pub(crate) async fn add_in(
    ctx: &Ctx,
    tx: &mut Tx,
    order_ref: Option<&str>,
    input: &OrderInput,
) -> Result<OrderId, ServiceError> {
    input.check(ctx.today())?;
    let order = new_order(ctx, tx, order_ref).await?;
    let order_id = order.order_id;
    if !store::orders::add(tx, &order).await? {
        return Err(Refusal::of_field("/order_ref", ErrorCode::Duplicate).into());
    }
    let saving = Saving { kind: "order_created", form_key: None };
    let saved = keep(ctx, tx, order, input, &saving).await?;
    match saved.refusal {
        Some(refusal) => Err(refusal.into()),
        None => Ok(order_id),
    }
}

/// Match level, reason and differences of lines while they are typed.
pub async fn judge_lines(
    ctx: &Ctx,
    supplier: Option<ContactId>,
    lines: Vec<LineFacts>,
) -> Result<Vec<Match>, ServiceError> {
    ctx.require(Permission::Read)?;
    if lines.len() > domain::orders::MAX_LINES {
        return Err(ErrorCode::TooManyLines.into());
    }
    let mut tx = ctx.store.begin_read().await?;
    judge_written(ctx, &mut tx, supplier, lines, true).await
}

/// Judges lines as they will be when they are saved.
async fn judge_written(
    ctx: &Ctx,
    tx: &mut Tx,
    supplier: Option<ContactId>,
    lines: Vec<LineFacts>,
    is_typed: bool,
) -> Result<Vec<Match>, ServiceError> {
    let connection = match supplier {
        Some(supplier) => store::connections::find_by_contact(tx, supplier).await?,
        None => None,
    };
    // What is proposed has numbers out of the registers.
    let own = if is_typed { judging::own_numbers(tx, &lines).await? } else { Vec::new() };
    let judged = judge_typed(tx, supplier, connection.as_ref(), lines, is_typed, Some(ctx.now())).await?;
    let mut matches: Vec<Match> = judged.into_iter().map(|(matched, _)| matched).collect();
    for (matched, own) in matches.iter_mut().zip(own) {
        matched.own = own;
    }
    Ok(matches)
}

/// Articles that fit what is being typed, with their match level, the best first; at most 12.
pub async fn suggest(
    ctx: &Ctx,
    supplier: Option<ContactId>,
    text: String,
) -> Result<Vec<Suggestion>, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    let hits = crate::search::articles_in(ctx, &mut tx, supplier, &text, SUGGESTIONS).await?;
    let facts: Vec<LineFacts> = hits.iter().map(facts_of_hit).collect();
    let matches = judge_written(ctx, &mut tx, supplier, facts, false).await?;
    Ok(hits.into_iter().zip(matches).map(|(hit, matched)| Suggestion { hit, matched }).collect())
}

async fn by_number(tx: &mut Tx, number: &str) -> Result<PurchaseOrder, ServiceError> {
    let order_id = store::orders::find_by_number(tx, number).await?.ok_or(ErrorCode::NotFound)?;
    Ok(store::orders::lookup(tx, order_id).await?.ok_or(ErrorCode::NotFound)?)
}

async fn new_order(ctx: &Ctx, tx: &mut Tx, order_ref: Option<&str>) -> Result<PurchaseOrder, ServiceError> {
    let number = store::counters::next_number(tx, NUMBERS).await?;
    let now = ctx.now();
    Ok(PurchaseOrder {
        order_id: ctx.new_id(),
        number: format!("PO-{}-{number:05}", now.date_in_oslo().0.year()),
        order_ref: order_ref.map(str::to_owned),
        supplier_id: None,
        supplier_name: None,
        status: OrderStatus::Draft,
        revision: 1,
        requested_delivery_date: None,
        currency: "NOK".to_owned(),
        delivery: DeliveryAddress::default(),
        our_reference: String::new(),
        their_reference: String::new(),
        note: String::new(),
        net_total: Money(0),
        lines: Vec::new(),
        correlation_id: ctx.new_correlation(),
        created_at: now,
        created_by: ctx.actor.name().to_owned(),
        updated_at: now,
        version: 1,
        answer_sequence: 0,
        partner_draft_number: None,
        partner_sales_order_number: None,
        answer_reason: None,
    })
}
