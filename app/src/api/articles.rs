//! The own register of articles.

use domain::articles::{Article, ArticleInput, ArticleRow};
use domain::contacts::ContactRow;
use domain::ids::ArticleId;
use domain::paging::Page;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// What the form shows: the article, when it is there already, and whom it may be bought from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleForm {
    pub article: Option<Article>,
    pub suppliers: Vec<ContactRow>,
}

/// One page of the list.
#[server(endpoint = "list_articles")]
pub async fn list_articles(
    search: Option<String>,
    page: i64,
    page_size: i64,
) -> Result<Page<ArticleRow>, AppError> {
    let ctx = super::server::ctx()?;
    let page = domain::paging::PageRequest::sized(page, page_size);
    Ok(services::articles::list(&ctx, search, page).await?)
}

/// The form of one article, or of a new one.
#[server(endpoint = "read_article")]
pub async fn read_article(number: Option<String>) -> Result<ArticleForm, AppError> {
    let ctx = super::server::ctx()?;
    let article = match number {
        Some(number) => Some(services::articles::get(&ctx, &number).await?),
        None => None,
    };
    let suppliers = super::contacts::every(&ctx, domain::contacts::ContactRole::Supplier).await?;
    Ok(ArticleForm { article, suppliers })
}

/// Writes a new article.
#[server(endpoint = "add_article")]
pub async fn add_article(input: ArticleInput) -> Result<(), AppError> {
    let ctx = super::server::ctx()?;
    services::articles::add(&ctx, input).await?;
    leptos_axum::redirect("/artikler?kvittering=lagret");
    Ok(())
}

/// Changes an article.
#[server(endpoint = "edit_article")]
pub async fn edit_article(article_id: ArticleId, version: i64, input: ArticleInput) -> Result<(), AppError> {
    let ctx = super::server::ctx()?;
    services::articles::edit(&ctx, article_id, version, input).await?;
    leptos_axum::redirect("/artikler?kvittering=lagret");
    Ok(())
}
