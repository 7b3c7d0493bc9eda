//! The table of rules is complete, and nobody gets in without a rule.

use axum::body::Body;
use http::{Request, StatusCode, header};
use server::http::rules::{FUNCTIONS, PAGES, Rule, rule_of};

use crate::support::site;

#[tokio::test]
async fn every_page_and_every_server_function_has_a_row() {
    let missing_functions: Vec<&str> = leptos::server_fn::axum::server_fn_paths()
        .map(|(path, _)| path)
        .filter(|path| rule_of(path).is_none())
        .collect();
    assert!(missing_functions.is_empty(), "no row for {missing_functions:?}");
    let routes = leptos_axum::generate_route_list(app::App);
    let missing_pages: Vec<&str> = routes
        .iter()
        .map(leptos_axum::AxumRouteListing::path)
        .filter(|path| rule_of(path).is_none())
        .collect();
    assert!(missing_pages.is_empty(), "no row for {missing_pages:?}");
}

#[tokio::test]
async fn every_row_has_a_page_or_a_server_function() {
    let functions: Vec<&str> = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
    let stale: Vec<&str> = FUNCTIONS
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| !functions.contains(&format!("/api/{name}").as_str()))
        .collect();
    assert!(stale.is_empty(), "rows without a server function: {stale:?}");
    let routes = leptos_axum::generate_route_list(app::App);
    let stale: Vec<&str> = PAGES
        .iter()
        .map(|(path, _)| *path)
        .filter(|path| *path != "/hendelser" && !routes.iter().any(|route| route.path() == *path))
        .collect();
    assert!(stale.is_empty(), "rows without a page: {stale:?}");
}

#[tokio::test]
async fn nobody_gets_in_without_signing_in() {
    let site = site().await;
    for (path, rule) in PAGES {
        if *rule == Rule::Public {
            continue;
        }
        let path = path
            .replace("{nr}", "X")
            .replace("{id}", "X")
            .replace("{slag}", "message")
            .replace("{jobb}", "X");
        let answer = site.get(&path, None).await;
        if path == "/hendelser" {
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
            continue;
        }
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert!(answer.header("location").starts_with("/logg-inn?neste="), "{path}");
    }
    for (name, rule) in FUNCTIONS {
        if *rule == Rule::Public {
            continue;
        }
        let request = Request::post(format!("/api/{name}"))
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::empty())
            .unwrap();
        let answer = site.send(request).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{name}: {}", answer.text());
        assert_eq!(answer.json()["refusal"]["code"], "not_signed_in", "{name}");
    }
}

#[tokio::test]
async fn a_reader_may_read_and_nothing_else() {
    let site = site().await;
    let cookie = site.sign_in(domain::roles::Role::Reader).await;
    assert_eq!(site.get("/oversikt", Some(&cookie)).await.status, StatusCode::OK);
    assert_eq!(site.get("/admin/utvidelser", Some(&cookie)).await.status, StatusCode::FORBIDDEN);
    let request = Request::post("/api/set_extension")
        .header("sec-fetch-site", "same-origin")
        .header(header::COOKIE, &cookie)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from("on=false"))
        .unwrap();
    assert_eq!(site.send(request).await.status, StatusCode::FORBIDDEN);
}
