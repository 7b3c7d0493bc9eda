//! The table of rules is complete, and nobody gets in without a rule.

use axum::body::Body;
use domain::tokens::Scope;
use http::{Request, StatusCode, header};
use server::http::rules::{FUNCTIONS, HANDLERS, PAGES, PARTNER, PARTNER_PREFIX, PartnerRule, Rule, rule_of};

use crate::support::{partner, site};

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
        .filter(|path| !routes.iter().any(|route| route.path() == *path))
        .collect();
    assert!(stale.is_empty(), "rows without a page: {stale:?}");
    let site = site().await;
    let cookie = site.sign_in(domain::roles::Role::Administrator).await;
    for (method, path, _) in HANDLERS {
        let other = if *method == "GET" { "POST" } else { "GET" };
        let request = Request::builder()
            .method(other)
            .uri(in_full(path))
            .header("sec-fetch-site", "same-origin")
            .header(header::COOKIE, &cookie)
            .body(Body::empty())
            .unwrap();
        assert_eq!(
            site.send(request).await.status,
            StatusCode::METHOD_NOT_ALLOWED,
            "row without a handler: {path}"
        );
    }
}

/// A route with something in the place of each parameter.
fn in_full(path: &str) -> String {
    path.replace("{nr}", "X")
        .replace("{id}", "X")
        .replace("{slag}", "message")
        .replace("{jobb}", "X")
        .replace("{fil}", "artikler.csv")
}

#[tokio::test]
async fn every_route_of_the_partner_api_has_a_row_and_keeps_it() {
    let site = site().await;
    let description = serde_json::to_value(server::partner::openapi::description()).unwrap();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let row = PARTNER.iter().find(|(known, row, _)| {
                known.eq_ignore_ascii_case(method) && format!("{PARTNER_PREFIX}{row}") == *path
            });
            assert!(row.is_some(), "no row for {method} {path}");
        }
    }
    let everything = site.token(&Scope::ALL).await;
    for (method, path, rule) in PARTNER {
        let path = path.replace("{uid}", crate::support::PEER);
        let method: http::Method = method.parse().unwrap();
        let ask = |token: &str| partner(method.clone(), &path, token).body(Body::empty()).unwrap();
        let stranger = site.send(ask("oipt_x")).await;
        match rule {
            PartnerRule::Open => assert_eq!(stranger.status, StatusCode::OK, "{path}"),
            PartnerRule::AnyToken => assert_eq!(stranger.status, StatusCode::UNAUTHORIZED, "{path}"),
            PartnerRule::Needs(scope) => {
                assert_eq!(stranger.status, StatusCode::UNAUTHORIZED, "{path}");
                let others: Vec<Scope> = Scope::ALL.into_iter().filter(|other| other != scope).collect();
                let narrow = site.send(ask(&site.token(&others).await)).await;
                assert_eq!(
                    (narrow.status, narrow.code().as_str()),
                    (StatusCode::FORBIDDEN, "insufficient_scope"),
                    "{path}"
                );
                let wide = site.send(ask(&everything)).await;
                assert!(
                    wide.status != StatusCode::UNAUTHORIZED && wide.status != StatusCode::FORBIDDEN,
                    "{path}"
                );
            }
        }
    }
}

#[tokio::test]
async fn nobody_gets_in_without_signing_in() {
    let site = site().await;
    for (path, rule) in PAGES {
        if *rule == Rule::Public {
            continue;
        }
        let answer = site.get(&in_full(path), None).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert!(answer.header("location").starts_with("/logg-inn?neste="), "{path}");
    }
    for (method, path, _) in HANDLERS {
        let request = Request::builder()
            .method(*method)
            .uri(in_full(path))
            .header("sec-fetch-site", "same-origin")
            .header(header::ACCEPT, "application/json")
            .body(Body::empty())
            .unwrap();
        assert_eq!(site.send(request).await.status, StatusCode::UNAUTHORIZED, "{path}");
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
