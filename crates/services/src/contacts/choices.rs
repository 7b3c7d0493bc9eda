//! The contacts that a field offers to choose among.

use domain::contacts::{ContactRole, ContactRow};
use domain::ids::ContactId;
use domain::paging::{MAX_PAGE_SIZE, PageRequest};
use domain::roles::Permission;
use store::Tx;

use crate::ctx::Ctx;
use crate::error::ServiceError;

/// The contacts of a role by name, at most as many as a list ever gives at once. `also` is among them: what is chosen already can be
/// shown, however many there are and whatever has become of its role.
pub async fn choices(
    ctx: &Ctx,
    role: ContactRole,
    also: Option<ContactId>,
) -> Result<Vec<ContactRow>, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    choices_in(&mut tx, role, also).await
}

/// The same inside the caller's transaction.
pub(crate) async fn choices_in(
    tx: &mut Tx,
    role: ContactRole,
    also: Option<ContactId>,
) -> Result<Vec<ContactRow>, ServiceError> {
    let page = PageRequest { page: 1, page_size: MAX_PAGE_SIZE };
    let mut offered = store::contacts::list(tx, Some(role), None, page).await?.rows;
    if let Some(also) = also
        && !offered.iter().any(|known| known.contact_id == also)
        && let Some(row) = store::contacts::row(tx, also).await?
    {
        offered.push(row);
    }
    Ok(offered)
}
