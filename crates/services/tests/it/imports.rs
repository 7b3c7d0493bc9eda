//! Files: all or nothing.

use domain::contacts::ContactRole;
use domain::errors::ErrorCode;
use domain::orders::{OrderStatus, OrderView};
use domain::paging::PageRequest;
use services::imports::{ImportReceipt, import_articles, import_contacts, import_purchase_orders};
use services::{Ctx, ServiceError};

use crate::harness::on_both;

on_both!(files_go_in, one_bad_row_stops_the_file, a_contact_without_a_number_is_known_by_its_name);

const CONTACTS: &str = "\u{feff}name;org_number;country;role;street;postal_code;city;email;phone;contact_person;contact_email\r\n\
    Nordvik Mekaniske AS;310004170;NO;leverandør;Verkstedveien 1;0580;Oslo;;;Kari Nordvik;kari@nordvik.example\r\n";
const ARTICLES: &str = "number;name;unit;price;price_base_quantity;currency;vat_rate;gtin;pack_size;supplier_org_number;supplier_article_number\n\
    N-100;Sekskantskrue;stk;6.125;1;NOK;25;;100;310004170;A4-M10-50\n";
const ORDERS: &str = "order_ref;supplier_org_number;requested_delivery_date;currency;article_number;quantity;unit;unit_price;price_base_quantity;discount_percent;note\n\
    R-1;310004170;2026-12-01;NOK;N-100;40;EA;6.1;1;0;\n\
    R-2;310004170;2026-12-01;NOK;N-100;1.5;EA;10;1;25;haster\n\
    R-1;310004170;2026-12-01;NOK;N-100;10;EA;6,10;1;5;\n";

fn faults(outcome: Result<ImportReceipt, ServiceError>) -> Vec<(String, ErrorCode)> {
    match outcome {
        Err(ServiceError::Refused(refusal)) => {
            refusal.errors.into_iter().map(|error| (error.pointer, error.code)).collect()
        }
        other => panic!("{other:?}"),
    }
}

async fn files_go_in(ctx: Ctx) {
    let once = ImportReceipt { imported: 1, updated: 0 };
    let again = ImportReceipt { imported: 0, updated: 1 };
    assert_eq!(import_contacts(&ctx, CONTACTS.into()).await.unwrap(), once);
    assert_eq!(import_contacts(&ctx, CONTACTS.into()).await.unwrap(), again);
    assert_eq!(import_articles(&ctx, ARTICLES.into()).await.unwrap(), once);
    assert_eq!(import_articles(&ctx, ARTICLES.into()).await.unwrap(), again);
    let article = services::articles::get(&ctx, "N-100").await.unwrap();
    assert_eq!((article.price.to_string(), article.suppliers.len()), ("6.125".to_owned(), 1));

    let receipt = import_purchase_orders(&ctx, ORDERS.into()).await.unwrap();
    assert_eq!(receipt, ImportReceipt { imported: 2, updated: 0 });
    let page = services::orders::list(&ctx, OrderView::All, None, PageRequest::default()).await.unwrap();
    let mut totals: Vec<(String, i64, OrderStatus)> =
        page.rows.into_iter().map(|row| (row.net_total.to_string(), row.line_count, row.status)).collect();
    totals.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(
        totals,
        [("11.25".to_owned(), 1, OrderStatus::Ready), ("301.95".to_owned(), 2, OrderStatus::Ready)]
    );
    let twice = faults(import_purchase_orders(&ctx, ORDERS.into()).await);
    assert_eq!(twice[0], ("/rows/2/order_ref".to_owned(), ErrorCode::Duplicate));
}

async fn a_contact_without_a_number_is_known_by_its_name(ctx: Ctx) {
    let head = CONTACTS.split("\r\n").next().unwrap();
    let file = format!("{head}\nFjordskruen;;NO;supplier;Kaia 3;6002;Ålesund;;;Åse Bø;\n");
    let imported = |imported, updated| ImportReceipt { imported, updated };
    assert_eq!(import_contacts(&ctx, file.clone().into()).await.unwrap(), imported(1, 0));
    assert_eq!(import_contacts(&ctx, file.replace("Kaia 3", "Kaia 4").into()).await.unwrap(), imported(0, 1));
    assert_eq!(import_contacts(&ctx, file.replace(";NO;", ";SE;").into()).await.unwrap(), imported(1, 0));
    let listed = services::contacts::list(
        &ctx,
        ContactRole::Supplier,
        Some("Fjordskruen".into()),
        PageRequest::default(),
    );
    assert_eq!(listed.await.unwrap().total, 2);
}

async fn one_bad_row_stops_the_file(ctx: Ctx) {
    import_contacts(&ctx, CONTACTS.into()).await.unwrap();
    let bad = format!("{ARTICLES}N-200;;stk;x;1;NOK;25;;;;\n");
    let found = faults(import_articles(&ctx, bad.into()).await);
    assert_eq!(
        found,
        [
            ("/rows/3/name".to_owned(), ErrorCode::Required),
            ("/rows/3/price".to_owned(), ErrorCode::InvalidDecimal)
        ]
    );
    let ragged = format!("{ARTICLES}N-200;bare to\n");
    assert_eq!(faults(import_articles(&ctx, ragged.into()).await)[0].1, ErrorCode::FileMalformed);
    let page = services::articles::list(&ctx, None, PageRequest::default()).await.unwrap();
    assert_eq!(page.total, 0, "nothing of a refused file is kept");
    let differing =
        ORDERS.replace("R-1;310004170;2026-12-01;NOK;N-100;10", "R-1;310004170;2026-12-02;NOK;N-100;10");
    assert_eq!(
        faults(import_purchase_orders(&ctx, differing.into()).await)[0],
        ("/rows/4/requested_delivery_date".to_owned(), ErrorCode::RowsDiffer)
    );
    let orders = ORDERS.replace(";10;EA;6,10;", ";-10;EA;6,10;");
    assert_eq!(faults(import_purchase_orders(&ctx, orders.into()).await)[0].0, "/rows/4/quantity");
}
