//! Percentiles of what was measured.

use std::time::Duration;

/// Samples in the order in which they were taken.
#[derive(Clone, Debug, Default)]
pub struct Samples(Vec<f64>);

impl Samples {
    /// Adds a time, in milliseconds.
    pub fn add(&mut self, duration: Duration) {
        self.0.push(milliseconds(duration));
    }

    /// Adds a figure as it is.
    pub fn add_value(&mut self, value: f64) {
        self.0.push(value);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The value below which this share of the samples lies (nearest rank); 0 without samples.
    pub fn percentile(&self, share: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a rank among a few thousand samples"
        )]
        let rank = (share * sorted.len() as f64).ceil() as usize;
        sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
    }

    /// The middle one.
    pub fn median(&self) -> f64 {
        self.percentile(0.5)
    }
}

/// A time in milliseconds.
pub fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_samples() {
        let mut samples = Samples::default();
        for value in (1..=100).rev() {
            samples.add_value(f64::from(value));
        }
        assert_eq!(samples.median(), 50.0);
        assert_eq!(samples.percentile(0.95), 95.0);
        assert_eq!(samples.percentile(0.99), 99.0);
        assert_eq!(Samples::default().median(), 0.0);
    }
}
