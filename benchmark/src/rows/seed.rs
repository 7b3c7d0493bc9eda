//! Orders that are there before a measurement begins: written by the database itself, set by set, and of the same shape as those
//! that the program writes.

use uuid::Uuid;

use super::statements::Statements;
use super::{Database, now};
use crate::failure::{Failure, Outcome};
use crate::instance::ARTICLES;

/// Orders of one transaction, so that the log of a large seed stays bounded.
const CHUNK: i64 = 50_000;
/// Where the ids of stored orders begin; those of ready ones come later, as ids that ascend in time do.
const STORED: i64 = 0x0190_0000_0000;
const READY: i64 = 0x0197_0000_0000;
/// Lines of a stored order.
const STORED_LINES: i64 = 5;
/// Microseconds between two stored orders: a million of them in a year.
const APART: i64 = 30_000_000;

/// An order that waits to be sent.
#[derive(Clone, Debug)]
pub struct Ready {
    /// Its id, in the way that forms carry it.
    pub id: String,
    /// Its number.
    pub number: String,
}

/// A batch of orders, by their running numbers.
#[derive(Clone, Copy, Debug)]
pub struct Batch {
    /// The first one's.
    pub first: i64,
    /// How many.
    pub count: i64,
    /// Lines of each.
    pub lines: i64,
}

/// Which thing an id names.
#[derive(Clone, Copy)]
pub(super) enum Thing {
    Order = 1,
    Line = 2,
    Correlation = 3,
    Message = 4,
    Attempt = 5,
    Job = 6,
    Inbound = 7,
    Draft = 8,
    Sale = 9,
}

/// Writes orders that are ready to be sent, and gives them in their order.
pub async fn ready_orders(buyer: &mut Database, batch: Batch) -> Outcome<Vec<Ready>> {
    let sql = Statements { postgres: buyer.is_postgres(), base: READY, batch, oldest: now()?, apart: 0 };
    buyer.run(format!("BEGIN; {}; {}; COMMIT", sql.orders("ready", 0), sql.order_lines())).await?;
    Ok((batch.first..batch.first + batch.count)
        .map(|n| Ready { id: id_of(Thing::Order, READY, n).to_string(), number: number_of(n) })
        .collect())
}

/// Writes orders that were sent, approved and sold long ago, on both sides, until there are `total`. `there` are there already.
pub async fn stored_orders(
    buyer: &mut Database,
    supplier: &mut Database,
    there: i64,
    total: i64,
) -> Outcome<()> {
    let (at_buyer, at_supplier) =
        tokio::join!(fill(buyer, there, total, Side::Buyer), fill(supplier, there, total, Side::Supplier));
    at_buyer.and(at_supplier)
}

#[derive(Clone, Copy)]
enum Side {
    Buyer,
    Supplier,
}

async fn fill(database: &mut Database, there: i64, total: i64, side: Side) -> Outcome<()> {
    let postgres = database.is_postgres();
    begin_bulk(database).await?;
    let oldest = now()? - total * APART;
    let mut first = there + 1;
    while first <= total {
        let batch = Batch { first, count: CHUNK.min(total - first + 1), lines: STORED_LINES };
        let sql = Statements { postgres, base: STORED, batch, oldest, apart: APART };
        let statements = match side {
            Side::Buyer => sql.at_buyer(),
            Side::Supplier => sql.at_supplier(),
        };
        database.run(format!("BEGIN; {}; COMMIT", statements.join(";\n"))).await?;
        first += batch.count;
    }
    end_bulk(database).await
}

/// Turns off what costs time and only guards against rows that these are not.
async fn begin_bulk(database: &mut Database) -> Outcome<()> {
    let sql = if database.is_postgres() {
        "SET session_replication_role = replica; SET synchronous_commit = off"
    } else {
        "PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -400000"
    };
    database.run(sql.to_owned()).await
}

async fn end_bulk(database: &mut Database) -> Outcome<()> {
    if !database.is_postgres() {
        let pragmas = "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -2000";
        return database.run(format!("{pragmas}; PRAGMA wal_checkpoint(TRUNCATE)")).await;
    }
    database.run("RESET session_replication_role; RESET synchronous_commit".to_owned()).await?;
    settle(database).await
}

/// What a database's own housekeeping does by the time that so many rows have been there for a while, so that it is not measured.
pub async fn settle(database: &mut Database) -> Outcome<()> {
    if !database.is_postgres() {
        return database.run("ANALYZE".to_owned()).await;
    }
    database.run("VACUUM ANALYZE".to_owned()).await?;
    database.run("CHECKPOINT".to_owned()).await
}

fn number_of(n: i64) -> String {
    format!("PO-2026-{n:07}")
}

fn id_of(thing: Thing, base: i64, n: i64) -> Uuid {
    let (high, thing, n) = ((base + n) as u128, thing as u128, n as u128);
    Uuid::from_u128((high << 80) | (7 << 76) | (thing << 64) | (8 << 60) | n)
}

/// The lines of an order as numbers of articles, for documents that are made here.
pub fn articles_of(n: i64, lines: i64) -> Vec<i64> {
    (1..=lines).map(|l| (n * 7 + l * 13) % ARTICLES + 1).collect()
}

/// Fails where the seed did not bring what it promised.
pub async fn check(supplier: &mut Database, total: i64) -> Outcome<()> {
    match supplier.drafts().await? {
        there if there >= total => Ok(()),
        there => Err(Failure::new(format!("{there} stored orders, not {total}"))),
    }
}
