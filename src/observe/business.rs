//! What the business counts, as a part of the snapshot.

use crate::model::{Outcome, Reading, SimilarityBand, Timestamp, UnsettledKind};

use super::series::Series;
use super::snapshot::Measured;

/// What the business counts in the window (whitepaper, "Application KPIs" and "Comparison and Search KPIs").
#[derive(Debug, Clone, PartialEq)]
pub struct Kpis {
    /// Registrations by outcome.
    pub registrations: FlowKpi,
    /// Authentications by outcome.
    pub authentications: FlowKpi,
    /// Photo updates by outcome.
    pub photo_updates: FlowKpi,
    /// Judged liveness sessions by outcome.
    pub liveness_checks: FlowKpi,
    /// Why flows did not succeed, the most frequent first.
    pub refusals: Reading<Vec<Refusal>>,
    /// Pictures that broke a quality rule, by rule, the most frequent first.
    pub quality_failures: Reading<Vec<QualityKpi>>,
    /// Similarity of the best match, by the step that asked.
    pub similarity: Reading<Vec<SimilarityKpi>>,
    /// Pictures in which faces were looked for.
    pub pictures_examined: Reading<u64>,
    /// Faces found in them.
    pub faces_detected: Reading<u64>,
    /// Faces added to collections.
    pub faces_indexed: Reading<u64>,
    /// Faces removed from collections.
    pub faces_deleted: Reading<u64>,
    /// Registered faces put in the place of older ones.
    pub faces_updated: Reading<u64>,
    /// Pairs of pictures compared.
    pub comparisons: Reading<u64>,
    /// Searches made.
    pub searches: Reading<u64>,
    /// Matches that searches returned.
    pub search_matches: Reading<u64>,
    /// What the sweep could not settle, by kind; only kinds that it ever reported.
    pub unsettled: Reading<Vec<UnsettledKpi>>,
}

/// One flow by outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowKpi {
    /// Each outcome's number, in the order of [`Outcome::ALL`].
    pub outcomes: Vec<(Outcome, Reading<u64>)>,
    /// Finished flows per period, whatever their outcome.
    pub series: Reading<Series>,
}

/// One reason why flows did not succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The reason, and where it struck.
    pub why: Why,
    /// How often.
    pub count: Reading<u64>,
}

/// How, where and why a flow ended, in the words of [`Flow`](crate::model::Flow), [`Outcome`],
/// [`Step`](crate::model::Step) and [`Reason`](crate::model::Reason).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Why {
    /// `registration`, `authentication` …
    pub flow: String,
    /// `failed`, `duplicate` …
    pub outcome: String,
    /// `quality`, `compare` …
    pub step: String,
    /// `below_threshold`, `no_face_detected` …
    pub reason: String,
}

/// A rule of the quality gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QualityKpi {
    /// `sharpness`, `sunglasses` …
    pub rule: String,
    /// Pictures that broke it.
    pub count: Reading<u64>,
}

/// Similarity of the best matches that one step found.
#[derive(Debug, Clone, PartialEq)]
pub struct SimilarityKpi {
    /// `compare`, `search`, `duplicate_search` or `fraud_search`.
    pub step: String,
    /// One in ten is at most this similar, percent.
    pub p10: Measured,
    /// The median, percent.
    pub p50: Measured,
    /// Nine of ten are at most this similar, percent.
    pub p90: Measured,
    /// How many fell into each band, from the least similar on.
    pub bands: Vec<(SimilarityBand, Reading<u64>)>,
}

/// What the sweep said of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsettledKpi {
    /// Which kind.
    pub kind: UnsettledKind,
    /// Its last word; `None` where it said nothing in the window.
    pub last: Reading<Option<SweepReport>>,
}

/// What one sweep left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SweepReport {
    /// Things older than allowed that could not be settled.
    pub left: u64,
    /// When.
    pub at: Timestamp,
}

impl Kpis {
    /// The flow that is counted under a label of [`Flow`](crate::model::Flow).
    #[must_use]
    pub fn flow(&self, label: &str) -> Option<&FlowKpi> {
        match label {
            "registration" => Some(&self.registrations),
            "authentication" => Some(&self.authentications),
            "photo_update" => Some(&self.photo_updates),
            _ => None,
        }
    }

    /// Every number that is no flow, by the name that scripts read it by, and in words.
    #[must_use]
    pub fn counts(&self) -> [(&'static str, &'static str, &Reading<u64>); 8] {
        [
            ("pictures_examined", "pictures examined", &self.pictures_examined),
            ("faces_detected", "faces detected", &self.faces_detected),
            ("faces_indexed", "faces indexed", &self.faces_indexed),
            ("faces_deleted", "faces deleted", &self.faces_deleted),
            ("faces_updated", "faces updated", &self.faces_updated),
            ("comparisons", "comparisons", &self.comparisons),
            ("searches", "searches", &self.searches),
            ("search_matches", "matches", &self.search_matches),
        ]
    }
}

impl FlowKpi {
    /// All outcomes together; unknown where any of them is.
    #[must_use]
    pub fn total(&self) -> Reading<u64> {
        let mut total = 0;
        for (_, count) in &self.outcomes {
            match count {
                Reading::Known(count) => total += count,
                Reading::Unknown(why) => return Reading::unknown(why),
            }
        }
        Reading::Known(total)
    }

    /// One outcome's number.
    #[must_use]
    pub fn of(&self, outcome: Outcome) -> Reading<u64> {
        let found = self.outcomes.iter().find(|(each, _)| *each == outcome);
        found.map_or_else(|| Reading::Known(0), |(_, count)| count.clone())
    }
}
