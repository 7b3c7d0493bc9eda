//! Messages between two instances: their states, and when the next try is.

use serde::{Deserialize, Serialize};

use crate::errors::ErrorCode;
use crate::time::Timestamp;

/// Which way a message went, seen from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    Out,
    In,
}

impl Direction {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Out => "out",
            Self::In => "in",
        }
    }

    pub fn from_code(text: &str) -> Option<Self> {
        [Self::Out, Self::In].into_iter().find(|direction| direction.as_str() == text)
    }
}

/// Where a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageState {
    /// *I kø*.
    Queued,
    /// *Sendes*: a worker holds the lease.
    Sending,
    /// *Levert til partner*: there is a receipt with our id and hash.
    Delivered,
    /// *Prøver igjen kl. …*.
    Waiting,
    /// *Stoppet, trenger deg*.
    Parked,
}

impl MessageState {
    pub const ALL: [Self; 5] = [Self::Queued, Self::Sending, Self::Delivered, Self::Waiting, Self::Parked];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Delivered => "delivered",
            Self::Waiting => "waiting",
            Self::Parked => "parked",
        }
    }

    pub fn from_code(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// Seconds from one try to the next: 10 tries over 75 hours and 35 minutes, then the message is parked.
pub const RETRY_SECONDS: [i64; 9] = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];

/// What the sender does with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A receipt with our id and hash.
    Delivered,
    /// Unknown or for later: the same bytes again, at the schedule or after the given seconds.
    Retry { code: ErrorCode, after_seconds: Option<i64> },
    /// Refused for good: this message is parked, the others go on.
    Park { code: ErrorCode },
    /// The link itself is broken: every message of the connection is kept, none is sent until a person has looked.
    PauseLink { code: ErrorCode },
}

/// Reads an answer that is no receipt, by status and problem code (`reliability.md` 3.0, the table of answers).
pub fn judge_refusal(status: u16, code: Option<ErrorCode>, retry_after_seconds: Option<i64>) -> Verdict {
    let after_seconds = retry_after_seconds.map(|seconds| seconds.clamp(1, 3600));
    match (status, code) {
        (409, Some(code @ ErrorCode::RequestInProgress)) => {
            Verdict::Retry { code, after_seconds: after_seconds.or(Some(1)) }
        }
        (409, Some(code @ (ErrorCode::EpochConflict | ErrorCode::InstanceConflict))) => {
            Verdict::PauseLink { code }
        }
        (401 | 403 | 410, code) => Verdict::PauseLink { code: code.unwrap_or(ErrorCode::PartnerError) },
        (404, code) => Verdict::PauseLink {
            code: code.filter(|c| *c != ErrorCode::NotFound).unwrap_or(ErrorCode::WrongPath),
        },
        (408 | 425 | 429 | 500..=599, code) => {
            Verdict::Retry { code: code.unwrap_or(ErrorCode::PartnerError), after_seconds }
        }
        (300..=399, _) => Verdict::Retry { code: ErrorCode::RedirectRefused, after_seconds: None },
        (200..=299, _) => Verdict::Retry { code: ErrorCode::ReceiptMissing, after_seconds: None },
        (_, Some(code)) => Verdict::Park { code },
        (400..=499, None) => Verdict::Park { code: ErrorCode::PartnerError },
        (_, None) => Verdict::Retry { code: ErrorCode::PartnerError, after_seconds },
    }
}

/// When the next try is after `attempts` tries were made, or `None` when it shall be parked.
///
/// `jitter` is a random number from 0 to 65,535 that moves the pause by up to a fifth either way; `scale_milliseconds` is how
/// long one second of the schedule lasts (1000 in production).
pub fn next_attempt(
    now: Timestamp,
    attempts: i64,
    jitter: u16,
    scale_milliseconds: i64,
) -> Option<Timestamp> {
    let index = usize::try_from(attempts - 1).ok()?;
    let pause = RETRY_SECONDS.get(index)? * scale_milliseconds.max(1);
    let spread = pause / 5;
    let moved = spread * 2 * i64::from(jitter) / i64::from(u16::MAX) - spread;
    Some(now.plus_milliseconds(pause + moved))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_tries_then_parked() {
        let start = Timestamp(0);
        let total: i64 = (1..=9)
            .map(|n| next_attempt(start, n, 32_768, 1000).expect("a try").milliseconds_since(start))
            .sum();
        assert!((total / 1000 - 272_105).abs() < 60, "{total}");
        assert_eq!(next_attempt(start, 10, 0, 1000), None);
        let earliest = next_attempt(start, 1, 0, 1000).expect("a try");
        let latest = next_attempt(start, 1, u16::MAX, 1000).expect("a try");
        assert_eq!((earliest.0, latest.0), (4_000_000, 6_000_000));
    }

    #[test]
    fn answers_are_read_as_the_table_says() {
        assert!(matches!(
            judge_refusal(200, None, None),
            Verdict::Retry { code: ErrorCode::ReceiptMissing, .. }
        ));
        assert!(matches!(
            judge_refusal(302, None, None),
            Verdict::Retry { code: ErrorCode::RedirectRefused, .. }
        ));
        assert!(matches!(
            judge_refusal(401, Some(ErrorCode::TokenExpired), None),
            Verdict::PauseLink { code: ErrorCode::TokenExpired }
        ));
        assert!(matches!(judge_refusal(404, None, None), Verdict::PauseLink { code: ErrorCode::WrongPath }));
        assert!(matches!(
            judge_refusal(422, Some(ErrorCode::NoLines), None),
            Verdict::Park { code: ErrorCode::NoLines }
        ));
        assert!(matches!(
            judge_refusal(503, None, Some(99_999)),
            Verdict::Retry { after_seconds: Some(3600), .. }
        ));
        assert!(matches!(
            judge_refusal(409, Some(ErrorCode::RequestInProgress), None),
            Verdict::Retry { after_seconds: Some(1), .. }
        ));
        assert!(matches!(judge_refusal(409, Some(ErrorCode::RevisionConflict), None), Verdict::Park { .. }));
    }
}
