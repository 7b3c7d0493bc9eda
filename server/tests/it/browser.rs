//! Sessions, posts from elsewhere, headers, and forms without WebAssembly.

use axum::body::Body;
use domain::roles::Role;
use http::{Request, StatusCode, header};

use crate::support::site;

#[tokio::test]
async fn a_person_signs_in_and_out() {
    let site = site().await;
    let cookie = site.sign_in(Role::Buyer).await;
    assert!(cookie.starts_with("prodsys_"), "{cookie}");
    assert_eq!(site.get("/oversikt", Some(&cookie)).await.status, StatusCode::OK);
    let out = site.post_form("/api/sign_out", "", Some(&cookie)).await;
    assert_eq!(out.status, StatusCode::SEE_OTHER);
    assert_eq!(out.header("location"), "/logg-inn?utlogget=1");
    assert_eq!(site.get("/oversikt", Some(&cookie)).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_cookie_is_well_kept() {
    let site = site().await;
    let form = "email=buyer%40prove.example&password=en%20lang%20nok%20pr%C3%B8ve&next=";
    let answer = site.post_form("/api/sign_in", form, None).await;
    let cookie = answer.header("set-cookie");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"),
        "{cookie}"
    );
}

#[tokio::test]
async fn a_refused_form_comes_back_with_what_was_typed_and_without_secrets() {
    let site = site().await;
    let form = "email=ingen%40prove.example&password=feil+passord+her&next=";
    let answer = site.post_form("/api/sign_in", form, None).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), "/logg-inn");
    let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    let page = site.get("/logg-inn", Some(&cookie)).await;
    assert!(page.text().contains("ingen@prove.example"));
    assert!(!page.text().contains("feil passord her"));
    let again = site.get("/logg-inn", Some(&cookie)).await;
    assert!(!again.text().contains("ingen@prove.example"), "the values are shown once");
}

#[tokio::test]
async fn a_script_gets_the_status_of_the_code() {
    let site = site().await;
    let request = Request::post("/api/sign_in")
        .header("sec-fetch-site", "same-origin")
        .header(header::ACCEPT, "application/json")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from("email=x%40prove.example&password=abcdefghijklmnop&next="))
        .unwrap();
    let answer = site.send(request).await;
    assert_eq!(answer.status.as_u16(), 422);
    assert_eq!(answer.json()["refusal"]["code"], "sign_in_failed");
}

#[tokio::test]
async fn posts_from_elsewhere_are_refused() {
    let site = site().await;
    let cookie = site.sign_in(Role::Administrator).await;
    let post = |headers: &[(&str, &str)]| {
        let mut request = Request::post("/api/set_extension")
            .header(header::HOST, "127.0.0.1:8080")
            .header(header::COOKIE, &cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Body::from("on=false")).unwrap()
    };
    for headers in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[],
    ] {
        let answer = site.send(post(headers)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
        assert_eq!(answer.json()["refusal"]["code"], "csrf_rejected", "{headers:?}");
    }
    let on = services::instance::current(&site.ctx).await.unwrap().unwrap().extension_on;
    assert!(on, "nothing was changed");
}

#[tokio::test]
async fn every_answer_has_the_headers() {
    let site = site().await;
    for path in [
        "/logg-inn",
        "/oversikt",
        "/finnes-ikke",
        "/healthz",
        "/pkg/x.js",
        "/partner/v1/identity",
        "/partner/v1/docs",
        "/api/x",
    ] {
        let answer = site.get(path, None).await;
        for name in [
            "x-content-type-options",
            "referrer-policy",
            "x-frame-options",
            "content-security-policy",
            "cache-control",
            "cross-origin-opener-policy",
            "cross-origin-resource-policy",
        ] {
            assert!(!answer.header(name).is_empty(), "{path} has no {name}");
        }
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert!(answer.header("server").is_empty(), "{path}");
    }
    assert_eq!(site.get("/logg-inn", None).await.header("cache-control"), "no-store");
    assert!(site.get("/logg-inn", None).await.header("content-security-policy").contains("'nonce-"));
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    let site = site().await;
    assert_eq!(site.get("/finnes-ikke", None).await.status, StatusCode::NOT_FOUND);
    let long = format!("/{}", "x".repeat(9 * 1024));
    assert_eq!(site.get(&long, None).await.status, StatusCode::URI_TOO_LONG);
}

#[tokio::test]
async fn a_new_token_never_lies_open_in_the_database() {
    let site = site().await;
    let cookie = site.sign_in(Role::Administrator).await;
    let form = "name=Nordvik&contact_id=&scopes%5B%5D=Articles%3ARead&days=30";
    let made = site.post_form("/api/issue_token", form, Some(&cookie)).await;
    assert_eq!(made.header("location"), "/admin/api-tilgang/token/laget");
    let stored = site.database_bytes();
    let page = site.get("/admin/api-tilgang/token/laget", Some(&cookie)).await.text();
    let start = page.find("oipt_").unwrap();
    let secret = &page[start..start + 54];
    assert!(domain::tokens::is_well_formed(secret), "{secret}");
    let holds = |bytes: &[u8]| bytes.windows(20).any(|window| window == &secret.as_bytes()[5..25]);
    assert!(holds(secret.as_bytes()), "the search itself finds what is there");
    assert!(!holds(&stored), "the secret lay in the database");
    let again = site.get("/admin/api-tilgang/token/laget", Some(&cookie)).await.text();
    assert!(!again.contains(secret), "it is shown once");
}
