//! What migrations make of rows that were there before them.

use domain::decimal::{Quantity, UnitPrice};
use domain::ids::{ContactId, OrderId};
use domain::orders::{OrderFilter, OrderInput};
use domain::search::{BoughtPrice, MIN_PART, Query, endings, place_of};
use sqlx::migrate::Migrator;
use store::Store;
use store::search::Place;
use uuid::Uuid;

static SQLITE: Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../../migrations/postgres");

/// Makes `name::sqlite` and `name::postgres`: what `$before` wrote into a database of before, migrated and looked at by `$check`.
macro_rules! on_both {
    ($name:ident, $before:ident, $check:ident) => {
        mod $name {
            use super::*;

            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                let folder = tempfile::tempdir().unwrap();
                let file = folder.path().join("before.db").display().to_string();
                let pool = sqlx::SqlitePool::connect(&format!("sqlite://{file}?mode=rwc")).await.unwrap();
                $before!(SQLITE, pool);
                $check(Store::open(&file).await.unwrap()).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                let Some(address) = crate::harness::postgres_database().await else { return };
                let pool = sqlx::PgPool::connect(&address).await.unwrap();
                $before!(POSTGRES, pool);
                $check(Store::open(&address).await.unwrap()).await;
            }
        }
    };
}

/// Words of an index of before 0014, each of a document with its place in the list.
const WORDS: [&str; 8] =
    ["^sekskantskrue", "sekskantskrue", "ørepropp", "elkabel", "m10x50", "bf10250", "10x500", "rør"];

macro_rules! written_before {
    ($migrator:expr, $pool:expr) => {
        $migrator.run_to(13, &$pool).await.unwrap();
        for (word, document) in WORDS.iter().zip(0..) {
            sqlx::query(
                "INSERT INTO search_word (scope, word, documents, first_block) VALUES ($1, $2, 1, 0)",
            )
            .bind(Uuid::nil())
            .bind(word)
            .execute(&$pool)
            .await
            .unwrap();
            sqlx::query("INSERT INTO search_posting (scope, word, block, documents) VALUES ($1, $2, 0, $3)")
                .bind(Uuid::nil())
                .bind(word)
                .bind(place_of(document).1)
                .execute(&$pool)
                .await
                .unwrap();
        }
        $pool.close().await;
    };
}

on_both!(words_of_before_are_found_by_their_parts, written_before, found_by_their_parts);

async fn found_by_their_parts(store: Store) {
    let mut tx = store.begin_read().await.unwrap();
    for (word, document) in WORDS.iter().zip(0..).skip(1) {
        let places = word.char_indices().map(|(at, _)| &word[at..]).skip(1);
        for text in places.filter(|text| text.chars().count() >= MIN_PART) {
            let query = Query::read(text).unwrap();
            let found = store::search::candidates(&mut tx, Place::Own, &query).await.unwrap();
            assert_eq!(found.contains(&document), endings(word).contains(&text), "{text} of {word}");
        }
    }
    drop(tx);
    store.close().await;
}

macro_rules! an_order_of_before {
    ($migrator:expr, $pool:expr) => {
        $migrator.run_to(19, &$pool).await.unwrap();
        sqlx::query(
            "INSERT INTO purchase_order (order_id, number, status, revision, currency, delivery_name, delivery_street,
                 delivery_postal_code, delivery_city, our_reference, note, net_total, line_count, correlation_id, created_at,
                 created_by, updated_at, version, answer_sequence)
             VALUES ($1, 'PO-1', 'draft', 1, 'NOK', '', '', '', '', '', '', 2000, 1, $1, 0, '', 0, 1, 0)",
        )
        .bind(ORDER)
        .execute(&$pool)
        .await
        .unwrap();
        sqlx::query(
            "INSERT INTO order_line (line_id, order_id, line_number, article_number, description, supplier_article_number, quantity,
                 unit, unit_price, price_base_quantity, discount_percent, vat_rate, amount, note)
             VALUES ($1, $1, 1, 'N-100', 'Skrue', 'A4-10', 2000000, 'EA', 10000000, 1000000, 0, 25000000, 2000, 'x')",
        )
        .bind(ORDER)
        .execute(&$pool)
        .await
        .unwrap();
        $pool.close().await;
    };
}

/// The order of before, and its line.
const ORDER: Uuid = Uuid::from_u128(7);

on_both!(lines_of_before_are_kept, an_order_of_before, lines_are_kept);

async fn lines_are_kept(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let order = store::orders::lookup(&mut tx, OrderId(ORDER)).await.unwrap().unwrap();
    let mut lines = order.lines;
    assert_eq!((lines.len(), lines[0].article_number.as_str(), lines[0].note.as_str()), (1, "N-100", "x"));
    assert_eq!((lines[0].quantity.0, lines[0].amount.0), (2_000_000, 2_000));
    // One that cannot be read yet is none, and is found by its number all the same.
    lines[0].quantity.0 = 0;
    store::orders::replace_lines(&mut tx, OrderId(ORDER), &lines).await.unwrap();
    let filter = OrderFilter { search: Some("n100".to_owned()), ..OrderFilter::default() };
    assert_eq!(store::orders::ids(&mut tx, &filter, "", 10).await.unwrap(), [OrderId(ORDER)]);
    let typed = OrderInput { our_reference: "Kari".to_owned(), ..OrderInput::default() };
    assert!(store::orders::typed_each(&mut tx, &[OrderId(ORDER)]).await.unwrap().is_empty());
    store::orders::set_typed(&mut tx, OrderId(ORDER), Some(&typed)).await.unwrap();
    let found = store::orders::typed_each(&mut tx, &[OrderId(ORDER)]).await.unwrap();
    assert_eq!(found.get(&OrderId(ORDER)), Some(&typed));
    assert!(store::orders::row(&mut tx, OrderId(ORDER)).await.unwrap().unwrap().has_unread);
    lines[0].quantity.0 = -1;
    assert!(store::orders::replace_lines(&mut tx, OrderId(ORDER), &lines).await.is_err());
    drop(tx);
    store.close().await;
}

/// The supplier of before.
const SUPPLIER: Uuid = Uuid::from_u128(8);

/// Lines of sent orders, each of an order of its own: number, price, and what the price is for.
const SENT: [(&str, i64, i64, &str); 6] = [
    ("N-1", 3_120_000, 100_000_000, "EA"),
    ("N-1", 2_000_000, 1_000_000, "EA"),
    ("N-2", 3_120_000, 100_000_000, "EA"),
    ("N-2", 3_120_000, 1_000_000, "EA"),
    ("N-3", 5_000_000, 1_000_000, "EA"),
    ("N-3", 5_000_000, 1_000_000, "MTR"),
];

macro_rules! bought_before {
    ($migrator:expr, $pool:expr) => {
        $migrator.run_to(22, &$pool).await.unwrap();
        sqlx::query(
            "INSERT INTO contact (contact_id, name, street, postal_code, city, country, is_supplier, is_customer, is_self, needs_review,
                 created_at, updated_at, version)
             VALUES ($1, 'Bolt & Feste AS', '', '', '', 'NO', TRUE, FALSE, FALSE, FALSE, 0, 0, 1)",
        )
        .bind(SUPPLIER)
        .execute(&$pool)
        .await
        .unwrap();
        for ((number, price, base, unit), id) in SENT.iter().zip(100_u128..) {
            sqlx::query(
                "INSERT INTO purchase_order (order_id, number, supplier_id, status, revision, currency, delivery_name, delivery_street,
                     delivery_postal_code, delivery_city, our_reference, note, net_total, line_count, correlation_id, created_at,
                     created_by, updated_at, version, answer_sequence)
                 VALUES ($1, $2, $3, 'sent', 1, 'NOK', '', '', '', '', '', '', 0, 1, $1, 0, '', 0, 1, 0)",
            )
            .bind(Uuid::from_u128(id))
            .bind(format!("PO-{id}"))
            .bind(SUPPLIER)
            .execute(&$pool)
            .await
            .unwrap();
            sqlx::query(
                "INSERT INTO order_line (line_id, order_id, line_number, article_number, description, supplier_article_number, quantity,
                     unit, unit_price, price_base_quantity, discount_percent, vat_rate, amount, note)
                 VALUES ($1, $1, 1, $2, 'Skrue', 'A4-10', 1000000, $3, $4, $5, 0, 0, 0, '')",
            )
            .bind(Uuid::from_u128(id))
            .bind(number)
            .bind(unit)
            .bind(price)
            .bind(base)
            .execute(&$pool)
            .await
            .unwrap();
        }
        for (number, price) in BOUGHT {
            sqlx::query(
                "INSERT INTO bought_article (supplier_id, article_number, supplier_article_number, description, times, last_at, last_price)
                 VALUES ($1, $2, 'A4-10', 'Skrue', 1, 0, $3)",
            )
            .bind(SUPPLIER)
            .bind(number)
            .bind(price)
            .execute(&$pool)
            .await
            .unwrap();
        }
        $pool.close().await;
    };
}

/// What was bought, and its last price; of the last one there is no order any more.
const BOUGHT: [(&str, i64); 4] =
    [("N-1", 3_120_000), ("N-2", 3_120_000), ("N-3", 5_000_000), ("N-4", 9_000_000)];

on_both!(prices_of_before_say_what_they_are_for, bought_before, prices_say_what_they_are_for);

async fn prices_say_what_they_are_for(store: Store) {
    let mut tx = store.begin_read().await.unwrap();
    let numbers = BOUGHT.map(|(number, _)| number.to_owned());
    let known = store::bought::numbered(&mut tx, ContactId(SUPPLIER), &numbers, &[]).await.unwrap();
    let told: Vec<_> = known.into_iter().map(|article| article.bought.last_price).collect();
    // Where orders with this price do not agree, or there is none, nobody knows.
    let hundred = BoughtPrice {
        price: UnitPrice(3_120_000),
        base_quantity: Quantity::whole(100),
        unit: "EA".to_owned(),
    };
    assert_eq!(told, [Some(hundred), None, None, None]);
    drop(tx);
    store.close().await;
}
