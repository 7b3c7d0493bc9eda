//! What of the form is sent when it is saved, and where in the form the answer belongs.

use domain::errors::Refusal;
use domain::orders::{OrderInput, OrderLineInput};

use super::form_state::OrderFormState;
use super::head::read_head;

/// Everything that stands in the form.
pub(super) fn typed(state: OrderFormState) -> OrderInput {
    OrderInput { lines: state.typed_lines(), ..read_head() }
}

/// Where the lines stand that are sent: empty ones are not.
pub(super) fn filled_places(state: OrderFormState) -> Vec<usize> {
    let lines = state.all_lines();
    lines.iter().enumerate().filter(|(_, line)| !line.is_empty()).map(|(place, _)| place).collect()
}

/// What is missing in an order, pointing at the lines as they stand in the form that has taken the order in.
pub(super) fn as_shown(
    state: OrderFormState,
    mut missing: Option<Refusal>,
    order: &OrderInput,
) -> Option<Refusal> {
    point_as_shown(missing.as_mut(), &places_of(&order.lines, &state.all_lines()));
    missing
}

/// Where lines stand in the form that are saved like this, by their ids; one that is not in the form stands behind its last line.
pub(super) fn places_of(saved: &[OrderLineInput], shown: &[OrderLineInput]) -> Vec<usize> {
    let place = |id: &str| shown.iter().position(|line| line.line_id == id).unwrap_or(shown.len());
    saved.iter().map(|line| place(&line.line_id)).collect()
}

/// Turns pointers at lines as sent into pointers at lines as they stand in the form.
pub(super) fn point_as_shown(refusal: Option<&mut Refusal>, places: &[usize]) {
    for error in refusal.into_iter().flat_map(|refusal| &mut refusal.errors) {
        let Some((index, field)) =
            error.pointer.strip_prefix("/lines/").and_then(|rest| rest.split_once('/'))
        else {
            continue;
        };
        if let Some(place) = index.parse::<usize>().ok().and_then(|index| places.get(index)) {
            error.pointer = format!("/lines/{place}/{field}");
        }
    }
}

/// Nothing that a new order should be made for. A supplier alone is none: it is chosen to look at what they have, or by mistake, and a number
/// is given once.
pub(super) fn is_blank(input: &OrderInput) -> bool {
    let OrderInput {
        requested_delivery_date,
        delivery_name,
        delivery_street,
        our_reference,
        their_reference,
        note,
        lines,
        ..
    } = input;
    lines.is_empty()
        && [requested_delivery_date, delivery_name, delivery_street, our_reference, their_reference, note]
            .iter()
            .all(|text| text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::errors::{ErrorCode, FieldError};

    #[test]
    fn an_order_begins_with_something_beyond_its_supplier() {
        let chosen = OrderInput { supplier_id: "bolt".to_owned(), ..OrderInput::default() };
        assert!(is_blank(&OrderInput::default()));
        assert!(is_blank(&chosen));
        assert!(!is_blank(&OrderInput { note: "Hall B".to_owned(), ..chosen.clone() }));
        assert!(!is_blank(&OrderInput { requested_delivery_date: "+7".to_owned(), ..chosen.clone() }));
        assert!(!is_blank(&OrderInput { lines: vec![OrderLineInput::default()], ..chosen }));
    }

    #[test]
    fn faults_of_merged_lines_point_at_the_lines_shown() {
        let line = |id: &str| OrderLineInput { line_id: id.to_owned(), ..OrderLineInput::default() };
        let places =
            places_of(&[line("theirs"), line("mine")], &[line("mine"), line("empty"), line("theirs")]);
        assert_eq!(places, [2, 0]);
        let fault = |place| FieldError::new(format!("/lines/{place}/quantity"), ErrorCode::InvalidDecimal);
        let mut refusal = Refusal::of_fields(vec![fault(0), fault(1)]);
        point_as_shown(Some(&mut refusal), &places);
        assert_eq!(refusal.errors, [fault(2), fault(0)]);
    }
}
