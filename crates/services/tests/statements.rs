//! What files cost: a file of many rows asks the database no more often than a file of a few. In a process of its own, since every
//! statement of the process is counted.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "it/harness.rs"]
#[expect(dead_code, reason = "the other tests use the rest of it")]
mod harness;

use std::fmt::Debug;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::imports::{FileKind, ImportOptions};
use domain::links::LinkView;
use services::Ctx;
use services::orders::PasteQuestion;
use services::spreadsheets::{self, ListFile, SheetFilter, SheetFormat};
use tokio::sync::Mutex;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::harness::on_both;

on_both!(files_ask_for_many_rows_at_once);

/// Statements, and those of them that count rows.
static STATEMENTS: AtomicUsize = AtomicUsize::new(0);
static COUNTS: AtomicUsize = AtomicUsize::new(0);
/// The counter sees everything from then on.
static COUNTING: OnceLock<()> = OnceLock::new();
/// Both databases are counted in one process.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

/// Sees what the driver says of each statement.
struct Counter;

impl Subscriber for Counter {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("sqlx") && metadata.target().ends_with("query")
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        STATEMENTS.fetch_add(1, Ordering::SeqCst);
        event.record(&mut Summary);
    }
}

struct Summary;

impl Visit for Summary {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "summary" && format!("{value:?}").contains("COUNT(") {
            COUNTS.fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// Contacts, articles and orders with these numbers; every article has a number at the first supplier.
async fn fill(ctx: &Ctx, numbers: std::ops::Range<usize>) {
    let rows = |head: &str, row: &dyn Fn(usize) -> String| {
        let rows: Vec<String> = numbers.clone().map(row).collect();
        format!("{head}\n{}\n", rows.join("\n"))
    };
    let contacts = rows("name;org_number;country;role;contact_person", &|number| {
        format!("Leverandør {number};R{number};SE;supplier;Kari {number}")
    });
    let articles = rows("number;name;price;supplier_org_number;supplier_article_number", &|number| {
        format!("N-{number};Skrue {number};1;SE R0;F-{number}")
    });
    let orders = rows("order_ref;supplier_org_number;article_number;quantity", &|number| {
        format!("R-{number};SE R{number};N-{number};2")
    });
    for (kind, file) in
        [(FileKind::Contacts, contacts), (FileKind::Articles, articles), (FileKind::PurchaseOrders, orders)]
    {
        let report =
            services::imports::run(ctx, kind, file.into_bytes(), ImportOptions::default()).await.unwrap();
        assert!(report.applied && report.faults == 0, "{report:?}");
    }
}

/// Statements that each file takes, and the rows that it has.
async fn cost(ctx: &Ctx) -> Vec<(String, usize, usize)> {
    let mut costs = Vec::new();
    let mut note = |what: &str, before: usize, file: Vec<u8>| {
        let rows = String::from_utf8(file).unwrap().lines().count() - 1;
        costs.push((what.to_owned(), STATEMENTS.load(Ordering::SeqCst) - before, rows));
    };
    for kind in FileKind::ALL {
        let before = STATEMENTS.load(Ordering::SeqCst);
        let file = spreadsheets::write(ctx, kind, SheetFormat::Csv, SheetFilter::default()).await.unwrap();
        note(kind.as_str(), before, file);
    }
    let before = (STATEMENTS.load(Ordering::SeqCst), COUNTS.load(Ordering::SeqCst));
    let supplier = services::suppliers::named(ctx, "SE R0").await.unwrap();
    let links = ListFile::Links(Some(supplier), LinkView::All);
    let words = |key: &str| key.to_owned();
    let file = spreadsheets::write_list(ctx, &links, SheetFormat::Csv, |_| true, words).await.unwrap();
    note("links", before.0, file);
    assert_eq!(COUNTS.load(Ordering::SeqCst), before.1, "a file of links counts nothing");
    // Pasted rows are looked at in the same way.
    let rows = costs.first().map_or(0, |(_, _, rows)| *rows);
    let text = (0..rows).map(|number| format!("N-{number}\tSkrue\t{}\n", number + 2)).collect();
    let question = PasteQuestion { supplier: Some(supplier), text, ..PasteQuestion::default() };
    let before = STATEMENTS.load(Ordering::SeqCst);
    let found = services::orders::pasted_rows(ctx, question).await.unwrap();
    costs.push(("paste".to_owned(), STATEMENTS.load(Ordering::SeqCst) - before, found.rows.len()));
    costs
}

async fn files_ask_for_many_rows_at_once(ctx: Ctx) {
    let _alone = ONE_AT_A_TIME.lock().await;
    COUNTING.get_or_init(|| tracing::subscriber::set_global_default(Counter).unwrap());
    fill(&ctx, 0..5).await;
    let few = cost(&ctx).await;
    fill(&ctx, 5..150).await;
    let many = cost(&ctx).await;
    for ((what, at_first, rows_before), (_, later, rows)) in few.iter().zip(&many) {
        assert_eq!((*rows_before, *rows), (5, 150), "{what}");
        assert!(*at_first > 0, "{what}: nothing is counted");
        assert!(*later <= *at_first + 2, "{what}: {at_first} statements for 5 rows, {later} for 150");
    }
}
