//! Numbers as CloudWatch embedded metrics: log lines that CloudWatch turns into metrics.
//!
//! A line holds each label once, at its root. Numbers whose labels do not contradict each other share a line; two
//! operations of one invocation, for example, need two.

use serde_json::{Map, Value, json};

use crate::identity::Datapoint;
use crate::model::{Dimension, METRIC_NAMESPACE, Metric, Timestamp};

/// Most values of one metric in a line (embedded metric format, specification).
const MAX_VALUES: usize = 100;

type Labels = Vec<(Dimension, &'static str)>;

/// The lines that publish these numbers for an environment (`PROJECT-ENVIRONMENT`).
#[must_use]
pub fn lines(points: &[Datapoint], environment: &str, at: Timestamp) -> Vec<String> {
    let mut documents: Vec<Document> = Vec::new();
    for point in points {
        if let Some(document) = documents.iter_mut().find(|document| document.takes(point)) {
            document.add(point);
        } else {
            let mut document = Document::default();
            document.add(point);
            documents.push(document);
        }
    }
    documents.iter().map(|document| document.write(environment, at)).collect()
}

/// One line in the making.
#[derive(Default)]
struct Document {
    labels: Labels,
    series: Vec<Series>,
}

/// The values of one metric under one set of labels.
struct Series {
    metric: Metric,
    labels: Labels,
    values: Vec<f64>,
}

impl Document {
    fn takes(&self, point: &Datapoint) -> bool {
        let contradicts = |(dimension, value): &(Dimension, &str)| {
            self.labels.iter().any(|(own, own_value)| own == dimension && own_value != value)
        };
        let fits = self.series.iter().find(|series| series.metric == point.metric);
        !point.labels.iter().any(contradicts)
            && fits.is_none_or(|series| series.labels == point.labels && series.values.len() < MAX_VALUES)
    }

    fn add(&mut self, point: &Datapoint) {
        for label in &point.labels {
            if !self.labels.contains(label) {
                self.labels.push(*label);
            }
        }
        match self.series.iter_mut().find(|series| series.metric == point.metric) {
            Some(series) => series.values.push(point.value),
            None => self.series.push(Series {
                metric: point.metric,
                labels: point.labels.clone(),
                values: vec![point.value],
            }),
        }
    }

    fn write(&self, environment: &str, at: Timestamp) -> String {
        // One directive per set of dimensions, in the order in which they came.
        let mut directives: Vec<(&[Dimension], Vec<Value>)> = Vec::new();
        for series in &self.series {
            let dimensions = series.metric.dimensions();
            let metric = json!({ "Name": series.metric.name(), "Unit": series.metric.unit().name() });
            match directives.iter_mut().find(|(own, _)| *own == dimensions) {
                Some((_, metrics)) => metrics.push(metric),
                None => directives.push((dimensions, vec![metric])),
            }
        }
        let directives: Vec<Value> = directives
            .into_iter()
            .map(|(dimensions, metrics)| {
                let names: Vec<&str> = dimensions.iter().map(|dimension| dimension.name()).collect();
                json!({ "Namespace": METRIC_NAMESPACE, "Dimensions": [names], "Metrics": metrics })
            })
            .collect();
        let mut root = Map::new();
        root.insert("_aws".to_owned(), json!({ "Timestamp": at.millis(), "CloudWatchMetrics": directives }));
        root.insert(Dimension::Environment.name().to_owned(), json!(environment));
        for (dimension, value) in &self.labels {
            root.insert(dimension.name().to_owned(), json!(value));
        }
        for series in &self.series {
            let values = match series.values.as_slice() {
                [value] => json!(value),
                values => json!(values),
            };
            root.insert(series.metric.name().to_owned(), values);
        }
        Value::Object(root).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::{EngineError, Tally};
    use crate::model::{Flow, Operation, Outcome, Percent, Reason, Step};
    use std::collections::BTreeSet;
    use std::time::Duration;

    fn documents(tally: &Tally) -> Vec<Value> {
        let lines = lines(&tally.take(), "idv-local", Timestamp::from_millis(1_793_353_043_250));
        lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn numbers_with_agreeing_labels_share_a_line() {
        let tally = Tally::default();
        tally.call(Operation::CompareFaces, Duration::from_millis(12), &Ok(()));
        tally.similarity(Step::Compare, Percent::new(98.5).unwrap());
        tally.outcome(Flow::Authentication, Outcome::Approved, None);
        let documents = documents(&tally);
        let expected = json!({
            "_aws": {
                "Timestamp": 1_793_353_043_250_i64,
                "CloudWatchMetrics": [
                    {
                        "Namespace": "IdentityVerification",
                        "Dimensions": [["Environment", "Operation"]],
                        "Metrics": [
                            { "Name": "RekognitionLatency", "Unit": "Milliseconds" },
                            { "Name": "RekognitionErrors", "Unit": "Count" },
                            { "Name": "RekognitionThrottles", "Unit": "Count" },
                        ],
                    },
                    {
                        "Namespace": "IdentityVerification",
                        "Dimensions": [["Environment", "Step"]],
                        "Metrics": [{ "Name": "Similarity", "Unit": "Percent" }],
                    },
                    {
                        "Namespace": "IdentityVerification",
                        "Dimensions": [["Environment", "Step", "Band"]],
                        "Metrics": [{ "Name": "SimilarityBand", "Unit": "Count" }],
                    },
                    {
                        "Namespace": "IdentityVerification",
                        "Dimensions": [["Environment", "Outcome"]],
                        "Metrics": [{ "Name": "Authentications", "Unit": "Count" }],
                    },
                ],
            },
            "Environment": "idv-local",
            "Operation": "CompareFaces",
            "Step": "compare",
            "Band": "98-99",
            "Outcome": "approved",
            "RekognitionLatency": 12.0,
            "RekognitionErrors": 0.0,
            "RekognitionThrottles": 0.0,
            "Similarity": 98.5,
            "SimilarityBand": 1.0,
            "Authentications": 1.0,
        });
        assert_eq!(documents, [expected]);
    }

    #[test]
    fn contradicting_labels_get_lines_of_their_own() {
        let tally = Tally::default();
        tally.call(Operation::DetectFaces, Duration::from_millis(5), &Ok(()));
        tally.call(Operation::IndexFaces, Duration::from_millis(7), &Err::<(), _>(EngineError::Throttled));
        tally.call(Operation::DetectFaces, Duration::from_millis(6), &Ok(()));
        let documents = documents(&tally);
        let operations: Vec<&Value> = documents.iter().map(|document| &document["Operation"]).collect();
        assert_eq!(operations, ["DetectFaces", "IndexFaces"]);
        assert_eq!(documents[0]["RekognitionLatency"], json!([5.0, 6.0]));
        assert_eq!(documents[1]["RekognitionThrottles"], json!(1.0));
    }

    #[test]
    fn every_metric_is_declared_with_exactly_its_dimensions_and_has_its_data() {
        let tally = Tally::default();
        tally.outcome(Flow::Registration, Outcome::Incomplete, Some((Step::Index, Reason::Throttled)));
        tally.count(Metric::FacesDetected, 1);
        for document in documents(&tally) {
            let mut declared = BTreeSet::new();
            for directive in document["_aws"]["CloudWatchMetrics"].as_array().unwrap() {
                for dimension in directive["Dimensions"][0].as_array().unwrap() {
                    assert!(document[dimension.as_str().unwrap()].is_string(), "{dimension} has no value");
                }
                for metric in directive["Metrics"].as_array().unwrap() {
                    let name = metric["Name"].as_str().unwrap();
                    assert!(document[name].is_number(), "{name} has no data");
                    declared.insert(name.to_owned());
                    let metric = Metric::ALL.into_iter().find(|metric| metric.name() == name).unwrap();
                    let names: Vec<&str> = metric.dimensions().iter().map(|dimension| dimension.name()).collect();
                    assert_eq!(directive["Dimensions"], json!([names]));
                }
            }
            assert_eq!(declared.len(), 3);
        }
    }

    #[test]
    fn nothing_to_say_is_no_line() {
        assert!(documents(&Tally::default()).is_empty());
    }

    #[test]
    fn more_values_than_a_line_may_hold_go_to_the_next() {
        let tally = Tally::default();
        for _ in 0..=MAX_VALUES {
            tally.count(Metric::FacesDetected, 1);
        }
        assert_eq!(documents(&tally).len(), 2);
    }
}
