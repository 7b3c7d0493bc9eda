//! Tokens: their form, their scopes, and what is shown of them.
//!
//! A token is `oipt_` + 43 characters of base 62 (256 random bits) + 6 characters of CRC-32, so that a misspelled one is
//! refused without asking the database, and a scanner finds a leaked one.

use serde::{Deserialize, Serialize};

use crate::ids::{ContactId, TokenId};
use crate::time::Timestamp;

const PREFIX: &str = "oipt_";
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const SECRET_LENGTH: usize = 43;
const CHECK_LENGTH: usize = 6;

/// What a token may do. Spelled as in the guide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Scope {
    #[serde(rename = "PurchaseOrders:Create")]
    PurchaseOrdersCreate,
    #[serde(rename = "Articles:Read")]
    ArticlesRead,
    #[serde(rename = "Contacts:ReadWrite")]
    ContactsReadWrite,
}

impl Scope {
    /// The three that the guide asks for: the preset *ProdSys to ProdSys*.
    pub const ALL: [Self; 3] = [Self::PurchaseOrdersCreate, Self::ArticlesRead, Self::ContactsReadWrite];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::PurchaseOrdersCreate => "PurchaseOrders:Create",
            Self::ArticlesRead => "Articles:Read",
            Self::ContactsReadWrite => "Contacts:ReadWrite",
        }
    }

    pub fn from_code(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text)
    }
}

/// Days a token may live at most, and what the form proposes.
pub const MAX_DAYS: i64 = 366;
pub const DEFAULT_DAYS: i64 = 90;

/// Makes the token's text of 32 random bytes.
pub fn assemble(random: &[u8; 32]) -> String {
    let mut digits = random.to_vec();
    let mut secret = Vec::with_capacity(SECRET_LENGTH);
    for _ in 0..SECRET_LENGTH {
        let mut remainder = 0u32;
        for digit in &mut digits {
            let value = remainder * 256 + u32::from(*digit);
            *digit = u8::try_from(value / 62).unwrap_or(0);
            remainder = value % 62;
        }
        secret.push(ALPHABET[remainder as usize]);
    }
    secret.reverse();
    let body = format!("{PREFIX}{}", String::from_utf8_lossy(&secret));
    let check = checksum(&body);
    body + &check
}

/// Whether the text has a token's form and checksum. Says nothing about whether it was ever issued.
pub fn is_well_formed(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(PREFIX) else { return false };
    if rest.len() != SECRET_LENGTH + CHECK_LENGTH || !rest.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return false;
    }
    let (body, check) = text.split_at(text.len() - CHECK_LENGTH);
    checksum(body) == check
}

/// The last four characters: all that is ever shown again.
pub fn last_four(text: &str) -> String {
    text.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect()
}

fn checksum(body: &str) -> String {
    let mut value = crc32fast::hash(body.as_bytes());
    let mut check = [b'0'; CHECK_LENGTH];
    for place in check.iter_mut().rev() {
        *place = ALPHABET[(value % 62) as usize];
        value /= 62;
    }
    String::from_utf8_lossy(&check).into_owned()
}

/// Where a token is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenState {
    Active,
    Expired,
    Revoked,
}

/// A row of the token page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRow {
    pub token_id: TokenId,
    pub name: String,
    pub contact_id: Option<ContactId>,
    pub partner_name: Option<String>,
    pub scopes: Vec<Scope>,
    pub last_four: String,
    pub created_at: Timestamp,
    pub created_by: String,
    pub expires_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
    pub last_used_address: Option<String>,
}

impl TokenRow {
    /// The state at a moment.
    pub fn state(&self, now: Timestamp) -> TokenState {
        match self.revoked_at {
            Some(_) => TokenState::Revoked,
            None if self.expires_at <= now => TokenState::Expired,
            None => TokenState::Active,
        }
    }
}

/// A token just made, with its secret: shown once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedToken {
    pub row: TokenRow,
    pub secret: String,
}

impl std::fmt::Debug for IssuedToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "IssuedToken({}, …{})", self.row.token_id, self.row.last_four)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_knows_its_own_misspellings() {
        let token = assemble(&[7; 32]);
        assert_eq!(token.len(), 54);
        assert!(is_well_formed(&token));
        for index in 5..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[index] = if bytes[index] == b'x' { b'y' } else { b'x' };
            assert!(!is_well_formed(&String::from_utf8(bytes).expect("ascii")), "place {index}");
        }
        assert!(!is_well_formed(""));
        assert!(!is_well_formed("oipt_æøå"));
    }

    #[test]
    fn different_bytes_make_different_tokens() {
        assert_ne!(assemble(&[0; 32]), assemble(&[1; 32]));
        assert!(is_well_formed(&assemble(&[255; 32])));
    }
}
