//! Bad input from a partner: told with a code, never a fault of ours, and no row but one in the log.

use axum::body::Body;
use domain::tokens::Scope;
use http::{Method, Request, header};
use serde_json::{Value, json};

use crate::support::{Site, order, partner, site};

const MESSAGE: &str = "019a9d5e-0000-7000-8000-000000000001";
const ORDER: &str = "019a9d5e-0000-7000-8000-000000000002";

fn post(token: &str, body: impl Into<Body>) -> Request<Body> {
    partner(Method::POST, "/purchase-orders", token)
        .header(header::CONTENT_TYPE, "application/json")
        .header("idempotency-key", MESSAGE)
        .body(body.into())
        .unwrap()
}

async fn refused(site: &Site, name: &str, request: Request<Body>, status: u16, code: &str) {
    let before = site.counts().await;
    let answer = site.send(request).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code), "{name}: {}", answer.text());
    assert_eq!(answer.header("content-type"), "application/problem+json", "{name}");
    let after = site.counts().await;
    assert_eq!(after.1, before.1, "{name}: no draft is made");
    assert_eq!(after.0, before.0 + 1, "{name}: the log has one row more");
}

#[tokio::test]
async fn who_calls() {
    let site = site().await;
    let token = site.token(&Scope::ALL).await;
    let narrow = site.token(&[Scope::ArticlesRead]).await;
    let get = |token: &str| partner(Method::GET, "/identity", token).body(Body::empty()).unwrap();
    let mut bare = get(&token);
    bare.headers_mut().remove(header::AUTHORIZATION);
    let mut cookie = get(&token);
    cookie.headers_mut().remove(header::AUTHORIZATION);
    cookie.headers_mut().insert(header::COOKIE, "prodsys_00000000=x".parse().unwrap());
    let unknown = domain::tokens::assemble(&[3; 32]);
    let mut wrong = token.clone();
    wrong.pop();
    wrong.push('_');
    refused(&site, "B-01 no token", bare, 401, "missing_token").await;
    refused(&site, "B-07 a cookie", cookie, 401, "missing_token").await;
    refused(&site, "B-03 a wrong checksum", get(&wrong), 401, "invalid_token").await;
    refused(&site, "B-04 an unknown token", get(&unknown), 401, "invalid_token").await;
    refused(&site, "B-06 no scope", post(&narrow, "{}"), 403, "insufficient_scope").await;
    let in_url =
        partner(Method::GET, &format!("/identity?token={token}"), &token).body(Body::empty()).unwrap();
    refused(&site, "a token in the address", in_url, 400, "token_in_url").await;
    for version in [None, Some("2"), Some("x")] {
        let mut request = get(&token);
        request.headers_mut().remove("partner-api-version");
        if let Some(version) = version {
            request.headers_mut().insert("partner-api-version", version.parse().unwrap());
        }
        refused(&site, "B-63 another version", request, 400, "unsupported_api_version").await;
    }
    services::instance::set_api_access(&site.ctx, false).await.unwrap();
    refused(&site, "API access is off", get(&token), 403, "api_access_off").await;
    services::instance::set_extension(&site.ctx, false).await.unwrap();
    refused(&site, "the extension is off", get(&token), 403, "module_disabled").await;
}

#[tokio::test]
async fn what_kind_of_request() {
    let site = site().await;
    let token = site.token(&Scope::ALL).await;
    let answer =
        site.send(partner(Method::DELETE, "/purchase-orders", &token).body(Body::empty()).unwrap()).await;
    assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, "POST"));
    for kind in ["text/plain", "multipart/form-data", "application/json; charset=utf-16"] {
        let mut request = post(&token, "{}");
        request.headers_mut().insert(header::CONTENT_TYPE, kind.parse().unwrap());
        refused(&site, kind, request, 415, "unsupported_media_type").await;
    }
    let mut packed = post(&token, "{}");
    packed.headers_mut().insert(header::CONTENT_ENCODING, "gzip".parse().unwrap());
    refused(&site, "B-12 packed", packed, 415, "unsupported_content_encoding").await;
    let large = vec![b' '; 1024 * 1024 + 1];
    let mut declared = post(&token, large.clone());
    declared.headers_mut().insert(header::CONTENT_LENGTH, "1048577".parse().unwrap());
    refused(&site, "B-13 too large, declared", declared, 413, "payload_too_large").await;
    let chunks = futures::stream::iter(
        large.chunks(1000).map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec())).collect::<Vec<_>>(),
    );
    refused(
        &site,
        "B-13 too large, in chunks",
        post(&token, Body::from_stream(chunks)),
        413,
        "payload_too_large",
    )
    .await;
    let unknown = partner(Method::GET, "/no-such-thing", &token).body(Body::empty()).unwrap();
    refused(&site, "an unknown path", unknown, 404, "not_found").await;
    let id = partner(Method::GET, "/purchase-orders/x", &token).body(Body::empty()).unwrap();
    refused(&site, "not an id", id, 400, "invalid_id").await;
    let cursor = partner(Method::GET, "/events?after=9.x", &token).body(Body::empty()).unwrap();
    refused(&site, "B-61 a forged cursor", cursor, 400, "invalid_cursor").await;
    let limit = partner(Method::GET, "/articles?limit=5001", &token).body(Body::empty()).unwrap();
    refused(&site, "too large a page", limit, 400, "invalid_limit").await;
}

#[tokio::test]
async fn the_key() {
    let site = site().await;
    let token = site.token(&Scope::ALL).await;
    let body = order(MESSAGE, ORDER).to_string();
    let mut bare = post(&token, body.clone());
    bare.headers_mut().remove("idempotency-key");
    refused(&site, "B-22 no key", bare, 400, "idempotency_key_missing").await;
    for key in [String::new(), "x".repeat(256), "æ".to_owned(), ORDER.to_owned()] {
        let mut request = post(&token, body.clone());
        let value = http::HeaderValue::from_bytes(key.as_bytes()).unwrap();
        request.headers_mut().insert("idempotency-key", value);
        refused(&site, &key, request, 400, "idempotency_key_invalid").await;
    }
}

#[tokio::test]
async fn what_is_in_the_document() {
    let site = site().await;
    let token = site.token(&Scope::ALL).await;
    let good = order(MESSAGE, ORDER);
    let text = good.to_string();
    let with = |path: &str, value: Value| {
        let mut document = good.clone();
        *document.pointer_mut(path).unwrap() = value;
        document.to_string().into_bytes()
    };
    let mut unknown = good.clone();
    unknown["surprise"] = json!(1);
    let twice = text.replacen("\"revision\":1", "\"revision\":1,\"revision\":2", 1);
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let many: Vec<Value> = (1..=1001)
        .map(|number| {
            let mut line = good["lines"][0].clone();
            line["line_number"] = json!(number);
            line
        })
        .collect();
    let cases: Vec<(&str, Vec<u8>, u16, &str)> = vec![
        ("B-36 cut", text.as_bytes()[..text.len() - 3].to_vec(), 400, "malformed_json"),
        ("B-36 garbage after", format!("{text}x").into_bytes(), 400, "malformed_json"),
        ("B-36 two documents", format!("{text}{text}").into_bytes(), 400, "malformed_json"),
        ("B-36 a comment", format!("/*x*/{text}").into_bytes(), 400, "malformed_json"),
        ("B-37 a mark", format!("\u{feff}{text}").into_bytes(), 400, "invalid_encoding"),
        ("B-37 UTF-16", utf16, 400, "invalid_encoding"),
        ("B-37 Latin-1", b"{\"\xe6\":1}".to_vec(), 400, "invalid_encoding"),
        ("B-39 twice", twice.into_bytes(), 400, "duplicate_field"),
        ("B-40 unknown field", unknown.to_string().into_bytes(), 422, "validation_failed"),
        ("B-42 a number", with("/lines/0/quantity", json!(1.5)), 422, "validation_failed"),
        ("B-45 nothing", with("/lines/0/quantity", json!("0")), 422, "validation_failed"),
        ("B-45 less than nothing", with("/lines/0/quantity", json!("-1")), 422, "validation_failed"),
        ("B-46 a negative price", with("/lines/0/unit_price", json!("-1")), 422, "validation_failed"),
        ("B-48 no such day", with("/requested_delivery_date", json!("2026-02-30")), 422, "validation_failed"),
        (
            "B-48 with a time",
            with("/requested_delivery_date", json!("2026-02-03T00:00:00Z")),
            422,
            "validation_failed",
        ),
        ("B-49 no lines", with("/lines", json!([])), 422, "validation_failed"),
        ("B-49 too many lines", with("/lines", json!(many)), 422, "validation_failed"),
        ("B-51 another total", with("/net_total", json!("21.00")), 422, "validation_failed"),
        ("B-52 a zero character", with("/order_number", json!("a\u{0}b")), 422, "validation_failed"),
        ("B-54 half a pair", text.replacen("\"Bolt\"", "\"\\ud800\"", 1).into_bytes(), 400, "malformed_json"),
        ("B-58 unknown unit", with("/lines/0/unit", json!("XYZ")), 422, "validation_failed"),
        ("B-67 two lines in a name", with("/order_number", json!("a\r\nb")), 422, "validation_failed"),
    ];
    for (name, body, status, code) in cases {
        refused(&site, name, post(&token, body), status, code).await;
    }
    for number in ["1e3", "1_000", "+1", "1,5", " 1", "01", ".5", "1.", "-0", "0x10", "NaN", "١٢", "１２"]
    {
        let body = with("/lines/0/quantity", json!(number));
        refused(&site, number, post(&token, body), 422, "validation_failed").await;
    }
}
