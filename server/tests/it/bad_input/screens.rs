//! B-81 to B-96, B-110: what people type, and what pretends to be a page of ours.

use axum::body::Body;
use domain::roles::Role;
use http::{Method, Request, header};

use super::World;
use super::rows::changed;
use crate::pair::{Backend, on_both_databases};

on_both_databases!(forms_and_functions, new_passwords);

const FORM: &str = "application/x-www-form-urlencoded";

/// Number and what, request, status, code, and the code of one field.
type Row = (String, Request<Body>, u16, &'static str, &'static str);

fn call(method: Method, function: &str, kind: &str, body: impl Into<Body>) -> http::Request<Body> {
    Request::builder()
        .method(method)
        .uri(format!("/api/{function}"))
        .header(header::HOST, "127.0.0.1:8080")
        .header(header::ACCEPT, "application/json")
        .header(header::CONTENT_TYPE, kind)
        .header("sec-fetch-site", "same-origin")
        .body(body.into())
        .unwrap()
}

fn encoded(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// A body that goes on until somebody stops reading.
fn endless() -> Body {
    Body::from_stream(futures::stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b'x'; 64 * 1024])))
}

async fn forms_and_functions(backend: Backend) {
    let world = World::new(backend).await;
    let cookie = world.site.sign_in(Role::Administrator).await;
    let signed_in = |mut request: Request<Body>| {
        request.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
        request
    };
    let post = |function: &str, fields: &[(&str, &str)]| {
        signed_in(call(Method::POST, function, FORM, encoded(fields)))
    };
    let elsewhere = |mut request: Request<Body>| {
        request.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
        request
    };
    // The first request of a session notes when it was seen.
    world.site.get("/oversikt", Some(&cookie)).await;
    let password = "x".repeat(1024 * 1024);
    let switch = encoded(&[("on", "false")]);
    let mut rows: Vec<Row> = vec![
        (
            "B-82 a sign-in of 1 MiB".into(),
            call(
                Method::POST,
                "sign_in",
                FORM,
                encoded(&[("email", "buyer@prove.example"), ("password", &password), ("next", "")]),
            ),
            413,
            "payload_too_large",
            "",
        ),
        (
            "B-82 a sign-in without end".into(),
            call(Method::POST, "sign_in", FORM, endless()),
            413,
            "payload_too_large",
            "",
        ),
        (
            "B-84 GET".into(),
            signed_in(call(Method::GET, "set_extension", FORM, switch.clone())),
            405,
            "method_not_allowed",
            "",
        ),
        (
            "B-84 from another site".into(),
            signed_in(elsewhere(call(Method::POST, "set_extension", FORM, switch.clone()))),
            403,
            "csrf_rejected",
            "",
        ),
        (
            "B-84 as text".into(),
            signed_in(call(Method::POST, "set_extension", "text/plain", switch.clone())),
            415,
            "unsupported_media_type",
            "",
        ),
        (
            "B-84 as JSON".into(),
            signed_in(call(Method::POST, "set_extension", "application/json", "{\"on\":false}")),
            415,
            "unsupported_media_type",
            "",
        ),
        (
            "B-84 3 MiB".into(),
            signed_in(call(Method::POST, "set_extension", FORM, vec![b'x'; 3 * 1024 * 1024])),
            413,
            "payload_too_large",
            "",
        ),
        (
            "B-84 without end".into(),
            signed_in(call(Method::POST, "set_extension", FORM, endless())),
            413,
            "payload_too_large",
            "",
        ),
        (
            "— no such function".into(),
            signed_in(call(Method::POST, "no_such", FORM, "")),
            404,
            "not_found",
            "",
        ),
        (
            "— an argument of another kind".into(),
            post("set_extension", &[("on", "perhaps")]),
            422,
            "missing_field",
            "",
        ),
        (
            "B-52 a search for a zero character".into(),
            post("list_articles", &[("search", "a\0b"), ("page", "1")]),
            422,
            "invalid_character",
            "",
        ),
    ];
    for (address, code) in [
        ("http://partner.example", "https_required"),
        ("https://[::ffff:127.0.0.1]", "endpoint_blocked"),
        ("https://[64:ff9b::7f00:1]", "endpoint_blocked"),
        ("https://[fe80::1%25eth0]", "invalid_url"),
        ("https://169.254.169.254", "endpoint_blocked"),
        ("https://metadata.google.internal", "endpoint_blocked"),
        ("file:///etc/passwd", "https_required"),
        ("javascript:alert(1)", "https_required"),
        ("https://partner.example:22", "port_forbidden"),
        ("https://partner.example:65536", "invalid_url"),
        ("https://a:b@partner.example", "url_userinfo_forbidden"),
    ] {
        rows.push((
            format!("B-85 to B-94 {address}"),
            post("save_connection", &[("endpoint", address)]),
            422,
            code,
            code,
        ));
    }
    for email in ["a@", "a@b.no\r\nBcc: c@d.no", &format!("{}@b.no", "x".repeat(500))] {
        let fields = [
            ("input[name]", "Ny AS"),
            ("input[org_number]", ""),
            ("input[country]", "NO"),
            ("input[street]", ""),
            ("input[postal_code]", ""),
            ("input[city]", ""),
            ("input[email]", email),
            ("input[phone]", ""),
            ("input[contact_person]", ""),
            ("input[contact_email]", ""),
            ("input[is_supplier]", "true"),
            ("input[is_customer]", "false"),
        ];
        let code = if email.len() > 254 {
            "too_long"
        } else if email.contains('\r') {
            "invalid_character"
        } else {
            "invalid_email"
        };
        rows.push((
            format!("B-110 {email:.20}"),
            post("add_contact", &fields),
            422,
            "validation_failed",
            code,
        ));
    }
    let mut wrong = Vec::new();
    for (name, request, status, code, field) in rows {
        let before = world.database.rows().await;
        let answer = world.site.send(request).await;
        let refusal = answer.json()["refusal"].clone();
        let fields = refusal["errors"].as_array().cloned().unwrap_or_default();
        let named = field.is_empty() || fields.iter().any(|error| error["code"] == field);
        if answer.status.as_u16() != status || refusal["code"] != code || !named {
            wrong.push(format!("{name}: {} {:.300}", answer.status, answer.text()));
        }
        let differing = changed(&before, &world.database.rows().await);
        if !differing.is_empty() {
            wrong.push(format!("{name}: rows changed in {differing:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn new_passwords(backend: Backend) {
    let world = World::new(backend).await;
    let add = |password: String, number: usize| {
        let input = services::users::UserInput {
            name: "Ny".to_owned(),
            email: format!("ny{number}@prove.example"),
            role: Role::Reader,
            password,
        };
        services::users::add_user(&world.site.ctx, input)
    };
    let refused = [
        ("x7 ¤ kort ord".to_owned(), "password_too_short"),
        ("passordpassord1".to_owned(), "password_too_common"),
        ("lang ".repeat(205), "too_long"),
    ];
    let before = world.database.rows().await;
    for (number, (password, code)) in refused.into_iter().enumerate() {
        let refusal = add(password, number).await.expect_err(code).refusal();
        assert_eq!(refusal.errors[0].code.as_str(), code, "B-81");
    }
    assert_eq!(changed(&before, &world.database.rows().await), Vec::<String>::new(), "B-81");
    let long = "en 🔩 og en 🔧 ligger i skuffen under vinduet mot fjorden, bak døra".to_owned();
    add(long.clone(), 9).await.unwrap();
    let entered = services::users::sign_in(&world.site.ctx, "ny9@prove.example", &long, "").await;
    assert!(entered.is_ok(), "B-81: accepted unchanged");
}
