//! *Maler*: lines kept under a name, to begin an order with.

use domain::errors::{ErrorCode, Refusal};
use domain::ids::{OrderId, TemplateId};
use domain::orders::{
    MAX_TEMPLATE_NAME, MAX_TEMPLATES, OrderInput, OrderLineInput, OrderTemplate, OrderTemplateRow,
};
use domain::roles::Permission;
use store::Tx;

use super::copies::fresh;
use super::{SavedOrder, Saving, keep, new_order, snapshot};
use crate::ctx::Ctx;
use crate::error::ServiceError;

/// All templates, by name.
pub async fn list(ctx: &Ctx) -> Result<Vec<OrderTemplateRow>, ServiceError> {
    ctx.require(Permission::Purchase)?;
    let mut tx = ctx.store.begin_read().await?;
    Ok(store::orders::templates::list(&mut tx, MAX_TEMPLATES).await?)
}

/// Keeps an order's lines under a name.
///
/// # Errors
/// When the name is empty, too long or taken, the order has no lines, or there are as many templates as there may be.
pub async fn save(ctx: &Ctx, order_id: OrderId, name: &str) -> Result<TemplateId, ServiceError> {
    ctx.require(Permission::Purchase)?;
    let name = checked_name(name)?;
    ctx.write((order_id, name), |ctx, tx, (order_id, name)| {
        Box::pin(async move {
            let order = store::orders::lookup(tx, *order_id).await?.ok_or(ErrorCode::NotFound)?;
            // What was typed and cannot be read yet is kept as it is typed.
            let lines = snapshot(tx, &order).await?.lines;
            if lines.is_empty() {
                return Err(ErrorCode::NoLines.into());
            }
            if store::orders::templates::count(tx).await? >= MAX_TEMPLATES {
                return Err(Refusal::from(ErrorCode::BatchTooLarge).with("max", MAX_TEMPLATES).into());
            }
            let lines = lines.into_iter().map(|line| OrderLineInput { line_id: String::new(), ..line });
            let template = OrderTemplate {
                template_id: ctx.new_id(),
                name: name.clone(),
                supplier_id: order.supplier_id,
                supplier_name: None,
                currency: order.currency,
                lines: lines.collect(),
                created_by: ctx.actor.name().to_owned(),
                updated_at: ctx.now(),
            };
            if !store::orders::templates::add(tx, &template).await? {
                return Err(taken());
            }
            Ok(template.template_id)
        })
    })
    .await
}

/// Gives a template another name.
pub async fn rename(ctx: &Ctx, id: TemplateId, name: &str) -> Result<(), ServiceError> {
    ctx.require(Permission::Purchase)?;
    let name = checked_name(name)?;
    ctx.write((id, name), |ctx, tx, (id, name)| {
        Box::pin(async move {
            let known = store::orders::templates::lookup(tx, *id).await?.ok_or(ErrorCode::NotFound)?;
            let is_same = known.name.to_lowercase() == name.to_lowercase();
            if !is_same && store::orders::templates::has_name(tx, name).await? {
                return Err(taken());
            }
            store::orders::templates::rename(tx, *id, name, ctx.now()).await?;
            Ok(())
        })
    })
    .await
}

/// Takes a template out of the list; [`restore`] is *Angre*.
pub async fn remove(ctx: &Ctx, id: TemplateId) -> Result<(), ServiceError> {
    ctx.require(Permission::Purchase)?;
    ctx.write(id, |ctx, tx, id| {
        Box::pin(async move {
            if !store::orders::templates::remove(tx, *id, ctx.now()).await? {
                return Err(ErrorCode::NotFound.into());
            }
            Ok(())
        })
    })
    .await
}

/// Brings a removed template back. Where another has its name by now, it gets a number behind it.
pub async fn restore(ctx: &Ctx, id: TemplateId) -> Result<(), ServiceError> {
    ctx.require(Permission::Purchase)?;
    ctx.write(id, |_, tx, id| {
        Box::pin(async move {
            let name = store::orders::templates::removed_name(tx, *id).await?.ok_or(ErrorCode::NotFound)?;
            let name = free_name(tx, name).await?;
            store::orders::templates::restore(tx, *id, &name).await?;
            Ok(())
        })
    })
    .await
}

/// Begins an order with a template's lines and today's prices.
pub async fn start_order(ctx: &Ctx, id: TemplateId) -> Result<SavedOrder, ServiceError> {
    ctx.require(Permission::Purchase)?;
    ctx.write(id, |ctx, tx, id| {
        Box::pin(async move {
            let template = store::orders::templates::lookup(tx, *id).await?.ok_or(ErrorCode::NotFound)?;
            let lines = fresh(tx, template.supplier_id, &template.currency, template.lines).await?;
            let input = OrderInput {
                supplier_id: template.supplier_id.map(|id| id.to_string()).unwrap_or_default(),
                currency: template.currency,
                lines,
                ..OrderInput::default()
            };
            let order = new_order(ctx, tx, None).await?;
            store::orders::add(tx, &order).await?;
            keep(ctx, tx, order, &input, &Saving { kind: "order_created", form_key: None }).await
        })
    })
    .await
}

fn checked_name(name: &str) -> Result<String, Refusal> {
    let mut errors = Vec::new();
    let name = domain::articles::checked_line(&mut errors, "/name", name, MAX_TEMPLATE_NAME, true);
    if errors.is_empty() { Ok(name) } else { Err(Refusal::of_fields(errors)) }
}

fn taken() -> ServiceError {
    Refusal::of_field("/name", ErrorCode::Duplicate).into()
}

/// The name, or the first of *name (2)*, *name (3)* that is free.
async fn free_name(tx: &mut Tx, name: String) -> Result<String, ServiceError> {
    let mut candidate = name.clone();
    let mut number = 2;
    while store::orders::templates::has_name(tx, &candidate).await? {
        candidate = format!("{name} ({number})");
        number += 1;
    }
    Ok(candidate)
}
