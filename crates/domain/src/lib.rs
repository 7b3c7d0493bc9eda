//! The rules of ProdSys and the read models that its screens show.
//!
//! Nothing here does I/O, reads a clock or draws a random number: time, ids and randomness come in as arguments.
//! The crate runs on the server and, compiled to WebAssembly, in the browser.

pub mod articles;
pub mod connections;
pub mod contacts;
pub mod countries;
pub mod decimal;
pub mod drafts;
pub mod errors;
pub mod exports;
pub mod holidays;
pub mod ids;
pub mod imports;
pub mod instance;
pub mod keyboard;
pub mod language;
pub mod links;
pub mod live;
pub mod logs;
pub mod masking;
pub mod matching;
pub mod messages;
pub mod money;
pub mod orders;
pub mod organisation_number;
pub mod paging;
pub mod palette;
pub mod paste;
pub mod presence;
pub mod roles;
pub mod sales_orders;
#[cfg(any(test, feature = "samples"))]
#[doc(hidden)]
pub mod samples;
pub mod saved_views;
pub mod search;
pub mod text;
pub mod time;
pub mod tokens;
pub mod units;
pub mod vat;
