//! The checker is tested too: a good history passes, and each spoiled one fails for its own reason.

use uuid::Uuid;

use super::checker::{History, Told, Violation, judge};
use super::snapshot::{Draft, Line, Message, Order, Snapshot};

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn line(owner: Uuid, line_number: i64) -> Line {
    Line {
        owner,
        line_number,
        supplier_article_number: format!("A-{line_number}"),
        description: "Bolt".to_owned(),
        quantity: 2_000_000,
        unit: "EA".to_owned(),
        unit_price: 10_000_000,
        price_base_quantity: 1_000_000,
        discount_percent: 0,
        amount: 2_000,
    }
}

/// Two orders that were sent, one approved, and one that nobody sent.
fn good() -> (History, Snapshot) {
    let mut seen = Snapshot::default();
    for number in 1..=3_u128 {
        let status = ["received", "approved", "ready"][usize::try_from(number).unwrap() - 1];
        seen.orders.push(Order {
            order_id: id(number),
            number: format!("PO-{number}"),
            order_ref: None,
            status: status.to_owned(),
            net_total: 4_000,
        });
        seen.order_lines.insert(id(number), vec![line(id(number), 1), line(id(number), 2)]);
    }
    for number in 1..=2_u128 {
        let draft_id = id(100 + number);
        seen.drafts.push(Draft {
            draft_id,
            order_uid: id(number),
            number: format!("K-{number}"),
            status: seen.orders[usize::try_from(number).unwrap() - 1].status.clone(),
            net_total: 4_000,
            sequence: i64::try_from(number).unwrap(),
            issue_count: 0,
        });
        seen.draft_lines.insert(draft_id, vec![line(draft_id, 1), line(draft_id, 2)]);
        seen.told.insert(id(number), (1..=i64::try_from(number).unwrap()).collect());
        let message = Message {
            message_id: id(200 + number),
            subject_id: id(number),
            state: "delivered".to_owned(),
            body_digest: vec![7; 32],
            receipt: Some(vec![1]),
            attempts: 1,
        };
        seen.received.push(Message { attempts: 0, ..message.clone() });
        seen.sent.push(message);
    }
    (vec![(id(1), Told::Unknown), (id(1), Told::Ok), (id(2), Told::Unknown)], seen)
}

fn check(spoil: impl FnOnce(&mut History, &mut Snapshot), expected: &[Violation]) {
    let (mut history, mut seen) = good();
    spoil(&mut history, &mut seen);
    let found = judge(&history, &seen);
    for violation in expected {
        assert!(found.contains(violation), "{violation:?} was not found among {found:?}");
    }
    assert_eq!(found.is_empty(), expected.is_empty(), "{found:?}");
}

#[test]
fn a_good_history_passes() {
    check(|_, _| {}, &[]);
}

#[test]
fn what_is_lost_is_found() {
    check(|_, seen| drop(seen.drafts.remove(0)), &[Violation::Lost(id(1))]);
    check(|_, seen| drop(seen.received.remove(1)), &[Violation::Lost(id(2))]);
    check(|history, _| history.push((id(3), Told::Ok)), &[Violation::Lost(id(3))]);
}

#[test]
fn what_is_doubled_is_found() {
    check(
        |_, seen| {
            let copy = Draft { draft_id: id(900), number: "K-9".to_owned(), ..seen.drafts[0].clone() };
            seen.drafts.push(copy);
        },
        &[Violation::Doubled(id(1))],
    );
    check(|_, seen| seen.drafts[1].number = "K-1".to_owned(), &[Violation::Doubled(id(2))]);
    check(
        |_, seen| {
            let copy = Message { message_id: id(901), ..seen.sent[0].clone() };
            seen.sent.push(copy);
        },
        &[Violation::Doubled(id(1))],
    );
    check(|_, seen| seen.received.push(seen.received[0].clone()), &[Violation::Doubled(id(1))]);
}

#[test]
fn what_is_changed_is_found() {
    let draft_id = id(101);
    check(
        |_, seen| seen.draft_lines.get_mut(&draft_id).unwrap()[0].unit_price += 10_000,
        &[Violation::Changed(id(1))],
    );
    check(|_, seen| seen.draft_lines.get_mut(&draft_id).unwrap().swap(0, 1), &[Violation::Changed(id(1))]);
    check(|_, seen| drop(seen.draft_lines.get_mut(&draft_id).unwrap().pop()), &[Violation::Changed(id(1))]);
    check(|_, seen| seen.drafts[0].net_total += 1, &[Violation::Changed(id(1))]);
    check(|_, seen| seen.received[0].body_digest = vec![8; 32], &[Violation::Changed(id(1))]);
}

#[test]
fn what_does_not_agree_is_found() {
    check(|_, seen| seen.orders[1].status = "received".to_owned(), &[Violation::Apart(id(2))]);
    check(|_, seen| seen.received[0].receipt = Some(vec![2]), &[Violation::Apart(id(1))]);
}

#[test]
fn what_has_not_come_to_rest_is_found() {
    check(|_, seen| seen.sent[0].state = "sending".to_owned(), &[Violation::Unsettled(id(1))]);
    check(|_, seen| seen.sent[0].receipt = None, &[Violation::Unsettled(id(1))]);
    check(|_, seen| seen.sent[1].attempts = 0, &[Violation::Unsettled(id(2))]);
}

#[test]
fn what_nobody_sent_is_found() {
    check(|history, _| history.retain(|(order, _)| *order != id(2)), &[Violation::Phantom(id(2))]);
}

#[test]
fn a_gap_in_the_feed_is_found() {
    check(|_, seen| drop(seen.told.insert(id(2), vec![2])), &[Violation::Gap(id(2))]);
    check(|_, seen| drop(seen.told.insert(id(2), vec![2, 1])), &[Violation::Gap(id(2))]);
    check(|_, seen| drop(seen.told.insert(id(2), vec![1, 2, 2])), &[Violation::Gap(id(2))]);
}

#[test]
fn damage_is_found() {
    check(|_, seen| seen.damage.push("page 3".to_owned()), &[Violation::Damaged("page 3".to_owned())]);
}
