//! What is typed into the lines of an order: what it means, what it costs, and where it stands in the page.

use domain::decimal::{Percent, Quantity, UnitPrice};
use domain::matching::{LineFacts, Match};
use domain::money::{Money, line_amount};
use domain::orders::{OrderInput, OrderLineInput};
use domain::units;
use domain::vat::{VatLine, summarise};
use leptos::html::Input;
use leptos::prelude::*;

use crate::flash::Flash;
use crate::i18n::Language;

/// The rate of a line whose article is not known yet.
const USUAL_VAT: Percent = Percent(25_000_000);

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
        quantity: Quantity::parse_typed(&line.quantity).unwrap_or(Quantity::whole(1)),
        unit: unit.to_owned(),
        unit_price: UnitPrice::parse_typed(&line.unit_price).unwrap_or_default(),
        price_base_quantity: Quantity::parse_typed(&line.price_base_quantity).unwrap_or(Quantity::whole(1)),
        currency: if currency.trim().is_empty() { "NOK".to_owned() } else { currency.trim().to_uppercase() },
    }
}

/// The line's sum; `None` while it cannot be computed.
pub(super) fn amount(line: &OrderLineInput) -> Option<Money> {
    let quantity = Quantity::parse_typed(&line.quantity).ok()?;
    let price = UnitPrice::parse_typed(&line.unit_price).ok()?;
    let base = match line.price_base_quantity.trim() {
        "" => Quantity::whole(1),
        typed => Quantity::parse_typed(typed).ok()?,
    };
    let discount = match line.discount_percent.trim_end_matches(['%', ' ', '\u{a0}']).trim() {
        "" => Percent(0),
        typed => Percent::parse_typed(typed).ok()?,
    };
    line_amount(quantity, price, base, discount)
}

/// Net, tax per rate and total of the lines that can be computed.
pub(super) fn totals(lines: &[FormLine]) -> Option<(Money, Vec<VatLine>, Money)> {
    let amounts: Vec<(Percent, Money)> =
        lines.iter().filter_map(|line| Some((line.vat_rate.get(), line.typed.with(amount)?))).collect();
    let net = Money::sum(amounts.iter().map(|(_, amount)| *amount))?;
    let vat = summarise(amounts)?;
    let total = Money::sum(vat.iter().map(|line| line.tax).chain([net]))?;
    Some((net, vat, total))
}

/// The fields of a line in the page. What stands in them is the truth; the signals follow.
#[derive(Clone, Copy)]
pub(super) struct LineFields {
    pub article_number: NodeRef<Input>,
    pub description: NodeRef<Input>,
    pub supplier_article_number: NodeRef<Input>,
    pub quantity: NodeRef<Input>,
    pub unit: NodeRef<Input>,
    pub unit_price: NodeRef<Input>,
    pub price_base_quantity: NodeRef<Input>,
    pub discount_percent: NodeRef<Input>,
}

/// One line of the form.
#[derive(Clone, Copy)]
pub(super) struct FormLine {
    /// Stays while lines before it come and go.
    pub key: usize,
    /// What stood in the fields when the line was made.
    pub first: StoredValue<OrderLineInput>,
    pub typed: RwSignal<OrderLineInput>,
    pub vat_rate: RwSignal<Percent>,
    pub matched: RwSignal<Option<Match>>,
    pub fields: LineFields,
}

impl FormLine {
    /// A line with what stands in its fields.
    pub(super) fn new(
        key: usize,
        first: OrderLineInput,
        vat_rate: Option<Percent>,
        matched: Option<Match>,
    ) -> Self {
        Self {
            key,
            first: StoredValue::new(first.clone()),
            typed: RwSignal::new(first),
            vat_rate: RwSignal::new(vat_rate.unwrap_or(USUAL_VAT)),
            matched: RwSignal::new(matched),
            fields: LineFields {
                article_number: NodeRef::new(),
                description: NodeRef::new(),
                supplier_article_number: NodeRef::new(),
                quantity: NodeRef::new(),
                unit: NodeRef::new(),
                unit_price: NodeRef::new(),
                price_base_quantity: NodeRef::new(),
                discount_percent: NodeRef::new(),
            },
        }
    }

    /// Reads the fields of the page; also what was typed before the page was taken over.
    pub(super) fn read(self) {
        let text = |field: NodeRef<Input>| field.get_untracked().map(|input| input.value());
        let Some(article_number) = text(self.fields.article_number) else { return };
        let of = |field: NodeRef<Input>| text(field).unwrap_or_default();
        let read = OrderLineInput {
            article_number,
            description: of(self.fields.description),
            supplier_article_number: of(self.fields.supplier_article_number),
            quantity: of(self.fields.quantity),
            unit: of(self.fields.unit),
            unit_price: of(self.fields.unit_price),
            price_base_quantity: of(self.fields.price_base_quantity),
            discount_percent: of(self.fields.discount_percent),
            ..self.first.get_value()
        };
        if self.typed.with_untracked(|known| *known != read) {
            self.typed.set(read);
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
    match field {
        "line_id" => line.line_id = value,
        "article_number" => line.article_number = value,
        "description" => line.description = value,
        "supplier_article_number" => line.supplier_article_number = value,
        "quantity" => line.quantity = value,
        "unit" => line.unit = value,
        "unit_price" => line.unit_price = value,
        "price_base_quantity" => line.price_base_quantity = value,
        "discount_percent" => line.discount_percent = value,
        "note" => line.note = value,
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::AppError;
    use domain::errors::ErrorCode;

    #[test]
    fn sums_follow_what_is_typed() {
        let line = |quantity: &str, price: &str, base: &str, discount: &str| OrderLineInput {
            quantity: quantity.to_owned(),
            unit_price: price.to_owned(),
            price_base_quantity: base.to_owned(),
            discount_percent: discount.to_owned(),
            ..OrderLineInput::default()
        };
        assert_eq!(amount(&line("40", "6,10", "", "")), Some(Money(24_400)));
        assert_eq!(amount(&line("250", "89,5", "100", "12,5 %")), Some(Money(19_578)));
        assert_eq!(amount(&line("to", "1", "", "")), None);
        assert_eq!(amount(&line("", "", "", "")), None);
    }

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
