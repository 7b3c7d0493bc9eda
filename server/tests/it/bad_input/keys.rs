//! B-21 to B-34, B-107, B-112: keys, repeats, revisions, instances, batches.

use axum::body::Body;
use http::{HeaderValue, Method, Request, header};
use serde_json::{Value, json};

use super::{MESSAGE, ORDER, World, case};
use crate::pair::{Backend, on_both_databases};
use crate::support::{order, partner};

on_both_databases!(keys_and_repeats, two_at_once, revisions_and_instances, batches);

fn id(number: u32) -> String {
    format!("019a9d5e-0000-7000-8000-{number:012x}")
}

fn keyed(world: &World, key: &[u8], body: String) -> Request<Body> {
    let mut request = world.post(body);
    request.headers_mut().insert("idempotency-key", HeaderValue::from_bytes(key).unwrap());
    request
}

async fn keys_and_repeats(backend: Backend) {
    let world = World::new(backend).await;
    let body = super::good_order();
    let mut bare = world.post(body.clone());
    bare.headers_mut().remove("idempotency-key");
    let mut cases = vec![case("B-22", "no key", bare, 400, "idempotency_key_missing")];
    let long = "x".repeat(256);
    for key in ["", "\"\"", &long, "æ", "a\tb", "no-uuid", ORDER] {
        let request = keyed(&world, key.as_bytes(), body.clone());
        cases.push(case("B-22", key, request, 400, "idempotency_key_invalid"));
    }
    let mut wrong = order(MESSAGE, ORDER);
    wrong["net_total"] = json!("1.00");
    cases.push(case("B-28", "refused first", world.post(wrong.to_string()), 422, "validation_failed"));
    world.run(cases).await;
    let first = world.site.send(world.post(body.clone())).await;
    assert_eq!(first.status.as_u16(), 201, "B-28: corrected, the order may use its key");
    let before = world.database.rows().await;
    for key in [MESSAGE.to_owned(), format!("\"{MESSAGE}\""), MESSAGE.to_uppercase()] {
        let again = world.site.send(keyed(&world, key.as_bytes(), body.clone())).await;
        assert_eq!((again.status.as_u16(), &again.body), (201, &first.body), "B-21, B-24 {key}");
        assert_eq!(again.header("idempotent-replayed"), "true", "B-24 {key}");
    }
    assert_eq!(world.database.rows().await, before, "B-24: a repeat changes nothing");
    let spaced = world.post(format!("{body} "));
    world.run(vec![case("B-25", "other bytes", spaced, 422, "idempotency_key_reuse")]).await;
}

async fn two_at_once(backend: Backend) {
    let world = World::new(backend).await;
    let body = super::good_order();
    let send = || world.site.send(world.post(body.clone()));
    let (one, other) = tokio::join!(send(), send());
    assert_eq!(
        (one.status.as_u16(), other.status.as_u16()),
        (201, 201),
        "B-27: the second waits for the first"
    );
    assert_eq!(one.body, other.body, "B-27");
    assert_eq!(world.site.counts().await.1, 1, "B-27: one draft");
}

async fn revisions_and_instances(backend: Backend) {
    let world = World::new(backend).await;
    let sent = |number: u32, revision: i32, note: &str| {
        let mut document = order(&id(number), ORDER);
        document["revision"] = json!(revision);
        document["note"] = json!(note);
        keyed(&world, id(number).as_bytes(), document.to_string())
    };
    assert_eq!(world.site.send(sent(10, 2, "first")).await.status.as_u16(), 201);
    let with = |mut request: Request<Body>, name: &'static str, value: &'static str| {
        request.headers_mut().insert(name, HeaderValue::from_static(value));
        request
    };
    let stranger = "019a9d5e-0000-7000-8000-0000000000bb";
    world
        .run(vec![
            case("B-30", "the same revision, other content", sent(11, 2, "other"), 409, "revision_conflict"),
            case("B-31", "an earlier revision", sent(12, 1, "older"), 409, "stale_revision"),
            case(
                "B-31",
                "a later one: changes have calls of their own",
                sent(13, 9, "newer"),
                409,
                "revision_conflict",
            ),
            case("B-33", "a lower epoch", with(sent(14, 1, ""), "partner-epoch", "0"), 409, "epoch_conflict"),
            case(
                "B-34",
                "another instance",
                with(sent(15, 1, ""), "partner-instance", stranger),
                409,
                "instance_conflict",
            ),
        ])
        .await;
}

async fn batches(backend: Backend) {
    let world = World::new(backend).await;
    let post = |body: String| {
        partner(Method::POST, "/purchase-orders/batch", &world.token)
            .header(header::CONTENT_TYPE, "application/x-ndjson")
            .body(Body::from(body))
            .unwrap()
    };
    let line = |number: u32| order(&id(number), &id(number + 10_000)).to_string();
    let many: Vec<String> = (0..501).map(|_| "{}".to_owned()).collect();
    world.run(vec![case("B-112", "501 orders", post(many.join("\n")), 413, "batch_too_large")]).await;
    let mut lines: Vec<String> = (1..=20).map(line).collect();
    lines[3] = lines[3].replace("\"2\"", "\"0\"");
    lines[7] = "{".to_owned();
    lines[11] = lines[11].replace("\"EA\"", "\"a\\u0000\"");
    let answer = world.site.send(post(lines.join("\n"))).await;
    assert_eq!(answer.status.as_u16(), 200, "B-112: {}", answer.text());
    let told: Vec<Value> = answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(told.len(), 20, "B-112: one answer for each");
    for (place, line) in told.iter().enumerate() {
        let refused = [3, 7, 11].contains(&place);
        assert_eq!(line["receipt"].is_null(), refused, "B-112, line {place}: {line}");
        assert_eq!(line["problem"].is_null(), !refused, "B-112, line {place}: {line}");
    }
    assert_eq!(
        world.site.counts().await,
        (4, 17),
        "B-112: the rest became drafts, each refused one is in the log"
    );
    // The same twice in one batch is a repeat; the same id with other bytes is not.
    let spaced = format!("{} ", line(50));
    let answer = world.site.send(post([line(50), line(50), spaced].join("\n"))).await;
    let told: Vec<Value> = answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(told[0], told[1], "B-107: one receipt");
    assert_eq!(told[2]["problem"]["code"], "idempotency_key_reuse", "B-107");
    assert_eq!(world.site.counts().await.1, 18, "B-107: one draft");
}
