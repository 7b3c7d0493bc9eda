//! Passwords: what is refused, and the slow hash of the rest.

use std::sync::LazyLock;

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::errors::{ErrorCode, FieldError};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::error::ServiceError;

/// A passphrase of a few words is longer.
const MIN_CHARACTERS: usize = 15;
/// Longer ones would only cost time.
pub(crate) const MAX_BYTES: usize = 1024;

/// Each hash takes 19 MiB and a core: two at a time leave room for everything else.
static HASHING: Semaphore = Semaphore::const_new(2);

/// Long passwords that people choose all the same.
const COMMON: [&str; 16] = [
    "passwordpassword",
    "passordpassord1",
    "passord12345678",
    "password12345678",
    "password1234567",
    "administrator123",
    "administrator1234",
    "administratoradministrator",
    "qwertyuiopasdfgh",
    "qwertyuiopasdfghjkl",
    "qwertyuiopasdfghjklzxcvbnm",
    "abcdefghijklmnop",
    "abcdefghijklmnopqrstuvwxyz",
    "correcthorsebatterystaple",
    "jegelskerdegsåmye",
    "prodsystoprodsys",
];

/// Refuses a password that is short, common, or the address itself.
pub(crate) fn judge(password: &str, email: &str) -> Result<(), FieldError> {
    if password.chars().count() < MIN_CHARACTERS {
        return Err(FieldError::new("/password", ErrorCode::PasswordTooShort).with("min", MIN_CHARACTERS));
    }
    if password.len() > MAX_BYTES {
        return Err(FieldError::new("/password", ErrorCode::TooLong).with("max", MAX_BYTES));
    }
    let plain: String = password.to_lowercase().chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if COMMON.contains(&plain.as_str()) || plain == email || is_monotonous(&plain) {
        return Err(FieldError::new("/password", ErrorCode::PasswordTooCommon));
    }
    Ok(())
}

/// The same few characters over and over, or figures in a row.
fn is_monotonous(password: &str) -> bool {
    let characters: Vec<char> = password.chars().collect();
    let repeats = (1..=6).any(|period| {
        characters.iter().skip(period).zip(&characters).all(|(later, earlier)| later == earlier)
    });
    let figures: Vec<u32> = characters.iter().filter_map(|c| c.to_digit(10)).collect();
    let counts =
        figures.len() == characters.len() && figures.windows(2).all(|pair| (pair[0] + 1) % 10 == pair[1]);
    repeats || counts
}

fn hasher() -> Result<Argon2<'static>, argon2::Error> {
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19_456, 2, 1, None)?))
}

fn hash_now(password: &[u8]) -> Result<String, String> {
    let hasher = hasher().map_err(|error| error.to_string())?;
    let hash = hasher.hash_password(password).map_err(|error| error.to_string())?;
    Ok(hash.to_string())
}

/// The hash of nobody's password: checked where there is no person, so that this takes as long.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now(b"nobody has this password").unwrap_or_default());

/// Argon2id with 19 MiB and two passes, and a salt of its own.
pub(crate) async fn hash(password: String) -> Result<String, ServiceError> {
    let password = Zeroizing::new(password);
    slowly(move || hash_now(password.as_bytes())).await?.map_err(ServiceError::Internal)
}

/// Whether the password belongs to the hash. Without a hash it never does, and takes as long.
pub(crate) async fn verify(password: String, hash: Option<String>) -> Result<bool, ServiceError> {
    let password = Zeroizing::new(password);
    slowly(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.clone());
        let fits =
            hasher().is_ok_and(|hasher| hasher.verify_password(password.as_bytes(), hash.as_str()).is_ok());
        known && fits
    })
    .await
}

async fn slowly<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, ServiceError> {
    let _permit = HASHING.acquire().await.map_err(|error| ServiceError::Internal(error.to_string()))?;
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| ServiceError::Internal(format!("the hash's task ended: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_refused() {
        for (password, expected) in [
            ("kort", Some(ErrorCode::PasswordTooShort)),
            ("aaaaaaaaaaaaaaaaaaaa", Some(ErrorCode::PasswordTooCommon)),
            ("abc123abc123abc123", Some(ErrorCode::PasswordTooCommon)),
            ("1234567890123456", Some(ErrorCode::PasswordTooCommon)),
            ("Correct Horse Battery Staple", Some(ErrorCode::PasswordTooCommon)),
            ("kari@nordvik.example", Some(ErrorCode::PasswordTooCommon)),
            ("blå lampe over kjøkkenbordet", None),
        ] {
            assert_eq!(
                judge(password, "kari@nordvik.example").err().map(|error| error.code),
                expected,
                "{password}"
            );
        }
        assert_eq!(judge(&"lang ".repeat(300), "").err().map(|error| error.code), Some(ErrorCode::TooLong));
    }

    #[tokio::test]
    async fn only_the_right_password_fits() {
        let hash = hash("blå lampe over bordet".to_owned()).await.expect("a hash");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify("blå lampe over bordet".to_owned(), Some(hash.clone())).await.expect("checked"));
        assert!(!verify("Blå lampe over bordet".to_owned(), Some(hash)).await.expect("checked"));
        assert!(!verify("nobody has this password".to_owned(), None).await.expect("checked"));
    }
}
