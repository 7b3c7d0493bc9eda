//! Version 1 of the partner API, one file for each noun.

pub mod articles;
pub mod contacts;
pub mod events;
pub mod identity;
pub mod purchase_orders;
