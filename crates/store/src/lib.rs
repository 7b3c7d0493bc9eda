//! All SQL of ProdSys, written once for SQLite and PostgreSQL.
//!
//! Every function takes a [`Tx`]; a transaction is opened by [`Store::begin_write`] or [`Store::begin_read`], and only the
//! write seam in `services` opens the first kind.

mod error;
pub mod list_counts;
mod lock;
mod migrate;
mod pool;
mod sql;
mod tx;
mod value;

pub mod articles;
pub mod backup;
pub mod bought;
pub mod connections;
pub mod contacts;
pub mod counters;
pub mod drafts;
pub mod events;
pub mod exports;
pub mod health;
pub mod housekeeping;
pub mod imports;
pub mod instance;
pub mod links;
pub mod logs;
pub mod messages;
pub mod orders;
pub mod partner_articles;
pub mod partner_checks;
pub mod presence;
pub mod reconcile;
pub mod sales_orders;
pub mod saved_views;
pub mod search;
pub mod sessions;
pub mod tokens;
pub mod users;

pub use error::StoreError;
pub use pool::{Backend, Durability, Serving, Store, create_database, is_postgres};
pub use tx::Tx;
