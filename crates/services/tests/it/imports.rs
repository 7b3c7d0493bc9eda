//! Files: all or nothing, in the forms in which spreadsheets write them, and out again.

use domain::contacts::ContactRole;
use domain::errors::ErrorCode;
use domain::imports::{FileKind, ImportOptions, ImportReport};
use domain::orders::{OrderFilter, OrderStatus};
use domain::paging::PageRequest;
use services::imports::run;
use services::spreadsheets::{self, SheetFilter, SheetFormat};
use services::{Ctx, ServiceError};

use crate::harness::on_both;

on_both!(
    files_go_in,
    a_day_that_has_passed_is_told_and_taken,
    one_bad_row_stops_the_file,
    a_contact_without_a_number_is_known_by_its_name,
    several_rows_make_one_contact_or_article,
    a_company_is_known_by_its_country_and_its_number,
    a_dry_run_changes_nothing_and_good_rows_can_be_taken_alone,
    what_goes_in_comes_out_the_same,
);

pub const CONTACTS: &str = "\u{feff}name;org_number;country;role;street;postal_code;city;email;phone;contact_person;contact_email\r\n\
    Nordvik Mekaniske AS;310004170;NO;leverandør;Verkstedveien 1;0580;Oslo;;;Kari Nordvik;kari@nordvik.example\r\n";
pub const ARTICLES: &str = "number;name;unit;price;price_base_quantity;currency;vat_rate;gtin;pack_size;supplier_org_number;supplier_article_number\n\
    N-100;Sekskantskrue;stk;6,125;1;NOK;25;;100;310004170;A4-M10-50\n";
const ORDERS: &str = "order_ref;supplier_org_number;requested_delivery_date;currency;article_number;quantity;unit;unit_price;price_base_quantity;discount_percent;note\n\
    R-1;310004170;2026-12-01;NOK;N-100;40;EA;6.1;1;0;\n\
    R-2;310004170;2026-12-01;NOK;N-100;1.5;EA;10;1;25;haster\n\
    R-1;310004170;2026-12-01;NOK;N-100;10;EA;6,10;1;5;\n";

pub async fn import(ctx: &Ctx, kind: FileKind, file: impl Into<Vec<u8>>) -> ImportReport {
    run(ctx, kind, file.into(), ImportOptions::default()).await.unwrap()
}

pub fn faults(report: &ImportReport) -> Vec<(u64, &str, ErrorCode)> {
    assert!(!report.applied, "{report:?}");
    report.refused.iter().map(|row| (row.line, row.column.as_str(), row.code)).collect()
}

async fn totals(ctx: &Ctx) -> Vec<(String, i64, OrderStatus)> {
    let page = services::orders::list(ctx, &OrderFilter::default(), PageRequest::default()).await.unwrap();
    let mut totals: Vec<(String, i64, OrderStatus)> =
        page.rows.into_iter().map(|row| (row.net_total.to_string(), row.line_count, row.status)).collect();
    totals.sort_by(|a, b| a.0.cmp(&b.0));
    totals
}

async fn files_go_in(ctx: Ctx) {
    let counts = |report: ImportReport| (report.imported, report.updated, report.applied);
    assert_eq!(counts(import(&ctx, FileKind::Contacts, CONTACTS).await), (1, 0, true));
    assert_eq!(counts(import(&ctx, FileKind::Contacts, CONTACTS).await), (0, 1, true));
    assert_eq!(counts(import(&ctx, FileKind::Articles, ARTICLES).await), (1, 0, true));
    assert_eq!(counts(import(&ctx, FileKind::Articles, ARTICLES).await), (0, 1, true));
    let article = services::articles::get(&ctx, "N-100").await.unwrap();
    assert_eq!((article.price.to_string(), article.suppliers.len()), ("6.125".to_owned(), 1));

    assert_eq!(counts(import(&ctx, FileKind::PurchaseOrders, ORDERS).await), (2, 0, true));
    let expected =
        [("11.25".to_owned(), 1, OrderStatus::Ready), ("301.95".to_owned(), 2, OrderStatus::Ready)];
    assert_eq!(totals(&ctx).await, expected);
    let twice = import(&ctx, FileKind::PurchaseOrders, ORDERS).await;
    assert_eq!(faults(&twice)[0], (2, "order_ref", ErrorCode::Duplicate));
}

async fn a_day_that_has_passed_is_told_and_taken(ctx: Ctx) {
    import(&ctx, FileKind::Contacts, CONTACTS).await;
    import(&ctx, FileKind::Articles, ARTICLES).await;
    // The first and the third row are one order: its day is told once.
    let late = ORDERS.replace("R-1;310004170;2026-12-01", "R-1;310004170;2001-12-01");
    let late = late.replace("2026-12-01", "2099-12-01");
    let report = import(&ctx, FileKind::PurchaseOrders, late).await;
    assert_eq!((report.imported, report.faults, report.applied), (2, 0, true));
    let told: Vec<_> = report.warnings.iter().map(|row| (row.line, row.column.as_str(), row.code)).collect();
    assert_eq!(told, [(2, "requested_delivery_date", ErrorCode::DatePast)]);
}

async fn a_contact_without_a_number_is_known_by_its_name(ctx: Ctx) {
    let head = CONTACTS.split("\r\n").next().unwrap();
    let file = format!("{head}\nFjordskruen;;NO;supplier;Kaia 3;6002;Ålesund;;;Åse Bø;\n");
    for (text, imported) in
        [(file.clone(), 1), (file.replace("Kaia 3", "Kaia 4"), 0), (file.replace(";NO;", ";SE;"), 1)]
    {
        assert_eq!(import(&ctx, FileKind::Contacts, text).await.imported, imported);
    }
    let listed = services::contacts::list(
        &ctx,
        ContactRole::Supplier,
        Some("Fjordskruen".into()),
        PageRequest::default(),
    );
    assert_eq!(listed.await.unwrap().total, 2);
}

async fn several_rows_make_one_contact_or_article(ctx: Ctx) {
    let text = "Firmanavn,Org.nr.,Land,Rolle,Kontaktperson,E-post kontaktperson\n\
        Exotic Liquids,NORTS,UK,supplier,Charlotte Cooper,cc@exotic.example\n\
        Exotic Liquids,NORTS,UK,supplier,Shelley Burke,\n\
        Bolt,310004170,,supplier,Petter,\n";
    assert_eq!(import(&ctx, FileKind::Contacts, text).await.imported, 2);
    let found =
        services::contacts::list(&ctx, ContactRole::Supplier, Some("Exotic".into()), PageRequest::default());
    let exotic = services::contacts::get(&ctx, found.await.unwrap().rows[0].contact_id).await.unwrap();
    assert_eq!((exotic.org_number.as_deref(), exotic.address.country.as_str()), (Some("NORTS"), "GB"));
    let names: Vec<&str> = exotic.contact_persons.iter().map(|person| person.name.as_str()).collect();
    assert_eq!(names, ["Charlotte Cooper", "Shelley Burke"]);

    let text = "Varenummer;Navn;Pris;supplier_org_number;supplier_article_number\n\
        7;Te;12,5;NORTS;T-1\n7;Te;12,5;310004170;BF-7\n8;Kaffe;99;;\n";
    assert_eq!(import(&ctx, FileKind::Articles, text).await.imported, 2);
    assert_eq!(services::articles::get(&ctx, "7").await.unwrap().suppliers.len(), 2);

    let twice = import(&ctx, FileKind::Articles, "number;name;price\n9;Te;1\n9;Te;1\n").await;
    assert_eq!(faults(&twice), [(3, "number", ErrorCode::Duplicate)]);
    let differing = import(&ctx, FileKind::Articles, "number;name;price\n9;Te;1\n9;Te;2\n").await;
    assert_eq!(faults(&differing), [(3, "price", ErrorCode::RowsDiffer)]);
}

async fn a_company_is_known_by_its_country_and_its_number(ctx: Ctx) {
    import(&ctx, FileKind::Contacts, CONTACTS).await;
    let text =
        "name;org_number;country;role\nSvensk Stål;310004170;SE;supplier\nDansk Stål;310004170;DK;supplier\n";
    assert_eq!(import(&ctx, FileKind::Contacts, text).await.imported, 2, "nobody is written over");
    let again = import(&ctx, FileKind::Contacts, text.replace("Dansk", "Jysk")).await;
    assert_eq!((again.imported, again.updated), (0, 2));
    let found = services::contacts::list(
        &ctx,
        ContactRole::Supplier,
        Some("310004170".into()),
        PageRequest::default(),
    );
    let found: Vec<String> =
        found.await.unwrap().rows.into_iter().map(|row| format!("{} {}", row.country, row.name)).collect();
    assert_eq!(found, ["DK Jysk Stål", "NO Nordvik Mekaniske AS", "SE Svensk Stål"]);

    // Where the number alone does not tell, the country must.
    let named = |number: &str| ARTICLES.replace(";310004170;", &format!(";{number};"));
    let report = import(&ctx, FileKind::Articles, named("310004170")).await;
    assert_eq!(faults(&report), [(2, "supplier_org_number", ErrorCode::SupplierAmbiguous)]);
    let report = import(&ctx, FileKind::PurchaseOrders, ORDERS).await;
    assert_eq!(faults(&report)[0], (2, "supplier_org_number", ErrorCode::SupplierAmbiguous));
    for number in ["SE 310004170", "no310004170"] {
        assert!(import(&ctx, FileKind::Articles, named(number)).await.applied, "{number}");
    }
    let orders = ORDERS.replace(";310004170;", ";SE 310004170;");
    assert_eq!(import(&ctx, FileKind::PurchaseOrders, orders).await.imported, 2);

    // What is written out is read again.
    let file = spreadsheets::write(&ctx, FileKind::Articles, SheetFormat::Csv, SheetFilter::default());
    let file = String::from_utf8(file.await.unwrap()).unwrap();
    assert!(file.contains(";SE 310004170;A4-M10-50\r\n") && file.contains(";NO 310004170;"), "{file}");
    assert_eq!(import(&ctx, FileKind::Articles, file).await.updated, 1);

    // The form does not put one company in another's place either.
    let sweden = services::suppliers::named(&ctx, "SE310004170").await.unwrap();
    let known = services::contacts::get(&ctx, sweden).await.unwrap();
    let input = domain::contacts::ContactInput {
        name: known.name,
        org_number: "310004170".into(),
        country: "DK".into(),
        ..Default::default()
    };
    let moved = services::contacts::edit(&ctx, sweden, known.version, input).await;
    let Err(ServiceError::Refused(refusal)) = moved else { panic!("{moved:?}") };
    assert_eq!(
        (refusal.errors[0].pointer.as_str(), refusal.errors[0].code),
        ("/org_number", ErrorCode::Duplicate)
    );
}

async fn one_bad_row_stops_the_file(ctx: Ctx) {
    import(&ctx, FileKind::Contacts, CONTACTS).await;
    let bad = format!("{ARTICLES}N-200;;stk;1;1;NOK;25;;;;\nN-300;Mutter;stk;x;1;NOK;25;;;;\n");
    let report = import(&ctx, FileKind::Articles, bad).await;
    assert_eq!(faults(&report), [(3, "name", ErrorCode::Required), (4, "price", ErrorCode::InvalidDecimal)]);
    assert_eq!((report.refused[1].value.as_str(), report.rows, report.faults), ("x", 3, 2));
    let ragged = import(&ctx, FileKind::Articles, format!("{ARTICLES}N-200;bare to\n")).await;
    assert_eq!(faults(&ragged)[0].2, ErrorCode::RowRagged);
    let page =
        services::articles::list(&ctx, &domain::articles::ArticleFilter::default(), PageRequest::default())
            .await
            .unwrap();
    assert_eq!(page.total, 0, "nothing of a refused file is kept");
    let differing =
        ORDERS.replace("R-1;310004170;2026-12-01;NOK;N-100;10", "R-1;310004170;2026-12-02;NOK;N-100;10");
    let report = import(&ctx, FileKind::PurchaseOrders, differing).await;
    assert!(faults(&report).contains(&(4, "requested_delivery_date", ErrorCode::RowsDiffer)), "{report:?}");
    let report =
        import(&ctx, FileKind::PurchaseOrders, ORDERS.replace(";10;EA;6,10;", ";-10;EA;6,10;")).await;
    assert!(faults(&report).contains(&(4, "quantity", ErrorCode::QuantityNotPositive)), "{report:?}");
    let missing = run(&ctx, FileKind::Articles, b"navn;pris\nA;1\n".to_vec(), ImportOptions::default()).await;
    assert!(
        matches!(missing, Err(ServiceError::Refused(refusal)) if refusal.code == ErrorCode::ColumnMissing)
    );
}

async fn a_dry_run_changes_nothing_and_good_rows_can_be_taken_alone(ctx: Ctx) {
    import(&ctx, FileKind::Contacts, CONTACTS).await;
    import(&ctx, FileKind::Articles, ARTICLES).await;
    let dry = ImportOptions { dry_run: true, ..ImportOptions::default() };
    let report = run(&ctx, FileKind::PurchaseOrders, ORDERS.into(), dry).await.unwrap();
    assert_eq!((report.imported, report.applied, report.faults), (2, false, 0));
    assert!(totals(&ctx).await.is_empty());

    let skip = || ImportOptions { skip_bad: true, ..ImportOptions::default() };
    let bad = ORDERS.replace(";10;EA;6,10;", ";ti;EA;6,10;");
    let report = run(&ctx, FileKind::PurchaseOrders, bad.clone().into(), skip()).await.unwrap();
    assert_eq!((report.imported, report.applied, report.faults), (1, true, 1));
    assert_eq!(totals(&ctx).await.len(), 1, "an order goes in with all of its lines or not at all");

    let ragged = format!("{}R-3;310004170\n", bad.replace("R-2", "R-4"));
    let report = run(&ctx, FileKind::PurchaseOrders, ragged.into(), skip()).await.unwrap();
    assert!(!report.applied, "a row that nobody can read may be a line of any order");
    assert_eq!(totals(&ctx).await.len(), 1);
}

async fn what_goes_in_comes_out_the_same(ctx: Ctx) {
    let written = async |kind| {
        let file = spreadsheets::write(&ctx, kind, SheetFormat::Csv, SheetFilter::default()).await.unwrap();
        String::from_utf8(file).unwrap()
    };
    let contacts = format!("{CONTACTS}=Farlig AS;R 17;SE;both;;;;;+47 22 33 44 55;Bo;\r\n")
        .replace("=Farlig", "'=Farlig");
    import(&ctx, FileKind::Contacts, contacts).await;
    import(&ctx, FileKind::Articles, ARTICLES).await;
    let head = ORDERS.lines().next().unwrap();
    let order =
        "R-9;310004170;2026-12-01;NOK;Lager 2;Kaia 1;0150;Oslo;N-100;40;EA;6,1;1;2,5;\"to\nlinjer\"\n";
    let head = head
        .replace("currency;", "currency;delivery_name;delivery_street;delivery_postal_code;delivery_city;");
    import(&ctx, FileKind::PurchaseOrders, format!("{head}\n{order}")).await;

    let contacts = written(FileKind::Contacts).await;
    assert!(contacts.contains("'=Farlig AS;R17;SE;both;"), "{contacts}");
    assert!(
        contacts
            .contains("Nordvik Mekaniske AS;310004170;NO;supplier;Verkstedveien 1;0580;Oslo;;;Kari Nordvik;")
    );
    let again = import(&ctx, FileKind::Contacts, contacts.clone()).await;
    assert_eq!((again.imported, again.updated), (0, 2));
    assert_eq!(written(FileKind::Contacts).await, contacts);

    let articles = written(FileKind::Articles).await;
    assert!(
        articles.ends_with("N-100;Sekskantskrue;EA;6,125;1;NOK;25;;100;;active;;310004170;A4-M10-50\r\n"),
        "{articles}"
    );
    assert_eq!(import(&ctx, FileKind::Articles, articles).await.updated, 1);

    let orders = written(FileKind::PurchaseOrders).await;
    assert!(
        orders.contains(
            "R-9;310004170;2026-12-01;NOK;Lager 2;Kaia 1;0150;Oslo;N-100;A4-M10-50;Sekskantskrue;;40;EA;6,1;1;2,5;"
        ),
        "{orders}"
    );
    let renamed = orders.replace("R-9;", "R-10;");
    assert_eq!(import(&ctx, FileKind::PurchaseOrders, renamed).await.imported, 1);
    let workbook =
        spreadsheets::write(&ctx, FileKind::PurchaseOrders, SheetFormat::Xlsx, SheetFilter::default());
    let workbook = workbook.await.unwrap();
    assert!(workbook.starts_with(b"PK"));
    let again = import(&ctx, FileKind::PurchaseOrders, workbook).await;
    let known: Vec<(u64, ErrorCode)> = again.refused.iter().map(|row| (row.line, row.code)).collect();
    assert_eq!(known, [(2, ErrorCode::Duplicate), (3, ErrorCode::Duplicate)], "the references are known");
    for kind in [FileKind::Contacts, FileKind::Articles] {
        let workbook =
            spreadsheets::write(&ctx, kind, SheetFormat::Xlsx, SheetFilter::default()).await.unwrap();
        let before = written(kind).await;
        let again = import(&ctx, kind, workbook).await;
        assert!(again.imported == 0 && again.updated > 0 && again.faults == 0, "{again:?}");
        assert_eq!(written(kind).await, before);
    }
}
