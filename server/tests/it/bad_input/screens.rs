//! B-81 to B-96, B-110: what people type, and what pretends to be a page of ours.

use axum::body::Body;
use domain::roles::Role;
use http::{Method, Request, header};

use super::World;
use super::rows::changed;
use crate::pair::{Backend, on_both_databases};

on_both_databases!(sign_in_and_functions, addresses_that_people_type, new_passwords);

const FORM: &str = "application/x-www-form-urlencoded";

/// Number and what, request, status, code, and the code of one field.
pub type Row = (String, Request<Body>, u16, &'static str, &'static str);

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
pub fn endless() -> Body {
    Body::from_stream(futures::stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b'x'; 64 * 1024])))
}

/// Someone who is signed in.
pub struct Person<'a> {
    world: &'a World,
    pub cookie: String,
}

impl<'a> Person<'a> {
    pub async fn of(world: &'a World) -> Self {
        Self::in_role(world, Role::Administrator).await
    }

    pub async fn in_role(world: &'a World, role: Role) -> Self {
        let cookie = world.site.sign_in(role).await;
        // The first request of a session notes when it was seen.
        world.site.get("/oversikt", Some(&cookie)).await;
        Self { world, cookie }
    }

    pub fn sends(&self, mut request: Request<Body>) -> Request<Body> {
        request.headers_mut().insert(header::COOKIE, self.cookie.parse().unwrap());
        request
    }

    pub fn posts(&self, function: &str, fields: &[(&str, &str)]) -> Request<Body> {
        self.sends(call(Method::POST, function, FORM, encoded(fields)))
    }

    /// Runs the table; all rows that went wrong are told at once.
    pub async fn run(&self, rows: Vec<Row>) {
        let mut wrong = Vec::new();
        for (name, request, status, code, field) in rows {
            let before = self.world.database.rows().await;
            let answer = self.world.site.send(request).await;
            let refusal = answer.json()["refusal"].clone();
            let fields = refusal["errors"].as_array().cloned().unwrap_or_default();
            let named = field.is_empty() || fields.iter().any(|error| error["code"] == field);
            if answer.status.as_u16() != status || refusal["code"] != code || !named {
                wrong.push(format!("{name}: {} {:.300}", answer.status, answer.text()));
            }
            let differing = changed(&before, &self.world.database.rows().await);
            if !differing.is_empty() {
                wrong.push(format!("{name}: rows changed in {differing:?}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

async fn sign_in_and_functions(backend: Backend) {
    let world = World::new(backend).await;
    let person = Person::of(&world).await;
    let switch =
        |method: Method, kind: &str, body: Body| person.sends(call(method, "set_extension", kind, body));
    let off = || Body::from(encoded(&[("on", "false")]));
    let mut elsewhere = switch(Method::POST, FORM, off());
    elsewhere.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
    let long =
        encoded(&[("email", "buyer@prove.example"), ("password", &"x".repeat(1024 * 1024)), ("next", "")]);
    let zero = [("question", "a\0b"), ("page", "1")];
    let unanswered = [
        ("answer", "reject"),
        ("drafts[0][draft_id]", "019a9d5e-0000-7000-8000-000000000001"),
        ("drafts[0][version]", "1"),
    ];
    let large = Body::from(vec![b'x'; 3 * 1024 * 1024]);
    let row = |name: &str, request, status, code| (name.to_owned(), request, status, code, "");
    let rows = vec![
        row("B-82 a sign-in of 1 MiB", call(Method::POST, "sign_in", FORM, long), 413, "payload_too_large"),
        row("B-82 one without end", call(Method::POST, "sign_in", FORM, endless()), 413, "payload_too_large"),
        row("B-84 GET", switch(Method::GET, FORM, off()), 405, "method_not_allowed"),
        row("B-84 from another site", elsewhere, 403, "csrf_rejected"),
        row("B-84 as text", switch(Method::POST, "text/plain", off()), 415, "unsupported_media_type"),
        row("B-84 as JSON", switch(Method::POST, "application/json", off()), 415, "unsupported_media_type"),
        row("B-84 3 MiB", switch(Method::POST, FORM, large), 413, "payload_too_large"),
        row("B-84 without end", switch(Method::POST, FORM, endless()), 413, "payload_too_large"),
        row("— no such function", person.posts("no_such", &[]), 404, "not_found"),
        row("— no such choice", person.posts("set_extension", &[("on", "perhaps")]), 422, "missing_field"),
        row("B-52 a zero character", person.posts("list_articles", &zero), 422, "invalid_character"),
        row("— no drafts", person.posts("answer_drafts", &[("answer", "approve")]), 422, "validation_failed"),
        row("— no reason", person.posts("answer_drafts", &unanswered), 422, "validation_failed"),
        row("— no answer", person.posts("answer_drafts", &[("answer", "perhaps")]), 422, "missing_field"),
        row("— no such list", person.posts("list_sales_orders", &[("page", "first")]), 422, "missing_field"),
    ];
    person.run(rows).await;
}

async fn addresses_that_people_type(backend: Backend) {
    let world = World::new(backend).await;
    let person = Person::of(&world).await;
    let endpoints = [
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
    ];
    let mut rows: Vec<Row> = Vec::new();
    for (address, code) in endpoints {
        let request = person.posts("save_connection", &[("endpoint", address)]);
        rows.push((format!("B-85 to B-94 {address}"), request, 422, code, code));
    }
    let long = format!("{}@b.no", "x".repeat(500));
    let mails =
        [("a@", "invalid_email"), ("a@b.no\r\nBcc: c@d.no", "invalid_character"), (&long, "too_long")];
    for (email, code) in mails {
        let empty =
            ["org_number", "street", "postal_code", "city", "phone", "contact_person", "contact_email"];
        let filled = [
            ("name", "Ny AS"),
            ("country", "NO"),
            ("email", email),
            ("is_supplier", "true"),
            ("is_customer", "false"),
        ];
        let names: Vec<(String, &str)> = empty
            .into_iter()
            .map(|name| (name, ""))
            .chain(filled)
            .map(|(name, value)| (format!("input[{name}]"), value))
            .collect();
        let fields: Vec<(&str, &str)> = names.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        let request = person.posts("add_contact", &fields);
        rows.push((format!("B-110 {email:.20}"), request, 422, "validation_failed", code));
    }
    person.run(rows).await;
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
