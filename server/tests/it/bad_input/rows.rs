//! Every row of every table, so that a test can say that none of them changed.

use std::collections::BTreeMap;

use sqlx::postgres::PgPool;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};

/// When and from where a token was last used is told to its owner and decides nothing.
const BOOKKEEPING: [&str; 2] = ["last_used_at", "last_used_address"];
/// The table of refused requests, which is judged by itself.
const LOG: &str = "partner_request";

/// The rows of each table but the log's, as text.
pub type Rows = BTreeMap<String, Vec<String>>;

/// What the log says of one refused request.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Refused {
    pub http_status: i64,
    pub error_code: String,
    pub response: Option<String>,
    pub remote_address: Option<String>,
}

/// The database under test, read with SQL of the test's own.
pub enum Database {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Database {
    pub async fn open(url: &str) -> Self {
        if url.starts_with("postgres") {
            Self::Postgres(PgPool::connect(url).await.unwrap())
        } else {
            Self::Sqlite(SqlitePool::connect_with(SqliteConnectOptions::new().filename(url)).await.unwrap())
        }
    }

    /// Runs a statement that prepares a case.
    pub async fn execute(&self, sql: &'static str) {
        match self {
            Self::Sqlite(pool) => drop(sqlx::query(sql).execute(pool).await.unwrap()),
            Self::Postgres(pool) => drop(sqlx::query(sql).execute(pool).await.unwrap()),
        }
    }

    async fn texts(&self, sql: String) -> Vec<String> {
        let sql = sqlx::AssertSqlSafe(sql);
        match self {
            Self::Sqlite(pool) => sqlx::query_scalar(sql).fetch_all(pool).await.unwrap(),
            Self::Postgres(pool) => sqlx::query_scalar(sql).fetch_all(pool).await.unwrap(),
        }
    }

    /// What the log holds, the oldest first.
    pub async fn log(&self) -> Vec<Refused> {
        let sql = "SELECT CAST(http_status AS BIGINT) AS http_status, error_code, response, remote_address \
                   FROM partner_request WHERE direction = 'in' ORDER BY at, request_id";
        match self {
            Self::Sqlite(pool) => sqlx::query_as(sql).fetch_all(pool).await.unwrap(),
            Self::Postgres(pool) => sqlx::query_as(sql).fetch_all(pool).await.unwrap(),
        }
    }

    /// Everything else.
    pub async fn rows(&self) -> Rows {
        let tables = match self {
            Self::Sqlite(_) => {
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            }
            Self::Postgres(_) => {
                "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'"
            }
        };
        let mut rows = Rows::new();
        for table in self.texts(tables.to_owned()).await {
            if table != LOG {
                rows.insert(table.clone(), self.rows_of(&table).await);
            }
        }
        assert!(rows.len() > 20, "the tables are not seen: {:?}", rows.keys());
        rows
    }

    async fn rows_of(&self, table: &str) -> Vec<String> {
        // The bell that tells open pages of a new row in the log belongs to that row.
        let filter = if table == "event" { "WHERE topic <> 'log'" } else { "" };
        let columns = match self {
            Self::Sqlite(_) => {
                let names =
                    self.texts(format!("SELECT name FROM pragma_table_info('{table}') ORDER BY cid")).await;
                let quoted: Vec<String> = names
                    .iter()
                    .filter(|name| !BOOKKEEPING.contains(&name.as_str()))
                    .map(|name| format!("quote(\"{name}\")"))
                    .collect();
                quoted.join(" || '|' || ")
            }
            Self::Postgres(_) => {
                let removed: String = BOOKKEEPING.iter().map(|name| format!(" - '{name}'")).collect();
                format!("(to_jsonb(one){removed})::text")
            }
        };
        self.texts(format!("SELECT {columns} FROM \"{table}\" AS one {filter} ORDER BY 1")).await
    }
}

/// The tables that differ.
pub fn changed(before: &Rows, after: &Rows) -> Vec<String> {
    after
        .iter()
        .filter(|(table, rows)| before.get(*table) != Some(*rows))
        .map(|(table, _)| table.clone())
        .collect()
}
