//! The page *Koblinger*: our numbers at a supplier, and what they mean there.

use domain::articles::Article;
use domain::decimal::Quantity;
use domain::errors::ErrorCode;
use domain::ids::ContactId;
use domain::links::{LinkPage, LinkRow, LinkView, MAX_CONFIRMED, MAX_JUDGED};
use domain::matching::LineFacts;
use domain::paging::MAX_COUNTED;
use domain::roles::Permission;
use domain::tokens::Scope;
use store::Tx;
use store::articles::NumbersAt;
use store::connections::ConnectionRecord;

use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::orders;

/// Articles that are judged in one step.
const JUDGED_AT_ONCE: usize = 200;
/// Views whose numbers indexes find, so that they can be counted.
const COUNTED: [(LinkView, NumbersAt); 3] = [
    (LinkView::All, NumbersAt::All),
    (LinkView::Confirmed, NumbersAt::Confirmed),
    (LinkView::Exact, NumbersAt::Known),
];

/// The supplier whose links are shown when nobody chose one: the first that is connected.
pub async fn usual_supplier(ctx: &Ctx) -> Result<Option<ContactId>, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    let connections = store::connections::list(&mut tx).await?;
    // One that is called comes before a price file.
    let called = connections.iter().filter(|connection| !connection.is_price_file());
    Ok(called.chain(&connections).find_map(|connection| connection.contact_id))
}

/// The rows of a view that come after the own number `after`, at most `limit`. No more than [`MAX_JUDGED`] numbers are judged for it: what
/// is left is found by asking again, from where this page ended.
pub async fn page(
    ctx: &Ctx,
    supplier: ContactId,
    view: LinkView,
    after: &str,
    limit: i64,
) -> Result<LinkPage, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    let known = store::contacts::lookup(&mut tx, supplier).await?;
    if !known.is_some_and(|known| known.is_supplier) {
        return Err(ErrorCode::NotFound.into());
    }
    let connection = store::connections::find_by_contact(&mut tx, supplier).await?;
    let limit = usize::try_from(limit).unwrap_or_default().clamp(1, MAX_CONFIRMED);
    let asked = Asked { supplier, view, connection: connection.as_ref() };
    let (rows, next) = asked.rows(&mut tx, after, limit).await?;
    let connection_id = connection.as_ref().map(|connection| connection.row.connection_id);
    let mut counts = Vec::with_capacity(COUNTED.len());
    for (view, which) in COUNTED {
        let count =
            store::articles::count_at_supplier(&mut tx, supplier, connection_id, which, MAX_COUNTED).await?;
        counts.push((view, count));
    }
    Ok(LinkPage {
        rows,
        next,
        counts,
        catalogue_read: connection.as_ref().is_some_and(|connection| connection.catalogue_read_at.is_some()),
        lacks_right: connection.as_ref().is_some_and(lacks_right),
    })
}

/// Every row of a view, for a file. Pages are read one after the other, each in a transaction of its own, so that nobody waits for them.
pub async fn rows(ctx: &Ctx, supplier: ContactId, view: LinkView) -> Result<Vec<LinkRow>, ServiceError> {
    let mut all = Vec::new();
    let mut after = String::new();
    loop {
        let page = page(ctx, supplier, view, &after, i64::MAX).await?;
        all.extend(page.rows);
        match page.next {
            Some(next) => after = next,
            None => return Ok(all),
        }
    }
}

/// The last test of the connection said that the token does not let us read articles.
fn lacks_right(connection: &ConnectionRecord) -> bool {
    connection.row.last_test.as_ref().is_some_and(|test| test.missing_scopes.contains(&Scope::ArticlesRead))
}

/// Which numbers of a view can be found by an index; the others of the supplier need not be judged for it.
fn narrowed(view: LinkView) -> NumbersAt {
    match view {
        LinkView::All => NumbersAt::All,
        LinkView::Confirmed => NumbersAt::Confirmed,
        LinkView::Exact => NumbersAt::Known,
        LinkView::Likely | LinkView::Several | LinkView::None | LinkView::Misspelled => NumbersAt::Open,
    }
}

/// A view of a supplier's numbers.
struct Asked<'a> {
    supplier: ContactId,
    view: LinkView,
    connection: Option<&'a ConnectionRecord>,
}

impl Asked<'_> {
    /// Rows of the view, and the own number after which the next page begins.
    async fn rows(
        &self,
        tx: &mut Tx,
        after: &str,
        limit: usize,
    ) -> Result<(Vec<LinkRow>, Option<String>), ServiceError> {
        let connection_id = self.connection.map(|connection| connection.row.connection_id);
        let mut rows: Vec<LinkRow> = Vec::new();
        let mut after = after.to_owned();
        let mut left = MAX_JUDGED;
        while left > 0 {
            let step = JUDGED_AT_ONCE.min(left);
            let most = i64::try_from(step).unwrap_or(i64::MAX);
            let which = narrowed(self.view);
            let articles =
                store::articles::at_supplier(tx, self.supplier, connection_id, which, &after, most).await?;
            let is_last = articles.len() < step;
            left -= step;
            if let Some(last) = articles.last() {
                after.clone_from(&last.number);
            }
            let judged = self.judged(tx, articles).await?;
            rows.extend(judged.into_iter().filter(|row| self.view.holds(&row.matched)));
            if rows.len() > limit {
                rows.truncate(limit);
                let next = rows.last().map(|row| row.article_number.clone());
                return Ok((rows, next));
            }
            if is_last {
                return Ok((rows, None));
            }
        }
        Ok((rows, Some(after)))
    }

    async fn judged(&self, tx: &mut Tx, articles: Vec<Article>) -> Result<Vec<LinkRow>, ServiceError> {
        let facts: Vec<LineFacts> = articles.iter().map(|article| self.facts(article)).collect();
        let judged =
            orders::judge_typed(tx, Some(self.supplier), self.connection, facts.clone(), false, None).await?;
        let rows = articles.into_iter().zip(facts).zip(judged);
        Ok(rows
            .map(|((article, facts), (matched, link))| LinkRow {
                article_id: article.article_id,
                article_number: article.number,
                article_name: article.name,
                written_number: facts.supplier_article_number,
                gtin: article.gtin,
                unit: article.unit,
                price: article.price,
                price_base_quantity: article.price_base_quantity,
                currency: article.currency,
                matched,
                link,
            })
            .collect())
    }

    /// What of an article of ours is compared.
    fn facts(&self, article: &Article) -> LineFacts {
        let number = article.suppliers.iter().find(|known| known.contact_id == self.supplier);
        LineFacts {
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
        }
    }
}
