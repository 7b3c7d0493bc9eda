//! The use cases of ProdSys: one function for each thing that a person or a partner can do.
//!
//! A service checks who acts, opens one transaction through [`Ctx::write`], does everything in it, and commits once.
//! No network I/O happens inside a transaction.

mod ctx;
mod efonelfo;
mod error;
mod passwords;
mod reconcile;

pub mod articles;
pub mod backups;
pub mod connections;
pub mod contacts;
pub mod drafts;
pub mod exports;
pub mod feed;
pub mod health;
pub mod housekeeping;
pub mod imports;
pub mod inbox;
pub mod instance;
pub mod links;
pub mod live;
pub mod logs;
pub mod orders;
pub mod outbox;
pub mod palette;
pub mod presence;
pub mod sales_orders;
pub mod saved_views;
pub mod search;
pub mod secrets;
pub mod sessions;
pub mod spreadsheets;
pub mod suppliers;
pub mod tokens;
pub mod users;

pub use ctx::{Actor, Clock, Ctx, Settings, SystemClock};
pub use error::ServiceError;
/// What the use cases that speak to a partner are given.
pub use exchange::PartnerClient;
