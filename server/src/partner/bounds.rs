//! What one partner, and what strangers, may take of this program at most.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::errors::ErrorCode;
use domain::ids::TokenId;

/// Requests for events that one token may hold open at once.
const HELD_AT_ONCE: usize = 4;
/// Refused requests of strangers that are written into the log in a minute. A row costs a commit; whoever has no token must not be
/// able to buy as many of them as he likes.
const STRANGERS_A_MINUTE: u32 = 60;
const MINUTE: Duration = Duration::from_secs(60);

/// How many requests for events each token holds open.
#[derive(Clone, Debug, Default)]
pub struct Held(Arc<Mutex<HashMap<TokenId, usize>>>);

/// One of them; gone when it is dropped.
#[derive(Debug)]
pub struct HeldOne {
    all: Held,
    token: TokenId,
}

impl Held {
    /// Holds one more.
    ///
    /// # Errors
    /// [`ErrorCode::RateLimited`] when the token holds as many as it may.
    pub fn hold(&self, token: TokenId) -> Result<HeldOne, ErrorCode> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = held.entry(token).or_insert(0);
        if *count >= HELD_AT_ONCE {
            return Err(ErrorCode::RateLimited);
        }
        *count += 1;
        Ok(HeldOne { all: self.clone(), token })
    }
}

impl Drop for HeldOne {
    fn drop(&mut self) {
        let mut held = self.all.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = held.get_mut(&self.token) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.token);
            }
        }
    }
}

/// Counts strangers' refusals, minute by minute.
#[derive(Clone, Debug)]
pub struct Strangers(Arc<Mutex<(Instant, u32)>>);

impl Default for Strangers {
    fn default() -> Self {
        Self(Arc::new(Mutex::new((Instant::now(), 0))))
    }
}

impl Strangers {
    /// Whether one more may be written.
    pub fn admit(&self) -> bool {
        let mut window = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if window.0.elapsed() >= MINUTE {
            *window = (Instant::now(), 0);
        }
        window.1 += 1;
        if window.1 == STRANGERS_A_MINUTE + 1 {
            tracing::warn!("more refused requests of strangers than the log takes in a minute");
        }
        window.1 <= STRANGERS_A_MINUTE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_holds_no_more_than_its_share() {
        let held = Held::default();
        let (one, other) = (TokenId(uuid::Uuid::from_u128(1)), TokenId(uuid::Uuid::from_u128(2)));
        let mut mine: Vec<HeldOne> = (0..HELD_AT_ONCE).map(|_| held.hold(one).expect("a place")).collect();
        assert_eq!(held.hold(one).map(|_| ()), Err(ErrorCode::RateLimited));
        assert!(held.hold(other).is_ok(), "others are not held up");
        mine.pop();
        assert!(held.hold(one).is_ok(), "a place that was given back is free");
    }

    #[test]
    fn strangers_fill_the_log_no_faster_than_so() {
        let strangers = Strangers::default();
        let admitted = (0..STRANGERS_A_MINUTE * 2).filter(|_| strangers.admit()).count();
        assert_eq!(admitted, STRANGERS_A_MINUTE as usize);
    }
}
