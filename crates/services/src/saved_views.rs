//! Saved views of lists: each belongs to a person, and may be shared with everybody.

use domain::errors::{ErrorCode, Refusal};
use domain::ids::{SavedViewId, UserId};
use domain::roles::Permission;
use domain::saved_views::{ListName, MAX_OWN, SavedView, checked_name, checked_query};
use store::Tx;

use crate::ctx::{Actor, Ctx};
use crate::error::ServiceError;

/// Views belong to people; whoever works at the command line has none.
fn person(ctx: &Ctx) -> Result<UserId, ServiceError> {
    ctx.require(Permission::Read)?;
    match &ctx.actor {
        Actor::User { user_id, .. } => Ok(*user_id),
        _ => Err(ErrorCode::Forbidden.into()),
    }
}

/// The views that the person sees: the own ones and the shared ones, oldest first.
pub async fn list(ctx: &Ctx, list: ListName) -> Result<Vec<SavedView>, ServiceError> {
    ctx.require(Permission::Read)?;
    let Actor::User { user_id, .. } = &ctx.actor else { return Ok(Vec::new()) };
    let mut tx = ctx.store.begin_read().await?;
    Ok(store::saved_views::list(&mut tx, list, *user_id).await?)
}

/// One view that the person sees.
pub async fn get(ctx: &Ctx, list: ListName, view: SavedViewId) -> Result<SavedView, ServiceError> {
    let of = person(ctx)?;
    let mut tx = ctx.store.begin_read().await?;
    Ok(store::saved_views::lookup(&mut tx, list, of, view).await?.ok_or(ErrorCode::NotFound)?)
}

/// Saves what a list is asked for under a name.
pub async fn add(
    ctx: &Ctx,
    list: ListName,
    name: &str,
    query: &str,
    is_shared: bool,
) -> Result<SavedView, ServiceError> {
    let of = person(ctx)?;
    let view = SavedView {
        view_id: ctx.new_id(),
        name: checked_name(name)?,
        query: checked_query(query),
        is_shared,
        is_default: false,
        is_own: true,
    };
    ctx.write((list, of, view), |ctx, tx, (list, of, view)| {
        Box::pin(async move {
            if store::saved_views::count_own(tx, *list, *of).await? >= MAX_OWN {
                return Err(Refusal::from(ErrorCode::BatchTooLarge).with("max", MAX_OWN).into());
            }
            store::saved_views::add(tx, *list, *of, view, ctx.now()).await?;
            Ok(view.clone())
        })
    })
    .await
}

/// Changes the name of an own view and whether it is shared; with `query` also what it asks.
pub async fn change(
    ctx: &Ctx,
    list: ListName,
    view_id: SavedViewId,
    name: &str,
    query: Option<&str>,
    is_shared: bool,
) -> Result<SavedView, ServiceError> {
    let of = person(ctx)?;
    let change = (list, of, view_id, checked_name(name)?, query.map(checked_query), is_shared);
    ctx.write(change, |_, tx, (list, of, view_id, name, query, is_shared)| {
        Box::pin(async move {
            let mut view = own(tx, *list, *of, *view_id).await?;
            view.name.clone_from(name);
            view.is_shared = *is_shared;
            if let Some(query) = query {
                view.query.clone_from(query);
            }
            store::saved_views::save(tx, *of, &view).await?;
            Ok(view)
        })
    })
    .await
}

async fn own(tx: &mut Tx, list: ListName, of: UserId, view: SavedViewId) -> Result<SavedView, ServiceError> {
    let found = store::saved_views::lookup(tx, list, of, view).await?;
    Ok(found.filter(|known| known.is_own).ok_or(ErrorCode::NotFound)?)
}

/// Deletes an own view; [`restore`] takes it back.
pub async fn delete(ctx: &Ctx, view: SavedViewId) -> Result<(), ServiceError> {
    set_deleted(ctx, view, true).await
}

/// *Angre* after [`delete`].
pub async fn restore(ctx: &Ctx, view: SavedViewId) -> Result<(), ServiceError> {
    set_deleted(ctx, view, false).await
}

async fn set_deleted(ctx: &Ctx, view: SavedViewId, deleted: bool) -> Result<(), ServiceError> {
    let of = person(ctx)?;
    ctx.write((of, view, deleted), |ctx, tx, (of, view, deleted)| {
        Box::pin(async move {
            let at = deleted.then(|| ctx.now());
            match store::saved_views::set_deleted(tx, *of, *view, at).await? {
                true => Ok(()),
                false => Err(ErrorCode::NotFound.into()),
            }
        })
    })
    .await
}

/// Opens the person's list with a view that the person sees, or with none.
pub async fn set_default(ctx: &Ctx, list: ListName, view: Option<SavedViewId>) -> Result<(), ServiceError> {
    let of = person(ctx)?;
    ctx.write((list, of, view), |_, tx, (list, of, view)| {
        Box::pin(async move {
            if let Some(view) = view {
                store::saved_views::lookup(tx, *list, *of, *view).await?.ok_or(ErrorCode::NotFound)?;
            }
            store::saved_views::set_default(tx, *list, *of, *view).await?;
            Ok(())
        })
    })
    .await
}
