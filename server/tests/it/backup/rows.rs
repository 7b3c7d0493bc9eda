//! Reads and breaks databases with SQL of the test's own.

use std::path::Path;

use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

async fn open(path: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(path).foreign_keys(false).connect().await.unwrap()
}

/// Runs statements that a healthy program would not.
pub async fn run_on(path: &Path, sql: &str) {
    let mut connection = open(path).await;
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// The same on PostgreSQL.
pub async fn run_on_postgres(url: &str, sql: &str) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// The epoch and how many purchase orders there are, of a database that says that it is whole.
pub async fn epoch_and_orders(path: &Path) -> (i64, i64) {
    let mut connection = open(path).await;
    let said: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut connection).await.unwrap();
    assert_eq!(said, "ok", "{}", path.display());
    let found = sqlx::query_as("SELECT epoch, (SELECT COUNT(*) FROM purchase_order) FROM instance")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    found
}
