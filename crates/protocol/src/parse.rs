//! Strict reading of documents: every fault gets its own code and place.

use domain::errors::{ErrorCode, FieldError, Refusal};
use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};

use crate::object_only::ObjectOnly;

/// Reads exactly one document of JSON in UTF-8 without a byte order mark.
///
/// # Errors
/// `invalid_encoding`, `malformed_json`, `duplicate_field`, or `validation_failed` with the field's own code: `unknown_field`,
/// `missing_field`, `decimal_must_be_string`, `invalid_decimal`, `decimal_out_of_range`, `invalid_date`.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|_| Refusal::from(ErrorCode::InvalidEncoding))?;
    // A zero byte among the first four is UTF-16 or UTF-32 without a mark; no JSON text begins so.
    if text.starts_with('\u{feff}') || bytes.iter().take(4).any(|byte| *byte == 0) {
        return Err(ErrorCode::InvalidEncoding.into());
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    let value: ObjectOnly<T> = serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| refusal(error.path(), error.inner()))?;
    reader.end().map_err(|_| Refusal::from(ErrorCode::MalformedJson))?;
    Ok(value.0)
}

fn refusal(path: &Path, error: &serde_json::Error) -> Refusal {
    if !error.is_data() {
        return ErrorCode::MalformedJson.into();
    }
    let message = error.to_string();
    let pointer = pointer(path);
    let named = |prefix: &str| {
        message.strip_prefix(prefix).and_then(|rest| rest.split('`').nth(1)).map(str::to_owned)
    };
    if message.starts_with("duplicate field") {
        return ErrorCode::DuplicateField.into();
    }
    if let Some(field) = named("unknown field") {
        // The path names the unknown field itself when the reader had come so far.
        let place = format!("/{}", escaped(&field));
        let whole = if pointer.ends_with(&place) { pointer } else { pointer + &place };
        return Refusal::of_field(whole, ErrorCode::UnknownField);
    }
    if let Some(field) = named("missing field") {
        return Refusal::of_field(format!("{pointer}/{field}"), ErrorCode::MissingField);
    }
    let known = [
        ("decimal_must_be_string", ErrorCode::DecimalMustBeString),
        ("decimal_out_of_range", ErrorCode::DecimalOutOfRange),
        ("invalid_decimal", ErrorCode::InvalidDecimal),
        ("invalid_date", ErrorCode::InvalidDate),
    ];
    let code = known
        .iter()
        .find(|(text, _)| message.contains(text))
        .map_or(ErrorCode::ValidationFailed, |(_, code)| *code);
    Refusal::of_fields(vec![FieldError::new(pointer, code)])
}

/// A key as it stands in a JSON pointer (RFC 6901), of bounded length.
fn escaped(key: &str) -> String {
    key.chars().take(100).collect::<String>().replace('~', "~0").replace('/', "~1")
}

fn pointer(path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path.iter() {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => pointer.push_str(&format!("/{}", escaped(key))),
            Segment::Enum { variant } => pointer.push_str(&format!("/{variant}")),
            Segment::Unknown => {}
        }
    }
    pointer
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::{ArticleLookupRequest, DocumentLine};

    fn check(json: &str, code: ErrorCode, field: Option<(&str, ErrorCode)>) {
        let refusal = parse::<DocumentLine>(json.as_bytes()).expect_err(json);
        assert_eq!(refusal.code, code, "{json}");
        let found = refusal.errors.first().map(|error| (error.pointer.as_str(), error.code));
        assert_eq!(found, field, "{json}");
    }

    #[test]
    fn every_fault_has_its_code_and_place() {
        use ErrorCode as E;
        check("{", E::MalformedJson, None);
        check("{} {}", E::ValidationFailed, Some(("/line_number", E::MissingField)));
        check("// x\n{}", E::MalformedJson, None);
        check(r#"{"line_number":1,"line_number":2}"#, E::DuplicateField, None);
        check(r#"{"price":"1"}"#, E::ValidationFailed, Some(("/price", E::UnknownField)));
        check(r#"{"quantity":1.5}"#, E::ValidationFailed, Some(("/quantity", E::DecimalMustBeString)));
        check(r#"{"quantity":"1e3"}"#, E::ValidationFailed, Some(("/quantity", E::InvalidDecimal)));
        check(r#"{"quantity":"0.0000001"}"#, E::ValidationFailed, Some(("/quantity", E::DecimalOutOfRange)));
        check(r#"{"line_number":"1"}"#, E::ValidationFailed, Some(("/line_number", E::ValidationFailed)));
        check(r#"{"line_number":NaN}"#, E::MalformedJson, None);
    }

    #[test]
    fn encodings() {
        for bytes in [
            &b"\xef\xbb\xbf{}"[..],
            &b"\xff\xfe{"[..],
            &b"{\0}\0"[..],
            &b"\xc0\xaf"[..],
            &b"{\"numbers\":[\"\xe6\"]}"[..],
        ] {
            assert_eq!(
                parse::<ArticleLookupRequest>(bytes).expect_err("refused").code,
                ErrorCode::InvalidEncoding
            );
        }
        let surrogate = br#"{"numbers":["\ud800"]}"#;
        assert_eq!(
            parse::<ArticleLookupRequest>(surrogate).expect_err("refused").code,
            ErrorCode::MalformedJson
        );
        let two = br#"{"numbers":[]}{"numbers":[]}"#;
        assert_eq!(parse::<ArticleLookupRequest>(two).expect_err("refused").code, ErrorCode::MalformedJson);
    }
}
