//! A supplier's catalogue from a price file (EFO/NELFO), for a supplier without the partner API or before it is connected.
//!
//! The catalogue belongs to a connection. A supplier that has none gets one without an endpoint: nothing is sent over it or asked of
//! it until somebody registers where it leads.

use domain::articles::ArticleStatus;
use domain::connections::CatalogueReport;
use domain::errors::{ErrorCode, Refusal};
use domain::ids::{ConnectionId, ContactId};
use domain::imports::MAX_REFUSED;
use domain::matching::PartnerArticle;
use domain::roles::Permission;
use store::Tx;

use crate::ctx::Ctx;
use crate::efonelfo::{self, Item, PriceFile};
use crate::error::ServiceError;
use crate::instance::note;

/// The supplier of an organisation number, as a price file or a person writes it.
pub async fn supplier_of(ctx: &Ctx, org_number: &str) -> Result<ContactId, ServiceError> {
    ctx.require(Permission::Administer)?;
    let mut tx = ctx.store.begin_read().await?;
    crate::suppliers::named_in_column(&mut tx, org_number).await
}

/// Reads a price file as the supplier's catalogue: it takes the place of what was read from a file before. Items that cannot be read
/// are told and left out.
///
/// # Errors
/// When it is no price file, or the supplier is read over the partner API: the file would mix with what the partner says itself.
pub async fn bring_in_catalogue(
    ctx: &Ctx,
    supplier: ContactId,
    file: Vec<u8>,
) -> Result<CatalogueReport, ServiceError> {
    ctx.require(Permission::Administer)?;
    if file.len() > crate::imports::MAX_BYTES {
        return Err(ErrorCode::PayloadTooLarge.into());
    }
    if !efonelfo::is_price_file(&file) {
        return Err(ErrorCode::FileIsNoPriceFile.into());
    }
    let prices = tokio::task::spawn_blocking(move || efonelfo::read(&file))
        .await
        .map_err(|error| ServiceError::Internal(format!("the file could not be read: {error}")))??;
    ctx.write((supplier, prices), |ctx, tx, (supplier, prices)| Box::pin(keep(ctx, tx, *supplier, prices)))
        .await
}

async fn keep(
    ctx: &Ctx,
    tx: &mut Tx,
    supplier: ContactId,
    prices: &PriceFile,
) -> Result<CatalogueReport, ServiceError> {
    let contact = store::contacts::lookup(tx, supplier).await?.filter(|contact| contact.is_supplier);
    let contact = contact.ok_or_else(|| Refusal::from(ErrorCode::SupplierUnknown))?;
    let id = match store::connections::find_by_contact(tx, supplier).await? {
        Some(known) if known.catalogue_cursor.is_some() => return Err(ErrorCode::CatalogueIsLive.into()),
        Some(known) => known.row.connection_id,
        None => {
            let id: ConnectionId = ctx.new_id();
            store::connections::add(tx, id, Some(supplier), "", ctx.now()).await?;
            id
        }
    };
    let articles: Vec<PartnerArticle> =
        prices.items.iter().map(|item| partner_article(item, &prices.currency)).collect();
    store::partner_articles::clear(tx, id).await?;
    store::partner_articles::upsert(tx, id, &articles).await?;
    store::connections::set_catalogue_from_file(tx, id, ctx.now(), prices.prices_from).await?;
    note(ctx, tx, "catalogue_from_file", Some(id.0), &contact.name).await?;
    Ok(CatalogueReport {
        connection_id: id,
        supplier_name: contact.name,
        articles: articles.len(),
        let_be: prices.let_be,
        refused: prices.refused.iter().take(MAX_REFUSED).cloned().collect(),
        faults: prices.refused.len(),
        is_from_another: contact.org_number.is_some_and(|number| number != prices.seller),
        seller_name: prices.seller_name.clone(),
    })
}

fn partner_article(item: &Item, currency: &str) -> PartnerArticle {
    PartnerArticle {
        number: domain::text::normalise(&item.number),
        name: item.name.clone(),
        unit: item.unit.to_owned(),
        price: item.price,
        price_base_quantity: item.price_base_quantity,
        currency: currency.to_owned(),
        gtin: item.gtin.clone(),
        pack_size: item.pack_size,
        minimum_quantity: None,
        status: if item.is_going_out { ArticleStatus::GoingOut } else { ArticleStatus::Active },
        replaced_by: None,
    }
}
