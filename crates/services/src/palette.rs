//! *Søk eller kjør kommando*: a few orders, articles and contacts that a text may mean.

use domain::contacts::ContactRole;
use domain::orders::{OrderFilter, searched};
use domain::paging::PageRequest;
use domain::palette::{PaletteContact, PaletteHits};
use domain::roles::Permission;

use crate::ctx::Ctx;
use crate::error::ServiceError;

/// How many of each kind are shown.
const SHOWN: i64 = 5;

/// Orders by number, reference or supplier; articles by number or name; contacts by name. At most five of each kind.
pub async fn search(ctx: &Ctx, text: &str) -> Result<PaletteHits, ServiceError> {
    ctx.require(Permission::Read)?;
    let Some(text) = searched(&domain::text::normalise(text)) else { return Ok(PaletteHits::default()) };
    let few = PageRequest { page: 1, page_size: SHOWN };
    let mut tx = ctx.store.begin_read().await?;
    let filter = OrderFilter { search: Some(text.clone()), ..OrderFilter::default() };
    let orders = store::orders::list(&mut tx, &filter, ctx.actor.name(), few).await?.rows;
    let few_hits = usize::try_from(SHOWN).unwrap_or(usize::MAX);
    let hits = crate::search::articles_in(ctx, &mut tx, None, &text, few_hits).await?;
    let articles = hits.into_iter().filter_map(|hit| hit.own).collect();
    let mut contacts = Vec::new();
    for role in [ContactRole::Supplier, ContactRole::Customer] {
        let found = store::contacts::list(&mut tx, Some(role), Some(&text), few).await?.rows;
        contacts.extend(found.into_iter().map(|row| PaletteContact {
            contact_id: row.contact_id,
            name: row.name,
            role,
        }));
    }
    contacts.truncate(few_hits);
    Ok(PaletteHits { orders, articles, contacts })
}
