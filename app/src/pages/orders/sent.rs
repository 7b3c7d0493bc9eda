//! What of the form is sent when it is saved, and where in the form the answer belongs.

use domain::errors::Refusal;
use domain::orders::OrderInput;

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

/// Nothing that a new order should be made for.
pub(super) fn is_blank(input: &OrderInput) -> bool {
    let OrderInput {
        supplier_id,
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
        && [
            supplier_id,
            requested_delivery_date,
            delivery_name,
            delivery_street,
            our_reference,
            their_reference,
            note,
        ]
        .iter()
        .all(|text| text.trim().is_empty())
}
