//! What suppliers call our articles.

use domain::articles::Article;
use domain::ids::{ArticleId, ConnectionId, ContactId};
use uuid::Uuid;

use super::{Row, entry, found_anew, with_suppliers};
use crate::error::StoreError;
use crate::tx::{Tx, on};

/// Which of our numbers at a supplier are read. Each is found by indexes; whether a number really belongs to a level, `domain::matching`
/// judges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumbersAt {
    All,
    /// Those that people have confirmed what they mean.
    Confirmed,
    /// Those that the catalogue has, letter for letter.
    Known,
    /// The others: those that have to be judged.
    Open,
}

/// A confirmed link decides about the number, as written or as the supplier's, or about the article.
const CONFIRMED: &str =
    "(EXISTS (SELECT 1 FROM supplier_link l WHERE l.contact_id = s.contact_id AND l.undone_at IS NULL
        AND l.verdict = 'same' AND l.article_id = s.article_id)
    OR EXISTS (SELECT 1 FROM supplier_link l WHERE l.contact_id = s.contact_id AND l.undone_at IS NULL
        AND l.verdict = 'same' AND l.written_number = s.supplier_article_number)
    OR EXISTS (SELECT 1 FROM supplier_link l WHERE l.contact_id = s.contact_id AND l.undone_at IS NULL
        AND l.verdict = 'same' AND l.partner_number = s.supplier_article_number))";
/// Somebody said of the number that it is not the article that has it.
const REJECTED: &str =
    "EXISTS (SELECT 1 FROM supplier_link l WHERE l.contact_id = s.contact_id AND l.undone_at IS NULL
    AND l.verdict = 'not_same' AND l.partner_number = s.supplier_article_number)";

/// Articles that have a number at the supplier, by their own number, from after `after` on. `connection` is the catalogue; without one no
/// number is known.
pub async fn at_supplier(
    tx: &mut Tx,
    supplier: ContactId,
    connection: Option<ConnectionId>,
    which: NumbersAt,
    after: &str,
    limit: i64,
) -> Result<Vec<Article>, StoreError> {
    let rows: Vec<Row> = on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(
            "SELECT a.* FROM article_supplier s JOIN article a ON a.article_id = s.article_id WHERE s.contact_id = ",
        );
        query.push_bind(supplier.0).push(" AND a.number > ").push_bind(after.to_owned());
        push_which(&mut query, connection, which);
        query.push(" ORDER BY a.number LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await?
    });
    with_suppliers(tx, rows).await
}

/// How many there are of them, at most `most`.
pub async fn count_at_supplier(
    tx: &mut Tx,
    supplier: ContactId,
    connection: Option<ConnectionId>,
    which: NumbersAt,
    most: i64,
) -> Result<i64, StoreError> {
    Ok(on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(
            "SELECT COUNT(*) FROM (SELECT 1 FROM article_supplier s WHERE s.contact_id = ",
        );
        query.push_bind(supplier.0);
        push_which(&mut query, connection, which);
        query.push(" LIMIT ").push_bind(most).push(") AS counted");
        query.build_query_scalar().fetch_one(conn).await?
    }))
}

/// What narrows the numbers to those that are asked for.
fn push_which<DB: sqlx::Database>(
    query: &mut sqlx::QueryBuilder<DB>,
    connection: Option<ConnectionId>,
    which: NumbersAt,
) where
    Uuid: sqlx::Type<DB> + for<'q> sqlx::Encode<'q, DB>,
{
    let catalogue = connection.map_or(Uuid::nil(), |connection| connection.0);
    let known = "EXISTS (SELECT 1 FROM partner_article p WHERE p.number = s.supplier_article_number AND p.connection_id = ";
    match which {
        NumbersAt::All => {}
        NumbersAt::Confirmed => {
            query.push(" AND ").push(CONFIRMED);
        }
        NumbersAt::Known => {
            query.push(" AND ").push(known).push_bind(catalogue).push(")");
            query.push(" AND NOT ").push(CONFIRMED);
        }
        NumbersAt::Open => {
            query.push(" AND NOT ").push(CONFIRMED).push(" AND (NOT ").push(known).push_bind(catalogue);
            query.push(") OR ").push(REJECTED).push(")");
        }
    }
}

/// Keeps what the supplier calls the article.
pub async fn set_supplier_number(
    tx: &mut Tx,
    id: ArticleId,
    supplier: ContactId,
    number: &str,
) -> Result<(), StoreError> {
    let before = entry(tx, id).await?;
    on!(tx, |conn| {
        sqlx::query(
        "INSERT INTO article_supplier (article_id, contact_id, supplier_article_number) VALUES ($1, $2, $3)
         ON CONFLICT (article_id, contact_id) DO UPDATE SET supplier_article_number = excluded.supplier_article_number"
    )
    .bind(id.0)
    .bind(supplier.0)
    .bind(number)
    .execute(conn)
    .await?
    .rows_affected()
    });
    found_anew(tx, id, before).await
}
