//! Suppliers as files and the command line name them: by number, with the country before it where two countries have the same.

use domain::contacts::Contact;
use domain::errors::{ErrorCode, Refusal};
use domain::ids::ContactId;
use domain::organisation_number::Written;
use domain::roles::Permission;
use store::{StoreError, Tx};

use crate::ctx::Ctx;
use crate::error::ServiceError;

/// The supplier that is named.
///
/// # Errors
/// `supplier_unknown`, `supplier_ambiguous`.
pub async fn named(ctx: &Ctx, text: &str) -> Result<ContactId, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    Ok(find(&mut tx, text).await??)
}

/// The supplier that the column `supplier_org_number` names.
pub(crate) async fn named_in_column(tx: &mut Tx, text: &str) -> Result<ContactId, ServiceError> {
    let found = find(tx, text).await?;
    Ok(found.map_err(|code| Refusal::of_field("/supplier_org_number", code))?)
}

async fn find(tx: &mut Tx, text: &str) -> Result<Result<ContactId, ErrorCode>, StoreError> {
    let written = Written::read(text);
    if let Some((country, number)) = &written.of_country
        && let Some(contact) = store::contacts::find_by_identity(tx, country, number).await?
        && contact.is_supplier
    {
        return Ok(Ok(contact.contact_id));
    }
    let found = store::contacts::suppliers_with_number(tx, &written.number).await?;
    Ok(match found.as_slice() {
        [] => Err(ErrorCode::SupplierUnknown),
        [one] => Ok(*one),
        _ => Err(ErrorCode::SupplierAmbiguous),
    })
}

/// The supplier's number as [`named`] finds it again.
pub(crate) async fn number_of(tx: &mut Tx, supplier: &Contact) -> Result<Option<String>, StoreError> {
    let Some(number) = &supplier.org_number else { return Ok(None) };
    let same = store::contacts::suppliers_with_number(tx, number).await?;
    let is_alone = same.len() < 2;
    Ok(Some(if is_alone { number.clone() } else { format!("{} {number}", supplier.address.country) }))
}
