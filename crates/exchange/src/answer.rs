//! Reading what came back, within bounds.

use bytes::{Bytes, BytesMut};
use domain::errors::ErrorCode;
use http::header::RETRY_AFTER;
use protocol::problem::Problem;
use serde::de::DeserializeOwned;

use crate::failure::{ExchangeError, classify};
use crate::guard::Guard;

/// An answer that came, whatever its status.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) retry_after_seconds: Option<i64>,
    pub(crate) body: Bytes,
}

/// The answer broke off: its status may be known.
pub(crate) struct Broken {
    pub(crate) code: ErrorCode,
    pub(crate) status: Option<u16>,
}

impl From<Broken> for ExchangeError {
    fn from(broken: Broken) -> Self {
        Self { code: broken.code, http_status: broken.status, problem: None }
    }
}

/// Reads at most `cap` bytes. An answer that is not the partner's own (from an address that may not be called) is not read.
pub(crate) async fn read(
    mut response: reqwest::Response,
    guard: &Guard,
    cap: usize,
) -> Result<Answer, Broken> {
    if response.remote_addr().is_some_and(|peer| !guard.permits(peer.ip())) {
        return Err(Broken { code: ErrorCode::EndpointBlocked, status: None });
    }
    let status = response.status().as_u16();
    let broken = |code| Broken { code, status: Some(status) };
    let retry_after_seconds = response
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.trim().parse().ok());
    let announced = response.content_length().unwrap_or(0);
    if usize::try_from(announced).is_ok_and(|announced| announced > cap) {
        return Err(broken(ErrorCode::AnswerTooLarge));
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| broken(classify(&error)))? {
        if body.len() + chunk.len() > cap {
            return Err(broken(ErrorCode::AnswerTooLarge));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, retry_after_seconds, body: body.freeze() })
}

impl Answer {
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub(crate) fn problem(&self) -> Option<Problem> {
        Problem::from_bytes(&self.body)
    }

    /// The answer's document; anything else becomes an error with the code that says most.
    pub(crate) fn document<T: DeserializeOwned>(&self) -> Result<T, ExchangeError> {
        self.expect_success()?;
        serde_json::from_slice(&self.body).map_err(|error| {
            // A page instead of JSON: a log-in page or another program answers at that address.
            let code = if error.is_data() { ErrorCode::PartnerError } else { ErrorCode::WrongPath };
            ExchangeError { code, http_status: Some(self.status), problem: None }
        })
    }

    pub(crate) fn expect_success(&self) -> Result<(), ExchangeError> {
        if self.is_success() {
            return Ok(());
        }
        let problem = self.problem();
        let known = problem.as_ref().and_then(Problem::error_code);
        let code = match (self.status, known) {
            (300..=399, _) => ErrorCode::RedirectRefused,
            (_, Some(code)) => code,
            (404 | 405, None) => ErrorCode::WrongPath,
            (401, None) => ErrorCode::InvalidToken,
            (429, None) => ErrorCode::RateLimited,
            (_, None) => ErrorCode::PartnerError,
        };
        Err(ExchangeError { code, http_status: Some(self.status), problem: problem.map(Box::new) })
    }
}
