//! Suppliers as files and the command line name them: by number, with the country before it where two countries have the same.

use std::collections::HashMap;

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

/// The suppliers' numbers as [`named`] finds them again, of those that have one: one question however many there are.
pub(crate) async fn numbers_of<'c>(
    tx: &mut Tx,
    suppliers: impl IntoIterator<Item = &'c Contact>,
) -> Result<HashMap<ContactId, String>, StoreError> {
    let numbered: Vec<(&Contact, &String)> = suppliers
        .into_iter()
        .filter_map(|supplier| Some((supplier, supplier.org_number.as_ref()?)))
        .collect();
    let numbers: Vec<String> = numbered.iter().map(|(_, number)| (*number).clone()).collect();
    let shared = store::contacts::shared_by_suppliers(tx, &numbers).await?;
    let written = numbered.into_iter().map(|(supplier, number)| {
        let is_alone = !shared.contains(number);
        let written =
            if is_alone { number.clone() } else { format!("{} {number}", supplier.address.country) };
        (supplier.contact_id, written)
    });
    Ok(written.collect())
}
