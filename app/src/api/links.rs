//! *Koblinger*: what numbers mean at a supplier.

use domain::contacts::ContactRow;
use domain::ids::{ArticleId, ContactId};
use domain::links::{DecisionPage, GivenBack, LinkInput, LinkMade, LinkPage};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// What stands between the numbers of a pair in a checkbox, and between ids: no number holds it.
pub const BETWEEN: char = '\t';

/// Everything the page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinksPage {
    pub suppliers: Vec<ContactRow>,
    /// `None` when there is no supplier.
    pub chosen: Option<(ContactRow, LinkPage)>,
}

/// One page of a view, from after the own number `after` on, or what `search` finds in it. Without a supplier, that of the first that is
/// connected. With `review`, as many as are confirmed at once.
#[server(endpoint = "read_links")]
pub async fn read_links(
    #[server(default)] supplier: String,
    #[server(default)] view: String,
    #[server(default)] search: String,
    #[server(default)] after: String,
    #[server(default)] review: bool,
) -> Result<LinksPage, AppError> {
    use domain::links::{LinkView, MAX_CONFIRMED};
    use domain::paging::PAGE_SIZE;

    let ctx = super::server::ctx()?;
    let (suppliers, chosen) = choice(&ctx, &supplier).await?;
    let Some(chosen) = chosen else { return Ok(LinksPage { suppliers, chosen: None }) };
    let limit = if review { i64::try_from(MAX_CONFIRMED).unwrap_or(PAGE_SIZE) } else { PAGE_SIZE };
    let view = LinkView::from_code(&view);
    let read = services::links::page(&ctx, chosen.contact_id, view, &search, &after, limit).await?;
    Ok(LinksPage { suppliers, chosen: Some((chosen, read)) })
}

/// Everything *Avgjørelser* shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionsPage {
    pub suppliers: Vec<ContactRow>,
    /// `None` when there is no supplier.
    pub chosen: Option<(ContactRow, DecisionPage)>,
}

/// One page of the decisions of one view, from before the decision `before` on, or what `search` finds of them.
#[server(endpoint = "read_decisions")]
pub async fn read_decisions(
    #[server(default)] supplier: String,
    #[server(default)] view: String,
    #[server(default)] search: String,
    #[server(default)] before: String,
) -> Result<DecisionsPage, AppError> {
    use domain::links::DecisionView;
    use domain::paging::PAGE_SIZE;

    let ctx = super::server::ctx()?;
    let (suppliers, chosen) = choice(&ctx, &supplier).await?;
    let Some(chosen) = chosen else { return Ok(DecisionsPage { suppliers, chosen: None }) };
    let (view, before) = (DecisionView::from_slug(&view), before.parse().ok());
    let read = services::links::decided(&ctx, chosen.contact_id, view, &search, before, PAGE_SIZE).await?;
    Ok(DecisionsPage { suppliers, chosen: Some((chosen, read)) })
}

/// The suppliers to choose from, and the one whose links are shown.
#[cfg(feature = "ssr")]
async fn choice(
    ctx: &services::Ctx,
    supplier: &str,
) -> Result<(Vec<ContactRow>, Option<ContactRow>), AppError> {
    let wanted: Option<ContactId> = match supplier.trim() {
        "" => services::links::usual_supplier(ctx).await?,
        named => named.parse().ok(),
    };
    let suppliers = super::contacts::every(ctx, domain::contacts::ContactRole::Supplier, wanted).await?;
    let chosen = suppliers.iter().find(|known| Some(known.contact_id) == wanted).or(suppliers.first());
    let chosen = chosen.cloned();
    Ok((suppliers, chosen))
}

/// *Bekreft kobling*. On a line of an order the line gets the number; on one that stands in a form, and has no `order_id` here, the form
/// writes it: then `form_order_id` is the order that the form is of, empty while it has none, and `form_key` the form's. `back` is the
/// page that shows the receipt; without it the answer alone says what was done.
#[server(endpoint = "confirm_link")]
pub async fn confirm_link(
    input: LinkInput,
    #[server(default)] order_id: String,
    #[server(default)] line_id: String,
    #[server(default)] form_order_id: String,
    #[server(default)] form_key: String,
    #[server(default)] back: String,
) -> Result<LinkMade, AppError> {
    use domain::errors::ErrorCode;
    use domain::links::{FormPlace, LinePlace};

    let ctx = super::server::ctx()?;
    let made = match (order_id.parse(), line_id.parse()) {
        (Ok(order_id), Ok(line_id)) => {
            let place = LinePlace { order_id, line_id };
            services::links::confirm(&ctx, input, Some(place)).await?
        }
        // An order that cannot be read is none that a form has not saved yet.
        (Err(_), Ok(line_id)) if order_id.is_empty() => {
            let order_id = match form_order_id.trim() {
                "" => None,
                named => Some(named.parse().map_err(|_| AppError::from(ErrorCode::InvalidId))?),
            };
            let place = FormPlace { line_id, order_id, form_key: form_key.parse().ok() };
            services::links::confirm_in_form(&ctx, input, place).await?
        }
        _ => services::links::confirm(&ctx, input, None).await?,
    };
    go_back(&back, "koblet", &made.supplier_link_id.to_string());
    Ok(made)
}

/// Confirms many links: `pairs` are number, own article and the supplier's number.
#[server(endpoint = "confirm_links")]
pub async fn confirm_links(
    supplier_id: ContactId,
    #[server(default)] pairs: Vec<String>,
    #[server(default)] back: String,
) -> Result<usize, AppError> {
    use domain::errors::{ErrorCode, Refusal};

    let input = |pair: &String| {
        let mut numbers = pair.split(BETWEEN).map(str::to_owned);
        let mut next = || numbers.next().unwrap_or_default();
        LinkInput { supplier_id, written_number: next(), article_number: next(), partner_number: next() }
    };
    if pairs.is_empty() {
        return Err(Refusal::of_field("/pairs", ErrorCode::Required).into());
    }
    let ctx = super::server::ctx()?;
    let made = services::links::confirm_many(&ctx, pairs.iter().map(input).collect()).await?;
    let ids: Vec<String> = made.iter().map(ToString::to_string).collect();
    go_back(&back, "koblet", &ids.join(","));
    Ok(made.len())
}

/// *Ikke samme*.
#[server(endpoint = "reject_link")]
pub async fn reject_link(input: LinkInput, #[server(default)] back: String) -> Result<LinkMade, AppError> {
    let ctx = super::server::ctx()?;
    let made = services::links::reject(&ctx, input).await?;
    go_back(&back, "ikke-samme", &made.supplier_link_id.to_string());
    Ok(made)
}

/// *Angre*: takes back one or many decisions, their ids parted by commas. Tells which orders that changed, as the receipt does.
#[server(endpoint = "undo_link")]
pub async fn undo_link(ids: String, #[server(default)] back: String) -> Result<GivenBack, AppError> {
    use domain::errors::ErrorCode;

    let ctx = super::server::ctx()?;
    let parsed = ids.split(',').map(|id| id.trim().parse().map_err(|_| AppError::from(ErrorCode::InvalidId)));
    let given_back = services::links::undo(&ctx, parsed.collect::<Result<Vec<_>, _>>()?).await?;
    go_back_with(&back, "angret", &ids, &crate::components::given_back_query(&given_back));
    Ok(given_back)
}

/// *Rett nummeret*: our register gets the supplier's number. The way back is the same with the numbers changed round.
#[server(endpoint = "correct_number")]
pub async fn correct_number(
    article_id: ArticleId,
    supplier_id: ContactId,
    from: String,
    to: String,
    #[server(default)] back: String,
) -> Result<(), AppError> {
    let ctx = super::server::ctx()?;
    services::links::correct_number(&ctx, article_id, supplier_id, from.clone(), to.clone()).await?;
    let done = format!("{article_id}{BETWEEN}{supplier_id}{BETWEEN}{to}{BETWEEN}{from}");
    go_back(&back, "rettet", &done);
    Ok(())
}

/// Shows the page with its receipt; without a page of ours there is none.
#[cfg(feature = "ssr")]
fn go_back(back: &str, receipt: &str, about: &str) {
    go_back_with(back, receipt, about, "");
}

/// The same, with more for the receipt to tell.
#[cfg(feature = "ssr")]
fn go_back_with(back: &str, receipt: &str, about: &str, more: &str) {
    if !crate::pages::lists::is_ours(back) {
        return;
    }
    let joint = if back.contains('?') { '&' } else { '?' };
    let about = leptos_router::location::Url::escape(about);
    leptos_axum::redirect(&format!("{back}{joint}kvittering={receipt}&gjelder={about}{more}"));
}
