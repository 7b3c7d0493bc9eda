//! Saved views of lists, and how the question of a list's address is read at the server.

use domain::ids::SavedViewId;
use domain::saved_views::ListName;
use leptos::prelude::*;

use crate::error::AppError;
#[cfg(feature = "ssr")]
pub(crate) use server::Asked;

/// *Lagre visning*: what the list is asked for now, under a name.
#[server(endpoint = "save_view")]
pub async fn save_view(
    list: ListName,
    #[server(default)] name: String,
    #[server(default)] question: String,
    #[server(default)] shared: bool,
    #[server(default)] default: bool,
) -> Result<(), AppError> {
    let ctx = super::server::ctx()?;
    let view = services::saved_views::add(&ctx, list, &name, &question, shared).await?;
    if default {
        services::saved_views::set_default(&ctx, list, Some(view.view_id)).await?;
    }
    leptos_axum::redirect(&crate::pages::saved_views::view_href(list.path(), &view));
    Ok(())
}

/// What is done with a saved view: `endre` (with `question` also what it asks), `kopier`, `slett`, `angre`, `apne`, `ikke-apne`.
#[server(endpoint = "change_view")]
pub async fn change_view(
    list: ListName,
    view_id: SavedViewId,
    #[server(default)] action: String,
    #[server(default)] name: String,
    #[server(default)] question: String,
    #[server(default)] shared: bool,
) -> Result<(), AppError> {
    use crate::pages::saved_views::{deleted_href, view_href};
    use services::saved_views;

    let ctx = super::server::ctx()?;
    let path = list.path();
    let target = match action.as_str() {
        "slett" => {
            saved_views::delete(&ctx, view_id).await?;
            deleted_href(path, view_id)
        }
        "angre" => {
            saved_views::restore(&ctx, view_id).await?;
            view_href(path, &server::seen(&ctx, list, view_id).await?)
        }
        "apne" | "ikke-apne" => {
            saved_views::set_default(&ctx, list, (action == "apne").then_some(view_id)).await?;
            view_href(path, &server::seen(&ctx, list, view_id).await?)
        }
        "kopier" => {
            let original = server::seen(&ctx, list, view_id).await?;
            let copy = saved_views::add(&ctx, list, &name, &original.query, false).await?;
            view_href(path, &copy)
        }
        _ => {
            let question = (!question.is_empty()).then_some(question);
            let changed =
                saved_views::change(&ctx, list, view_id, &name, question.as_deref(), shared).await?;
            view_href(path, &changed)
        }
    };
    leptos_axum::redirect(&target);
    Ok(())
}

#[cfg(feature = "ssr")]
mod server {
    use domain::ids::SavedViewId;
    use domain::orders::OrderFilter;
    use domain::paging::PageRequest;
    use domain::saved_views::{ListName, SavedView};
    use services::{Ctx, ServiceError};

    use crate::pages::lists::pairs_of;

    /// A view that the person sees.
    pub(super) async fn seen(
        ctx: &Ctx,
        list: ListName,
        view_id: SavedViewId,
    ) -> Result<SavedView, ServiceError> {
        services::saved_views::get(ctx, list, view_id).await
    }

    /// The question of a list's address.
    pub(crate) struct Asked(Vec<(String, String)>);

    impl Asked {
        pub(crate) fn of(question: &str) -> Self {
            let most = question.char_indices().nth(4_000).map_or(question.len(), |(at, _)| at);
            Self(pairs_of(&question[..most]))
        }

        pub(crate) fn get(&self, name: &str) -> Option<String> {
            self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
        }

        pub(crate) fn filter(&self) -> OrderFilter {
            OrderFilter::read(|name| self.get(name))
        }

        pub(crate) fn page(&self, page: i64) -> PageRequest {
            let size = self.get("antall").and_then(|size| size.parse().ok()).unwrap_or_default();
            PageRequest::sized(page, size)
        }
    }
}
