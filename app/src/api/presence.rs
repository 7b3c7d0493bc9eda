//! Who has an order open now.

use domain::ids::{OrderId, TabId};
use domain::presence::OrderPresence;
use leptos::prelude::*;

use crate::error::AppError;

/// Notes that the order is open in this window, and answers with everyone who has it open.
#[server(endpoint = "note_presence")]
pub async fn note_presence(order_id: OrderId, tab: TabId) -> Result<OrderPresence, AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::presence::note(&ctx, order_id, tab).await?)
}

/// Notes that the window was closed, or shows something else.
#[server(endpoint = "leave_order")]
pub async fn leave_order(order_id: OrderId, tab: TabId) -> Result<(), AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::presence::leave(&ctx, order_id, tab).await?)
}
