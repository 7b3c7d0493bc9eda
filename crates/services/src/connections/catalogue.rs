//! What we know of a supplier's articles: read from the partner page by page, only what changed.

use domain::errors::ErrorCode;
use domain::ids::ConnectionId;
use domain::matching::PartnerArticle;
use domain::roles::Permission;
use exchange::{ExchangeError, PartnerClient};
use protocol::documents::ArticlePage;
use store::Tx;

use super::link_of;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::logs::{self, PartnerCall};

/// Articles of one reading at most.
const MAX_CATALOGUE: usize = 2_000_000;

/// Reads what changed in the supplier's catalogue, page by page; each page and its cursor in one transaction.
pub async fn sync_catalogue(
    ctx: &Ctx,
    client: &PartnerClient,
    id: ConnectionId,
) -> Result<usize, ServiceError> {
    ctx.require(Permission::Administer)?;
    let begun = ctx.now();
    let mut failure = None;
    let outcome = read_catalogue(ctx, client, id, &mut failure).await;
    if outcome.is_ok() || failure.is_some() {
        logs::note_call(ctx, PartnerCall::ended(ctx, id, "GET /articles", begun, failure)).await?;
    }
    outcome
}

/// Reads the pages; an answer that ends the reading is left in `failure`.
async fn read_catalogue(
    ctx: &Ctx,
    client: &PartnerClient,
    id: ConnectionId,
    failure: &mut Option<ExchangeError>,
) -> Result<usize, ServiceError> {
    let page_size = usize::try_from(protocol::limits::MAX_ARTICLES).unwrap_or(usize::MAX);
    let mut read = 0;
    let mut from_the_start = false;
    while read < MAX_CATALOGUE {
        let mut tx = ctx.store.begin_read().await?;
        let connection = store::connections::lookup(&mut tx, id).await?.ok_or(ErrorCode::NotFound)?;
        let link = link_of(ctx, &mut tx, id).await?;
        drop(tx);
        let page = match client.articles(&link, connection.catalogue_cursor.as_deref(), page_size).await {
            Ok(page) => page,
            // The partner was restored: what we know of its articles may never have been, so all of it is read again.
            Err(error) if error.code == ErrorCode::InvalidCursor && !from_the_start => {
                from_the_start = true;
                ctx.write(id, |_, tx, id| Box::pin(forget_catalogue(tx, *id))).await?;
                continue;
            }
            Err(error) => {
                let code = error.code;
                *failure = Some(error);
                return Err(code.into());
            }
        };
        read += page.articles.len();
        // A partner that gives the same place again would be asked for ever.
        let more = page.has_more && connection.catalogue_cursor.as_deref() != Some(page.next.as_str());
        ctx.write((id, page), |ctx, tx, (id, page)| Box::pin(keep_page(ctx, tx, *id, page))).await?;
        if !more {
            return Ok(read);
        }
    }
    tracing::warn!(connection.id = %id, read, "the partner's catalogue is larger than what is read at once");
    Ok(read)
}

pub(super) async fn forget_catalogue(tx: &mut Tx, id: ConnectionId) -> Result<(), ServiceError> {
    store::partner_articles::clear(tx, id).await?;
    Ok(store::connections::set_catalogue_cursor(tx, id, None, None).await?)
}

async fn keep_page(ctx: &Ctx, tx: &mut Tx, id: ConnectionId, page: &ArticlePage) -> Result<(), ServiceError> {
    let articles: Vec<PartnerArticle> = page
        .articles
        .iter()
        .map(|article| PartnerArticle {
            number: article.number.clone(),
            name: article.name.clone(),
            unit: article.unit.clone(),
            price: Some(article.price),
            price_base_quantity: article.price_base_quantity,
            currency: article.currency.clone(),
            gtin: article.gtin.clone(),
            pack_size: article.pack_size,
            minimum_quantity: article.minimum_quantity,
            status: article.status,
            replaced_by: article.replaced_by.clone(),
        })
        .collect();
    store::partner_articles::upsert(tx, id, &articles).await?;
    // Until all of it is read, what is missing has not been looked for.
    let read_at = (!page.has_more).then(|| ctx.now());
    Ok(store::connections::set_catalogue_cursor(tx, id, Some(&page.next), read_at).await?)
}

/// Reads the catalogues of every connection that works; one that fails does not stop the others.
pub async fn sync_all(ctx: &Ctx, client: &PartnerClient) -> Result<usize, ServiceError> {
    let mut read = 0;
    for id in crate::feed::connections_to_poll(ctx).await? {
        match sync_catalogue(ctx, client, id).await {
            Ok(count) => read += count,
            Err(error) => {
                tracing::warn!(connection.id = %id, %error, "the supplier's catalogue could not be read")
            }
        }
    }
    Ok(read)
}
