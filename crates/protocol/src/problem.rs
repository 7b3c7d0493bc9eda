//! Refusals on the wire: RFC 9457 with a stable `code`.

use domain::errors::{ErrorCode, Refusal};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// What was wrong with a request. Read leniently: what a partner leaves out is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    #[serde(rename = "type", default)]
    pub kind: String,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub status: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The contract: stable, in snake case.
    #[serde(default)]
    pub code: String,
    /// Names the request in the log of the side that answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemField>,
}

/// One fault in one place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProblemField {
    /// A JSON pointer into the document.
    #[serde(default)]
    pub pointer: String,
    #[serde(default)]
    pub code: String,
    /// Values that the code speaks of, such as the total that was stated and the one that was computed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, String>,
}

impl Problem {
    /// The refusal as a problem. Says nothing of this program's inside.
    pub fn from_refusal(refusal: &Refusal, request_id: Option<String>) -> Self {
        let code = refusal.code.as_str();
        let params: Vec<String> =
            refusal.params.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        Self {
            kind: format!("urn:prodsys:problem:{code}"),
            title: title(code),
            status: refusal.code.http_status(),
            detail: (!params.is_empty()).then(|| params.join("; ")),
            code: code.to_owned(),
            request_id,
            errors: refusal
                .errors
                .iter()
                .map(|error| ProblemField {
                    pointer: error.pointer.clone(),
                    code: error.code.as_str().to_owned(),
                    params: error.params.clone(),
                })
                .collect(),
        }
    }

    /// The code, when it is one that is known here.
    pub fn error_code(&self) -> Option<ErrorCode> {
        ErrorCode::from_code(&self.code)
    }

    /// Reads a partner's answer: an object with a code or a title, whatever else it holds. `None` for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        // Without this, an array of the fields in their order would be read too.
        if !bytes.trim_ascii_start().starts_with(b"{") {
            return None;
        }
        let problem: Self = serde_json::from_slice(bytes).ok()?;
        (!problem.code.is_empty() || !problem.title.is_empty()).then_some(problem)
    }
}

/// `quantity_not_positive` as "Quantity not positive".
fn title(code: &str) -> String {
    let mut text = code.replace('_', " ");
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::errors::FieldError;

    #[test]
    fn a_refusal_survives_the_way() {
        let error = FieldError::new("/net_total", ErrorCode::TotalMismatch)
            .with("stated", "1.00")
            .with("computed", "2.00");
        let problem = Problem::from_refusal(&Refusal::of_fields(vec![error]), Some("r1".to_owned()));
        assert_eq!((problem.status, problem.title.as_str()), (422, "Validation failed"));
        let bytes = serde_json::to_vec(&problem).expect("plain");
        let read = Problem::from_bytes(&bytes).expect("a problem");
        assert_eq!(read, problem);
        assert_eq!(read.errors[0].params["computed"], "2.00");
        assert_eq!(read.error_code(), Some(ErrorCode::ValidationFailed));
    }

    #[test]
    fn foreign_problems_are_read_leniently() {
        let read = Problem::from_bytes(br#" {"title":"Nope","extra":[1]}"#).expect("a problem");
        assert_eq!((read.error_code(), read.status), (None, 0));
        for bytes in [
            &b""[..],
            b"<html>",
            b"{}",
            b"[]",
            br#"["x","y",1]"#,
            b"null",
            b"\"x\"",
            br#"{"status":"x","code":"y"}"#,
        ] {
            assert_eq!(Problem::from_bytes(bytes), None, "{bytes:?}");
        }
    }
}
