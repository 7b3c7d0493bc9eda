//! What the functions of the order form need besides the service.

use domain::errors::{ErrorCode, Refusal};
use domain::orders::{OrderConflict, OrderInput};
use services::Ctx;
use services::orders::{FormState, SavedOrder};

use super::{OrderButton, OrderSaved, used_number};
use crate::error::AppError;
use crate::pages::orders::{edit_href, export_href, order_href, paste_href, previous_href};

/// The form as the service takes it. A form without an order makes one.
pub(super) fn form_state(
    order_id: &str,
    version: i64,
    form_key: &str,
    input: OrderInput,
) -> Result<FormState, AppError> {
    let order_id = match order_id.trim() {
        "" => None,
        id => Some(id.parse().map_err(|_| AppError::from(ErrorCode::NotFound))?),
    };
    Ok(FormState { order_id, version, form_key: form_key.trim().parse().ok(), input })
}

/// Where the order stands, for the form.
pub(super) fn saved(ctx: &Ctx, saved: SavedOrder) -> OrderSaved {
    OrderSaved {
        order_id: saved.order_id,
        number: saved.number,
        version: saved.version,
        saved_at: ctx.now(),
        refusal: saved.refusal,
        line_ids: saved.line_ids,
        merged: None,
    }
}

/// Where an order stands that was not saved, because others wrote something else in the same fields.
pub(super) fn unsaved(ctx: &Ctx, conflict: OrderConflict, version: i64) -> OrderSaved {
    OrderSaved {
        order_id: conflict.order_id,
        number: conflict.number,
        version,
        saved_at: ctx.now(),
        refusal: Some(ErrorCode::VersionConflict.into()),
        line_ids: Vec::new(),
        merged: None,
    }
}

/// What was typed, with the article that somebody took for a line whose number was written otherwise. What was typed beside it stays.
pub(super) async fn with_own_number(
    ctx: &Ctx,
    mut input: OrderInput,
    action: &str,
) -> Result<OrderInput, AppError> {
    let Some((index, number)) = used_number(action) else { return Ok(input) };
    let Some(line) = input.lines.get_mut(index) else { return Ok(input) };
    number.clone_into(&mut line.article_number);
    let supplier = input.supplier_id.trim().parse().ok();
    let filled =
        services::orders::fill_lines(ctx, supplier, &input.currency, vec![std::mem::take(line)]).await?;
    if let Some(filled) = filled.into_iter().next() {
        *line = filled.line;
    }
    Ok(input)
}

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
        error.point_at(places);
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
        OrderButton::RemoveLine(_) | OrderButton::UseNumber => format!("{edit}#lines"),
        OrderButton::Paste => paste_href(&saved.number),
        OrderButton::Previous => previous_href(&saved.number),
        OrderButton::Close => order_href(&saved.number),
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
        let input =
            OrderInput { lines: vec![line(""), line("A"), line("B"), line("C")], ..OrderInput::default() };
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
        assert_eq!(OrderButton::from_value("bruk:3:10:250"), OrderButton::UseNumber);
        assert_eq!(used_number("bruk:3:10:250"), Some((3, "10:250")));
        for value in ["bruk:3:", "bruk:x:10250", "bruk:3", "brukt:3:10250"] {
            assert_eq!(OrderButton::from_value(value), OrderButton::Save, "{value}");
        }
    }
}
