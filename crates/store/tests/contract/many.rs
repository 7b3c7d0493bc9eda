//! Many rows at once are the same as those that come alone.

use std::collections::BTreeSet;

use domain::articles::ArticleStatus;
use domain::contacts::{ContactFilter, ContactInput, ContactRole};
use domain::ids::{ArticleId, ContactId};
use domain::matching::PartnerArticle;
use domain::orders::{OrderStatus, OrderView};
use store::contacts::ContactFlags;
use store::{Store, Tx};

use crate::harness::{NOW, id, on_both};
use crate::orders::order;
use crate::registers::{article, contact};

on_both!(
    contacts_are_looked_up_together,
    articles_are_looked_up_together,
    suppliers_names_are_looked_up_together,
    figures_of_statuses_hold_for_thousands_at_once,
);

/// A supplier of another country.
async fn abroad(tx: &mut Tx, name: &str, org_number: &str) -> ContactId {
    let input = ContactInput {
        name: name.to_owned(),
        org_number: org_number.to_owned(),
        country: "SE".to_owned(),
        is_supplier: true,
        ..ContactInput::default()
    };
    let contact_id = id();
    let checked = input.check().unwrap();
    assert!(store::contacts::add(tx, contact_id, &checked, ContactFlags::default(), &[], NOW).await.unwrap());
    contact_id
}

async fn contacts_are_looked_up_together(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let bolt = contact(&mut tx, "Bolt & Feste AS", "313770125").await;
    let fjord = contact(&mut tx, "Fjord Stål AS", "310004170").await;
    let twin = abroad(&mut tx, "Svensk Stål", "313770125").await;
    let mut asked: Vec<ContactId> = (0..900).map(|_| id()).collect();
    asked.extend([twin, bolt, fjord]);
    let found = store::contacts::lookup_each(&mut tx, &asked).await.unwrap();
    assert_eq!(found.len(), 3);
    for contact_id in [bolt, fjord, twin] {
        let alone = store::contacts::lookup(&mut tx, contact_id).await.unwrap();
        assert_eq!(found.get(&contact_id), alone.as_ref());
    }
    assert_eq!(found[&bolt].contact_persons.len(), 1);
    assert!(store::contacts::lookup_each(&mut tx, &[]).await.unwrap().is_empty());

    let numbers = ["313770125", "310004170", "999999999"].map(str::to_owned);
    let shared = store::contacts::shared_by_suppliers(&mut tx, &numbers).await.unwrap();
    assert_eq!(shared.into_iter().collect::<Vec<_>>(), ["313770125"]);
    assert!(store::contacts::shared_by_suppliers(&mut tx, &[]).await.unwrap().is_empty());

    let ids = async |tx: &mut Tx, role, search, limit| {
        store::contacts::ids(tx, &ContactFilter::of_role(role, search), limit).await.unwrap()
    };
    assert_eq!(ids(&mut tx, None, None, 10).await, [bolt, fjord, twin]);
    assert_eq!(ids(&mut tx, None, None, 2).await, [bolt, fjord]);
    assert_eq!(ids(&mut tx, Some(ContactRole::Customer), None, 10).await, [bolt, fjord]);
    assert_eq!(ids(&mut tx, None, Some("stål"), 10).await, [fjord, twin]);
}

async fn articles_are_looked_up_together(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let bolt = contact(&mut tx, "Bolt & Feste AS", "313770125").await;
    let fjord = contact(&mut tx, "Fjord Stål AS", "310004170").await;
    let screw = article(&mut tx, "N-100", "Skrue").await;
    let nut = article(&mut tx, "N-200", "Mutter").await;
    for (supplier, number) in [(fjord, "F-1"), (bolt, "B-1")] {
        store::articles::set_supplier_number(&mut tx, screw, supplier, number).await.unwrap();
    }
    let mut asked: Vec<ArticleId> = (0..500).map(|_| id()).collect();
    asked.extend([nut, screw]);
    let found = store::articles::lookup_each(&mut tx, &asked).await.unwrap();
    assert_eq!(found.len(), 2);
    for article_id in [screw, nut] {
        assert_eq!(
            found.get(&article_id),
            store::articles::lookup(&mut tx, article_id).await.unwrap().as_ref()
        );
    }
    let theirs: Vec<&str> =
        found[&screw].suppliers.iter().map(|supplier| supplier.supplier_article_number.as_str()).collect();
    assert_eq!(theirs, ["B-1", "F-1"], "by the suppliers' names");
    let listed = store::articles::lookup_listed(&mut tx, &asked).await.unwrap();
    assert_eq!(listed.len(), 2);
    assert_eq!((listed[&screw].name.as_str(), listed[&screw].suppliers.len()), ("Skrue", 0));
    assert!(store::articles::lookup_each(&mut tx, &[]).await.unwrap().is_empty());
}

async fn suppliers_names_are_looked_up_together(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let bolt = contact(&mut tx, "Bolt & Feste AS", "313770125").await;
    let fjord = contact(&mut tx, "Fjord Stål AS", "310004170").await;
    let nobody = contact(&mut tx, "Uten katalog AS", "311234560").await;
    for (supplier, name) in [(bolt, "Skrue hos Bolt"), (fjord, "Skrue hos Fjord")] {
        let connection = id();
        store::connections::add(&mut tx, connection, Some(supplier), "", NOW).await.unwrap();
        let listed = |number: &str| PartnerArticle {
            number: number.to_owned(),
            name: name.to_owned(),
            unit: "EA".to_owned(),
            price: None,
            price_base_quantity: "1".parse().unwrap(),
            currency: "NOK".to_owned(),
            gtin: None,
            pack_size: None,
            minimum_quantity: None,
            status: ArticleStatus::Active,
            replaced_by: None,
        };
        store::partner_articles::upsert(&mut tx, connection, &[listed("1"), listed("2")]).await.unwrap();
    }
    let mut asked: BTreeSet<(ContactId, String)> =
        (10..400).map(|number| (bolt, number.to_string())).collect();
    asked.extend([
        (bolt, "1".to_owned()),
        (fjord, "1".to_owned()),
        (fjord, "2".to_owned()),
        (nobody, "1".to_owned()),
    ]);
    let names = store::partner_articles::names(&mut tx, &asked).await.unwrap();
    let name = |supplier, number: &str| names.get(&(supplier, number.to_owned())).map(String::as_str);
    assert_eq!(name(bolt, "1"), Some("Skrue hos Bolt"));
    assert_eq!((name(fjord, "1"), name(fjord, "2")), (Some("Skrue hos Fjord"), Some("Skrue hos Fjord")));
    assert_eq!(name(nobody, "1"), None);
    assert!(store::partner_articles::names(&mut tx, &BTreeSet::new()).await.unwrap().is_empty());
}

/// More changes of one transaction than a connection has slots to count in.
async fn figures_of_statuses_hold_for_thousands_at_once(store: Store) {
    let check = async |store: &Store, expected: [(OrderView, i64); 2]| {
        let mut tx = store.begin_read().await.unwrap();
        let counts = store::orders::counts(&mut tx).await.unwrap();
        for count in expected {
            assert!(counts.contains(&count), "{count:?} {counts:?}");
        }
        store::list_counts::is_spread(&mut tx).await.unwrap()
    };
    let mut tx = store.begin_write().await.unwrap();
    for number in 0..1_200 {
        tx.savepoint().await.unwrap();
        let sent = [order(&mut tx, &format!("PO-{number}"), None, OrderStatus::Draft).await.order_id];
        store::orders::set_status(&mut tx, &sent, OrderStatus::Draft, OrderStatus::Exported, NOW)
            .await
            .unwrap();
        if number % 100 == 0 {
            tx.undo().await.unwrap()
        } else {
            tx.release().await.unwrap()
        }
        if number % 100 == 10 {
            let draft = order(&mut tx, &format!("PO-{number}-1"), None, OrderStatus::Draft).await.order_id;
            assert!(number < 1_000 || store::orders::remove_draft(&mut tx, draft).await.unwrap());
        }
    }
    tx.commit().await.unwrap();
    let expected = [(OrderView::Waiting, 1_188), (OrderView::Drafts, 10)];
    let is_postgres = store.backend() == store::Backend::Postgres;
    assert_eq!(check(&store, expected).await, is_postgres, "counted in several slots");
    if is_postgres {
        let mut tx = store.begin_write().await.unwrap();
        store::list_counts::bring_together(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!check(&store, expected).await, "the figures are the same in one");
    }
}
