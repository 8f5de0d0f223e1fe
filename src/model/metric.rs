//! The metrics of the system: one vocabulary, used by the handler that emits and by the dashboard that draws.
//!
//! Dimensions are few and low in cardinality: each distinct combination is a metric that AWS bills. Nothing here ever
//! names a person, a face or a session.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The CloudWatch namespace of every metric that the handler emits.
pub const METRIC_NAMESPACE: &str = "IdentityVerification";

/// A metric of namespace [`METRIC_NAMESPACE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Metric {
    /// Finished registrations, by outcome.
    Registrations,
    /// Finished authentications (1:1 and 1:N), by outcome.
    Authentications,
    /// Finished photo updates, by outcome.
    PhotoUpdates,
    /// Liveness sessions that were judged, by outcome.
    LivenessChecks,
    /// Why flows did not succeed, by flow, outcome, step and reason.
    Refusals,
    /// Pictures refused by the quality gate, by rule.
    QualityFailures,
    /// Similarity of the best match, by the step that asked for it, because each step has its own threshold.
    Similarity,
    /// Best matches, by step and band of similarity: counts add up over any time, percentiles do not.
    SimilarityBand,
    /// Faces found, one datapoint for each picture looked at.
    FacesDetected,
    /// Faces added to collections.
    FacesIndexed,
    /// Faces removed from collections.
    FacesDeleted,
    /// Registered faces put in the place of older ones.
    FacesUpdated,
    /// Pairs of pictures that were compared.
    Comparisons,
    /// Searches that were made.
    Searches,
    /// Matches that searches returned.
    SearchMatches,
    /// What the last sweep could not settle although it is older than allowed, by kind. A gauge, zero included.
    Unsettled,
    /// Time of a Rekognition call as the handler saw it, retries included, by operation.
    RekognitionLatency,
    /// Rekognition calls that failed for another reason than throttling, by operation.
    RekognitionErrors,
    /// Rekognition calls refused for their rate, by operation.
    RekognitionThrottles,
}

/// The unit of a metric, as CloudWatch names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricUnit {
    /// A number of things.
    Count,
    /// Milliseconds.
    Milliseconds,
    /// Percent, 0–100.
    Percent,
}

/// A label of a metric. [`Dimension::Environment`] is on every metric; the table in [`Metric::dimensions`] says which
/// others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// `PROJECT-ENVIRONMENT`.
    Environment,
    /// Rekognition operation.
    Operation,
    /// How a flow ended.
    Outcome,
    /// `registration`, `authentication` …
    Flow,
    /// The step at which a flow ended, or that asked.
    Step,
    /// Why a flow ended like that.
    Reason,
    /// The quality rule that was broken.
    Rule,
    /// A range of similarity, one of [`SimilarityBand`](super::SimilarityBand).
    Band,
    /// What is unsettled, one of [`UnsettledKind`](super::UnsettledKind).
    Kind,
}

/// How a registration or an authentication ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The person is who they say.
    Approved,
    /// The flow could not finish: no usable picture, throttled, a service failed.
    Incomplete,
    /// The flow finished and the answer is no.
    Failed,
    /// The person was registered before.
    Duplicate,
    /// The person is a known fraudster.
    Fraud,
    /// The person left before the end.
    Abandoned,
}

impl Metric {
    /// Every metric.
    pub const ALL: [Self; 19] = [
        Self::Registrations,
        Self::Authentications,
        Self::PhotoUpdates,
        Self::LivenessChecks,
        Self::Refusals,
        Self::QualityFailures,
        Self::Similarity,
        Self::SimilarityBand,
        Self::FacesDetected,
        Self::FacesIndexed,
        Self::FacesDeleted,
        Self::FacesUpdated,
        Self::Comparisons,
        Self::Searches,
        Self::SearchMatches,
        Self::Unsettled,
        Self::RekognitionLatency,
        Self::RekognitionErrors,
        Self::RekognitionThrottles,
    ];

    /// Its name in CloudWatch.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Registrations => "Registrations",
            Self::Authentications => "Authentications",
            Self::PhotoUpdates => "PhotoUpdates",
            Self::LivenessChecks => "LivenessChecks",
            Self::Refusals => "Refusals",
            Self::QualityFailures => "QualityFailures",
            Self::Similarity => "Similarity",
            Self::SimilarityBand => "SimilarityBand",
            Self::FacesDetected => "FacesDetected",
            Self::FacesIndexed => "FacesIndexed",
            Self::FacesDeleted => "FacesDeleted",
            Self::FacesUpdated => "FacesUpdated",
            Self::Comparisons => "Comparisons",
            Self::Searches => "Searches",
            Self::SearchMatches => "SearchMatches",
            Self::Unsettled => "Unsettled",
            Self::RekognitionLatency => "RekognitionLatency",
            Self::RekognitionErrors => "RekognitionErrors",
            Self::RekognitionThrottles => "RekognitionThrottles",
        }
    }

    /// Its unit.
    #[must_use]
    pub const fn unit(self) -> MetricUnit {
        match self {
            Self::RekognitionLatency => MetricUnit::Milliseconds,
            Self::Similarity => MetricUnit::Percent,
            _ => MetricUnit::Count,
        }
    }

    /// The labels of each of its datapoints: exactly these, so that reader and writer name the same metric.
    #[must_use]
    pub const fn dimensions(self) -> &'static [Dimension] {
        match self {
            Self::Registrations | Self::Authentications | Self::PhotoUpdates | Self::LivenessChecks => {
                &[Dimension::Environment, Dimension::Outcome]
            }
            Self::Refusals => {
                &[Dimension::Environment, Dimension::Flow, Dimension::Outcome, Dimension::Step, Dimension::Reason]
            }
            Self::QualityFailures => &[Dimension::Environment, Dimension::Rule],
            Self::Similarity => &[Dimension::Environment, Dimension::Step],
            Self::SimilarityBand => &[Dimension::Environment, Dimension::Step, Dimension::Band],
            Self::Unsettled => &[Dimension::Environment, Dimension::Kind],
            Self::RekognitionLatency | Self::RekognitionErrors | Self::RekognitionThrottles => {
                &[Dimension::Environment, Dimension::Operation]
            }
            Self::FacesDetected
            | Self::FacesIndexed
            | Self::FacesDeleted
            | Self::FacesUpdated
            | Self::Comparisons
            | Self::Searches
            | Self::SearchMatches => &[Dimension::Environment],
        }
    }
}

impl MetricUnit {
    /// The unit's name in CloudWatch.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Count => "Count",
            Self::Milliseconds => "Milliseconds",
            Self::Percent => "Percent",
        }
    }
}

impl Dimension {
    /// The label's name in CloudWatch.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Environment => "Environment",
            Self::Operation => "Operation",
            Self::Outcome => "Outcome",
            Self::Flow => "Flow",
            Self::Step => "Step",
            Self::Reason => "Reason",
            Self::Rule => "Rule",
            Self::Band => "Band",
            Self::Kind => "Kind",
        }
    }
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 6] =
        [Self::Approved, Self::Incomplete, Self::Failed, Self::Duplicate, Self::Fraud, Self::Abandoned];

    /// The outcome as a label value.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Incomplete => "incomplete",
            Self::Failed => "failed",
            Self::Duplicate => "duplicate",
            Self::Fraud => "fraud",
            Self::Abandoned => "abandoned",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
