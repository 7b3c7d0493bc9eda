//! The words of the partner API: documents, their canonical bytes, strict reading, problems, limits.
//!
//! Handlers, the client and the OpenAPI document all use these types. Nothing here does I/O.

pub mod canonical;
pub mod cursor;
pub mod documents;
pub mod headers;
pub mod limits;
mod object_only;
pub mod parse;
pub mod problem;
pub mod validate;
