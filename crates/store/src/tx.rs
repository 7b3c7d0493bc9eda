//! One transaction on either database, and the macro that writes a query once for both.

use sqlx::{Postgres, Sqlite, Transaction};

use crate::error::StoreError;
use crate::pool::CHANNEL;

pub(crate) enum Conn {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// A transaction. Dropped without [`Tx::commit`], it leaves nothing behind.
pub struct Tx {
    pub(crate) conn: Conn,
    writes: bool,
}

/// Runs the same body on the connection of either driver; both arms are concretely typed, so that no generic bounds are needed.
macro_rules! on {
    ($tx:expr, |$conn:ident| $body:expr) => {
        match &mut $tx.conn {
            $crate::tx::Conn::Sqlite(transaction) => {
                let $conn = &mut **transaction;
                $body
            }
            $crate::tx::Conn::Postgres(transaction) => {
                let $conn = &mut **transaction;
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

impl Tx {
    pub(crate) fn new(conn: Conn, writes: bool) -> Self {
        Self { conn, writes }
    }

    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self.conn, Conn::Postgres(_))
    }

    /// Makes everything durable. On PostgreSQL the hint to other processes leaves with the commit.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        if self.writes
            && let Conn::Postgres(transaction) = &mut self.conn
        {
            sqlx::query("SELECT pg_notify($1, '')").bind(CHANNEL).execute(&mut **transaction).await?;
        }
        match self.conn {
            Conn::Sqlite(transaction) => transaction.commit().await?,
            Conn::Postgres(transaction) => transaction.commit().await?,
        }
        Ok(())
    }

    /// Marks a place to come back to: one bad message of a batch leaves the others standing.
    pub async fn savepoint(&mut self) -> Result<(), StoreError> {
        on!(self, |conn| sqlx::query("SAVEPOINT one_message").execute(conn).await?.rows_affected());
        Ok(())
    }

    /// Keeps what was done since the savepoint.
    pub async fn release(&mut self) -> Result<(), StoreError> {
        on!(self, |conn| sqlx::query("RELEASE SAVEPOINT one_message").execute(conn).await?.rows_affected());
        Ok(())
    }

    /// Undoes what was done since the savepoint, and forgets it.
    pub async fn undo(&mut self) -> Result<(), StoreError> {
        on!(self, |conn| sqlx::query("ROLLBACK TO SAVEPOINT one_message")
            .execute(conn)
            .await?
            .rows_affected());
        self.release().await
    }
}
