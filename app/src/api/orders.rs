//! Purchase orders: the list, one order, and the form that writes them.

use domain::connections::CatalogueKnown;
use domain::contacts::ContactRow;
use domain::errors::Refusal;
use domain::ids::{ConflictId, ContactId, FormKey, OrderId};
use domain::logs::LogRow;
use domain::matching::{LineFacts, Match};
use domain::orders::{
    ExactLines, OrderConflict, OrderDetail, OrderDifference, OrderInput, OrderVersion, OrderView,
    PurchaseOrder, PurchaseOrderRow,
};
use domain::paging::Page;
use domain::saved_views::SavedView;
use domain::search::SearchHit;
use domain::time::{CalendarDate, Timestamp};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::lists::Asked;
use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::pages::orders::{conflict_href, line_facts};
#[cfg(feature = "ssr")]
use domain::saved_views::ListName;
#[cfg(feature = "ssr")]
use services::orders::FormSaved;

#[cfg(feature = "ssr")]
mod server;

/// One page of *Innkjøpsordre*, with what stands around it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderList {
    pub orders: Page<PurchaseOrderRow>,
    pub counts: Vec<(OrderView, i64)>,
    /// Suppliers to filter by.
    pub suppliers: Vec<(ContactId, String)>,
    /// How the lines of orders match, and what stops them.
    pub exact: Vec<ExactLines>,
    pub views: Vec<SavedView>,
    /// Nothing was asked, and the person's list opens with a saved view, which has this address.
    pub opens_with: Option<String>,
}

/// Everything the order form shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderFormPage {
    /// `None` for a new order.
    pub order: Option<PurchaseOrder>,
    /// The text in the fields.
    pub input: OrderInput,
    /// What must be put right before the order can be sent.
    pub refusal: Option<Refusal>,
    /// Of an order that is ready: how many lines the check before the export stops all the same.
    pub stopped_lines: Option<usize>,
    pub suppliers: Vec<ContactRow>,
    /// Of the suppliers that we are connected to: what is known of their articles, and how old it is.
    pub catalogues: Vec<CatalogueKnown>,
    /// The moment at which this was read.
    pub now: Timestamp,
    pub today: CalendarDate,
    /// One for each line of `input`.
    pub matches: Vec<Option<Match>>,
    /// What tells this form from every other; the hidden field `form_key`.
    pub form_key: FormKey,
}

/// Where a saved order stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderSaved {
    pub order_id: OrderId,
    pub number: String,
    pub version: i64,
    pub saved_at: Timestamp,
    pub refusal: Option<Refusal>,
    /// The id of each line as sent; empty for an empty line.
    pub line_ids: Vec<String>,
    /// The whole form was sent, and others had saved meanwhile, in other fields: both are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged: Option<Box<OrderMerged>>,
}

/// What others have saved, put together with what was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderMerged {
    /// What the form shows now.
    pub input: OrderInput,
    pub by: Vec<String>,
}

/// What came of the saving of a form while somebody types into it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum AutosaveOutcome {
    Saved(OrderSaved),
    /// Others had saved meanwhile, in other fields: both are kept, and `input` is what the form shows now.
    Merged {
        saved: OrderSaved,
        input: Box<OrderInput>,
        /// What came in, seen from what was sent.
        came_in: Vec<OrderDifference>,
        by: Vec<String>,
    },
    /// Others wrote something else in the same fields. Nothing was saved: show `merged.input`, ask about each of `merged.conflicts`, and
    /// save what `merged.resolve` gives over
    /// `version`.
    Conflict(Box<OrderConflict>),
}

/// An article that fits what is being typed, and whether the supplier understands it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuggestedArticle {
    pub hit: SearchHit,
    pub matched: Match,
}

/// Which button of the order form was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderButton {
    Save,
    AddLine,
    /// The line's index as typed.
    RemoveLine(usize),
    /// Another number of ours for the line, which is put in before it is saved.
    UseNumber,
    /// *Lim inn fra Excel*, on a page of its own.
    Paste,
    /// *Hent fra forrige ordre*, on a page of its own.
    Previous,
    Check,
    /// Saves, and goes on to the order's own page.
    Close,
}

/// The button's value begins so when it gives a line a number of ours: `bruk:3:10250`.
pub const USE_NUMBER: &str = "bruk";

impl OrderButton {
    /// Reads the button's value; anything unknown saves, which loses nothing.
    pub fn from_value(value: &str) -> Self {
        match value {
            "ny_linje" => Self::AddLine,
            "kontroller" => Self::Check,
            "lim_inn" => Self::Paste,
            "forrige" => Self::Previous,
            "lukk" => Self::Close,
            other if used_number(other).is_some() => Self::UseNumber,
            other => other
                .strip_prefix("fjern:")
                .and_then(|index| index.parse().ok())
                .map_or(Self::Save, Self::RemoveLine),
        }
    }
}

/// The line, and the number that the button gives it.
pub(crate) fn used_number(value: &str) -> Option<(usize, &str)> {
    let (index, number) = value.strip_prefix(USE_NUMBER)?.strip_prefix(':')?.split_once(':')?;
    Some((index.parse().ok()?, number)).filter(|(_, number)| !number.is_empty())
}

/// One page of the list. `question` is what the list's address asks, without the page.
#[server(endpoint = "list_orders")]
pub async fn list_orders(#[server(default)] question: String, page: i64) -> Result<OrderList, AppError> {
    use crate::pages::saved_views::opens_with;

    let ctx = super::server::ctx()?;
    let list = ListName::PurchaseOrders;
    let views = services::saved_views::list(&ctx, list).await?;
    if let Some(opens_with) = opens_with(list, &views, &question, page) {
        return Ok(OrderList { opens_with: Some(opens_with), ..OrderList::default() });
    }
    let asked = Asked::of(&question);
    let filter = asked.filter();
    let orders = services::orders::list(&ctx, &filter, asked.page(page)).await?;
    let counts = services::orders::counts(&ctx).await?;
    let suppliers = services::orders::offered_suppliers(&ctx, filter.supplier).await?;
    // Also where the column is not shown: the status says what stops an order.
    let exact = services::orders::exact_lines(&ctx, &orders.rows).await?;
    Ok(OrderList { orders, counts, suppliers, exact, views, opens_with: None })
}

/// Everything about one order.
#[server(endpoint = "read_order")]
pub async fn read_order(number: String) -> Result<OrderDetail, AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::orders::detail(&ctx, &number).await?)
}

/// Who changed what in an order, the newest first.
#[server(endpoint = "read_order_versions")]
pub async fn read_order_versions(number: String) -> Result<Vec<OrderVersion>, AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::orders::versions(&ctx, &number).await?)
}

/// What travelled of an order, and what came back.
#[server(endpoint = "read_order_log")]
pub async fn read_order_log(number: String) -> Result<Vec<LogRow>, AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::orders::log(&ctx, &number).await?)
}

/// The order form: empty, or with an order that may still be changed.
#[server(endpoint = "read_order_form")]
pub async fn read_order_form(#[server(default)] number: Option<String>) -> Result<OrderFormPage, AppError> {
    let ctx = super::server::ctx()?;
    let form = services::orders::form(&ctx, number.as_deref()).await?;
    let facts = form.input.lines.iter().map(|line| line_facts(line, &form.input.currency)).collect();
    let supplier = form.input.supplier_id.trim().parse().ok();
    let judged = services::orders::judge_lines(&ctx, supplier, facts).await?;
    let matches = form
        .input
        .lines
        .iter()
        .zip(judged)
        .map(|(line, matched)| (!line.is_empty()).then_some(matched))
        .collect();
    let stopped_lines =
        match form.order.as_ref().filter(|order| order.status == domain::orders::OrderStatus::Ready) {
            Some(order) => {
                let checked = services::exports::check(&ctx, vec![order.order_id]).await?;
                checked.first().map(domain::exports::CheckedOrder::stopped_lines)
            }
            None => None,
        };
    Ok(OrderFormPage {
        order: form.order,
        input: form.input,
        refusal: form.refusal,
        stopped_lines,
        suppliers: form.suppliers,
        catalogues: form.catalogues,
        now: ctx.now(),
        today: ctx.today(),
        matches,
        form_key: ctx.new_id(),
    })
}

/// The order form's one way to the server. What was typed is saved first and judged afterwards; then the browser is sent on.
#[server(endpoint = "save_order")]
pub async fn save_order(
    #[server(default)] order_id: String,
    #[server(default)] version: i64,
    #[server(default)] form_key: String,
    #[server(default)] action: String,
    #[server(default)] back: String,
    #[server(default)] input: OrderInput,
) -> Result<OrderSaved, AppError> {
    let ctx = super::server::ctx()?;
    let button = OrderButton::from_value(&action);
    let rows = input.lines.len();
    let input = server::with_own_number(&ctx, input, &action).await?;
    let (input, places) = server::compact(input, button);
    let form = server::form_state(&order_id, version, &form_key, input)?;
    let (mut saved, merged) = match services::orders::save_or_keep(&ctx, form).await? {
        FormSaved::Saved(saved) => (saved, None),
        // What came in has lines of its own, so these are not the form's.
        FormSaved::Merged { saved, input, by, .. } => {
            let saved = services::orders::SavedOrder { line_ids: Vec::new(), ..saved };
            (saved, Some(Box::new(OrderMerged { input: *input, by })))
        }
        FormSaved::Conflict(conflict) => {
            // What was typed is kept; the next page asks. Nothing was saved, so the form's version is what it was.
            leptos_axum::redirect(&conflict_href(&conflict.number, conflict.conflict_id));
            return Ok(server::unsaved(&ctx, *conflict, version));
        }
    };
    // Who came to put something right goes back when it is.
    let is_last = matches!(button, OrderButton::Save | OrderButton::Check | OrderButton::Close);
    let is_done = saved.refusal.is_none() && is_last;
    if is_done && !back.is_empty() {
        leptos_axum::redirect(super::session::browser::safe_path(&back));
    } else {
        leptos_axum::redirect(&server::next_page(&saved, button, rows, places.len()));
    }
    // What came in stands on other lines; the form knows where.
    if let Some(refusal) = saved.refusal.as_mut().filter(|_| merged.is_none()) {
        server::point_as_typed(refusal, &places);
    }
    let mut line_ids = vec![String::new(); rows];
    for (place, line_id) in places.into_iter().zip(std::mem::take(&mut saved.line_ids)) {
        line_ids[place] = line_id;
    }
    let saved = server::saved(&ctx, services::orders::SavedOrder { line_ids, ..saved });
    Ok(OrderSaved { merged, ..saved })
}

/// Saves the form while somebody types into it: makes the order the first time, and puts together what others did meanwhile. Lines that
/// are new have an id that the form has made (`FormKey::line_id`), so that a form sent again, because its answer was lost, doubles none.
#[server(endpoint = "autosave_order")]
pub async fn autosave_order(
    #[server(default)] order_id: String,
    #[server(default)] version: i64,
    #[server(default)] form_key: String,
    #[server(default)] input: OrderInput,
) -> Result<AutosaveOutcome, AppError> {
    let ctx = super::server::ctx()?;
    let form = server::form_state(&order_id, version, &form_key, input)?;
    Ok(match services::orders::save_form(&ctx, form).await? {
        FormSaved::Saved(saved) => AutosaveOutcome::Saved(server::saved(&ctx, saved)),
        FormSaved::Merged { saved, input, came_in, by } => {
            AutosaveOutcome::Merged { saved: server::saved(&ctx, saved), input, came_in, by }
        }
        FormSaved::Conflict(conflict) => AutosaveOutcome::Conflict(conflict),
    })
}

/// What was typed while others wrote something else in the same fields, over the order as it is now.
#[server(endpoint = "read_order_conflict")]
pub async fn read_order_conflict(conflict_id: String) -> Result<OrderConflict, AppError> {
    let ctx = super::server::ctx()?;
    let conflict_id = conflict_id.parse().map_err(|_| AppError::from(domain::errors::ErrorCode::NotFound))?;
    Ok(services::orders::conflict(&ctx, conflict_id).await?)
}

/// Saves what was typed with what was chosen. A choice is `theirs:` and the place of a conflict; any other leaves what was typed.
#[server(endpoint = "resolve_order_conflict")]
pub async fn resolve_order_conflict(
    conflict_id: ConflictId,
    version: i64,
    #[server(default)] choices: Vec<String>,
) -> Result<(), AppError> {
    let ctx = super::server::ctx()?;
    let theirs =
        choices.iter().filter_map(|choice| choice.strip_prefix("theirs:")).map(str::to_owned).collect();
    let to = match services::orders::resolve(&ctx, conflict_id, version, theirs).await? {
        FormSaved::Conflict(again) => conflict_href(&again.number, again.conflict_id),
        FormSaved::Saved(saved) | FormSaved::Merged { saved, .. } => {
            format!("{}?kvittering=lagret", crate::pages::orders::edit_href(&saved.number))
        }
    };
    leptos_axum::redirect(&to);
    Ok(())
}

/// Removes an order that was never sent.
#[server(endpoint = "delete_order")]
pub async fn delete_order(order_id: OrderId) -> Result<(), AppError> {
    let ctx = super::server::ctx()?;
    let batch = services::orders::delete_draft(&ctx, order_id).await?;
    leptos_axum::redirect(&crate::pages::orders::deleted_href(batch));
    Ok(())
}

/// Match level, reason and differences of lines while they are typed.
#[server(endpoint = "judge_order_lines")]
pub async fn judge_order_lines(
    #[server(default)] supplier_id: String,
    #[server(default)] lines: Vec<LineFacts>,
) -> Result<Vec<Match>, AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::orders::judge_lines(&ctx, supplier_id.trim().parse().ok(), lines).await?)
}

/// What is known of a supplier's articles, and the moment at which that was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogueSeen {
    /// `None` when we are not connected to the supplier.
    pub known: Option<CatalogueKnown>,
    pub now: Timestamp,
}

/// How old what we know of a supplier's articles is, for a form that stands open.
#[server(endpoint = "read_catalogue")]
pub async fn read_catalogue(#[server(default)] supplier_id: String) -> Result<CatalogueSeen, AppError> {
    let ctx = super::server::ctx()?;
    let known = match supplier_id.trim().parse() {
        Ok(supplier) => services::connections::catalogue_of(&ctx, supplier).await?,
        Err(_) => None,
    };
    Ok(CatalogueSeen { known, now: ctx.now() })
}

/// Articles that fit what is being typed.
#[server(endpoint = "suggest_articles")]
pub async fn suggest_articles(
    #[server(default)] supplier_id: String,
    #[server(default)] text: String,
) -> Result<Vec<SuggestedArticle>, AppError> {
    let ctx = super::server::ctx()?;
    let found = services::orders::suggest(&ctx, supplier_id.trim().parse().ok(), text).await?;
    Ok(found.into_iter().map(|hit| SuggestedArticle { hit: hit.hit, matched: hit.matched }).collect())
}

/// *Prøv på nytt*: the order's message again, the same bytes, now.
#[server(endpoint = "retry_order")]
pub async fn retry_order(order_id: OrderId) -> Result<(), AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::outbox::retry_order(&ctx, order_id).await?)
}
