//! Decimals and amounts: what is accepted is written in one way, and that way is accepted.

#![no_main]

use domain::decimal::{Percent, Quantity, UnitPrice, format_plain, parse_strict, parse_typed};
use domain::money::{Money, line_amount};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(value) = parse_strict(text) {
        let written = format_plain(value);
        assert_eq!(parse_strict(&written), Ok(value));
        assert_eq!(format_plain(parse_strict(&written).expect("our own text")), written);
        let amount = line_amount(Quantity(value), UnitPrice(value), Quantity(1), Percent(0));
        assert!(amount.is_none() || amount.is_some_and(|amount| amount.to_string().contains('.')));
    }
    if let Ok(value) = parse_typed(text) {
        assert_eq!(parse_strict(&format_plain(value)), Ok(value), "what a person types can be sent");
    }
    if let Ok(amount) = text.parse::<Money>() {
        assert_eq!(amount.to_string().parse::<Money>(), Ok(amount));
        assert_eq!(amount.to_string(), text, "an amount has one spelling");
    }
});
