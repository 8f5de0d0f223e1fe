//! Reading metrics and alarms: many series in few calls.

use std::time::Duration;

use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{
    AlarmType, CompositeAlarm, Dimension, DimensionFilter, Metric, MetricAlarm, MetricDataQuery, MetricDataResult,
    MetricStat, ScanBy, StateValue, StatusCode,
};

use crate::aws::{Cloud, CloudError};
use crate::model::{Alarm, AlarmState, Reading, Timestamp};

const SERVICE: &str = "CloudWatch";
/// Queries that one GetMetricData call takes (CloudWatch API reference).
const QUERIES_PER_CALL: usize = 500;

/// A metric's full name: CloudWatch knows it only by all of its dimensions together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MetricName {
    /// For example `AWS/ApiGateway`.
    pub namespace: String,
    /// For example `Latency`.
    pub name: String,
    /// Label names and values.
    pub dimensions: Vec<(String, String)>,
}

/// How the samples of a period become one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statistic {
    /// Their number.
    SampleCount,
    /// Their sum.
    Sum,
    /// Their mean.
    Average,
    /// The largest.
    Maximum,
    /// The value that one in ten does not exceed.
    P10,
    /// The value that half of them do not exceed.
    P50,
    /// The value that nine of ten do not exceed.
    P90,
    /// The value that 99 of 100 do not exceed.
    P99,
}

/// One series to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricQuery {
    /// Which metric.
    pub metric: MetricName,
    /// Which statistic.
    pub statistic: Statistic,
    /// Length of a period: a multiple of 60 seconds.
    pub period: Duration,
}

/// The statistic of one period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// When the period began.
    pub at: Timestamp,
    /// The number.
    pub value: f64,
}

impl MetricName {
    /// The value of a label.
    #[must_use]
    pub fn dimension(&self, name: &str) -> Option<&str> {
        self.dimensions.iter().find(|(label, _)| label == name).map(|(_, value)| value.as_str())
    }
}

impl Cloud {
    /// The datapoints of every query between two moments, in the order of the queries, oldest first. A metric that
    /// has none is an empty series; a series that CloudWatch could not read is unknown.
    pub async fn metric_data(
        &self,
        queries: &[MetricQuery],
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Reading<Vec<Point>>>, CloudError> {
        let client = Client::new(&self.shared);
        let mut answers = Vec::with_capacity(queries.len());
        for batch in queries.chunks(QUERIES_PER_CALL) {
            answers.extend(read_batch(&client, batch, from, to).await?);
        }
        Ok(answers)
    }

    /// The metrics of a namespace that carry this label, among those that had data in the last two weeks.
    pub async fn metrics_labelled(&self, namespace: &str, label: (&str, &str)) -> Result<Vec<MetricName>, CloudError> {
        let client = Client::new(&self.shared);
        let filter = DimensionFilter::builder().name(label.0).value(label.1).build();
        let mut pages = client.list_metrics().namespace(namespace).dimensions(filter).into_paginator().send();
        let mut names = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| CloudError::from_sdk(SERVICE, "ListMetrics", &error))?;
            names.extend(page.metrics.unwrap_or_default().into_iter().map(metric_name));
        }
        // Filters are a courtesy of the service; an answer that ignores them must not mix environments.
        names.retain(|metric| metric.dimension(label.0) == Some(label.1));
        Ok(names)
    }

    /// Every alarm, single or composite, whose name begins with `prefix`; the worst first, then by name.
    pub async fn alarms(&self, prefix: &str) -> Result<Vec<Alarm>, CloudError> {
        let client = Client::new(&self.shared);
        let mut pages = client
            .describe_alarms()
            .alarm_name_prefix(prefix)
            .alarm_types(AlarmType::MetricAlarm)
            .alarm_types(AlarmType::CompositeAlarm)
            .into_paginator()
            .send();
        let mut alarms = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| CloudError::from_sdk(SERVICE, "DescribeAlarms", &error))?;
            alarms.extend(page.metric_alarms.unwrap_or_default().into_iter().map(metric_alarm));
            alarms.extend(page.composite_alarms.unwrap_or_default().into_iter().map(composite_alarm));
        }
        alarms.sort_by(|a, b| (a.state, &a.name).cmp(&(b.state, &b.name)));
        Ok(alarms)
    }
}

async fn read_batch(
    client: &Client,
    batch: &[MetricQuery],
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Reading<Vec<Point>>>, CloudError> {
    let queries: Vec<_> = batch.iter().enumerate().map(|(index, query)| data_query(index, query)).collect();
    let mut answers = vec![Reading::Known(Vec::new()); batch.len()];
    let mut token = None;
    // Partial data comes with a token: asked again until there is none.
    loop {
        let page = client
            .get_metric_data()
            .set_metric_data_queries(Some(queries.clone()))
            .start_time(DateTime::from_millis(from.millis()))
            .end_time(DateTime::from_millis(to.millis()))
            .scan_by(ScanBy::TimestampAscending)
            .set_next_token(token)
            .send()
            .await
            .map_err(|error| CloudError::from_sdk(SERVICE, "GetMetricData", &error))?;
        for result in page.metric_data_results.unwrap_or_default() {
            let index = result.id.as_deref().and_then(|id| id.strip_prefix('q')).and_then(|id| id.parse().ok());
            if let Some(answer) = index.and_then(|index: usize| answers.get_mut(index)) {
                add(answer, result);
            }
        }
        token = page.next_token.filter(|token| !token.is_empty());
        if token.is_none() {
            break;
        }
    }
    for answer in &mut answers {
        if let Reading::Known(points) = answer {
            points.sort_by_key(|point| point.at);
        }
    }
    Ok(answers)
}

fn add(answer: &mut Reading<Vec<Point>>, result: MetricDataResult) {
    if let Some(status @ (StatusCode::Forbidden | StatusCode::InternalError)) = result.status_code {
        let messages = result.messages.unwrap_or_default();
        let words = messages.first().and_then(|message| message.value.as_deref()).unwrap_or("without a message");
        *answer = Reading::unknown(format!("{SERVICE} GetMetricData: {status}: {words}"));
        return;
    }
    if let Reading::Known(points) = answer {
        let times = result.timestamps.unwrap_or_default();
        let values = result.values.unwrap_or_default();
        points.extend(times.iter().zip(values).map(|(at, value)| Point { at: timestamp(at), value }));
    }
}

fn data_query(index: usize, query: &MetricQuery) -> MetricDataQuery {
    let mut metric = Metric::builder().namespace(&query.metric.namespace).metric_name(&query.metric.name);
    for (name, value) in &query.metric.dimensions {
        metric = metric.dimensions(Dimension::builder().name(name).value(value).build());
    }
    let statistic = MetricStat::builder()
        .metric(metric.build())
        .period(i32::try_from(query.period.as_secs()).unwrap_or(i32::MAX))
        .stat(query.statistic.name())
        .build();
    MetricDataQuery::builder().id(format!("q{index}")).metric_stat(statistic).return_data(true).build()
}

impl Statistic {
    const fn name(self) -> &'static str {
        match self {
            Self::SampleCount => "SampleCount",
            Self::Sum => "Sum",
            Self::Average => "Average",
            Self::Maximum => "Maximum",
            Self::P10 => "p10",
            Self::P50 => "p50",
            Self::P90 => "p90",
            Self::P99 => "p99",
        }
    }
}

fn metric_name(metric: Metric) -> MetricName {
    let dimensions = metric.dimensions.unwrap_or_default();
    MetricName {
        namespace: metric.namespace.unwrap_or_default(),
        name: metric.metric_name.unwrap_or_default(),
        dimensions: dimensions
            .into_iter()
            .map(|dimension| (dimension.name.unwrap_or_default(), dimension.value.unwrap_or_default()))
            .collect(),
    }
}

fn metric_alarm(alarm: MetricAlarm) -> Alarm {
    let since = alarm.state_transitioned_timestamp.or(alarm.state_updated_timestamp);
    Alarm {
        name: alarm.alarm_name.unwrap_or_default(),
        state: alarm_state(alarm.state_value.as_ref()),
        since: since.as_ref().map(timestamp),
        reason: alarm.state_reason.unwrap_or_default(),
    }
}

fn composite_alarm(alarm: CompositeAlarm) -> Alarm {
    let since = alarm.state_transitioned_timestamp.or(alarm.state_updated_timestamp);
    Alarm {
        name: alarm.alarm_name.unwrap_or_default(),
        state: alarm_state(alarm.state_value.as_ref()),
        since: since.as_ref().map(timestamp),
        reason: alarm.state_reason.unwrap_or_default(),
    }
}

/// A state that is missing or new to us is no good state.
fn alarm_state(state: Option<&StateValue>) -> AlarmState {
    match state {
        Some(StateValue::Ok) => AlarmState::Ok,
        Some(StateValue::Alarm) => AlarmState::Alarm,
        _ => AlarmState::InsufficientData,
    }
}

fn timestamp(at: &DateTime) -> Timestamp {
    Timestamp::from_millis(at.to_millis().unwrap_or(0))
}
