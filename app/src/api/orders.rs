//! Purchase orders: the list, one order, and the form that writes them.

use domain::articles::ArticleRow;
use domain::contacts::ContactRow;
use domain::errors::Refusal;
use domain::ids::{ContactId, OrderId};
use domain::matching::{LineFacts, Match};
use domain::orders::{ExactLines, OrderDetail, OrderInput, OrderView, PurchaseOrder, PurchaseOrderRow};
use domain::paging::Page;
use domain::saved_views::SavedView;
use domain::time::{CalendarDate, Timestamp};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::lists::Asked;
use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::pages::orders::line_facts;
#[cfg(feature = "ssr")]
use domain::saved_views::ListName;

/// One page of *Innkjøpsordre*, with what stands around it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderList {
    pub orders: Page<PurchaseOrderRow>,
    pub counts: Vec<(OrderView, i64)>,
    /// Suppliers to filter by.
    pub suppliers: Vec<(ContactId, String)>,
    /// How the lines of orders match, where that is shown.
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
    pub suppliers: Vec<ContactRow>,
    pub today: CalendarDate,
    /// One for each line of `input`.
    pub matches: Vec<Option<Match>>,
}

/// Where a saved order stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderSaved {
    pub order_id: OrderId,
    pub number: String,
    pub version: i64,
    pub saved_at: Timestamp,
    pub refusal: Option<Refusal>,
}

/// An article that fits what is being typed, and whether the supplier understands it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuggestedArticle {
    pub article: ArticleRow,
    pub matched: Match,
}

/// Which button of the order form was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderButton {
    Save,
    AddLine,
    /// The line's index as typed.
    RemoveLine(usize),
    Check,
}

impl OrderButton {
    /// Reads the button's value; anything unknown saves, which loses nothing.
    pub fn from_value(value: &str) -> Self {
        match value {
            "ny_linje" => Self::AddLine,
            "kontroller" => Self::Check,
            other => other
                .strip_prefix("fjern:")
                .and_then(|index| index.parse().ok())
                .map_or(Self::Save, Self::RemoveLine),
        }
    }
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
    let exact = match asked.shows("treff") {
        true => services::orders::exact_lines(&ctx, &orders.rows).await?,
        false => Vec::new(),
    };
    Ok(OrderList { orders, counts, suppliers, exact, views, opens_with: None })
}

/// Everything about one order.
#[server(endpoint = "read_order")]
pub async fn read_order(number: String) -> Result<OrderDetail, AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::orders::detail(&ctx, &number).await?)
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
    Ok(OrderFormPage {
        order: form.order,
        input: form.input,
        refusal: form.refusal,
        suppliers: form.suppliers,
        today: ctx.today(),
        matches,
    })
}

/// The order form's one way to the server. What was typed is saved first and judged afterwards; then the browser is sent on.
#[server(endpoint = "save_order")]
pub async fn save_order(
    #[server(default)] order_id: String,
    #[server(default)] version: i64,
    #[server(default)] action: String,
    #[server(default)] back: String,
    #[server(default)] input: OrderInput,
) -> Result<OrderSaved, AppError> {
    let ctx = super::server::ctx()?;
    let button = OrderButton::from_value(&action);
    let rows = input.lines.len();
    let (input, places) = server::compact(input, button);
    let mut saved = match order_id.trim() {
        "" => services::orders::create(&ctx, input).await?,
        id => {
            let id = id.parse().map_err(|_| AppError::from(domain::errors::ErrorCode::NotFound))?;
            services::orders::save(&ctx, id, version, input).await?
        }
    };
    // Who came to put something right goes back when it is.
    let is_done = saved.refusal.is_none() && matches!(button, OrderButton::Save | OrderButton::Check);
    if is_done && !back.is_empty() {
        leptos_axum::redirect(super::session::browser::safe_path(&back));
    } else {
        leptos_axum::redirect(&server::next_page(&saved, button, rows, places.len()));
    }
    if let Some(refusal) = &mut saved.refusal {
        server::point_as_typed(refusal, &places);
    }
    Ok(OrderSaved {
        order_id: saved.order_id,
        number: saved.number,
        version: saved.version,
        saved_at: ctx.now(),
        refusal: saved.refusal,
    })
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

/// Articles that fit what is being typed.
#[server(endpoint = "suggest_articles")]
pub async fn suggest_articles(
    #[server(default)] supplier_id: String,
    #[server(default)] text: String,
) -> Result<Vec<SuggestedArticle>, AppError> {
    let ctx = super::server::ctx()?;
    let found = services::orders::suggest(&ctx, supplier_id.trim().parse().ok(), text).await?;
    Ok(found.into_iter().map(|hit| SuggestedArticle { article: hit.article, matched: hit.matched }).collect())
}

/// *Prøv på nytt*: the order's message again, the same bytes, now.
#[server(endpoint = "retry_order")]
pub async fn retry_order(order_id: OrderId) -> Result<(), AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::outbox::retry_order(&ctx, order_id).await?)
}

/// What [`save_order`] needs besides the service.
#[cfg(feature = "ssr")]
mod server {
    use domain::errors::Refusal;
    use domain::orders::OrderInput;
    use services::orders::SavedOrder;

    use super::OrderButton;
    use crate::pages::orders::{edit_href, export_href};

    /// What was typed without empty lines and without the one to be removed, and where each line that is left stood.
    pub(super) fn compact(input: OrderInput, button: OrderButton) -> (OrderInput, Vec<usize>) {
        let mut places = Vec::new();
        let mut lines = Vec::new();
        for (index, line) in input.lines.into_iter().enumerate() {
            if !line.is_empty() && button != OrderButton::RemoveLine(index) {
                places.push(index);
                lines.push(line);
            }
        }
        (OrderInput { lines, ..input }, places)
    }

    /// Turns pointers at lines as kept into pointers at lines as typed, for the form that is still open.
    pub(super) fn point_as_typed(refusal: &mut Refusal, places: &[usize]) {
        for error in &mut refusal.errors {
            let Some((index, field)) =
                error.pointer.strip_prefix("/lines/").and_then(|rest| rest.split_once('/'))
            else {
                continue;
            };
            let place = index.parse::<usize>().ok().and_then(|index| places.get(index));
            if let Some(place) = place {
                error.pointer = format!("/lines/{place}/{field}");
            }
        }
    }

    /// Where the browser goes after the order was saved: `rows` lines stood in the form, `lines` of them were filled.
    pub(super) fn next_page(saved: &SavedOrder, button: OrderButton, rows: usize, lines: usize) -> String {
        let edit = edit_href(&saved.number);
        match button {
            OrderButton::Save if saved.refusal.is_some() => format!("{edit}?kvittering=lagret-mangler"),
            OrderButton::Save => format!("{edit}?kvittering=lagret"),
            OrderButton::AddLine => {
                format!("{edit}?linjer={}#lines-{lines}-article_number", rows + 1)
            }
            OrderButton::RemoveLine(_) => format!("{edit}#lines"),
            OrderButton::Check if saved.refusal.is_some() => format!("{edit}?kontroll=1"),
            OrderButton::Check => export_href(saved.order_id),
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;
        use domain::errors::{ErrorCode, FieldError};
        use domain::orders::OrderLineInput;

        fn line(number: &str) -> OrderLineInput {
            OrderLineInput { article_number: number.to_owned(), ..OrderLineInput::default() }
        }

        #[test]
        fn faults_point_at_the_lines_as_typed() {
            let input = OrderInput {
                lines: vec![line(""), line("A"), line("B"), line("C")],
                ..OrderInput::default()
            };
            let (kept, places) = compact(input, OrderButton::RemoveLine(2));
            assert_eq!(kept.lines.len(), 2);
            let mut refusal =
                Refusal::of_fields(vec![FieldError::new("/lines/1/quantity", ErrorCode::InvalidDecimal)]);
            point_as_typed(&mut refusal, &places);
            assert_eq!(refusal.errors[0].pointer, "/lines/3/quantity");
        }

        #[test]
        fn a_form_of_many_lines_is_read_in_its_order() {
            use leptos::server_fn::ServerFn;
            use leptos::server_fn::codec::{FromReq, PostUrl};

            let mut body = "order_id=&version=3&input%5Bnote%5D=Hall+B&input%5Bsupplier_id%5D=".to_owned();
            for index in 0..25 {
                let line = format!("&input%5Blines%5D%5B{index}%5D");
                body += &format!("{line}%5Barticle_number%5D=A{index}{line}%5Bquantity%5D=1%2C5");
            }
            body += "&action=fjern%3A12";
            let request = http::Request::post(super::super::SaveOrder::PATH)
                .body(axum::body::Body::from(body))
                .expect("a request");
            let read =
                <super::super::SaveOrder as FromReq<PostUrl, _, crate::error::AppError>>::from_req(request);
            let sent = futures::executor::block_on(read).expect("the form");
            assert_eq!(OrderButton::from_value(&sent.action), OrderButton::RemoveLine(12));
            assert_eq!((sent.version, sent.input.note.as_str(), sent.input.lines.len()), (3, "Hall B", 25));
            assert_eq!(sent.input.lines[11].article_number, "A11");
            assert_eq!(sent.input.lines[11].quantity, "1,5");
        }

        #[test]
        fn buttons_are_read() {
            assert_eq!(OrderButton::from_value("fjern:12"), OrderButton::RemoveLine(12));
            assert_eq!(OrderButton::from_value("kontroller"), OrderButton::Check);
            assert_eq!(OrderButton::from_value("fjern:x"), OrderButton::Save);
        }
    }
}
