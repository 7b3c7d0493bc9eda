//! Contacts, and what they are known by.

use domain::contacts::{CheckedContact, ContactInput, ContactRole};
use domain::ids::ContactId;
use domain::paging::PageRequest;
use store::contacts::ContactFlags;
use store::{Store, Tx};

use crate::harness::{NOW, id, on_both};
use crate::registers::contact;

on_both!(contacts_are_kept_and_found, companies_of_two_countries_may_have_the_same_number);

async fn contacts_are_kept_and_found(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let bolt = contact(&mut tx, "Bolt & Feste AS", "313770125").await;
    let kept = store::contacts::lookup(&mut tx, bolt).await.unwrap().unwrap();
    assert_eq!((kept.name.as_str(), kept.version, kept.contact_persons.len()), ("Bolt & Feste AS", 1, 1));
    let known = store::contacts::find_by_identity(&mut tx, &kept.address.country, "313770125").await.unwrap();
    assert_eq!(known, Some(kept.clone()));
    let nameless = ContactInput { name: "Fjordskruen".into(), country: "NO".into(), ..Default::default() };
    let fjord = id();
    let nameless = nameless.check().unwrap();
    assert!(
        store::contacts::add(&mut tx, fjord, &nameless, ContactFlags::default(), &[], NOW).await.unwrap()
    );
    let by_name = store::contacts::find_by_name_alone(&mut tx, "Fjordskruen", "NO").await.unwrap();
    assert_eq!(by_name.map(|contact| contact.contact_id), Some(fjord));
    assert_eq!(store::contacts::find_by_name_alone(&mut tx, "Fjordskruen", "SE").await.unwrap(), None);
    assert_eq!(store::contacts::find_by_name_alone(&mut tx, "Bolt & Feste AS", "NO").await.unwrap(), None);
    let twin = ContactInput { name: "Tvilling".into(), org_number: "313770125".into(), ..Default::default() }
        .check()
        .unwrap();
    assert!(!store::contacts::add(&mut tx, id(), &twin, ContactFlags::default(), &[], NOW).await.unwrap());

    let changed = ContactInput {
        name: "Bolt & Feste Norge AS".into(),
        org_number: "313770125".into(),
        ..Default::default()
    };
    let changed = changed.check().unwrap();
    assert!(store::contacts::save(&mut tx, bolt, &changed, 1, &[], NOW).await.unwrap());
    assert!(!store::contacts::save(&mut tx, bolt, &changed, 1, &[], NOW).await.unwrap());
    let kept = store::contacts::lookup(&mut tx, bolt).await.unwrap().unwrap();
    assert!(kept.is_supplier && kept.is_customer, "a role that it has is kept");
    assert_eq!((kept.version, kept.contact_persons.len()), (2, 0));

    let own = ContactInput { name: "Oss AS".into(), ..Default::default() }.check().unwrap();
    let flags = ContactFlags { is_self: true, needs_review: false };
    assert!(store::contacts::add(&mut tx, id(), &own, flags, &[], NOW).await.unwrap());
    assert_eq!(store::contacts::own(&mut tx).await.unwrap().unwrap().name, "Oss AS");

    let new = ContactInput { name: "BOLT & feste norge as".into(), ..Default::default() }.check().unwrap();
    let flags = ContactFlags { is_self: false, needs_review: true };
    let new_id = id();
    assert!(store::contacts::add(&mut tx, new_id, &new, flags, &[], NOW).await.unwrap());
    store::contacts::make_customer(&mut tx, new_id).await.unwrap();
    assert_eq!(store::contacts::similar(&mut tx, "Bolt & Feste Norge AS", "", None).await.unwrap().len(), 2);
    store::contacts::confirm(&mut tx, new_id).await.unwrap();
    assert!(!store::contacts::lookup(&mut tx, new_id).await.unwrap().unwrap().needs_review);

    let page = |role, search| (role, search, PageRequest::default());
    for ((role, search, request), expected) in [
        (page(Some(ContactRole::Supplier), None), 1),
        (page(Some(ContactRole::Customer), None), 2),
        (page(None, Some("313770")), 1),
        (page(None, Some("norge")), 2),
        (page(None, Some("oss")), 0),
    ] {
        let list = store::contacts::list(&mut tx, role, search, request).await.unwrap();
        assert_eq!(
            (list.total, list.rows.len()),
            (expected, usize::try_from(expected).unwrap()),
            "{role:?} {search:?}"
        );
    }
}

async fn companies_of_two_countries_may_have_the_same_number(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let mut ids = Vec::new();
    for (country, is_supplier) in [("NO", true), ("SE", true), ("DK", false)] {
        let name = format!("Firma {country}");
        let input = ContactInput {
            name,
            country: country.into(),
            is_supplier,
            is_customer: true,
            ..Default::default()
        };
        let checked = CheckedContact { org_number: Some("313770125".into()), ..input.check().unwrap() };
        let contact_id: ContactId = id();
        let flags = ContactFlags::default();
        assert!(store::contacts::add(&mut tx, contact_id, &checked, flags, &[], NOW).await.unwrap());
        assert!(!store::contacts::add(&mut tx, id(), &checked, flags, &[], NOW).await.unwrap(), "{country}");
        ids.push(contact_id);
    }
    let known = async |tx: &mut Tx, country: &str| {
        let found = store::contacts::find_by_identity(tx, country, "313770125").await.unwrap();
        found.map(|contact| contact.contact_id)
    };
    for (country, contact_id) in ["NO", "SE", "DK"].into_iter().zip(&ids) {
        assert_eq!(known(&mut tx, country).await, Some(*contact_id), "{country}");
    }
    assert_eq!(known(&mut tx, "FI").await, None);
    let mut suppliers = store::contacts::suppliers_with_number(&mut tx, "313770125").await.unwrap();
    suppliers.sort();
    assert_eq!(suppliers, ids[..2]);
    assert!(store::contacts::suppliers_with_number(&mut tx, "1").await.unwrap().is_empty());
}
