//! One transaction on either database, and the macro that writes a query once for both.

use sqlx::pool::PoolConnection;
use sqlx::{Database, Postgres, Sqlite, Transaction};

use crate::counters::{self, Counters};
use crate::error::StoreError;
use crate::events::{self, NewEvent};
use crate::search::{self, Change};

/// Rows that one statement writes at most: well below what either driver can bind.
pub(crate) const ROWS: usize = 200;

pub(crate) enum Conn {
    Sqlite(Line<Sqlite>),
    Postgres(Line<Postgres>),
}

/// What the statements of a [`Tx`] go over.
pub(crate) enum Line<DB: Database> {
    Transaction(Transaction<'static, DB>),
    /// For one statement, which is a transaction by itself.
    Glance(PoolConnection<DB>),
}

impl<DB: Database> Line<DB> {
    pub(crate) fn connection(&mut self) -> &mut DB::Connection {
        match self {
            Self::Transaction(transaction) => transaction,
            Self::Glance(connection) => connection,
        }
    }

    async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Transaction(transaction) => Ok(transaction.commit().await?),
            Self::Glance(_) => Err(StoreError::Refused("a glance has nothing to commit".to_owned())),
        }
    }
}

/// What was to be written when a savepoint was made that is open: the first so many of each, and the counters as they were.
struct Mark {
    unwritten: usize,
    unindexed: usize,
    counters: Counters,
}

/// A transaction. Dropped without [`Tx::commit`], it leaves nothing behind.
pub struct Tx {
    pub(crate) conn: Conn,
    /// Events that are written before the commit, or before something reads events: many in one statement, and on PostgreSQL the
    /// lock that keeps their order is held as short as can be.
    pub(crate) unwritten: Vec<NewEvent>,
    /// What own articles are to be found by, written before the commit, or before own articles are searched: a file of articles writes
    /// the row of a word once and not for each of them, which PostgreSQL pays for with every older version of the row.
    pub(crate) unindexed: Vec<Change>,
    /// The counters that were drawn from.
    pub(crate) counters: Counters,
    /// The savepoints that are open, the outermost first.
    marks: Vec<Mark>,
    pub(crate) wrote_events: bool,
}

/// Runs the same body on the connection of either driver; both arms are concretely typed, so that no generic bounds are needed.
macro_rules! on {
    ($tx:expr, |$conn:ident| $body:expr) => {
        match &mut $tx.conn {
            $crate::tx::Conn::Sqlite(line) => {
                let $conn = line.connection();
                $body
            }
            $crate::tx::Conn::Postgres(line) => {
                let $conn = line.connection();
                $body
            }
        }
    };
}
pub(crate) use on;

/// A query whose rows stay locked to the end of the transaction. SQLite has one writer and needs no such lock.
macro_rules! locked {
    ($tx:expr, $sql:literal) => {
        if $tx.is_postgres() { concat!($sql, " FOR UPDATE") } else { $sql }
    };
}
pub(crate) use locked;

/// A query over the JSON list that `$2` is: `value` is what a place of it holds. The two databases name it differently.
macro_rules! over_list {
    ($tx:expr, $before:literal, $after:literal) => {
        if $tx.is_postgres() {
            concat!($before, " json_array_elements_text($2::json) AS listed ", $after)
        } else {
            concat!($before, " json_each($2) AS listed ", $after)
        }
    };
}
/// A query over the rows of a table that fit each place of the list, looked up in the order of the list. PostgreSQL would rather read a
/// whole table than look up a hundred words in it; `OFFSET 0` keeps it from rewriting the look-up.
macro_rules! over_each {
    ($tx:expr, $select:literal, $table:literal, $where:literal, $after:literal) => {
        if $tx.is_postgres() {
            concat!(
                $select,
                " json_array_elements_text($2::json) AS listed CROSS JOIN LATERAL (SELECT * FROM ",
                $table,
                " p WHERE ",
                $where,
                " OFFSET 0) AS p ",
                $after
            )
        } else {
            concat!($select, " json_each($2) AS listed CROSS JOIN ", $table, " p WHERE ", $where, " ", $after)
        }
    };
}
/// The same over a list of lists: `listed.value ->> 0` is the first of each, as text.
macro_rules! over_rows {
    ($tx:expr, $before:literal, $($after:literal),+) => {
        if $tx.is_postgres() {
            concat!($before, " json_array_elements($2::json) AS listed ", $($after),+)
        } else {
            concat!($before, " json_each($2) AS listed ", $($after),+)
        }
    };
}
pub(crate) use {over_each, over_list, over_rows};

/// Pushes `($1, $2, …)` for a condition with `IN`; there must be at least one value.
///
/// The list is filled up with its last value to a power of two, so that a query has a handful of texts: a connection prepares each text
/// once and keeps its plan.
pub(crate) fn push_list<DB, T>(query: &mut sqlx::QueryBuilder<DB>, values: impl IntoIterator<Item = T>)
where
    DB: sqlx::Database,
    T: Clone + sqlx::Type<DB> + for<'q> sqlx::Encode<'q, DB>,
{
    let mut values: Vec<T> = values.into_iter().collect();
    if values.len() < ROWS
        && let Some(last) = values.last().cloned()
    {
        values.resize(values.len().next_power_of_two().min(ROWS), last);
    }
    query.push("(");
    let mut list = query.separated(", ");
    for value in values {
        list.push_bind(value);
    }
    query.push(")");
}

impl Tx {
    pub(crate) fn new(conn: Conn) -> Self {
        Self {
            conn,
            unwritten: Vec::new(),
            unindexed: Vec::new(),
            counters: Counters::new(),
            marks: Vec::new(),
            wrote_events: false,
        }
    }

    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self.conn, Conn::Postgres(_))
    }

    /// Makes everything durable. `true` when there are events, so that readers have something to look for.
    pub async fn commit(mut self) -> Result<bool, StoreError> {
        self.marks.clear();
        search::write(&mut self).await?;
        counters::write(&mut self).await?;
        events::write(&mut self).await?;
        match self.conn {
            Conn::Sqlite(line) => line.commit().await?,
            Conn::Postgres(line) => line.commit().await?,
        }
        Ok(self.wrote_events)
    }

    /// Whether what waits to be written would be lost with the undoing of a savepoint, if it were written now.
    pub(crate) fn is_in_savepoint(&self) -> bool {
        !self.marks.is_empty()
    }

    /// Marks a place to come back to: one bad row of a file leaves the others standing. Savepoints nest; in them events are not read and
    /// own articles not searched.
    pub async fn savepoint(&mut self) -> Result<(), StoreError> {
        on!(self, |conn| sqlx::query("SAVEPOINT one_row").execute(conn).await?.rows_affected());
        self.marks.push(Mark {
            unwritten: self.unwritten.len(),
            unindexed: self.unindexed.len(),
            counters: self.counters.clone(),
        });
        Ok(())
    }

    /// Keeps what was done since the savepoint.
    pub async fn release(&mut self) -> Result<(), StoreError> {
        self.marks.pop();
        on!(self, |conn| sqlx::query("RELEASE SAVEPOINT one_row").execute(conn).await?.rows_affected());
        Ok(())
    }

    /// Undoes what was done since the savepoint, and forgets it.
    pub async fn undo(&mut self) -> Result<(), StoreError> {
        if let Some(mark) = self.marks.last() {
            self.unwritten.truncate(mark.unwritten);
            self.unindexed.truncate(mark.unindexed);
            self.counters.clone_from(&mark.counters);
        }
        on!(self, |conn| sqlx::query("ROLLBACK TO SAVEPOINT one_row").execute(conn).await?.rows_affected());
        self.release().await
    }
}
