//! Canonical bytes: a document is written once, and those bytes are what is hashed, sent, stored and sent again.

use serde::Serialize;
use sha2::{Digest, Sha256};

/// The document as compact JSON with its fields in the order of their declaration.
///
/// # Errors
/// Only for values that JSON cannot hold; our documents have none.
pub fn canonical_bytes<T: Serialize>(document: &T) -> Result<Vec<u8>, serde_json::Error> {
    serde_json::to_vec(document)
}

/// SHA-256 of the bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// SHA-256 of the bytes as 64 lower-case hexadecimal digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&sha256(bytes))
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
