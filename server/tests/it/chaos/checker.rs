//! The judge: what was told to people, what both databases hold, and what must never be.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::snapshot::{Draft, Line, Snapshot};

/// What a person who exported an order was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// The answer came: it is exported.
    Ok,
    /// No answer came: it may have happened or not.
    Unknown,
}

/// Every attempt of a person, in order.
pub type History = Vec<(Uuid, Told)>;

/// What is wrong with an order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Violation {
    /// Told as exported, and the supplier does not have it.
    Lost(Uuid),
    /// The supplier has it more than once, or it travels in two messages.
    Doubled(Uuid),
    /// What the supplier has is not what the buyer wrote.
    Changed(Uuid),
    /// The two sides do not agree where it stands.
    Apart(Uuid),
    /// The supplier has an order that nobody tried to send.
    Phantom(Uuid),
    /// A message that has not come to rest, or that no attempt explains.
    Unsettled(Uuid),
    /// The feed told the states of a draft out of order, or left one out.
    Gap(Uuid),
    /// A database says that it is damaged.
    Damaged(String),
}

/// Judges a run that has come to rest.
pub fn judge(history: &History, seen: &Snapshot) -> Vec<Violation> {
    let mut found: Vec<Violation> = seen.damage.iter().cloned().map(Violation::Damaged).collect();
    let attempted: BTreeSet<Uuid> = history.iter().map(|(order, _)| *order).collect();
    let promised: BTreeSet<Uuid> =
        history.iter().filter(|(_, told)| *told == Told::Ok).map(|(order, _)| *order).collect();
    let mut drafts: BTreeMap<Uuid, Vec<&Draft>> = BTreeMap::new();
    for draft in &seen.drafts {
        drafts.entry(draft.order_uid).or_default().push(draft);
    }
    // A message that was written is a promise as well, whether or not the answer reached the person.
    let sent: BTreeSet<Uuid> = seen.sent.iter().map(|message| message.subject_id).collect();
    for order in promised.union(&sent) {
        if !drafts.contains_key(order) {
            found.push(Violation::Lost(*order));
        }
    }
    for (order, copies) in &drafts {
        if copies.len() > 1 {
            found.push(Violation::Doubled(*order));
        }
        if !attempted.contains(order) {
            found.push(Violation::Phantom(*order));
        }
    }
    found.extend(judge_numbers(seen));
    found.extend(judge_messages(seen));
    for order in &seen.orders {
        if let Some([draft]) = drafts.get(&order.order_id).map(Vec::as_slice) {
            found.extend(judge_order(seen, order.order_id, draft));
        }
    }
    found.extend(judge_feed(seen));
    found.sort();
    found.dedup();
    found
}

fn judge_numbers(seen: &Snapshot) -> Vec<Violation> {
    let mut numbers = BTreeSet::new();
    let taken_twice = |draft: &&Draft| !numbers.insert(draft.number.clone());
    seen.drafts.iter().filter(taken_twice).map(|draft| Violation::Doubled(draft.order_uid)).collect()
}

fn judge_messages(seen: &Snapshot) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut subjects = BTreeSet::new();
    for message in &seen.sent {
        if !subjects.insert(message.subject_id) {
            found.push(Violation::Doubled(message.subject_id));
        }
        if message.state != "delivered" || message.receipt.is_none() || message.attempts == 0 {
            found.push(Violation::Unsettled(message.subject_id));
        }
        let copies: Vec<_> =
            seen.received.iter().filter(|received| received.message_id == message.message_id).collect();
        match copies.as_slice() {
            [copy] if copy.body_digest != message.body_digest => {
                found.push(Violation::Changed(message.subject_id))
            }
            [copy] if copy.receipt != message.receipt => found.push(Violation::Apart(message.subject_id)),
            [_] => {}
            [] => found.push(Violation::Lost(message.subject_id)),
            _ => found.push(Violation::Doubled(message.subject_id)),
        }
    }
    found
}

fn judge_order(seen: &Snapshot, order_id: Uuid, draft: &Draft) -> Vec<Violation> {
    let mut found = Vec::new();
    let Some(order) = seen.orders.iter().find(|order| order.order_id == order_id) else { return found };
    let plain = |lines: Option<&Vec<Line>>| -> Vec<Line> {
        let lines = lines.into_iter().flatten().cloned();
        lines.map(|line| Line { owner: Uuid::nil(), ..line }).collect()
    };
    let ours = plain(seen.order_lines.get(&order_id));
    let theirs = plain(seen.draft_lines.get(&draft.draft_id));
    if ours.is_empty() || ours != theirs || order.net_total != draft.net_total {
        found.push(Violation::Changed(order_id));
    }
    if order.status != draft.status {
        found.push(Violation::Apart(order_id));
    }
    found
}

/// Every state of a draft is told once, in order, from the first to the last.
fn judge_feed(seen: &Snapshot) -> Vec<Violation> {
    let whole = |draft: &&Draft| {
        let told = seen.told.get(&draft.order_uid).cloned().unwrap_or_default();
        let wanted: Vec<i64> = (1..=draft.sequence).collect();
        told != wanted
    };
    seen.drafts.iter().filter(whole).map(|draft| Violation::Gap(draft.order_uid)).collect()
}
