//! The headers of the partner API.

use domain::errors::ErrorCode;
use domain::ids::MessageId;

/// Which instance calls: a UUID.
pub const PARTNER_INSTANCE: &str = "partner-instance";
/// The caller's epoch: a whole number that a restore raises.
pub const PARTNER_EPOCH: &str = "partner-epoch";
/// The version of the partner API that the caller speaks.
pub const API_VERSION: &str = "partner-api-version";
/// The message's id.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// `true` when the answer was given before.
pub const REPLAYED: &str = "idempotent-replayed";
/// Follows one piece of work through both systems.
pub const CORRELATION_ID: &str = "correlation-id";

/// Reads an idempotency key: a UUID, quoted (draft-ietf-httpapi-idempotency-key-header) or bare, in any case.
///
/// # Errors
/// [`ErrorCode::IdempotencyKeyInvalid`] for anything else.
pub fn idempotency_key(value: &[u8]) -> Result<MessageId, ErrorCode> {
    let text = std::str::from_utf8(value).map_err(|_| ErrorCode::IdempotencyKeyInvalid)?.trim();
    let bare = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    if bare.len() != 36 {
        return Err(ErrorCode::IdempotencyKeyInvalid);
    }
    bare.parse().map_err(|_| ErrorCode::IdempotencyKeyInvalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_key_in_three_spellings() {
        let bare = "019a9d5e-0000-7000-8000-00000000000a";
        let key = idempotency_key(bare.as_bytes());
        assert!(key.is_ok());
        assert_eq!(idempotency_key(format!("\"{bare}\"").as_bytes()), key);
        assert_eq!(idempotency_key(bare.to_uppercase().as_bytes()), key);
        for text in ["", "\"\"", "abc", "019a9d5e000070008000000000000000a", "æ"] {
            assert_eq!(idempotency_key(text.as_bytes()), Err(ErrorCode::IdempotencyKeyInvalid), "{text}");
        }
        assert!(idempotency_key(&[0xff; 36]).is_err());
    }
}
