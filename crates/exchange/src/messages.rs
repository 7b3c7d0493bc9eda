//! Messages: sent once or again with the same bytes, and delivered only when the partner's receipt says so.

use bytes::Bytes;
use domain::errors::ErrorCode;
use domain::ids::{CorrelationId, MessageId};
use domain::messages::{Verdict, judge_refusal};
use protocol::canonical::hex;
use protocol::documents::Receipt;
use protocol::faults::{self, Bug};
use protocol::headers;
use protocol::problem::Problem;
use secrecy::ExposeSecret;
use std::time::Instant;

use crate::answer::{Answer, Broken};
use crate::client::{Call, JSON, Link, PartnerClient};
use crate::excerpt::excerpt;

/// A message as it is stored: these bytes are sent, whenever and however often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboundMessage {
    pub message_id: MessageId,
    pub body: Bytes,
    /// SHA-256 of the body.
    pub body_hash: [u8; 32],
    pub correlation_id: CorrelationId,
}

/// How one attempt went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub verdict: Verdict,
    /// `None` when no answer came.
    pub http_status: Option<u16>,
    pub duration_ms: i64,
    /// Only with [`Verdict::Delivered`].
    pub receipt: Option<Receipt>,
    /// The receipt as the partner wrote it.
    pub receipt_bytes: Option<Vec<u8>>,
    /// The beginning of an answer that was no receipt, fit to be shown.
    pub answer_excerpt: Option<String>,
}

impl PartnerClient {
    /// Sends one message.
    pub async fn send_order(&self, link: &Link, message: &OutboundMessage) -> Sent {
        let begin = Instant::now();
        let mut call = Call::post("/partner/v1/purchase-orders", JSON, message.body.clone());
        // Quoted, as in the draft standard (a structured-field string).
        call.headers.push((headers::IDEMPOTENCY_KEY, format!("\"{}\"", message.message_id)));
        call.headers.push((headers::CORRELATION_ID, message.correlation_id.to_string()));
        let outcome = self.call(link, call).await;
        let duration_ms = milliseconds(begin);
        match outcome {
            Err(broken) => unanswered(&broken, duration_ms),
            Ok(answer) if answer.is_success() => {
                let shown = excerpt(&answer.body, link.token.expose_secret());
                judge_receipt(message, &answer.body, answer.status, duration_ms, shown)
            }
            Ok(answer) => refused(&answer, link, duration_ms),
        }
    }
}

/// Whole milliseconds since `begin`.
pub(crate) fn milliseconds(begin: Instant) -> i64 {
    i64::try_from(begin.elapsed().as_millis()).unwrap_or(i64::MAX)
}

/// Reads what should be the receipt of the message. Only one with our id and our hash proves anything: a log-in page, an
/// empty answer or somebody else's receipt leaves it unknown whether the message came through.
pub(crate) fn judge_receipt(
    message: &OutboundMessage,
    bytes: &[u8],
    status: u16,
    duration_ms: i64,
    shown: Option<String>,
) -> Sent {
    let retry = |code| Verdict::Retry { code, after_seconds: None };
    let unproven =
        |code, shown| Sent { answer_excerpt: shown, ..failed(retry(code), Some(status), duration_ms) };
    if faults::has(Bug::Any200Delivered) {
        return failed(Verdict::Delivered, Some(status), duration_ms);
    }
    let Ok(receipt) = serde_json::from_slice::<Receipt>(bytes) else {
        return unproven(ErrorCode::ReceiptMissing, shown);
    };
    let same_hash = receipt.body_sha256.eq_ignore_ascii_case(&hex(&message.body_hash));
    if receipt.message_id != message.message_id || !same_hash {
        return unproven(ErrorCode::ReceiptMismatch, shown);
    }
    Sent {
        verdict: Verdict::Delivered,
        http_status: Some(status),
        duration_ms,
        receipt: Some(receipt),
        receipt_bytes: Some(bytes.to_vec()),
        answer_excerpt: None,
    }
}

/// No answer came, or it broke off: whether the message came through is unknown, unless it never left.
pub(crate) fn unanswered(broken: &Broken, duration_ms: i64) -> Sent {
    use ErrorCode as Code;
    let verdict = match broken.code {
        // Nothing was sent, and nothing will be until a person has corrected the address or the token.
        code @ (Code::EndpointBlocked
        | Code::HttpsRequired
        | Code::InvalidUrl
        | Code::UrlUserinfoForbidden
        | Code::PortForbidden
        | Code::InvalidToken) => Verdict::PauseLink { code },
        code => Verdict::Retry { code, after_seconds: None },
    };
    failed(verdict, broken.status, duration_ms)
}

/// An answer that is no success.
pub(crate) fn refused(answer: &Answer, link: &Link, duration_ms: i64) -> Sent {
    let code = answer.problem().as_ref().and_then(Problem::error_code);
    let verdict = judge_refusal(answer.status, code, answer.retry_after_seconds);
    let answer_excerpt = excerpt(&answer.body, link.token.expose_secret());
    Sent { answer_excerpt, ..failed(verdict, Some(answer.status), duration_ms) }
}

pub(crate) fn failed(verdict: Verdict, http_status: Option<u16>, duration_ms: i64) -> Sent {
    Sent { verdict, http_status, duration_ms, receipt: None, receipt_bytes: None, answer_excerpt: None }
}
