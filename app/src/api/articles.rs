//! The own register of articles.

use domain::articles::{Article, ArticleInput, ArticleRow};
use domain::contacts::ContactRow;
use domain::ids::{ArticleId, ContactId};
use domain::paging::Page;
use domain::saved_views::SavedView;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// What the form shows: the article, when it is there already, and whom it may be bought from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleForm {
    pub article: Option<Article>,
    pub suppliers: Vec<ContactRow>,
}

/// One page of the list, with what stands around it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleList {
    pub articles: Page<ArticleRow>,
    /// Those that the list can be filtered by.
    pub suppliers: Vec<(ContactId, String)>,
    pub views: Vec<SavedView>,
    /// Nothing was asked, and the person's list opens with a saved view, which has this address.
    pub opens_with: Option<String>,
}

/// One page of the list. `question` is what the list's address asks, without the page.
#[server(endpoint = "list_articles")]
pub async fn list_articles(#[server(default)] question: String, page: i64) -> Result<ArticleList, AppError> {
    use crate::pages::saved_views::opens_with;
    use domain::articles::ArticleFilter;
    use domain::saved_views::ListName;

    let ctx = super::server::ctx()?;
    let views = services::saved_views::list(&ctx, ListName::Articles).await?;
    if let Some(opens_with) = opens_with(ListName::Articles, &views, &question, page) {
        return Ok(ArticleList { opens_with: Some(opens_with), ..ArticleList::default() });
    }
    let asked = super::lists::Asked::of(&question);
    let filter = ArticleFilter::read(|name| asked.get(name));
    let articles = services::articles::list(&ctx, &filter, asked.page(page)).await?;
    let suppliers = services::orders::offered_suppliers(&ctx, filter.supplier).await?;
    Ok(ArticleList { articles, suppliers, views, opens_with: None })
}

/// The form of one article, or of a new one.
#[server(endpoint = "read_article")]
pub async fn read_article(number: Option<String>) -> Result<ArticleForm, AppError> {
    let ctx = super::server::ctx()?;
    let article = match number {
        Some(number) => Some(services::articles::get(&ctx, &number).await?),
        None => None,
    };
    let chosen = article.as_ref().and_then(|article| article.suppliers.first()).map(|known| known.contact_id);
    let suppliers = super::contacts::every(&ctx, domain::contacts::ContactRole::Supplier, chosen).await?;
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
