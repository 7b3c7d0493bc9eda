//! Lists of articles, and orders that are found by the articles of their lines.

use domain::articles::{ArticleFilter, ArticleSort, ArticleStatus};
use domain::contacts::{ContactFilter, ContactRole, ContactSort};
use domain::orders::{OrderFilter, OrderStatus};
use domain::paging::{Direction, PageRequest};
use store::Store;

use crate::harness::on_both;
use crate::orders::order;
use crate::registers::{article, contact};

on_both!(articles_are_filtered_and_sorted, orders_are_found_by_their_lines, contacts_are_filtered_and_sorted);

async fn articles_are_filtered_and_sorted(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let supplier = contact(&mut tx, "Bolt & Feste AS", "313770125").await;
    let screw = article(&mut tx, "N-100", "Sekskantskrue M10x50").await;
    let other = article(&mut tx, "N-200", "Mutter").await;
    store::articles::set_supplier_number(&mut tx, screw, supplier, "A4-M10-50").await.unwrap();
    let all = ArticleFilter::default();
    let sorted =
        |sort, direction| ArticleFilter { sort: Some((sort, direction)), ..ArticleFilter::default() };
    for (filter, expected) in [
        (ArticleFilter { supplier: Some(supplier), ..all.clone() }, &["N-100"][..]),
        (ArticleFilter { without_supplier: true, ..all.clone() }, &["N-200"]),
        (ArticleFilter { status: Some(ArticleStatus::GoingOut), ..all.clone() }, &[]),
        (ArticleFilter { status: Some(ArticleStatus::Active), ..all.clone() }, &["N-100", "N-200"]),
        (sorted(ArticleSort::Number, Direction::Descending), &["N-200", "N-100"]),
        (sorted(ArticleSort::Name, Direction::Ascending), &["N-200", "N-100"]),
        (sorted(ArticleSort::Price, Direction::Ascending), &["N-100", "N-200"]),
    ] {
        let list = store::articles::list(&mut tx, &filter, PageRequest::default()).await.unwrap();
        let numbers: Vec<_> = list.rows.iter().map(|row| row.number.as_str()).collect();
        assert_eq!((numbers.as_slice(), list.total), (expected, expected.len() as i64), "{filter:?}");
    }
    let found = store::articles::among(&mut tx, &all, &[other, screw]).await.unwrap();
    assert_eq!(found.iter().map(|row| row.number.as_str()).collect::<Vec<_>>(), ["N-200", "N-100"]);
    let of_supplier = ArticleFilter { supplier: Some(supplier), ..all.clone() };
    let found = store::articles::among(&mut tx, &of_supplier, &[other, screw]).await.unwrap();
    assert_eq!(found[0].supplier_article_number.as_deref(), Some("A4-M10-50"));
    assert_eq!(found.len(), 1);
    assert!(store::articles::among(&mut tx, &all, &[]).await.unwrap().is_empty());
}

async fn orders_are_found_by_their_lines(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    for (number, own, theirs) in [
        ("PO-2026-00001", "N-100", "A4-M10 X50"),
        ("PO-2026-00002", "N-1000", "B-7"),
        ("PO-2026-00003", "", ""),
    ] {
        let order = order(&mut tx, number, None, OrderStatus::Draft).await;
        let mut lines = order.lines.clone();
        lines[0].article_number = own.to_owned();
        lines[0].supplier_article_number = theirs.to_owned();
        store::orders::replace_lines(&mut tx, order.order_id, &lines).await.unwrap();
    }
    for (typed, expected) in [
        ("a4m10x50", &["PO-2026-00001"][..]),
        ("A4-M10 X", &["PO-2026-00001"]),
        ("n-1000", &["PO-2026-00002"]),
        ("N-100", &["PO-2026-00001", "PO-2026-00002"]),
        ("b-7", &["PO-2026-00002"]),
        ("4-M10", &[]),
    ] {
        let filter = OrderFilter { search: Some(typed.to_owned()), ..OrderFilter::default() };
        let list = store::orders::list(&mut tx, &filter, "Ola", PageRequest::default()).await.unwrap();
        let mut numbers: Vec<_> = list.rows.iter().map(|row| row.number.as_str()).collect();
        numbers.sort_unstable();
        assert_eq!((numbers.as_slice(), list.total), (expected, expected.len() as i64), "{typed}");
    }
}

async fn contacts_are_filtered_and_sorted(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    contact(&mut tx, "Bolt & Feste AS", "313770125").await;
    contact(&mut tx, "Nordvik Mekaniske AS", "310004170").await;
    let all = ContactFilter::of_role(Some(ContactRole::Supplier), None);
    for (filter, expected) in [
        (all.clone(), &["Bolt & Feste AS", "Nordvik Mekaniske AS"][..]),
        (
            ContactFilter { direction: Direction::Descending, ..all.clone() },
            &["Nordvik Mekaniske AS", "Bolt & Feste AS"],
        ),
        (
            ContactFilter { sort: ContactSort::City, ..all.clone() },
            &["Bolt & Feste AS", "Nordvik Mekaniske AS"],
        ),
        (ContactFilter { connected: Some(true), ..all.clone() }, &[]),
        (
            ContactFilter { connected: Some(false), both_roles: true, ..all.clone() },
            &["Bolt & Feste AS", "Nordvik Mekaniske AS"],
        ),
        (ContactFilter { needs_review: true, ..all.clone() }, &[]),
    ] {
        let list = store::contacts::list_of(&mut tx, &filter, PageRequest::default()).await.unwrap();
        let names: Vec<_> = list.rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!((names.as_slice(), list.total), (expected, expected.len() as i64), "{filter:?}");
    }
}
