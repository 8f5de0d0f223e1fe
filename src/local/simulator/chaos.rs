//! Deliberate faults: errors, lost answers, crashes and latency per operation, set through the admin endpoint.

mod plan;

pub use plan::{FaultAction, FaultMoment, FaultPlan, Faults};

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;

use self::plan::ANY;
use super::{ApiError, ErrorKind, operations};

/// Longest wait for the crash hook.
const HOOK_TIMEOUT: Duration = Duration::from_secs(5);

/// The plan in force, and what came of it.
#[derive(Debug, Default)]
pub struct Chaos(Mutex<BTreeMap<String, Entry>>);

/// A planned fault and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    #[serde(flatten)]
    faults: Faults,
    /// Calls that came since the plan is in force.
    calls: u64,
    /// Calls that were struck.
    struck: u64,
}

/// What happens to one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strike {
    /// When it happens.
    pub when: FaultMoment,
    blow: Blow,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Blow {
    Error(ErrorKind),
    /// No answer for so long, then the connection ends.
    Silence(Duration),
    /// The caller is killed by a POST to this URL.
    Crash(String),
}

/// What the caller gets instead of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// An exception.
    Refused(ApiError),
    /// Nothing: the connection ends.
    Unanswered,
}

impl Chaos {
    /// The plan in force, with the calls that came and were struck.
    #[must_use]
    pub fn report(&self) -> BTreeMap<String, Entry> {
        self.lock().clone()
    }

    /// Replaces the plan and begins to count anew.
    ///
    /// # Errors
    /// Says which value is impossible; the plan in force stays.
    pub fn replace(&self, plan: FaultPlan) -> Result<(), String> {
        for (operation, faults) in &plan {
            if operation != ANY && operations::find(operation).is_none() {
                return Err(format!("`{operation}` is no operation of the simulator; use its AWS name or `*`"));
            }
            faults.check().map_err(|problem| format!("{operation}: {problem}"))?;
        }
        let entry = |(operation, faults)| (operation, Entry { faults, calls: 0, struck: 0 });
        *self.lock() = plan.into_iter().map(entry).collect();
        Ok(())
    }

    /// Counts a call, lets it wait as planned, and says what happens to it.
    pub async fn meet(&self, operation: &str) -> Option<Strike> {
        let (wait, strike) = self.judge(operation, fastrand::f64())?;
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
        strike
    }

    /// How long a call waits and what happens to it, by a number thrown between 0 and 1.
    fn judge(&self, operation: &str, thrown: f64) -> Option<(Duration, Option<Strike>)> {
        let mut entries = self.lock();
        let name = if entries.contains_key(operation) { operation } else { ANY };
        let Entry { faults, calls, struck } = entries.get_mut(name)?;
        *calls += 1;
        let verdict = match faults.nth {
            Some(nth) => (nth == *calls).then(|| faults.error()).flatten(),
            None => faults.verdict(thrown),
        };
        *struck += u64::from(verdict.is_some());
        let latency = Duration::from_millis(faults.latency_ms);
        let blow = verdict.map(|kind| match (faults.action, &faults.crash_url) {
            (FaultAction::Timeout, _) => Blow::Silence(latency),
            (FaultAction::Crash, Some(url)) => Blow::Crash(url.clone()),
            (FaultAction::Error | FaultAction::Crash, _) => Blow::Error(kind),
        });
        // The latency of a timeout is how long it lasts.
        let wait = if faults.action == FaultAction::Timeout { Duration::ZERO } else { latency };
        Some((wait, blow.map(|blow| Strike { when: faults.when, blow })))
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Entry>> {
        // An entry is whole after every statement, so a panic elsewhere cannot have left it half-written.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Strike {
    /// Lets the fault happen.
    pub async fn land(self) -> Fault {
        match self.blow {
            Blow::Error(kind) => Fault::Refused(kind.into()),
            Blow::Silence(wait) => {
                tokio::time::sleep(wait).await;
                Fault::Unanswered
            }
            Blow::Crash(url) => match tokio::task::spawn_blocking(move || crash(&url)).await {
                Ok(Ok(())) => Fault::Unanswered,
                Ok(Err(problem)) => hook_failed(&problem),
                Err(problem) => hook_failed(&problem.to_string()),
            },
        }
    }
}

/// A crash that did not happen must not look like one.
fn hook_failed(problem: &str) -> Fault {
    let message = format!("The crash hook of the fault plan failed: {problem}");
    Fault::Refused(ApiError::new(ErrorKind::InternalServer, message))
}

fn crash(url: &str) -> Result<(), String> {
    let config = ureq::Agent::config_builder().timeout_global(Some(HOOK_TIMEOUT)).build();
    let answer = ureq::Agent::new_with_config(config).post(url).send_empty();
    answer.map(drop).map_err(|error| format!("{url}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chaos(plan: &serde_json::Value) -> Chaos {
        let chaos = Chaos::default();
        chaos.replace(serde_json::from_value(plan.clone()).unwrap()).unwrap();
        chaos
    }

    #[test]
    fn only_the_nth_call_is_struck_and_it_is_counted() {
        let chaos = chaos(&serde_json::json!({ "IndexFaces": { "nth": 2, "when": "after" } }));
        let strikes: Vec<_> = (0..4).map(|_| chaos.judge("IndexFaces", 0.0).unwrap().1).collect();
        let strike = Strike { when: FaultMoment::After, blow: Blow::Error(ErrorKind::InternalServer) };
        assert_eq!(strikes, [None, Some(strike), None, None]);
        assert_eq!(chaos.judge("DetectFaces", 0.0), None, "another operation is not meant");
        let report = &chaos.report()["IndexFaces"];
        assert_eq!((report.calls, report.struck), (4, 1));
    }

    #[test]
    fn any_operation_counts_for_a_plan_of_all() {
        let chaos = chaos(&serde_json::json!({ "*": { "nth": 2 }, "ListFaces": { "latency_ms": 7 } }));
        assert_eq!(chaos.judge("DetectFaces", 0.0).unwrap().1, None);
        assert_eq!(chaos.judge("ListFaces", 0.0), Some((Duration::from_millis(7), None)));
        assert!(chaos.judge("IndexFaces", 0.0).unwrap().1.is_some());
    }

    #[test]
    fn a_timeout_is_silent_for_its_latency_and_delays_no_other_call() {
        let chaos = chaos(&serde_json::json!({ "*": { "action": "timeout", "error_rate": 0.5, "latency_ms": 900 } }));
        let (wait, strike) = chaos.judge("IndexFaces", 0.4).unwrap();
        assert_eq!((wait, strike.unwrap().blow), (Duration::ZERO, Blow::Silence(Duration::from_millis(900))));
        assert_eq!(chaos.judge("IndexFaces", 0.6), Some((Duration::ZERO, None)));
    }

    #[test]
    fn an_impossible_plan_is_refused_and_the_old_one_stays() {
        let chaos = chaos(&serde_json::json!({ "*": { "latency_ms": 5 } }));
        let before = chaos.report();
        for bad in ["IndexFace", "IndexFaces"] {
            let faults = Faults { error_rate: 1.5, ..Faults::default() };
            assert!(chaos.replace(FaultPlan::from([(bad.to_owned(), faults)])).is_err());
        }
        assert_eq!(chaos.report(), before);
    }
}
