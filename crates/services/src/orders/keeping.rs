//! Keeping what was typed into an order: first as it is, then judged, with what it changed.

use std::collections::{HashMap, HashSet};

use domain::errors::{ErrorCode, FieldError, Refusal};
use domain::ids::{FormKey, OrderId, OrderLineId};
use domain::orders::{
    OrderEvent, OrderInput, OrderLine, OrderLineInput, PurchaseOrder, UnreadMarks, apply, completeness,
    differences,
};
use domain::time::CalendarDate;
use store::Tx;
use store::orders::Change;
use uuid::Uuid;

use super::SavedOrder;
use super::lines::{complete, fill, missing_prices, unknown, written_date, written_out};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::live;

/// A person who goes on typing makes one entry in the order's timeline, as long as no pause is longer than this, in seconds.
pub(super) const ONE_SITTING_SECONDS: i64 = 600;

/// The text in the fields of the form: what was typed last, or the order written out.
pub(super) async fn snapshot(tx: &mut Tx, order: &PurchaseOrder) -> Result<OrderInput, ServiceError> {
    let typed = store::orders::typed(tx, order.order_id).await?;
    Ok(typed.unwrap_or_else(|| written_out(order)))
}

/// What was typed, as it can be compared: a date that is seen from today is written out, since tomorrow `+7` would be another day, and of
/// lines with the same id only the first keeps it.
pub(super) fn settled(today: CalendarDate, input: &OrderInput) -> OrderInput {
    let mut input = input.clone();
    let mut known = HashSet::new();
    for line in &mut input.lines {
        if !line.line_id.is_empty() && !known.insert(line.line_id.trim().to_lowercase()) {
            line.line_id.clear();
        }
    }
    // A date that a program wrote stays as it is, also one of a century that nobody types.
    if input.requested_delivery_date.trim().parse::<CalendarDate>().is_ok() {
        return input;
    }
    if let Some(date) = CalendarDate::parse_typed(&input.requested_delivery_date, today) {
        input.requested_delivery_date = written_date(date);
    }
    input
}

/// How a saving is told.
pub(super) struct Saving {
    pub(super) kind: &'static str,
    pub(super) form_key: Option<FormKey>,
}

/// Keeps what was typed first, then judges it.
pub(super) async fn keep(
    ctx: &Ctx,
    tx: &mut Tx,
    mut order: PurchaseOrder,
    input: &OrderInput,
    saving: &Saving,
) -> Result<SavedOrder, ServiceError> {
    let (before, unsaved) = (snapshot(tx, &order).await?, order.clone());
    let version = order.version;
    let (input, places) = without_empty_lines(settled(ctx.today(), input));
    let input = with_line_ids(ctx, tx, order.order_id, &before, input).await?;
    let completed = complete(tx, &input).await?;
    let (head, lines, mut faults) = completed.read(ctx.today());
    faults.extend(fill(ctx, tx, &mut order, head, lines).await?);
    // A price that is missing is missing in the form the next time too, and not a zero that nobody typed.
    let without_price = missing_prices(&completed);
    let is_as_typed = !faults.is_empty() || !without_price.is_empty();
    // What the registers filled in is in the form too, or its sums were others than the order's.
    let kept = with_what_was_filled_in(completed, &order);
    store::orders::set_typed(tx, order.order_id, is_as_typed.then_some(&kept)).await?;
    if is_as_typed {
        store::orders::set_marks(tx, order.order_id, &marks_of(&kept, &faults, &without_price)).await?;
    }
    let after = if is_as_typed { kept } else { written_out(&order) };
    let refusal = in_the_way(&order, faults, without_price);
    let event = if refusal.is_some() { OrderEvent::SavedIncomplete } else { OrderEvent::SavedComplete };
    order.status = apply(order.status, event)?;
    let mut line_ids = vec![String::new(); places.rows];
    for (place, line) in places.of_lines.iter().zip(&input.lines) {
        line.line_id.clone_into(&mut line_ids[*place]);
    }
    let refusal = refusal.map(|refusal| places.as_typed(refusal));
    let found = differences(&before, &after);
    let mut saved =
        SavedOrder { order_id: order.order_id, number: order.number.clone(), version, refusal, line_ids };
    if found.is_empty() && order == unsaved && version > 1 {
        return Ok(saved);
    }
    saved.version += 1;
    if !store::orders::save(tx, &order, version, ctx.now()).await? {
        return Err(ErrorCode::VersionConflict.into());
    }
    let change = Change {
        version: saved.version,
        at: ctx.now(),
        actor: ctx.actor.name().to_owned(),
        form_key: saving.form_key,
        differences: found,
    };
    store::orders::add_change(tx, order.order_id, &change).await?;
    tell(ctx, tx, &order, saving.kind).await?;
    Ok(saved)
}

/// What was typed, with the names and the supplier's numbers that its lines got where they were left empty.
fn with_what_was_filled_in(mut typed: OrderInput, order: &PurchaseOrder) -> OrderInput {
    let filled: HashMap<String, &OrderLine> =
        order.lines.iter().map(|line| (line.line_id.to_string(), line)).collect();
    for line in &mut typed.lines {
        let Some(filled) = filled.get(line.line_id.as_str()) else { continue };
        for (field, known) in [
            (&mut line.description, &filled.description),
            (&mut line.supplier_article_number, &filled.supplier_article_number),
        ] {
            if field.trim().is_empty() {
                field.clone_from(known);
            }
        }
    }
    typed
}

/// What lists tell of an order that is kept as it was typed.
fn marks_of(typed: &OrderInput, faults: &[FieldError], without_price: &[FieldError]) -> UnreadMarks {
    UnreadMarks::of(typed, &[faults, without_price].concat())
}

/// Reads again an order that is kept as it was typed: what can be read of it becomes its head and its lines, as a save would write them,
/// and lists know what is left. Nobody has changed it, so it keeps its version. The order is locked before its text is read: who saved it
/// while this waited for it has looked it through.
async fn read_again(ctx: &Ctx, tx: &mut Tx, order_id: OrderId) -> Result<(), ServiceError> {
    let Some((mut order, typed)) = store::orders::lock_unmarked(tx, order_id).await? else { return Ok(()) };
    if !order.status.is_editable() {
        // It was sent without it; what was typed is of no use any more.
        return Ok(store::orders::set_typed(tx, order_id, None).await?);
    }
    let input = with_line_ids(ctx, tx, order_id, &typed, without_empty_lines(typed.clone()).0).await?;
    let completed = complete(tx, &input).await?;
    let (head, lines, mut faults) = completed.read(ctx.today());
    faults.extend(fill(ctx, tx, &mut order, head, lines).await?);
    if !store::orders::write_what_is_read(tx, &order).await? {
        return Err(ErrorCode::VersionConflict.into());
    }
    let without_price = missing_prices(&completed);
    let kept = with_what_was_filled_in(completed, &order);
    store::orders::set_typed(tx, order_id, Some(&kept)).await?;
    Ok(store::orders::set_marks(tx, order_id, &marks_of(&kept, &faults, &without_price)).await?)
}

/// Finds again what lists tell of an order that was brought back and is kept as it was typed, and changes nothing else. One that was
/// deleted before lines were written beside what was typed gets them.
pub(super) async fn mark_again(ctx: &Ctx, tx: &mut Tx, order: &PurchaseOrder) -> Result<(), ServiceError> {
    let order_id = order.order_id;
    let Some(typed) = store::orders::typed(tx, order_id).await? else { return Ok(()) };
    let written: HashSet<OrderLineId> = order.lines.iter().map(|line| line.line_id).collect();
    let is_written =
        |line: &OrderLineInput| line.line_id.trim().parse().is_ok_and(|id| written.contains(&id));
    if !typed.lines.iter().all(|line| line.is_empty() || is_written(line)) {
        return read_again(ctx, tx, order_id).await;
    }
    let completed = complete(tx, &typed).await?;
    let (head, lines, mut faults) = completed.read(ctx.today());
    faults.extend(unknown(tx, &head, &lines).await?);
    let marks = marks_of(&typed, &faults, &missing_prices(&completed));
    Ok(store::orders::set_marks(tx, order_id, &marks).await?)
}

/// Reads again those of the orders that nobody has looked through since they were kept as they were typed.
pub(crate) async fn read_unmarked(ctx: &Ctx, tx: &mut Tx, order_ids: &[OrderId]) -> Result<(), ServiceError> {
    for order_id in order_ids {
        read_again(ctx, tx, *order_id).await?;
    }
    Ok(())
}

/// What a save told of the text that it kept, told again without writing anything.
pub(super) async fn told_again(
    ctx: &Ctx,
    tx: &mut Tx,
    order: &PurchaseOrder,
    typed: &OrderInput,
) -> Result<Option<Refusal>, ServiceError> {
    let completed = complete(tx, typed).await?;
    let (head, lines, mut faults) = completed.read(ctx.today());
    faults.extend(unknown(tx, &head, &lines).await?);
    Ok(in_the_way(order, faults, missing_prices(&completed)))
}

/// What must be put right before the order can be sent: faults first, and what is merely missing when there are none.
fn in_the_way(
    order: &PurchaseOrder,
    faults: Vec<FieldError>,
    without_price: Vec<FieldError>,
) -> Option<Refusal> {
    let mut told = faults;
    if told.is_empty() {
        told = completeness(order);
        told.extend(without_price);
    }
    (!told.is_empty()).then(|| Refusal::of_fields(told))
}

/// Tells open pages and the timeline, which gets one entry for what a person does in one sitting.
async fn tell(ctx: &Ctx, tx: &mut Tx, order: &PurchaseOrder, kind: &'static str) -> Result<(), ServiceError> {
    if kind == "order_changed" {
        let since = ctx.now().plus_seconds(-ONE_SITTING_SECONDS);
        store::events::take_back_last(tx, order.order_id.0, kind, ctx.actor.name(), since).await?;
    }
    live::order_changed(ctx, tx, order.order_id, order.correlation_id, kind, None).await
}

/// Where the lines that are kept stood in the form.
struct Places {
    of_lines: Vec<usize>,
    rows: usize,
}

impl Places {
    /// Turns pointers at lines as kept into pointers at lines as typed.
    fn as_typed(&self, mut refusal: Refusal) -> Refusal {
        for error in &mut refusal.errors {
            error.point_at(&self.of_lines);
        }
        refusal
    }
}

fn without_empty_lines(input: OrderInput) -> (OrderInput, Places) {
    let rows = input.lines.len();
    let (of_lines, lines) = input.lines.into_iter().enumerate().filter(|(_, line)| !line.is_empty()).unzip();
    (OrderInput { lines, ..input }, Places { of_lines, rows })
}

/// Gives each line an id of its own. Ids that the order's lines have stay, and so do new ones that a form has made; what is not an id,
/// stands twice, or belongs to another order's line is replaced.
async fn with_line_ids(
    ctx: &Ctx,
    tx: &mut Tx,
    order_id: OrderId,
    before: &OrderInput,
    mut input: OrderInput,
) -> Result<OrderInput, ServiceError> {
    let known: HashSet<&str> = before.lines.iter().map(|line| line.line_id.as_str()).collect();
    let unknown: Vec<Uuid> = input
        .lines
        .iter()
        .filter(|line| !known.contains(line.line_id.as_str()))
        .filter_map(|line| Uuid::parse_str(line.line_id.trim()).ok())
        .collect();
    let elsewhere = store::orders::lines_elsewhere(tx, order_id, &unknown).await?;
    let mut given = HashSet::new();
    for line in &mut input.lines {
        let own = Uuid::parse_str(line.line_id.trim())
            .ok()
            .filter(|id| !elsewhere.contains(id) && !given.contains(id));
        let id = own.unwrap_or_else(|| ctx.new_id::<OrderLineId>().0);
        given.insert(id);
        line.line_id = id.to_string();
    }
    Ok(input)
}
