//! Addresses that a person types: what is accepted is an https address, and is accepted again as the same.

#![no_main]

use exchange::{AddressRange, Guard};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for guard in [Guard::default(), Guard::loopback()] {
        if let Ok(endpoint) = guard.check_endpoint(text) {
            let again = guard.check_endpoint(endpoint.as_str()).expect("our own spelling");
            assert_eq!(again.as_str(), endpoint.as_str());
            let (_, rest) = endpoint.as_str().split_once("//").expect("a scheme");
            let authority = rest.split('/').next().unwrap_or(rest);
            assert!(!authority.contains('@') && !rest.contains(['\\', '?', '#', ' ']));
            assert!(endpoint.as_str().starts_with("https://") || guard == Guard::loopback());
        }
    }
    if let Ok(range) = text.parse::<AddressRange>() {
        assert_eq!(range.to_string().parse::<AddressRange>(), Ok(range));
    }
});
