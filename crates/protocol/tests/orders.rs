//! Order documents: one way to write them, and every rule with a document that breaks it.

use domain::errors::ErrorCode as Code;
use protocol::canonical::{canonical_bytes, sha256};
use protocol::documents::PurchaseOrderDocument;
use protocol::parse::parse;
use protocol::validate::validate_order;

const ORDER: &str = r#"{"message_id":"0193593c-0001-7000-8000-000000000001","correlation_id":"0193593c-0001-7000-8000-000000000002","order_uid":"0193593c-0001-7000-8000-000000000003","order_number":"10001","revision":1,"currency":"NOK","requested_delivery_date":"2026-12-01","buyer_reference":"Kari","note":"Ring før\nlevering","net_total":"339.76","buyer":{"name":"Nordvik Mekaniske AS","org_number":"123456785","street":"Kaiveien 1","postal_code":"9008","city":"Tromsø","country":"NO","email":"post@nordvik.example","phone":"77 00 00 00","contact_persons":[{"name":"Kari Nordmann","email":"kari@nordvik.example","phone":null}]},"lines":[{"line_number":1,"supplier_article_number":"11007","buyer_article_number":"A-1","gtin":null,"description":"Bolt M8","quantity":"40","unit":"EA","unit_price":"6.1","price_base_quantity":"1","discount_percent":"0","amount":"244.00","note":null},{"line_number":2,"supplier_article_number":null,"buyer_article_number":null,"gtin":null,"description":"Mutter","quantity":"6","unit":"EA","unit_price":"16.8","price_base_quantity":"1","discount_percent":"5","amount":"95.76","note":null}]}"#;

fn order() -> PurchaseOrderDocument {
    parse(ORDER.as_bytes()).expect("the sample is fine")
}

/// What is told of the sample after one piece of it was replaced.
fn faults(from: &str, to: &str) -> Vec<(String, Code)> {
    assert!(ORDER.contains(from), "{from}");
    let text = ORDER.replacen(from, to, 1);
    let refusal = match parse::<PurchaseOrderDocument>(text.as_bytes()) {
        Ok(document) => validate_order(&document).expect_err(to),
        Err(refusal) => refusal,
    };
    if refusal.errors.is_empty() {
        return vec![(String::new(), refusal.code)];
    }
    refusal.errors.into_iter().map(|error| (error.pointer, error.code)).collect()
}

fn check(from: &str, to: &str, pointer: &str, code: Code) {
    let found = faults(from, to);
    assert!(found.contains(&(pointer.to_owned(), code)), "{to}: {found:?}");
}

#[test]
fn reading_and_writing_canonical_bytes_changes_nothing() {
    let written = canonical_bytes(&order()).expect("plain");
    let again = parse::<PurchaseOrderDocument>(&written).expect("our own bytes");
    assert_eq!(again, order());
    assert_eq!(canonical_bytes(&again).expect("plain"), written);
    assert_eq!(sha256(&written), sha256(&canonical_bytes(&order()).expect("plain")));
    let spaced = ORDER.replace(":", " : ").replace("\"10001\"", "\"\\u0031\\u0030001\"");
    let spaced = spaced.replace("\"40\"", "\"40.000\"");
    let reread = parse::<PurchaseOrderDocument>(spaced.as_bytes()).expect("other spelling");
    assert_eq!(canonical_bytes(&reread).expect("plain"), written);
}

#[test]
fn the_sample_is_accepted_and_brought_into_normal_form() {
    assert_eq!(validate_order(&order()).as_ref(), Ok(&order()));
    let mut typed = order();
    typed.lines[0].supplier_article_number = Some(" A\u{30a}-1 ".to_owned());
    typed.lines[1].supplier_article_number = Some("  ".to_owned());
    typed.note = Some("a\r\nb ".to_owned());
    let normal = validate_order(&typed).expect("fine");
    assert_eq!(normal.lines[0].supplier_article_number.as_deref(), Some("Å-1"));
    assert_eq!(normal.lines[1].supplier_article_number, None);
    assert_eq!(normal.note.as_deref(), Some("a\nb"));
}

#[test]
fn every_form_of_bad_json_has_its_code() {
    check("\"note\":null}]}", "\"note\":null}]", "", Code::MalformedJson);
    check("\"note\":null}]}", "\"note\":null}]} {}", "", Code::MalformedJson);
    check("\"revision\":1", "\"revision\":NaN", "", Code::MalformedJson);
    check("\"10001\"", "\"\\ud800\"", "", Code::MalformedJson);
    check("\"revision\":1", "\"revision\":1,\"revision\":2", "", Code::DuplicateField);
    check("\"quantity\":\"40\"", "\"quantity\":\"1\",\"quantity\":\"-1\"", "", Code::DuplicateField);
    check("\"quantity\":\"40\"", "\"antall\":\"40\"", "/lines/0/antall", Code::UnknownField);
    check("\"quantity\":\"40\"", "\"a/b~c\":\"40\"", "/lines/0/a~1b~0c", Code::UnknownField);
    check("\"quantity\":\"40\",", "", "/lines/0/quantity", Code::MissingField);
    check("\"quantity\":\"40\"", "\"quantity\":40", "/lines/0/quantity", Code::DecimalMustBeString);
    check("\"quantity\":\"40\"", "\"quantity\":\"0.0000001\"", "/lines/0/quantity", Code::DecimalOutOfRange);
    for number in ["1e3", "1_000", "+1", "1,5", " 1", "01", ".5", "1.", "-0", "0x10", "NaN", "١٢", "１２"]
    {
        check(
            "\"quantity\":\"40\"",
            &format!("\"quantity\":\"{number}\""),
            "/lines/0/quantity",
            Code::InvalidDecimal,
        );
    }
    for date in ["2026-02-30", "0000-01-01", "99999-01-01", "2026-12-01T00:00"] {
        check("2026-12-01", date, "/requested_delivery_date", Code::InvalidDate);
    }
    check(
        "[{\"name\":\"Kari Nordmann\",\"email\":\"kari@nordvik.example\",\"phone\":null}]",
        "[[\"Kari\",null,null]]",
        "/buyer/contact_persons/0",
        Code::ValidationFailed,
    );
}

#[test]
fn documents_and_parts_are_objects_not_lists() {
    assert_eq!(parse::<PurchaseOrderDocument>(b"[]").expect_err("a list").code, Code::ValidationFailed);
    let nested = format!("{}{}", "[".repeat(200), "]".repeat(200));
    assert!(parse::<PurchaseOrderDocument>(nested.as_bytes()).is_err());
}

#[test]
fn every_rule_is_told_at_its_place() {
    check("\"quantity\":\"40\"", "\"quantity\":\"0\"", "/lines/0/quantity", Code::QuantityNotPositive);
    check("\"quantity\":\"40\"", "\"quantity\":\"-1\"", "/lines/0/quantity", Code::QuantityNotPositive);
    check("\"unit_price\":\"6.1\"", "\"unit_price\":\"-6.1\"", "/lines/0/unit_price", Code::PriceNegative);
    check(
        "\"price_base_quantity\":\"1\"",
        "\"price_base_quantity\":\"0\"",
        "/lines/0/price_base_quantity",
        Code::QuantityNotPositive,
    );
    check(
        "\"discount_percent\":\"0\"",
        "\"discount_percent\":\"100.1\"",
        "/lines/0/discount_percent",
        Code::DiscountOutOfRange,
    );
    check("\"unit\":\"EA\"", "\"unit\":\"alen\"", "/lines/0/unit", Code::UnknownUnit);
    check("\"NOK\"", "\"nok\"", "/currency", Code::InvalidCurrency);
    check("\"revision\":1", "\"revision\":0", "/revision", Code::ValidationFailed);
    check("\"line_number\":2", "\"line_number\":1", "/lines/1/line_number", Code::DuplicateLine);
    check("\"line_number\":2", "\"line_number\":0", "/lines/1/line_number", Code::ValidationFailed);
    check("\"244.00\"", "\"244.01\"", "/lines/0/amount", Code::TotalMismatch);
    check("\"339.76\"", "\"339.77\"", "/net_total", Code::TotalMismatch);
    check("Nordvik Mekaniske AS", " ", "/buyer/name", Code::Required);
    check("\"10001\"", "\"\"", "/order_number", Code::Required);
    check("post@nordvik.example", "post@", "/buyer/email", Code::InvalidEmail);
    check(
        "kari@nordvik.example",
        "kari@n.example\\r\\nBcc: x@y.no",
        "/buyer/contact_persons/0/email",
        Code::InvalidEmail,
    );
    for hidden in ["\\u0000", "\\u200b", "\\u202e", "\\r\\n"] {
        check("Bolt M8", &format!("Bolt{hidden}M8"), "/lines/0/description", Code::InvalidCharacter);
    }
    check("Ring før", "Ring\\u0000", "/note", Code::InvalidCharacter);
    check("Bolt M8", &"x".repeat(201), "/lines/0/description", Code::TooLong);
}

#[test]
fn lines_are_counted_and_both_figures_named() {
    let mut none = order();
    none.lines.clear();
    assert_eq!(validate_order(&none).expect_err("none").errors[0].code, Code::NoLines);
    let mut many = order();
    many.lines = (1..=1001)
        .map(|number| protocol::documents::DocumentLine { line_number: number, ..order().lines[0].clone() })
        .collect();
    assert_eq!(validate_order(&many).expect_err("too many").errors[0].code, Code::TooManyLines);
    many.lines.pop();
    many.net_total = "244000.00".parse().expect("an amount");
    assert!(validate_order(&many).is_ok());
    many.net_total = "1.00".parse().expect("an amount");
    let refusal = validate_order(&many).expect_err("wrong total");
    assert_eq!(
        (refusal.errors[0].params["stated"].as_str(), refusal.errors[0].params["computed"].as_str()),
        ("1.00", "244000.00")
    );
}
