//! B-78, B-79: 5,000 rows with every kind of fault, in each form in which spreadsheets write files: each fault is told at its row and
//! column, and no row of any table changes.

use domain::errors::ErrorCode::{self, *};
use domain::imports::{FileKind, ImportOptions};

use super::World;
use super::rows::changed;
use crate::pair::{Backend, on_both_databases};

on_both_databases!(spoiled_articles, spoiled_contacts, spoiled_purchase_orders);

const ROWS: usize = 5_000;
/// Separators and encodings: three files of each kind, so that every separator meets every encoding in one of the kinds.
const SEPARATORS: [char; 3] = [';', ',', '\t'];
const ENCODINGS: [&str; 3] = ["UTF-8", "UTF-8 with a mark", "Windows-1252"];
/// Shown in the report of each file: its letter is read right.
const STRANGE_UNIT: &str = "skjæppe";

/// Columns, with the value that they have in a good row; `{n}` is the number of the row.
type Columns = &'static [(&'static str, &'static str)];
/// Columns and what stands in them instead; `{n}` as above.
type Cells = &'static [(&'static str, &'static str)];

/// Line, column and code of a refusal.
type Told = (u64, &'static str, ErrorCode);

/// A row that is wrong.
enum Spoiled {
    /// These cells of a good row are others; that is told in these columns.
    Cells(Cells, &'static [(&'static str, ErrorCode)]),
    /// The row before once more, with these cells others.
    Repeated(Cells, &'static [(&'static str, ErrorCode)]),
    /// The same, the first time round alone: there is one of what it clashes with.
    Once(Cells, &'static [(&'static str, ErrorCode)]),
    /// So many cells are missing, or there are more.
    Ragged(isize),
}
use Spoiled::{Cells as With, Once, Ragged, Repeated};

const ARTICLES: Columns = &[
    ("number", "V-{n}"),
    ("name", "Skrue, \"ærlig\"; nr. {n}"),
    ("unit", "stk"),
    ("price", "1,5"),
    ("price_base_quantity", ""),
    ("currency", "NOK"),
    ("vat_rate", "25"),
    ("gtin", ""),
    ("pack_size", ""),
    ("supplier_org_number", ""),
    ("supplier_article_number", ""),
];

const BAD_ARTICLES: &[Spoiled] = &[
    With(&[("price", "ti")], &[("price", InvalidDecimal)]),
    With(&[("price", "1.234")], &[("price", NumberAmbiguous)]),
    With(&[("price", "1e9")], &[("price", InvalidDecimal)]),
    With(&[("price", "1,2,3")], &[("price", InvalidDecimal)]),
    With(&[("price", "99999999999999")], &[("price", DecimalOutOfRange)]),
    With(&[("price", "-1")], &[("price", PriceNegative)]),
    With(&[("price_base_quantity", "0")], &[("price_base_quantity", QuantityNotPositive)]),
    With(&[("pack_size", "-2")], &[("pack_size", QuantityNotPositive)]),
    With(&[("vat_rate", "101")], &[("vat_rate", DiscountOutOfRange)]),
    With(&[("currency", "kroner")], &[("currency", InvalidCurrency)]),
    With(&[("unit", STRANGE_UNIT)], &[("unit", UnknownUnit)]),
    With(&[("gtin", "123456789012345")], &[("gtin", TooLong)]),
    With(&[("number", "")], &[("number", Required)]),
    With(&[("name", "")], &[("name", Required)]),
    With(&[("name", "Usyn\u{ad}lig")], &[("name", InvalidCharacter)]),
    With(&[("name", "=1+1")], &[("name", FormulaRefused)]),
    With(&[("name", "=HYPERLINK(\"http://x.example\",\"her\")")], &[("name", FormulaRefused)]),
    With(&[("name", "@SUM(A1:A9)")], &[("name", FormulaRefused)]),
    With(
        &[("supplier_article_number", "+1+cmd|' /C calc'!A0")],
        &[("supplier_article_number", FormulaRefused)],
    ),
    With(
        &[("supplier_org_number", "999999999"), ("supplier_article_number", "X")],
        &[("supplier_org_number", SupplierUnknown)],
    ),
    With(&[("supplier_article_number", "X")], &[("supplier_org_number", Required)]),
    With(
        &[("name", ""), ("unit", STRANGE_UNIT), ("currency", "1")],
        &[("name", Required), ("unit", UnknownUnit), ("currency", InvalidCurrency)],
    ),
    Repeated(&[], &[("number", Duplicate)]),
    Repeated(&[("price", "2")], &[("price", RowsDiffer)]),
    Ragged(-1),
    Ragged(-10),
    Ragged(2),
];

const CONTACTS: Columns = &[
    ("name", "Ærlig Tømmer, avd. \"{n}\""),
    ("org_number", "F-{n}"),
    ("country", "SE"),
    ("role", "leverandør"),
    ("street", "Gata 1; oppgang B"),
    ("postal_code", "0580"),
    ("city", "Ås"),
    ("email", ""),
    ("phone", "+47 22 33 44 55"),
    ("contact_person", ""),
    ("contact_email", ""),
];

const BAD_CONTACTS: &[Spoiled] = &[
    With(&[("name", "")], &[("name", Required)]),
    With(&[("name", "Usyn\u{ad}lig AS")], &[("name", InvalidCharacter)]),
    With(&[("name", "=HYPERLINK(\"http://x.example\")")], &[("name", FormulaRefused)]),
    With(&[("city", "@A1")], &[("city", FormulaRefused)]),
    With(&[("role", "")], &[("role", Required)]),
    With(&[("role", STRANGE_UNIT)], &[("role", RoleUnknown)]),
    With(&[("country", "Utopia")], &[("country", CountryUnknown)]),
    With(&[("country", "NO"), ("org_number", "99{n}")], &[("org_number", InvalidOrganisationNumber)]),
    // Our own.
    Once(&[("country", "NO"), ("org_number", "313770125")], &[("org_number", Duplicate)]),
    With(&[("email", "a@")], &[("email", InvalidEmail)]),
    With(&[("contact_email", "ingen")], &[("contact_email", InvalidEmail)]),
    With(&[("postal_code", "123456789012345678901")], &[("postal_code", TooLong)]),
    Repeated(&[], &[("name", Duplicate)]),
    Repeated(&[("city", "Bø")], &[("city", RowsDiffer)]),
    Ragged(-3),
    Ragged(1),
];

const ORDERS: Columns = &[
    ("order_ref", "R-{n}"),
    ("supplier_org_number", "310004170"),
    ("requested_delivery_date", "01.12.2030"),
    ("currency", "NOK"),
    ("article_number", "A-1"),
    ("quantity", "1,5"),
    ("unit", "stk"),
    ("unit_price", "10"),
    ("price_base_quantity", "1"),
    ("discount_percent", "2,5"),
    ("note", "på \"lager\"; nr. {n}"),
];

const BAD_ORDERS: &[Spoiled] = &[
    With(&[("requested_delivery_date", "31.02.2030")], &[("requested_delivery_date", InvalidDate)]),
    With(&[("requested_delivery_date", "12/01/2030")], &[("requested_delivery_date", InvalidDate)]),
    With(&[("requested_delivery_date", "2030-13-01")], &[("requested_delivery_date", InvalidDate)]),
    With(&[("requested_delivery_date", "i morgen")], &[("requested_delivery_date", InvalidDate)]),
    With(&[("quantity", "ti")], &[("quantity", InvalidDecimal)]),
    With(&[("quantity", "1.234")], &[("quantity", NumberAmbiguous)]),
    With(&[("quantity", "")], &[("quantity", Required)]),
    With(&[("quantity", "0")], &[("quantity", QuantityNotPositive)]),
    With(&[("quantity", "-3")], &[("quantity", QuantityNotPositive)]),
    With(&[("unit", STRANGE_UNIT)], &[("unit", UnknownUnit)]),
    With(&[("unit_price", "-1")], &[("unit_price", PriceNegative)]),
    With(&[("price_base_quantity", "0")], &[("price_base_quantity", QuantityNotPositive)]),
    With(&[("discount_percent", "101")], &[("discount_percent", DiscountOutOfRange)]),
    With(&[("currency", "kroner")], &[("currency", InvalidCurrency)]),
    With(&[("supplier_org_number", "999999999")], &[("supplier_org_number", SupplierUnknown)]),
    With(&[("supplier_org_number", "")], &[("supplier_org_number", SupplierUnknown)]),
    With(&[("article_number", "finnes-ikke")], &[("article_number", ArticleUnknown)]),
    With(&[("order_ref", "")], &[("order_ref", Required)]),
    // Brought in before.
    With(&[("order_ref", "R-før-{n}")], &[("order_ref", Duplicate)]),
    With(&[("note", "=cmd|' /C calc'!A0")], &[("note", FormulaRefused)]),
    With(
        &[("quantity", "ti"), ("requested_delivery_date", "32.01.2030")],
        &[("requested_delivery_date", InvalidDate), ("quantity", InvalidDecimal)],
    ),
    Repeated(&[("requested_delivery_date", "02.12.2030")], &[("requested_delivery_date", RowsDiffer)]),
    Repeated(&[("quantity", "0")], &[("quantity", QuantityNotPositive)]),
    Ragged(-1),
    Ragged(1),
];

async fn spoiled_articles(backend: Backend) {
    check(backend, FileKind::Articles, ARTICLES, BAD_ARTICLES, 0).await;
}

async fn spoiled_contacts(backend: Backend) {
    check(backend, FileKind::Contacts, CONTACTS, BAD_CONTACTS, 1).await;
}

async fn spoiled_purchase_orders(backend: Backend) {
    check(backend, FileKind::PurchaseOrders, ORDERS, BAD_ORDERS, 2).await;
}

/// Brings the three files in. `turn` shifts which encoding each separator has.
async fn check(backend: Backend, kind: FileKind, columns: Columns, bad: &'static [Spoiled], turn: usize) {
    let world = World::new(backend).await;
    let import = async |kind, file: Vec<u8>| {
        services::imports::run(&world.site.ctx, kind, file, ImportOptions::default()).await.unwrap()
    };
    let supplier = b"name;org_number;role\nNordvik;310004170;supplier\n";
    assert!(import(FileKind::Contacts, supplier.to_vec()).await.applied);
    let (rows, expected) = rows(columns, bad);
    let mut before = "order_ref;supplier_org_number;article_number;quantity\n".to_owned();
    for order_ref in rows.iter().filter_map(|row| row.first()).filter(|cell| cell.starts_with("R-før")) {
        before.push_str(&format!("{order_ref};310004170;A-1;1\n"));
    }
    import(FileKind::PurchaseOrders, before.into()).await;

    let untouched = world.database.rows().await;
    for (index, separator) in SEPARATORS.into_iter().enumerate() {
        let encoding = ENCODINGS[(index + turn) % ENCODINGS.len()];
        let name = format!("{kind:?} with {separator:?} in {encoding}");
        let report = import(kind, file(columns, &rows, separator, encoding)).await;
        assert_eq!((report.rows, report.faults, report.applied), (ROWS, expected.len(), false), "{name}");
        let found: Vec<(u64, &str, ErrorCode)> =
            report.refused.iter().map(|row| (row.line, row.column.as_str(), row.code)).collect();
        if let Some((found, expected)) =
            found.iter().zip(&expected).find(|(found, expected)| found != expected)
        {
            panic!("{name}: {found:?} instead of {expected:?}");
        }
        assert!(report.refused.iter().any(|row| row.value == STRANGE_UNIT), "{name}: another letter");
        let differing = changed(&untouched, &world.database.rows().await);
        assert_eq!(differing, Vec::<String>::new(), "{name}");
    }
}

/// The rows of a file, and what is to be told of them. Every third row is spoiled, in one way after the other.
fn rows(columns: Columns, bad: &[Spoiled]) -> (Vec<Vec<String>>, Vec<Told>) {
    let mut rows: Vec<Vec<String>> = Vec::with_capacity(ROWS);
    let mut expected = Vec::new();
    for n in 0..ROWS {
        let mut row: Vec<String> =
            columns.iter().map(|(_, value)| value.replace("{n}", &n.to_string())).collect();
        if n % 3 == 2 {
            // The head is line 1.
            let line = n as u64 + 2;
            let mut put = |row: &mut Vec<String>, cells: Cells, told: &[(&'static str, ErrorCode)]| {
                for (column, value) in cells {
                    let index = columns.iter().position(|(name, _)| name == column).unwrap();
                    row[index] = value.replace("{n}", &n.to_string());
                }
                expected.extend(told.iter().map(|(column, code)| (line, *column, *code)));
            };
            match &bad[(n / 3) % bad.len()] {
                With(cells, told) => put(&mut row, cells, told),
                Once(cells, told) if n / 3 < bad.len() => put(&mut row, cells, told),
                Once(..) => {}
                Repeated(cells, told) => {
                    row.clone_from(&rows[n - 1]);
                    put(&mut row, cells, told);
                }
                Ragged(more) => {
                    row.resize(row.len().checked_add_signed(*more).unwrap(), "x".to_owned());
                    expected.push((line, "", RowRagged));
                }
            }
        }
        rows.push(row);
    }
    (rows, expected)
}

fn file(columns: Columns, rows: &[Vec<String>], separator: char, encoding: &str) -> Vec<u8> {
    let cell = |text: &str| {
        if text.contains([separator, '"', '\n']) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text.to_owned()
        }
    };
    let line = |cells: Vec<String>| cells.join(&separator.to_string()) + "\r\n";
    let mut text = line(columns.iter().map(|(name, _)| (*name).to_owned()).collect());
    text.extend(rows.iter().map(|row| line(row.iter().map(|value| cell(value)).collect())));
    match encoding {
        "UTF-8" => text.into_bytes(),
        "Windows-1252" => encoding_rs::WINDOWS_1252.encode(&text).0.into_owned(),
        _ => format!("\u{feff}{text}").into_bytes(),
    }
}
