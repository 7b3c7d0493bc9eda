//! What a person typed into a form that was refused, kept for the one page that shows it again.
//!
//! With WebAssembly a form stays as it is and its `ServerAction` holds the error. Without it, the browser posts the form and is
//! sent back to the page; the server's layer for server functions leaves a [`Flash`] in the session, and the page takes it.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;
use crate::page_data::PageData;

/// The key under which the session holds it.
pub const FLASH_KEY: &str = "flash";

/// The value of a flash that holds no text itself, but where it is kept; the page finds it under `text`.
pub const KEPT_TEXT: &str = "kept_text";

/// Values and error of the form that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// The path of the server function that refused, such as `/api/sign_in`.
    pub path: String,
    /// Names and values as typed, without secrets.
    pub values: Vec<(String, String)>,
    pub error: AppError,
}

impl Flash {
    /// What was typed under the name.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Takes the flash out of the session; the next page does not see it.
#[server(endpoint = "take_flash")]
pub async fn take_flash() -> Result<Option<Flash>, AppError> {
    // Before the first `await`: afterwards the context is gone.
    let ctx = crate::api::server::ctx()?;
    let Ok(session) = leptos_axum::extract::<tower_sessions::Session>().await else {
        return Ok(None);
    };
    match session.remove::<Flash>(FLASH_KEY).await {
        Ok(Some(flash)) => Ok(Some(with_kept_text(&ctx, flash).await)),
        Ok(None) => Ok(None),
        Err(error) => {
            // A page without the typed values is better than no page.
            tracing::warn!(error = %error, "the values of a refused form could not be read back");
            Ok(None)
        }
    }
}

/// Puts the text that is kept elsewhere into the flash. A page without it is better than no page.
#[cfg(feature = "ssr")]
async fn with_kept_text(ctx: &services::Ctx, mut flash: Flash) -> Flash {
    let Some(import_id) = flash.value(KEPT_TEXT).and_then(|id| id.parse().ok()) else { return flash };
    flash.values.retain(|(name, _)| name != KEPT_TEXT);
    match services::imports::take_text(ctx, import_id).await {
        Ok(text) => flash.values.extend(text.map(|text| ("text".to_owned(), text))),
        Err(error) => tracing::warn!(%error, "the text of a refused file could not be read back"),
    }
    flash
}

/// The flash of this page, given by `App`.
#[derive(Clone, Copy)]
pub struct PageFlash {
    taken: PageData<Result<Option<Flash>, AppError>>,
    loaded: StoredValue<Option<Flash>>,
}

/// Asks for the flash once, before the page is rendered.
pub fn provide_flash() {
    provide_context(PageFlash {
        taken: PageData::new_blocking(|| (), |()| take_flash()),
        loaded: StoredValue::new(None),
    });
}

/// The flash before it is read.
pub fn use_page_flash() -> Option<PageFlash> {
    use_context()
}

impl PageFlash {
    /// Waits for it; the frames do so before any form is shown.
    pub async fn load(self) {
        let flash = self.taken.await.ok().flatten();
        self.loaded.set_value(flash);
    }

    /// Forgets it when the person goes on to another page.
    pub fn forget_on_leaving(self, path: Memo<String>) {
        Effect::watch(move || path.get(), move |_, _, _| self.loaded.set_value(None), false);
    }
}

/// The flash of this page, when a form on it was refused without WebAssembly.
pub fn use_flash() -> Option<Flash> {
    use_page_flash()?.loaded.get_value()
}
