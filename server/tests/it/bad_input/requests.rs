//! B-01 to B-19, B-60 to B-63: who calls, and with what kind of request.

use axum::body::Body;
use domain::roles::Role;
use domain::tokens::Scope;
use http::{HeaderValue, Method, Request, header};

use super::wire::Bytes;
use super::{Case, World, case};
use crate::pair::{Backend, on_both_databases};
use crate::support::partner;

on_both_databases!(
    who_calls,
    what_every_call_says,
    what_kind_of_request,
    bodies_that_no_library_would_send,
    heads_that_no_library_would_send,
    foreign_things_look_missing,
);

fn without(mut request: Request<Body>, name: header::HeaderName) -> Request<Body> {
    request.headers_mut().remove(name);
    request
}

fn with(mut request: Request<Body>, name: &'static str, value: &str) -> Request<Body> {
    request.headers_mut().insert(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    request
}

async fn who_calls(backend: Backend) {
    let world = World::new(backend).await;
    let get = |token: &str| partner(Method::GET, "/identity", token).body(Body::empty()).unwrap();
    let expired = world.site.token(&Scope::ALL).await;
    world.database.execute("UPDATE token SET expires_at = 1").await;
    let token = world.site.token(&Scope::ALL).await;
    let revoked = world.site.token(&Scope::ALL).await;
    let rows = services::tokens::list(&world.site.ctx).await.unwrap();
    let row = rows.iter().find(|row| revoked.ends_with(&row.last_four)).unwrap();
    services::tokens::revoke(&world.site.ctx, row.token_id).await.unwrap();
    let narrow = world.site.token(&[Scope::ArticlesRead]).await;
    let cookie = world.site.sign_in(Role::Administrator).await;
    let mut wrong = token.clone();
    wrong.pop();
    wrong.push('_');
    let bare = without(get(&token), header::AUTHORIZATION);
    let mut twice = get(&token);
    twice.headers_mut().append(header::AUTHORIZATION, HeaderValue::from_static("Bearer x"));
    let in_url = format!("/identity?token={token}");
    let cases = vec![
        case("B-01", "no token", bare, 401, "missing_token").header("www-authenticate", "Bearer"),
        case("B-01", "a password", with(get(&token), "authorization", "Basic eDp5"), 401, "missing_token"),
        case("—", "two tokens", twice, 401, "invalid_token"),
        case("B-03", "a wrong checksum", get(&wrong), 401, "invalid_token"),
        case("B-04", "an expired token", get(&expired), 401, "token_expired"),
        case("B-04", "a revoked token", get(&revoked), 401, "token_revoked"),
        case(
            "B-04",
            "another server's token",
            get(&domain::tokens::assemble(&[3; 32])),
            401,
            "invalid_token",
        ),
        case(
            "B-06",
            "no scope",
            partner(Method::GET, "/contacts", &narrow).body(Body::empty()).unwrap(),
            403,
            "insufficient_scope",
        )
        .header(
            "www-authenticate",
            "Bearer realm=\"ProdSys\", error=\"insufficient_scope\", scope=\"Contacts:ReadWrite\"",
        ),
        case(
            "B-07",
            "a session's cookie",
            with(without(get(&token), header::AUTHORIZATION), "cookie", &cookie),
            401,
            "missing_token",
        ),
        case(
            "—",
            "a token in the address",
            partner(Method::GET, &in_url, &token).body(Body::empty()).unwrap(),
            400,
            "token_in_url",
        ),
    ];
    world.run(cases).await;
    services::instance::set_api_access(&world.site.ctx, false).await.unwrap();
    world.run(vec![case("—", "API access is off", get(&token), 403, "api_access_off")]).await;
    services::instance::set_extension(&world.site.ctx, false).await.unwrap();
    world.run(vec![case("—", "the extension is off", get(&token), 403, "module_disabled")]).await;
}

async fn what_every_call_says(backend: Backend) {
    let world = World::new(backend).await;
    let token = &world.token;
    let get = |token: &str| partner(Method::GET, "/identity", token).body(Body::empty()).unwrap();
    let mut cases = vec![
        case(
            "—",
            "no instance",
            without(get(token), header::HeaderName::from_static("partner-instance")),
            422,
            "missing_field",
        ),
        case(
            "—",
            "an epoch that is no number",
            with(get(token), "partner-epoch", "1.0"),
            422,
            "missing_field",
        ),
        case("—", "an epoch below nothing", with(get(token), "partner-epoch", "-1"), 422, "missing_field"),
        case(
            "B-63",
            "no version",
            without(get(token), header::HeaderName::from_static("partner-api-version")),
            400,
            "unsupported_api_version",
        ),
    ];
    for version in ["2", "x", "1.0", ""] {
        let request = with(get(token), "partner-api-version", version);
        cases.push(case("B-63", format!("version {version:?}"), request, 400, "unsupported_api_version"));
    }
    world.run(cases).await;
}

async fn what_kind_of_request(backend: Backend) {
    let world = World::new(backend).await;
    let large = vec![b' '; 1024 * 1024 + 1];
    let chunks: Vec<_> = large.chunks(1000).map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec())).collect();
    let mut cases: Vec<Case> =
        ["text/plain", "multipart/form-data; boundary=x", "application/json; charset=utf-16"]
            .into_iter()
            .map(|kind| {
                let request = with(world.post("{}"), "content-type", kind);
                case("B-10", kind, request, 415, "unsupported_media_type")
            })
            .collect();
    for method in ["DELETE", "TRACE", "post", "BREW"] {
        let mut request = world.post("{}");
        *request.method_mut() = Method::from_bytes(method.as_bytes()).unwrap();
        cases.push(case("B-09", method, request, 405, "method_not_allowed").header("allow", "POST"));
    }
    cases.extend([
        case(
            "B-10",
            "no type",
            without(world.post("{}"), header::CONTENT_TYPE),
            415,
            "unsupported_media_type",
        ),
        case(
            "B-12",
            "packed",
            with(world.post("{}"), "content-encoding", "gzip"),
            415,
            "unsupported_content_encoding",
        ),
        case(
            "B-13",
            "too large, in chunks",
            world.post(Body::from_stream(futures::stream::iter(chunks))),
            413,
            "payload_too_large",
        ),
        case("—", "an unknown path", world.get("/no-such-thing"), 404, "not_found"),
        case("—", "not an id", world.get("/purchase-orders/x"), 400, "invalid_id"),
        case("B-61", "a forged cursor", world.get("/events?after=9.x"), 400, "invalid_cursor"),
        case("B-61", "a cursor of another epoch", world.get("/events?after=9.1"), 400, "invalid_cursor"),
        case("B-61", "a cursor of the catalogue", world.get("/articles?after=%00"), 400, "invalid_cursor"),
        case("B-61", "no place of the catalogue", world.get("/events?articles=tull"), 400, "invalid_cursor"),
        case("—", "too large a page", world.get("/articles?limit=5001"), 400, "invalid_limit"),
        case("—", "an empty page", world.get("/articles?limit=0"), 400, "invalid_limit"),
        case("—", "too long a wait", world.get("/events?wait=26"), 400, "invalid_limit"),
        case("—", "a wait below nothing", world.get("/events?wait=-1"), 400, "invalid_limit"),
    ]);
    world.run(cases).await;
}

const POST: &str = "POST /partner/v1/purchase-orders HTTP/1.1";
const GET: &str = "GET /partner/v1/identity HTTP/1.1";
const JSON: &str = "Content-Type: application/json";
const KEY: &str = "Idempotency-Key: 019a9d5e-0000-7000-8000-000000000001";
const CLOSE: &str = "Connection: close";

/// A request of this partner as bytes.
fn bytes(world: &World, first: &str, more: &[&str], body: &[u8]) -> Bytes {
    let authorization = format!("Authorization: Bearer {}", world.token);
    let mut lines =
        vec![first, "Host: x", &authorization, "Partner-Instance: 019a9d5e-0000-7000-8000-0000000000aa"];
    lines.extend(["Partner-Epoch: 1", "Partner-Api-Version: 1"]);
    lines.extend(more);
    Bytes::new(&lines, body)
}

async fn bodies_that_no_library_would_send(backend: Backend) {
    let world = World::new(backend).await;
    let post = |more: &[&str], body: &[u8]| bytes(&world, POST, &[&[JSON, KEY], more].concat(), body);
    let bomb = post(&[CLOSE, "Content-Encoding: gzip", "Content-Length: 999999"], b"");
    let large = post(&[CLOSE, "Content-Length: 1048577"], b"");
    let two = post(&["Content-Length: 2", "Content-Length: 3"], b"{}");
    let sizeless = post(&[CLOSE, "Transfer-Encoding: chunked"], b"zz\r\n{}\r\n0\r\n\r\n");
    let short = post(&["Content-Length: 99"], b"{}").then_closes();
    let mut cases = vec![
        case("B-12", "a bomb, unread", bomb, 415, "unsupported_content_encoding"),
        case("B-13", "too large, declared and not sent", large, 413, "payload_too_large"),
        case("B-16", "two lengths", two, 400, "").unlogged(),
        case("B-16", "a bad size of a chunk", sizeless, 400, "malformed_http"),
        case("B-16", "a short body", short, 400, "malformed_http"),
    ];
    // The chunks count, the length does not, and what comes after them is not read as a request (RFC 9112 6.3).
    let hidden = b"2\r\n{}\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    let (length, chunked) = ("Content-Length: 2", "Transfer-Encoding: chunked");
    for lengths in [[length, chunked], [chunked, length]] {
        cases.push(case("B-16", lengths.join(", "), post(&lengths, hidden), 422, "validation_failed"));
    }
    if backend == Backend::Sqlite {
        // The time is the same for both databases, and long.
        let stalled = post(&[CLOSE, "Content-Length: 99"], b"{\"half\":");
        cases.push(case("B-19", "half a body", stalled, 408, "request_timeout"));
    }
    world.run(cases).await;
}

async fn heads_that_no_library_would_send(backend: Backend) {
    let world = World::new(backend).await;
    let long = format!("GET /partner/v1/{} HTTP/1.1", "x".repeat(9 * 1024));
    let wide: Vec<String> = (0..101).map(|number| format!("X-{number}: 1")).collect();
    let wide: Vec<&str> = [GET, "Host: x"].into_iter().chain(wide.iter().map(String::as_str)).collect();
    let tall = format!("X-Tall: {}", "x".repeat(33 * 1024));
    let plain = |lines: &[&str]| Bytes::new(lines, b"");
    let spoofed =
        [CLOSE, "X-Forwarded-For: 203.0.113.9", "X-Forwarded-Proto: https", "X-Forwarded-Host: evil.example"];
    let spoofed = bytes(&world, "GET /partner/v1/contacts/x HTTP/1.1", &spoofed, b"");
    let connect = plain(&["CONNECT x.example:443 HTTP/1.1", "Host: x.example:443", CLOSE]);
    let cases = vec![
        case("B-15", "a path of 9 KiB", plain(&[&long, "Host: x", CLOSE]), 414, "uri_too_long").unlogged(),
        case("B-09", "a malformed method", plain(&["P(ST /x HTTP/1.1", "Host: x"]), 400, "").unlogged(),
        case("B-09", "CONNECT", connect, 405, "method_not_allowed").unlogged(),
        case("—", "no version of HTTP", plain(&["GET /partner/v1/identity"]), 400, "").unlogged(),
        case("—", "101 fields", plain(&wide), 431, "").unlogged(),
        case("—", "a field of 33 KiB", plain(&[GET, "Host: x", CLOSE, &tall]), 431, "headers_too_large")
            .unlogged(),
        case("B-18", "a stranger who says to be a proxy", spoofed, 405, "method_not_allowed"),
    ];
    world.run(cases).await;
    let noted = world.database.log().await;
    assert_eq!(noted.last().unwrap().remote_address.as_deref(), Some("127.0.0.1"), "B-18");
}

async fn foreign_things_look_missing(backend: Backend) {
    let world = World::new(backend).await;
    assert_eq!(world.site.send(world.post(super::good_order())).await.status.as_u16(), 201);
    let other = world.site.token(&Scope::ALL).await;
    let path = format!("/purchase-orders/{}", super::ORDER);
    let ask = |path: &str| {
        let mut request = partner(Method::GET, path, &other).body(Body::empty()).unwrap();
        let instance = HeaderValue::from_static("019a9d5e-0000-7000-8000-0000000000bb");
        request.headers_mut().insert("partner-instance", instance);
        request
    };
    let mut bodies = Vec::new();
    for path in [path.as_str(), "/purchase-orders/019a9d5e-0000-7000-8000-0000000000ff"] {
        let mut body = world.site.send(ask(path)).await.json();
        body.as_object_mut().unwrap().remove("request_id");
        bodies.push(body);
    }
    assert_eq!(bodies[0], bodies[1], "B-60: another's order and none are told alike");
    world.run(vec![case("B-60", "another partner's order", ask(&path), 404, "not_found")]).await;
    let own = world.site.send(world.get(&path)).await;
    assert_eq!(own.status.as_u16(), 200, "the sender sees it");
}
