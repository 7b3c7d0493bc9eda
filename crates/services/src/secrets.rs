//! Secrets at rest: partners' tokens are encrypted with a key that is not in the database.

use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Arc;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use domain::errors::ErrorCode;
use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::error::ServiceError;

const KEY_LENGTH: usize = 32;
const NONCE_LENGTH: usize = 24;
/// No key file is longer: 64 hexadecimal digits, and a line break.
const MAX_FILE: u64 = 100;

/// Seals and opens with one key: XChaCha20-Poly1305, a random 192-bit nonce before the ciphertext. Cheap to clone.
#[derive(Clone)]
pub struct SecretBox {
    cipher: Arc<XChaCha20Poly1305>,
}

impl std::fmt::Debug for SecretBox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretBox")
    }
}

impl SecretBox {
    /// A box with this key.
    pub fn from_key(key: &[u8; KEY_LENGTH]) -> Self {
        Self { cipher: Arc::new(XChaCha20Poly1305::new(&(*key).into())) }
    }

    /// A box with a new key that is kept nowhere.
    ///
    /// # Errors
    /// When the operating system gives no random numbers.
    pub fn generate() -> Result<Self, io::Error> {
        Ok(Self::from_key(&*new_key()?))
    }

    /// A box with the key in the file.
    ///
    /// # Errors
    /// When the file is not there, cannot be read, or holds no key.
    pub fn load(path: &Path) -> Result<Self, io::Error> {
        read_key(fs::File::open(path)?)
    }

    /// A box with the key in the file; a missing file is made, readable by its owner alone.
    ///
    /// # Errors
    /// When the file cannot be read or made, or holds no key.
    pub fn load_or_create(path: &Path) -> Result<Self, io::Error> {
        match fs::File::open(path) {
            Ok(file) => read_key(file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => create(path),
            Err(error) => Err(error),
        }
    }

    /// Encrypts. `associated` says what the value belongs to: it opens for the same text only.
    ///
    /// # Errors
    /// When there is no randomness, or the value is absurdly long.
    pub fn seal(&self, associated: &str, plain: impl AsRef<[u8]>) -> Result<Vec<u8>, ServiceError> {
        let mut nonce = [0; NONCE_LENGTH];
        getrandom::fill(&mut nonce)
            .map_err(|error| ServiceError::Internal(format!("no random numbers: {error}")))?;
        let payload = Payload { msg: plain.as_ref(), aad: associated.as_bytes() };
        let ciphertext = self
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| ServiceError::Internal("a secret could not be encrypted".to_owned()))?;
        Ok([nonce.as_slice(), &ciphertext].concat())
    }

    /// Decrypts what was sealed with the same key for the same `associated` text.
    ///
    /// # Errors
    /// `decrypt_failed` for anything else.
    pub fn open(&self, associated: &str, sealed: &[u8]) -> Result<SecretString, ServiceError> {
        let (nonce, ciphertext) =
            sealed.split_first_chunk::<NONCE_LENGTH>().ok_or(ErrorCode::DecryptFailed)?;
        let payload = Payload { msg: ciphertext, aad: associated.as_bytes() };
        let plain =
            self.cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| ErrorCode::DecryptFailed)?;
        let text = String::from_utf8(plain).map_err(|_| ErrorCode::DecryptFailed)?;
        Ok(SecretString::from(text))
    }
}

fn new_key() -> Result<Zeroizing<[u8; KEY_LENGTH]>, io::Error> {
    let mut key = Zeroizing::new([0; KEY_LENGTH]);
    getrandom::fill(key.as_mut_slice()).map_err(io::Error::other)?;
    Ok(key)
}

fn read_key(file: fs::File) -> Result<SecretBox, io::Error> {
    let unusable =
        || io::Error::new(io::ErrorKind::InvalidData, "the key file does not hold 64 hexadecimal digits");
    let mut text = Zeroizing::new(String::new());
    file.take(MAX_FILE).read_to_string(&mut text)?;
    let digits = text.trim().as_bytes();
    if digits.len() != 2 * KEY_LENGTH {
        return Err(unusable());
    }
    let digit =
        |place: usize| char::from(digits[place]).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut key = Zeroizing::new([0; KEY_LENGTH]);
    for (index, byte) in key.iter_mut().enumerate() {
        let (high, low) =
            (digit(2 * index).ok_or_else(unusable)?, digit(2 * index + 1).ok_or_else(unusable)?);
        *byte = high * 16 + low;
    }
    Ok(SecretBox::from_key(&key))
}

/// Writes a new key beside its place and moves it there whole. A process that was faster keeps its key.
fn create(path: &Path) -> Result<SecretBox, io::Error> {
    let key = new_key()?;
    let mut unique = [0; 8];
    getrandom::fill(&mut unique).map_err(io::Error::other)?;
    let draft = path.with_extension(format!("{:016x}", u64::from_be_bytes(unique)));
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    for byte in key.iter() {
        write!(file, "{byte:02x}")?;
    }
    writeln!(file)?;
    file.sync_all()?;
    // A hard link fails where a file stands already, so that no key is ever written over.
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match linked {
        Ok(()) => Ok(SecretBox::from_key(&key)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => read_key(fs::File::open(path)?),
        Err(error) => Err(error),
    }
}
