//! Own articles by what a supplier calls them.

use std::collections::HashMap;

use domain::articles::Article;
use domain::ids::ContactId;
use uuid::Uuid;

use super::{Row, with_suppliers};
use crate::error::StoreError;
use crate::tx::{ROWS, Tx, on, push_list};

/// The own articles with one of these numbers at the supplier, by that number. A number that means several articles means none here.
pub async fn find_by_supplier_numbers(
    tx: &mut Tx,
    supplier: ContactId,
    numbers: &[String],
) -> Result<HashMap<String, Article>, StoreError> {
    let mut meant: HashMap<String, Vec<Uuid>> = HashMap::with_capacity(numbers.len());
    for chunk in numbers.chunks(ROWS) {
        let pairs: Vec<(String, Uuid)> = on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new(
                "SELECT supplier_article_number, article_id FROM article_supplier WHERE contact_id = ",
            );
            query.push_bind(supplier.0).push(" AND supplier_article_number IN ");
            push_list(&mut query, chunk.iter().cloned());
            query.build_query_as().fetch_all(conn).await?
        });
        for (number, article_id) in pairs {
            meant.entry(number).or_default().push(article_id);
        }
    }
    let one: HashMap<Uuid, String> =
        meant.into_iter().filter_map(|(number, ids)| (ids.len() == 1).then(|| (ids[0], number))).collect();
    let ids: Vec<Uuid> = one.keys().copied().collect();
    let mut rows: Vec<Row> = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(ROWS) {
        rows.extend::<Vec<Row>>(on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new("SELECT * FROM article WHERE article_id IN ");
            push_list(&mut query, chunk.iter().copied());
            query.build_query_as().fetch_all(conn).await?
        }));
    }
    let articles = with_suppliers(tx, rows).await?.into_iter();
    Ok(articles.filter_map(|article| Some((one.get(&article.article_id.0)?.clone(), article))).collect())
}
