//! Drafts and sales orders at the supplier.

use domain::decimal::{Percent, Quantity, UnitPrice};
use domain::drafts::{DraftFilter, DraftLine, DraftSort, DraftStatus, DraftView, LineIssue};
use domain::ids::{ArticleId, ContactId, DraftId, InstanceId, MessageKey, OrderId, SalesOrderId};
use domain::money::Money;
use domain::orders::{DateRange, DeliveryAddress};
use domain::paging::PageRequest;
use domain::sales_orders::{SalesOrderFilter, SalesOrderLine, SalesOrderSort};
use store::drafts::{NewDraft, Step};
use store::messages::NewInbound;
use store::sales_orders::NewSalesOrder;
use store::{Store, Tx};

use crate::harness::{NOW, id, on_both};
use crate::registers::{article, contact};

on_both!(
    a_draft_is_kept_as_it_came,
    lines_that_differ_are_counted,
    drafts_with_a_changed_article_are_to_be_judged,
    a_draft_is_decided_once,
    a_sales_order_is_kept,
);

/// A draft of two lines, the second of them parked.
pub async fn draft(tx: &mut Tx, customer: ContactId, number: &str, known: ArticleId) -> NewDraft {
    let peer: InstanceId = id();
    let order_uid: OrderId = id();
    let message = NewInbound {
        message_key: id::<MessageKey>(),
        message_id: id(),
        peer_instance_id: peer,
        contact_id: customer,
        kind: store::messages::PURCHASE_ORDER,
        subject_id: order_uid.0,
        subject_number: "PO-1".to_owned(),
        revision: 1,
        body: b"{}".to_vec(),
        body_digest: [1; 32],
        correlation_id: id(),
        receipt: b"{}".to_vec(),
    };
    assert_eq!(store::messages::add_inbound(tx, std::slice::from_ref(&message), NOW).await.unwrap(), 1);
    let draft = NewDraft {
        draft_id: id::<DraftId>(),
        number: number.to_owned(),
        customer_id: customer,
        peer_instance_id: peer,
        order_uid,
        customer_order_number: "PO-1".to_owned(),
        revision: 1,
        new_customer: true,
        requested_delivery_date: Some("2026-12-01".parse().unwrap()),
        currency: "NOK".to_owned(),
        customer_reference: String::new(),
        supplier_reference: String::new(),
        delivery: DeliveryAddress { name: "Lager 2".to_owned(), ..DeliveryAddress::default() },
        note: String::new(),
        net_total: Money(2000),
        correlation_id: message.correlation_id,
        message_key: message.message_key,
    };
    let lines = vec![draft_line(1, Some(known)), draft_line(2, None)];
    let again = NewDraft { draft_id: id(), number: "X".into(), ..draft.clone() };
    for (draft, written) in [(draft.clone(), 1), (again, 0)] {
        assert_eq!(store::drafts::add(tx, &[(draft, lines.clone())], NOW).await.unwrap(), written);
    }
    let revisions = store::drafts::revisions(tx, peer, &[order_uid, id()]).await.unwrap();
    assert_eq!(revisions, [(order_uid, 1)].into());
    draft
}

fn draft_line(line_number: i32, article_id: Option<ArticleId>) -> DraftLine {
    DraftLine {
        line_number,
        customer_article_number: "N-100".to_owned(),
        supplier_article_number: "A".to_owned(),
        description: "Skrue".to_owned(),
        quantity: Quantity::whole(10),
        unit: "EA".to_owned(),
        unit_price: UnitPrice::whole(1),
        price_base_quantity: Quantity::whole(1),
        discount_percent: Percent(0),
        amount: Money(1000),
        note: String::new(),
        article_id,
        article_number: None,
        article_name: None,
        issue: article_id.is_none().then_some(LineIssue::UnknownArticle),
        differences: Vec::new(),
    }
}

async fn a_draft_is_kept_as_it_came(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let customer = contact(&mut tx, "Nordvik Mekaniske AS", "310004170").await;
    let known = article(&mut tx, "A", "Skrue").await;
    let draft = draft(&mut tx, customer, "K-1", known).await;
    let head = store::drafts::find_by_number(&mut tx, "K-1").await.unwrap().unwrap();
    assert_eq!(
        (head.row.line_count, head.row.issue_count, head.sequence, head.row.new_customer),
        (2, 1, 1, true)
    );
    assert_eq!(head.row.customer_name, "Nordvik Mekaniske AS");
    let by_order = store::drafts::find_by_order(&mut tx, draft.peer_instance_id, draft.order_uid)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(by_order.row, head.row);
    assert!(store::drafts::find_by_order(&mut tx, id(), draft.order_uid).await.unwrap().is_none());
    let lines = store::drafts::lines(&mut tx, draft.draft_id).await.unwrap();
    assert_eq!(
        (lines[0].article_number.as_deref(), lines[1].issue),
        (Some("A"), Some(LineIssue::UnknownArticle))
    );

    assert!(store::drafts::link_line(&mut tx, draft.draft_id, 2, known).await.unwrap());
    assert!(!store::drafts::link_line(&mut tx, draft.draft_id, 3, known).await.unwrap());
    store::drafts::confirm_customer(&mut tx, customer).await.unwrap();
    let head = store::drafts::lookup(&mut tx, draft.draft_id).await.unwrap().unwrap();
    assert_eq!((head.row.issue_count, head.row.new_customer), (0, false));
}

async fn lines_that_differ_are_counted(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let customer = contact(&mut tx, "Nordvik Mekaniske AS", "310004170").await;
    let known = article(&mut tx, "A", "Skrue").await;
    let draft = draft(&mut tx, customer, "K-1", known).await;
    let counted = async |tx: &mut Tx| {
        let head = store::drafts::lookup(tx, draft.draft_id).await.unwrap().unwrap();
        let with_issues = store::drafts::counts(tx).await.unwrap();
        let of = |view| with_issues.iter().find(|(known, _)| *known == view).map(|(_, count)| *count);
        (head.row.differing_count, of(DraftView::WithIssues))
    };
    store::drafts::confirm_customer(&mut tx, customer).await.unwrap();
    assert_eq!(counted(&mut tx).await, (1, Some(1)), "the parked line differs");
    store::drafts::set_differing(&mut tx, draft.draft_id, 0).await.unwrap();
    assert_eq!(counted(&mut tx).await, (0, Some(0)));
    store::drafts::set_differing(&mut tx, draft.draft_id, 2).await.unwrap();
    assert_eq!(counted(&mut tx).await, (2, Some(1)));
}

async fn drafts_with_a_changed_article_are_to_be_judged(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let customer = contact(&mut tx, "Nordvik Mekaniske AS", "310004170").await;
    let known = article(&mut tx, "A", "Skrue").await;
    let other = article(&mut tx, "B", "Mutter").await;
    let first = draft(&mut tx, customer, "K-1", known).await.draft_id;
    let second = draft(&mut tx, customer, "K-2", known).await.draft_id;
    let decided = draft(&mut tx, customer, "K-3", known).await.draft_id;
    let step = Step { status: DraftStatus::Rejected, reason: None, decided_by: None };
    store::drafts::advance(&mut tx, decided, 1, &step, NOW).await.unwrap();
    assert!(store::drafts::unjudged(&mut tx, 10).await.unwrap().is_empty(), "as they came they are judged");
    store::drafts::mark_unjudged(&mut tx, &[other, id()]).await.unwrap();
    assert!(store::drafts::unjudged(&mut tx, 10).await.unwrap().is_empty(), "none has a line of these");
    store::drafts::mark_unjudged(&mut tx, &[other, known]).await.unwrap();
    let mut newest_first = [first, second];
    newest_first.sort_unstable_by(|one, other| other.cmp(one));
    assert_eq!(store::drafts::unjudged(&mut tx, 10).await.unwrap(), newest_first, "the third is decided");
    assert_eq!(store::drafts::unjudged(&mut tx, 1).await.unwrap(), newest_first[..1], "a portion at a time");
    // Also where the count is what it was.
    let counted = store::drafts::lookup(&mut tx, first).await.unwrap().unwrap().row.differing_count;
    store::drafts::set_differing(&mut tx, first, counted).await.unwrap();
    assert_eq!(store::drafts::unjudged(&mut tx, 10).await.unwrap(), [second]);
}

async fn a_draft_is_decided_once(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let customer = contact(&mut tx, "Nordvik Mekaniske AS", "310004170").await;
    let known = article(&mut tx, "A", "Skrue").await;
    let draft = draft(&mut tx, customer, "K-1", known).await;
    for (view, expected) in
        [(DraftView::Open, 1), (DraftView::WithIssues, 1), (DraftView::Approved, 0), (DraftView::All, 1)]
    {
        let filter = DraftFilter { search: Some("nordvik".into()), ..DraftFilter::of_view(view) };
        let page = store::drafts::list(&mut tx, &filter, PageRequest::default()).await.unwrap();
        assert_eq!((page.total, i64::try_from(page.rows.len()).unwrap()), (expected, expected), "{view:?}");
    }
    let request = PageRequest::default();
    for (search, expected) in
        [("k-1", 1), ("2", 0), ("PO-1", 1), ("po", 1), ("NORDVIK", 1), ("xq", 0), ("%", 0)]
    {
        for sort in DraftSort::ALL {
            let of =
                DraftFilter { search: Some(search.into()), sort, ..DraftFilter::of_view(DraftView::All) };
            assert_eq!(store::drafts::list(&mut tx, &of, request).await.unwrap().total, expected, "{search}");
        }
    }
    for (of, expected) in [(customer, 1), (id(), 0)] {
        for view in [DraftView::Open, DraftView::All] {
            let of = DraftFilter { customer: Some(of), ..DraftFilter::of_view(view) };
            assert_eq!(store::drafts::list(&mut tx, &of, request).await.unwrap().total, expected);
        }
    }
    let step =
        Step {
            status: DraftStatus::Rejected, reason: Some("Utgått".into()), decided_by: Some("Ola".into())
        };
    assert_eq!(store::drafts::advance(&mut tx, draft.draft_id, 1, &step, NOW).await.unwrap(), Some(2));
    assert_eq!(store::drafts::advance(&mut tx, draft.draft_id, 1, &step, NOW).await.unwrap(), None);
    let head = store::drafts::lock(&mut tx, draft.draft_id).await.unwrap().unwrap();
    assert_eq!((head.row.status, head.version, head.decided_at), (DraftStatus::Rejected, 2, Some(NOW)));
    let counts = store::drafts::counts(&mut tx).await.unwrap();
    assert!(counts.contains(&(DraftView::Rejected, 1)), "{counts:?}");
}

async fn a_sales_order_is_kept(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let customer = contact(&mut tx, "Nordvik Mekaniske AS", "310004170").await;
    let known = article(&mut tx, "A", "Skrue").await;
    let draft = draft(&mut tx, customer, "K-1", known).await;
    let line = SalesOrderLine {
        line_number: 1,
        article_number: "A".into(),
        description: "Skrue".into(),
        customer_article_number: "N-100".into(),
        quantity: Quantity::whole(10),
        unit: "EA".into(),
        unit_price: UnitPrice::whole(1),
        price_base_quantity: Quantity::whole(1),
        discount_percent: Percent(0),
        vat_rate: Percent::whole(25),
        amount: Money(1000),
    };
    let sales_order = NewSalesOrder {
        sales_order_id: id::<SalesOrderId>(),
        number: "S-1".into(),
        draft_id: draft.draft_id,
        customer_id: customer,
        customer_order_number: "PO-1".into(),
        requested_delivery_date: None,
        currency: "NOK".into(),
        net_total: Money(1000),
        created_by: "Ola".into(),
        lines: vec![(known, line.clone())],
    };
    store::sales_orders::add(&mut tx, &sales_order, NOW).await.unwrap();
    let kept = store::sales_orders::find_by_number(&mut tx, "S-1").await.unwrap().unwrap();
    assert_eq!((kept.draft_number.as_str(), kept.lines), ("K-1", vec![line]));
    let head = store::drafts::lookup(&mut tx, draft.draft_id).await.unwrap().unwrap();
    assert_eq!(head.sales_order.map(|(_, number)| number).as_deref(), Some("S-1"));
    let asked = |search: Option<&str>| SalesOrderFilter {
        search: search.map(str::to_owned),
        ..SalesOrderFilter::default()
    };
    let next_year = DateRange { from: "2030-01-01".parse().ok(), to: None };
    for (filter, expected) in [
        (asked(None), 1),
        (asked(Some("po1")), 1),
        (asked(Some("NORDVIK")), 1),
        (asked(Some("PO-2")), 0),
        (SalesOrderFilter { customer: Some(customer), sort: SalesOrderSort::Total, ..asked(None) }, 1),
        (SalesOrderFilter { created: next_year, sort: SalesOrderSort::Wanted, ..asked(None) }, 0),
    ] {
        let list = store::sales_orders::list(&mut tx, &filter, PageRequest::default()).await.unwrap();
        assert_eq!(
            (list.total, list.rows.len()),
            (expected, usize::try_from(expected).unwrap()),
            "{filter:?}"
        );
    }
}
