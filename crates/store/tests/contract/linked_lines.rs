//! Lines of orders that got their number by a link, and the orders and forms that lines are of.

use domain::ids::{ContactId, FormKey, OrderId, OrderLineId, SupplierLinkId};
use domain::links::{SupplierLink, Verdict};
use domain::orders::{OrderLine, OrderStatus};
use store::links::LinkedLine;
use store::{Store, Tx};

use crate::harness::{NOW, id, on_both};
use crate::orders::order;
use crate::registers::contact;

on_both!(lines_of_links_are_read_order_by_order, a_line_and_a_form_tell_their_order);

async fn link(tx: &mut Tx, contact_id: ContactId, written: &str) -> SupplierLinkId {
    let link = SupplierLink {
        supplier_link_id: id(),
        contact_id,
        written_number: written.to_owned(),
        article_id: None,
        partner_number: "11007".to_owned(),
        verdict: Verdict::Same,
        decided_by: "Kari".to_owned(),
        decided_at: NOW,
        undone: None,
    };
    store::links::decide(tx, &link).await.unwrap();
    link.supplier_link_id
}

/// An order with so many lines that got their number by the link, in the order of their places.
async fn linked(
    tx: &mut Tx,
    number: &str,
    count: i32,
    link: SupplierLinkId,
) -> (OrderId, Vec<(OrderId, OrderLineId)>) {
    let first = order(tx, number, None, OrderStatus::Draft).await;
    let line = |place: i32| OrderLine { line_id: id(), line_number: place + 1, ..first.lines[0].clone() };
    // Ids that do not follow the places.
    let mut lines: Vec<OrderLine> = (0..count).map(line).collect();
    lines.reverse();
    for (place, line) in (1..).zip(&mut lines) {
        line.line_number = place;
    }
    store::orders::replace_lines(tx, first.order_id, &lines).await.unwrap();
    for line in &lines {
        store::links::keep_line(tx, link, line.line_id, "11O07", NOW).await.unwrap();
    }
    (first.order_id, lines.iter().map(|line| (first.order_id, line.line_id)).collect())
}

async fn lines_of_links_are_read_order_by_order(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let supplier = contact(&mut tx, "Bolt & Feste AS", "313770125").await;
    let (one, other) = (link(&mut tx, supplier, "11O07").await, link(&mut tx, supplier, "11O7").await);
    let mut expected = Vec::new();
    for (number, count) in [("PO-1", 600), ("PO-2", 1), ("PO-3", 20)] {
        expected.push(linked(&mut tx, number, count, one).await);
    }
    // The other link has a line of the same order, and there is an order that has been sent.
    let (_, both) = expected[1].1[0];
    store::links::keep_line(&mut tx, other, both, "11O7", NOW).await.unwrap();
    let (sent, _) = linked(&mut tx, "PO-4", 1, one).await;
    let (from, to) = (OrderStatus::Draft, OrderStatus::Exported);
    store::orders::set_status(&mut tx, &[sent], from, to, NOW).await.unwrap();
    expected.sort_by_key(|(order_id, _)| *order_id);

    for also in [Some(sent), Some(id()), None] {
        store::links::lock_orders(&mut tx, &[one, other], also).await.unwrap();
    }
    assert_eq!(
        store::links::count_orders(&mut tx, &[one, other]).await.unwrap(),
        3,
        "not the one that was sent"
    );
    assert_eq!(store::links::count_orders(&mut tx, &[other]).await.unwrap(), 1);
    assert_eq!(store::links::count_orders(&mut tx, &[]).await.unwrap(), 0);
    let (mut found, mut after, mut portions) = (Vec::<LinkedLine>::new(), None, 0);
    loop {
        let lines = store::links::lines(&mut tx, &[one], after, 2).await.unwrap();
        let Some(last) = lines.last() else { break };
        (after, portions) = (Some(last.order_id), portions + 1);
        found.extend(lines);
    }
    assert_eq!(portions, 2, "two orders at a time");
    assert!(found.iter().all(|line| line.written_number == "11O07" && line.supplier_link_id == one));
    let found: Vec<_> = found.into_iter().map(|line| (line.order_id, line.line_id)).collect();
    assert_eq!(found, expected.into_iter().flat_map(|(_, lines)| lines).collect::<Vec<_>>());

    let mut of_both = store::links::lines(&mut tx, &[one, other], None, 10).await.unwrap();
    assert_eq!(of_both.len(), 622);
    of_both.retain(|line| line.line_id == both);
    assert_eq!(
        of_both.iter().map(|line| line.written_number.as_str()).collect::<Vec<_>>(),
        ["11O07", "11O7"]
    );
    assert!(store::links::lines(&mut tx, &[], None, 10).await.unwrap().is_empty());

    let kept = store::links::kept_of(&mut tx, &[one, other], both).await.unwrap();
    assert_eq!(kept, [(one, "11O07".to_owned()), (other, "11O7".to_owned())]);
    assert!(store::links::kept_of(&mut tx, &[], both).await.unwrap().is_empty());
    assert!(store::links::kept_of(&mut tx, &[one], id()).await.unwrap().is_empty());
}

async fn a_line_and_a_form_tell_their_order(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let draft = order(&mut tx, "PO-1", None, OrderStatus::Draft).await;
    let line_id = draft.lines[0].line_id;
    assert_eq!(store::orders::order_of_line(&mut tx, line_id).await.unwrap(), Some(draft.order_id));
    assert_eq!(store::orders::order_of_line(&mut tx, id()).await.unwrap(), None);
    let form: FormKey = id();
    assert_eq!(store::orders::order_of_form(&mut tx, form).await.unwrap(), None);
    store::orders::claim_form(&mut tx, form, draft.order_id).await.unwrap();
    assert_eq!(store::orders::order_of_form(&mut tx, form).await.unwrap(), Some(draft.order_id));
}
