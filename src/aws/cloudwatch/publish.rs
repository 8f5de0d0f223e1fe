//! Publishing metrics.

use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{Dimension, MetricDatum, StandardUnit};

use crate::aws::{Cloud, CloudError};
use crate::model::Timestamp;

const SERVICE: &str = "CloudWatch";
/// Datums that one PutMetricData call takes (CloudWatch API reference).
const DATUMS_PER_CALL: usize = 1_000;

/// Values of one metric at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Datum {
    /// The metric's name.
    pub name: String,
    /// Label names and values; together with the name they are the metric.
    pub dimensions: Vec<(String, String)>,
    /// When the values were taken.
    pub at: Timestamp,
    /// The unit as CloudWatch names it, for example `Milliseconds`.
    pub unit: String,
    /// The values, 1–100 of them (so many an EMF target may hold; CloudWatch takes 150).
    pub values: Vec<f64>,
    /// Seconds to which the metric is kept: 1 or 60.
    pub resolution: i32,
}

/// Publishes metrics to one cloud.
#[derive(Debug, Clone)]
pub struct Publisher {
    client: Client,
}

impl Publisher {
    /// Publishes to a cloud.
    #[must_use]
    pub fn new(cloud: &Cloud) -> Self {
        Self { client: Client::new(&cloud.shared) }
    }

    /// Publishes all of these values.
    pub async fn put(&self, namespace: &str, data: &[Datum]) -> Result<(), CloudError> {
        for chunk in data.chunks(DATUMS_PER_CALL) {
            let request = self.client.put_metric_data().namespace(namespace);
            let request = request.set_metric_data(Some(chunk.iter().map(datum).collect()));
            request.send().await.map_err(|error| CloudError::from_sdk(SERVICE, "PutMetricData", &error))?;
        }
        Ok(())
    }
}

fn datum(datum: &Datum) -> MetricDatum {
    let dimensions =
        datum.dimensions.iter().map(|(name, value)| Dimension::builder().name(name).value(value).build()).collect();
    MetricDatum::builder()
        .metric_name(&datum.name)
        .set_dimensions(Some(dimensions))
        .timestamp(DateTime::from_millis(datum.at.millis()))
        .unit(StandardUnit::from(datum.unit.as_str()))
        .set_values(Some(datum.values.clone()))
        .storage_resolution(datum.resolution)
        .build()
}
