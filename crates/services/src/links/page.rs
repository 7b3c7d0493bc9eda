//! The page *Koblinger*: our numbers at a supplier, and what they mean there.

use std::collections::BTreeSet;

use domain::articles::Article;
use domain::decimal::Quantity;
use domain::errors::ErrorCode;
use domain::ids::{ArticleId, ConnectionId, ContactId};
use domain::links::{LinkPage, LinkRow, LinkView, MAX_CONFIRMED, MAX_JUDGED, ViewCount};
use domain::matching::LineFacts;
use domain::paging::MAX_COUNTED;
use domain::roles::Permission;
use domain::search::SearchHit;
use domain::tokens::Scope;
use store::Tx;
use store::articles::NumbersAt;
use store::connections::ConnectionRecord;

use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::{orders, search};

/// Articles that are judged in one step; so many times as [`MAX_JUDGED`] allows.
const JUDGED_AT_ONCE: usize = 200;
/// Views whose numbers indexes find, so that they can be counted.
const COUNTED: [(LinkView, NumbersAt); 3] = [
    (LinkView::All, NumbersAt::All),
    (LinkView::Confirmed, NumbersAt::Confirmed),
    (LinkView::Exact, NumbersAt::Known),
];

/// Views that only judging tells apart.
const JUDGED: [LinkView; 3] = [LinkView::Likely, LinkView::Several, LinkView::None];

/// The supplier whose links are shown when nobody chose one: the first that is connected.
pub async fn usual_supplier(ctx: &Ctx) -> Result<Option<ContactId>, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    let connections = store::connections::list(&mut tx).await?;
    // One that is called comes before a price file.
    let called = connections.iter().filter(|connection| !connection.is_price_file());
    Ok(called.chain(&connections).find_map(|connection| connection.contact_id))
}

/// The rows of a view that come after the own number `after`, at most `limit`; or those that `search` finds. No more than [`MAX_JUDGED`]
/// numbers are judged for it: what is left is found by asking again, from where this page ended.
pub async fn page(
    ctx: &Ctx,
    supplier: ContactId,
    view: LinkView,
    search: &str,
    after: &str,
    limit: i64,
) -> Result<LinkPage, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    let connection = connection_to(&mut tx, supplier).await?;
    let limit = usize::try_from(limit).unwrap_or_default().clamp(1, MAX_CONFIRMED);
    let asked = Asked { supplier, view, connection: connection.as_ref() };
    let mut counts = asked.counts(&mut tx).await?;
    let (rows, next) = if !search.trim().is_empty() {
        (asked.found(ctx, &mut tx, search, limit).await?, None)
    } else if after.is_empty() && JUDGED.contains(&view) {
        // Judging many numbers takes its time: what is counted by it is counted where its rows are asked for.
        let open = asked.open(&mut tx).await?;
        counts.extend(JUDGED.map(|view| open.count(view)));
        open.page(view, limit)
    } else {
        asked.rows(&mut tx, after, limit).await?
    };
    Ok(LinkPage {
        rows,
        next,
        counts,
        catalogue_read: connection.as_ref().is_some_and(|connection| connection.catalogue_read_at.is_some()),
        lacks_right: connection.as_ref().is_some_and(lacks_right),
    })
}

/// The rows of a view that come after the own number `after`, for a file, and the number after which the next ones begin. Nothing is
/// counted, and no more than [`MAX_JUDGED`] numbers are judged.
pub async fn rows_after(
    ctx: &Ctx,
    supplier: ContactId,
    view: LinkView,
    after: &str,
) -> Result<(Vec<LinkRow>, Option<String>), ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    let connection = connection_to(&mut tx, supplier).await?;
    let asked = Asked { supplier, view, connection: connection.as_ref() };
    asked.rows(&mut tx, after, MAX_JUDGED).await
}

/// The connection to a supplier, if there is one.
pub(super) async fn connection_to(
    tx: &mut Tx,
    supplier: ContactId,
) -> Result<Option<ConnectionRecord>, ServiceError> {
    let known = store::contacts::lookup(tx, supplier).await?;
    if !known.is_some_and(|known| known.is_supplier) {
        return Err(ErrorCode::NotFound.into());
    }
    Ok(store::connections::find_by_contact(tx, supplier).await?)
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
        let mut rows: Vec<LinkRow> = Vec::new();
        let mut after = after.to_owned();
        for _ in 0..MAX_JUDGED / JUDGED_AT_ONCE {
            let (judged, next) = self.some(tx, narrowed(self.view), &after).await?;
            rows.extend(judged.into_iter().filter(|row| self.view.holds(&row.matched)));
            if rows.len() > limit {
                rows.truncate(limit);
                let next = rows.last().map(|row| row.article_number.clone());
                return Ok((rows, next));
            }
            match next {
                Some(next) => after = next,
                None => return Ok((rows, None)),
            }
        }
        Ok((rows, Some(after)))
    }

    /// Some numbers from after the own number `after` on, judged, and the one after which the next ones begin.
    async fn some(
        &self,
        tx: &mut Tx,
        which: NumbersAt,
        after: &str,
    ) -> Result<(Vec<LinkRow>, Option<String>), ServiceError> {
        let most = i64::try_from(JUDGED_AT_ONCE).unwrap_or(i64::MAX);
        let connection_id = self.connection_id();
        let articles =
            store::articles::at_supplier(tx, self.supplier, connection_id, which, after, most).await?;
        let is_last = articles.len() < JUDGED_AT_ONCE;
        let next = articles.last().filter(|_| !is_last).map(|last| last.number.clone());
        Ok((self.judged(tx, articles).await?, next))
    }

    fn connection_id(&self) -> Option<ConnectionId> {
        self.connection.map(|connection| connection.row.connection_id)
    }

    /// The first [`MAX_JUDGED`] of the numbers that have to be judged.
    async fn open(&self, tx: &mut Tx) -> Result<Open, ServiceError> {
        let mut open = Open { rows: Vec::new(), next: None };
        for _ in 0..MAX_JUDGED / JUDGED_AT_ONCE {
            let after = open.next.take().unwrap_or_default();
            let (rows, next) = self.some(tx, NumbersAt::Open, &after).await?;
            open.rows.extend(rows);
            open.next = next;
            if open.next.is_none() {
                break;
            }
        }
        Ok(open)
    }

    /// How many numbers there are that indexes find.
    async fn counts(&self, tx: &mut Tx) -> Result<Vec<ViewCount>, ServiceError> {
        let mut counts = Vec::with_capacity(COUNTED.len() + JUDGED.len());
        for (view, which) in COUNTED {
            let connection = self.connection_id();
            let count =
                store::articles::count_at_supplier(tx, self.supplier, connection, which, MAX_COUNTED).await?;
            counts.push(ViewCount { view, count, is_at_least: count >= MAX_COUNTED });
        }
        Ok(counts)
    }

    /// Rows of the view that a text finds: by our number, by the supplier's, or by what either calls the article.
    async fn found(
        &self,
        ctx: &Ctx,
        tx: &mut Tx,
        text: &str,
        limit: usize,
    ) -> Result<Vec<LinkRow>, ServiceError> {
        let hits = search::articles_in(ctx, tx, Some(self.supplier), text, search::MAX_HITS).await?;
        let mut ids: Vec<ArticleId> =
            hits.iter().filter_map(|hit| hit.own.as_ref()).map(|own| own.article_id).collect();
        // What is linked to a number of the supplier's is found by it, however it is written with us.
        let theirs: BTreeSet<String> = hits.iter().filter_map(SearchHit::supplier_number).cloned().collect();
        let links = store::links::concerning(tx, self.supplier, &theirs, &BTreeSet::new()).await?;
        ids.extend(links.iter().filter_map(|link| link.article_id));
        let written: Vec<String> = links.into_iter().map(|link| link.written_number).collect();
        let written = store::articles::found_at_supplier(tx, self.supplier, &written).await?;
        ids.extend(written.into_iter().map(|article| article.article_id));
        let mut known = store::articles::lookup_each(tx, &ids).await?;
        let has_number =
            |article: &Article| article.suppliers.iter().any(|known| known.contact_id == self.supplier);
        let articles = ids.iter().filter_map(|id| known.remove(id)).filter(has_number).collect();
        let mut rows = self.judged(tx, articles).await?;
        rows.retain(|row| self.view.holds(&row.matched));
        rows.truncate(limit);
        Ok(rows)
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
            unit_price: Some(article.price),
            price_base_quantity: article.price_base_quantity,
            currency: article.currency.clone(),
        }
    }
}

/// Numbers that were judged, and the own number after which there are more.
struct Open {
    rows: Vec<LinkRow>,
    next: Option<String>,
}

impl Open {
    fn count(&self, view: LinkView) -> ViewCount {
        let count = self.rows.iter().filter(|row| view.holds(&row.matched)).count();
        ViewCount { view, count: i64::try_from(count).unwrap_or(i64::MAX), is_at_least: self.next.is_some() }
    }

    /// The first page of a view, as [`Asked::rows`] gives it.
    fn page(self, view: LinkView, limit: usize) -> (Vec<LinkRow>, Option<String>) {
        let mut rows: Vec<LinkRow> = self.rows.into_iter().filter(|row| view.holds(&row.matched)).collect();
        if rows.len() <= limit {
            return (rows, self.next);
        }
        rows.truncate(limit);
        let next = rows.last().map(|row| row.article_number.clone());
        (rows, next)
    }
}
