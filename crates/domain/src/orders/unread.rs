//! Cells of an order that cannot be read yet. The order has something neutral in their place; people are shown what was typed.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{OrderInput, OrderLine};
use crate::errors::{ErrorCode, FieldError};
use crate::ids::OrderLineId;
use crate::money::{Money, line_amount};
use crate::time::CalendarDate;

/// The most characters of a text that cannot be read which lists carry.
const MAX_SHOWN: usize = 100;

/// What of an order is not as it should be, as lists tell it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadMarks {
    /// Something is not there: a quantity, a price, an article that somebody knows.
    pub missing: bool,
    /// Something is there and cannot be read.
    pub unreadable: bool,
    /// The lines come to more than an order can: those that have no room have no amount.
    pub too_large: bool,
    /// The fields of the head among it.
    pub head: Vec<UnreadField>,
}

/// A field of the head that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadField {
    /// The field's name, as in pointers: `currency`.
    pub field: String,
    /// As it was typed.
    pub typed: String,
}

impl UnreadMarks {
    /// What the faults of an order come to, which a check of what was typed has found.
    pub fn of(typed: &OrderInput, faults: &[FieldError]) -> Self {
        let mut marks = Self { head: unread_head(typed, faults), ..Self::default() };
        for field in &mut marks.head {
            if let Some((end, _)) = field.typed.char_indices().nth(MAX_SHOWN) {
                field.typed.truncate(end);
                field.typed.push('…');
            }
        }
        for fault in faults {
            match (fault.code, fault.pointer.as_str()) {
                (ErrorCode::Required | ErrorCode::ArticleUnknown | ErrorCode::SupplierUnknown, _) => {
                    marks.missing = true;
                }
                (ErrorCode::DecimalOutOfRange, "/lines") => marks.too_large = true,
                _ => marks.unreadable = true,
            }
        }
        marks
    }

    /// What of it is told, in this order; of an order that nobody has looked through only that there is something.
    pub fn codes(&self, has_unread: bool) -> Vec<&'static str> {
        if !has_unread {
            return Vec::new();
        }
        let told =
            [(self.missing, "missing"), (self.unreadable, "unreadable"), (self.too_large, "too_large")];
        let codes: Vec<&str> = told.iter().filter(|(is, _)| *is).map(|(_, code)| *code).collect();
        if codes.is_empty() { vec!["unknown"] } else { codes }
    }

    /// What was typed in a field of the head that cannot be read.
    pub fn typed(&self, field: &str) -> Option<&str> {
        typed_in(&self.head, field)
    }
}

/// What was typed in a field of the head that is among those that cannot be read.
pub fn typed_in<'f>(head: &'f [UnreadField], field: &str) -> Option<&'f str> {
    head.iter().find(|known| known.field == field).map(|known| known.typed.as_str())
}

impl OrderInput {
    /// The fields of the head that cannot be read.
    pub fn unread_head(&self, today: CalendarDate) -> Vec<UnreadField> {
        unread_head(self, &self.head_faults(today))
    }
}

/// Whom a supplier's id means that is nobody's, no person can read.
fn unread_head(typed: &OrderInput, faults: &[FieldError]) -> Vec<UnreadField> {
    let fields = faults.iter().filter_map(|fault| fault.pointer.strip_prefix('/'));
    let of_head = fields.filter(|field| OrderInput::FIELDS[1..].contains(field));
    let unread = of_head
        .map(|field| UnreadField { field: field.to_owned(), typed: typed.field(field).trim().to_owned() });
    unread.collect()
}

/// A cell that is missing something or cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadCell {
    pub line_id: OrderLineId,
    /// The field's name, as in pointers: `quantity`.
    pub field: String,
    /// As it was typed; empty where something is missing, and in an `amount`, which nobody types.
    pub typed: String,
    /// What is wrong with it.
    #[serde(default = "required")]
    pub code: ErrorCode,
}

fn required() -> ErrorCode {
    ErrorCode::Required
}

/// The field of a line that has no room in the order's sum.
pub const AMOUNT: &str = "amount";

/// The cells of the order's lines that the text they were typed as does not give. A price that was left empty is one where nothing else
/// has given it. A line that has no room in the order's sum has no amount.
pub fn unread_cells(lines: &[OrderLine], typed: &OrderInput) -> Vec<UnreadCell> {
    let kept: HashMap<OrderLineId, &OrderLine> = lines.iter().map(|line| (line.line_id, line)).collect();
    let mut cells = Vec::new();
    for line in &typed.lines {
        let Ok(line_id) = line.line_id.trim().parse() else { continue };
        let Some(kept) = kept.get(&line_id) else { continue };
        let faults = line.faults();
        let mut fields: Vec<(&str, ErrorCode)> =
            faults.iter().map(|fault| (fault.pointer.trim_start_matches('/'), fault.code)).collect();
        if line.unit_price.trim().is_empty() && kept.unit_price.0 == 0 {
            fields.push(("unit_price", ErrorCode::Required));
        }
        if fields.is_empty() && has_no_room(kept) {
            fields.push((AMOUNT, ErrorCode::DecimalOutOfRange));
        }
        fields.sort_by_key(|(field, _)| *field);
        fields.dedup_by_key(|(field, _)| *field);
        let cell = |(field, code): (&str, ErrorCode)| UnreadCell {
            line_id,
            field: field.to_owned(),
            typed: line.field(field).trim().to_owned(),
            code,
        };
        cells.extend(fields.into_iter().map(cell));
    }
    cells
}

/// Whether the line would come to something, and has no amount.
fn has_no_room(line: &OrderLine) -> bool {
    let comes_to =
        line_amount(line.quantity, line.unit_price, line.price_base_quantity, line.discount_percent);
    line.amount == Money::default() && comes_to != Some(Money::default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decimal::{Percent, Quantity, UnitPrice};
    use crate::money::Money;
    use crate::orders::OrderLineInput;

    #[test]
    fn what_is_missing_is_not_what_cannot_be_read() {
        let today: CalendarDate = "2026-11-24".parse().expect("a date");
        let marks = |quantity: &str, price: &str, currency: &str| {
            let line = OrderLineInput {
                article_number: "N-1".to_owned(),
                quantity: quantity.to_owned(),
                unit_price: price.to_owned(),
                ..OrderLineInput::default()
            };
            let lines = vec![line.clone(), line];
            let typed = OrderInput { currency: currency.to_owned(), lines, ..OrderInput::default() };
            let (.., faults) = typed.read(today);
            let marks = UnreadMarks::of(&typed, &faults);
            (marks.missing, marks.unreadable, marks.too_large, marks.head)
        };
        let currency = || vec![UnreadField { field: "currency".to_owned(), typed: "kroner".to_owned() }];
        assert_eq!(marks("2", "1", "NOK"), (false, false, false, vec![]));
        assert_eq!(marks("", "1", "NOK"), (true, false, false, vec![]));
        assert_eq!(marks("mange", "1", ""), (false, true, false, vec![]));
        assert_eq!(marks("", "1", " kroner "), (true, true, false, currency()));
        assert_eq!(marks("900000000", "90000000", "NOK"), (false, false, true, vec![]));
    }

    #[test]
    fn what_is_told_of_it() {
        let marks = UnreadMarks { missing: true, too_large: true, ..UnreadMarks::default() };
        assert_eq!(marks.codes(true), ["missing", "too_large"]);
        assert_eq!(UnreadMarks::default().codes(true), ["unknown"]);
        assert!(marks.codes(false).is_empty());
    }

    #[test]
    fn what_is_cut_says_so() {
        let shown = |typed: String| {
            let typed = OrderInput { currency: typed, ..OrderInput::default() };
            let fault = FieldError::new("/currency", ErrorCode::InvalidCurrency);
            UnreadMarks::of(&typed, &[fault]).head.remove(0).typed
        };
        assert_eq!(shown("æ".repeat(MAX_SHOWN)), "æ".repeat(MAX_SHOWN));
        assert_eq!(shown("æ".repeat(MAX_SHOWN + 1)), "æ".repeat(MAX_SHOWN) + "…");
    }

    #[test]
    fn a_line_without_room_in_the_sum_has_no_amount() {
        let typed = OrderLineInput {
            line_id: LINE.to_owned(),
            article_number: "N-1".to_owned(),
            quantity: "2".to_owned(),
            unit_price: "10".to_owned(),
            ..OrderLineInput::default()
        };
        let typed = OrderInput { lines: vec![typed], ..OrderInput::default() };
        let told = |line: OrderLine| {
            let cells = unread_cells(&[line], &typed).into_iter();
            cells.map(|cell| (cell.field, cell.code)).collect::<Vec<_>>()
        };
        let priced = OrderLine { unit_price: UnitPrice::whole(10), ..line() };
        assert_eq!(told(OrderLine { amount: Money(2_000), ..priced.clone() }), []);
        assert_eq!(told(priced), [(AMOUNT.to_owned(), ErrorCode::DecimalOutOfRange)]);
        assert_eq!(told(line()), [], "what costs nothing has its amount");
    }

    const LINE: &str = "01890000-0000-7000-8000-000000000001";

    fn line() -> OrderLine {
        OrderLine {
            line_id: LINE.parse().expect("an id"),
            line_number: 1,
            article_id: None,
            article_number: "N-1".to_owned(),
            description: String::new(),
            supplier_article_number: String::new(),
            gtin: None,
            quantity: Quantity::whole(2),
            unit: String::new(),
            unit_price: UnitPrice(0),
            price_base_quantity: Quantity::whole(1),
            discount_percent: Percent(0),
            vat_rate: Percent::whole(25),
            amount: Money(0),
            note: String::new(),
        }
    }

    #[test]
    fn what_cannot_be_read_is_not_compared() {
        let line = line();
        let typed = |unit: &str, price: &str| OrderInput {
            lines: vec![OrderLineInput {
                line_id: LINE.to_owned(),
                article_number: "N-1".to_owned(),
                quantity: "2".to_owned(),
                unit: unit.to_owned(),
                unit_price: price.to_owned(),
                ..OrderLineInput::default()
            }],
            ..OrderInput::default()
        };
        let compared = |unit: &str, price: &str| {
            let unread = unread_cells(std::slice::from_ref(&line), &typed(unit, price));
            let facts = line.facts("NOK", &unread);
            (facts.unit_price, facts.unit)
        };
        assert_eq!(compared("alen", "ti"), (None, "EA".to_owned()));
        assert_eq!(compared("alen", ""), (None, "EA".to_owned()), "a price that is missing is none");
        // What somebody wrote as nothing is compared.
        assert_eq!(compared("EA", "0"), (Some(UnitPrice(0)), String::new()));
    }
}
