//! The catalogue: what changed, and look-ups by number.

use axum::Json;
use axum::extract::{RawQuery, State};
use domain::errors::{ErrorCode, Refusal};
use protocol::documents::{ArticleLookupAnswer, ArticleLookupRequest, ArticlePage};
use protocol::limits::MAX_ARTICLES;
use services::articles;

use crate::partner::Partners;
use crate::partner::auth::{ArticlesRead, Partner};
use crate::partner::body::JsonBody;
use crate::partner::openapi::CallHeaders;
use crate::partner::problem::Problem;

const DEFAULT_LIMIT: i64 = 1000;

/// Articles that changed after the cursor, oldest change first.
#[utoipa::path(get, path = "/partner/v1/articles", tag = "articles", security(("token" = ["Articles:Read"])),
    params(CallHeaders, ("after" = Option<String>, Query, description = "The cursor `next` of the page before."),
        ("limit" = Option<i64>, Query, minimum = 1, maximum = 5000, description = "1 to 5,000; 1,000 when left out.")),
    responses((status = 200, body = ArticlePage)))]
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
    Ok(Json(articles::changed_page(&caller.ctx, value(&query, "after").as_deref(), limit).await?))
}

/// Up to 500 articles by number. Numbers that are not here are left out of the answer.
#[utoipa::path(post, path = "/partner/v1/articles/lookup", tag = "articles", security(("token" = ["Articles:Read"])),
    request_body = ArticleLookupRequest,
    params(CallHeaders),
    responses((status = 200, body = ArticleLookupAnswer)))]
pub async fn lookup(
    caller: Partner<ArticlesRead>,
    State(_): State<Partners>,
    JsonBody(body): JsonBody,
) -> Result<Json<ArticleLookupAnswer>, Problem> {
    let request: ArticleLookupRequest = protocol::parse::parse(&body)?;
    let request = protocol::validate::validate_lookup(&request)?;
    let articles = articles::by_numbers(&caller.ctx, &request.numbers).await?;
    Ok(Json(ArticleLookupAnswer { articles }))
}

/// The value of a name in a query.
pub(super) fn value(query: &str, name: &str) -> Option<String> {
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
}
