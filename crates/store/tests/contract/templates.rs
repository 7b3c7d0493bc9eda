//! *Maler*, a supplier's latest orders and numbers, and files that wait for their columns.

use domain::connections::CatalogueAge;
use domain::ids::{ImportId, TemplateId};
use domain::imports::{FileKind, ImportOptions};
use domain::orders::{OrderLineInput, OrderStatus, OrderTemplate};
use domain::time::{CalendarDate, Timestamp};
use store::Store;
use store::imports::Upload;
use store::orders::templates;

use crate::harness::{NOW, id, on_both};
use crate::orders::order;
use crate::registers::{article, contact};

on_both!(
    a_template_is_kept_renamed_and_had_back,
    removed_templates_are_bounded,
    a_suppliers_latest_orders_are_found,
    articles_are_found_by_what_a_supplier_calls_them,
    files_wait_until_their_columns_are_known,
    a_catalogue_from_a_file_has_a_time_and_no_place,
);

fn template(name: &str) -> OrderTemplate {
    let line = OrderLineInput {
        article_number: "N-100".to_owned(),
        quantity: "2,5".to_owned(),
        note: "«hast»".to_owned(),
        ..OrderLineInput::default()
    };
    OrderTemplate {
        template_id: id(),
        name: name.to_owned(),
        supplier_id: None,
        supplier_name: None,
        currency: "NOK".to_owned(),
        lines: vec![line],
        created_by: "Kari".to_owned(),
        updated_at: NOW,
    }
}

async fn a_template_is_kept_renamed_and_had_back(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let supplier = contact(&mut tx, "Bolt & Feste AS", "313770125").await;
    let weekly = OrderTemplate {
        supplier_id: Some(supplier),
        supplier_name: Some("Bolt & Feste AS".to_owned()),
        ..template("Ukebestilling Ål")
    };
    assert!(templates::add(&mut tx, &weekly).await.unwrap());
    assert!(
        !templates::add(&mut tx, &template("ukebestilling ål")).await.unwrap(),
        "capitals make no other name"
    );
    assert!(templates::add(&mut tx, &template("Andre")).await.unwrap());
    assert_eq!(templates::lookup(&mut tx, weekly.template_id).await.unwrap(), Some(weekly.clone()));
    assert_eq!(templates::count(&mut tx).await.unwrap(), 2);
    let listed = templates::list(&mut tx, 10).await.unwrap();
    let names: Vec<(&str, i64)> = listed.iter().map(|row| (row.name.as_str(), row.line_count)).collect();
    assert_eq!(names, [("Andre", 1), ("Ukebestilling Ål", 1)]);
    assert_eq!(listed[1].supplier_name.as_deref(), Some("Bolt & Feste AS"));
    assert_eq!(templates::list(&mut tx, 1).await.unwrap().len(), 1);

    let later = Timestamp(NOW.0 + 1);
    assert!(templates::rename(&mut tx, weekly.template_id, "Uke", later).await.unwrap());
    assert!(!templates::rename(&mut tx, id::<TemplateId>(), "Uke 2", later).await.unwrap());
    let renamed = templates::lookup(&mut tx, weekly.template_id).await.unwrap().unwrap();
    assert_eq!((renamed.name.as_str(), renamed.updated_at), ("Uke", later));

    assert!(templates::remove(&mut tx, weekly.template_id, NOW).await.unwrap());
    assert!(!templates::remove(&mut tx, weekly.template_id, NOW).await.unwrap());
    assert_eq!(templates::lookup(&mut tx, weekly.template_id).await.unwrap(), None);
    assert!(!templates::has_name(&mut tx, "uke").await.unwrap(), "its name is free");
    assert_eq!(templates::removed_name(&mut tx, weekly.template_id).await.unwrap().as_deref(), Some("Uke"));
    assert!(templates::restore(&mut tx, weekly.template_id, "Uke (2)").await.unwrap());
    assert!(!templates::restore(&mut tx, weekly.template_id, "Uke").await.unwrap());
    assert!(templates::has_name(&mut tx, "UKE (2)").await.unwrap());
    assert_eq!(templates::removed_name(&mut tx, weekly.template_id).await.unwrap(), None);
    tx.commit().await.unwrap();
}

async fn removed_templates_are_bounded(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let mut ids = Vec::new();
    for number in 0..102 {
        let made = template(&format!("Mal {number}"));
        assert!(templates::add(&mut tx, &made).await.unwrap());
        assert!(templates::remove(&mut tx, made.template_id, Timestamp(NOW.0 + number)).await.unwrap());
        ids.push(made.template_id);
    }
    assert_eq!(templates::removed_name(&mut tx, ids[1]).await.unwrap(), None);
    assert!(templates::removed_name(&mut tx, ids[2]).await.unwrap().is_some());
}

async fn a_suppliers_latest_orders_are_found(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let bolt = contact(&mut tx, "Bolt & Feste AS", "313770125").await;
    let other = contact(&mut tx, "Fjord Stål AS", "310004170").await;
    let mut made = Vec::new();
    for (number, supplier) in
        [("PO-1", Some(bolt)), ("PO-2", Some(other)), ("PO-3", Some(bolt)), ("PO-4", None)]
    {
        let mut written = order(&mut tx, number, supplier, OrderStatus::Draft).await;
        store::orders::replace_lines(&mut tx, written.order_id, &written.lines).await.unwrap();
        written.supplier_id = supplier;
        assert!(store::orders::save(&mut tx, &written, written.version, NOW).await.unwrap());
        made.push(written.order_id);
    }
    let found = store::orders::latest_of_supplier(&mut tx, bolt, 20).await.unwrap();
    assert_eq!(found.len(), 2);
    assert!(found.contains(&made[0]) && found.contains(&made[2]));
    assert_eq!(store::orders::latest_of_supplier(&mut tx, bolt, 1).await.unwrap().len(), 1);
    let empty = order(&mut tx, "PO-5", Some(bolt), OrderStatus::Draft).await;
    store::orders::replace_lines(&mut tx, empty.order_id, &[]).await.unwrap();
    let without = domain::orders::PurchaseOrder { lines: Vec::new(), ..empty };
    assert!(store::orders::save(&mut tx, &without, without.version, NOW).await.unwrap());
    assert_eq!(
        store::orders::latest_of_supplier(&mut tx, bolt, 20).await.unwrap().len(),
        2,
        "an empty one has nothing to fetch"
    );
}

async fn articles_are_found_by_what_a_supplier_calls_them(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let bolt = contact(&mut tx, "Bolt & Feste AS", "313770125").await;
    let other = contact(&mut tx, "Fjord Stål AS", "310004170").await;
    for (number, supplier, theirs) in
        [("N-1", bolt, "BF-1"), ("N-2", bolt, "BF-2"), ("N-3", bolt, "BF-2"), ("N-4", other, "BF-4")]
    {
        let article_id = article(&mut tx, number, "Skrue").await;
        store::articles::set_supplier_number(&mut tx, article_id, supplier, theirs).await.unwrap();
    }
    let numbers: Vec<String> = ["BF-1", "BF-2", "BF-4", "X"].map(str::to_owned).to_vec();
    let found = store::articles::find_by_supplier_numbers(&mut tx, bolt, &numbers).await.unwrap();
    let found: Vec<(&str, &str)> =
        found.iter().map(|(theirs, article)| (theirs.as_str(), article.number.as_str())).collect();
    assert_eq!(
        found,
        [("BF-1", "N-1")],
        "a number of two articles means neither, and others' numbers nothing"
    );
    assert!(store::articles::find_by_supplier_numbers(&mut tx, bolt, &[]).await.unwrap().is_empty());
}

async fn files_wait_until_their_columns_are_known(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let upload = |at: i64| Upload {
        import_id: id::<ImportId>(),
        at: Timestamp(NOW.0 + at),
        created_by: "Kari".to_owned(),
        kind: FileKind::Articles,
        file_name: "priser.xlsx".to_owned(),
        options: ImportOptions { dry_run: true, ..ImportOptions::default() },
        file: vec![0, 255, 10],
    };
    let uploads: Vec<Upload> = (0..11).map(upload).collect();
    for upload in &uploads {
        store::imports::add_upload(&mut tx, upload).await.unwrap();
    }
    assert_eq!(
        store::imports::upload(&mut tx, uploads[0].import_id).await.unwrap(),
        None,
        "the oldest has gone"
    );
    assert_eq!(
        store::imports::upload(&mut tx, uploads[1].import_id).await.unwrap().as_ref(),
        Some(&uploads[1])
    );
    store::imports::remove_upload(&mut tx, uploads[1].import_id).await.unwrap();
    assert_eq!(store::imports::upload(&mut tx, uploads[1].import_id).await.unwrap(), None);
}

async fn a_catalogue_from_a_file_has_a_time_and_no_place(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let bolt = contact(&mut tx, "Bolt & Feste AS", "313770125").await;
    let connection_id = id();
    store::connections::add(&mut tx, connection_id, Some(bolt), "", NOW).await.unwrap();
    store::connections::set_catalogue_cursor(&mut tx, connection_id, "1.7", 1, None).await.unwrap();
    let day = CalendarDate::from_ymd(2026, 11, 1);
    for from in [day, None, day] {
        store::connections::set_catalogue_from_file(&mut tx, connection_id, NOW, from).await.unwrap();
        let known = store::connections::lookup(&mut tx, connection_id).await.unwrap().unwrap();
        assert_eq!((known.catalogue_cursor, known.catalogue_read_at), (None, Some(NOW)));
        assert_eq!(known.row.catalogue.prices_from, from, "the day is the last file's");
    }
    store::connections::forget_catalogue(&mut tx, connection_id).await.unwrap();
    let known = store::connections::lookup(&mut tx, connection_id).await.unwrap().unwrap();
    assert_eq!(known.row.catalogue, CatalogueAge::default());
}
