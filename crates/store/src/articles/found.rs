//! Articles that a search finds, and what they are found by.

use domain::articles::ArticleRow;
use domain::ids::{ArticleId, ContactId};
use domain::matching::OwnArticle;
use domain::search::Entry;

use super::ListRow;
use crate::error::StoreError;
use crate::search::{self, Change, Place};
use crate::tx::{ROWS, Tx, on, over_each, push_list};
use crate::value::to_json;

/// Articles that numbers written otherwise may mean, at most: a page of lines with several for each.
const MOST_ALIKE: i64 = 5000;

/// What an article's rows in lists are read from; `s` is one of its numbers at suppliers.
const LISTED: &str = "SELECT a.article_id, a.number, a.name, a.unit, a.price, a.price_base_quantity, a.currency, a.vat_rate, a.gtin, a.status,
         s.supplier_article_number, c.name AS supplier_name
     FROM article a LEFT JOIN article_supplier s ON s.article_id = a.article_id AND s.contact_id = ";

/// The articles that have these documents or these numbers, with the supplier's number of each, in no order.
pub async fn found(
    tx: &mut Tx,
    supplier: Option<ContactId>,
    documents: &[i64],
    numbers: &[String],
) -> Result<Vec<ArticleRow>, StoreError> {
    let mut rows: Vec<ListRow> = Vec::new();
    for chunk in documents.chunks(ROWS) {
        rows.extend::<Vec<ListRow>>(on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new(LISTED);
            query.push_bind(supplier.map(|id| id.0));
            query.push(" LEFT JOIN contact c ON c.contact_id = s.contact_id WHERE a.document IN ");
            push_list(&mut query, chunk.iter().copied());
            query.build_query_as().fetch_all(conn).await?
        }));
    }
    for chunk in numbers.chunks(ROWS) {
        rows.extend::<Vec<ListRow>>(on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new(LISTED);
            query.push_bind(supplier.map(|id| id.0));
            query.push(" LEFT JOIN contact c ON c.contact_id = s.contact_id WHERE a.number IN ");
            push_list(&mut query, chunk.iter().cloned());
            query.build_query_as().fetch_all(conn).await?
        }));
    }
    rows.sort_unstable_by(|one, other| one.number.cmp(&other.number));
    rows.dedup_by(|one, other| one.number == other.number);
    Ok(rows.into_iter().map(ArticleRow::from).collect())
}

/// The articles that have one of these numbers at the supplier.
pub async fn found_at_supplier(
    tx: &mut Tx,
    supplier: ContactId,
    numbers: &[String],
) -> Result<Vec<ArticleRow>, StoreError> {
    let mut rows: Vec<ListRow> = Vec::new();
    for chunk in numbers.chunks(ROWS) {
        rows.extend::<Vec<ListRow>>(on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new(LISTED);
            query.push_bind(supplier.0);
            query.push(
                " LEFT JOIN contact c ON c.contact_id = s.contact_id WHERE a.article_id IN (
                SELECT article_id FROM article_supplier WHERE contact_id = ",
            );
            query.push_bind(supplier.0).push(" AND supplier_article_number IN ");
            push_list(&mut query, chunk.iter().cloned());
            query.push(") ORDER BY a.number");
            query.build_query_as().fetch_all(conn).await?
        }));
    }
    Ok(rows.into_iter().map(ArticleRow::from).collect())
}

/// The articles that are found by one of these keys (`domain::search::number_key`): by their number, GTIN, or a number at a supplier.
/// In no order; the caller judges which of them are meant.
pub async fn with_keys(tx: &mut Tx, keys: &[String]) -> Result<Vec<OwnArticle>, StoreError> {
    search::write(tx).await?;
    let sql = over_each!(
        tx,
        "SELECT DISTINCT p.document FROM",
        "search_key",
        "p.scope = $1 AND p.key = listed.value",
        "ORDER BY p.document LIMIT $3"
    );
    let mut documents: Vec<i64> = Vec::new();
    for chunk in keys.chunks(ROWS) {
        let keys = to_json(&chunk, "search", "keys")?;
        documents.extend::<Vec<i64>>(on!(tx, |conn| {
            sqlx::query_scalar(sql)
                .bind(Place::Own.scope())
                .bind(&keys)
                .bind(MOST_ALIKE)
                .fetch_all(conn)
                .await?
        }));
    }
    let mut rows: Vec<(String, String)> = Vec::new();
    for chunk in documents.chunks(ROWS) {
        rows.extend::<Vec<(String, String)>>(on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new("SELECT number, name FROM article WHERE document IN ");
            push_list(&mut query, chunk.iter().copied());
            query.build_query_as().fetch_all(conn).await?
        }));
    }
    Ok(rows.into_iter().map(|(number, name)| OwnArticle { number, name }).collect())
}

/// The document that the article is, and what it is found by: its number, GTIN and name, and its numbers at suppliers. `None` where
/// it has no document yet. The article stays locked: what another changed meanwhile would be found for ever. Lines may go on naming it.
pub(crate) async fn entry(tx: &mut Tx, id: ArticleId) -> Result<Option<(i64, Entry)>, StoreError> {
    let sql = if tx.is_postgres() {
        "SELECT document, number, name, gtin FROM article WHERE article_id = $1 FOR NO KEY UPDATE"
    } else {
        "SELECT document, number, name, gtin FROM article WHERE article_id = $1"
    };
    let row: Option<(Option<i64>, String, String, Option<String>)> =
        on!(tx, |conn| sqlx::query_as(sql).bind(id.0).fetch_optional(conn).await?);
    let Some((Some(document), number, name, gtin)) = row else { return Ok(None) };
    let mut numbers: Vec<String> = on!(tx, |conn| sqlx::query_scalar(
        "SELECT supplier_article_number FROM article_supplier WHERE article_id = $1"
    )
    .bind(id.0)
    .fetch_all(conn)
    .await?);
    numbers.push(number);
    numbers.extend(gtin);
    Ok(Some((document, Entry::of(numbers.iter().map(String::as_str), &name))))
}

/// Makes the article be found by what it holds now; `before` is what it held before it was changed.
pub(super) async fn found_anew(
    tx: &mut Tx,
    id: ArticleId,
    before: Option<(i64, Entry)>,
) -> Result<(), StoreError> {
    let Some((document, before)) = before else { return Ok(()) };
    let Some((_, after)) = entry(tx, id).await? else { return Ok(()) };
    if before != after {
        search::note(tx, Change { document, before, after });
    }
    Ok(())
}
