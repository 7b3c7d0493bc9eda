//! Orders at the buyer, and runs of the export.

use domain::decimal::{Percent, Quantity, UnitPrice};
use domain::ids::{ContactId, ExportJobId};
use domain::money::Money;
use domain::orders::{
    DeliveryAddress, OrderFilter, OrderInput, OrderLine, OrderStatus, OrderView, PurchaseOrder, UnreadMarks,
};
use domain::paging::PageRequest;
use store::exports::NewItem;
use store::orders::Answer;
use store::{Store, Tx};

use crate::harness::{NOW, id, on_both};
use crate::registers::contact;

on_both!(
    an_order_is_kept_as_it_was,
    only_the_seen_version_is_saved,
    what_was_typed_is_kept,
    answers_apply_in_order,
    orders_are_listed_by_view,
    a_run_shows_how_orders_stand,
    the_partners_last_check_is_kept,
);

/// An order with one line, as a new one is written.
pub async fn order(
    tx: &mut Tx,
    number: &str,
    supplier: Option<ContactId>,
    status: OrderStatus,
) -> PurchaseOrder {
    let order = PurchaseOrder {
        order_id: id(),
        number: number.to_owned(),
        order_ref: None,
        supplier_id: supplier,
        supplier_name: None,
        status,
        revision: 1,
        requested_delivery_date: "2026-12-01".parse().ok(),
        currency: "NOK".to_owned(),
        delivery: DeliveryAddress { city: "Ås".to_owned(), ..DeliveryAddress::default() },
        our_reference: "Kari".to_owned(),
        their_reference: "Tilbud 7".to_owned(),
        note: "Til lager\nnord".to_owned(),
        net_total: Money(24_400),
        lines: vec![line()],
        correlation_id: id(),
        created_at: NOW,
        created_by: "Kari".to_owned(),
        updated_at: NOW,
        version: 1,
        answer_sequence: 0,
        partner_draft_number: None,
        partner_sales_order_number: None,
        answer_reason: None,
    };
    assert!(store::orders::add(tx, &order).await.unwrap());
    store::orders::replace_lines(tx, order.order_id, &order.lines).await.unwrap();
    order
}

fn line() -> OrderLine {
    OrderLine {
        line_id: id(),
        line_number: 1,
        article_id: None,
        article_number: "N-100".to_owned(),
        description: "Sekskantskrue".to_owned(),
        supplier_article_number: "A4-M10-50".to_owned(),
        gtin: None,
        quantity: Quantity::whole(40),
        unit: "EA".to_owned(),
        unit_price: UnitPrice(6_100_000),
        price_base_quantity: Quantity::whole(1),
        discount_percent: Percent(0),
        vat_rate: Percent::whole(25),
        amount: Money(24_400),
        note: String::new(),
    }
}

async fn an_order_is_kept_as_it_was(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let supplier = contact(&mut tx, "Bolt & Feste AS", "313770125").await;
    let mut written = order(&mut tx, "PO-1", Some(supplier), OrderStatus::Ready).await;
    tx.commit().await.unwrap();
    written.supplier_name = Some("Bolt & Feste AS".to_owned());
    let mut tx = store.begin_read().await.unwrap();
    assert_eq!(store::orders::find_by_number(&mut tx, "PO-1").await.unwrap(), Some(written.order_id));
    assert_eq!(store::orders::lookup(&mut tx, written.order_id).await.unwrap(), Some(written.clone()));
    assert_eq!(
        store::orders::lock(&mut store.begin_write().await.unwrap(), written.order_id).await.unwrap(),
        Some(written)
    );
    assert_eq!(store::orders::lookup(&mut tx, id()).await.unwrap(), None);
}

async fn only_the_seen_version_is_saved(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let mut changed = order(&mut tx, "PO-1", None, OrderStatus::Draft).await;
    changed.note = "Ny".to_owned();
    assert!(store::orders::save(&mut tx, &changed, 1, NOW).await.unwrap());
    assert!(!store::orders::save(&mut tx, &changed, 1, NOW).await.unwrap());
    let order_id = changed.order_id;
    for moved in [1, 0] {
        let (from, to) = (OrderStatus::Draft, OrderStatus::Exported);
        assert_eq!(
            store::orders::set_status(&mut tx, &[order_id, id()], from, to, NOW).await.unwrap(),
            moved
        );
    }
    assert!(!store::orders::save(&mut tx, &changed, 3, NOW).await.unwrap(), "a sent order is not changed");
    assert!(!store::orders::remove_draft(&mut tx, order_id).await.unwrap());
    let other = order(&mut tx, "PO-2", None, OrderStatus::Draft).await;
    assert!(store::orders::remove_draft(&mut tx, other.order_id).await.unwrap());
    assert_eq!(store::orders::lookup(&mut tx, other.order_id).await.unwrap(), None);
}

async fn what_was_typed_is_kept(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let order = order(&mut tx, "PO-1", None, OrderStatus::Draft).await;
    let input = OrderInput { note: "tolv stk".into(), ..Default::default() };
    assert_eq!(store::orders::typed(&mut tx, order.order_id).await.unwrap(), None);
    for _ in 0..2 {
        store::orders::set_typed(&mut tx, order.order_id, Some(&input)).await.unwrap();
    }
    assert_eq!(store::orders::typed(&mut tx, order.order_id).await.unwrap(), Some(input.clone()));
    // What lists tell of it is looked for anew whenever it is kept anew.
    let marks = UnreadMarks { unreadable: true, ..UnreadMarks::default() };
    for _ in 0..2 {
        assert_eq!(store::orders::unmarked(&mut tx, None, 10).await.unwrap(), [order.order_id]);
        let after = Some(order.order_id);
        assert!(store::orders::unmarked(&mut tx, after, 10).await.unwrap().is_empty(), "after itself");
        let locked = store::orders::lock_unmarked(&mut tx, order.order_id).await.unwrap();
        assert_eq!(locked, Some((order.clone(), input.clone())));
        let row = store::orders::row(&mut tx, order.order_id).await.unwrap().unwrap();
        assert_eq!((row.has_unread, row.marks), (true, UnreadMarks::default()));
        store::orders::set_marks(&mut tx, order.order_id, &marks).await.unwrap();
        assert!(store::orders::unmarked(&mut tx, None, 10).await.unwrap().is_empty());
        assert_eq!(store::orders::lock_unmarked(&mut tx, order.order_id).await.unwrap(), None);
        let row = store::orders::row(&mut tx, order.order_id).await.unwrap().unwrap();
        assert_eq!((row.has_unread, &row.marks), (true, &marks));
        store::orders::set_typed(&mut tx, order.order_id, Some(&input)).await.unwrap();
    }
    let read = PurchaseOrder { our_reference: "Kari".into(), net_total: Money(700), ..order.clone() };
    assert!(store::orders::write_what_is_read(&mut tx, &read).await.unwrap());
    let kept = store::orders::lookup(&mut tx, order.order_id).await.unwrap().unwrap();
    assert_eq!(kept, read, "with its version and its time");
    let other = PurchaseOrder { version: 9, ..order.clone() };
    assert!(!store::orders::write_what_is_read(&mut tx, &other).await.unwrap());
    assert_eq!(store::orders::lookup(&mut tx, order.order_id).await.unwrap(), Some(read));
    store::orders::set_typed(&mut tx, order.order_id, None).await.unwrap();
    assert_eq!(store::orders::typed(&mut tx, order.order_id).await.unwrap(), None);
}

/// On SQLite nobody reads between another's lock and its commit: there is one writer.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_after_a_wait_is_what_was_saved() {
    let Some((store, address)) = crate::harness::postgres().await else { return };
    let mut tx = store.begin_write().await.unwrap();
    let order = order(&mut tx, "PO-1", None, OrderStatus::Draft).await;
    let typed = |note: &str| OrderInput { note: note.to_owned(), ..OrderInput::default() };
    store::orders::set_typed(&mut tx, order.order_id, Some(&typed("før"))).await.unwrap();
    tx.commit().await.unwrap();
    let mut saving = store.begin_write().await.unwrap();
    store::orders::lock(&mut saving, order.order_id).await.unwrap().unwrap();
    let reading = tokio::spawn({
        let (store, order_id) = (store.clone(), order.order_id);
        async move {
            let mut tx = store.begin_write().await.unwrap();
            store::orders::lock_unmarked(&mut tx, order_id).await.unwrap()
        }
    });
    let watching = sqlx::PgPool::connect(&address).await.unwrap();
    let waiting = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while sqlx::query_scalar::<_, i64>(waiting).fetch_one(&watching).await.unwrap() == 0 {
        assert!(!reading.is_finished(), "it waits for the order");
    }
    store::orders::set_typed(&mut saving, order.order_id, Some(&typed("etter"))).await.unwrap();
    saving.commit().await.unwrap();
    assert_eq!(reading.await.unwrap(), Some((order, typed("etter"))));
    watching.close().await;
    store.close().await;
}

async fn answers_apply_in_order(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let order = order(&mut tx, "PO-1", None, OrderStatus::Exported).await;
    let answer = |sequence, status| Answer {
        sequence,
        status,
        draft_number: "K-1".into(),
        sales_order_number: None,
        reason: None,
    };
    let second = answer(2, OrderStatus::Approved);
    let first = answer(1, OrderStatus::Received);
    for (answer, changes) in [(&second, true), (&first, false), (&second, false)] {
        let told = [(order.order_id, answer.clone()), (id(), answer.clone())];
        let changed = store::orders::apply_answers(&mut tx, &told, NOW).await.unwrap();
        assert_eq!(changed.into_iter().collect::<Vec<_>>(), changes.then_some(order.order_id).as_slice());
    }
    let standings = store::orders::lock_standings(&mut tx, &[order.order_id, id()]).await.unwrap();
    assert_eq!(standings.len(), 1);
    let standing = standings[&order.order_id];
    assert_eq!((standing.status, standing.answer_sequence), (OrderStatus::Approved, 2));
    let kept = store::orders::lookup(&mut tx, order.order_id).await.unwrap().unwrap();
    assert_eq!((kept.status, kept.answer_sequence), (OrderStatus::Approved, 2));
}

async fn orders_are_listed_by_view(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let supplier = contact(&mut tx, "Bolt & Feste AS", "313770125").await;
    for (number, status) in [
        ("PO-2026-00001", OrderStatus::Draft),
        ("PO-2026-00002", OrderStatus::Ready),
        ("PO-2026-00003", OrderStatus::Exported),
        ("PO-2026-00004", OrderStatus::Approved),
        ("PO-2026-00005", OrderStatus::Rejected),
    ] {
        order(&mut tx, number, Some(supplier), status).await;
    }
    for (view, search, expected) in [
        (OrderView::NeedsYou, None, 3),
        (OrderView::Drafts, None, 2),
        (OrderView::Waiting, None, 1),
        (OrderView::Approved, None, 1),
        (OrderView::All, None, 5),
        (OrderView::All, Some("po-2026-00003"), 1),
        (OrderView::All, Some("BOLT"), 5),
        (OrderView::All, Some("'; --"), 0),
    ] {
        let filter = OrderFilter { search: search.map(str::to_owned), ..OrderFilter::of_view(view) };
        let page = store::orders::list(&mut tx, &filter, "Kari", PageRequest::default()).await.unwrap();
        assert_eq!(
            (page.total, i64::try_from(page.rows.len()).unwrap()),
            (expected, expected),
            "{view:?} {search:?}"
        );
    }
    for view in [OrderView::All, OrderView::NeedsYou] {
        let mut seen = Vec::new();
        let filter = OrderFilter::of_view(view);
        for page in 1..=3 {
            let part = PageRequest { page, page_size: 2 };
            let rows = store::orders::list(&mut tx, &filter, "", part).await.unwrap().rows;
            seen.extend(rows.into_iter().map(|row| row.order_id));
        }
        let whole = store::orders::list(&mut tx, &filter, "", PageRequest::default()).await.unwrap().rows;
        assert_eq!(seen, whole.into_iter().map(|row| row.order_id).collect::<Vec<_>>(), "{view:?}");
    }
    let counts = store::orders::counts(&mut tx).await.unwrap();
    assert!(
        counts.contains(&(OrderView::NeedsYou, 3)) && counts.contains(&(OrderView::All, 5)),
        "{counts:?}"
    );
    let ready = store::orders::ready(&mut tx, 10).await.unwrap();
    assert_eq!(ready.iter().map(|row| row.number.as_str()).collect::<Vec<_>>(), ["PO-2026-00002"]);
}

async fn a_run_shows_how_orders_stand(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let order = order(&mut tx, "PO-1", None, OrderStatus::Ready).await;
    let job: ExportJobId = id();
    store::exports::add_job(&mut tx, job, "Kari", NOW).await.unwrap();
    let item = NewItem {
        ordinal: 0,
        order_id: order.order_id,
        message_key: None,
        sent_before: false,
        error: Some(domain::errors::ErrorCode::LinesNotExact),
        findings: Vec::new(),
    };
    store::exports::add_items(&mut tx, job, &[item]).await.unwrap();
    let run = store::exports::lookup(&mut tx, job).await.unwrap().unwrap();
    assert_eq!((run.created_by.as_str(), run.settled(), run.delivered()), ("Kari", 1, 0));
    assert_eq!(run.items[0].error, Some(domain::errors::ErrorCode::LinesNotExact));
    assert_eq!(store::exports::lookup(&mut tx, id()).await.unwrap(), None);
}

async fn the_partners_last_check_is_kept(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let order_id = order(&mut tx, "PO-1", None, OrderStatus::Draft).await.order_id;
    let look = async |tx: &mut Tx| {
        store::partner_checks::lookup_each(tx, &[order_id, id()]).await.unwrap().remove(&order_id)
    };
    assert_eq!(look(&mut tx).await, None);
    store::partner_checks::save(&mut tx, order_id, 1, "{}", NOW).await.unwrap();
    store::partner_checks::save(&mut tx, order_id, 2, "[]", NOW.plus_seconds(1)).await.unwrap();
    let kept = look(&mut tx).await.unwrap();
    assert_eq!((kept.order_version, kept.answer.as_str()), (2, "[]"));
    assert!(store::orders::remove_draft(&mut tx, order_id).await.unwrap());
    assert_eq!(look(&mut tx).await, None);
}
