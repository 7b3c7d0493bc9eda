//! Saving what is typed into an order: kept first, judged afterwards, and put together with what others did meanwhile.

use domain::errors::{ErrorCode, Refusal};
use domain::ids::{ConflictId, FormKey, OrderId};
use domain::orders::{
    Merged, OrderConflict, OrderDifference, OrderInput, PurchaseOrder, differences, merge, undone,
};
use domain::roles::Permission;
use serde::{Deserialize, Serialize};
use store::Tx;
use store::orders::{Change, KeptConflict};

use super::keeping::{Saving, keep, settled, snapshot};
use super::new_order;
use crate::ctx::Ctx;
use crate::error::ServiceError;

/// So many savings back an earlier version can be found again; whoever typed over an older one is asked about every field.
const MOST_SAVINGS: i64 = 1000;

/// Where a saved order stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedOrder {
    pub order_id: OrderId,
    pub number: String,
    pub version: i64,
    /// What must be put right before it can be sent. What was typed is kept in any case.
    pub refusal: Option<Refusal>,
    /// The id of each line as typed, by which it is the same line next time; empty for an empty line.
    pub line_ids: Vec<String>,
}

/// What a form has to save.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormState {
    /// `None` while the form has no order yet, or does not know that it has.
    pub order_id: Option<OrderId>,
    /// The version that was typed over.
    pub version: i64,
    /// What tells this form from every other. A form that is sent again, because its answer was lost, makes nothing twice, and is not
    /// asked about its own changes.
    pub form_key: Option<FormKey>,
    pub input: OrderInput,
}

/// What came of the saving of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormSaved {
    Saved(SavedOrder),
    /// Others had saved meanwhile, in other fields: both are kept.
    Merged {
        saved: SavedOrder,
        /// What the form shows now; `saved.line_ids` are its lines'.
        input: Box<OrderInput>,
        /// What came in from others, seen from what was typed.
        came_in: Vec<OrderDifference>,
        /// Who they are.
        by: Vec<String>,
    },
    /// Others wrote something else in the same fields. Nothing was saved.
    Conflict(Box<OrderConflict>),
}

/// Makes an order of what was typed. Nothing typed is lost: what cannot be read is kept as text beside a draft.
pub async fn create(ctx: &Ctx, input: OrderInput) -> Result<SavedOrder, ServiceError> {
    match save_form(ctx, FormState { input, ..FormState::default() }).await? {
        FormSaved::Saved(saved) | FormSaved::Merged { saved, .. } => Ok(saved),
        FormSaved::Conflict(_) => Err(ErrorCode::VersionConflict.into()),
    }
}

/// Saves what was typed over a version of an order; what others changed meanwhile in other fields stays.
pub async fn save(
    ctx: &Ctx,
    order_id: OrderId,
    version: i64,
    input: OrderInput,
) -> Result<SavedOrder, ServiceError> {
    let form = FormState { order_id: Some(order_id), version, form_key: None, input };
    match save_form(ctx, form).await? {
        FormSaved::Saved(saved) | FormSaved::Merged { saved, .. } => Ok(saved),
        FormSaved::Conflict(_) => Err(ErrorCode::VersionConflict.into()),
    }
}

/// Saves a form: makes its order the first time, saves over it afterwards, and puts together what others did meanwhile.
pub async fn save_form(ctx: &Ctx, form: FormState) -> Result<FormSaved, ServiceError> {
    ctx.require(Permission::Purchase)?;
    ctx.write(form, |ctx, tx, form| Box::pin(save_form_in(ctx, tx, form))).await
}

/// The same for a form that is gone after the answer: what was typed over others' changes is kept until somebody has chosen.
pub async fn save_or_keep(ctx: &Ctx, form: FormState) -> Result<FormSaved, ServiceError> {
    ctx.require(Permission::Purchase)?;
    ctx.write(form, |ctx, tx, form| {
        Box::pin(async move {
            let mut saved = save_form_in(ctx, tx, form).await?;
            if let FormSaved::Conflict(conflict) = &mut saved {
                let kept = KeptConflict {
                    conflict_id: ctx.new_id(),
                    order_id: conflict.order_id,
                    at: ctx.now(),
                    actor: ctx.actor.name().to_owned(),
                    base_version: form.version,
                    form_key: form.form_key,
                    input: form.input.clone(),
                };
                store::orders::add_conflict(tx, &kept).await?;
                conflict.conflict_id = Some(kept.conflict_id);
            }
            Ok(saved)
        })
    })
    .await
}

/// What was kept for somebody to choose, over the order as it is now.
pub async fn conflict(ctx: &Ctx, conflict_id: ConflictId) -> Result<OrderConflict, ServiceError> {
    ctx.require(Permission::Purchase)?;
    let mut tx = ctx.store.begin_read().await?;
    let kept = store::orders::conflict(&mut tx, conflict_id).await?.ok_or(ErrorCode::NotFound)?;
    let order = store::orders::lookup(&mut tx, kept.order_id).await?.ok_or(ErrorCode::NotFound)?;
    conflict_of(ctx, &mut tx, &order, &kept).await
}

/// Saves what was typed with what was chosen: `theirs` are the pointers at which the others' text is taken, of the conflicts that the
/// order had at `version`. When it has changed since, nothing is saved and the answer is what has to be chosen now.
pub async fn resolve(
    ctx: &Ctx,
    conflict_id: ConflictId,
    version: i64,
    theirs: Vec<String>,
) -> Result<FormSaved, ServiceError> {
    ctx.require(Permission::Purchase)?;
    ctx.write((conflict_id, version, theirs), |ctx, tx, (conflict_id, version, theirs)| {
        Box::pin(async move {
            let kept = store::orders::conflict(tx, *conflict_id).await?.ok_or(ErrorCode::NotFound)?;
            let order = store::orders::lock(tx, kept.order_id).await?.ok_or(ErrorCode::NotFound)?;
            let conflict = conflict_of(ctx, tx, &order, &kept).await?;
            if conflict.version != *version {
                return Ok(FormSaved::Conflict(Box::new(conflict)));
            }
            let input = conflict.merged.resolve(|conflict| theirs.contains(&conflict.pointer));
            store::orders::remove_conflict(tx, *conflict_id).await?;
            let saving = Saving { kind: "order_changed", form_key: kept.form_key };
            Ok(FormSaved::Saved(keep(ctx, tx, order, &input, &saving).await?))
        })
    })
    .await
}

async fn conflict_of(
    ctx: &Ctx,
    tx: &mut Tx,
    order: &PurchaseOrder,
    kept: &KeptConflict,
) -> Result<OrderConflict, ServiceError> {
    if !order.status.is_editable() {
        return Err(ErrorCode::InvalidTransition.into());
    }
    let base = base_of(tx, order, kept.base_version, kept.form_key).await?;
    let merged = merge(&base.input, &settled(ctx.today(), &kept.input), &base.theirs);
    told(tx, order, base, merged, Some(kept.conflict_id)).await
}

/// What has to be chosen, with names in the place of ids.
async fn told(
    tx: &mut Tx,
    order: &PurchaseOrder,
    base: OrderBase,
    merged: Merged,
    conflict_id: Option<ConflictId>,
) -> Result<OrderConflict, ServiceError> {
    let mut suppliers = Vec::new();
    for conflict in merged.conflicts.iter().filter(|conflict| conflict.pointer == "/supplier_id") {
        for id in [&conflict.mine, &conflict.theirs] {
            let Ok(contact_id) = id.parse() else { continue };
            if let Some(contact) = store::contacts::lookup(tx, contact_id).await? {
                suppliers.push((id.clone(), contact.name));
            }
        }
    }
    Ok(OrderConflict {
        order_id: order.order_id,
        number: order.number.clone(),
        version: order.version,
        theirs: base.theirs,
        merged,
        by: base.by,
        suppliers,
        conflict_id,
    })
}

async fn save_form_in(ctx: &Ctx, tx: &mut Tx, form: &FormState) -> Result<FormSaved, ServiceError> {
    let order_id = match (form.order_id, form.form_key) {
        (Some(order_id), _) => order_id,
        (None, form_key) => {
            let order = new_order(ctx, tx, None).await?;
            let order_id = match form_key {
                Some(form_key) => store::orders::claim_form(tx, form_key, order.order_id).await?,
                None => order.order_id,
            };
            if order_id == order.order_id {
                store::orders::add(tx, &order).await?;
                let saving = Saving { kind: "order_created", form_key };
                return Ok(FormSaved::Saved(keep(ctx, tx, order, &form.input, &saving).await?));
            }
            order_id
        }
    };
    let order = store::orders::lock(tx, order_id).await?.ok_or(ErrorCode::NotFound)?;
    if !order.status.is_editable() {
        return Err(ErrorCode::InvalidTransition.into());
    }
    let saving = Saving { kind: "order_changed", form_key: form.form_key };
    if order.version == form.version {
        return Ok(FormSaved::Saved(keep(ctx, tx, order, &form.input, &saving).await?));
    }
    let base = base_of(tx, &order, form.version, form.form_key).await?;
    if base.is_known && base.by.is_empty() {
        // Nobody but this form has saved since: it did not get the answer.
        return Ok(FormSaved::Saved(keep(ctx, tx, order, &form.input, &saving).await?));
    }
    let mine = settled(ctx.today(), &form.input);
    let merged = merge(&base.input, &mine, &base.theirs);
    if !merged.conflicts.is_empty() {
        return Ok(FormSaved::Conflict(Box::new(told(tx, &order, base, merged, None).await?)));
    }
    let saved = keep(ctx, tx, order, &merged.input, &saving).await?;
    let mut input = merged.input;
    for (line, line_id) in input.lines.iter_mut().zip(&saved.line_ids) {
        line_id.clone_into(&mut line.line_id);
    }
    let came_in =
        differences(&mine, &input).into_iter().filter(|difference| came(difference, &base.theirs)).collect();
    Ok(FormSaved::Merged { saved, input: Box::new(input), came_in, by: base.by })
}

/// Whether others did it: new lines of the form itself have just got their ids.
fn came(difference: &OrderDifference, theirs: &OrderInput) -> bool {
    match difference {
        OrderDifference::Added { line, .. } => theirs.lines.iter().any(|known| known.line_id == line.line_id),
        OrderDifference::Removed { line, .. } => !line.line_id.is_empty(),
        _ => true,
    }
}

/// What a form was typed over, and what the order is now.
struct OrderBase {
    input: OrderInput,
    theirs: OrderInput,
    /// Who saved in between; empty when nobody but the form itself did, or when that is not known.
    by: Vec<String>,
    /// Whether what was typed over was found again.
    is_known: bool,
}

/// Finds again what the order was at a version: from what it is, back over what each saving changed. The form's own savings that come
/// first are no difference to it.
async fn base_of(
    tx: &mut Tx,
    order: &PurchaseOrder,
    version: i64,
    form_key: Option<FormKey>,
) -> Result<OrderBase, ServiceError> {
    let theirs = snapshot(tx, order).await?;
    let mut changes = store::orders::changes_after(tx, order.order_id, version, MOST_SAVINGS + 1).await?;
    let is_known = changes.len() <= usize::try_from(MOST_SAVINGS).unwrap_or(usize::MAX)
        && is_told_from(tx, order, version, &changes).await?;
    if !is_known {
        // What was typed over can no longer be known: everything that differs is asked about.
        let by = by_whom(&changes);
        return Ok(OrderBase { input: OrderInput::default(), theirs, by, is_known });
    }
    while changes.last().is_some_and(|oldest| form_key.is_some() && oldest.form_key == form_key) {
        changes.pop();
    }
    let mut input = theirs.clone();
    for change in &changes {
        input = undone(&input, &change.differences);
    }
    Ok(OrderBase { input, theirs, by: by_whom(&changes), is_known })
}

/// Whether the changes are all that happened since the version: sending and its answers make versions without any, but the history of an
/// order that was put back begins anew, and a version above the order's is of another history.
async fn is_told_from(
    tx: &mut Tx,
    order: &PurchaseOrder,
    version: i64,
    changes: &[Change],
) -> Result<bool, ServiceError> {
    // A form that did not know of its order typed over the first version.
    let version = version.max(1);
    if version > order.version {
        return Ok(false);
    }
    if changes.last().is_some_and(|oldest| oldest.version <= version + 1) {
        return Ok(true);
    }
    Ok(store::orders::history_reaches(tx, order.order_id, version).await?)
}

fn by_whom(changes: &[Change]) -> Vec<String> {
    let mut by: Vec<String> = Vec::new();
    for change in changes.iter().rev() {
        if !by.contains(&change.actor) {
            by.push(change.actor.clone());
        }
    }
    by
}
