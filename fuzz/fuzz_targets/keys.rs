//! Idempotency keys, cursors, tokens and ids in headers and addresses.

#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::cursor;
use protocol::headers::idempotency_key;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(key) = idempotency_key(bytes) {
        assert_eq!(idempotency_key(key.to_string().as_bytes()), Ok(key));
        assert_eq!(idempotency_key(format!("\"{key}\"").as_bytes()), Ok(key));
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(place) = cursor::read(Some(text), 1) {
        assert_eq!(cursor::read(Some(&cursor::write(1, place)), 1), Ok(place));
        assert_eq!(cursor::write(1, place), text, "a place has one spelling");
    }
    if domain::tokens::is_well_formed(text) {
        assert!(text.is_ascii() && text.len() == 54);
    }
    let _ = domain::organisation_number::is_valid(&domain::organisation_number::normalise(text));
    if let Ok(line) = domain::text::single_line(text, 80) {
        assert_eq!(domain::text::single_line(&line, 80), Ok(line), "the normal form is normal");
    }
});
