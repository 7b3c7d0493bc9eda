//! The extension *ProdSys to ProdSys*.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// Whether the extension is on, and what switching it off would touch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtensionState {
    pub on: bool,
    pub api_access: bool,
    /// Orders that wait for the supplier's answer.
    pub waiting_orders: i64,
    /// Drafts that wait for our answer.
    pub open_drafts: i64,
    pub connections: i64,
    /// Connections whose last test passed.
    pub verified_connections: i64,
}

/// How the extension stands.
#[server(endpoint = "read_extension")]
pub async fn read_extension() -> Result<ExtensionState, AppError> {
    use domain::connections::ConnectionState;
    use domain::drafts::DraftView;
    use domain::orders::OrderView;

    let ctx = super::server::ctx()?;
    let instance = services::instance::current(&ctx).await?;
    let orders = services::orders::counts(&ctx).await?;
    let drafts = services::drafts::counts(&ctx).await?;
    let mut connections = services::connections::list(&ctx).await?;
    connections.retain(|connection| !connection.is_price_file());
    let verified =
        connections.iter().filter(|connection| connection.state == ConnectionState::Verified).count();
    let count = |size: usize| i64::try_from(size).unwrap_or(i64::MAX);
    Ok(ExtensionState {
        on: instance.as_ref().is_some_and(|instance| instance.extension_on),
        api_access: instance.is_some_and(|instance| instance.api_access),
        waiting_orders: orders
            .iter()
            .find(|(view, _)| *view == OrderView::Waiting)
            .map_or(0, |(_, count)| *count),
        open_drafts: drafts.iter().find(|(view, _)| *view == DraftView::Open).map_or(0, |(_, count)| *count),
        connections: count(connections.len()),
        verified_connections: count(verified),
    })
}

/// Switches the extension on or off.
#[server(endpoint = "set_extension")]
pub async fn set_extension(on: bool) -> Result<(), AppError> {
    let ctx = super::server::ctx()?;
    services::instance::set_extension(&ctx, on).await?;
    // The menu changes with it, so the whole page is asked for again.
    leptos_axum::redirect(if on {
        "/admin/utvidelser?kvittering=aktivert"
    } else {
        "/admin/utvidelser?kvittering=avslatt"
    });
    Ok(())
}
