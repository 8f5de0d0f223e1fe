//! Scores. Inside the program a score is always a [`Percent`] (0–100); a [`Ratio`] (0.0–1.0) exists only at the edge
//! of the Face Matching API. The two never convert silently.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A score, similarity, confidence or threshold in percent, 0–100.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Percent(f64);

/// A score between 0.0 and 1.0, as the Face Matching API speaks it.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Ratio(f64);

/// A number that is not a score: outside its range, or not a number at all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InvalidScore {
    /// The offending number.
    pub value: f64,
    /// The largest number allowed; the smallest is 0.
    pub limit: f64,
}

impl Percent {
    /// Nothing matches anything: 0 %.
    pub const ZERO: Self = Self(0.0);
    /// Certainty: 100 %.
    pub const FULL: Self = Self(100.0);

    /// A percent from a number between 0 and 100.
    pub fn new(value: f64) -> Result<Self, InvalidScore> {
        in_range(value, 100.0).map(Self)
    }

    /// The nearest percent to a number that a service answered with: clamped to 0–100, not-a-number is 0.
    #[must_use]
    pub fn saturating(value: f64) -> Self {
        if value.is_nan() { Self::ZERO } else { Self(value.clamp(0.0, 100.0)) }
    }

    /// A percent from Rekognition's 32-bit float, rounded to four decimals so that 98.7 stays 98.7 and does not
    /// become 98.69999694824219.
    #[must_use]
    pub fn from_wire(value: f32) -> Self {
        Self::saturating((f64::from(value) * 10_000.0).round() / 10_000.0)
    }

    /// The number, 0–100.
    #[must_use]
    pub const fn value(self) -> f64 {
        self.0
    }

    /// The same score as a ratio, 0.0–1.0. Rounded to twelve decimals, so that 99.9121 is 0.999121 and not
    /// 0.9991209999999999.
    #[must_use]
    pub fn ratio(self) -> Ratio {
        Ratio((self.0 / 100.0 * 1e12).round() / 1e12)
    }
}

impl Ratio {
    /// A ratio from a number between 0.0 and 1.0.
    pub fn new(value: f64) -> Result<Self, InvalidScore> {
        in_range(value, 1.0).map(Self)
    }

    /// The number, 0.0–1.0.
    #[must_use]
    pub const fn value(self) -> f64 {
        self.0
    }

    /// The same score in percent. Rounded to ten decimals, so that 0.57 is 57 and not 56.99999999999999.
    #[must_use]
    pub fn percent(self) -> Percent {
        Percent::saturating((self.0 * 100.0 * 1e10).round() / 1e10)
    }
}

fn in_range(value: f64, limit: f64) -> Result<f64, InvalidScore> {
    if (0.0..=limit).contains(&value) { Ok(value) } else { Err(InvalidScore { value, limit }) }
}

impl TryFrom<f64> for Percent {
    type Error = InvalidScore;
    fn try_from(value: f64) -> Result<Self, InvalidScore> {
        Self::new(value)
    }
}

impl TryFrom<f64> for Ratio {
    type Error = InvalidScore;
    fn try_from(value: f64) -> Result<Self, InvalidScore> {
        Self::new(value)
    }
}

impl From<Percent> for f64 {
    fn from(score: Percent) -> Self {
        score.0
    }
}

impl From<Ratio> for f64 {
    fn from(score: Ratio) -> Self {
        score.0
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", self.0)
    }
}

impl fmt::Display for InvalidScore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not between 0 and {}", self.value, self.limit)
    }
}

impl std::error::Error for InvalidScore {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_ratio_survives_the_trip_through_percent(value in 0.0..=1.0f64) {
            let ratio = Ratio::new(value).unwrap();
            prop_assert!((ratio.percent().ratio().value() - value).abs() < 1e-9);
        }

        #[test]
        fn a_percent_is_never_outside_its_range(value in any::<f64>()) {
            prop_assert!((0.0..=100.0).contains(&Percent::saturating(value).value()));
            prop_assert_eq!(Percent::new(value).is_ok(), (0.0..=100.0).contains(&value));
        }
    }

    #[test]
    #[allow(clippy::float_cmp)] // Exactness is the point.
    fn wire_floats_keep_their_written_value() {
        assert_eq!(Percent::from_wire(98.7).value(), 98.7);
        assert_eq!(Percent::new(99.9121).unwrap().ratio().value(), 0.999_121);
        assert_eq!(Ratio::new(0.57).unwrap().percent().value(), 57.0);
    }
}
