//! The one outbound HTTP client of the program, and the guard that decides which addresses it may call.
//!
//! Nothing else in the program opens a connection to another machine. A user types the addresses, so each is taken for
//! hostile: the name is checked when it is typed, every address that it resolves to when it is dialled, and the address
//! that answered once more.

mod address;
mod answer;
mod batch;
mod client;
mod endpoint;
mod excerpt;
mod failure;
mod guard;
mod halves;
mod messages;
mod resolver;

pub use address::{AddressRange, AddressRangeError};
pub use client::{Link, OwnIdentity, PartnerClient, Timeouts};
pub use endpoint::Endpoint;
pub use failure::ExchangeError;
pub use guard::Guard;
pub use halves::{Halves, in_halves};
pub use messages::{OutboundMessage, Sent};
pub use resolver::{Lookup, LookupFuture};
