//! Which faults are told beside the fields while somebody types: the same that saving finds, and nobody is told off in the middle of a word.

use super::{OrderInput, OrderLineInput};
use crate::errors::{ErrorCode, FieldError};
use crate::time::CalendarDate;

/// What is told beside fields from now on. `known` is what is told already, `now` what is wrong now, and `typing` the pointer of the field
/// that is being typed into: what comes wrong in it is told when it is left, and what was told goes as soon as it is right.
///
/// What is merely missing is not told: an order is written from left to right.
pub fn told_beside(known: &[FieldError], now: Vec<FieldError>, typing: Option<&str>) -> Vec<FieldError> {
    let is_known = |fault: &FieldError| known.iter().any(|known| known.pointer == fault.pointer);
    now.into_iter()
        .filter(|fault| fault.code != ErrorCode::Required)
        .filter(|fault| typing != Some(fault.pointer.as_str()) || is_known(fault))
        .collect()
}

impl OrderInput {
    /// What the rules of the form have against the head, with pointers such as `/requested_delivery_date`.
    pub fn head_faults(&self, today: CalendarDate) -> Vec<FieldError> {
        let mut errors = Vec::new();
        self.check_head(today, &mut errors);
        errors
    }
}

impl OrderLineInput {
    /// Whether a fault that a check has found in the line (its pointer is such as `/quantity`) is still there. What only the server can
    /// know stays until it says otherwise.
    pub fn still_has(&self, fault: &FieldError) -> bool {
        let name = fault.pointer.trim_start_matches('/');
        let is_empty = |name: &str| self.field(name).trim().is_empty();
        match fault.code {
            ErrorCode::Required if name == "article_number" => {
                ["article_number", "description", "supplier_article_number"].into_iter().all(is_empty)
            }
            ErrorCode::Required => is_empty(name),
            ErrorCode::ArticleUnknown => true,
            code => self.faults().iter().any(|now| now.pointer == fault.pointer && now.code == code),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(quantity: &str, price: &str) -> OrderLineInput {
        OrderLineInput {
            article_number: "10250".to_owned(),
            quantity: quantity.to_owned(),
            unit_price: price.to_owned(),
            ..OrderLineInput::default()
        }
    }

    fn check(known: &[FieldError], line: &OrderLineInput, typing: Option<&str>, told: &[(&str, ErrorCode)]) {
        let found = told_beside(known, line.faults(), typing);
        let found: Vec<_> = found.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
        assert_eq!(found, told, "{line:?} while {typing:?}");
    }

    #[test]
    fn a_fault_is_told_when_its_field_is_left() {
        let quantity = Some("/quantity");
        check(&[], &line("", ""), None, &[]);
        check(&[], &line("1.234", ""), quantity, &[]);
        check(&[], &line("1.234", ""), None, &[("/quantity", ErrorCode::NumberAmbiguous)]);
        check(&[], &line("-5", "ti"), quantity, &[("/unit_price", ErrorCode::InvalidDecimal)]);
        check(
            &[],
            &line("0", "-1"),
            None,
            &[("/quantity", ErrorCode::QuantityNotPositive), ("/unit_price", ErrorCode::PriceNegative)],
        );
        // It stays while it is put right, and goes as soon as it is.
        let known = told_beside(&[], line("ti", "").faults(), None);
        check(&known, &line("-5", ""), quantity, &[("/quantity", ErrorCode::QuantityNotPositive)]);
        check(&known, &line("5", ""), quantity, &[]);
        check(&[], &line("5x", ""), quantity, &[]);
    }

    #[test]
    fn what_a_check_found_goes_when_it_is_right() {
        let fault = |name: &str, code| FieldError::new(format!("/{name}"), code);
        let has = |line: &OrderLineInput, name: &str, code| line.still_has(&fault(name, code));
        assert!(has(&line("", "1"), "quantity", ErrorCode::Required));
        assert!(!has(&line("4", "1"), "quantity", ErrorCode::Required));
        assert!(has(&line("-4", "1"), "quantity", ErrorCode::QuantityNotPositive));
        assert!(!has(&line("ti", "1"), "quantity", ErrorCode::QuantityNotPositive));
        assert!(!has(&line("4", "1"), "article_number", ErrorCode::Required));
        assert!(has(&OrderLineInput::default(), "article_number", ErrorCode::Required));
        assert!(has(&line("4", "1"), "article_number", ErrorCode::ArticleUnknown));
    }

    #[test]
    fn the_head_is_judged_as_it_is_when_it_is_saved() {
        let today: CalendarDate = "2026-11-24".parse().unwrap();
        for (date, currency, faults) in
            [("", "", 0), ("1.12", "NOK", 0), ("31.02", "NOK", 1), ("ti", "kroner", 2)]
        {
            let input = OrderInput {
                requested_delivery_date: date.to_owned(),
                currency: currency.to_owned(),
                ..OrderInput::default()
            };
            let found = input.head_faults(today);
            assert_eq!(found.len(), faults, "{date} {currency}");
            let saved = input.check(today).err().map(|refusal| refusal.errors).unwrap_or_default();
            assert_eq!(found, saved);
        }
    }
}
