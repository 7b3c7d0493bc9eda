//! Lists of orders: filters, sorts, search, the figures on the tabs; deleting and taking back; saved views.

use domain::contacts::ContactRole;
use domain::ids::{ContactId, OrderId, SavedViewId, UserId};
use domain::money::Money;
use domain::orders::{DateRange, OrderFilter, OrderInput, OrderSort, OrderStatus, OrderView, PurchaseOrder};
use domain::paging::{Direction, PageRequest};
use domain::roles::Role;
use domain::saved_views::{ListName, SavedView};
use store::orders::Deleted;
use store::users::UserRecord;
use store::{Store, Tx};

use crate::harness::{NOW, id, on_both};
use crate::orders::order;
use crate::registers::contact;

on_both!(
    orders_are_filtered,
    orders_are_found_by_what_is_typed,
    orders_are_sorted_with_ties_and_pages,
    many_orders_are_listed_like_few,
    figures_of_statuses_never_drift,
    a_deleted_order_comes_back_as_it_was,
    views_are_saved,
);

/// An order whose list fields are as given.
async fn listed(
    tx: &mut Tx,
    number: &str,
    supplier: Option<ContactId>,
    status: OrderStatus,
    change: impl FnOnce(&mut PurchaseOrder),
) -> PurchaseOrder {
    let mut order = PurchaseOrder {
        order_id: id(),
        number: number.to_owned(),
        order_ref: None,
        supplier_id: supplier,
        supplier_name: None,
        status,
        revision: 1,
        requested_delivery_date: "2026-12-01".parse().ok(),
        currency: "NOK".to_owned(),
        delivery: domain::orders::DeliveryAddress::default(),
        our_reference: String::new(),
        their_reference: String::new(),
        note: String::new(),
        net_total: Money(100),
        lines: Vec::new(),
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
    change(&mut order);
    assert!(store::orders::add(tx, &order).await.unwrap());
    order
}

async fn numbers(tx: &mut Tx, filter: &OrderFilter) -> Vec<String> {
    let request = PageRequest { page: 1, page_size: 200 };
    let page = store::orders::list(tx, filter, "Ola", request).await.unwrap();
    assert_eq!(page.total, i64::try_from(page.rows.len()).unwrap(), "{filter:?}");
    let ids: Vec<OrderId> = page.rows.iter().map(|row| row.order_id).collect();
    assert_eq!(store::orders::ids(tx, filter, "Ola", 200).await.unwrap(), ids, "{filter:?}");
    page.rows.into_iter().map(|row| row.number).collect()
}

fn filter(change: impl FnOnce(&mut OrderFilter)) -> OrderFilter {
    let mut filter =
        OrderFilter { sort: OrderSort::Number, direction: Direction::Ascending, ..OrderFilter::default() };
    change(&mut filter);
    filter
}

async fn orders_are_filtered(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let bolt = contact(&mut tx, "Bolt & Feste AS", "313770125").await;
    let steel = contact(&mut tx, "Sørlandet Stål AS", "310004170").await;
    let day = |text: &str| text.parse().ok();
    listed(&mut tx, "PO-2026-00001", Some(bolt), OrderStatus::Draft, |_| {}).await;
    listed(&mut tx, "PO-2026-00002", Some(bolt), OrderStatus::Ready, |order| {
        order.created_by = "Ola".to_owned();
    })
    .await;
    listed(&mut tx, "PO-2026-00003", Some(steel), OrderStatus::Approved, |order| {
        order.requested_delivery_date = day("2026-12-24");
        order.created_at = NOW.plus_seconds(-3 * 24 * 3600);
    })
    .await;
    listed(&mut tx, "PO-2026-00004", None, OrderStatus::Draft, |order| order.requested_delivery_date = None)
        .await;
    let mut check = async |expected: &[&str], filter: OrderFilter| {
        let expected: Vec<String> = expected.iter().map(|number| format!("PO-2026-0000{number}")).collect();
        assert_eq!(numbers(&mut tx, &filter).await, expected, "{filter:?}");
    };
    let today = NOW.date_in_oslo();
    check(&["1", "2"], filter(|of| of.supplier = Some(bolt))).await;
    check(&["1", "4"], filter(|of| of.status = Some(OrderStatus::Draft))).await;
    check(&["2"], filter(|of| (of.view, of.status) = (OrderView::NeedsYou, Some(OrderStatus::Ready)))).await;
    check(&[], filter(|of| (of.view, of.status) = (OrderView::Drafts, Some(OrderStatus::Approved)))).await;
    check(&["2"], filter(|of| of.mine = true)).await;
    check(&["1", "2", "3"], filter(|of| of.wanted.from = day("2026-12-01"))).await;
    check(&["1", "2"], filter(|of| of.wanted.to = day("2026-12-01"))).await;
    check(&["3"], filter(|of| of.wanted = DateRange { from: day("2026-12-02"), to: day("2026-12-24") }))
        .await;
    check(&["1", "2", "4"], filter(|of| of.changed = DateRange { from: Some(today), to: Some(today) })).await;
    check(&["3"], filter(|of| of.changed.to = today.plus_days(-1))).await;
    check(&["1", "2", "4"], filter(|of| of.view = OrderView::Drafts)).await;
    check(
        &["1"],
        filter(|of| {
            (of.view, of.supplier) = (OrderView::Drafts, Some(bolt));
            (of.search, of.status) = (Some("bolt".to_owned()), Some(OrderStatus::Draft));
        }),
    )
    .await;
}

async fn orders_are_found_by_what_is_typed(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let steel = contact(&mut tx, "Sørlandet Stål AS", "310004170").await;
    let of_file = |order: &mut PurchaseOrder| order.order_ref = Some("Bestilling 77-B".to_owned());
    listed(&mut tx, "PO-2026-00417", Some(steel), OrderStatus::Draft, |_| {}).await;
    listed(&mut tx, "PO-2025-00417", None, OrderStatus::Draft, |_| {}).await;
    let answered = listed(&mut tx, "PO-2026-41700", None, OrderStatus::Exported, of_file).await;
    let answer = store::orders::Answer {
        sequence: 1,
        status: OrderStatus::Approved,
        draft_number: "K-00009".into(),
        sales_order_number: Some("S-00031".into()),
        reason: None,
    };
    store::orders::apply_answers(&mut tx, &[(answered.order_id, answer)], NOW).await.unwrap();
    let all = ["PO-2025-00417", "PO-2026-00417", "PO-2026-41700"];
    for (typed, expected) in [
        ("417", &all[..]),
        ("00417", &all[..]),
        ("po 417", &all[..]),
        ("PO-2026-00417", &all[1..]),
        ("po2026417", &all[1..]),
        ("po-2025", &all[..1]),
        ("41700", &all[2..]),
        ("bestilling 77", &all[2..]),
        ("Bestilling-77b", &all[2..]),
        ("s-0003", &all[2..]),
        ("SØRLANDET", &all[1..2]),
        ("stål", &all[1..2]),
        ("%", &[]),
        ("'; --", &[]),
        ("99", &[]),
    ] {
        let filter = filter(|of| of.search = Some(typed.to_owned()));
        assert_eq!(numbers(&mut tx, &filter).await, expected, "{typed}");
    }
    let found = store::contacts::named(&mut tx, ContactRole::Supplier, "ST\u{c5}L", 10).await.unwrap();
    assert_eq!(found, [steel]);
    let customers = store::contacts::named(&mut tx, ContactRole::Customer, "stål", 10).await.unwrap();
    assert_eq!(customers, [steel], "this one is both");
    assert!(store::contacts::named(&mut tx, ContactRole::Supplier, "kobber", 10).await.unwrap().is_empty());
}

/// The numbers of orders as each sort must show them, computed here.
fn expected(orders: &[PurchaseOrder], sort: OrderSort, direction: Direction) -> Vec<String> {
    let mut sorted: Vec<&PurchaseOrder> = orders.iter().collect();
    let way = |ordering: std::cmp::Ordering| {
        if direction == Direction::Descending { ordering.reverse() } else { ordering }
    };
    let place = |order: &PurchaseOrder| OrderStatus::ALL.iter().position(|status| *status == order.status);
    let newest =
        |a: &PurchaseOrder, b: &PurchaseOrder| (b.updated_at, b.order_id).cmp(&(a.updated_at, a.order_id));
    let name = |order: &PurchaseOrder| (order.supplier_name.clone().unwrap_or_default(), order.supplier_id);
    let date = |order: &PurchaseOrder| {
        order.requested_delivery_date.map_or("9999".to_owned(), |date| date.to_string())
    };
    sorted.sort_by(|a, b| match sort {
        OrderSort::Changed => way((a.updated_at, a.order_id).cmp(&(b.updated_at, b.order_id))),
        OrderSort::Number => {
            way((a.number.len(), &a.number, a.order_id).cmp(&(b.number.len(), &b.number, b.order_id)))
        }
        OrderSort::Supplier => way(name(a).cmp(&name(b))).then_with(|| newest(a, b)),
        OrderSort::Status => way(place(a).cmp(&place(b))).then_with(|| newest(a, b)),
        OrderSort::Wanted => way((date(a), a.order_id).cmp(&(date(b), b.order_id))),
        OrderSort::Total => way((a.net_total, a.order_id).cmp(&(b.net_total, b.order_id))),
    });
    sorted.into_iter().map(|order| order.number.clone()).collect()
}

async fn check_sorts(tx: &mut Tx, orders: &[PurchaseOrder], page_size: i64) {
    for sort in OrderSort::ALL {
        for direction in [Direction::Ascending, Direction::Descending] {
            let filter = OrderFilter { sort, direction, ..OrderFilter::default() };
            let expected = expected(orders, sort, direction);
            let mut seen = Vec::new();
            for page in 1..=3 {
                let request = PageRequest { page, page_size };
                let shown = store::orders::list(tx, &filter, "", request).await.unwrap();
                assert_eq!(shown.total, i64::try_from(orders.len()).unwrap());
                seen.extend(shown.rows.into_iter().map(|row| row.number));
            }
            assert_eq!(seen, expected[..seen.len()], "{sort:?} {direction:?}");
            assert!(!seen.is_empty());
        }
    }
}

/// Orders of two suppliers and of none, with ties in each sort.
async fn various(tx: &mut Tx, count: i64) -> Vec<PurchaseOrder> {
    let suppliers = [
        Some(contact(tx, "Bolt & Feste AS", "313770125").await),
        Some(contact(tx, "Alfa AS", "310004170").await),
        None,
    ];
    let mut orders = Vec::new();
    for place in 0..count {
        let of = usize::try_from(place).unwrap();
        let supplier = suppliers[of % 3];
        let status = OrderStatus::ALL[of % 7];
        let mut order = listed(tx, &format!("PO-2026-{:05}", 99_990 + place), supplier, status, |order| {
            order.net_total = Money(place % 5 * 100);
            order.created_at = NOW.plus_seconds(place % 4);
            if place % 6 == 0 {
                order.requested_delivery_date = None;
            }
        })
        .await;
        order.updated_at = order.created_at;
        order.supplier_name =
            supplier.map(|_| if of % 3 == 0 { "Bolt & Feste AS" } else { "Alfa AS" }.to_owned());
        orders.push(order);
    }
    orders
}

async fn orders_are_sorted_with_ties_and_pages(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let orders = various(&mut tx, 30).await;
    check_sorts(&mut tx, &orders, 7).await;
}

async fn many_orders_are_listed_like_few(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let orders = various(&mut tx, 2_100).await;
    check_sorts(&mut tx, &orders, 50).await;
    let drafts = filter(|of| {
        (of.view, of.sort, of.direction) = (OrderView::Drafts, OrderSort::Total, Direction::Descending);
    });
    let request = PageRequest { page: 1, page_size: 200 };
    let page = store::orders::list(&mut tx, &drafts, "", request).await.unwrap();
    assert_eq!(page.total, 600);
    assert!(page.rows.iter().all(|row| row.status.is_editable() && row.net_total >= Money(300)));
    let statuses = filter(|of| {
        (of.view, of.wanted.from) = (OrderView::Approved, "2026-12-01".parse().ok());
    });
    let page = store::orders::list(&mut tx, &statuses, "", request).await.unwrap();
    assert_eq!(
        page.total,
        orders
            .iter()
            .filter(|order| {
                matches!(order.status, OrderStatus::Approved | OrderStatus::ApprovedWithChanges)
                    && order.requested_delivery_date.is_some()
            })
            .count() as i64
    );
}

async fn figures_of_statuses_never_drift(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let check = async |tx: &mut Tx, expected: [(OrderView, i64); 3]| {
        let counts = store::orders::counts(tx).await.unwrap();
        for (view, count) in expected {
            assert!(counts.contains(&(view, count)), "{view:?} {count} {counts:?}");
        }
    };
    let mut orders = Vec::new();
    for number in 0..6 {
        orders
            .push(order(&mut tx, &format!("PO-2026-0000{number}"), None, OrderStatus::Draft).await.order_id);
    }
    check(&mut tx, [(OrderView::All, 6), (OrderView::Drafts, 6), (OrderView::Waiting, 0)]).await;
    tx.commit().await.unwrap();
    let mut tx = store.begin_write().await.unwrap();
    let sent =
        store::orders::set_status(&mut tx, &orders[..4], OrderStatus::Draft, OrderStatus::Exported, NOW);
    assert_eq!(sent.await.unwrap(), 4);
    assert!(store::orders::remove_draft(&mut tx, orders[5]).await.unwrap());
    check(&mut tx, [(OrderView::All, 5), (OrderView::Drafts, 1), (OrderView::Waiting, 4)]).await;
    drop(tx);
    let mut tx = store.begin_write().await.unwrap();
    check(&mut tx, [(OrderView::All, 6), (OrderView::Drafts, 6), (OrderView::Waiting, 0)]).await;
    // The same order again and again, and one that was there: nothing is counted twice.
    let again = listed(&mut tx, "PO-2026-00009", None, OrderStatus::Draft, |order| {
        order.order_ref = Some("R-1".to_owned());
    })
    .await;
    let twin = PurchaseOrder { order_id: id(), number: "PO-2026-00010".to_owned(), ..again };
    assert!(!store::orders::add(&mut tx, &twin).await.unwrap());
    tx.commit().await.unwrap();
    let mut tx = store.begin_read().await.unwrap();
    check(&mut tx, [(OrderView::All, 7), (OrderView::Drafts, 7), (OrderView::Approved, 0)]).await;
}

async fn a_deleted_order_comes_back_as_it_was(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let before = order(&mut tx, "PO-2026-00001", None, OrderStatus::Draft).await;
    let typed = Some(OrderInput { note: "tolv stk".into(), ..OrderInput::default() });
    store::orders::set_typed(&mut tx, before.order_id, typed.as_ref()).await.unwrap();
    let deleted = Deleted { order: before.clone(), typed: typed.clone() };
    store::orders::keep_deleted(&mut tx, &deleted, "Kari", NOW).await.unwrap();
    assert!(store::orders::remove_draft(&mut tx, before.order_id).await.unwrap());
    let later = NOW.plus_seconds(60);
    let back = store::orders::restore(&mut tx, before.order_id, later).await.unwrap().unwrap();
    let expected = PurchaseOrder { version: 2, updated_at: later, ..before.clone() };
    assert_eq!(back, expected);
    assert_eq!(store::orders::lookup(&mut tx, before.order_id).await.unwrap(), Some(expected));
    assert_eq!(store::orders::typed(&mut tx, before.order_id).await.unwrap(), typed);
    assert_eq!(store::orders::restore(&mut tx, before.order_id, later).await.unwrap(), None);
    // What was deleted long ago is forgotten when the next is deleted.
    store::orders::keep_deleted(&mut tx, &deleted, "Kari", NOW).await.unwrap();
    let other = Deleted { order: PurchaseOrder { order_id: id(), ..before.clone() }, typed: None };
    let much_later = NOW.plus_seconds(31 * 24 * 3600);
    store::orders::keep_deleted(&mut tx, &other, "Kari", much_later).await.unwrap();
    assert_eq!(store::orders::restore(&mut tx, before.order_id, much_later).await.unwrap(), None);
}

async fn views_are_saved(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let (kari, ola): (UserId, UserId) = (id(), id());
    for (user, name) in [(kari, "kari"), (ola, "ola")] {
        let email = format!("{name}@nordvik.example");
        let user = UserRecord {
            user_id: user,
            email,
            name: name.to_owned(),
            role: Role::Buyer,
            password_hash: "-".to_owned(),
            disabled: false,
        };
        assert!(store::users::add(&mut tx, &user, NOW).await.unwrap());
    }
    let list = ListName::PurchaseOrders;
    let view = |name: &str, is_shared| SavedView {
        view_id: id::<SavedViewId>(),
        name: name.to_owned(),
        query: "vis=kladder&sorter=-sum".to_owned(),
        is_shared,
        is_default: false,
        is_own: true,
    };
    let (own, shared) = (view("Mine", false), view("Felles", true));
    for kept in [&own, &shared] {
        store::saved_views::add(&mut tx, list, kari, kept, NOW).await.unwrap();
    }
    let seen = async |tx: &mut Tx, of| store::saved_views::list(tx, list, of).await.unwrap();
    assert_eq!(seen(&mut tx, kari).await, [own.clone(), shared.clone()]);
    assert_eq!(seen(&mut tx, ola).await, [SavedView { is_own: false, ..shared.clone() }]);
    assert!(store::saved_views::list(&mut tx, ListName::Articles, kari).await.unwrap().is_empty());
    assert_eq!(store::saved_views::count_own(&mut tx, list, kari).await.unwrap(), 2);
    // Only the owner changes a view.
    let renamed = SavedView { name: "Mine kladder".to_owned(), ..own.clone() };
    assert!(!store::saved_views::save(&mut tx, ola, &renamed).await.unwrap());
    assert!(store::saved_views::save(&mut tx, kari, &renamed).await.unwrap());
    for default in [own.view_id, shared.view_id] {
        store::saved_views::set_default(&mut tx, list, kari, Some(default)).await.unwrap();
    }
    let defaults: Vec<bool> = seen(&mut tx, kari).await.iter().map(|view| view.is_default).collect();
    assert_eq!(defaults, [false, true]);
    // A deleted view is gone for all, and comes back.
    assert!(!store::saved_views::set_deleted(&mut tx, ola, shared.view_id, Some(NOW)).await.unwrap());
    assert!(store::saved_views::set_deleted(&mut tx, kari, shared.view_id, Some(NOW)).await.unwrap());
    assert!(!store::saved_views::set_deleted(&mut tx, kari, shared.view_id, Some(NOW)).await.unwrap());
    assert!(seen(&mut tx, ola).await.is_empty());
    assert!(store::saved_views::set_deleted(&mut tx, kari, shared.view_id, None).await.unwrap());
    assert_eq!(seen(&mut tx, kari).await, [renamed, shared.clone()]);
    store::saved_views::set_default(&mut tx, list, kari, None).await.unwrap();
    // One is found by its key, however many there are.
    let mut last = shared.view_id;
    for number in 0..210 {
        let another = view(&format!("Felles {number}"), true);
        store::saved_views::add(&mut tx, list, kari, &another, NOW).await.unwrap();
        last = another.view_id;
    }
    assert!(seen(&mut tx, ola).await.iter().all(|view| view.view_id != last));
    let found = async |tx: &mut Tx, list, of, view| {
        store::saved_views::lookup(tx, list, of, view).await.unwrap().map(|view| (view.view_id, view.is_own))
    };
    assert_eq!(found(&mut tx, list, ola, last).await, Some((last, false)));
    assert_eq!(found(&mut tx, list, kari, last).await, Some((last, true)));
    assert_eq!(found(&mut tx, list, ola, own.view_id).await, None);
    assert_eq!(found(&mut tx, ListName::Articles, kari, last).await, None);
}
