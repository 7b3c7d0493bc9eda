//! An order comes in once, however often it is sent.

use axum::body::Body;
use domain::tokens::Scope;
use http::{Method, Request, header};

use crate::support::{order, partner, site};

const MESSAGE: &str = "019a9d5e-0000-7000-8000-000000000001";
const ORDER: &str = "019a9d5e-0000-7000-8000-000000000002";

fn post(token: &str, key: &str, body: String) -> Request<Body> {
    partner(Method::POST, "/purchase-orders", token)
        .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
        .header("idempotency-key", key)
        .body(Body::from(body))
        .unwrap()
}

#[tokio::test]
async fn a_repeat_gets_the_same_answer() {
    let site = site().await;
    let token = site.token(&Scope::ALL).await;
    let body = order(MESSAGE, ORDER).to_string();
    let first = site.send(post(&token, MESSAGE, body.clone())).await;
    assert_eq!(first.status.as_u16(), 201, "{}", first.text());
    for key in [MESSAGE.to_owned(), format!("\"{MESSAGE}\""), MESSAGE.to_uppercase()] {
        let again = site.send(post(&token, &key, body.clone())).await;
        assert_eq!(again.status.as_u16(), 201);
        assert_eq!(again.body, first.body);
        assert_eq!(again.header("idempotent-replayed"), "true");
    }
    assert_eq!(site.counts().await.1, 1);
    let other = site.send(post(&token, MESSAGE, format!("{body} "))).await;
    assert_eq!((other.status.as_u16(), other.code().as_str()), (422, "idempotency_key_reuse"));
}

#[tokio::test]
async fn a_corrected_order_may_use_its_key_again() {
    let site = site().await;
    let token = site.token(&Scope::ALL).await;
    let mut wrong = order(MESSAGE, ORDER);
    wrong["net_total"] = "1.00".into();
    assert_eq!(site.send(post(&token, MESSAGE, wrong.to_string())).await.status.as_u16(), 422);
    let right = order(MESSAGE, ORDER).to_string();
    assert_eq!(site.send(post(&token, MESSAGE, right)).await.status.as_u16(), 201);
}

#[tokio::test]
async fn a_token_belongs_to_one_instance() {
    let site = site().await;
    let token = site.token(&Scope::ALL).await;
    assert_eq!(
        site.send(post(&token, MESSAGE, order(MESSAGE, ORDER).to_string())).await.status.as_u16(),
        201
    );
    let key = "019a9d5e-0000-7000-8000-000000000003";
    let uid = "019a9d5e-0000-7000-8000-000000000004";
    let mut other = post(&token, key, order(key, uid).to_string());
    other.headers_mut().insert("partner-instance", "019a9d5e-0000-7000-8000-0000000000bb".parse().unwrap());
    let answer = site.send(other).await;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (409, "instance_conflict"),
        "{}",
        answer.text()
    );
    let mut older = post(&token, key, order(key, uid).to_string());
    older.headers_mut().insert("partner-epoch", "0".parse().unwrap());
    let answer = site.send(older).await;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (409, "epoch_conflict"),
        "{}",
        answer.text()
    );
}

#[tokio::test]
async fn identity_articles_and_feed_answer() {
    let site = site().await;
    let token = site.token(&Scope::ALL).await;
    let get = |path: &str| partner(Method::GET, path, &token).body(Body::empty()).unwrap();
    let identity = site.send(get("/identity")).await.json();
    assert_eq!(identity["company"]["name"], "Prøve AS");
    assert_eq!(identity["scopes"].as_array().map(Vec::len), Some(3));
    let articles = site.send(get("/articles")).await.json();
    assert_eq!(articles["articles"][0]["number"], "A-1");
    let after = articles["next"].as_str().unwrap();
    let none = site.send(get(&format!("/articles?after={after}"))).await.json();
    assert_eq!(none["articles"].as_array().map(Vec::len), Some(0));
    site.send(post(&token, MESSAGE, order(MESSAGE, ORDER).to_string())).await;
    let feed = site.send(get("/events?wait=0")).await.json();
    assert_eq!(feed["events"][0]["order"]["order_uid"], ORDER, "{feed}");
    let state = site.send(get(&format!("/purchase-orders/{ORDER}"))).await.json();
    assert_eq!(state["status"], "received");
}
