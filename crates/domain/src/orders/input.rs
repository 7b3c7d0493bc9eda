//! The order form: what a person typed, and what it is after it was checked.

use serde::{Deserialize, Serialize};

use super::{DeliveryAddress, MAX_LINES};
use crate::articles::{MAX_NUMBER, checked_decimal, checked_line};
use crate::decimal::{Percent, Quantity, UnitPrice};
use crate::errors::{ErrorCode, FieldError, Refusal};
use crate::ids::{ContactId, OrderLineId};
use crate::money::{self, Money, line_amount};
use crate::text;
use crate::time::CalendarDate;
use crate::units;

/// What a person types into the order form: text as typed, so that nothing is lost when it is not right yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderInput {
    #[serde(default)]
    pub supplier_id: String,
    #[serde(default)]
    pub requested_delivery_date: String,
    #[serde(default)]
    pub currency: String,
    #[serde(default)]
    pub delivery_name: String,
    #[serde(default)]
    pub delivery_street: String,
    #[serde(default)]
    pub delivery_postal_code: String,
    #[serde(default)]
    pub delivery_city: String,
    #[serde(default)]
    pub our_reference: String,
    /// What the supplier calls it: an offer, an agreement, a person there.
    #[serde(default)]
    pub their_reference: String,
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    pub lines: Vec<OrderLineInput>,
}

/// One line as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLineInput {
    /// The line's id when it was saved before.
    #[serde(default)]
    pub line_id: String,
    #[serde(default)]
    pub article_number: String,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub supplier_article_number: String,
    #[serde(default)]
    pub quantity: String,
    #[serde(default)]
    pub unit: String,
    #[serde(default)]
    pub unit_price: String,
    #[serde(default)]
    pub price_base_quantity: String,
    #[serde(default)]
    pub discount_percent: String,
    #[serde(default)]
    pub note: String,
}

impl OrderLineInput {
    /// Nothing was typed.
    pub fn is_empty(&self) -> bool {
        [
            &self.article_number,
            &self.description,
            &self.supplier_article_number,
            &self.quantity,
            &self.unit_price,
            &self.note,
        ]
        .iter()
        .all(|text| text.trim().is_empty())
    }
}

/// The head of an order after it was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedHead {
    pub supplier_id: Option<ContactId>,
    pub requested_delivery_date: Option<CalendarDate>,
    pub currency: String,
    pub delivery: DeliveryAddress,
    pub our_reference: String,
    pub their_reference: String,
    pub note: String,
}

/// A line after it was checked; the amount is computed here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedLine {
    pub line_id: Option<OrderLineId>,
    pub article_number: String,
    pub description: String,
    pub supplier_article_number: String,
    pub quantity: Quantity,
    pub unit: String,
    pub unit_price: UnitPrice,
    pub price_base_quantity: Quantity,
    pub discount_percent: Percent,
    pub amount: Money,
    pub note: String,
}

impl OrderInput {
    /// Checks the head and every line that is not empty; all faults are told at once, with pointers such as `/lines/3/quantity`
    /// (the index of the line as typed).
    pub fn check(&self, today: CalendarDate) -> Result<(CheckedHead, Vec<CheckedLine>), Refusal> {
        let (head, lines, errors) = self.read(today);
        if errors.is_empty() { Ok((head, lines)) } else { Err(Refusal::of_fields(errors)) }
    }

    /// Reads what can be read, whatever faults stand beside it. A cell that cannot be read is neutral, and a line with a fault has no
    /// amount. All faults are told at once.
    pub fn read(&self, today: CalendarDate) -> (CheckedHead, Vec<CheckedLine>, Vec<FieldError>) {
        let mut errors = Vec::new();
        let mut head = self.check_head(today, &mut errors);
        if !money::is_currency(&head.currency) {
            "NOK".clone_into(&mut head.currency);
        }
        let mut lines: Vec<CheckedLine> = self
            .lines
            .iter()
            .enumerate()
            .filter(|(_, line)| !line.is_empty())
            .map(|(index, line)| line.check(index, &mut errors))
            .collect();
        if lines.len() > MAX_LINES {
            errors.push(FieldError::new("/lines", ErrorCode::TooManyLines).with("max", MAX_LINES));
            lines.truncate(MAX_LINES);
        }
        if Money::sum(lines.iter().map(|line| line.amount)).is_none() {
            errors.push(FieldError::new("/lines", ErrorCode::DecimalOutOfRange));
            let mut total = Money::default();
            for line in &mut lines {
                match Money::sum([total, line.amount]) {
                    Some(sum) => total = sum,
                    None => line.amount = Money::default(),
                }
            }
        }
        (head, lines, errors)
    }

    pub(super) fn check_head(&self, today: CalendarDate, errors: &mut Vec<FieldError>) -> CheckedHead {
        let supplier_id = match self.supplier_id.trim() {
            "" => None,
            id => id
                .parse()
                .map_err(|_| errors.push(FieldError::new("/supplier_id", ErrorCode::SupplierUnknown)))
                .ok(),
        };
        let requested_delivery_date = match self.requested_delivery_date.trim() {
            "" => None,
            typed => {
                let date = CalendarDate::parse_typed(typed, today);
                if date.is_none() {
                    errors.push(FieldError::new("/requested_delivery_date", ErrorCode::InvalidDate));
                }
                date
            }
        };
        let currency = match self.currency.trim() {
            "" => "NOK".to_owned(),
            code => code.to_uppercase(),
        };
        if !money::is_currency(&currency) {
            errors.push(FieldError::new("/currency", ErrorCode::InvalidCurrency));
        }
        let our_reference = checked_line(errors, "/our_reference", &self.our_reference, 100, false);
        let their_reference = checked_line(errors, "/their_reference", &self.their_reference, 100, false);
        let note = checked_text(errors, "/note", &self.note);
        let delivery = DeliveryAddress {
            name: checked_line(errors, "/delivery_name", &self.delivery_name, 200, false),
            street: checked_line(errors, "/delivery_street", &self.delivery_street, 200, false),
            postal_code: checked_line(errors, "/delivery_postal_code", &self.delivery_postal_code, 20, false),
            city: checked_line(errors, "/delivery_city", &self.delivery_city, 100, false),
        };
        CheckedHead {
            supplier_id,
            requested_delivery_date,
            currency,
            delivery,
            our_reference,
            their_reference,
            note,
        }
    }
}

impl OrderLineInput {
    /// What the rules of the form have against the line, with pointers such as `/quantity`.
    pub fn faults(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        self.check(0, &mut errors);
        for error in &mut errors {
            if let Some(field) = error.pointer.strip_prefix("/lines/0") {
                error.pointer = field.to_owned();
            }
        }
        errors
    }

    pub(super) fn check(&self, index: usize, errors: &mut Vec<FieldError>) -> CheckedLine {
        let at = |field: &str| format!("/lines/{index}/{field}");
        let start = errors.len();
        let article_number =
            checked_line(errors, &at("article_number"), &self.article_number, MAX_NUMBER, false);
        let description = checked_line(errors, &at("description"), &self.description, 200, false);
        let supplier_article_number = checked_line(
            errors,
            &at("supplier_article_number"),
            &self.supplier_article_number,
            MAX_NUMBER,
            false,
        );
        let before = errors.len();
        let quantity = Quantity(checked_decimal(errors, &at("quantity"), &self.quantity, "0"));
        if self.quantity.trim().is_empty() {
            errors.push(FieldError::new(at("quantity"), ErrorCode::Required));
        } else if quantity.0 <= 0 && errors.len() == before {
            errors.push(FieldError::new(at("quantity"), ErrorCode::QuantityNotPositive));
        }
        let unit = match self.unit.trim() {
            "" => "EA".to_owned(),
            written => units::from_written(written).map_or_else(
                || {
                    errors.push(FieldError::new(at("unit"), ErrorCode::UnknownUnit));
                    String::new()
                },
                str::to_owned,
            ),
        };
        let unit_price = UnitPrice(checked_decimal(errors, &at("unit_price"), &self.unit_price, "0"));
        if unit_price.0 < 0 {
            errors.push(FieldError::new(at("unit_price"), ErrorCode::PriceNegative));
        }
        let base =
            Quantity(checked_decimal(errors, &at("price_base_quantity"), &self.price_base_quantity, "1"));
        if base.0 <= 0 {
            errors.push(FieldError::new(at("price_base_quantity"), ErrorCode::QuantityNotPositive));
        }
        let discount = Percent(checked_decimal(errors, &at("discount_percent"), self.typed_discount(), "0"));
        if !(0..=100_000_000).contains(&discount.0) {
            errors.push(FieldError::new(at("discount_percent"), ErrorCode::DiscountOutOfRange));
        }
        let note = checked_text(errors, &at("note"), &self.note);
        let amount = line_amount(quantity, unit_price, base, discount);
        if amount.is_none() && errors.len() == before {
            errors.push(FieldError::new(at("quantity"), ErrorCode::DecimalOutOfRange));
        }
        CheckedLine {
            line_id: self.line_id.trim().parse().ok(),
            article_number,
            description,
            supplier_article_number,
            quantity: Quantity(quantity.0.max(0)),
            unit,
            unit_price: UnitPrice(unit_price.0.max(0)),
            price_base_quantity: if base.0 > 0 { base } else { Quantity::whole(1) },
            discount_percent: if (0..=100_000_000).contains(&discount.0) { discount } else { Percent(0) },
            amount: amount.filter(|_| errors.len() == start).unwrap_or_default(),
            note,
        }
    }
}

fn checked_text(errors: &mut Vec<FieldError>, pointer: &str, value: &str) -> String {
    text::multi_line(value, 1000).unwrap_or_else(|error| {
        errors.push(match error {
            text::TextError::TooLong => FieldError::new(pointer, ErrorCode::TooLong).with("max", 1000),
            text::TextError::InvalidCharacter => FieldError::new(pointer, ErrorCode::InvalidCharacter),
        });
        String::new()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CELLS: [&str; 9] =
        ["", "2", "0", "-3", "mange", "1.234", "12,5", "9223372036854775807", "900000000000"];

    fn today() -> CalendarDate {
        "2026-11-24".parse().expect("a date")
    }

    fn line(quantity: &str, unit: &str, price: &str, base: &str, discount: &str) -> OrderLineInput {
        OrderLineInput {
            article_number: "A".into(),
            quantity: quantity.into(),
            unit: unit.into(),
            unit_price: price.into(),
            price_base_quantity: base.into(),
            discount_percent: discount.into(),
            ..Default::default()
        }
    }

    fn order(lines: Vec<OrderLineInput>) -> OrderInput {
        OrderInput { lines, ..Default::default() }
    }

    #[test]
    fn whatever_stands_in_the_cells_is_read() {
        let readable = line("3", "EA", "10", "", "");
        let (_, alone, _) = order(vec![readable.clone()]).read(today());
        for quantity in CELLS {
            for price in CELLS {
                for base in CELLS {
                    for (discount, unit) in CELLS.iter().zip(["EA", "alen", ""].iter().cycle()) {
                        let typed = line(quantity, unit, price, base, discount);
                        let both = order(vec![typed.clone(), readable.clone()]);
                        let (_, lines, faults) = both.read(today());
                        assert_eq!(both.check(today()).is_ok(), faults.is_empty(), "{typed:?}");
                        assert_eq!(lines.len(), 2);
                        let read = &lines[0];
                        assert!(read.quantity.0 >= 0 && read.unit_price.0 >= 0, "{typed:?}");
                        assert!(read.price_base_quantity.0 > 0, "{typed:?}");
                        assert!((0..=100_000_000).contains(&read.discount_percent.0), "{typed:?}");
                        if !typed.faults().is_empty() {
                            assert_eq!(read.amount, Money::default(), "{typed:?}");
                            assert_eq!(lines[1..], alone[..], "{typed:?}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn too_many_lines_are_cut_and_told() {
        let (_, lines, faults) = order(vec![line("1", "EA", "1", "", ""); MAX_LINES + 1]).read(today());
        assert_eq!(lines.len(), MAX_LINES);
        assert_eq!(faults.len(), 1);
    }
}
