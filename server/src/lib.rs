//! The server: configuration, router, partner API, workers, command line.

#![recursion_limit = "256"]

pub mod cli;
pub mod config;
pub mod context;
pub mod doctor;
#[cfg(debug_assertions)]
mod faults;
pub mod http;
pub mod partner;
pub mod program;
pub mod shutdown;
pub mod telemetry;
pub mod workers;

mod demo;
mod operator_texts;
mod start_error;

pub use config::Config;
pub use program::{Program, build};
pub use start_error::{FileError, StartError};
