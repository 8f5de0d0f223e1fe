//! What came back.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::route::Route;

/// One request that is over.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answered {
    pub(super) route: Route,
    /// `None` when there was no answer.
    pub(super) status: Option<u16>,
    pub(super) took: Duration,
}

/// The traffic so far.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// Visits that are over; each sent one request or a few.
    pub visits: u32,
    /// Visits that were left out because the API was slower than the pace.
    pub skipped: u32,
    routes: BTreeMap<Route, Counts>,
}

#[derive(Debug, Clone, Default)]
struct Counts {
    succeeded: u32,
    refused: u32,
    throttled: u32,
    failed: u32,
    unanswered: u32,
    took: Vec<Duration>,
}

/// One route's traffic. Times in milliseconds, unknown where nothing was answered.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RouteSummary {
    /// The route's method and path.
    pub route: &'static str,
    /// Requests sent.
    pub sent: u32,
    /// Answered 2xx.
    pub succeeded: u32,
    /// Answered 4xx, but for 429.
    pub refused: u32,
    /// Answered 429.
    pub throttled: u32,
    /// Answered 5xx, or something unheard of.
    pub failed: u32,
    /// Not answered.
    pub unanswered: u32,
    /// The time that half of the answers took at most.
    pub p50_ms: Option<f64>,
    /// The time that 99 of 100 answers took at most.
    pub p99_ms: Option<f64>,
}

impl Summary {
    /// Adds a visit.
    pub(super) fn add(&mut self, answers: Vec<Answered>) {
        self.visits += 1;
        for answer in answers {
            self.add_one(answer);
        }
    }

    fn add_one(&mut self, answer: Answered) {
        let counts = self.routes.entry(answer.route).or_default();
        match answer.status {
            None => counts.unanswered += 1,
            Some(200..=299) => counts.succeeded += 1,
            Some(429) => counts.throttled += 1,
            Some(400..=499) => counts.refused += 1,
            Some(_) => counts.failed += 1,
        }
        if answer.status.is_some() {
            counts.took.push(answer.took);
        }
    }

    /// Requests that are over.
    #[must_use]
    pub fn sent(&self) -> u32 {
        self.routes.values().map(Counts::sent).sum()
    }

    /// Requests that failed on the API's side or got no answer.
    #[must_use]
    pub fn failed(&self) -> u32 {
        self.routes.values().map(|counts| counts.failed + counts.unanswered).sum()
    }

    /// Each route that was visited.
    #[must_use]
    pub fn routes(&self) -> Vec<RouteSummary> {
        let routes = self.routes.iter().map(|(route, counts)| counts.summary(route.name()));
        routes.collect()
    }
}

impl Counts {
    fn sent(&self) -> u32 {
        self.succeeded + self.refused + self.throttled + self.failed + self.unanswered
    }

    fn summary(&self, route: &'static str) -> RouteSummary {
        let mut took = self.took.clone();
        took.sort_unstable();
        RouteSummary {
            route,
            sent: self.sent(),
            succeeded: self.succeeded,
            refused: self.refused,
            throttled: self.throttled,
            failed: self.failed,
            unanswered: self.unanswered,
            p50_ms: percentile(&took, 50),
            p99_ms: percentile(&took, 99),
        }
    }
}

/// The smallest time that `percent` of all are at or below (nearest rank), in milliseconds to one decimal.
fn percentile(sorted: &[Duration], percent: usize) -> Option<f64> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).map(|took| (took.as_secs_f64() * 10_000.0).round() / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_times_that_were_measured() {
        let times: Vec<Duration> = (1..=200).map(Duration::from_millis).collect();
        assert_eq!((percentile(&times, 50), percentile(&times, 99)), (Some(100.0), Some(198.0)));
        assert_eq!(percentile(&times[..1], 99), Some(1.0));
        assert_eq!(percentile(&[], 50), None);
    }

    #[test]
    fn each_status_falls_into_its_class() {
        let mut summary = Summary::default();
        for status in [Some(200), Some(201), Some(400), Some(403), Some(429), Some(502), None] {
            summary.add(vec![Answered { route: Route::Ips, status, took: Duration::from_millis(3) }]);
        }
        let route = summary.routes().remove(0);
        let counts = (route.succeeded, route.refused, route.throttled, route.failed, route.unanswered);
        assert_eq!((route.sent, counts, summary.failed()), (7, (2, 2, 1, 1, 1), 2));
    }
}
