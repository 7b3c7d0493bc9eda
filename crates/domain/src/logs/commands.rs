//! A message of ours as a command that sends the same bytes again: for a terminal, or to show somebody. The token is never in it.

use serde::{Deserialize, Serialize};

/// The variable that holds the token where the command is run.
pub const TOKEN_VARIABLE: &str = "PRODSYS_TOKEN";

/// How a message of ours would be sent now, alone: put together from the address, the identity and the token of today. An attempt that was
/// made before may have gone to another address, or with others in one request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    pub method: String,
    pub url: String,
    /// Names and values in the order in which they are sent, without the token.
    pub headers: Vec<(String, String)>,
    /// The last four characters of the token that the connection has now.
    pub token_last_four: Option<String>,
    pub body: String,
}

/// Where a command is to be run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    Curl,
    PowerShell,
}

/// The command. The receiver knows the message by its id and its bytes, so running it changes nothing that is there already.
pub fn command(shell: Shell, outgoing: &Outgoing) -> String {
    match shell {
        Shell::Curl => curl(outgoing),
        Shell::PowerShell => power_shell(outgoing),
    }
}

fn curl(outgoing: &Outgoing) -> String {
    let mut lines = vec![
        format!("curl -X {} {}", outgoing.method, posix(&outgoing.url)),
        format!("  -H \"Authorization: Bearer ${TOKEN_VARIABLE}\""),
    ];
    lines.extend(
        outgoing.headers.iter().map(|(name, value)| format!("  -H {}", posix(&format!("{name}: {value}")))),
    );
    lines.push(format!("  --data-raw {}", posix(&outgoing.body)));
    lines.join(" \\\n")
}

/// Within single quotes a POSIX shell reads nothing but the closing quote.
fn posix(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

fn power_shell(outgoing: &Outgoing) -> String {
    let (content_type, others): (Vec<_>, Vec<_>) =
        outgoing.headers.iter().partition(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let mut lines =
        vec!["$headers = @{".to_owned(), format!("  'Authorization' = \"Bearer $env:{TOKEN_VARIABLE}\"")];
    lines.extend(
        others.iter().map(|(name, value)| format!("  {} = {}", single_quoted(name), single_quoted(value))),
    );
    lines.push("}".to_owned());
    // As bytes: older versions would send a text in another encoding.
    lines.push(format!("$body = [Text.Encoding]::UTF8.GetBytes({})", single_quoted(&outgoing.body)));
    let content_type = content_type.first().map_or("application/json", |(_, value)| value.as_str());
    lines.push(format!(
        "Invoke-RestMethod -Method {} -Uri {} -Headers $headers -ContentType {} -Body $body",
        outgoing.method,
        single_quoted(&outgoing.url),
        single_quoted(content_type)
    ));
    lines.join("\n")
}

/// PowerShell takes the typographic quotes for quotes as well.
fn single_quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    for character in text.chars() {
        if matches!(character, '\'' | '\u{2018}'..='\u{201b}') {
            quoted.push(character);
        }
        quoted.push(character);
    }
    quoted.push('\'');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outgoing() -> Outgoing {
        Outgoing {
            method: "POST".into(),
            url: "https://bolt.example/partner/v1/purchase-orders".into(),
            headers: vec![
                ("Idempotency-Key".into(), "\"0199\"".into()),
                ("Content-Type".into(), "application/json".into()),
            ],
            token_last_four: Some("9f3c".into()),
            body: r#"{"note":"Kari's $HOME `x` \\ ’hei’"}"#.into(),
        }
    }

    #[test]
    fn a_command_for_a_terminal_quotes_everything_and_names_no_token() {
        let expected = r#"curl -X POST 'https://bolt.example/partner/v1/purchase-orders' \
  -H "Authorization: Bearer $PRODSYS_TOKEN" \
  -H 'Idempotency-Key: "0199"' \
  -H 'Content-Type: application/json' \
  --data-raw '{"note":"Kari'\''s $HOME `x` \\ ’hei’"}'"#;
        assert_eq!(command(Shell::Curl, &outgoing()), expected);
    }

    #[test]
    fn a_command_for_power_shell_doubles_every_kind_of_quote() {
        let text = command(Shell::PowerShell, &outgoing());
        assert!(text.contains(r#"'{"note":"Kari''s $HOME `x` \\ ’’hei’’"}'"#), "{text}");
        assert!(text.contains("'Authorization' = \"Bearer $env:PRODSYS_TOKEN\""), "{text}");
        assert!(text.contains("-ContentType 'application/json'") && !text.contains("9f3c"), "{text}");
    }
}
