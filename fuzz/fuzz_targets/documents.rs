//! Documents: no input ends the program, and what is accepted is written and read again without a change.

#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::canonical::canonical_bytes;
use protocol::documents::{ArticleLookupRequest, ContactDocument, PurchaseOrderDocument};
use protocol::parse::parse;
use protocol::problem::Problem;
use protocol::validate::validate_order;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(order) = parse::<PurchaseOrderDocument>(bytes) {
        let written = canonical_bytes(&order).expect("a document can be written");
        let again = parse::<PurchaseOrderDocument>(&written).expect("our own bytes can be read");
        assert_eq!(canonical_bytes(&again).expect("a document can be written"), written);
        if let Ok(normal) = validate_order(&order) {
            assert_eq!(validate_order(&normal).as_ref(), Ok(&normal), "the normal form is normal");
        }
    }
    if let Ok(contact) = parse::<ContactDocument>(bytes) {
        let written = canonical_bytes(&contact).expect("a document can be written");
        assert_eq!(parse::<ContactDocument>(&written).as_ref(), Ok(&contact));
    }
    if let Ok(lookup) = parse::<ArticleLookupRequest>(bytes) {
        let written = canonical_bytes(&lookup).expect("a document can be written");
        assert_eq!(parse::<ArticleLookupRequest>(&written).as_ref(), Ok(&lookup));
    }
    let _ = Problem::from_bytes(bytes);
});
