//! One file per page. A page is a component without properties; what it needs it reads from the address.

pub mod articles;
pub mod connections;
pub mod contacts;
pub mod drafts;
pub mod export;
pub mod extensions;
pub mod files;
pub mod help;
pub mod links;
pub mod lists;
pub mod login;
pub mod logs;
pub mod not_found;
pub mod orders;
pub mod overview;
pub mod sales_orders;
pub mod saved_views;
pub mod search;
pub mod settings;
pub mod setup;
pub mod tokens;
