//! Every function of the store, on both databases.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod article_lists;
mod backups;
mod contacts;
mod counters;
mod drafts;
mod editing;
mod events;
mod harness;
mod housekeeping;
mod linked_lines;
mod links;
mod lists;
mod logs;
mod many;
mod messages;
mod migrations;
mod orders;
mod registers;
mod search;
mod templates;
