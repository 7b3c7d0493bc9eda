//! Refusals on the wire: RFC 9457 with a stable `code`.

use domain::errors::{ErrorCode, Refusal};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// What was wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The contract: stable, in snake case.
    pub code: String,
    /// Names the request in the log of the side that answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemField>,
}

/// One fault in one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProblemField {
    /// A JSON pointer into the document.
    pub pointer: String,
    pub code: String,
}

impl Problem {
    /// The refusal as a problem. Says nothing of this program's inside.
    pub fn from_refusal(refusal: &Refusal, request_id: Option<String>) -> Self {
        let code = refusal.code.as_str();
        let params: Vec<String> = refusal.params.iter().map(|(name, value)| format!("{name}: {value}")).collect();
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
                .map(|error| ProblemField { pointer: error.pointer.clone(), code: error.code.as_str().to_owned() })
                .collect(),
        }
    }

    /// The code, when it is one that is known here.
    pub fn error_code(&self) -> Option<ErrorCode> {
        ErrorCode::from_code(&self.code)
    }

    /// Reads a partner's answer; `None` when it is no problem document.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
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
