//! One file per page. A page is a component without properties; what it needs it reads from the address.

pub mod login;
pub mod not_found;
pub mod overview;
