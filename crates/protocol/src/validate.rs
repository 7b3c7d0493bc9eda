//! The rules of an order document beyond its form.

use domain::errors::{ErrorCode, FieldError, Refusal};
use domain::money::{Money, is_currency, line_amount};
use domain::orders::MAX_LINES;
use domain::text::{self, TextError};
use domain::units;

use crate::documents::{DocumentLine, Party, PurchaseOrderDocument};

/// Checks everything that can be checked without the supplier's register; all faults are told at once.
///
/// # Errors
/// `validation_failed` with one field error each.
pub fn validate_order(order: &PurchaseOrderDocument) -> Result<(), Refusal> {
    let mut faults = Faults::default();
    faults.line("/order_number", &order.order_number, 80, true);
    faults.optional_line("/buyer_reference", order.buyer_reference.as_deref(), 100);
    faults.text("/note", order.note.as_deref());
    faults.unless(order.revision >= 1, "/revision", ErrorCode::ValidationFailed);
    faults.unless(is_currency(&order.currency), "/currency", ErrorCode::InvalidCurrency);
    party(&mut faults, &order.buyer);
    match order.lines.len() {
        0 => faults.add("/lines", ErrorCode::NoLines),
        count if count > MAX_LINES => faults.add("/lines", ErrorCode::TooManyLines),
        _ => lines(&mut faults, order),
    }
    if faults.list.is_empty() { Ok(()) } else { Err(Refusal::of_fields(faults.list)) }
}

fn lines(faults: &mut Faults, order: &PurchaseOrderDocument) {
    let mut seen = std::collections::HashSet::new();
    for (index, one) in order.lines.iter().enumerate() {
        line(faults, index, one);
        if !seen.insert(one.line_number) {
            faults.add(&format!("/lines/{index}/line_number"), ErrorCode::DuplicateLine);
        }
    }
    let sum = Money::sum(order.lines.iter().map(|line| line.amount));
    if sum != Some(order.net_total) {
        let lines = sum.map_or_else(String::new, |sum| sum.to_string());
        let error = FieldError::new("/net_total", ErrorCode::TotalMismatch);
        faults.list.push(error.with("stated", order.net_total).with("computed", lines));
    }
}

fn line(faults: &mut Faults, index: usize, line: &DocumentLine) {
    let at = |field: &str| format!("/lines/{index}/{field}");
    faults.unless(line.line_number >= 1, &at("line_number"), ErrorCode::ValidationFailed);
    faults.optional_line(&at("supplier_article_number"), line.supplier_article_number.as_deref(), 80);
    faults.optional_line(&at("buyer_article_number"), line.buyer_article_number.as_deref(), 80);
    faults.optional_line(&at("gtin"), line.gtin.as_deref(), 14);
    faults.line(&at("description"), &line.description, 200, false);
    faults.text(&at("note"), line.note.as_deref());
    faults.unless(units::is_known(&line.unit), &at("unit"), ErrorCode::UnknownUnit);
    faults.unless(line.quantity.0 > 0, &at("quantity"), ErrorCode::QuantityNotPositive);
    faults.unless(line.unit_price.0 >= 0, &at("unit_price"), ErrorCode::PriceNegative);
    faults.unless(line.price_base_quantity.0 > 0, &at("price_base_quantity"), ErrorCode::QuantityNotPositive);
    faults.unless((0..=100_000_000).contains(&line.discount_percent.0), &at("discount_percent"), ErrorCode::DiscountOutOfRange);
    if line.price_base_quantity.0 <= 0 {
        return;
    }
    let computed = line_amount(line.quantity, line.unit_price, line.price_base_quantity, line.discount_percent);
    if computed != Some(line.amount) {
        let error = FieldError::new(at("amount"), ErrorCode::TotalMismatch);
        let computed = computed.map_or_else(String::new, |amount| amount.to_string());
        faults.list.push(error.with("stated", line.amount).with("computed", computed));
    }
}

fn party(faults: &mut Faults, party: &Party) {
    faults.line("/buyer/name", &party.name, 200, true);
    faults.line("/buyer/street", &party.street, 200, false);
    faults.line("/buyer/postal_code", &party.postal_code, 20, false);
    faults.line("/buyer/city", &party.city, 100, false);
    faults.line("/buyer/country", &party.country, 2, true);
    faults.optional_line("/buyer/org_number", party.org_number.as_deref(), 40);
    faults.optional_line("/buyer/phone", party.phone.as_deref(), 40);
    faults.email("/buyer/email", party.email.as_deref());
    faults.unless(party.contact_persons.len() <= 50, "/buyer/contact_persons", ErrorCode::TooManyLines);
    for (index, person) in party.contact_persons.iter().take(50).enumerate() {
        faults.line(&format!("/buyer/contact_persons/{index}/name"), &person.name, 200, false);
        faults.email(&format!("/buyer/contact_persons/{index}/email"), person.email.as_deref());
        faults.optional_line(&format!("/buyer/contact_persons/{index}/phone"), person.phone.as_deref(), 40);
    }
}

#[derive(Default)]
struct Faults {
    list: Vec<FieldError>,
}

impl Faults {
    fn add(&mut self, pointer: &str, code: ErrorCode) {
        self.list.push(FieldError::new(pointer, code));
    }

    fn unless(&mut self, fine: bool, pointer: &str, code: ErrorCode) {
        if !fine {
            self.add(pointer, code);
        }
    }

    /// One line of text in normal form.
    fn line(&mut self, pointer: &str, value: &str, max: usize, required: bool) {
        match text::single_line(value, max) {
            Ok(normal) if normal.is_empty() && required => self.add(pointer, ErrorCode::Required),
            Ok(normal) if normal != value => self.add(pointer, ErrorCode::InvalidCharacter),
            Ok(_) => {}
            Err(error) => self.text_error(pointer, error),
        }
    }

    fn optional_line(&mut self, pointer: &str, value: Option<&str>, max: usize) {
        if let Some(value) = value {
            self.line(pointer, value, max, true);
        }
    }

    fn text(&mut self, pointer: &str, value: Option<&str>) {
        if let Some(Err(error)) = value.map(|value| text::multi_line(value, 1000)) {
            self.text_error(pointer, error);
        }
    }

    fn email(&mut self, pointer: &str, value: Option<&str>) {
        self.unless(value.is_none_or(text::is_email), pointer, ErrorCode::InvalidEmail);
    }

    fn text_error(&mut self, pointer: &str, error: TextError) {
        self.add(pointer, match error {
            TextError::InvalidCharacter => ErrorCode::InvalidCharacter,
            TextError::TooLong => ErrorCode::TooLong,
        });
    }
}
