//! What both databases hold when everything has come to rest, read with SQL of the test's own.

use std::collections::BTreeMap;

use sqlx::postgres::PgPool;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use uuid::Uuid;

/// One line as either side keeps it; numbers are integers of fixed scale.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Line {
    pub owner: Uuid,
    pub line_number: i64,
    pub supplier_article_number: String,
    pub description: String,
    pub quantity: i64,
    pub unit: String,
    pub unit_price: i64,
    pub price_base_quantity: i64,
    pub discount_percent: i64,
    pub amount: i64,
}

/// A purchase order at the buyer.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Order {
    pub order_id: Uuid,
    pub number: String,
    /// The reference in the file that it was read from.
    pub order_ref: Option<String>,
    pub status: String,
    pub net_total: i64,
}

/// A draft at the supplier.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Draft {
    pub draft_id: Uuid,
    pub order_uid: Uuid,
    pub number: String,
    pub status: String,
    pub net_total: i64,
    pub sequence: i64,
    /// Lines without an article of ours.
    pub issue_count: i64,
}

/// A message in either direction.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Message {
    pub message_id: Uuid,
    pub subject_id: Uuid,
    pub state: String,
    pub body_digest: Vec<u8>,
    pub receipt: Option<Vec<u8>>,
    pub attempts: i64,
}

/// Everything that the checker judges.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    pub orders: Vec<Order>,
    pub order_lines: BTreeMap<Uuid, Vec<Line>>,
    pub sent: Vec<Message>,
    pub drafts: Vec<Draft>,
    pub draft_lines: BTreeMap<Uuid, Vec<Line>>,
    pub received: Vec<Message>,
    /// The sequence numbers that the feed told of each order, in the order of their positions.
    pub told: BTreeMap<Uuid, Vec<i64>>,
    /// What the databases say of themselves when asked for damage; empty when there is none.
    pub damage: Vec<String>,
}

enum Database {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

macro_rules! rows {
    ($database:expr, $sql:expr) => {
        match $database {
            Database::Sqlite(pool) => sqlx::query_as($sql).fetch_all(pool).await.unwrap(),
            Database::Postgres(pool) => sqlx::query_as($sql).fetch_all(pool).await.unwrap(),
        }
    };
}

impl Database {
    async fn open(url: &str) -> Self {
        if url.starts_with("postgres") {
            Self::Postgres(PgPool::connect(url).await.unwrap())
        } else {
            Self::Sqlite(SqlitePool::connect_with(SqliteConnectOptions::new().filename(url)).await.unwrap())
        }
    }

    /// Lets go of it at once: whoever has it open keeps SQLite from its last checkpoint, and takes a place at PostgreSQL.
    async fn close(self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }

    async fn messages(&self) -> Vec<Message> {
        rows!(
            self,
            "SELECT message_id, subject_id, state, body_digest, receipt,
                (SELECT count(*) FROM attempt WHERE attempt.message_key = message.message_key) AS attempts
             FROM message ORDER BY created_at, message_key"
        )
    }

    async fn damage(&self) -> Vec<String> {
        let Self::Sqlite(pool) = self else { return Vec::new() };
        let said: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check").fetch_all(pool).await.unwrap();
        let orphans = sqlx::query("PRAGMA foreign_key_check").fetch_all(pool).await.unwrap().len();
        let mut damage: Vec<String> = said.into_iter().filter(|line| line != "ok").collect();
        if orphans > 0 {
            damage.push(format!("{orphans} rows point nowhere"));
        }
        damage
    }
}

/// Everything that the migrations made, as the database describes it.
pub async fn shape(url: &str) -> Vec<String> {
    let database = Database::open(url).await;
    let rows: Vec<(String,)> = if url.starts_with("postgres") {
        rows!(
            &database,
            "SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default) AS text
             FROM information_schema.columns WHERE table_schema = 'public'
             UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
             UNION ALL SELECT 'migration ' || version FROM _sqlx_migrations ORDER BY text"
        )
    } else {
        rows!(
            &database,
            "SELECT type || ' ' || name || ' ' || coalesce(sql, '') AS text FROM sqlite_master
             UNION ALL SELECT 'migration ' || version FROM _sqlx_migrations ORDER BY text"
        )
    };
    database.close().await;
    rows.into_iter().map(|(text,)| text).collect()
}

/// How far each exported order of the buyer is: its status and its message's state. For waiting, since it costs little.
pub async fn standing(buyer: &str) -> BTreeMap<Uuid, (String, String)> {
    let buyer = Database::open(buyer).await;
    let rows: Vec<(Uuid, String, String)> = rows!(
        &buyer,
        "SELECT purchase_order.order_id, purchase_order.status, message.state
         FROM purchase_order JOIN message ON message.subject_id = purchase_order.order_id"
    );
    buyer.close().await;
    rows.into_iter().map(|(order, status, state)| (order, (status, state))).collect()
}

/// Puts a row into the log of an instance that does not run, so old that the program throws it away when it starts.
pub async fn plant_old_row(url: &str) {
    let database = Database::open(url).await;
    let id = Uuid::from_u128(1);
    let planted = "INSERT INTO partner_request (request_id, direction, at, first_at, operation, duration_ms)
        VALUES ($1, 'in', 1, 1, 'GET /old', 0)";
    match &database {
        Database::Sqlite(pool) => drop(sqlx::query(planted).bind(id).execute(pool).await.unwrap()),
        Database::Postgres(pool) => drop(sqlx::query(planted).bind(id).execute(pool).await.unwrap()),
    }
    database.close().await;
}

/// What an instance still has to do that it does at its start: old rows to throw away, events to place.
pub async fn left_of_the_start(url: &str) -> i64 {
    count(
        url,
        "SELECT (SELECT count(*) FROM partner_request WHERE at = 1) + (SELECT count(*) FROM event WHERE position IS NULL)",
    )
    .await
}

/// Attempts of which nobody knows yet how they ended.
pub async fn open_attempts(url: &str) -> i64 {
    count(url, "SELECT count(*) FROM attempt WHERE finished_at IS NULL").await
}

/// Messages that somebody holds, by the machine's clock.
pub async fn held_messages(url: &str) -> i64 {
    let held = if url.starts_with("postgres") {
        "SELECT count(*) FROM message WHERE state = 'sending' AND lease_until >= extract(epoch FROM clock_timestamp()) * 1000000"
    } else {
        "SELECT count(*) FROM message WHERE state = 'sending' AND lease_until >= unixepoch('subsec') * 1000000"
    };
    count(url, held).await
}

async fn count(url: &str, sql: &'static str) -> i64 {
    let database = Database::open(url).await;
    let rows: Vec<(i64,)> = rows!(&database, sql);
    database.close().await;
    rows[0].0
}

fn by_owner(lines: Vec<Line>) -> BTreeMap<Uuid, Vec<Line>> {
    let mut map: BTreeMap<Uuid, Vec<Line>> = BTreeMap::new();
    for line in lines {
        map.entry(line.owner).or_default().push(line);
    }
    map
}

impl Snapshot {
    /// Reads both.
    pub async fn of(buyer: &str, supplier: &str) -> Self {
        let buyer = Database::open(buyer).await;
        let supplier = Database::open(supplier).await;
        let mut damage = buyer.damage().await;
        damage.extend(supplier.damage().await);
        let told: Vec<(Uuid, i64)> = rows!(
            &supplier,
            "SELECT subject_id, sequence FROM event WHERE topic = 'feed' AND subject_id IS NOT NULL ORDER BY position"
        );
        let mut by_order: BTreeMap<Uuid, Vec<i64>> = BTreeMap::new();
        for (subject, sequence) in told {
            by_order.entry(subject).or_default().push(sequence);
        }
        let seen = Self {
            orders: rows!(
                &buyer,
                "SELECT order_id, number, order_ref, status, net_total FROM purchase_order ORDER BY number"
            ),
            order_lines: by_owner(rows!(
                &buyer,
                "SELECT order_id AS owner, line_number, supplier_article_number, description, quantity, unit,
                    unit_price, price_base_quantity, discount_percent, amount
                 FROM order_line ORDER BY order_id, line_number"
            )),
            sent: buyer.messages().await,
            drafts: rows!(
                &supplier,
                "SELECT draft_id, order_uid, number, status, net_total, sequence, issue_count FROM order_draft ORDER BY number"
            ),
            draft_lines: by_owner(rows!(
                &supplier,
                "SELECT draft_id AS owner, line_number, supplier_article_number, description, quantity, unit,
                    unit_price, price_base_quantity, discount_percent, amount
                 FROM draft_line ORDER BY draft_id, line_number"
            )),
            received: supplier.messages().await,
            told: by_order,
            damage,
        };
        buyer.close().await;
        supplier.close().await;
        seen
    }
}
