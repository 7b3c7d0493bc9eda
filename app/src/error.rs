//! What a server function tells the browser when it did not do what it was asked.

use domain::decimal::parse_strict;
use domain::errors::{ErrorCode, FieldError, Refusal};
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

use crate::format;
use crate::i18n::{Texts, fill};

/// A refusal, or a fault of ours of which the browser learns no more than a reference to the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppError {
    /// The code, the faults per field, and values for the texts.
    pub refusal: Refusal,
    /// The support code of a fault of ours; the log has it too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The browser got no answer at all.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_contact: bool,
}

impl AppError {
    /// A fault of ours, with the reference under which the log has it.
    pub fn internal(reference: impl Into<String>) -> Self {
        Self { reference: Some(reference.into()), ..Self::from(ErrorCode::Internal) }
    }

    /// The status of the HTTP answer that carries this error.
    pub fn http_status(&self) -> u16 {
        self.refusal.code.http_status()
    }

    /// The code of the whole.
    pub fn code(&self) -> ErrorCode {
        self.refusal.code
    }

    /// The first fault at the pointer, such as `/lines/3/quantity`.
    pub fn at(&self, pointer: &str) -> Option<&FieldError> {
        self.refusal.errors.iter().find(|error| error.pointer == pointer)
    }

    /// The whole in words.
    pub fn text(&self, t: Texts) -> String {
        let code = if self.no_contact { "no_contact" } else { self.refusal.code.as_str() };
        fill(t.error(code).unwrap_or(code), |name| value_text(t, &self.refusal.params, name))
    }
}

/// A fault of one field in words, for beside the field.
pub fn field_text(t: Texts, error: &FieldError) -> String {
    let code = error.code.as_str();
    fill(t.field(code).or_else(|| t.error(code)).unwrap_or(code), |name| value_text(t, &error.params, name))
}

/// A value for a text. Numbers come with a point and are shown with the reader's decimal sign.
pub(crate) fn value_text(t: Texts, params: &BTreeMap<String, String>, name: &str) -> Option<String> {
    let value = params.get(name)?;
    match name {
        "thousands" | "decimals" => Some(format::for_input(parse_strict(value).ok()?, t.language())),
        _ => Some(value.clone()),
    }
}

/// What the field at a pointer is called: `/lines/3/quantity` is "Linje 4, Antall". `None` when the field has no name.
pub fn pointer_text(t: Texts, pointer: &str) -> Option<String> {
    let parts: Vec<&str> = pointer.split('/').filter(|part| !part.is_empty()).collect();
    let field = parts.last().and_then(|name| t.label(name));
    match parts.as_slice() {
        ["lines", index, ..] => {
            let line = index.parse::<usize>().ok()? + 1;
            Some(field.map_or_else(|| line.to_string(), |field| t.form_in_line(line, field)))
        }
        // Rows of a file are counted from one, the head among them, as an editor shows them.
        ["rows", row, ..] => {
            let row = row.parse::<usize>().ok()?;
            Some(field.map_or_else(|| row.to_string(), |field| t.form_in_line(row, field)))
        }
        _ => field.map(str::to_owned),
    }
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, reference: None, no_contact: false }
    }
}

impl From<ErrorCode> for AppError {
    fn from(code: ErrorCode) -> Self {
        Refusal::from(code).into()
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.refusal.fmt(f)
    }
}

impl std::error::Error for AppError {}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => {
                Self { no_contact: true, ..Self::from(ErrorCode::Internal) }
            }
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => {
                Self::from(ErrorCode::MissingField)
            }
            _ => Self::from(ErrorCode::Internal),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;

    #[test]
    fn an_error_survives_the_way_to_the_browser() {
        let refusal = Refusal::of_fields(vec![FieldError::new("/name", ErrorCode::TooLong).with("max", 200)]);
        let error = AppError::from(refusal);
        assert_eq!(AppError::de(error.ser()), error);
        assert_eq!(error.http_status(), 422);
    }

    #[test]
    fn fields_are_named_and_their_faults_told() {
        let t = Texts::new(Language::Nb);
        assert_eq!(pointer_text(t, "/lines/3/quantity").as_deref(), Some("Linje 4, Antall"));
        assert_eq!(pointer_text(t, "/email").as_deref(), Some("E-post"));
        assert_eq!(pointer_text(t, "/no_such_field"), None);
        let error = FieldError::new("/name", ErrorCode::TooLong).with("max", 200);
        assert_eq!(field_text(t, &error), "Teksten kan ha høyst 200 tegn.");
    }
}
