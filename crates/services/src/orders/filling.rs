//! What the registers know of many lines at once: of lines that were pasted, fetched from a file or ordered before.

use std::collections::HashMap;

use domain::articles::Article;
use domain::decimal::UnitPrice;
use domain::errors::ErrorCode;
use domain::ids::ContactId;
use domain::matching::{OwnArticle, PartnerArticle};
use domain::orders::{FilledLine, ListedPrice, OrderLineInput, is_same_unit};
use domain::roles::Permission;
use domain::text::normalise;
use store::Tx;

use crate::ctx::Ctx;
use crate::error::ServiceError;

/// Fills in description, the numbers of both sides, unit and price where they were left empty. A number is looked for among the own
/// articles, then among what the supplier calls them, then in the supplier's catalogue. A handful of statements, however many lines.
pub async fn fill_lines(
    ctx: &Ctx,
    supplier: Option<ContactId>,
    currency: &str,
    lines: Vec<OrderLineInput>,
) -> Result<Vec<FilledLine>, ServiceError> {
    ctx.require(Permission::Purchase)?;
    if lines.len() > domain::orders::MAX_LINES {
        return Err(ErrorCode::TooManyLines.into());
    }
    let mut tx = ctx.store.begin_read().await?;
    filled(&mut tx, supplier, currency, lines).await
}

/// The same inside the caller's transaction.
pub(super) async fn fill_in(
    tx: &mut Tx,
    supplier: Option<ContactId>,
    currency: &str,
    lines: Vec<OrderLineInput>,
) -> Result<Vec<OrderLineInput>, ServiceError> {
    let filled = filled(tx, supplier, currency, lines).await?;
    Ok(filled.into_iter().map(|filled| filled.line).collect())
}

pub(super) async fn filled(
    tx: &mut Tx,
    supplier: Option<ContactId>,
    currency: &str,
    lines: Vec<OrderLineInput>,
) -> Result<Vec<FilledLine>, ServiceError> {
    let known = Known::of(tx, supplier, &lines).await?;
    let named = |number: &str, name: &str| OwnArticle { number: number.to_owned(), name: name.to_owned() };
    let fill = |mut line: OrderLineInput| {
        let (mut listed, mut meant) = (None, None);
        if let Some(article) = known.own(&line) {
            fill_from_own(&mut line, article, supplier, currency);
            listed = Some((article.unit.as_str(), article.price_base_quantity));
            meant = Some(named(&article.number, &article.name));
        } else if let Some((number, article)) = known.partners(&line) {
            fill_from_partner(&mut line, number, article, currency);
            listed = Some((article.unit.as_str(), article.price_base_quantity));
            meant = Some(named(&article.number, &article.name));
        }
        let listed_base = listed.filter(|(unit, _)| is_same_unit(&line.unit, unit)).map(|(_, base)| base);
        FilledLine { line, listed_base, known: meant }
    };
    Ok(lines.into_iter().map(fill).collect())
}

/// What is known of the lines' numbers.
struct Known {
    by_number: HashMap<String, Article>,
    by_supplier_number: HashMap<String, Article>,
    partners: HashMap<String, PartnerArticle>,
}

impl Known {
    async fn of(
        tx: &mut Tx,
        supplier: Option<ContactId>,
        lines: &[OrderLineInput],
    ) -> Result<Self, ServiceError> {
        let own: Vec<String> = distinct(lines.iter().map(|line| normalise(&line.article_number)));
        let found = store::articles::find_by_numbers(tx, &own).await?;
        let by_number: HashMap<String, Article> =
            found.into_iter().map(|article| (article.number.clone(), article)).collect();
        let mut known = Self { by_number, by_supplier_number: HashMap::new(), partners: HashMap::new() };
        let Some(supplier) = supplier else { return Ok(known) };
        let left = lines.iter().filter(|line| known.own(line).is_none());
        let left: Vec<String> = distinct(left.filter_map(suppliers_number));
        known.by_supplier_number = store::articles::find_by_supplier_numbers(tx, supplier, &left).await?;
        let Some(connection) = store::connections::find_by_contact(tx, supplier).await? else {
            return Ok(known);
        };
        let wanted: Vec<String> =
            left.into_iter().filter(|number| !known.by_supplier_number.contains_key(number)).collect();
        let articles = store::partner_articles::found(tx, connection.row.connection_id, &[], &wanted).await?;
        known.partners = articles.into_iter().map(|article| (article.number.clone(), article)).collect();
        Ok(known)
    }

    fn own(&self, line: &OrderLineInput) -> Option<&Article> {
        self.by_number
            .get(&normalise(&line.article_number))
            .or_else(|| self.by_supplier_number.get(&suppliers_number(line)?))
    }

    fn partners(&self, line: &OrderLineInput) -> Option<(String, &PartnerArticle)> {
        let number = suppliers_number(line)?;
        self.partners.get(&number).map(|article| (number, article))
    }
}

/// What may be the supplier's number: it itself, or what stands in the column of our own.
fn suppliers_number(line: &OrderLineInput) -> Option<String> {
    [&line.supplier_article_number, &line.article_number]
        .into_iter()
        .map(|number| normalise(number))
        .find(|number| !number.is_empty())
}

fn distinct(numbers: impl Iterator<Item = String>) -> Vec<String> {
    let numbers: std::collections::BTreeSet<String> = numbers.filter(|number| !number.is_empty()).collect();
    numbers.into_iter().collect()
}

fn fill_from_own(line: &mut OrderLineInput, article: &Article, supplier: Option<ContactId>, currency: &str) {
    line.article_number.clone_from(&article.number);
    or_else(&mut line.description, &article.name);
    let theirs = article.suppliers.iter().find(|known| Some(known.contact_id) == supplier);
    if let Some(theirs) = theirs {
        or_else(&mut line.supplier_article_number, &theirs.supplier_article_number);
    }
    fill_own_price(line, article, currency);
}

/// Unit and price of the own article where they were left empty.
pub(super) fn fill_own_price(line: &mut OrderLineInput, article: &Article, currency: &str) {
    let listed =
        ListedPrice { unit: &article.unit, base: article.price_base_quantity, currency: &article.currency };
    fill_price(line, listed, Some(article.price), currency);
}

fn fill_from_partner(line: &mut OrderLineInput, number: String, article: &PartnerArticle, currency: &str) {
    if normalise(&line.article_number) == number {
        line.article_number.clear();
    }
    line.supplier_article_number = number;
    or_else(&mut line.description, &article.name);
    let listed =
        ListedPrice { unit: &article.unit, base: article.price_base_quantity, currency: &article.currency };
    fill_price(line, listed, article.price, currency);
}

fn or_else(field: &mut String, known: &str) {
    if field.trim().is_empty() {
        known.clone_into(field);
    }
}

/// Unit and price where they were left empty, and the price fits.
fn fill_price(line: &mut OrderLineInput, listed: ListedPrice<'_>, price: Option<UnitPrice>, currency: &str) {
    or_else(&mut line.unit, listed.unit);
    if let Some(price) = price.filter(|_| listed.fits(line, currency)) {
        line.unit_price = price.to_string().replace('.', ",");
        or_else(&mut line.price_base_quantity, &listed.base.to_string().replace('.', ","));
    }
}
