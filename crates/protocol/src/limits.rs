//! The bounds of the partner API.

/// The largest body of one request, in bytes.
pub const MAX_BODY_BYTES: usize = 1024 * 1024;
/// The most messages of one batch.
pub const MAX_BATCH_MESSAGES: usize = 500;
/// The most articles of one page.
pub const MAX_ARTICLES: i64 = 5000;
/// The most numbers of one look-up.
pub const MAX_LOOKUPS: usize = 500;
/// How long a request for events is held open at most, in seconds.
pub const MAX_WAIT_SECONDS: u64 = 25;
