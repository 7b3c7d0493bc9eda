//! What we know of a supplier's articles: read from the partner page by page, only what changed.

use std::collections::HashSet;

use domain::articles::MAX_NUMBER;
use domain::connections::CatalogueKnown;
use domain::errors::ErrorCode;
use domain::ids::{ConnectionId, ContactId};
use domain::matching::PartnerArticle;
use domain::roles::Permission;
use exchange::{ExchangeError, PartnerClient};
use protocol::documents::{ArticleDocument, ArticlePage};
use store::Tx;

use super::link_of;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::logs::{self, PartnerCall};

/// Articles of one reading at most.
const MAX_CATALOGUE: usize = 2_000_000;
/// Pages of one reading at most: the next one goes on from there.
const MAX_PAGES: usize = 20_000;
/// Letters of a name that are kept at most; we send no longer ones.
const MAX_NAME: usize = 500;
/// Letters of a place in the catalogue.
const MAX_PLACE: usize = 200;

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
    let mut places: HashSet<String> = HashSet::new();
    for _ in 0..MAX_PAGES {
        if read >= MAX_CATALOGUE {
            break;
        }
        let mut tx = ctx.store.begin_read().await?;
        let connection = store::connections::lookup(&mut tx, id).await?.ok_or(ErrorCode::NotFound)?;
        let link = link_of(ctx, &mut tx, id).await?;
        drop(tx);
        let page = match client.articles(&link, connection.catalogue_cursor.as_deref(), page_size).await {
            Ok(page) => page,
            // The partner was restored: what we know of its articles may never have been, so all of it is read again.
            Err(error) if error.code == ErrorCode::InvalidCursor && !from_the_start => {
                from_the_start = true;
                places.clear();
                ctx.write(id, |_, tx, id| Box::pin(forget_catalogue(tx, *id))).await?;
                continue;
            }
            Err(error) => {
                let code = error.code;
                *failure = Some(error);
                return Err(code.into());
            }
        };
        let after = connection.catalogue_cursor;
        // Nothing and more of it, or a place that was told before: such pages would be read for ever.
        let is_old_place = places.contains(&page.next) || after.as_deref() == Some(page.next.as_str());
        if !is_place(&page.next) || (page.has_more && (page.articles.is_empty() || is_old_place)) {
            let code = ErrorCode::PartnerError;
            *failure = Some(ExchangeError { code, http_status: None, problem: None });
            return Err(code.into());
        }
        read += page.articles.len();
        let (more, next) = (page.has_more, page.next.clone());
        let kept =
            ctx.write(Page { id, after, page }, |ctx, tx, page| Box::pin(keep_page(ctx, tx, page))).await?;
        if kept && !more {
            return Ok(read);
        }
        if kept {
            places.insert(next);
        }
    }
    tracing::warn!(connection.id = %id, read, "the partner's catalogue is larger than what is read at once");
    Ok(read)
}

pub(super) async fn forget_catalogue(tx: &mut Tx, id: ConnectionId) -> Result<(), ServiceError> {
    store::partner_articles::clear(tx, id).await?;
    Ok(store::connections::forget_catalogue(tx, id).await?)
}

/// A page of the catalogue, and the place that was asked from.
struct Page {
    id: ConnectionId,
    after: Option<String>,
    page: ArticlePage,
}

/// Keeps a page with its cursor. `false` when somebody else has read on meanwhile, so that this page is an old one.
async fn keep_page(ctx: &Ctx, tx: &mut Tx, read: &Page) -> Result<bool, ServiceError> {
    let place = store::connections::lock_catalogue(tx, read.id).await?.ok_or(ErrorCode::NotFound)?;
    if place != read.after {
        return Ok(false);
    }
    if place.is_none() {
        // What a price file left is none of the partner's own, and would never be told to be gone.
        forget_catalogue(tx, read.id).await?;
    }
    let page = &read.page;
    let (readable, others): (Vec<_>, Vec<_>) = page.articles.iter().partition(|article| is_readable(article));
    let mut forgotten = 0;
    if !others.is_empty() {
        let count = others.len();
        tracing::warn!(connection.id = %read.id, "{count} articles of a partner are left out: their texts cannot be kept");
        // What was known of them holds no more: no line may be matched by an old price.
        let numbers: Vec<String> = others
            .iter()
            .filter(|other| is_number(&other.number))
            .map(|other| other.number.clone())
            .collect();
        forgotten = store::partner_articles::forget(tx, read.id, &numbers).await?;
    }
    let articles: Vec<PartnerArticle> = readable.into_iter().map(partner_article).collect();
    let new = store::partner_articles::upsert(tx, read.id, &articles).await?;
    // Until all of it is read, what is missing has not been looked for.
    let read_at = (!page.has_more).then(|| ctx.now());
    let more = i64::try_from(new).unwrap_or_default() - i64::try_from(forgotten).unwrap_or_default();
    store::connections::set_catalogue_cursor(tx, read.id, &page.next, more, read_at).await?;
    Ok(true)
}

/// Whether a text can stand as a place of the partner's catalogue.
fn is_place(text: &str) -> bool {
    !text.is_empty() && is_kept(text, MAX_PLACE)
}

/// Whether an article's texts can be kept: a partner's program may have a fault, and what it sends is nobody's order to be refused.
fn is_readable(article: &ArticleDocument) -> bool {
    let others =
        [Some(&article.unit), Some(&article.currency), article.gtin.as_ref(), article.replaced_by.as_ref()];
    is_number(&article.number)
        && is_kept(&article.name, MAX_NAME)
        && others.into_iter().flatten().all(|text| is_kept(text, MAX_NUMBER))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && is_kept(text, MAX_NUMBER)
}

fn is_kept(text: &str, most: usize) -> bool {
    text.chars().count() <= most && !text.contains(char::is_control)
}

fn partner_article(article: &ArticleDocument) -> PartnerArticle {
    PartnerArticle {
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
    }
}

/// How much is known of a supplier's articles, how old it is, and whether the supplier can be asked now; `None` when we are not
/// connected to it.
pub async fn catalogue_of(ctx: &Ctx, supplier: ContactId) -> Result<Option<CatalogueKnown>, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    let connection = store::connections::find_by_contact(&mut tx, supplier).await?;
    Ok(connection.and_then(|connection| connection.row.catalogue_known(ctx.now())))
}

/// The same of every supplier that we are connected to.
pub(crate) async fn catalogues_in(ctx: &Ctx, tx: &mut Tx) -> Result<Vec<CatalogueKnown>, ServiceError> {
    let connections = store::connections::list(tx).await?;
    Ok(connections.into_iter().filter_map(|row| row.catalogue_known(ctx.now())).collect())
}
