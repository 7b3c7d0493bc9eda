//! What is typed into the lines of an order: what it means, what it costs, and where it stands in the page.

use domain::decimal::{Percent, Quantity, UnitPrice};
use domain::errors::FieldError;
use domain::ids::FormKey;
use domain::matching::{LineFacts, Match};
use domain::money::Money;
use domain::orders::sheet::Column;
use domain::orders::{OrderInput, OrderLineInput, Totals, told_beside};
use domain::units;
use leptos::html::{Input, Tr};
use leptos::prelude::*;

use super::line_mark::LineMark;
use crate::flash::Flash;
use crate::i18n::Language;

/// What of a typed line is compared with the supplier's articles. What cannot be read yet counts as the usual.
pub fn line_facts(line: &OrderLineInput, currency: &str) -> LineFacts {
    let unit = match line.unit.trim() {
        "" => "EA",
        written => units::from_written(written).unwrap_or("EA"),
    };
    LineFacts {
        article_number: line.article_number.trim().to_owned(),
        description: line.description.trim().to_owned(),
        supplier_article_number: line.supplier_article_number.trim().to_owned(),
        gtin: None,
        quantity: Quantity::parse_typed(&line.quantity).unwrap_or_default(),
        unit: unit.to_owned(),
        unit_price: UnitPrice::parse_typed(&line.unit_price).ok(),
        price_base_quantity: Quantity::parse_typed(&line.price_base_quantity).unwrap_or(Quantity::whole(1)),
        currency: if currency.trim().is_empty() { "NOK".to_owned() } else { currency.trim().to_uppercase() },
    }
}

/// What the lines come to, as far as they can be computed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sum {
    pub totals: Totals,
    /// Lines that somebody typed into.
    pub lines: usize,
}

/// Net, tax per rate and total of the lines that can be computed. Each line has computed its own amount.
pub(super) fn totals(lines: &[FormLine]) -> Option<Sum> {
    let filled = lines.iter().filter(|line| !line.is_empty.get()).count();
    let amounts = lines.iter().filter_map(|line| Some((line.vat_rate.get(), line.amount.get()?)));
    Some(Sum { totals: Totals::of_amounts(amounts)?, lines: filled })
}

/// One line of the form. What stands in its fields is the truth while somebody types; the signals follow.
#[derive(Clone, Copy)]
pub(super) struct FormLine {
    /// Stays while lines before it come and go.
    pub key: usize,
    /// Where it stood when it was made, from 0.
    pub first_place: usize,
    /// What stood in the fields when the line was made.
    pub first: StoredValue<OrderLineInput>,
    /// The id that it is saved under.
    pub line_id: StoredValue<String>,
    pub typed: RwSignal<OrderLineInput>,
    pub is_empty: Memo<bool>,
    pub amount: Memo<Option<Money>>,
    pub vat_rate: RwSignal<Percent>,
    pub matched: RwSignal<Option<Match>>,
    /// What is wrong in its cells, as far as it is told beside them; the pointers are such as `/quantity`.
    pub told: RwSignal<Vec<FieldError>>,
    /// How safe it is.
    pub mark: RwSignal<LineMark>,
    pub row: NodeRef<Tr>,
    cells: StoredValue<[NodeRef<Input>; 8]>,
}

impl FormLine {
    /// A line with what stands in its fields.
    pub(super) fn new(
        key: usize,
        first_place: usize,
        first: OrderLineInput,
        vat_rate: Percent,
        form_key: FormKey,
    ) -> Self {
        // A line that comes new gets its id here, so that a form that is sent twice makes it once.
        let number = u32::try_from(key).unwrap_or(u32::MAX);
        let line_id = match first.line_id.as_str() {
            "" => form_key.line_id(number).to_string(),
            known => known.to_owned(),
        };
        let typed = RwSignal::new(first.clone());
        let told = told_beside(&[], first.faults(), None);
        Self {
            key,
            first_place,
            line_id: StoredValue::new(line_id),
            first: StoredValue::new(first),
            typed,
            is_empty: Memo::new(move |_| typed.with(OrderLineInput::is_empty)),
            amount: Memo::new(move |_| typed.with(OrderLineInput::amount)),
            vat_rate: RwSignal::new(vat_rate),
            matched: RwSignal::new(None),
            told: RwSignal::new(told),
            mark: RwSignal::new(LineMark::Unsaved),
            row: NodeRef::new(),
            cells: StoredValue::new(std::array::from_fn(|_| NodeRef::new())),
        }
    }

    /// The field of a column.
    pub(super) fn cell(self, column: Column) -> NodeRef<Input> {
        self.cells.with_value(|cells| cells.get(column.index()).copied()).unwrap_or_default()
    }

    /// What stands in the fields of the page; also what was typed before the page was taken over.
    pub(super) fn read(self) -> Option<OrderLineInput> {
        let mut read = self.typed.try_get_untracked()?;
        read.line_id = self.line_id.get_value();
        for column in Column::ALL {
            column.set(&mut read, self.cell(column).get_untracked()?.value());
        }
        Some(read)
    }

    /// Puts texts into the fields, where they differ.
    pub(super) fn write(self, text: &OrderLineInput) {
        for column in Column::ALL {
            if let Some(field) = self.cell(column).get_untracked()
                && field.value() != column.of(text)
            {
                field.set_value(column.of(text));
            }
        }
    }
}

/// Units are kept as codes and shown as people write them.
pub(super) fn with_unit_label(line: OrderLineInput, language: Language) -> OrderLineInput {
    let unit = units::label(line.unit.trim(), language).to_owned();
    OrderLineInput { unit, ..line }
}

/// What was typed into a form that came back without a script: names such as `input[lines][3][quantity]`.
pub(super) fn input_of(flash: &Flash) -> OrderInput {
    let mut input = OrderInput::default();
    for (name, value) in &flash.values {
        let Some(path) = name.strip_prefix("input[").and_then(|rest| rest.strip_suffix(']')) else {
            continue;
        };
        let value = value.clone();
        match path.split("][").collect::<Vec<_>>().as_slice() {
            ["supplier_id"] => input.supplier_id = value,
            ["requested_delivery_date"] => input.requested_delivery_date = value,
            ["currency"] => input.currency = value,
            ["delivery_name"] => input.delivery_name = value,
            ["delivery_street"] => input.delivery_street = value,
            ["delivery_postal_code"] => input.delivery_postal_code = value,
            ["delivery_city"] => input.delivery_city = value,
            ["our_reference"] => input.our_reference = value,
            ["their_reference"] => input.their_reference = value,
            ["note"] => input.note = value,
            ["lines", index, field] => {
                let Some(index) = index.parse().ok().filter(|index| *index < domain::orders::MAX_LINES)
                else {
                    continue;
                };
                if input.lines.len() <= index {
                    input.lines.resize_with(index + 1, OrderLineInput::default);
                }
                if let Some(line) = input.lines.get_mut(index) {
                    set_field(line, field, value);
                }
            }
            _ => {}
        }
    }
    input
}

fn set_field(line: &mut OrderLineInput, field: &str, value: String) {
    match (Column::from_name(field), field) {
        (Some(column), _) => column.set(line, value),
        (None, "line_id") => line.line_id = value,
        (None, "note") => line.note = value,
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::AppError;
    use domain::errors::ErrorCode;

    #[test]
    fn a_form_that_came_back_is_whole() {
        let value = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let flash = Flash {
            path: "/api/save_order".to_owned(),
            values: vec![
                value("input[note]", "Hall B"),
                value("input[lines][1][quantity]", "tolv"),
                value("action", "lagre"),
                value("input[lines][999999999][quantity]", "1"),
            ],
            error: AppError::from(ErrorCode::VersionConflict),
        };
        let input = input_of(&flash);
        assert_eq!(input.note, "Hall B");
        assert_eq!(input.lines.len(), 2);
        assert_eq!(input.lines[1].quantity, "tolv");
    }
}
