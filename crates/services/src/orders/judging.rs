//! Whether the supplier will understand an order's lines, with what people here have decided about his articles.

use std::collections::{BTreeSet, HashMap};

use domain::articles::Article;
use domain::ids::{ArticleId, ContactId, OrderLineId, SupplierLinkId};
use domain::links::Decided;
use domain::matching::{Catalogue, CatalogueState, LineFacts, Match, OwnArticle, OwnNumber, judge};
use domain::orders::OrderLine;
use domain::search::number_key;
use domain::text;
use domain::time::Timestamp;
use store::Tx;
use store::connections::ConnectionRecord;
use store::partner_articles::Wanted;

use super::lines::articles_named;
use crate::error::ServiceError;
use crate::links;

/// Judges lines that are stored, as they would be sent, against the supplier's catalogue as last read.
pub(crate) async fn judge_in(
    tx: &mut Tx,
    supplier: Option<ContactId>,
    lines: &[LineFacts],
    now: Timestamp,
) -> Result<Vec<Match>, ServiceError> {
    let connection = match supplier {
        Some(supplier) => store::connections::find_by_contact(tx, supplier).await?,
        None => None,
    };
    judge_over(tx, connection.as_ref(), lines, Some(now)).await
}

/// Judges lines as they would be sent against the catalogue that was read over the connection; without one, none is checked. With `now`
/// none is checked either while the supplier cannot be asked; without it, what was last read is enough.
pub(crate) async fn judge_over(
    tx: &mut Tx,
    connection: Option<&ConnectionRecord>,
    lines: &[LineFacts],
    now: Option<Timestamp>,
) -> Result<Vec<Match>, ServiceError> {
    let Some(connection) = connection else { return Ok(vec![Match::not_checked(); lines.len()]) };
    let mut decided = vec![Decided::default(); lines.len()];
    if let Some(supplier) = connection.row.contact_id
        && store::links::any(tx, supplier).await?
    {
        let articles = own_articles(tx, lines).await?;
        let article_of =
            |line: &LineFacts| articles.get(&line.article_number).map(|article| article.article_id);
        let numbers = lines.iter().map(|line| text::normalise(&line.supplier_article_number)).collect();
        let own = lines.iter().filter_map(article_of).collect();
        let decisions = links::decisions(tx, supplier, numbers, own).await?;
        let about = |line: &LineFacts| {
            decisions.about(&text::normalise(&line.supplier_article_number), article_of(line))
        };
        decided = lines.iter().map(about).collect();
    }
    judge_decided(tx, connection, lines, &decided, now).await
}

/// Judges lines that are being written: with the number that a confirmed link will give them when they are saved, and what the register
/// knows of the own article. With each the link that gives it its number. `is_typed` says that a person wrote the numbers for these lines;
/// `now` is as for [`judge_over`].
pub(crate) async fn judge_typed(
    tx: &mut Tx,
    supplier: Option<ContactId>,
    connection: Option<&ConnectionRecord>,
    mut lines: Vec<LineFacts>,
    is_typed: bool,
    now: Option<Timestamp>,
) -> Result<Vec<(Match, Option<SupplierLinkId>)>, ServiceError> {
    let (Some(supplier), Some(connection)) = (supplier, connection) else {
        return Ok(vec![(Match::not_checked(), None); lines.len()]);
    };
    let articles = own_articles(tx, &lines).await?;
    let mut is_written = Vec::with_capacity(lines.len());
    for line in &mut lines {
        line.supplier_article_number = text::normalise(&line.supplier_article_number);
        is_written.push(is_typed && !line.supplier_article_number.is_empty());
        let Some(article) = articles.get(&line.article_number) else { continue };
        let known = article.suppliers.iter().find(|known| known.contact_id == supplier);
        if let Some(known) = known.filter(|_| line.supplier_article_number.is_empty()) {
            line.supplier_article_number = known.supplier_article_number.clone();
        }
        if line.description.is_empty() {
            line.description = article.name.clone();
        }
        line.gtin = line.gtin.take().or_else(|| article.gtin.clone());
    }
    let article_of = |line: &LineFacts| articles.get(&line.article_number).map(|article| article.article_id);
    let numbers = lines.iter().map(|line| line.supplier_article_number.clone()).collect();
    let own: BTreeSet<ArticleId> = lines.iter().filter_map(article_of).collect();
    let decisions = links::decisions(tx, supplier, numbers, own).await?;
    for (line, is_written) in lines.iter_mut().zip(is_written) {
        let article = article_of(line);
        if let Some(link) = decisions.link_for(&line.supplier_article_number, is_written, article) {
            line.supplier_article_number = link.partner_number.clone();
        }
    }
    // What is decided about the numbers that the links gave.
    let about = |line: &LineFacts| decisions.about(&line.supplier_article_number, article_of(line));
    let decided: Vec<Decided> = lines.iter().map(about).collect();
    let matches = judge_decided(tx, connection, &lines, &decided, now).await?;
    let link = |decided: Decided| decided.same.map(|same| same.supplier_link_id);
    Ok(matches.into_iter().zip(decided.into_iter().map(link)).collect())
}

/// Says of each line whether its own number is one that we have, or which of ours it may mean. A few statements, however many lines.
pub(super) async fn own_numbers(tx: &mut Tx, lines: &[LineFacts]) -> Result<Vec<OwnNumber>, ServiceError> {
    let keys: BTreeSet<String> = lines.iter().map(|line| number_key(&line.article_number)).collect();
    let keys: Vec<String> = keys.into_iter().filter(|key| !key.is_empty()).collect();
    let mut articles = store::articles::with_keys(tx, &keys).await?;
    let judged = |articles: &[OwnArticle]| {
        lines.iter().map(|line| OwnNumber::of(line, articles)).collect::<Vec<OwnNumber>>()
    };
    let own = judged(&articles);
    // Articles of before the search have no keys until they are filled in: what is ours as it stands is known all the same.
    let open: Vec<LineFacts> =
        lines.iter().zip(&own).filter(|(_, own)| !own.is_settled()).map(|(line, _)| line.clone()).collect();
    let known = own_articles(tx, &open).await?;
    if known.is_empty() {
        return Ok(own);
    }
    articles
        .extend(known.into_values().map(|article| OwnArticle { number: article.number, name: article.name }));
    Ok(judged(&articles))
}

/// The own articles that the lines name, by their numbers.
async fn own_articles(tx: &mut Tx, lines: &[LineFacts]) -> Result<HashMap<String, Article>, ServiceError> {
    articles_named(tx, lines.iter().map(|line| text::normalise(&line.article_number)).collect()).await
}

async fn judge_decided(
    tx: &mut Tx,
    connection: &ConnectionRecord,
    lines: &[LineFacts],
    decided: &[Decided],
    now: Option<Timestamp>,
) -> Result<Vec<Match>, ServiceError> {
    let is_away = now.is_some_and(|now| connection.row.catalogue_is_away(now));
    let catalogue = Catalogue {
        state: match connection.catalogue_read_at {
            Some(read_at) if is_away => CatalogueState::Away { read_at },
            Some(_) => CatalogueState::Read,
            None => CatalogueState::Unread,
        },
        price_tolerance: connection.row.price_tolerance,
    };
    let wanted: Vec<Wanted> = lines
        .iter()
        .zip(decided)
        .map(|(line, decided)| Wanted {
            number: text::normalise(&line.supplier_article_number),
            gtin: line.gtin.clone(),
            name: text::normalise(&line.description),
            decided: decided.same.iter().map(|same| same.partner_number.clone()).collect(),
        })
        .collect();
    let candidates = store::partner_articles::candidates(tx, connection.row.connection_id, &wanted).await?;
    let judged = lines.iter().zip(candidates).zip(decided);
    Ok(judged.map(|((line, candidates), decided)| judge(line, &candidates, &catalogue, decided)).collect())
}

/// Gives lines the supplier's number where a confirmed link says which one is meant: in forms, files and the command line alike. `typed`
/// says of each line whether somebody wrote its number. Tells which lines got theirs, by which link, and what stood there before.
pub(super) async fn give_confirmed_numbers(
    tx: &mut Tx,
    supplier: ContactId,
    lines: &mut [OrderLine],
    typed: &[bool],
) -> Result<Vec<(SupplierLinkId, OrderLineId, String)>, ServiceError> {
    let numbers = lines.iter().map(|line| line.supplier_article_number.clone()).collect();
    let articles = lines.iter().filter_map(|line| line.article_id).collect();
    let decisions = links::decisions(tx, supplier, numbers, articles).await?;
    let mut given = Vec::new();
    for (line, is_typed) in lines.iter_mut().zip(typed) {
        let link = decisions.link_for(&line.supplier_article_number, *is_typed, line.article_id);
        let Some(link) = link.filter(|link| link.partner_number != line.supplier_article_number) else {
            continue;
        };
        let before = std::mem::replace(&mut line.supplier_article_number, link.partner_number.clone());
        given.push((link.supplier_link_id, line.line_id, before));
    }
    Ok(given)
}
