//! Turns the calls of the Rekognition simulator into the metrics of namespace AWS/Rekognition.

use std::collections::BTreeMap;

use tokio::sync::mpsc;

use crate::aws::cloudwatch::publish::{Datum, Publisher};
use crate::aws::{Cloud, CloudError};
use crate::local::simulator::{CallEvent, CallObserver};
use crate::model::Timestamp;

const NAMESPACE: &str = "AWS/Rekognition";
/// Values that one datum takes.
const VALUES_PER_DATUM: usize = 100;
const MINUTE_MS: i64 = 60_000;

/// The simulator's end: hands every call on at once.
#[derive(Debug, Clone)]
pub struct Reporter(mpsc::UnboundedSender<CallEvent>);

/// The observer's end: publishes what was handed on.
#[derive(Debug)]
pub struct CallMetrics {
    publisher: Publisher,
    calls: mpsc::UnboundedReceiver<CallEvent>,
    /// Handed on and not published yet.
    pending: Vec<CallEvent>,
}

/// Both ends of a new channel.
#[must_use]
pub fn channel(cloud: &Cloud) -> (Reporter, CallMetrics) {
    let (sender, calls) = mpsc::unbounded_channel();
    (Reporter(sender), CallMetrics { publisher: Publisher::new(cloud), calls, pending: Vec::new() })
}

impl CallObserver for Reporter {
    fn observe(&self, call: CallEvent) {
        // Without a receiver the local cloud is stopping, and nobody asks for metrics any more.
        drop(self.0.send(call));
    }
}

impl CallMetrics {
    /// Publishes every call since the last time that this succeeded.
    pub async fn publish(&mut self) -> Result<(), CloudError> {
        while let Ok(call) = self.calls.try_recv() {
            self.pending.push(call);
        }
        let data = data(&self.pending);
        if !data.is_empty() {
            self.publisher.put(NAMESPACE, &data).await?;
        }
        self.pending.clear();
        Ok(())
    }
}

/// The metrics of these calls, by operation and (without a dimension) of all operations together.
fn data(calls: &[CallEvent]) -> Vec<Datum> {
    let mut values: BTreeMap<(&str, Option<&str>, i64, &str), Vec<f64>> = BTreeMap::new();
    for call in calls.iter().filter(|call| !call.operation.is_empty()) {
        let minute = call.at.millis() - call.at.millis().rem_euclid(MINUTE_MS);
        for operation in [Some(call.operation), None] {
            let mut add =
                |metric, unit, value| values.entry((metric, operation, minute, unit)).or_default().push(value);
            add(call.outcome().metric_name(), "Count", 1.0);
            add("ResponseTime", "Milliseconds", call.duration.as_secs_f64() * 1_000.0);
            if let Some(faces) = call.faces_detected {
                add("DetectedFaceCount", "Count", f64::from(faces));
            }
        }
    }
    let mut data = Vec::new();
    for ((metric, operation, minute, unit), values) in values {
        let dimensions: Vec<_> = operation.map(|name| ("Operation".to_owned(), name.to_owned())).into_iter().collect();
        data.extend(values.chunks(VALUES_PER_DATUM).map(|values| Datum {
            name: metric.to_owned(),
            dimensions: dimensions.clone(),
            at: Timestamp::from_millis(minute),
            unit: unit.to_owned(),
            values: values.to_vec(),
            resolution: 60,
        }));
    }
    data
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::local::simulator::ErrorKind;

    fn call(operation: &'static str, error: Option<ErrorKind>, faces: Option<u32>) -> CallEvent {
        CallEvent {
            operation,
            at: Timestamp::from_millis(1_793_352_601_234),
            duration: Duration::from_micros(12_500),
            status: error.map_or(200, |_| 400),
            error,
            faces_detected: faces,
            request_id: "r".to_owned(),
            access_key: None,
            collection: None,
        }
    }

    #[test]
    fn calls_are_counted_by_operation_and_together() {
        let calls = [
            call("DetectFaces", None, Some(2)),
            call("DetectFaces", Some(ErrorKind::ProvisionedThroughputExceeded), None),
            call("CompareFaces", None, None),
            call("", None, None),
        ];
        let data = data(&calls);
        let sum = |metric: &str, operation: Option<&str>| -> f64 {
            let labels: Vec<_> = operation.map(|name| ("Operation".to_owned(), name.to_owned())).into_iter().collect();
            data.iter().filter(|d| d.name == metric && d.dimensions == labels).flat_map(|d| &d.values).sum()
        };
        let is = |metric: &str, operation: Option<&str>, expected: f64| {
            let found = sum(metric, operation);
            assert!((found - expected).abs() < 1e-9, "{metric} of {operation:?} is {found}, not {expected}");
        };
        is("SuccessfulRequestCount", Some("DetectFaces"), 1.0);
        is("ThrottledCount", Some("DetectFaces"), 1.0);
        is("SuccessfulRequestCount", None, 2.0);
        is("DetectedFaceCount", None, 2.0);
        is("ResponseTime", Some("CompareFaces"), 12.5);
        assert!(data.iter().all(|d| d.at.millis() % MINUTE_MS == 0));
    }

    #[test]
    fn no_datum_holds_more_values_than_it_may() {
        let calls = vec![call("ListFaces", None, None); 250];
        let counts: Vec<_> = data(&calls).iter().map(|d| d.values.len()).collect();
        assert!(counts.iter().all(|count| *count <= VALUES_PER_DATUM));
        assert_eq!(counts.iter().sum::<usize>(), 250 * 4);
    }
}
