//! The own article register.

use domain::articles::{Article, ArticleFilter, ArticleInput, ArticleRow, CheckedArticle};
use domain::errors::{ErrorCode, Refusal};
use domain::ids::{ArticleId, ContactId};
use domain::paging::{Page, PageRequest};
use domain::roles::Permission;
use protocol::cursor;
use protocol::documents::{ArticleDocument, ArticlePage};
use store::Tx;

use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::instance::note_register;
use crate::{search, suppliers};

/// One page of what the filter finds. What is searched for is found as while typing: the best hundred, the best first.
pub async fn list(
    ctx: &Ctx,
    filter: &ArticleFilter,
    page: PageRequest,
) -> Result<Page<ArticleRow>, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    list_in(ctx, &mut tx, filter, page).await
}

/// The same inside the caller's transaction.
pub(crate) async fn list_in(
    ctx: &Ctx,
    tx: &mut Tx,
    filter: &ArticleFilter,
    page: PageRequest,
) -> Result<Page<ArticleRow>, ServiceError> {
    let Some(text) = &filter.search else {
        return Ok(store::articles::list(tx, filter, page).await?);
    };
    let hits = search::articles_in(ctx, tx, None, text, search::MAX_HITS).await?;
    let ids: Vec<ArticleId> = hits.into_iter().filter_map(|hit| hit.own).map(|own| own.article_id).collect();
    let found = store::articles::among(tx, filter, &ids).await?;
    let total = i64::try_from(found.len()).unwrap_or(i64::MAX);
    let (before, shown) = (page.offset(), page.limit());
    let place = |rows: i64| usize::try_from(rows).unwrap_or(usize::MAX);
    let rows = found.into_iter().skip(place(before)).take(place(shown)).collect();
    Ok(Page { rows, total, page: page.page, page_size: shown })
}

/// The catalogue for a partner: articles that changed after the cursor, oldest change first, at most `limit`.
pub async fn changed_page(ctx: &Ctx, after: Option<&str>, limit: i64) -> Result<ArticlePage, ServiceError> {
    let mut tx = ctx.store.begin_read().await?;
    let own = store::instance::lookup(&mut tx).await?.ok_or(ErrorCode::StorageUnavailable)?;
    let after = cursor::read(after, own.epoch)?;
    // One more than asked for says whether there is more.
    let mut changed = store::articles::changed_after(&mut tx, after, limit + 1).await?;
    let taken = usize::try_from(limit).unwrap_or_default();
    let has_more = changed.len() > taken;
    changed.truncate(taken);
    let last = changed.last().map_or(after, |(change, _)| *change);
    let articles = changed.into_iter().map(|(_, article)| document(article)).collect();
    Ok(ArticlePage { articles, next: cursor::write(own.epoch, last), has_more })
}

/// Articles by number, for a partner. Numbers that are not here are left out.
pub async fn by_numbers(ctx: &Ctx, numbers: &[String]) -> Result<Vec<ArticleDocument>, ServiceError> {
    let mut tx = ctx.store.begin_read().await?;
    let found = store::articles::find_by_numbers(&mut tx, numbers).await?;
    Ok(found.into_iter().map(document).collect())
}

fn document(article: Article) -> ArticleDocument {
    ArticleDocument {
        number: article.number,
        name: article.name,
        unit: article.unit,
        price: article.price,
        price_base_quantity: article.price_base_quantity,
        currency: article.currency,
        vat_rate: article.vat_rate,
        gtin: article.gtin,
        pack_size: article.pack_size,
        minimum_quantity: article.minimum_quantity,
        status: article.status,
        replaced_by: article.replaced_by,
    }
}

/// The article with this number.
pub async fn get(ctx: &Ctx, number: &str) -> Result<Article, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    Ok(store::articles::find_by_number(&mut tx, number).await?.ok_or(ErrorCode::NotFound)?)
}

/// Adds an article.
pub async fn add(ctx: &Ctx, input: ArticleInput) -> Result<ArticleId, ServiceError> {
    ctx.require(Permission::WriteRegisters)?;
    let checked = input.check()?;
    ctx.write(checked, |ctx, tx, checked| {
        Box::pin(async move {
            let supplier = supplier_of(tx, checked).await?;
            add_in(ctx, tx, checked, supplier).await
        })
    })
    .await
}

/// Changes an article that nobody changed since `version`. Its number stays: orders and partners know it.
pub async fn edit(
    ctx: &Ctx,
    article_id: ArticleId,
    version: i64,
    input: ArticleInput,
) -> Result<(), ServiceError> {
    ctx.require(Permission::WriteRegisters)?;
    let checked = input.check()?;
    ctx.write((article_id, version, checked), |ctx, tx, (article_id, version, checked)| {
        Box::pin(async move {
            let article = store::articles::lookup(tx, *article_id).await?.ok_or(ErrorCode::NotFound)?;
            if article.number != checked.number {
                return Err(Refusal::of_field("/number", ErrorCode::InvalidTransition).into());
            }
            let supplier = supplier_of(tx, checked).await?;
            save_in(ctx, tx, *article_id, *version, checked, supplier).await?;
            if is_other_for_drafts(&article, checked) {
                crate::drafts::articles_changed(ctx, tx, &[*article_id]).await?;
            }
            Ok(())
        })
    })
    .await
}

/// Whether the article says something else than it did of what drafts are compared with.
pub(crate) fn is_other_for_drafts(known: &Article, checked: &CheckedArticle) -> bool {
    known.price != checked.price
        || known.price_base_quantity != checked.price_base_quantity
        || known.currency != checked.currency
        || known.unit != checked.unit
        || known.pack_size != checked.pack_size
        || known.minimum_quantity != checked.minimum_quantity
        || known.status != checked.status
        || known.replaced_by != checked.replaced_by
}

/// The supplier that the input names, if it names one.
pub(crate) async fn supplier_of(
    tx: &mut Tx,
    checked: &CheckedArticle,
) -> Result<Option<ContactId>, ServiceError> {
    match (&checked.supplier_org_number, &checked.supplier_article_number) {
        (None, None) => Ok(None),
        (None, Some(_)) => Err(Refusal::of_field("/supplier_org_number", ErrorCode::Required).into()),
        (Some(org_number), _) => Ok(Some(suppliers::named_in_column(tx, org_number).await?)),
    }
}

pub(crate) async fn add_in(
    ctx: &Ctx,
    tx: &mut Tx,
    checked: &CheckedArticle,
    supplier: Option<ContactId>,
) -> Result<ArticleId, ServiceError> {
    let article_id = ctx.new_id();
    if !store::articles::add(tx, article_id, checked, ctx.now()).await? {
        return Err(Refusal::of_field("/number", ErrorCode::Duplicate).into());
    }
    keep_supplier_number(tx, article_id, checked, supplier).await?;
    note_register(ctx, tx, "article_added", article_id.0).await?;
    Ok(article_id)
}

pub(crate) async fn save_in(
    ctx: &Ctx,
    tx: &mut Tx,
    article_id: ArticleId,
    version: i64,
    checked: &CheckedArticle,
    supplier: Option<ContactId>,
) -> Result<(), ServiceError> {
    if !store::articles::save(tx, article_id, checked, version, ctx.now()).await? {
        return Err(ErrorCode::VersionConflict.into());
    }
    keep_supplier_number(tx, article_id, checked, supplier).await?;
    note_register(ctx, tx, "article_changed", article_id.0).await
}

pub(crate) async fn keep_supplier_number(
    tx: &mut Tx,
    article_id: ArticleId,
    checked: &CheckedArticle,
    supplier: Option<ContactId>,
) -> Result<(), ServiceError> {
    if let (Some(supplier), Some(number)) = (supplier, &checked.supplier_article_number) {
        store::articles::set_supplier_number(tx, article_id, supplier, number).await?;
    }
    Ok(())
}
