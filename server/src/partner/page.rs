//! The description of the partner API as a page: plain HTML made from the document, without scripts, and nothing from outside.
//!
//! It is in English, as the document is: its readers program systems of other companies.

use std::fmt::Write;

use axum::response::{Html, IntoResponse, Response};
use http::header;
use serde_json::{Map, Value};

use super::openapi;
use crate::http::rules::PLAIN_PAGE;

/// `GET /partner/v1/docs`.
pub async fn show() -> Response {
    let document = serde_json::to_value(openapi::description()).unwrap_or_default();
    ([(header::CONTENT_SECURITY_POLICY, PLAIN_PAGE)], Html(render(&document))).into_response()
}

fn render(document: &Value) -> String {
    let mut page = String::from(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>ProdSys partner API</title><link rel=\"icon\" href=\"data:,\">\
         <link rel=\"stylesheet\" href=\"/pkg/prodsys.css\"></head><body><main class=\"main\" id=\"main\">",
    );
    let info = &document["info"];
    let _ = write!(
        page,
        "<header class=\"head\"><h1>{}</h1></header><p>{}</p>\
         <p><a href=\"/partner/v1/openapi.json\">openapi.json</a></p><h2>Calls</h2>",
        escape(text(&info["title"])),
        marked(text(&info["description"]))
    );
    let calls: Vec<(&str, &str, &Value)> = members(&document["paths"])
        .flat_map(|(path, methods)| members(methods).map(move |(method, call)| (path, method, call)))
        .collect();
    page.push_str("<ul class=\"stack s\">");
    for (path, method, call) in &calls {
        let _ = write!(
            page,
            "<li><a href=\"#{}\"><code>{}</code></a></li>",
            anchor(call),
            escape(&name(path, method))
        );
    }
    page.push_str("</ul>");
    for (path, method, call) in &calls {
        write_call(&mut page, path, method, call);
    }
    page.push_str("<h2>Documents</h2>");
    for (name, schema) in members(&document["components"]["schemas"]) {
        write_schema(&mut page, name, schema);
    }
    page.push_str("</main></body></html>");
    page
}

fn write_call(page: &mut String, path: &str, method: &str, call: &Value) {
    let _ = write!(
        page,
        "<section class=\"card stack s\"><h3 id=\"{}\"><code>{}</code></h3><p>{}</p>",
        anchor(call),
        escape(&name(path, method)),
        marked(&[text(&call["summary"]), text(&call["description"])].join(" "))
    );
    let scopes: Vec<&str> = items(&call["security"]).flat_map(|one| items(&one["token"])).map(text).collect();
    let scopes = if scopes.is_empty() { "any token".to_owned() } else { scopes.join(", ") };
    let _ = write!(page, "<p>Scope: {}</p>", escape(&scopes));
    let parameters: Vec<&Value> = items(&call["parameters"]).collect();
    if !parameters.is_empty() {
        page.push_str("<ul class=\"stack s\">");
        for parameter in parameters {
            let _ = write!(
                page,
                "<li><code>{}</code> ({}): {}</li>",
                escape(text(&parameter["name"])),
                escape(text(&parameter["in"])),
                marked(text(&parameter["description"]))
            );
        }
        page.push_str("</ul>");
    }
    if call["requestBody"].is_object() {
        let _ = write!(page, "<p>Sends {}</p>", bodies(&call["requestBody"]));
    }
    page.push_str("<ul class=\"stack s\">");
    for (status, response) in members(&call["responses"]) {
        let _ = write!(
            page,
            "<li>{}: {} {}</li>",
            escape(status),
            bodies(response),
            marked(text(&response["description"]))
        );
    }
    page.push_str("</ul></section>");
}

/// The documents of a request or an answer, by media type.
fn bodies(of: &Value) -> String {
    let all: Vec<String> = members(&of["content"])
        .map(|(kind, content)| format!("{} <code>{}</code>", kind_of(&content["schema"]), escape(kind)))
        .collect();
    all.join(", ")
}

fn write_schema(page: &mut String, name: &str, schema: &Value) {
    let _ = write!(
        page,
        "<section class=\"card stack s\"><h3 id=\"schema-{0}\">{0}</h3><p>{1}</p><ul class=\"stack s\">",
        escape(name),
        marked(text(&schema["description"]))
    );
    let required: Vec<&str> = items(&schema["required"]).map(text).collect();
    for (field, about) in members(&schema["properties"]) {
        let must = if required.contains(&field) { "" } else { ", optional" };
        let _ = write!(
            page,
            "<li><code>{}</code> ({}{must}) {}</li>",
            escape(field),
            kind_of(about),
            marked(text(&about["description"]))
        );
    }
    page.push_str("</ul></section>");
}

/// What kind of value a schema asks for; a document of ours as a link.
fn kind_of(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
        return format!("<a href=\"#schema-{0}\">{0}</a>", escape(name));
    }
    let choices: Vec<String> = items(&schema["oneOf"]).map(kind_of).collect();
    if !choices.is_empty() {
        return choices.join(" or ");
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().map(text).collect(),
        kind => vec![text(kind)],
    };
    if kinds.contains(&"array") {
        return format!("list of {}", kind_of(&schema["items"]));
    }
    escape(&kinds.join(" or "))
}

fn name(path: &str, method: &str) -> String {
    format!("{} {path}", method.to_uppercase())
}

fn anchor(call: &Value) -> String {
    escape(text(&call["operationId"]))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter).map(|(name, value)| (name.as_str(), value))
}

/// The text with what stands between backticks as code.
fn marked(text: &str) -> String {
    let pieces = text.split('`').enumerate();
    pieces
        .map(|(place, piece)| match place % 2 {
            0 => escape(piece),
            _ => format!("<code>{}</code>", escape(piece)),
        })
        .collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
