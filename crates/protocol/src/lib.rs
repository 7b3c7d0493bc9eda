//! The words of the partner API: documents, their canonical bytes, strict reading, problems, limits.
//!
//! Handlers, the client and the OpenAPI document all use these types. Nothing here does I/O.
//! Beside the words stand the [`faults`] that tests put into the program.

pub mod canonical;
pub mod cursor;
pub mod documents;
pub mod faults;
pub mod headers;
pub mod limits;
mod object_only;
pub mod parse;
pub mod problem;
pub mod validate;
