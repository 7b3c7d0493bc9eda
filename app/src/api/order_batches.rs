//! Many orders at once: what is done with them, and how their lines match.

use domain::ids::{OrderBatchId, OrderId};
use domain::orders::{BatchAction, ExactLines, OrderBatch, PrintedOrder};
use leptos::prelude::*;

use crate::error::AppError;

/// What would be done, before it is done. `question` names all that fit; otherwise `order_ids` name the orders.
#[server(endpoint = "preview_order_batch")]
pub async fn preview_order_batch(
    action: BatchAction,
    #[server(default)] order_ids: Vec<OrderId>,
    #[server(default)] question: String,
) -> Result<OrderBatch, AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::orders::preview(&ctx, action, &server::chosen(order_ids, &question)).await?)
}

/// Does it; the browser is sent to what came of it.
#[server(endpoint = "run_order_batch")]
pub async fn run_order_batch(
    action: BatchAction,
    #[server(default)] order_ids: Vec<OrderId>,
    #[server(default)] question: String,
) -> Result<(), AppError> {
    let ctx = super::server::ctx()?;
    let id = services::orders::run(&ctx, action, server::chosen(order_ids, &question)).await?;
    leptos_axum::redirect(&crate::pages::orders::batch_href(id));
    Ok(())
}

/// What came of it.
#[server(endpoint = "read_order_batch")]
pub async fn read_order_batch(batch_id: OrderBatchId) -> Result<OrderBatch, AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::orders::batch(&ctx, batch_id).await?)
}

/// *Angre*.
#[server(endpoint = "undo_order_batch")]
pub async fn undo_order_batch(batch_id: OrderBatchId) -> Result<(), AppError> {
    let ctx = super::server::ctx()?;
    services::orders::undo(&ctx, batch_id).await?;
    leptos_axum::redirect(&crate::pages::orders::batch_href(batch_id));
    Ok(())
}

/// How the lines of orders match now, and what stops them: of orders that changed while a list is open.
#[server(endpoint = "count_exact_lines")]
pub async fn count_exact_lines(
    #[server(default)] order_ids: Vec<OrderId>,
) -> Result<Vec<ExactLines>, AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::orders::exact_lines_of(&ctx, order_ids).await?)
}

/// Orders with their lines, to be printed.
#[server(endpoint = "print_orders")]
pub async fn print_orders(
    #[server(default)] order_ids: Vec<OrderId>,
    #[server(default)] question: String,
) -> Result<Vec<PrintedOrder>, AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::orders::printed(&ctx, &server::chosen(order_ids, &question)).await?)
}

#[cfg(feature = "ssr")]
pub(super) mod server {
    use domain::ids::OrderId;
    use domain::orders::ChosenOrders;

    use crate::api::lists::Asked;

    /// Which orders an address or a form names. A question, even an empty one behind its mark, means all that fit it.
    pub(in crate::api) fn chosen(order_ids: Vec<OrderId>, question: &str) -> ChosenOrders {
        match question.strip_prefix('?') {
            Some(question) => ChosenOrders::Fitting(Box::new(Asked::of(question).filter())),
            None => ChosenOrders::Named(order_ids),
        }
    }
}
