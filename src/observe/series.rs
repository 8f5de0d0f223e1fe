//! Values over the periods of a window, and the batch of queries that they are read with.

use crate::aws::cloudwatch::{MetricName, MetricQuery, Point, Statistic};
use crate::model::{METRIC_NAMESPACE, Metric, Reading, Timestamp};

use super::snapshot::Measured;
use super::window::Window;

/// One value per period of a window, oldest first; `None` where there was nothing to measure.
pub type Series = Vec<Option<f64>>;

/// Why a count of the handler is not known while none of its metrics ever arrived: nobody called it yet, or nothing
/// delivers what it reports.
pub(super) const NO_METRIC_YET: &str = "no metric has arrived yet";

/// Whether a count waits for the first metric of its environment: not known, and nothing that anybody has to mend.
#[must_use]
pub fn awaits_first_metric<T>(reading: &Reading<T>) -> bool {
    reading.why() == Some(NO_METRIC_YET)
}

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
    /// Which questions are about metrics that the handler reports.
    reported: Vec<bool>,
    /// What it means that such a metric has no datapoint.
    silence: Reading<u64>,
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
    /// `emitted` lists the metrics of the handler that ever had data: a count without a datapoint is zero only where
    /// its reports are known to arrive.
    pub fn new(
        questions: &Questions,
        start: Timestamp,
        readings: Vec<Reading<Vec<Point>>>,
        emitted: &Reading<Vec<MetricName>>,
    ) -> Self {
        let reported: Vec<bool> = questions.queries.iter().map(|query| tells_of_calls(&query.metric)).collect();
        let arrived = readings
            .iter()
            .zip(&reported)
            .any(|(reading, reported)| *reported && reading.known().is_some_and(|points| !points.is_empty()));
        let silence = match emitted {
            // A new metric is listed only minutes after its first data.
            _ if arrived => Reading::Known(0),
            Reading::Known(names) if !names.iter().any(tells_of_calls) => Reading::unknown(NO_METRIC_YET),
            Reading::Known(_) => Reading::Known(0),
            Reading::Unknown(why) => Reading::unknown(why),
        };
        Self { window: questions.window, start, readings, reported, silence }
    }

    /// The same reason for every question: the call failed as a whole.
    pub fn failed(questions: &Questions, start: Timestamp, why: &str) -> Self {
        let readings = vec![Reading::unknown(why); questions.queries.len()];
        Self::new(questions, start, readings, &Reading::unknown(why))
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

    /// The sum of a counted metric. No datapoint means that it did not happen: a known zero, unless it would be the
    /// handler's word and the handler was never heard.
    pub fn total(&self, asked: Asked) -> Reading<u64> {
        match self.points(asked) {
            Reading::Known(points) if points.is_empty() && self.reported.get(asked.0) == Some(&true) => {
                self.silence.clone()
            }
            points => points.map(|points| to_count(points.iter().map(|point| point.value).sum())),
        }
    }

    /// A statistic over the whole window; nothing measured where there was no datapoint.
    ///
    /// Services align periods with the clock, so a window can come back in two parts. A percentile of two parts
    /// cannot be recomputed; the larger of them is shown, which never hides slowness.
    pub fn whole(&self, asked: Asked) -> Measured {
        self.points(asked).map(|points| points.iter().map(|point| point.value).reduce(f64::max))
    }

    /// The last value of a gauge in the window, with the beginning of its period.
    pub fn latest(&self, asked: Asked) -> Reading<Option<Point>> {
        self.points(asked).map(|points| points.last().copied())
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

/// Whether a metric is the word of the functions that people call. The sweep reports by itself, every minute.
fn tells_of_calls(metric: &MetricName) -> bool {
    metric.namespace == METRIC_NAMESPACE && metric.name != Metric::Unsettled.name()
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
        metric_named("m")
    }

    fn metric_named(name: &str) -> MetricName {
        MetricName { namespace: "n".into(), name: name.into(), dimensions: Vec::new() }
    }

    fn answered(points: &[(i64, f64)]) -> (Answers, Asked) {
        let start = Timestamp::from_millis(3_600_000);
        let points = points
            .iter()
            .map(|(minute, value)| Point { at: Timestamp::from_millis(3_600_000 + minute * 60_000), value: *value });
        let mut questions = Questions::new(Window::HOUR);
        let asked = questions.ask(&metric(), Statistic::Sum);
        let readings = vec![Reading::Known(points.collect())];
        (Answers::new(&questions, start, readings, &Reading::Known(Vec::new())), asked)
    }

    #[test]
    fn no_traffic_is_a_known_zero_and_no_percentile() {
        let (answers, asked) = answered(&[]);
        assert_eq!(answers.total(asked), Reading::Known(0));
        assert_eq!(answers.whole(asked), Reading::Known(None));
        assert_eq!(answers.series(asked), Reading::Known(vec![None; 60]));
    }

    #[test]
    fn the_handler_is_believed_to_have_nothing_to_report_only_once_it_was_heard() {
        let ours = |name: &str| MetricName { namespace: METRIC_NAMESPACE.into(), ..metric_named(name) };
        let asked_twice = |points: [Vec<Point>; 2], emitted: &Reading<Vec<MetricName>>| {
            let mut questions = Questions::new(Window::HOUR);
            let asked = questions.ask(&ours("Searches"), Statistic::Sum);
            questions.ask(&ours("FacesIndexed"), Statistic::Sum);
            let readings = points.map(Reading::Known).to_vec();
            Answers::new(&questions, Timestamp::from_millis(0), readings, emitted).total(asked)
        };
        let (none, one) = (Vec::new(), vec![Point { at: Timestamp::from_millis(0), value: 1.0 }]);
        let silent = asked_twice([none.clone(), none.clone()], &Reading::Known(Vec::new()));
        assert!(awaits_first_metric(&silent), "{silent:?}");
        let swept = Reading::Known(vec![ours("Unsettled")]);
        assert!(awaits_first_metric(&asked_twice([none.clone(), none.clone()], &swept)), "nobody has called yet");
        let listed = Reading::Known(vec![ours("Searches")]);
        assert_eq!(asked_twice([none.clone(), none.clone()], &listed), Reading::Known(0));
        assert_eq!(asked_twice([none.clone(), one], &Reading::Known(Vec::new())), Reading::Known(0), "not listed yet");
        assert_eq!(asked_twice([none.clone(), none], &Reading::unknown("AccessDenied")).why(), Some("AccessDenied"));
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
