//! *Søk eller kjør kommando*: what the server finds.

use domain::palette::PaletteHits;
use leptos::prelude::*;

use crate::error::AppError;

/// A few orders, articles and contacts that the text may mean.
#[server(endpoint = "palette_search")]
pub async fn palette_search(#[server(default)] text: String) -> Result<PaletteHits, AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::palette::search(&ctx, &text).await?)
}
