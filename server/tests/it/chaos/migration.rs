//! A process ends in a migration: the next start goes on from there, and nothing tells the database from one that was made in one go.

use super::checker::{Told, judge};
use super::snapshot::{Snapshot, shape};
use super::{add_articles, add_orders, at_rest};
use crate::backup::rows::{run_on, run_on_postgres};
use crate::pair::{BUYER, Backend, Instance, Options, PASSWORD, Pair, SUPPLIER, init, on_both_databases};

const ORDERS: usize = 4;
/// Places that there are at least: the table of what was applied, and the first migrations.
const PLACES: usize = 3;

on_both_databases!(
    chaos_a_migration_that_breaks_off_is_finished_by_the_next_start,
    contacts_of_an_older_database_are_kept
);

async fn chaos_a_migration_that_breaks_off_is_finished_by_the_next_start(backend: Backend) {
    let whole = Instance::new(backend, Options::default()).await;
    whole.told(PASSWORD, &init(BUYER)).await;
    let whole = shape(&whole.database()).await;
    let mut passage = 0;
    loop {
        passage += 1;
        let Some(buyer) = broken_off(backend, BUYER, passage).await else { break };
        let supplier = broken_off(backend, SUPPLIER, passage).await.expect("the supplier breaks off as well");
        let pair = work(buyer, supplier, &format!("{backend:?} G1:{passage}")).await;
        assert_eq!(shape(&pair.buyer.database()).await, whole);
        assert_eq!(shape(&pair.supplier.database()).await, whole);
        println!(
            "{backend:?} both sides G1:{passage}: hit, {ORDERS} orders exported afterwards, 0 violations"
        );
    }
    assert!(passage > PLACES, "every place was tried after {passage} passages");
}

/// An instance whose first command ended at the passage; `None` when there are fewer.
async fn broken_off(
    backend: Backend,
    company: (&'static str, &'static str),
    passage: usize,
) -> Option<Instance> {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("passages");
    std::fs::write(&log, "").unwrap();
    let more =
        vec![("PRODSYS_CRASH_AT", format!("G1:{passage}")), ("PRODSYS_CRASH_LOG", log.display().to_string())];
    let mut instance = Instance::new(backend, Options { more, ..Options::default() }).await;
    let output = instance.output(PASSWORD, &init(company)).await;
    let counted = std::fs::read_to_string(&log).unwrap();
    if output.status.success() {
        assert_eq!(counted.lines().count(), passage - 1);
        return None;
    }
    let wanted: String = (1..=passage).map(|number| format!("G1 {number}\n")).collect();
    assert_eq!(counted, wanted, "{}", String::from_utf8_lossy(&output.stderr));
    instance.options.more.clear();
    Some(instance)
}

/// Sets both up and sends orders: what was made must not only look right.
async fn work(buyer: Instance, supplier: Instance, named: &str) -> Pair {
    let mut pair = Pair::of(buyer, supplier).await;
    add_articles(&pair).await;
    add_orders(&pair, ORDERS).await;
    pair.buyer.run(&["export", "--all-ready", "--wait"]).await;
    let (buyer, supplier) = (pair.buyer.database(), pair.supplier.database());
    let orders = Snapshot::of(&buyer, &supplier).await.orders;
    let history = orders.iter().map(|order| (order.order_id, Told::Ok)).collect();
    let seen = at_rest(&history, &buyer, &supplier).await;
    assert_eq!(judge(&history, &seen), [], "{named}");
    assert_eq!(seen.drafts.len(), ORDERS);
    pair.supplier.stop().await;
    pair
}

/// `contact` as it was before version 6, with what points at it. On SQLite the indexes of version 18 go with the table.
const OLDER_SQLITE: &str = "PRAGMA foreign_keys = OFF;
    ALTER TABLE contact RENAME TO newer;
    DROP INDEX contact_by_name;
    DROP INDEX contact_identity;
    CREATE TABLE contact (contact_id BLOB PRIMARY KEY, name TEXT NOT NULL, org_number TEXT UNIQUE, street TEXT NOT NULL,
        postal_code TEXT NOT NULL, city TEXT NOT NULL, country TEXT NOT NULL, email TEXT, phone TEXT, is_supplier BOOLEAN NOT NULL,
        is_customer BOOLEAN NOT NULL, is_self BOOLEAN NOT NULL, needs_review BOOLEAN NOT NULL, created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL, version INTEGER NOT NULL);
    INSERT INTO contact SELECT * FROM newer;
    DROP TABLE newer;
    CREATE INDEX contact_by_name ON contact (name);
    DELETE FROM _sqlx_migrations WHERE version IN (6, 18);";
const OLDER_POSTGRES: &str = "DROP INDEX contact_identity;
    ALTER TABLE contact ADD CONSTRAINT contact_org_number_key UNIQUE (org_number);
    DELETE FROM _sqlx_migrations WHERE version = 6;";

async fn contacts_of_an_older_database_are_kept(backend: Backend) {
    let instance = Instance::new(backend, Options::default()).await;
    instance.told(PASSWORD, &init(BUYER)).await;
    let add = |name, country, number| {
        let who = ["contacts", "add", "--name", name, "--contact-person", "Kari", "--supplier"];
        [&who[..], &["--country", country, "--org-number", number]].concat()
    };
    instance.run(&add("Bolt & Feste AS", "NO", "313770125")).await;
    instance.run(&["articles", "add", "--number", "V-1", "--name", "Skrue"]).await;
    instance.run(&["orders", "create", "--supplier", "313770125", "--line", "V-1:3"]).await;
    let (newer, listed) = (shape(&instance.database()).await, instance.run(&["contacts", "list"]).await);
    match backend {
        Backend::Sqlite => {
            run_on(instance.database().as_ref(), &format!("PRAGMA legacy_alter_table = ON; {OLDER_SQLITE}"))
                .await
        }
        Backend::Postgres => run_on_postgres(&instance.database(), OLDER_POSTGRES).await,
    }
    assert_ne!(shape(&instance.database()).await, newer);
    assert_eq!(
        instance.run(&["contacts", "list"]).await,
        listed,
        "the first command brings the tables up to date"
    );
    assert_eq!(shape(&instance.database()).await, newer);
    instance.run(&add("Svensk Bolt AB", "SE", "313770125")).await;
    let (_, found) = crate::backup::findings(&instance).await;
    assert!(!found.contains("rows_astray") && !found.contains("database_damaged"), "{found:?}");
}
