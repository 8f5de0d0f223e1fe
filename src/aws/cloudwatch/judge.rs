//! What an evaluator of alarms needs: the alarms as they were defined, the series they look at, and the verdict.

use std::time::Duration;

use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{
    ComparisonOperator, Dimension, Metric, MetricAlarm, MetricDataQuery, MetricStat, ScanBy, StateValue,
};

use crate::aws::{Cloud, CloudError};
use crate::model::{AlarmState, Timestamp};

const SERVICE: &str = "CloudWatch";
/// Queries that one GetMetricData call takes (CloudWatch API reference).
const QUERIES_PER_CALL: usize = 500;

/// A metric alarm as it was defined.
#[derive(Debug, Clone, PartialEq)]
pub struct AlarmDefinition {
    /// Its name.
    pub name: String,
    /// What it says now.
    pub state: AlarmState,
    /// The series that it is made of, in the order of its definition.
    pub inputs: Vec<Input>,
    /// Which input is compared with the threshold.
    pub watched: String,
    /// How it is compared.
    pub comparison: Comparison,
    /// What it is compared with.
    pub threshold: f64,
    /// Length of a period.
    pub period: Duration,
    /// Periods looked at (N).
    pub evaluation_periods: usize,
    /// Periods that must break the threshold (M).
    pub datapoints_to_alarm: usize,
    /// What a period without data means.
    pub missing: MissingData,
}

/// One input of an alarm.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// Its id in expressions.
    pub id: String,
    /// Where its numbers come from.
    pub source: Source,
}

/// Where the numbers of an input come from.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// A statistic of a metric.
    Metric(Series),
    /// Metric math over the other inputs.
    Expression(String),
}

/// A statistic of exactly one metric.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Series {
    /// The namespace.
    pub namespace: String,
    /// The metric's name.
    pub name: String,
    /// Label names and values.
    pub dimensions: Vec<(String, String)>,
    /// `Sum`, `Average`, `p99` …
    pub statistic: String,
    /// Length of a period.
    pub period: Duration,
}

/// How a datapoint is compared with the threshold to be breaching.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
}

/// What a period without data means (`TreatMissingData`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingData {
    /// Nothing is known of it.
    Missing,
    /// The alarm stays as it is.
    Ignore,
    /// It breaks the threshold.
    Breaching,
    /// It does not break the threshold.
    NotBreaching,
}

/// The statistic of the period that began at a moment.
pub type Points = Vec<(Timestamp, f64)>;

/// Reads alarms and their series, and sets their states.
#[derive(Debug, Clone)]
pub struct Judge {
    client: Client,
}

impl Judge {
    /// The alarms of a cloud.
    #[must_use]
    pub fn new(cloud: &Cloud) -> Self {
        Self { client: Client::new(&cloud.shared) }
    }

    /// Every metric alarm that can be judged; the others (anomaly bands, PromQL) are named in the second list.
    pub async fn alarms(&self) -> Result<(Vec<AlarmDefinition>, Vec<String>), CloudError> {
        let mut pages = self.client.describe_alarms().into_paginator().send();
        let (mut judged, mut others) = (Vec::new(), Vec::new());
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| CloudError::from_sdk(SERVICE, "DescribeAlarms", &error))?;
            for alarm in page.metric_alarms.unwrap_or_default() {
                match definition(&alarm) {
                    Some(definition) => judged.push(definition),
                    None => others.extend(alarm.alarm_name),
                }
            }
        }
        Ok((judged, others))
    }

    /// The points of each series between two moments, in the order asked for.
    pub async fn points(&self, series: &[Series], from: Timestamp, to: Timestamp) -> Result<Vec<Points>, CloudError> {
        let mut all = vec![Points::new(); series.len()];
        for (chunk_index, chunk) in series.chunks(QUERIES_PER_CALL).enumerate() {
            let queries = chunk.iter().enumerate().map(|(index, series)| query(index, series)).collect();
            let mut pages = self
                .client
                .get_metric_data()
                .set_metric_data_queries(Some(queries))
                .start_time(DateTime::from_millis(from.millis()))
                .end_time(DateTime::from_millis(to.millis()))
                .scan_by(ScanBy::TimestampAscending)
                .into_paginator()
                .send();
            while let Some(page) = pages.next().await {
                let page = page.map_err(|error| CloudError::from_sdk(SERVICE, "GetMetricData", &error))?;
                for result in page.metric_data_results.unwrap_or_default() {
                    let index = result.id.as_deref().and_then(|id| id.strip_prefix('q')).and_then(|id| id.parse().ok());
                    let Some(points) =
                        index.and_then(|index: usize| all.get_mut(chunk_index * QUERIES_PER_CALL + index))
                    else {
                        return Err(CloudError::incomplete(SERVICE, "GetMetricData", "id that was asked for"));
                    };
                    let moments = result.timestamps.unwrap_or_default();
                    points.extend(
                        moments
                            .iter()
                            .zip(result.values.unwrap_or_default())
                            .map(|(at, value)| (Timestamp::from_millis(at.to_millis().unwrap_or_default()), value)),
                    );
                }
            }
        }
        Ok(all)
    }

    /// Sets what an alarm says, with the reason in words and as JSON.
    pub async fn set_state(&self, name: &str, state: AlarmState, reason: &str, data: &str) -> Result<(), CloudError> {
        let value = match state {
            AlarmState::Alarm => StateValue::Alarm,
            AlarmState::Ok => StateValue::Ok,
            AlarmState::InsufficientData => StateValue::InsufficientData,
        };
        let request = self.client.set_alarm_state().alarm_name(name).state_value(value);
        let request = request.state_reason(reason).state_reason_data(data);
        request.send().await.map_err(|error| CloudError::from_sdk(SERVICE, "SetAlarmState", &error))?;
        Ok(())
    }
}

fn query(index: usize, series: &Series) -> MetricDataQuery {
    let metric = Metric::builder().namespace(&series.namespace).metric_name(&series.name).set_dimensions(Some(
        series.dimensions.iter().map(|(name, value)| Dimension::builder().name(name).value(value).build()).collect(),
    ));
    let stat = MetricStat::builder()
        .metric(metric.build())
        .period(i32::try_from(series.period.as_secs()).unwrap_or(i32::MAX))
        .stat(&series.statistic);
    MetricDataQuery::builder().id(format!("q{index}")).metric_stat(stat.build()).build()
}

fn definition(alarm: &MetricAlarm) -> Option<AlarmDefinition> {
    let inputs = inputs(alarm)?;
    let period = inputs.iter().find_map(|(input, _)| match &input.source {
        Source::Metric(series) => Some(series.period),
        Source::Expression(_) => None,
    })?;
    let watched = inputs.iter().find(|(_, returned)| *returned)?.0.id.clone();
    let periods = usize::try_from(alarm.evaluation_periods?).ok()?;
    Some(AlarmDefinition {
        name: alarm.alarm_name.clone()?,
        state: match alarm.state_value {
            Some(StateValue::Alarm) => AlarmState::Alarm,
            Some(StateValue::Ok) => AlarmState::Ok,
            _ => AlarmState::InsufficientData,
        },
        inputs: inputs.into_iter().map(|(input, _)| input).collect(),
        watched,
        comparison: match alarm.comparison_operator.as_ref()? {
            ComparisonOperator::GreaterThanThreshold => Comparison::Greater,
            ComparisonOperator::GreaterThanOrEqualToThreshold => Comparison::GreaterOrEqual,
            ComparisonOperator::LessThanThreshold => Comparison::Less,
            ComparisonOperator::LessThanOrEqualToThreshold => Comparison::LessOrEqual,
            _ => return None,
        },
        threshold: alarm.threshold?,
        period,
        evaluation_periods: periods,
        datapoints_to_alarm: alarm.datapoints_to_alarm.and_then(|count| usize::try_from(count).ok()).unwrap_or(periods),
        missing: match alarm.treat_missing_data.as_deref() {
            Some("breaching") => MissingData::Breaching,
            Some("notBreaching") => MissingData::NotBreaching,
            Some("ignore") => MissingData::Ignore,
            _ => MissingData::Missing,
        },
    })
}

/// The inputs of an alarm, and of each whether it is the one that is compared.
fn inputs(alarm: &MetricAlarm) -> Option<Vec<(Input, bool)>> {
    let queries = alarm.metrics.as_deref().unwrap_or_default();
    if queries.is_empty() {
        let series = Series {
            namespace: alarm.namespace.clone()?,
            name: alarm.metric_name.clone()?,
            dimensions: dimensions(alarm.dimensions.as_deref().unwrap_or_default())?,
            statistic: match &alarm.extended_statistic {
                Some(percentile) => percentile.clone(),
                None => alarm.statistic.as_ref()?.as_str().to_owned(),
            },
            period: seconds(alarm.period?)?,
        };
        return Some(vec![(Input { id: "m1".to_owned(), source: Source::Metric(series) }, true)]);
    }
    queries.iter().map(math_input).collect()
}

fn math_input(query: &MetricDataQuery) -> Option<(Input, bool)> {
    let source = match (&query.expression, &query.metric_stat) {
        (Some(expression), _) => Source::Expression(expression.clone()),
        (None, Some(stat)) => {
            let metric = stat.metric.as_ref()?;
            Source::Metric(Series {
                namespace: metric.namespace.clone()?,
                name: metric.metric_name.clone()?,
                dimensions: dimensions(metric.dimensions.as_deref().unwrap_or_default())?,
                statistic: stat.stat.clone()?,
                period: seconds(stat.period?)?,
            })
        }
        (None, None) => return None,
    };
    Some((Input { id: query.id.clone()?, source }, query.return_data.unwrap_or(true)))
}

fn dimensions(given: &[Dimension]) -> Option<Vec<(String, String)>> {
    given.iter().map(|dimension| Some((dimension.name.clone()?, dimension.value.clone()?))).collect()
}

fn seconds(period: i32) -> Option<Duration> {
    u64::try_from(period).ok().filter(|period| *period > 0).map(Duration::from_secs)
}
