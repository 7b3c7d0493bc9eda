//! What people decided about numbers and articles of suppliers.

use std::collections::BTreeSet;

use domain::ids::{ArticleId, ContactId, OrderLineId, SupplierLinkId};
use domain::links::{DecisionView, SupplierLink, Undone, Verdict};
use store::articles::NumbersAt;
use store::{Store, Tx};

use crate::harness::{NOW, id, on_both};
use crate::registers::{article, contact};

on_both!(
    decisions_count_until_they_are_taken_back,
    decisions_are_listed_and_found,
    a_number_has_one_confirmed_article,
    own_numbers_at_a_supplier
);

fn link(contact_id: ContactId, written: &str, partner: &str, verdict: Verdict) -> SupplierLink {
    SupplierLink {
        supplier_link_id: id(),
        contact_id,
        written_number: written.to_owned(),
        article_id: None,
        partner_number: partner.to_owned(),
        verdict,
        decided_by: "Kari".to_owned(),
        decided_at: NOW,
        undone: None,
    }
}

async fn decisions_count_until_they_are_taken_back(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let supplier = contact(&mut tx, "Bolt & Feste AS", "313770125").await;
    let other = contact(&mut tx, "Nordvik", "310004170").await;
    let own = article(&mut tx, "A-100", "Skrue").await;
    assert!(!store::links::any(&mut tx, supplier).await.unwrap());
    let first = SupplierLink { article_id: Some(own), ..link(supplier, "11O07", "11007", Verdict::Same) };
    let refused = link(supplier, "7", "007", Verdict::NotSame);
    for decision in [&first, &refused] {
        store::links::decide(&mut tx, decision).await.unwrap();
    }
    assert!(store::links::any(&mut tx, supplier).await.unwrap());
    assert!(!store::links::any(&mut tx, other).await.unwrap());
    assert_eq!(store::links::lookup(&mut tx, first.supplier_link_id).await.unwrap(), Some(first.clone()));
    let none = BTreeSet::new();
    let numbers = |number: &str| BTreeSet::from([number.to_owned(), String::new()]);
    for number in ["11O07", "11007"] {
        let found = store::links::concerning(&mut tx, supplier, &numbers(number), &none).await.unwrap();
        assert_eq!(found, std::slice::from_ref(&first), "{number}");
    }
    let by_article =
        store::links::concerning(&mut tx, supplier, &BTreeSet::new(), &BTreeSet::from([own])).await.unwrap();
    assert_eq!(by_article, std::slice::from_ref(&first));
    assert!(store::links::concerning(&mut tx, other, &numbers("11O07"), &none).await.unwrap().is_empty());
    let later = NOW.plus_seconds(60);
    assert!(store::links::undo(&mut tx, first.supplier_link_id, "Ola", later).await.unwrap());
    assert!(!store::links::undo(&mut tx, first.supplier_link_id, "Ola", later).await.unwrap());
    assert!(!store::links::undo(&mut tx, id(), "Ola", later).await.unwrap());
    assert!(store::links::concerning(&mut tx, supplier, &numbers("11O07"), &none).await.unwrap().is_empty());
    let listed = store::links::list(&mut tx, supplier, DecisionView::Same, None, 10).await.unwrap();
    assert!(listed.iter().all(|link| link.undone.is_none()));
    let listed = store::links::list(&mut tx, supplier, DecisionView::Undone, None, 10).await.unwrap();
    assert_eq!(listed[0].undone, Some(Undone { by: "Ola".into(), at: later }));
    assert_eq!(
        store::links::list(&mut tx, supplier, DecisionView::NotSame, None, 10).await.unwrap(),
        [refused]
    );
}

async fn decisions_are_listed_and_found(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let supplier = contact(&mut tx, "Bolt & Feste AS", "313770125").await;
    let other = contact(&mut tx, "Nordvik", "310004170").await;
    let own = article(&mut tx, "A-100", "Skrue").await;
    let mut made = [
        link(supplier, "11O07", "11007", Verdict::Same),
        SupplierLink { article_id: Some(own), ..link(supplier, "", "B-1", Verdict::Same) },
        link(supplier, "æ_1", "110", Verdict::Same),
    ];
    made.sort_by_key(|link| link.supplier_link_id);
    for decision in made.iter().chain([&link(other, "11O07", "11007", Verdict::Same)]) {
        store::links::decide(&mut tx, decision).await.unwrap();
    }
    store::links::decide(&mut tx, &link(supplier, "11O07", "11070", Verdict::NotSame)).await.unwrap();
    let [first, second, third] = made;
    let list = async |tx: &mut Tx, before| {
        store::links::list(tx, supplier, DecisionView::Same, before, 2).await.unwrap()
    };
    assert_eq!(list(&mut tx, None).await, [third.clone(), second.clone()]);
    assert_eq!(list(&mut tx, Some(second.supplier_link_id)).await, std::slice::from_ref(&first));
    for (most, count) in [(10, 3), (2, 2)] {
        assert_eq!(store::links::count(&mut tx, supplier, DecisionView::Same, most).await.unwrap(), count);
    }
    let found = async |tx: &mut Tx, text: &str, numbers: &[&str], articles: &[ArticleId]| {
        let numbers: Vec<String> = numbers.iter().map(|number| (*number).to_owned()).collect();
        let found = store::links::found(tx, supplier, DecisionView::Same, text, &numbers, articles, 10)
            .await
            .unwrap();
        found.into_iter().map(|link| link.partner_number).collect::<Vec<_>>()
    };
    let everything: Vec<String> = [&third, &second, &first].map(|link| link.partner_number.clone()).to_vec();
    let in_order = |wanted: &[&str]| {
        everything.iter().filter(|number| wanted.contains(&number.as_str())).cloned().collect::<Vec<_>>()
    };
    for (text, numbers, articles, expected) in [
        ("110", &[][..], &[][..], &["11007", "110"][..]),
        ("11O", &[], &[], &["11007"]),
        ("æ", &[], &[], &["110"]),
        ("%", &[], &[], &[]),
        ("x", &["B-1", "11O07"], &[], &["B-1", "11007"]),
        ("x", &[], &[own], &["B-1"]),
    ] {
        assert_eq!(found(&mut tx, text, numbers, articles).await, in_order(expected), "{text}");
    }
}

async fn a_number_has_one_confirmed_article(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let supplier = contact(&mut tx, "Bolt & Feste AS", "313770125").await;
    let own = article(&mut tx, "A-100", "Skrue").await;
    let first = link(supplier, "11O07", "11007", Verdict::Same);
    let of_article = SupplierLink { article_id: Some(own), ..link(supplier, "", "B-1", Verdict::Same) };
    let next = SupplierLink { article_id: Some(own), ..link(supplier, "11O07", "B-2", Verdict::Same) };
    for (decision, replaced) in [(&first, vec![]), (&of_article, vec![]), (&next, vec![&first, &of_article])]
    {
        let mut before = store::links::decide(&mut tx, decision).await.unwrap();
        before.sort_by_key(|link| link.supplier_link_id);
        let ids = |links: Vec<&SupplierLink>| {
            links.into_iter().map(|link| link.supplier_link_id).collect::<BTreeSet<_>>()
        };
        assert_eq!(ids(before.iter().collect()), ids(replaced));
        assert!(before.iter().all(|link| link.undone.is_some()));
    }
    for taken in [&first, &of_article] {
        let kept = store::links::lookup(&mut tx, taken.supplier_link_id).await.unwrap().unwrap();
        assert_eq!(kept.undone, Some(Undone { by: "Kari".into(), at: NOW }));
    }
    // "Not the same" about the confirmed article takes the confirmation back, and the other way round.
    store::links::decide(&mut tx, &link(supplier, "11O07", "B-2", Verdict::NotSame)).await.unwrap();
    assert!(store::links::lookup(&mut tx, next.supplier_link_id).await.unwrap().unwrap().undone.is_some());
    store::links::decide(&mut tx, &link(supplier, "11O07", "B-2", Verdict::Same)).await.unwrap();
    let about = BTreeSet::from(["11O07".to_owned()]);
    let found = store::links::concerning(&mut tx, supplier, &about, &BTreeSet::new()).await.unwrap();
    assert_eq!(found.iter().map(|link| link.verdict).collect::<Vec<_>>(), [Verdict::Same]);
    let none = store::links::lines(&mut tx, &[id::<SupplierLinkId>()], None, 10).await.unwrap();
    assert!(none.is_empty());
    // A line that is not there any longer is not found again.
    store::links::keep_line(&mut tx, found[0].supplier_link_id, id::<OrderLineId>(), "11O07", NOW)
        .await
        .unwrap();
    assert!(store::links::lines(&mut tx, &[found[0].supplier_link_id], None, 10).await.unwrap().is_empty());
}

async fn own_numbers_at_a_supplier(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let supplier = contact(&mut tx, "Bolt & Feste AS", "313770125").await;
    let (second, first) = (article(&mut tx, "B", "b").await, article(&mut tx, "A", "a").await);
    article(&mut tx, "C", "c").await;
    for (own, number) in [(second, "X-2"), (first, "X-1")] {
        store::articles::set_supplier_number(&mut tx, own, supplier, number).await.unwrap();
    }
    let found = store::articles::at_supplier(&mut tx, supplier, None, NumbersAt::All, "", 10).await.unwrap();
    let numbers = |articles: &[domain::articles::Article]| -> Vec<(String, String)> {
        articles
            .iter()
            .map(|article| (article.number.clone(), article.suppliers[0].supplier_article_number.clone()))
            .collect()
    };
    let pair = |own: &str, theirs: &str| (own.to_owned(), theirs.to_owned());
    assert_eq!(numbers(&found), [pair("A", "X-1"), pair("B", "X-2")]);
    let after = store::articles::at_supplier(&mut tx, supplier, None, NumbersAt::All, "A", 1).await.unwrap();
    assert_eq!(numbers(&after), [pair("B", "X-2")]);
    let counts = [NumbersAt::All, NumbersAt::Confirmed, NumbersAt::Known, NumbersAt::Open];
    for (which, wanted) in counts.into_iter().zip([2, 0, 0, 2]) {
        let count = store::articles::count_at_supplier(&mut tx, supplier, None, which, 10).await.unwrap();
        assert_eq!(count, wanted, "{which:?}");
    }
    assert_eq!(
        store::articles::count_at_supplier(&mut tx, supplier, None, NumbersAt::All, 1).await.unwrap(),
        1
    );
}
