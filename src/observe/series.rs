//! Values over the periods of a window, and the batch of queries that they are read with.

use crate::aws::cloudwatch::{MetricName, MetricQuery, Point, Statistic};
use crate::model::{Reading, Timestamp};

use super::snapshot::Measured;
use super::window::Window;

/// One value per period of a window, oldest first; `None` where there was nothing to measure.
pub type Series = Vec<Option<f64>>;

/// The queries of one snapshot, gathered first, so that they go out together.
#[derive(Debug)]
pub(super) struct Questions {
    window: Window,
    queries: Vec<MetricQuery>,
}

/// A question that was asked: where its answer will be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked(usize);

/// The answers to [`Questions`].
#[derive(Debug)]
pub(super) struct Answers {
    window: Window,
    start: Timestamp,
    readings: Vec<Reading<Vec<Point>>>,
}

/// A measured thing's questions: how often, how long, and both over time.
#[derive(Debug, Clone, Copy)]
pub(super) struct LatencyAsked {
    count: Asked,
    p50: Asked,
    p99: Asked,
    p50_whole: Asked,
    p99_whole: Asked,
}

/// How often something happened and how long it took.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Latency {
    pub requests: Reading<u64>,
    pub p50_ms: Measured,
    pub p99_ms: Measured,
    pub calls: Reading<Series>,
    pub p50_series: Reading<Series>,
    pub p99_series: Reading<Series>,
}

impl Questions {
    pub fn new(window: Window) -> Self {
        Self { window, queries: Vec::new() }
    }

    pub fn queries(&self) -> &[MetricQuery] {
        &self.queries
    }

    /// Asks for one value per period.
    pub fn ask(&mut self, metric: &MetricName, statistic: Statistic) -> Asked {
        self.push(metric, statistic, self.window.period())
    }

    /// Asks for one value over the whole window.
    pub fn ask_whole(&mut self, metric: &MetricName, statistic: Statistic) -> Asked {
        self.push(metric, statistic, self.window.length())
    }

    /// Asks how often and how long; the metric holds one sample in milliseconds per call.
    pub fn ask_latency(&mut self, metric: &MetricName) -> LatencyAsked {
        LatencyAsked {
            count: self.ask(metric, Statistic::SampleCount),
            p50: self.ask(metric, Statistic::P50),
            p99: self.ask(metric, Statistic::P99),
            p50_whole: self.ask_whole(metric, Statistic::P50),
            p99_whole: self.ask_whole(metric, Statistic::P99),
        }
    }

    fn push(&mut self, metric: &MetricName, statistic: Statistic, period: std::time::Duration) -> Asked {
        self.queries.push(MetricQuery { metric: metric.clone(), statistic, period });
        Asked(self.queries.len() - 1)
    }
}

impl Answers {
    pub fn new(window: Window, start: Timestamp, readings: Vec<Reading<Vec<Point>>>) -> Self {
        Self { window, start, readings }
    }

    /// The same reason for every question: the call failed as a whole.
    pub fn failed(questions: &Questions, start: Timestamp, why: &str) -> Self {
        Self::new(questions.window, start, vec![Reading::unknown(why); questions.queries.len()])
    }

    fn points(&self, asked: Asked) -> Reading<&Vec<Point>> {
        match self.readings.get(asked.0) {
            Some(reading) => reading.as_ref(),
            None => Reading::unknown("CloudWatch GetMetricData: the answer lacks this metric"),
        }
    }

    /// The values in their periods.
    pub fn series(&self, asked: Asked) -> Reading<Series> {
        self.points(asked).map(|points| {
            let mut series = vec![None; self.window.periods()];
            for point in points {
                let period = (point.at.since(self.start).as_secs()) / self.window.period().as_secs().max(1);
                if let Some(slot) = usize::try_from(period).ok().and_then(|period| series.get_mut(period)) {
                    *slot = Some(point.value);
                }
            }
            series
        })
    }

    /// The sum of a counted metric. No datapoint means that it did not happen: a known zero.
    pub fn total(&self, asked: Asked) -> Reading<u64> {
        self.points(asked).map(|points| to_count(points.iter().map(|point| point.value).sum()))
    }

    /// A statistic over the whole window; nothing measured where there was no datapoint.
    ///
    /// Services align periods with the clock, so a window can come back in two parts. A percentile of two parts
    /// cannot be recomputed; the larger of them is shown, which never hides slowness.
    pub fn whole(&self, asked: Asked) -> Measured {
        self.points(asked).map(|points| points.iter().map(|point| point.value).reduce(f64::max))
    }

    /// The answers to [`Questions::ask_latency`].
    pub fn latency(&self, asked: LatencyAsked) -> Latency {
        Latency {
            requests: self.total(asked.count),
            p50_ms: self.whole(asked.p50_whole),
            p99_ms: self.whole(asked.p99_whole),
            calls: self.series(asked.count),
            p50_series: self.series(asked.p50),
            p99_series: self.series(asked.p99),
        }
    }
}

/// A count from the float that CloudWatch answers with.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped at zero; casts saturate")]
pub(super) fn to_count(value: f64) -> u64 {
    value.round().max(0.0) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metric() -> MetricName {
        MetricName { namespace: "n".into(), name: "m".into(), dimensions: Vec::new() }
    }

    fn answered(points: &[(i64, f64)]) -> (Answers, Asked) {
        let start = Timestamp::from_millis(3_600_000);
        let points = points
            .iter()
            .map(|(minute, value)| Point { at: Timestamp::from_millis(3_600_000 + minute * 60_000), value: *value });
        let mut questions = Questions::new(Window::HOUR);
        let asked = questions.ask(&metric(), Statistic::Sum);
        (Answers::new(Window::HOUR, start, vec![Reading::Known(points.collect())]), asked)
    }

    #[test]
    fn no_traffic_is_a_known_zero_and_no_percentile() {
        let (answers, asked) = answered(&[]);
        assert_eq!(answers.total(asked), Reading::Known(0));
        assert_eq!(answers.whole(asked), Reading::Known(None));
        assert_eq!(answers.series(asked), Reading::Known(vec![None; 60]));
    }

    #[test]
    fn values_fall_into_their_periods_and_strays_are_dropped() {
        let (answers, asked) = answered(&[(0, 1.0), (59, 2.0), (60, 4.0)]);
        let series = answers.series(asked).known().cloned().unwrap();
        assert_eq!((series[0], series[1], series[59]), (Some(1.0), None, Some(2.0)));
        assert_eq!(series.len(), 60);
    }

    #[test]
    fn a_failed_call_is_unknown_and_never_zero() {
        let mut questions = Questions::new(Window::HOUR);
        let asked = questions.ask(&metric(), Statistic::Sum);
        let answers = Answers::failed(&questions, Timestamp::from_millis(0), "AccessDenied");
        assert_eq!(answers.total(asked).why(), Some("AccessDenied"));
        assert_eq!(answers.whole(asked).why(), Some("AccessDenied"));
    }
}
