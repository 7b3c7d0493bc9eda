//! Everything between the socket and a handler.

pub mod accept;
pub mod csrf;
pub mod errors;
pub mod events;
pub mod fault_page;
pub mod files;
pub mod forms;
pub mod headers;
pub mod health;
pub mod limits;
pub mod panic;
pub mod remote;
pub mod router;
pub mod rules;
pub mod sessions;
pub mod statics;

/// A name for one request, in answers and in the log.
pub fn request_id() -> String {
    leptos::nonce::Nonce::new().to_string().chars().filter(char::is_ascii_alphanumeric).take(16).collect()
}
