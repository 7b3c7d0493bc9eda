//! *Maler*: lines kept under a name.

use domain::ids::{OrderId, TemplateId};
use domain::orders::OrderTemplateRow;
use leptos::prelude::*;

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::pages::orders::{TEMPLATES_PATH, edit_href};

/// All templates, by name.
#[server(endpoint = "list_order_templates")]
pub async fn list_order_templates() -> Result<Vec<OrderTemplateRow>, AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::orders::templates::list(&ctx).await?)
}

/// *Lagre som mal*: an order's lines under a name.
#[server(endpoint = "save_order_template")]
pub async fn save_order_template(
    order_id: OrderId,
    #[server(default)] name: String,
) -> Result<TemplateId, AppError> {
    let ctx = super::server::ctx()?;
    let id = services::orders::templates::save(&ctx, order_id, &name).await?;
    leptos_axum::redirect(&format!("{TEMPLATES_PATH}?kvittering=lagret"));
    Ok(id)
}

/// Another name for a template.
#[server(endpoint = "rename_order_template")]
pub async fn rename_order_template(
    template_id: TemplateId,
    #[server(default)] name: String,
) -> Result<(), AppError> {
    let ctx = super::server::ctx()?;
    services::orders::templates::rename(&ctx, template_id, &name).await?;
    leptos_axum::redirect(&format!("{TEMPLATES_PATH}?kvittering=navn"));
    Ok(())
}

/// Takes a template out of the list; the receipt has *Angre*.
#[server(endpoint = "remove_order_template")]
pub async fn remove_order_template(template_id: TemplateId) -> Result<(), AppError> {
    let ctx = super::server::ctx()?;
    services::orders::templates::remove(&ctx, template_id).await?;
    leptos_axum::redirect(&format!("{TEMPLATES_PATH}?kvittering=slettet&mal={template_id}"));
    Ok(())
}

/// *Angre* after a template was taken out of the list.
#[server(endpoint = "restore_order_template")]
pub async fn restore_order_template(template_id: TemplateId) -> Result<(), AppError> {
    let ctx = super::server::ctx()?;
    services::orders::templates::restore(&ctx, template_id).await?;
    leptos_axum::redirect(&format!("{TEMPLATES_PATH}?kvittering=angret"));
    Ok(())
}

/// Begins an order with a template's lines; the browser is sent to its form.
#[server(endpoint = "start_order_from_template")]
pub async fn start_order_from_template(template_id: TemplateId) -> Result<String, AppError> {
    let ctx = super::server::ctx()?;
    let order = services::orders::templates::start_order(&ctx, template_id).await?;
    leptos_axum::redirect(&format!("{}?kvittering=fra-mal", edit_href(&order.number)));
    Ok(order.number)
}
