//! Many messages in one request, one a line; each has its own receipt or problem.

use bytes::{Bytes, BytesMut};
use domain::errors::ErrorCode;
use domain::ids::MessageId;
use domain::messages::{Verdict, judge_refusal};
use protocol::limits::{MAX_BATCH_MESSAGES, MAX_BODY_BYTES};
use protocol::problem::Problem;
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::ops::Range;
use std::time::Instant;

use crate::client::{Call, LARGE_ANSWER_CAP, Link, PartnerClient};
use crate::excerpt::excerpt;
use crate::messages::{OutboundMessage, Sent, failed, judge_receipt, milliseconds, refused, unanswered};

const NDJSON: &str = "application/x-ndjson";

/// A line of the answer, with the receipt's own bytes.
#[derive(Deserialize)]
struct Line<'a> {
    #[serde(default)]
    message_id: Option<MessageId>,
    #[serde(borrow, default)]
    receipt: Option<&'a RawValue>,
    #[serde(default)]
    problem: Option<Problem>,
}

/// The part of a receipt that says whose it is.
#[derive(Deserialize)]
struct Owner {
    message_id: MessageId,
}

impl PartnerClient {
    /// Sends many messages in as few requests as the limits allow. The outcomes stand in the order of the messages; one that
    /// is refused stops no other.
    pub async fn send_batch(&self, link: &Link, messages: &[OutboundMessage]) -> Vec<Sent> {
        let mut sent: Vec<Sent> = Vec::with_capacity(messages.len());
        for range in split(messages) {
            let part = &messages[range];
            // The link is broken: the rest is kept for later, and not shown to it.
            if let Some(Sent { verdict: verdict @ Verdict::PauseLink { .. }, .. }) = sent.last() {
                let verdict = *verdict;
                sent.extend(part.iter().map(|_| failed(verdict, None, 0)));
                continue;
            }
            match part {
                [message] => sent.push(self.send_order(link, message).await),
                part => sent.extend(self.send_part(link, part).await),
            }
        }
        sent
    }

    async fn send_part(&self, link: &Link, part: &[OutboundMessage]) -> Vec<Sent> {
        let begin = Instant::now();
        let call = Call {
            cap: LARGE_ANSWER_CAP,
            ..Call::post("/partner/v1/purchase-orders/batch", NDJSON, joined(part))
        };
        let outcome = self.call(link, call).await;
        let duration_ms = milliseconds(begin);
        let whole = match outcome {
            Err(broken) => unanswered(&broken, duration_ms),
            Ok(answer) if answer.is_success() => {
                return read_lines(part, &answer.body, answer.status, duration_ms, link);
            }
            Ok(answer) => refused(&answer, link, duration_ms),
        };
        if !matches!(whole.verdict, Verdict::Park { .. }) {
            return part.iter().map(|_| whole.clone()).collect();
        }
        // The batch itself was refused for good, which says nothing about any one message: each is tried alone.
        let mut sent: Vec<Sent> = Vec::with_capacity(part.len());
        for message in part {
            match sent.last().map(|last| last.verdict) {
                Some(verdict @ Verdict::PauseLink { .. }) => sent.push(failed(verdict, None, 0)),
                _ => sent.push(self.send_order(link, message).await),
            }
        }
        sent
    }
}

/// Parts of at most 500 messages and 1 MiB. A message that is larger stands alone, and the partner refuses it.
fn split(messages: &[OutboundMessage]) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let (mut begin, mut bytes) = (0, 0);
    for (index, message) in messages.iter().enumerate() {
        let length = message.body.len() + 1;
        if index > begin && (bytes + length > MAX_BODY_BYTES || index - begin >= MAX_BATCH_MESSAGES) {
            parts.push(begin..index);
            (begin, bytes) = (index, 0);
        }
        bytes += length;
    }
    if begin < messages.len() {
        parts.push(begin..messages.len());
    }
    parts
}

fn joined(part: &[OutboundMessage]) -> Bytes {
    let mut body = BytesMut::with_capacity(part.iter().map(|message| message.body.len() + 1).sum());
    for message in part {
        body.extend_from_slice(&message.body);
        body.extend_from_slice(b"\n");
    }
    body.freeze()
}

fn read_lines(
    part: &[OutboundMessage],
    body: &[u8],
    status: u16,
    duration_ms: i64,
    link: &Link,
) -> Vec<Sent> {
    let places: HashMap<MessageId, usize> =
        part.iter().enumerate().map(|(place, message)| (message.message_id, place)).collect();
    let token = link.token.expose_secret();
    let mut sent: Vec<Option<Sent>> = vec![None; part.len()];
    for (position, bytes) in body.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).enumerate() {
        let Ok(line) = serde_json::from_slice::<Line<'_>>(bytes) else { continue };
        let owner = line
            .receipt
            .and_then(|receipt| serde_json::from_str::<Owner>(receipt.get()).ok())
            .map(|owner| owner.message_id);
        // A line that could not be read there has no id; the answers stand in the order of the messages.
        let place = match owner.or(line.message_id) {
            Some(message_id) => places.get(&message_id).copied(),
            None => Some(position),
        };
        let Some((place, message)) = place.and_then(|place| part.get(place).map(|message| (place, message)))
        else {
            continue;
        };
        let shown = excerpt(bytes, token);
        let outcome = match (line.receipt, line.problem) {
            (Some(receipt), _) => {
                judge_receipt(message, receipt.get().as_bytes(), status, duration_ms, shown)
            }
            (None, Some(problem)) => {
                let verdict = judge_refusal(problem.status, problem.error_code(), None);
                Sent { answer_excerpt: shown, ..failed(verdict, Some(problem.status), duration_ms) }
            }
            (None, None) => continue,
        };
        // A receipt that proves delivery is never replaced by a later line.
        let proven = sent[place].as_ref().is_some_and(|earlier| earlier.verdict == Verdict::Delivered);
        if !proven {
            sent[place] = Some(outcome);
        }
    }
    let missing = Verdict::Retry { code: ErrorCode::ReceiptMissing, after_seconds: None };
    let shown = excerpt(body, token);
    sent.into_iter()
        .map(|outcome| {
            outcome.unwrap_or_else(|| Sent {
                answer_excerpt: shown.clone(),
                ..failed(missing, Some(status), duration_ms)
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::CorrelationId;

    fn message(length: usize) -> OutboundMessage {
        let id = uuid();
        OutboundMessage {
            message_id: id,
            body: vec![b'x'; length].into(),
            body_hash: [0; 32],
            correlation_id: CorrelationId(id.0),
        }
    }

    fn uuid() -> MessageId {
        "0193593c-7c1e-7a3b-8f00-0123456789ab".parse().expect("an id")
    }

    #[test]
    fn parts_keep_within_both_limits() {
        let lengths = |messages: &[OutboundMessage]| {
            split(messages).into_iter().map(|part| part.len()).collect::<Vec<_>>()
        };
        assert_eq!(lengths(&[]), Vec::<usize>::new());
        assert_eq!(lengths(&vec![message(10); 1001]), [500, 500, 1]);
        assert_eq!(lengths(&vec![message(MAX_BODY_BYTES / 2 - 1); 5]), [2, 2, 1]);
        assert_eq!(lengths(&[message(10), message(MAX_BODY_BYTES * 2), message(10)]), [1, 1, 1]);
    }
}
