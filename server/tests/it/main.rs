//! The server as its callers meet it: through the router, and for slowness through a socket.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking, and tells its figures"
)]

mod backup;
mod bad_input;
mod browser;
mod chaos;
mod checks;
mod command_line;
mod downloads;
mod mirror;
mod openapi;
mod pair;
mod partner_orders;
mod pasting;
mod rules;
mod slow;
mod support;
mod trade;
mod walkthrough;
