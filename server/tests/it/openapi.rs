//! The description of the partner API in `docs/` is the one that the code makes.

use std::path::Path;

use crate::support::site;

/// Set it to write the file anew: `PRODSYS_WRITE_SNAPSHOTS=1 cargo test -p server`.
const WRITE: Option<&str> = option_env!("PRODSYS_WRITE_SNAPSHOTS");

#[test]
fn the_description_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/openapi.json");
    let made = serde_json::to_string_pretty(&server::partner::openapi::description()).unwrap() + "\n";
    if WRITE.is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == made, "docs/openapi.json is old: PRODSYS_WRITE_SNAPSHOTS=1 cargo test -p server");
}

#[tokio::test]
async fn every_call_tells_how_it_can_fail_and_the_answers_carry_what_is_told() {
    let document = serde_json::to_value(server::partner::openapi::description()).unwrap();
    let problem = "#/components/schemas/Problem";
    let paths = document["paths"].as_object().unwrap();
    for (path, call) in paths.iter().flat_map(|(path, calls)| {
        calls.as_object().unwrap().iter().map(move |(method, call)| (format!("{method} {path}"), call))
    }) {
        for status in ["4XX", "500", "503"] {
            let schema = &call["responses"][status]["content"]["application/problem+json"]["schema"]["$ref"];
            assert_eq!(schema, problem, "{path} {status}");
        }
    }
    assert_eq!(document["components"]["schemas"]["Problem"]["type"], "object");
    let told = &document["paths"]["/partner/v1/purchase-orders"]["post"]["responses"];
    for (status, code) in [("4XX", "invalid_token"), ("503", "overloaded"), ("503", "storage_unavailable")] {
        let code = domain::errors::ErrorCode::from_code(code).unwrap();
        let answer = server::partner::problem::at_once(code);
        let known = told[status]["headers"].as_object().unwrap();
        let sent =
            answer.headers().keys().filter(|name| !matches!(name.as_str(), "content-type" | "connection"));
        let sent: Vec<&str> = sent.map(http::HeaderName::as_str).collect();
        assert!(!sent.is_empty(), "{code}");
        for name in sent {
            assert!(
                known.keys().any(|header| header.eq_ignore_ascii_case(name)),
                "{code}: {name} is not told of"
            );
        }
    }
}

#[tokio::test]
async fn the_page_loads_nothing_from_outside() {
    let site = site().await;
    let page = site.get("/partner/v1/docs", None).await.text();
    assert!(page.contains("/partner/v1/purchase-orders"));
    for foreign in ["src=", "http://", "https://", "@import"] {
        assert!(!page.contains(foreign), "{foreign}");
    }
}
