//! The catalogue: what changed, and look-ups by number.

use axum::Json;
use axum::extract::{RawQuery, State};
use domain::articles::Article;
use domain::errors::{ErrorCode, Refusal};
use protocol::documents::{ArticleDocument, ArticleLookupAnswer, ArticleLookupRequest, ArticlePage};
use protocol::limits::{MAX_ARTICLES, MAX_LOOKUPS};
use services::{ServiceError, instance};

use crate::partner::Partners;
use crate::partner::auth::{ArticlesRead, Partner};
use crate::partner::body::JsonBody;
use crate::partner::problem::Problem;

const DEFAULT_LIMIT: i64 = 1000;

/// Articles that changed after the cursor, oldest change first.
#[utoipa::path(get, path = "/partner/v1/articles", tag = "articles", security(("token" = ["Articles:Read"])),
    params(("after" = Option<String>, Query, description = "The cursor `next` of the page before."),
        ("limit" = Option<i64>, Query, description = "1 to 5,000; 1,000 when left out.")),
    responses((status = 200, body = ArticlePage), (status = "4XX", body = protocol::problem::Problem)))]
pub async fn page(
    caller: Partner<ArticlesRead>,
    RawQuery(query): RawQuery,
) -> Result<Json<ArticlePage>, Problem> {
    let query = query.unwrap_or_default();
    let limit = match value(&query, "limit") {
        None => DEFAULT_LIMIT,
        Some(text) => text
            .parse()
            .ok()
            .filter(|limit| (1..=MAX_ARTICLES).contains(limit))
            .ok_or_else(|| Refusal::from(ErrorCode::InvalidLimit).with("max", MAX_ARTICLES))?,
    };
    let own = instance::current(&caller.ctx).await?.ok_or(ErrorCode::StorageUnavailable)?;
    let after = value(&query, "after").map_or(Ok(0), |cursor| read_cursor(&cursor, own.epoch))?;
    let mut tx = caller.ctx.store.begin_read().await.map_err(ServiceError::from)?;
    let changed =
        store::articles::changed_after(&mut tx, after, limit + 1).await.map_err(ServiceError::from)?;
    let taken = usize::try_from(limit).unwrap_or_default();
    let has_more = changed.len() > taken;
    let last = changed.iter().take(taken).next_back().map_or(after, |(change, _)| *change);
    let articles = changed.into_iter().take(taken).map(|(_, article)| document(article)).collect();
    Ok(Json(ArticlePage { articles, next: format!("{}.{last}", own.epoch), has_more }))
}

/// Up to 500 articles by number. Numbers that are not here are left out of the answer.
#[utoipa::path(post, path = "/partner/v1/articles/lookup", tag = "articles", security(("token" = ["Articles:Read"])),
    request_body = ArticleLookupRequest,
    responses((status = 200, body = ArticleLookupAnswer), (status = "4XX", body = protocol::problem::Problem)))]
pub async fn lookup(
    caller: Partner<ArticlesRead>,
    State(_): State<Partners>,
    JsonBody(body): JsonBody,
) -> Result<Json<ArticleLookupAnswer>, Problem> {
    let request: ArticleLookupRequest = protocol::parse::parse(&body)?;
    if request.numbers.len() > MAX_LOOKUPS {
        return Err(Refusal::of_field("/numbers", ErrorCode::TooManyLines).with("max", MAX_LOOKUPS).into());
    }
    let mut tx = caller.ctx.store.begin_read().await.map_err(ServiceError::from)?;
    let found =
        store::articles::find_by_numbers(&mut tx, &request.numbers).await.map_err(ServiceError::from)?;
    Ok(Json(ArticleLookupAnswer { articles: found.into_iter().map(document).collect() }))
}

/// The value of a name in a query.
pub(super) fn value(query: &str, name: &str) -> Option<String> {
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
}

/// A cursor is `epoch.change`: after a restore the old ones are refused, and the buyer reads from the start.
fn read_cursor(cursor: &str, epoch: i64) -> Result<i64, ErrorCode> {
    let (of, change) = cursor.split_once('.').ok_or(ErrorCode::InvalidCursor)?;
    let of: i64 = of.parse().map_err(|_| ErrorCode::InvalidCursor)?;
    let change: i64 = change.parse().map_err(|_| ErrorCode::InvalidCursor)?;
    if of == epoch && change >= 0 { Ok(change) } else { Err(ErrorCode::InvalidCursor) }
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
    }
}
