//! Deliberate faults: errors, throttling and latency per operation, set through the admin endpoint.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{ApiError, ErrorKind, operations};

/// Stands for every operation that has no entry of its own.
const ANY: &str = "*";
/// Longest latency that can be asked for, in milliseconds.
const LONGEST_LATENCY_MS: u64 = 60_000;

/// What shall go wrong, by operation name or `*`.
pub type FaultPlan = BTreeMap<String, Faults>;

/// What shall go wrong with one operation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// Part of the calls that fail with `error_code`, 0–1.
    pub error_rate: f64,
    /// The exception of those calls.
    pub error_code: String,
    /// Added to every call, in milliseconds.
    pub latency_ms: u64,
    /// Part of the calls that are refused with ProvisionedThroughputExceededException, 0–1.
    pub throttle_rate: f64,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            error_rate: 0.0,
            error_code: ErrorKind::InternalServer.name().to_owned(),
            latency_ms: 0,
            throttle_rate: 0.0,
        }
    }
}

/// The plan in force.
#[derive(Debug, Default)]
pub struct Chaos(RwLock<FaultPlan>);

impl Chaos {
    /// The plan in force.
    #[must_use]
    pub fn plan(&self) -> FaultPlan {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Replaces the plan.
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
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = plan;
        Ok(())
    }

    /// Lets a call wait and fail as planned.
    pub async fn strike(&self, operation: &str) -> Result<(), ApiError> {
        let Some(faults) = self.faults_of(operation) else { return Ok(()) };
        if faults.latency_ms > 0 {
            tokio::time::sleep(Duration::from_millis(faults.latency_ms)).await;
        }
        match faults.verdict(fastrand::f64()) {
            Some(kind) => Err(kind.into()),
            None => Ok(()),
        }
    }

    fn faults_of(&self, operation: &str) -> Option<Faults> {
        let plan = self.0.read().unwrap_or_else(PoisonError::into_inner);
        plan.get(operation).or_else(|| plan.get(ANY)).cloned()
    }
}

impl Faults {
    fn check(&self) -> Result<(), String> {
        for (name, rate) in [("error_rate", self.error_rate), ("throttle_rate", self.throttle_rate)] {
            if !(0.0..=1.0).contains(&rate) {
                return Err(format!("{name} {rate} is not between 0 and 1"));
            }
        }
        if self.latency_ms > LONGEST_LATENCY_MS {
            return Err(format!("latency_ms {} is over {LONGEST_LATENCY_MS}", self.latency_ms));
        }
        match ErrorKind::named(&self.error_code) {
            Some(_) => Ok(()),
            None => Err(format!("error_code `{}` is no exception of Rekognition", self.error_code)),
        }
    }

    /// What a call meets, by a number thrown between 0 and 1.
    fn verdict(&self, thrown: f64) -> Option<ErrorKind> {
        if thrown < self.throttle_rate {
            Some(ErrorKind::ProvisionedThroughputExceeded)
        } else if thrown < self.throttle_rate + self.error_rate {
            ErrorKind::named(&self.error_code)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn throttles_and_errors_share_the_calls_as_planned() {
        let faults = Faults { error_rate: 0.2, throttle_rate: 0.1, ..Faults::default() };
        assert_eq!(faults.verdict(0.05), Some(ErrorKind::ProvisionedThroughputExceeded));
        assert_eq!(faults.verdict(0.29), Some(ErrorKind::InternalServer));
        assert_eq!(faults.verdict(0.31), None);
    }

    #[test]
    fn an_impossible_plan_is_refused_and_the_old_one_stays() {
        let chaos = Chaos::default();
        let good = FaultPlan::from([(ANY.to_owned(), Faults { latency_ms: 5, ..Faults::default() })]);
        chaos.replace(good.clone()).unwrap();
        for bad in [
            ("IndexFaces", Faults { error_rate: 1.5, ..Faults::default() }),
            ("IndexFaces", Faults { error_code: "Oops".to_owned(), ..Faults::default() }),
            ("IndexFace", Faults::default()),
        ] {
            assert!(chaos.replace(FaultPlan::from([(bad.0.to_owned(), bad.1)])).is_err());
        }
        assert_eq!(chaos.plan(), good);
    }
}
