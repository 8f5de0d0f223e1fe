//! Bands of similarity: a histogram that can be counted.
//!
//! CloudWatch has percentiles of a metric, but those of two periods do not add up, and none tells how many pictures a
//! moved threshold would let through. Counts per band do. The edges are dense where thresholds stand.

use std::fmt;

use super::Percent;

/// The lower edges, percent. Usual thresholds (60 and 80 of the Face Matching API, 90–99 of the whitepaper) are edges.
const EDGES: [f64; 9] = [0.0, 60.0, 80.0, 90.0, 95.0, 97.0, 98.0, 99.0, 99.5];
const NAMES: [&str; 9] = ["0-60", "60-80", "80-90", "90-95", "95-97", "97-98", "98-99", "99-99.5", "99.5-100"];

/// A range of similarity: its lower edge belongs to it, its upper one to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SimilarityBand(usize);

impl SimilarityBand {
    /// Every band, from the least similar on.
    pub fn all() -> impl ExactSizeIterator<Item = Self> {
        (0..EDGES.len()).map(Self)
    }

    /// The band that a similarity falls into.
    #[must_use]
    pub fn of(similarity: Percent) -> Self {
        Self(EDGES.iter().rposition(|edge| similarity.value() >= *edge).unwrap_or(0))
    }

    /// The band of this label.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        NAMES.iter().position(|each| *each == name).map(Self)
    }

    /// The band as a label.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES.get(self.0).copied().unwrap_or_default()
    }

    /// Its edges, percent.
    #[must_use]
    pub fn edges(self) -> (Percent, Percent) {
        let edge = |index: usize| Percent::saturating(EDGES.get(index).copied().unwrap_or(100.0));
        (edge(self.0), edge(self.0 + 1))
    }
}

impl fmt::Display for SimilarityBand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_similarity_is_between_the_edges_of_its_band(value in 0.0..=100.0f64) {
            let similarity = Percent::new(value).unwrap();
            let (least, most) = SimilarityBand::of(similarity).edges();
            prop_assert!(least <= similarity && (similarity < most || similarity == Percent::FULL));
        }
    }

    #[test]
    fn a_band_is_called_by_its_edges() {
        for band in SimilarityBand::all() {
            let (least, most) = band.edges();
            assert_eq!(band.name(), format!("{}-{}", least.value(), most.value()));
            assert_eq!(SimilarityBand::named(band.name()), Some(band));
        }
    }
}
