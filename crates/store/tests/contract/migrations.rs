//! What migrations make of rows that were there before them.

use domain::search::{MIN_PART, Query, endings, place_of};
use sqlx::migrate::Migrator;
use store::Store;
use store::search::Place;
use uuid::Uuid;

static SQLITE: Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../../migrations/postgres");

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

#[tokio::test(flavor = "multi_thread")]
async fn words_of_before_are_found_by_their_parts_in_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("before.db").display().to_string();
    let pool = sqlx::SqlitePool::connect(&format!("sqlite://{file}?mode=rwc")).await.unwrap();
    written_before!(SQLITE, pool);
    found_by_their_parts(Store::open(&file).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_before_are_found_by_their_parts_in_postgres() {
    let Some(address) = crate::harness::postgres_database().await else { return };
    let pool = sqlx::PgPool::connect(&address).await.unwrap();
    written_before!(POSTGRES, pool);
    found_by_their_parts(Store::open(&address).await.unwrap()).await;
}

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
