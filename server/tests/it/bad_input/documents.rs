//! B-36 to B-58, B-67, B-110: what stands in a document.

use axum::body::Body;
use http::{Method, Request, header};
use serde_json::{Value, json};

use super::{Case, MESSAGE, ORDER, World, case};
use crate::pair::{Backend, on_both_databases};
use crate::support::{order, partner};

on_both_databases!(the_form_of_an_order, the_values_of_an_order, other_documents, numbers_in_other_spellings);

const INVALID: &str = "validation_failed";

/// The good order with one value replaced.
fn replaced(pointer: &str, value: Value) -> Vec<u8> {
    let mut document = order(MESSAGE, ORDER);
    *document.pointer_mut(pointer).unwrap() = value;
    document.to_string().into_bytes()
}

async fn the_form_of_an_order(backend: Backend) {
    let world = World::new(backend).await;
    let text = super::good_order();
    let with = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1).into_bytes()
    };
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let latin1: Vec<u8> =
        text.replace("Bolt", "B\u{f8}lt").chars().map(|c| u8::try_from(c).unwrap()).collect();
    let overlong = [b"{\"note\":\"".as_slice(), &[0xc0, 0xaf], b"\"}"].concat();
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let rows: Vec<(&'static str, &str, Vec<u8>, &'static str)> = vec![
        ("B-36", "cut", text.as_bytes()[..text.len() - 3].to_vec(), "malformed_json"),
        ("B-36", "empty", Vec::new(), "malformed_json"),
        ("B-36", "garbage after it", format!("{text}x").into_bytes(), "malformed_json"),
        ("B-36", "two documents", format!("{text}{text}").into_bytes(), "malformed_json"),
        ("B-36", "a comment", format!("/*x*/{text}").into_bytes(), "malformed_json"),
        ("B-36", "NaN", with("\"revision\":1", "\"revision\":NaN"), "malformed_json"),
        ("B-37", "a byte order mark", format!("\u{feff}{text}").into_bytes(), "invalid_encoding"),
        ("B-37", "UTF-16", utf16, "invalid_encoding"),
        ("B-37", "Latin-1", latin1, "invalid_encoding"),
        ("B-37", "an overlong character", overlong, "invalid_encoding"),
        ("B-39", "a field twice", with("\"revision\":1", "\"revision\":1,\"revision\":2"), "duplicate_field"),
        (
            "B-39",
            "a nested field twice",
            with("\"quantity\":\"2\"", "\"quantity\":\"2\",\"quantity\":\"-1\""),
            "duplicate_field",
        ),
        ("B-54", "half a pair", with("\"Bolt\"", "\"\\ud800\""), "malformed_json"),
    ];
    let mut cases: Vec<Case> = rows
        .into_iter()
        .map(|(number, what, body, code)| case(number, what, world.post(body), 400, code))
        .collect();
    cases.extend([
        case("—", "a list", world.post("[]"), 422, INVALID),
        case("—", "100,000 lists in each other", world.post(deep), 422, INVALID),
        case(
            "B-40",
            "an unknown field",
            world.post(with("\"revision\"", "\"surprise\":1,\"revision\"")),
            422,
            INVALID,
        )
        .field("/surprise", "unknown_field"),
        case(
            "B-40",
            "an unknown field in a line",
            world.post(with("\"quantity\"", "\"qty\":1,\"quantity\"")),
            422,
            INVALID,
        )
        .field("/lines/0/qty", "unknown_field"),
        case("—", "a field that is missing", world.post(with("\"currency\":\"NOK\",", "")), 422, INVALID)
            .field("/currency", "missing_field"),
    ]);
    world.run(cases).await;
}

async fn the_values_of_an_order(backend: Backend) {
    let world = World::new(backend).await;
    let one = |number, pointer: &'static str, value: Value, code: &'static str| {
        let what = value.to_string().chars().take(60).collect::<String>();
        case(number, what, world.post(replaced(pointer, value)), 422, INVALID).field(pointer, code)
    };
    let line = |number: i32| {
        let mut line = order(MESSAGE, ORDER)["lines"][0].clone();
        line["line_number"] = json!(number);
        line
    };
    let many: Vec<Value> = (1..=1001).map(line).collect();
    let mut cases = vec![
        one("B-42", "/lines/0/quantity", json!(1.5), "decimal_must_be_string"),
        one("B-45", "/lines/0/quantity", json!("0"), "quantity_not_positive"),
        one("B-45", "/lines/0/quantity", json!("-1"), "quantity_not_positive"),
        one("B-46", "/lines/0/unit_price", json!("-1"), "price_negative"),
        one("B-46", "/lines/0/unit_price", json!("1000000000"), "decimal_out_of_range"),
        one("B-46", "/lines/0/discount_percent", json!("100.1"), "discount_out_of_range"),
        one("B-49", "/lines", json!([]), "no_lines"),
        one("B-49", "/lines", json!(many), "too_many_lines"),
        one("B-51", "/net_total", json!("21.00"), "total_mismatch"),
        one("B-51", "/lines/0/amount", json!("20.01"), "total_mismatch"),
        one("B-52", "/order_number", json!("a\u{0}b"), "invalid_character"),
        one("B-52", "/lines/0/description", json!("a\u{0}b"), "invalid_character"),
        one("B-52", "/note", json!("a\u{0}b"), "invalid_character"),
        one("B-52", "/buyer/name", json!("a\u{0}b"), "invalid_character"),
        one("B-52", "/buyer/org_number", json!("a\u{0}b"), "invalid_character"),
        one("B-55", "/lines/0/supplier_article_number", json!("A\u{200b}-1"), "invalid_character"),
        one("B-58", "/lines/0/unit", json!("XYZ"), "unknown_unit"),
        one("B-67", "/order_number", json!("a\r\nb"), "invalid_character"),
        one("B-67", "/buyer/name", json!("a\r\nBcc: x"), "invalid_character"),
        one("B-110", "/buyer/email", json!("a@"), "invalid_email"),
        one("B-110", "/buyer/email", json!("a@b.no\r\nBcc: c@d.no"), "invalid_email"),
        one("B-110", "/buyer/email", json!(format!("{}@b.no", "x".repeat(500))), "invalid_email"),
        one("—", "/currency", json!("XXX"), "invalid_currency"),
        one("—", "/revision", json!(0), INVALID),
        one("—", "/revision", json!(2_147_483_648_i64), INVALID),
        one("—", "/order_number", json!("x".repeat(81)), "too_long"),
        one("—", "/lines/0/line_number", json!(0), INVALID),
        one("—", "/order_uid", json!("not-an-id"), INVALID),
    ];
    for number in ["1e3", "1_000", "+1", "1,5", " 1", "01", ".5", "1.", "-0", "0x10", "NaN", "١٢", "１２", ""]
    {
        cases.push(one("B-43", "/lines/0/quantity", json!(number), "invalid_decimal"));
    }
    for date in ["2026-02-30", "0000-01-01", "99999-01-01", "2026-02-03T00:00:00Z", "03.02.2026"] {
        cases.push(one("B-48", "/requested_delivery_date", json!(date), "invalid_date"));
    }
    let overflow =
        [("quantity", "999999999"), ("unit_price", "999999999"), ("price_base_quantity", "0.000001")];
    let mut document = order(MESSAGE, ORDER);
    for (field, value) in overflow {
        document["lines"][0][field] = json!(value);
    }
    let case_of_overflow =
        case("B-46", "an amount beyond all figures", world.post(document.to_string()), 422, INVALID);
    cases.push(case_of_overflow.field("/lines/0/amount", "total_mismatch"));
    world.run(cases).await;
    let total = world.site.send(world.post(replaced("/net_total", json!("21.00")))).await.json();
    let named = &total["errors"][0]["params"];
    assert_eq!(
        (&named["stated"], &named["computed"]),
        (&json!("21.00"), &json!("20.00")),
        "B-51: both are named"
    );
}

async fn other_documents(backend: Backend) {
    let world = World::new(backend).await;
    assert_eq!(world.site.send(world.post(super::good_order())).await.status.as_u16(), 201);
    let send = |method: Method, path: &str, body: Value| -> Request<Body> {
        partner(method, path, &world.token)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .unwrap()
    };
    let contacts = world.site.send(world.get("/contacts")).await.json();
    let contact = contacts["contacts"][1].clone();
    let path = format!("/contacts/{}", contact["uid"].as_str().unwrap());
    let put = |pointer: &str, value: Value| {
        let mut document = contact.clone();
        *document.pointer_mut(pointer).unwrap() = value;
        send(Method::PUT, &path, document)
    };
    let other = "/contacts/019a9d5e-0000-7000-8000-0000000000ff";
    let lookup = |numbers: Value| send(Method::POST, "/articles/lookup", json!({ "numbers": numbers }));
    let many: Vec<String> = (0..501).map(|number| number.to_string()).collect();
    world
        .run(vec![
            case("B-52", "a look-up of a zero character", lookup(json!(["A-1", "a\u{0}b"])), 422, INVALID)
                .field("/numbers/1", "invalid_character"),
            case("—", "a look-up of a long number", lookup(json!(["x".repeat(81)])), 422, INVALID)
                .field("/numbers/0", "too_long"),
            case("—", "a look-up of 501 numbers", lookup(json!(many)), 422, INVALID)
                .field("/numbers", "too_many_lines"),
            case("—", "a look-up of a number that is one", lookup(json!([1])), 422, INVALID),
            case(
                "B-52",
                "a contact with a zero character",
                put("/party/name", json!("a\u{0}b")),
                422,
                INVALID,
            )
            .field("/party/name", "invalid_character"),
            case("B-110", "a contact with half an address", put("/party/email", json!("a@")), 422, INVALID)
                .field("/party/email", "invalid_email"),
            case(
                "B-40",
                "a contact with more",
                send(Method::PUT, &path, json!({"uid": contact["uid"], "party": contact["party"], "x": 1})),
                422,
                INVALID,
            ),
            case("B-60", "another contact", send(Method::PUT, other, contact.clone()), 404, "not_found"),
            case(
                "—",
                "a contact without an id",
                send(Method::PUT, "/contacts/x", contact.clone()),
                400,
                "invalid_id",
            ),
        ])
        .await;
    let mut bad = order(MESSAGE, ORDER);
    bad["lines"][0]["supplier_article_number"] = json!("a\u{0}b");
    let check = case("B-52", "a dry run", send(Method::POST, "/purchase-orders/check", bad), 422, INVALID);
    world.run(vec![check.field("/lines/0/supplier_article_number", "invalid_character")]).await;
}

async fn numbers_in_other_spellings(backend: Backend) {
    let world = World::new(backend).await;
    let input = domain::articles::ArticleInput {
        number: "\u{c5}-1".to_owned(),
        name: "Åre".to_owned(),
        price: "10".to_owned(),
        ..Default::default()
    };
    services::articles::add(&world.site.ctx, input).await.unwrap();
    for spelling in ["\u{c5}-1", "A\u{30a}-1", " \u{c5}-1 "] {
        let request = |path: &str, body: Value| {
            partner(Method::POST, path, &world.token)
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(body.to_string()))
                .unwrap()
        };
        let found =
            world.site.send(request("/articles/lookup", json!({ "numbers": [spelling] }))).await.json();
        assert_eq!(found["articles"][0]["number"], "\u{c5}-1", "B-55 {spelling:?}: {found}");
        let mut document = order(MESSAGE, ORDER);
        document["lines"][0]["supplier_article_number"] = json!(spelling);
        let checked = world.site.send(request("/purchase-orders/check", document)).await.json();
        assert_eq!(checked["findings"][0]["article_number"], "\u{c5}-1", "B-55 {spelling:?}: {checked}");
    }
}
