//! The rules of an order document beyond its form.

use std::collections::HashSet;

use domain::errors::{ErrorCode, FieldError, Refusal};
use domain::money::{Money, is_currency, line_amount};
use domain::orders::MAX_LINES;
use domain::text::{self, TextError};
use domain::units;

use crate::documents::{ArticleLookupRequest, DocumentLine, Party, PurchaseOrderDocument};
use crate::limits::MAX_LOOKUPS;

/// The most characters of an order's or an article's number.
const MAX_NUMBER: usize = 80;
/// The most persons that a company names.
const MAX_PERSONS: usize = 50;

/// Checks everything that can be checked without the supplier's register; all faults are told at once. The document that comes
/// back has its texts in normal form (NFC, outer spaces trimmed, empty ones absent), so that equal numbers are equal bytes.
///
/// # Errors
/// `validation_failed` with one field error each.
pub fn validate_order(order: &PurchaseOrderDocument) -> Result<PurchaseOrderDocument, Refusal> {
    let mut order = order.clone();
    let mut faults = Faults::default();
    faults.line("/order_number", &mut order.order_number, MAX_NUMBER, true);
    faults.optional_line("/buyer_reference", &mut order.buyer_reference, 100);
    faults.optional_line("/supplier_reference", &mut order.supplier_reference, 100);
    faults.text("/note", &mut order.note);
    if let Some(delivery) = &mut order.delivery {
        faults.line("/delivery/name", &mut delivery.name, 200, false);
        faults.line("/delivery/street", &mut delivery.street, 200, false);
        faults.line("/delivery/postal_code", &mut delivery.postal_code, 20, false);
        faults.line("/delivery/city", &mut delivery.city, 100, false);
    }
    faults.unless(order.revision >= 1, "/revision", ErrorCode::ValidationFailed);
    faults.unless(is_currency(&order.currency), "/currency", ErrorCode::InvalidCurrency);
    party(&mut faults, &mut order.buyer);
    match order.lines.len() {
        0 => faults.add("/lines", ErrorCode::NoLines),
        count if count > MAX_LINES => {
            faults.list.push(FieldError::new("/lines", ErrorCode::TooManyLines).with("max", MAX_LINES));
        }
        _ => lines(&mut faults, &mut order),
    }
    if faults.list.is_empty() { Ok(order) } else { Err(Refusal::of_fields(faults.list)) }
}

/// Checks a look-up; the numbers that come back are in normal form, as they are in the register.
///
/// # Errors
/// `validation_failed` with one field error each.
pub fn validate_lookup(request: &ArticleLookupRequest) -> Result<ArticleLookupRequest, Refusal> {
    let mut request = request.clone();
    let mut faults = Faults::default();
    if request.numbers.len() > MAX_LOOKUPS {
        faults.list.push(FieldError::new("/numbers", ErrorCode::TooManyLines).with("max", MAX_LOOKUPS));
        return Err(Refusal::of_fields(faults.list));
    }
    for (index, number) in request.numbers.iter_mut().enumerate() {
        faults.line(&format!("/numbers/{index}"), number, MAX_NUMBER, false);
    }
    if faults.list.is_empty() { Ok(request) } else { Err(Refusal::of_fields(faults.list)) }
}

fn lines(faults: &mut Faults, order: &mut PurchaseOrderDocument) {
    let mut seen = HashSet::new();
    for (index, one) in order.lines.iter_mut().enumerate() {
        line(faults, index, one);
        if !seen.insert(one.line_number) {
            faults.add(&format!("/lines/{index}/line_number"), ErrorCode::DuplicateLine);
        }
    }
    let sum = Money::sum(order.lines.iter().map(|line| line.amount));
    if sum != Some(order.net_total) {
        faults.mismatch("/net_total", order.net_total, sum);
    }
}

fn line(faults: &mut Faults, index: usize, line: &mut DocumentLine) {
    let at = |field: &str| format!("/lines/{index}/{field}");
    faults.unless(line.line_number >= 1, &at("line_number"), ErrorCode::ValidationFailed);
    faults.optional_line(&at("supplier_article_number"), &mut line.supplier_article_number, MAX_NUMBER);
    faults.optional_line(&at("buyer_article_number"), &mut line.buyer_article_number, MAX_NUMBER);
    faults.optional_line(&at("gtin"), &mut line.gtin, 14);
    faults.line(&at("description"), &mut line.description, 200, false);
    faults.text(&at("note"), &mut line.note);
    faults.unless(units::is_known(&line.unit), &at("unit"), ErrorCode::UnknownUnit);
    faults.unless(line.quantity.0 > 0, &at("quantity"), ErrorCode::QuantityNotPositive);
    faults.unless(line.unit_price.0 >= 0, &at("unit_price"), ErrorCode::PriceNegative);
    faults.unless(line.price_base_quantity.0 > 0, &at("price_base_quantity"), ErrorCode::QuantityNotPositive);
    let discount = 0..=100_000_000;
    faults.unless(
        discount.contains(&line.discount_percent.0),
        &at("discount_percent"),
        ErrorCode::DiscountOutOfRange,
    );
    if line.price_base_quantity.0 <= 0 {
        return;
    }
    let computed =
        line_amount(line.quantity, line.unit_price, line.price_base_quantity, line.discount_percent);
    if computed != Some(line.amount) {
        faults.mismatch(&at("amount"), line.amount, computed);
    }
}

fn party(faults: &mut Faults, party: &mut Party) {
    faults.line("/buyer/name", &mut party.name, 200, true);
    faults.line("/buyer/street", &mut party.street, 200, false);
    faults.line("/buyer/postal_code", &mut party.postal_code, 20, false);
    faults.line("/buyer/city", &mut party.city, 100, false);
    faults.line("/buyer/country", &mut party.country, 2, true);
    faults.optional_line("/buyer/org_number", &mut party.org_number, 40);
    faults.optional_line("/buyer/phone", &mut party.phone, 40);
    faults.email("/buyer/email", &mut party.email);
    faults.unless(
        party.contact_persons.len() <= MAX_PERSONS,
        "/buyer/contact_persons",
        ErrorCode::TooManyLines,
    );
    for (index, person) in party.contact_persons.iter_mut().take(MAX_PERSONS).enumerate() {
        let at = |field: &str| format!("/buyer/contact_persons/{index}/{field}");
        faults.line(&at("name"), &mut person.name, 200, false);
        faults.email(&at("email"), &mut person.email);
        faults.optional_line(&at("phone"), &mut person.phone, 40);
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

    /// A figure that is not what it is computed to be; both are named.
    fn mismatch(&mut self, pointer: &str, stated: Money, computed: Option<Money>) {
        let computed = computed.map_or_else(String::new, |amount| amount.to_string());
        let error = FieldError::new(pointer, ErrorCode::TotalMismatch);
        self.list.push(error.with("stated", stated).with("computed", computed));
    }

    fn line(&mut self, pointer: &str, value: &mut String, max: usize, required: bool) {
        match text::single_line(value, max) {
            Ok(normal) if normal.is_empty() && required => self.add(pointer, ErrorCode::Required),
            Ok(normal) => *value = normal,
            Err(error) => self.text_error(pointer, error, max),
        }
    }

    fn optional_line(&mut self, pointer: &str, value: &mut Option<String>, max: usize) {
        if let Some(text) = value {
            self.line(pointer, text, max, false);
        }
        value.take_if(|text| text.is_empty());
    }

    fn text(&mut self, pointer: &str, value: &mut Option<String>) {
        const MAX: usize = 1000;
        if let Some(text) = value {
            match text::multi_line(text, MAX) {
                Ok(normal) => *text = normal,
                Err(error) => self.text_error(pointer, error, MAX),
            }
        }
        value.take_if(|text| text.is_empty());
    }

    fn email(&mut self, pointer: &str, value: &mut Option<String>) {
        self.unless(value.as_deref().is_none_or(text::is_email), pointer, ErrorCode::InvalidEmail);
    }

    fn text_error(&mut self, pointer: &str, error: TextError, max: usize) {
        self.list.push(match error {
            TextError::InvalidCharacter => FieldError::new(pointer, ErrorCode::InvalidCharacter),
            TextError::TooLong => FieldError::new(pointer, ErrorCode::TooLong).with("max", max),
        });
    }
}
