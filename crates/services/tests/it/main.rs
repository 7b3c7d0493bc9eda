//! The use cases on both databases: an order comes in once, a draft is decided once, a file goes in whole or not at all.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod access;
mod asking;
mod contacts;
mod exports;
mod harness;
mod imports;
mod inbox;
mod links;
mod lists;
mod logs;
mod presence;
mod saving;
