//! The CloudWatch embedded metric format: a log line that is also metrics.
//!
//! On AWS, CloudWatch Logs extracts them. Pure; the rules are those of the format's specification.

use serde_json::{Map, Value};

use crate::aws::cloudwatch::publish::Datum;
use crate::model::Timestamp;

/// Keys that one dimension set may have.
const MAX_DIMENSIONS: usize = 30;
/// Metrics that one directive may name, and values that one target may hold.
const MAX_METRICS: usize = 100;
/// Longest dimension value, characters.
const MAX_DIMENSION_VALUE: usize = 1_024;
/// Seconds to which a metric is kept unless it says otherwise.
const STANDARD_RESOLUTION: u64 = 60;

/// Metrics of one namespace, extracted from one line.
pub type Extracted = (String, Vec<Datum>);

/// Why a line that claims to be in the format is not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EmfError {
    /// The line is no JSON object (AWS counts it as `EMFParsingErrors`).
    #[error("no JSON object: {0}")]
    Parse(String),
    /// A member is missing or has another form (AWS counts it as `EMFValidationErrors`).
    #[error("{0}")]
    Invalid(String),
}

/// Extracts the metrics of a log line; nothing when it is an ordinary line.
///
/// # Errors
/// [`EmfError`] when the line names `_aws` but breaks the format. As on AWS one bad directive spoils the whole line.
pub fn extract(line: &str) -> Result<Vec<Extracted>, EmfError> {
    if !line.contains("\"_aws\"") {
        return Ok(Vec::new());
    }
    let root: Map<String, Value> =
        serde_json::from_str(line.trim()).map_err(|error| EmfError::Parse(error.to_string()))?;
    let Some(metadata) = root.get("_aws").and_then(Value::as_object) else {
        return Ok(Vec::new());
    };
    let at = metadata.get("Timestamp").and_then(Value::as_i64).map(Timestamp::from_millis);
    let at = at.ok_or_else(|| invalid("_aws.Timestamp is no number of milliseconds"))?;
    let directives = metadata.get("CloudWatchMetrics").and_then(Value::as_array);
    let directives = directives.ok_or_else(|| invalid("_aws.CloudWatchMetrics is no array"))?;
    directives.iter().map(|directive| extract_directive(&root, directive, at)).collect()
}

fn extract_directive(root: &Map<String, Value>, directive: &Value, at: Timestamp) -> Result<Extracted, EmfError> {
    let namespace = text(directive, "Namespace")?;
    let sets = array(directive, "Dimensions")?;
    let metrics = array(directive, "Metrics")?;
    if sets.is_empty() {
        return Err(invalid("Dimensions names no set"));
    }
    if metrics.len() > MAX_METRICS {
        return Err(invalid(format!("{} metrics in one directive, at most {MAX_METRICS}", metrics.len())));
    }
    let sets = sets.iter().map(|set| dimensions(root, set)).collect::<Result<Vec<_>, _>>()?;
    let mut data = Vec::with_capacity(sets.len() * metrics.len());
    for metric in metrics {
        let name = text(metric, "Name")?;
        let values = values(root, name)?;
        if values.is_empty() {
            continue;
        }
        let unit = metric.get("Unit").and_then(Value::as_str).unwrap_or("None");
        let resolution = metric.get("StorageResolution").and_then(Value::as_u64).unwrap_or(STANDARD_RESOLUTION);
        data.extend(sets.iter().map(|dimensions| Datum {
            name: name.to_owned(),
            dimensions: dimensions.clone(),
            at,
            unit: unit.to_owned(),
            values: values.clone(),
            resolution: if resolution == 1 { 1 } else { 60 },
        }));
    }
    Ok((namespace.to_owned(), data))
}

fn dimensions(root: &Map<String, Value>, set: &Value) -> Result<Vec<(String, String)>, EmfError> {
    let keys = set.as_array().ok_or_else(|| invalid("a dimension set is no array"))?;
    if keys.len() > MAX_DIMENSIONS {
        return Err(invalid(format!("{} dimensions in one set, at most {MAX_DIMENSIONS}", keys.len())));
    }
    keys.iter()
        .map(|key| {
            let key = key.as_str().ok_or_else(|| invalid("a dimension name is no text"))?;
            let value = root.get(key).and_then(Value::as_str);
            let value = value.ok_or_else(|| invalid(format!("dimension {key} has no text on the root")))?;
            if value.is_empty() || value.chars().count() > MAX_DIMENSION_VALUE {
                return Err(invalid(format!("dimension {key} has no 1–{MAX_DIMENSION_VALUE} characters")));
            }
            Ok((key.to_owned(), value.to_owned()))
        })
        .collect()
}

fn values(root: &Map<String, Value>, name: &str) -> Result<Vec<f64>, EmfError> {
    match root.get(name) {
        Some(Value::Number(number)) => Ok(number.as_f64().into_iter().collect()),
        Some(Value::Array(numbers)) if numbers.len() <= MAX_METRICS => numbers
            .iter()
            .map(|number| {
                number.as_f64().ok_or_else(|| invalid(format!("metric {name} holds something else than numbers")))
            })
            .collect(),
        _ => Err(invalid(format!("metric {name} is no number and no array of at most {MAX_METRICS} on the root"))),
    }
}

fn text<'a>(owner: &'a Value, member: &str) -> Result<&'a str, EmfError> {
    let text = owner.get(member).and_then(Value::as_str).filter(|text| !text.is_empty());
    text.ok_or_else(|| invalid(format!("{member} is no text")))
}

fn array<'a>(owner: &'a Value, member: &str) -> Result<&'a Vec<Value>, EmfError> {
    owner.get(member).and_then(Value::as_array).ok_or_else(|| invalid(format!("{member} is no array")))
}

fn invalid(problem: impl Into<String>) -> EmfError {
    EmfError::Invalid(problem.into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn line(metrics: &Value, members: &Value) -> String {
        let mut root = json!({"_aws": {"Timestamp": 1_793_353_043_250_i64, "CloudWatchMetrics": [{
            "Namespace": "IdentityVerification", "Dimensions": [["Environment", "Outcome"], ["Environment"]],
            "Metrics": metrics}]}, "Environment": "idv-local", "Outcome": "approved"});
        root.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        root.to_string()
    }

    #[test]
    fn every_metric_is_published_under_every_dimension_set() {
        let metrics = json!([{"Name": "Registrations", "Unit": "Count"}, {"Name": "Latency"}]);
        let extracted = extract(&line(&metrics, &json!({"Registrations": 1, "Latency": [3.5, 4]}))).unwrap();
        let [(namespace, data)] = extracted.as_slice() else { panic!("one directive, one namespace") };
        assert_eq!(namespace, "IdentityVerification");
        let shown: Vec<_> =
            data.iter().map(|d| (d.name.as_str(), d.dimensions.len(), d.unit.as_str(), d.values.as_slice())).collect();
        assert_eq!(
            shown,
            [
                ("Registrations", 2, "Count", &[1.0][..]),
                ("Registrations", 1, "Count", &[1.0]),
                ("Latency", 2, "None", &[3.5, 4.0]),
                ("Latency", 1, "None", &[3.5, 4.0]),
            ]
        );
        assert_eq!(data[0].dimensions[1], ("Outcome".to_owned(), "approved".to_owned()));
        assert_eq!(data[0].at, Timestamp::from_millis(1_793_353_043_250));
    }

    #[test]
    fn ordinary_lines_are_not_metrics() {
        for ordinary in ["", "REPORT RequestId: 1", "{\"level\":\"info\"}", "the word _aws alone"] {
            assert_eq!(extract(ordinary), Ok(Vec::new()), "{ordinary}");
        }
    }

    #[test]
    fn what_breaks_the_format_is_named() {
        let count = json!([{"Name": "N"}]);
        for (line, named) in [
            ("{\"_aws\": {".to_owned(), "no JSON object"),
            (line(&count, &json!({})), "metric N"),
            (line(&count, &json!({"N": "1"})), "metric N"),
            (line(&count, &json!({"N": vec![1; 101]})), "at most 100"),
            (line(&count, &json!({"N": 1, "Outcome": 7})), "dimension Outcome"),
            (line(&count, &json!({"N": 1, "Outcome": ""})), "dimension Outcome"),
            (line(&json!([{"Unit": "Count"}]), &json!({})), "Name is no text"),
        ] {
            let error = extract(&line).unwrap_err().to_string();
            assert!(error.contains(named), "{error} does not name {named}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in ".*", tail in ".*") {
            let _ = extract(&text);
            let _ = extract(&format!("{{\"_aws\":{text}{tail}"));
        }

        #[test]
        fn values_come_through_unchanged(eighths in prop::collection::vec(any::<i32>(), 1..=100)) {
            // Eighths are written and read without rounding.
            let values: Vec<f64> = eighths.into_iter().map(|eighth| f64::from(eighth) / 8.0).collect();
            let extracted = extract(&line(&json!([{"Name": "N"}]), &json!({"N": values}))).unwrap();
            prop_assert_eq!(&extracted[0].1[0].values, &values);
        }
    }
}
