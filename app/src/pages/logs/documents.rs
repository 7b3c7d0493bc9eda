//! What is sent and what was answered: set out line by line or as it stands on the wire, and ways to take it along.

use domain::logs::{LogDetail, Outgoing, Shell, command};
use domain::masking::token_ending;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{cause_text, href, operation_text, partner_text};
use crate::components::{CopyAddress, CopyButton, Tab, ViewTabs};
use crate::format;
use crate::i18n::{Texts, use_texts};
use crate::pages::lists::address;

/// The parameter and its value for documents as they stand on the wire.
const FORM: &str = "form";
const RAW: &str = "raa";

/// JSON with one member a line, in the order in which it was written; anything else as it is.
fn pretty(text: &str) -> String {
    if serde_json::from_str::<serde::de::IgnoredAny>(text).is_err() {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() * 2);
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if quoted {
            out.push(character);
            (quoted, escaped) = (escaped || character != '"', !escaped && character == '\\');
            continue;
        }
        match character {
            '"' => {
                quoted = true;
                out.push(character);
            }
            '{' | '[' => {
                out.push(character);
                while characters.next_if(char::is_ascii_whitespace).is_some() {}
                // Nothing inside stays on its line.
                if let Some(end) = characters.next_if(|next| matches!(next, '}' | ']')) {
                    out.push(end);
                } else {
                    depth += 1;
                    new_line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                new_line(&mut out, depth);
                out.push(character);
            }
            ',' => {
                out.push(character);
                new_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            character if character.is_ascii_whitespace() => {}
            character => out.push(character),
        }
    }
    out
}

fn new_line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

/// A request as it would stand on the wire now, with the token's ending in its place.
fn on_the_wire(outgoing: &Outgoing) -> String {
    let path = outgoing.url.splitn(4, '/').nth(3).unwrap_or_default();
    let token = outgoing.token_last_four.as_deref().map_or_else(|| "…".to_owned(), token_ending);
    let mut lines =
        vec![format!("{} /{path} HTTP/1.1", outgoing.method), format!("authorization: Bearer {token}")];
    lines.extend(outgoing.headers.iter().map(|(name, value)| format!("{name}: {value}")));
    format!("{}\n\n{}", lines.join("\n"), outgoing.body)
}

/// *Forespørsel* and *Svar*, *Formatert* or *Rå*.
#[component]
pub(super) fn Documents(detail: LogDetail) -> impl IntoView {
    let t = use_texts();
    let query = use_query_map();
    let raw = Memo::new(move |_| query.with(|query| query.get(FORM).as_deref() == Some(RAW)));
    let page = href(&detail.row);
    let tabs = move || {
        let tab = |text: &str, form: &str, current: bool| Tab {
            text: text.to_owned(),
            href: address(&page, &[(FORM, form)]),
            count: None,
            current,
        };
        vec![tab(t.logs_pretty(), "", !raw.get()), tab(t.logs_raw(), RAW, raw.get())]
    };
    let (request, response) = (detail.request, detail.response);
    let outgoing = StoredValue::new(detail.outgoing);
    let note = move || {
        let is_made = raw.get() && outgoing.with_value(Option::is_some);
        is_made.then(|| t.logs_as_sent_now())
    };
    let request = move || match raw.get() {
        true => outgoing.with_value(|made| made.as_ref().map(on_the_wire)).or_else(|| request.clone()),
        false => request.as_deref().map(pretty),
    };
    let response = move || if raw.get() { response.clone() } else { response.as_deref().map(pretty) };
    view! {
        <section class="panel" aria-labelledby="h-documents">
            <header>
                <h2 id="h-documents">{t.logs_documents()}</h2>
            </header>
            {move || view! { <ViewTabs label=t.logs_form() tabs=tabs()/> }}
            <div class="stack pad">
                {move || view! { <Document title=t.logs_request() text=request() note=note() open=true/> }}
                {move || view! { <Document title=t.logs_response() text=response() note=None open=true/> }}
            </div>
        </section>
    }
}

#[component]
fn Document(
    title: &'static str,
    text: Option<String>,
    /// What to know about the text before it is believed.
    note: Option<&'static str>,
    open: bool,
) -> impl IntoView {
    let t = use_texts();
    let size = text.as_ref().map(|text| t.logs_size(format::whole(text.len() as i64, t.language())));
    let inside = match text {
        Some(text) => view! {
            <pre class="codeblk" tabindex="0" role="region" aria-label=title>{text.clone()}</pre>
            <div class="row"><CopyButton text/></div>
        }
        .into_any(),
        None => view! { <p class="sm muted">{t.logs_nothing()}</p> }.into_any(),
    };
    view! {
        <details open=open>
            <summary>{title} {size.map(|size| view! { <span class="muted sm">{size}</span> })}</summary>
            <div class="stack s">{note.map(|note| view! { <p class="sm muted" data-test="as-sent-now">{note}</p> })} {inside}</div>
        </details>
    }
}

/// *Kopier*: as commands, as JSON, as an address, and as facts for whoever helps. None of them has a secret in it.
#[component]
pub(super) fn Copies(detail: LogDetail) -> impl IntoView {
    let t = use_texts();
    let facts = for_support(t, &detail);
    let commands = detail.outgoing.as_ref().map(|outgoing| {
        let (curl, power_shell) = (command(Shell::Curl, outgoing), command(Shell::PowerShell, outgoing));
        view! {
            <p class="sm muted">{t.logs_as_sent_now()}</p>
            <p class="sm muted">{t.logs_command_hint()}</p>
            <pre class="codeblk" tabindex="0" role="region" aria-label="cURL" data-test="curl">{curl.clone()}</pre>
            <div class="row" data-test="copy-commands">
                <CopyButton text=curl label=t.logs_copy_curl()/>
                <CopyButton text=power_shell label=t.logs_copy_power_shell()/>
            </div>
        }
    });
    let json = detail
        .request
        .as_ref()
        .map(|request| view! { <CopyButton text=request.clone() label=t.logs_copy_json()/> });
    view! {
        <details class="card" data-test="copies">
            <summary>{t.frame_copy()}</summary>
            <div class="stack s">
                {commands}
                <div class="row">
                    {json} <CopyAddress label=t.logs_copy_address()/>
                    <CopyButton text=facts label=t.logs_copy_for_support()/>
                </div>
            </div>
        </details>
    }
}

/// What somebody who helps needs to know, in one text.
fn for_support(t: Texts, detail: &LogDetail) -> String {
    let row = &detail.row;
    let language = t.language();
    let mut lines = vec![
        format!("{}, {}", operation_text(t, row), partner_text(t, row)),
        format!("{}: {}", t.logs_time(), format::date_time_seconds(row.at, language)),
        format!("{}: {}", t.logs_operation(), row.operation),
    ];
    let mut fact = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            lines.push(format!("{name}: {value}"));
        }
    };
    fact(t.logs_subject(), row.subject.clone());
    fact(t.logs_correlation(), row.correlation_id.map(|id| id.to_string()));
    fact(t.logs_id(), Some(row.id.to_string()));
    fact(t.logs_http_status(), row.http_status.map(|status| status.to_string()));
    fact(t.logs_error_code(), row.error.map(|code| code.as_str().to_owned()));
    fact(t.logs_cause(), row.error.map(|code| cause_text(t, row.direction, code)));
    fact(t.logs_attempts(), Some(row.attempts.to_string()));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_written_out_and_the_rest_left_alone() {
        let document = r#"{"b":"x, {\"y\": [1]}\\","a":[1,{}], "c" : [ ]}"#;
        let expected =
            "{\n  \"b\": \"x, {\\\"y\\\": [1]}\\\\\",\n  \"a\": [\n    1,\n    {}\n  ],\n  \"c\": []\n}";
        assert_eq!(pretty(document), expected);
        assert_eq!(pretty("502 Bad Gateway"), "502 Bad Gateway");
    }

    #[test]
    fn a_request_stands_as_on_the_wire_without_its_token() {
        let outgoing = Outgoing {
            method: "POST".into(),
            url: "https://bolt.example/partner/v1/purchase-orders".into(),
            headers: vec![("content-type".into(), "application/json".into())],
            token_last_four: Some("9f3c".into()),
            body: "{}".into(),
        };
        assert_eq!(
            on_the_wire(&outgoing),
            "POST /partner/v1/purchase-orders HTTP/1.1\nauthorization: Bearer oipt_…9f3c\n\
             content-type: application/json\n\n{}"
        );
    }
}
