//! What went wrong on the way out, as one code.

use domain::errors::ErrorCode;
use protocol::problem::Problem;
use std::error::Error;
use std::io;

use crate::resolver::{BlockedName, UnresolvedName};

/// A call that gave no usable answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the partner gave no usable answer: {code}")]
pub struct ExchangeError {
    pub code: ErrorCode,
    /// `None` when no answer came at all.
    pub http_status: Option<u16>,
    /// What the partner said, when it said it in our form.
    pub problem: Option<Box<Problem>>,
}

impl From<ErrorCode> for ExchangeError {
    fn from(code: ErrorCode) -> Self {
        Self { code, http_status: None, problem: None }
    }
}

/// Reads a transport error: the first cause in the chain that says something definite decides.
pub(crate) fn classify(error: &reqwest::Error) -> ErrorCode {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(current) = cause {
        if let Some(code) = definite(current) {
            return code;
        }
        cause = current.source();
    }
    match (error.is_timeout(), error.is_connect()) {
        (true, true) => ErrorCode::ConnectTimeout,
        (true, false) => ErrorCode::AnswerTimeout,
        (false, true) => ErrorCode::ConnectRefused,
        (false, false) => ErrorCode::PartnerError,
    }
}

fn definite(error: &(dyn Error + 'static)) -> Option<ErrorCode> {
    if error.is::<BlockedName>() {
        return Some(ErrorCode::EndpointBlocked);
    }
    if error.is::<UnresolvedName>() {
        return Some(ErrorCode::DnsFailed);
    }
    if error.is::<rustls::Error>() {
        return Some(ErrorCode::TlsFailed);
    }
    let io_error = error.downcast_ref::<io::Error>()?;
    // An io::Error gives its inner error's cause as its own cause, so the inner error has to be asked for.
    if let Some(inner) = io_error.get_ref()
        && let Some(code) = definite(inner)
    {
        return Some(code);
    }
    (io_error.kind() == io::ErrorKind::ConnectionRefused).then_some(ErrorCode::ConnectRefused)
}
