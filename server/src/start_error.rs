//! Why the program could not start, each with a stable code; the sentences are in `i18n`, as `start.<code>`.

use std::error::Error;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use services::ServiceError;
use store::StoreError;

/// Why the program could not start.
#[derive(Debug)]
pub enum StartError {
    /// A setting is not of its kind, or its name is unknown.
    Configuration(String),
    Database(StoreError),
    Service(ServiceError),
    File(FileError),
    /// The address cannot be listened on.
    Listen(SocketAddr, io::Error),
    /// The machine refuses something else.
    Machine(io::Error),
    NotInitialised,
    /// A new key would not open what is in the database.
    KeyMissing(PathBuf),
    KeyUnusable(FileError),
    /// Another process serves this database.
    Served,
    /// Its content may be something that somebody needs.
    NotADemo(PathBuf),
    /// Nothing is free from this port on.
    NoFreePort(u16),
    /// What the demo started there does not answer.
    NoAnswer(SocketAddr),
}

impl StartError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Configuration(_) => "setting_unusable",
            Self::Database(error) | Self::Service(ServiceError::Store(error)) => match error {
                StoreError::NewerSchema { .. } => "schema_newer",
                _ => "database_unusable",
            },
            Self::Service(ServiceError::Refused(refusal)) => refusal.code.as_str(),
            Self::Service(ServiceError::Internal(_)) => "internal",
            Self::File(error) => error.code(),
            Self::Listen(_, error) if error.kind() == io::ErrorKind::AddrInUse => "address_in_use",
            Self::Listen(..) => "address_unusable",
            Self::Machine(_) => "machine_refused",
            Self::NotInitialised => "not_initialised",
            Self::KeyMissing(_) => "key_missing",
            Self::KeyUnusable(_) => "key_unusable",
            Self::Served => "already_served",
            Self::NotADemo(_) => "not_a_demo",
            Self::NoFreePort(_) => "no_free_port",
            Self::NoAnswer(_) => "no_answer",
        }
    }

    /// What the sentence names: a path, an address, or what a driver or the machine said.
    pub fn detail(&self) -> String {
        match self {
            Self::Configuration(what) => what.clone(),
            Self::Database(error) | Self::Service(ServiceError::Store(error)) => chain(error),
            Self::Service(error) => chain(error),
            Self::File(error) | Self::KeyUnusable(error) => error.path.display().to_string(),
            Self::Listen(address, _) | Self::NoAnswer(address) => address.to_string(),
            Self::Machine(error) => error.to_string(),
            Self::KeyMissing(path) | Self::NotADemo(path) => path.display().to_string(),
            Self::NoFreePort(port) => port.to_string(),
            Self::NotInitialised | Self::Served => String::new(),
        }
    }

    /// What the machine said of it, where the sentence names something else.
    pub fn cause(&self) -> Option<String> {
        match self {
            Self::File(error) | Self::KeyUnusable(error) => Some(error.source.to_string()),
            Self::Listen(_, error) => Some(error.to_string()),
            _ => None,
        }
    }
}

/// An error with everything behind it.
fn chain(error: &dyn Error) -> String {
    let mut said = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        said = format!("{said}: {cause}");
        source = cause.source();
    }
    said
}

/// As the program's own log has it.
impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())?;
        for part in [Some(self.detail()), self.cause()].into_iter().flatten().filter(|part| !part.is_empty())
        {
            write!(f, ": {part}")?;
        }
        Ok(())
    }
}

impl Error for StartError {}

impl From<StoreError> for StartError {
    fn from(error: StoreError) -> Self {
        Self::Database(error)
    }
}

impl From<ServiceError> for StartError {
    fn from(error: ServiceError) -> Self {
        Self::Service(error)
    }
}

impl From<FileError> for StartError {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

impl From<io::Error> for StartError {
    fn from(error: io::Error) -> Self {
        Self::Machine(error)
    }
}

/// A file or a folder that a command or a setting names, and what the machine said of it.
#[derive(Debug)]
pub struct FileError {
    pub path: PathBuf,
    access: Access,
    source: io::Error,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    Read,
    Write,
}

impl FileError {
    /// For `map_err`, where something is read.
    pub fn reading(path: &Path) -> impl FnOnce(io::Error) -> Self {
        Self::at(path, Access::Read)
    }

    /// For `map_err`, where something is made or written.
    pub fn writing(path: &Path) -> impl FnOnce(io::Error) -> Self {
        Self::at(path, Access::Write)
    }

    fn at(path: &Path, access: Access) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self { path, access, source }
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match (self.source.kind(), self.access) {
            (io::ErrorKind::NotFound, Access::Read) => "file_not_found",
            (io::ErrorKind::NotFound, Access::Write) => "folder_not_found",
            (io::ErrorKind::PermissionDenied, _) => "file_not_permitted",
            (io::ErrorKind::IsADirectory, _) => "file_is_a_folder",
            (io::ErrorKind::StorageFull, _) => "disk_full",
            _ => "file_unusable",
        }
    }
}

#[cfg(test)]
mod tests {
    use app::i18n::Language;

    use super::*;
    use crate::operator_texts::text;

    #[test]
    fn every_reason_has_a_sentence_in_both_languages() {
        let path = Path::new("/x/ordrer.csv");
        let of = |kind: io::ErrorKind| FileError::reading(path)(kind.into());
        let address = SocketAddr::from(([127, 0, 0, 1], 8080));
        let errors = [
            StartError::Configuration("lease_seconds".to_owned()),
            StartError::Database(StoreError::Conflict),
            StartError::Database(StoreError::NewerSchema { found: 9, known: 7 }),
            StartError::File(of(io::ErrorKind::NotFound)),
            StartError::File(FileError::writing(path)(io::ErrorKind::NotFound.into())),
            StartError::File(of(io::ErrorKind::PermissionDenied)),
            StartError::File(of(io::ErrorKind::IsADirectory)),
            StartError::File(of(io::ErrorKind::StorageFull)),
            StartError::File(of(io::ErrorKind::InvalidData)),
            StartError::Listen(address, io::ErrorKind::AddrInUse.into()),
            StartError::Listen(address, io::ErrorKind::PermissionDenied.into()),
            StartError::Machine(io::ErrorKind::OutOfMemory.into()),
            StartError::NotInitialised,
            StartError::KeyMissing("/x/prodsys.key".into()),
            StartError::KeyUnusable(of(io::ErrorKind::InvalidData)),
            StartError::Served,
            StartError::NotADemo("/x".into()),
            StartError::NoFreePort(4001),
            StartError::NoAnswer(address),
            StartError::Service(ServiceError::Internal("x".to_owned())),
        ];
        for error in errors {
            for language in [Language::Nb, Language::En] {
                let key = format!("start.{}", error.code());
                let said = text(language, &key, |name| match name {
                    "detail" => Some(error.detail()),
                    "cause" => error.cause(),
                    _ => None,
                });
                assert!(said != key && !said.is_empty(), "{key} in {language:?}");
                let detail = error.detail();
                assert!(said.contains(&detail), "{said} does not name {detail}");
            }
        }
    }
}
