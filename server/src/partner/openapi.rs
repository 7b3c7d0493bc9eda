//! The description of the partner API, made from the code, and a page that shows it and loads nothing from outside.

use axum::Json;
use axum::response::Html;
use std::fmt::Write;
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::v1;

#[derive(OpenApi)]
#[openapi(
    info(title = "ProdSys partner API", description = "Orders between companies. Every request carries a bearer token and the \
        headers `Partner-Instance`, `Partner-Epoch` and `Partner-Api-Version: 1`. Errors are RFC 9457 problems with a stable `code`."),
    paths(
        v1::identity::read, v1::articles::page, v1::articles::lookup, v1::contacts::page, v1::contacts::save,
        v1::purchase_orders::receive, v1::purchase_orders::receive_batch, v1::purchase_orders::check,
        v1::purchase_orders::state, v1::events::page
    ),
    modifiers(&BearerToken)
)]
struct PartnerApi;

struct BearerToken;

impl Modify for BearerToken {
    fn modify(&self, document: &mut Document) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("oipt_…").build();
        let components = document.components.get_or_insert_with(Default::default);
        components.add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

/// The description as a value.
pub fn description() -> Document {
    PartnerApi::openapi()
}

/// `GET /partner/v1/openapi.json`.
pub async fn document() -> Json<Document> {
    Json(description())
}

/// `GET /partner/v1/docs`.
pub async fn page() -> Html<String> {
    Html(render(&serde_json::to_value(description()).unwrap_or_default()))
}

fn render(document: &serde_json::Value) -> String {
    let text = |value: &serde_json::Value| escape(value.as_str().unwrap_or_default());
    let mut page = String::from(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>ProdSys partner API</title></head><body>",
    );
    let _ = write!(
        page,
        "<h1>{}</h1><p>{}</p>",
        text(&document["info"]["title"]),
        text(&document["info"]["description"])
    );
    page.push_str("<p><a href=\"/partner/v1/openapi.json\">openapi.json</a></p>");
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let _ = write!(
                page,
                "<h2><code>{} {}</code></h2><p>{}</p>",
                escape(&method.to_uppercase()),
                escape(path),
                text(&operation["summary"])
            );
            let details = serde_json::to_string_pretty(operation).unwrap_or_default();
            let _ = write!(page, "<details><summary>JSON</summary><pre>{}</pre></details>", escape(&details));
        }
    }
    page.push_str("<h2>Schemas</h2>");
    for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
        let details = serde_json::to_string_pretty(schema).unwrap_or_default();
        let _ = write!(
            page,
            "<details><summary>{}</summary><pre>{}</pre></details>",
            escape(name),
            escape(&details)
        );
    }
    page.push_str("</body></html>");
    page
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
