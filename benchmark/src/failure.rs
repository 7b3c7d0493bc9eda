//! The one error of the benchmark: a sentence for the person at the terminal.

use std::fmt;

/// Why something could not be measured. Not an [`std::error::Error`] itself, so that every one of those becomes a failure by `?`.
#[derive(Debug)]
pub struct Failure(String);

/// What a measurement gives back.
pub type Outcome<T> = Result<T, Failure>;

impl Failure {
    /// A failure that is told in these words.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

/// Says what was being done when it failed.
pub trait During<T> {
    /// Puts these words before the failure's.
    fn during(self, action: impl fmt::Display) -> Outcome<T>;
}

impl<T, E: fmt::Display> During<T> for Result<T, E> {
    fn during(self, action: impl fmt::Display) -> Outcome<T> {
        self.map_err(|error| Failure(format!("{action}: {error}")))
    }
}

/// The value, or a failure that says what is missing.
pub fn needed<T>(value: Option<T>, what: &str) -> Outcome<T> {
    value.ok_or_else(|| Failure::new(format!("{what} is missing")))
}
