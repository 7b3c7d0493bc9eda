//! How a use case can end other than well.

use domain::errors::{ErrorCode, Refusal};
use store::StoreError;

/// A refusal that can be told, or a fault that is logged where it is handled.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    #[error("{0}")]
    Refused(Refusal),
    #[error("database")]
    Store(#[from] StoreError),
    #[error("{0}")]
    Internal(String),
}

impl ServiceError {
    /// What may be told of it: the refusal itself, or only that something went wrong here.
    pub fn refusal(&self) -> Refusal {
        match self {
            Self::Refused(refusal) => refusal.clone(),
            Self::Store(StoreError::Unavailable(_) | StoreError::Retry) => {
                ErrorCode::StorageUnavailable.into()
            }
            Self::Store(_) | Self::Internal(_) => ErrorCode::Internal.into(),
        }
    }

    /// Whether it is a fault of ours, to be logged.
    pub fn is_internal(&self) -> bool {
        !matches!(self, Self::Refused(_))
    }
}

impl From<Refusal> for ServiceError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<ErrorCode> for ServiceError {
    fn from(code: ErrorCode) -> Self {
        Self::Refused(code.into())
    }
}
