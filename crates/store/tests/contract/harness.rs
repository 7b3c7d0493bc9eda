//! One test, two databases.

use std::sync::atomic::{AtomicU64, Ordering};

use domain::ids::new_uuid;
use domain::time::Timestamp;
use store::Store;
use uuid::Uuid;

/// Where the clock of these tests stands.
pub const NOW: Timestamp = Timestamp(1_796_000_000_000_000);

/// Makes `sqlite::name` and `postgres::name` of an `async fn name(store: Store)`.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                let folder = tempfile::tempdir().unwrap();
                let store = store::Store::open(folder.path().join("test.db").to_str().unwrap()).await.unwrap();
                super::$name(store.clone()).await;
                store.close().await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                let Some((store, _)) = $crate::harness::postgres().await else { return };
                super::$name(store.clone()).await;
                store.close().await;
            })+
        }
    };
}
pub(crate) use on_both;

/// A new PostgreSQL database with its tables, and its address.
pub async fn postgres() -> Option<(Store, String)> {
    let address = postgres_database().await?;
    Some((Store::open(&address).await.unwrap(), address))
}

/// The address of a new, empty PostgreSQL database on the server that `TEST_POSTGRES_URL` names. Without the variable the half is left
/// out, except in CI, where that is a failure.
#[expect(clippy::disallowed_methods, reason = "tests are told by their environment where PostgreSQL is")]
pub async fn postgres_database() -> Option<String> {
    let Ok(url) = std::env::var("TEST_POSTGRES_URL") else {
        assert!(std::env::var("CI").is_err(), "TEST_POSTGRES_URL is not set");
        return None;
    };
    let name = format!("contract_{}", id::<Uuid>().simple());
    let admin = sqlx::PgPool::connect(&url).await.unwrap();
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&admin).await.unwrap();
    admin.close().await;
    let (server, _) = url.rsplit_once('/').unwrap();
    Some(format!("{server}/{name}"))
}

/// A new id.
pub fn id<T: From<Uuid>>() -> T {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    let process = std::process::id().to_be_bytes();
    let mut random = [0; 10];
    random[..4].copy_from_slice(&process);
    random[4..].copy_from_slice(&count[2..]);
    new_uuid(NOW, random).into()
}
