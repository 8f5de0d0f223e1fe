//! Rekognition operations, as the handler measured them.

use crate::aws::Cloud;
use crate::aws::cloudwatch::{MetricName, Statistic};
use crate::model::{Dimension, METRIC_NAMESPACE, Metric, Operation};

use super::series::{Answers, Asked, LatencyAsked, Questions};
use super::snapshot::OperationStatus;

/// What was asked about each operation.
#[derive(Debug)]
pub(super) struct OperationsAsked(Vec<(Operation, LatencyAsked, Asked, Asked)>);

/// Asks about every operation of the environment `prefix`.
pub(super) fn ask(questions: &mut Questions, prefix: &str) -> OperationsAsked {
    let asked = Operation::ALL.map(|operation| {
        let latency = questions.ask_latency(&name(Metric::RekognitionLatency, prefix, operation));
        let errors = questions.ask(&name(Metric::RekognitionErrors, prefix, operation), Statistic::Sum);
        let throttles = questions.ask(&name(Metric::RekognitionThrottles, prefix, operation), Statistic::Sum);
        (operation, latency, errors, throttles)
    });
    OperationsAsked(asked.to_vec())
}

/// What the answers say of each operation.
pub(super) fn read(asked: &OperationsAsked, answers: &Answers, cloud: &Cloud) -> Vec<OperationStatus> {
    // Of an unknown region the smaller quota is said.
    let region = cloud.region().unwrap_or_default();
    let status = |(operation, latency, errors, throttles): &(Operation, LatencyAsked, Asked, Asked)| {
        let latency = answers.latency(*latency);
        OperationStatus {
            operation: *operation,
            requests: latency.requests,
            p50_ms: latency.p50_ms,
            p99_ms: latency.p99_ms,
            errors: answers.total(*errors),
            throttles: answers.total(*throttles),
            quota_per_second: operation.default_quota(region),
            calls: latency.calls,
            p50_series: latency.p50_series,
            p99_series: latency.p99_series,
        }
    };
    asked.0.iter().map(status).collect()
}

fn name(metric: Metric, prefix: &str, operation: Operation) -> MetricName {
    MetricName {
        namespace: METRIC_NAMESPACE.to_owned(),
        name: metric.name().to_owned(),
        dimensions: vec![
            (Dimension::Environment.name().to_owned(), prefix.to_owned()),
            (Dimension::Operation.name().to_owned(), operation.name().to_owned()),
        ],
    }
}
