//! Orders made of other orders, and many lines at once: *Dupliser*, *Hent fra forrige ordre*, *Lim inn fra Excel*.

use domain::ids::OrderId;
use domain::orders::{CopiedLine, PriceChange, PurchaseOrderRow};
use domain::paste::{Answer, Looked, PasteColumn};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// An order that was made of another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderCopied {
    pub order_id: OrderId,
    pub number: String,
    /// Prices that are others today.
    pub changes: Vec<PriceChange>,
}

/// *Dupliser*: a new draft with the order's lines and today's prices. The browser is sent to its form.
#[server(endpoint = "duplicate_order")]
pub async fn duplicate_order(order_id: OrderId) -> Result<OrderCopied, AppError> {
    let ctx = super::server::ctx()?;
    let copied = services::orders::duplicate(&ctx, order_id).await?;
    leptos_axum::redirect(&copied_href(&copied.order.number, &copied.from_number));
    Ok(OrderCopied { order_id: copied.order.order_id, number: copied.order.number, changes: copied.changes })
}

/// What is another price than in the order that this one was made of.
#[server(endpoint = "read_price_changes")]
pub async fn read_price_changes(number: String, from: String) -> Result<Vec<PriceChange>, AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::orders::changes_since(&ctx, &number, &from).await?)
}

/// The supplier's latest orders, newest first; at most twenty.
#[server(endpoint = "list_previous_orders")]
pub async fn list_previous_orders(
    #[server(default)] supplier_id: String,
) -> Result<Vec<PurchaseOrderRow>, AppError> {
    let ctx = super::server::ctx()?;
    match supplier_id.trim().parse::<domain::ids::ContactId>() {
        Ok(supplier) => Ok(services::orders::previous(&ctx, supplier).await?),
        Err(_) => Ok(Vec::new()),
    }
}

/// What the page *Hent fra forrige ordre* shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviousLines {
    /// The order that is being written.
    pub order_id: OrderId,
    pub number: String,
    pub supplier_name: Option<String>,
    pub orders: Vec<PurchaseOrderRow>,
    /// The order that was chosen, and its lines.
    pub chosen: Option<(OrderId, Vec<CopiedLine>)>,
}

/// The supplier's latest orders, and the lines of the chosen one.
#[server(endpoint = "read_previous_lines")]
pub async fn read_previous_lines(
    number: String,
    #[server(default)] from: Option<String>,
) -> Result<PreviousLines, AppError> {
    let ctx = super::server::ctx()?;
    let order = services::orders::form(&ctx, Some(&number)).await?.order;
    let order = order.ok_or(AppError::from(domain::errors::ErrorCode::NotFound))?;
    let mut orders = match order.supplier_id {
        Some(supplier) => services::orders::previous(&ctx, supplier).await?,
        None => Vec::new(),
    };
    orders.retain(|row| row.order_id != order.order_id);
    let chosen = orders.iter().find(|row| Some(&row.number) == from.as_ref()).map(|row| row.order_id);
    let chosen = match chosen {
        Some(id) => Some((id, services::orders::lines_of(&ctx, id).await?)),
        None => None,
    };
    Ok(PreviousLines {
        order_id: order.order_id,
        number: order.number,
        supplier_name: order.supplier_name,
        orders,
        chosen,
    })
}

/// An order's lines as they would be ordered today.
#[server(endpoint = "lines_of_order")]
pub async fn lines_of_order(order_id: OrderId) -> Result<Vec<CopiedLine>, AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::orders::lines_of(&ctx, order_id).await?)
}

/// What pasted rows would be as lines: what their columns mean, what the registers know of them, and what the supplier understands. One
/// question for all of them. `columns` is empty while nobody has said what they mean, and `at` names the column of the order's lines that
/// the rows were pasted into.
#[server(endpoint = "look_at_paste")]
pub async fn look_at_paste(
    #[server(default)] supplier_id: String,
    #[server(default)] currency: String,
    #[server(default)] text: String,
    #[server(default)] columns: Vec<PasteColumn>,
    #[server(default)] at: String,
    #[server(default)] answers: Vec<Answer>,
) -> Result<Looked, AppError> {
    let ctx = super::server::ctx()?;
    let supplier = supplier_id.trim().parse().ok();
    let question = services::orders::PasteQuestion {
        supplier,
        currency: currency.clone(),
        text,
        columns,
        at: PasteColumn::from_code(&at),
        answers: domain::paste::Answers::of_list(&answers),
    };
    let found = services::orders::pasted_rows(&ctx, question).await?;
    let facts =
        found.rows.iter().map(|(_, row)| crate::pages::orders::line_facts(&row.line, &currency)).collect();
    let matches = services::orders::judge_lines(&ctx, supplier, facts).await?;
    let rows = found.rows.into_iter().zip(&matches);
    let rows =
        rows.map(|((row, filled), matched)| domain::paste::LookedRow::of(row, filled, matched)).collect();
    Ok(Looked { columns: found.columns, rows })
}

/// *Lim inn fra Excel* without a script: adds the rows of pasted text to a draft, or none of them.
#[server(endpoint = "paste_order_lines")]
pub async fn paste_order_lines(order_id: OrderId, #[server(default)] text: String) -> Result<(), AppError> {
    let ctx = super::server::ctx()?;
    let pasted = services::orders::paste(&ctx, order_id, &text).await?;
    leptos_axum::redirect(&lines_added_href(&pasted.order.number, pasted.left_out));
    Ok(())
}

/// *Hent fra forrige ordre*: adds the chosen lines of another order to a draft.
#[server(endpoint = "add_previous_lines")]
pub async fn add_previous_lines(
    order_id: OrderId,
    from: OrderId,
    #[server(default)] picked: Vec<usize>,
) -> Result<(), AppError> {
    let ctx = super::server::ctx()?;
    let lines = services::orders::lines_of(&ctx, from).await?;
    let lines: Vec<_> = lines
        .into_iter()
        .enumerate()
        .filter(|(place, _)| picked.contains(place))
        .map(|(_, copied)| copied.line)
        .collect();
    if lines.is_empty() {
        return Err(domain::errors::Refusal::of_field("/picked", domain::errors::ErrorCode::NoLines).into());
    }
    let saved = services::orders::append(&ctx, order_id, lines).await?;
    leptos_axum::redirect(&lines_added_href(&saved.number, 0));
    Ok(())
}

/// The order's form, at its lines; it tells how many rows were left out.
#[cfg(feature = "ssr")]
pub fn lines_added_href(number: &str, left_out: usize) -> String {
    let left_out = if left_out == 0 { String::new() } else { format!("&utelatt={left_out}") };
    format!("{}?kvittering=linjer-lagt-til{left_out}#lines", crate::pages::orders::edit_href(number))
}

/// The form of an order that was made of another, which tells what is another price.
#[cfg(feature = "ssr")]
fn copied_href(number: &str, from: &str) -> String {
    format!("{}?kvittering=duplisert&fra={from}", crate::pages::orders::edit_href(number))
}
