//! The page *Koblinger*: our numbers at a supplier, and what they mean there.

use domain::decimal::Quantity;
use domain::errors::ErrorCode;
use domain::ids::ContactId;
use domain::links::{LinkPage, LinkRow, LinkView, MAX_JUDGED};
use domain::matching::LineFacts;
use domain::paging::PageRequest;
use domain::roles::Permission;
use domain::tokens::Scope;
use store::Tx;
use store::connections::ConnectionRecord;

use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::orders;

/// Articles that are judged in one step.
const JUDGED_AT_ONCE: usize = 500;

/// The supplier whose links are shown when nobody chose one: the first that is connected.
pub async fn usual_supplier(ctx: &Ctx) -> Result<Option<ContactId>, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    Ok(store::connections::list(&mut tx).await?.into_iter().find_map(|connection| connection.contact_id))
}

/// One page of a view of our numbers at a supplier. At most [`MAX_JUDGED`] articles are judged, in the order of their numbers.
pub async fn page(
    ctx: &Ctx,
    supplier: ContactId,
    view: LinkView,
    page: PageRequest,
) -> Result<LinkPage, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    let known = store::contacts::lookup(&mut tx, supplier).await?;
    if !known.is_some_and(|known| known.is_supplier) {
        return Err(ErrorCode::NotFound.into());
    }
    let connection = store::connections::find_by_contact(&mut tx, supplier).await?;
    let all = judged_rows(&mut tx, supplier, connection.as_ref()).await?;
    let views = LinkView::TABS.into_iter().chain([LinkView::Misspelled]);
    let count = |view: LinkView| all.iter().filter(|row| view.holds(&row.matched)).count();
    let counts = views.map(|view| (view, whole(count(view)))).collect();
    let total = whole(count(view));
    let judged = whole(all.len());
    let offset = usize::try_from(page.offset()).unwrap_or(usize::MAX);
    let limit = usize::try_from(page.limit()).unwrap_or_default();
    let rows = all.into_iter().filter(|row| view.holds(&row.matched)).skip(offset).take(limit).collect();
    Ok(LinkPage {
        rows,
        total,
        counts,
        judged,
        articles: store::articles::count_at_supplier(&mut tx, supplier).await?,
        catalogue_read: connection.as_ref().is_some_and(|connection| connection.catalogue_read_at.is_some()),
        lacks_right: connection.as_ref().is_some_and(lacks_right),
    })
}

/// Every row of a view, for a file.
pub async fn rows(ctx: &Ctx, supplier: ContactId, view: LinkView) -> Result<Vec<LinkRow>, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    let known = store::contacts::lookup(&mut tx, supplier).await?;
    if !known.is_some_and(|known| known.is_supplier) {
        return Err(ErrorCode::NotFound.into());
    }
    let connection = store::connections::find_by_contact(&mut tx, supplier).await?;
    let mut rows = judged_rows(&mut tx, supplier, connection.as_ref()).await?;
    rows.retain(|row| view.holds(&row.matched));
    Ok(rows)
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The last test of the connection said that the token does not let us read articles.
fn lacks_right(connection: &ConnectionRecord) -> bool {
    connection.row.last_test.as_ref().is_some_and(|test| test.missing_scopes.contains(&Scope::ArticlesRead))
}

async fn judged_rows(
    tx: &mut Tx,
    supplier: ContactId,
    connection: Option<&ConnectionRecord>,
) -> Result<Vec<LinkRow>, ServiceError> {
    let mut rows: Vec<LinkRow> = Vec::new();
    while rows.len() < MAX_JUDGED {
        let after = rows.last().map(|row| row.article_number.clone());
        let limit = JUDGED_AT_ONCE.min(MAX_JUDGED - rows.len());
        let articles = store::articles::at_supplier(tx, supplier, after.as_deref(), whole(limit)).await?;
        let is_last = articles.len() < limit;
        let mut facts: Vec<LineFacts> = Vec::with_capacity(articles.len());
        for article in &articles {
            let number = article.suppliers.iter().find(|known| known.contact_id == supplier);
            facts.push(LineFacts {
                article_number: article.number.clone(),
                supplier_article_number: number
                    .map(|number| number.supplier_article_number.clone())
                    .unwrap_or_default(),
                description: article.name.clone(),
                gtin: article.gtin.clone(),
                quantity: Quantity::whole(1),
                unit: article.unit.clone(),
                unit_price: article.price,
                price_base_quantity: article.price_base_quantity,
                currency: article.currency.clone(),
            });
        }
        let judged = orders::judge_typed(tx, Some(supplier), connection, facts.clone(), false).await?;
        rows.extend(articles.into_iter().zip(facts).zip(judged).map(
            |((article, facts), (matched, link))| LinkRow {
                article_id: article.article_id,
                article_number: article.number,
                article_name: article.name,
                written_number: facts.supplier_article_number,
                matched,
                link,
            },
        ));
        if is_last {
            break;
        }
    }
    Ok(rows)
}
