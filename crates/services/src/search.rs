//! Finding articles while somebody types: the own register, the supplier's catalogue as last read, and what was bought there.

use std::collections::{BTreeMap, HashMap};

use domain::articles::ArticleRow;
use domain::errors::ErrorCode;
use domain::ids::{ConnectionId, ContactId};
use domain::matching::PartnerArticle;
use domain::roles::Permission;
use domain::search::{Bought, BoughtPrice, Query, SearchHit, rank};
use store::Tx;
use store::bought::BoughtArticle;
use store::search::{Place, alike, candidates};

use crate::ctx::Ctx;
use crate::error::ServiceError;

/// Hits of one search at most.
pub const MAX_HITS: usize = 100;
/// With fewer hits than this, and no number that is what was typed, a typing error is forgiven.
const FEW: usize = 5;
/// Rows without a document that one transaction gives one.
const PORTION: i64 = 1000;

/// Articles that fit what is being typed, the best first: ours, and those of the supplier where one is chosen.
pub async fn articles(
    ctx: &Ctx,
    supplier: Option<ContactId>,
    text: &str,
    limit: usize,
) -> Result<Vec<SearchHit>, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    articles_in(ctx, &mut tx, supplier, text, limit).await
}

/// The same inside the caller's transaction.
pub(crate) async fn articles_in(
    ctx: &Ctx,
    tx: &mut Tx,
    supplier: Option<ContactId>,
    text: &str,
    limit: usize,
) -> Result<Vec<SearchHit>, ServiceError> {
    let Some(query) = Query::read(text) else { return Ok(Vec::new()) };
    let limit = limit.min(MAX_HITS);
    let connection = match supplier {
        Some(supplier) => store::connections::find_by_contact(tx, supplier).await?,
        None => None,
    };
    let search = Search { supplier, connection: connection.map(|connection| connection.row.connection_id) };
    let mut found = Found::default();
    search.collect(tx, &query, false, &mut found).await?;
    let mut hits = rank(&query, found.hits(), ctx.now(), limit);
    let is_number = hits.first().is_some_and(|hit| hit.is_number(&query));
    if hits.len() < FEW.min(limit) && !is_number {
        search.collect(tx, &query, true, &mut found).await?;
        hits = rank(&query, found.hits(), ctx.now(), limit);
    }
    search.complete(tx, &mut hits).await?;
    Ok(hits)
}

/// Where is looked.
struct Search {
    supplier: Option<ContactId>,
    connection: Option<ConnectionId>,
}

/// Rows that may fit, each once.
#[derive(Default)]
struct Found {
    own: BTreeMap<String, ArticleRow>,
    partner: BTreeMap<String, PartnerArticle>,
    bought: History,
}

/// What was bought, by the own number and by the supplier's.
#[derive(Default)]
struct History {
    own: HashMap<String, Bought>,
    theirs: HashMap<String, Bought>,
}

impl History {
    fn add(&mut self, articles: Vec<BoughtArticle>) {
        for article in articles {
            let numbers = [
                (&mut self.own, article.article_number),
                (&mut self.theirs, article.supplier_article_number),
            ];
            for (known, number) in numbers.into_iter().filter(|(_, number)| !number.is_empty()) {
                let newer = known.get(&number).is_none_or(|known| known.last_at < article.bought.last_at);
                if newer {
                    known.insert(number, article.bought.clone());
                }
            }
        }
    }

    fn of(&self, own: Option<&str>, theirs: Option<&str>) -> Option<Bought> {
        let own = own.and_then(|number| self.own.get(number));
        own.or_else(|| theirs.and_then(|number| self.theirs.get(number))).cloned()
    }
}

impl Found {
    /// The rows as hits: an article of ours and the supplier's article that it is are one.
    fn hits(&self) -> Vec<SearchHit> {
        let mut foreign = self.partner.clone();
        let mut hits: Vec<SearchHit> = self
            .own
            .values()
            .map(|own| {
                let theirs = own.supplier_article_number.as_deref();
                let partner = theirs.and_then(|number| self.partner.get(number)).cloned();
                if let Some(partner) = &partner {
                    foreign.remove(&partner.number);
                }
                let bought = self.bought.of(Some(&own.number), theirs);
                SearchHit { own: Some(own.clone()), partner, bought, is_forgiven: false }
            })
            .collect();
        hits.extend(foreign.into_values().map(|partner| {
            let bought = self.bought.of(None, Some(&partner.number));
            SearchHit { own: None, partner: Some(partner), bought, is_forgiven: false }
        }));
        hits
    }
}

impl Search {
    async fn documents(
        &self,
        tx: &mut Tx,
        place: Place,
        query: &Query,
        forgiving: bool,
    ) -> Result<Vec<i64>, ServiceError> {
        Ok(if forgiving { alike(tx, place, query).await? } else { candidates(tx, place, query).await? })
    }

    async fn collect(
        &self,
        tx: &mut Tx,
        query: &Query,
        forgiving: bool,
        found: &mut Found,
    ) -> Result<(), ServiceError> {
        let (mut own_numbers, mut their_numbers) = (Vec::new(), Vec::new());
        if let Some(supplier) = self.supplier {
            let documents = self.documents(tx, Place::Bought(supplier), query, forgiving).await?;
            let bought = store::bought::found(tx, supplier, &documents).await?;
            own_numbers.extend(numbers(bought.iter().map(|article| &article.article_number)));
            their_numbers.extend(numbers(bought.iter().map(|article| &article.supplier_article_number)));
            found.bought.add(bought);
        }
        let documents = self.documents(tx, Place::Own, query, forgiving).await?;
        let own = store::articles::found(tx, self.supplier, &documents, &own_numbers).await?;
        found.own.extend(own.into_iter().map(|article| (article.number.clone(), article)));
        if let Some(connection) = self.connection {
            let documents = self.documents(tx, Place::Partner(connection), query, forgiving).await?;
            let partner = store::partner_articles::found(tx, connection, &documents, &their_numbers).await?;
            found.partner.extend(partner.into_iter().map(|article| (article.number.clone(), article)));
        }
        Ok(())
    }

    /// Adds to each hit what was not among the candidates: the supplier's article of ours, ours of the supplier's, and when it was bought.
    async fn complete(&self, tx: &mut Tx, hits: &mut [SearchHit]) -> Result<(), ServiceError> {
        let Some(supplier) = self.supplier else { return Ok(()) };
        let lone = hits.iter().filter(|hit| hit.partner.is_none()).filter_map(|hit| hit.own.as_ref());
        let theirs = numbers(lone.filter_map(|own| own.supplier_article_number.as_ref()));
        let lone = hits.iter().filter(|hit| hit.own.is_none()).filter_map(|hit| hit.partner.as_ref());
        let foreign = numbers(lone.map(|partner| &partner.number));
        let partners: HashMap<String, PartnerArticle> = match self.connection {
            Some(connection) if !theirs.is_empty() => {
                let found = store::partner_articles::found(tx, connection, &[], &theirs).await?;
                found.into_iter().map(|article| (article.number.clone(), article)).collect()
            }
            _ => HashMap::new(),
        };
        let mut own: HashMap<String, ArticleRow> = HashMap::new();
        for article in store::articles::found_at_supplier(tx, supplier, &foreign).await? {
            // Several of ours may be one of the supplier's; the first by number stands for them.
            own.entry(article.supplier_article_number.clone().unwrap_or_default()).or_insert(article);
        }
        for hit in hits.iter_mut() {
            if let (Some(own), None) = (&hit.own, &hit.partner) {
                hit.partner =
                    own.supplier_article_number.as_ref().and_then(|number| partners.get(number)).cloned();
            } else if let (None, Some(partner)) = (&hit.own, &hit.partner) {
                hit.own = own.get(&partner.number).cloned();
            }
        }
        let own = numbers(hits.iter().filter_map(|hit| hit.own.as_ref()).map(|own| &own.number));
        let theirs = numbers(hits.iter().filter_map(SearchHit::supplier_number));
        let mut history = History::default();
        history.add(store::bought::numbered(tx, supplier, &own, &theirs).await?);
        for hit in hits {
            let own = hit.own.as_ref().map(|own| own.number.as_str());
            let bought = history.of(own, hit.supplier_number().map(String::as_str));
            hit.bought = bought.or_else(|| hit.bought.take());
        }
        Ok(())
    }
}

/// Those that are there, each once.
fn numbers<'a>(numbers: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut numbers: Vec<String> = numbers.filter(|number| !number.is_empty()).cloned().collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// Makes articles of before the search findable, a portion in each transaction; tells how many.
pub async fn fill_in(ctx: &Ctx) -> Result<usize, ServiceError> {
    ctx.require(Permission::Administer)?;
    let mut filled = 0;
    loop {
        let some = ctx
            .write((), |_, tx, ()| Box::pin(async move { Ok(store::search::fill_in(tx, PORTION).await?) }))
            .await?;
        if some == 0 {
            return Ok(filled);
        }
        filled += some;
    }
}

/// Notes what an order brings from its supplier, for the searches to come.
pub(crate) async fn note_bought(
    ctx: &Ctx,
    tx: &mut Tx,
    orders: &[&domain::orders::PurchaseOrder],
) -> Result<(), ServiceError> {
    type Key<'a> = (ContactId, &'a str, &'a str);
    let mut bought: BTreeMap<Key<'_>, BoughtArticle> = BTreeMap::new();
    for order in orders.iter().filter(|order| order.revision == 1) {
        let supplier = order.supplier_id.ok_or(ErrorCode::SupplierUnknown)?;
        let mut counted: Vec<Key<'_>> = Vec::new();
        for line in &order.lines {
            let key = (supplier, line.article_number.as_str(), line.supplier_article_number.as_str());
            if (key.1, key.2) == ("", "") {
                continue;
            }
            let article = bought.entry(key).or_insert_with(|| BoughtArticle {
                article_number: line.article_number.clone(),
                supplier_article_number: line.supplier_article_number.clone(),
                description: line.description.clone(),
                gtin: line.gtin.clone(),
                bought: Bought { times: 0, last_at: ctx.now(), last_price: None },
            });
            article.bought.last_price = Some(BoughtPrice {
                price: line.unit_price,
                base_quantity: line.price_base_quantity,
                unit: line.unit.clone(),
            });
            // Two lines of one order are one time.
            if !counted.contains(&key) {
                article.bought.times += 1;
                counted.push(key);
            }
        }
    }
    let bought: Vec<(ContactId, BoughtArticle)> =
        bought.into_iter().map(|((supplier, ..), article)| (supplier, article)).collect();
    for some in bought.chunk_by(|(one, _), (other, _)| one == other) {
        let articles: Vec<BoughtArticle> = some.iter().map(|(_, article)| article.clone()).collect();
        store::bought::note(tx, some[0].0, &articles).await?;
    }
    Ok(())
}
