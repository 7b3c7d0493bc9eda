//! The one error of these tasks: a sentence for the person at the terminal.

use std::fmt;

/// Why a task did not succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure(String);

/// What a task gives back.
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

/// Says what was being done when an operation of the system failed.
pub trait During<T> {
    /// Turns the error into a failure that begins with these words.
    fn during(self, action: impl fmt::Display) -> Outcome<T>;
}

impl<T, E: fmt::Display> During<T> for Result<T, E> {
    fn during(self, action: impl fmt::Display) -> Outcome<T> {
        self.map_err(|error| Failure(format!("{action}: {error}")))
    }
}
