//! Counting what happens, in the vocabulary of [`Metric`].

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::error::EngineError;
use super::quality::QualityRule;
use crate::model::{Dimension, Flow, Metric, Operation, Outcome, Percent, Reason, SimilarityBand, Step, UnsettledKind};

/// One number for one metric, with the labels that [`Metric::dimensions`] asks for, but for the environment, which
/// whoever publishes the number knows.
#[derive(Debug, Clone, PartialEq)]
pub struct Datapoint {
    /// Which metric.
    pub metric: Metric,
    /// Its labels, in the metric's own order.
    pub labels: Vec<(Dimension, &'static str)>,
    /// The number, in the metric's unit.
    pub value: f64,
}

/// The numbers of one invocation. Written from several shards at once, read at the end.
#[derive(Debug, Default)]
pub struct Tally {
    points: Mutex<Vec<Datapoint>>,
}

impl Tally {
    /// Adds to a metric that has no labels of its own.
    pub fn count(&self, metric: Metric, number: usize) {
        self.add(metric, Vec::new(), number as f64);
    }

    /// A picture was refused for breaking a rule.
    pub fn quality_failure(&self, rule: QualityRule) {
        self.add(Metric::QualityFailures, vec![(Dimension::Rule, rule.name())], 1.0);
    }

    /// The similarity of the best match that a step found: [`Step::Compare`], or one of the searches.
    pub fn similarity(&self, step: Step, similarity: Percent) {
        let (step, band) = ((Dimension::Step, step.name()), SimilarityBand::of(similarity));
        self.add(Metric::Similarity, vec![step], similarity.value());
        self.add(Metric::SimilarityBand, vec![step, (Dimension::Band, band.name())], 1.0);
    }

    /// A flow ended; with the step and the reason where it did not succeed. An erasure has no outcome to choose from
    /// and is counted by the faces that it deletes.
    pub fn outcome(&self, flow: Flow, outcome: Outcome, why: Option<(Step, Reason)>) {
        let metric = match flow {
            Flow::Registration => Some(Metric::Registrations),
            Flow::Authentication => Some(Metric::Authentications),
            Flow::PhotoUpdate => Some(Metric::PhotoUpdates),
            Flow::Erasure => None,
        };
        if let Some(metric) = metric {
            self.add(metric, vec![(Dimension::Outcome, outcome.name())], 1.0);
        }
        if let Some((step, reason)) = why {
            let labels = vec![
                (Dimension::Flow, flow.name()),
                (Dimension::Outcome, outcome.name()),
                (Dimension::Step, step.name()),
                (Dimension::Reason, reason.name()),
            ];
            self.add(Metric::Refusals, labels, 1.0);
        }
    }

    /// A liveness session was judged.
    pub fn liveness(&self, outcome: Outcome) {
        self.add(Metric::LivenessChecks, vec![(Dimension::Outcome, outcome.name())], 1.0);
    }

    /// So many things of a kind are older than allowed and could not be settled by this sweep. Every sweep says it of
    /// every kind, zeros included: a number that stops coming is a sweep that stopped, and not a zero.
    pub fn unsettled(&self, kind: UnsettledKind, number: usize) {
        self.add(Metric::Unsettled, vec![(Dimension::Kind, kind.name())], number as f64);
    }

    /// The face engine was asked: how long it took, retries included, and whether it worked. A picture without a face
    /// is an answer, not an error of the engine; a call that did not fail counts as zero errors, so that a rate of
    /// errors has data.
    pub fn call<T>(&self, operation: Operation, took: Duration, result: &Result<T, EngineError>) {
        let labels = vec![(Dimension::Operation, operation.name())];
        let (errors, throttles) = match result {
            Ok(_) | Err(EngineError::NoFace | EngineError::Picture(_)) => (0.0, 0.0),
            Err(EngineError::Throttled) => (0.0, 1.0),
            Err(EngineError::NoCollection(_) | EngineError::Failed(_)) => (1.0, 0.0),
        };
        self.add(Metric::RekognitionLatency, labels.clone(), took.as_secs_f64() * 1_000.0);
        self.add(Metric::RekognitionErrors, labels.clone(), errors);
        self.add(Metric::RekognitionThrottles, labels, throttles);
    }

    /// Everything counted so far; the tally is empty afterwards.
    pub fn take(&self) -> Vec<Datapoint> {
        std::mem::take(&mut *self.points.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn add(&self, metric: Metric, labels: Vec<(Dimension, &'static str)>, value: f64) {
        // A thread that panicked while it held the lock cannot have left half a number behind.
        let mut points = self.points.lock().unwrap_or_else(PoisonError::into_inner);
        points.push(Datapoint { metric, labels, value });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_has_exactly_the_labels_of_its_metric() {
        let tally = Tally::default();
        tally.count(Metric::FacesDetected, 2);
        tally.count(Metric::FacesIndexed, 1);
        tally.count(Metric::FacesDeleted, 1);
        tally.count(Metric::Searches, 1);
        tally.count(Metric::SearchMatches, 3);
        tally.quality_failure(QualityRule::Yaw);
        tally.similarity(Step::Search, Percent::FULL);
        tally.unsettled(UnsettledKind::Registration, 0);
        tally.outcome(Flow::Registration, Outcome::Approved, None);
        tally.outcome(Flow::Authentication, Outcome::Failed, Some((Step::Search, Reason::NoMatch)));
        tally.outcome(Flow::PhotoUpdate, Outcome::Approved, None);
        tally.liveness(Outcome::Approved);
        tally.count(Metric::FacesUpdated, 1);
        tally.count(Metric::Comparisons, 1);
        tally.call(Operation::DetectFaces, Duration::from_millis(3), &Ok(()));
        let points = tally.take();
        for point in &points {
            let labels: Vec<Dimension> = point.labels.iter().map(|(dimension, _)| *dimension).collect();
            let expected: Vec<Dimension> = point
                .metric
                .dimensions()
                .iter()
                .copied()
                .filter(|dimension| *dimension != Dimension::Environment)
                .collect();
            assert_eq!(labels, expected, "{:?}", point.metric);
        }
        for metric in Metric::ALL {
            assert!(points.iter().any(|point| point.metric == metric), "{metric:?} was not written");
        }
        assert!(tally.take().is_empty());
    }

    #[test]
    fn a_throttle_is_no_error_and_a_missing_face_is_neither() {
        let numbers = |result: Result<(), EngineError>| {
            let tally = Tally::default();
            tally.call(Operation::IndexFaces, Duration::ZERO, &result);
            tally.take().into_iter().skip(1).map(|point| point.value).collect::<Vec<f64>>()
        };
        assert_eq!(numbers(Err(EngineError::Throttled)), [0.0, 1.0]);
        assert_eq!(numbers(Err(EngineError::NoFace)), [0.0, 0.0]);
        assert_eq!(numbers(Ok(())), [0.0, 0.0]);
    }
}
