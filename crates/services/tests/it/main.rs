//! The use cases on both databases: an order comes in once, a draft is decided once, a file goes in whole or not at all.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking, and tells what it missed"
)]

mod access;
mod asking;
mod contacts;
mod copies;
mod exports;
mod far_off;
mod harness;
mod imports;
mod inbox;
mod line_files;
mod links;
mod links_undone;
mod lists;
mod logs;
mod mirror;
mod order_list;
mod pasting;
mod presence;
mod price_files;
mod saving;
mod search;
mod unread;
