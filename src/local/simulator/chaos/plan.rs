//! What can be planned, and what cannot.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::local::simulator::ErrorKind;

/// Stands for every operation that has no entry of its own.
pub const ANY: &str = "*";
/// Longest latency that can be asked for, in milliseconds.
const LONGEST_LATENCY_MS: u64 = 60_000;

/// What shall go wrong, by operation name or `*`.
pub type FaultPlan = BTreeMap<String, Faults>;

/// What shall go wrong with one operation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// Part of the calls that are struck, 0–1.
    pub error_rate: f64,
    /// The exception of those calls.
    pub error_code: String,
    /// Added to every call, in milliseconds; of a timeout, how long it lasts.
    pub latency_ms: u64,
    /// Part of the calls that are struck with ProvisionedThroughputExceededException, 0–1.
    pub throttle_rate: f64,
    /// Strikes this one call, counted from 1 and from now on, and no other; the rates do not count then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nth: Option<u64>,
    /// Whether the operation happens before the fault does.
    pub when: FaultMoment,
    /// What the caller gets.
    pub action: FaultAction,
    /// Of a crash: the URL that a POST goes to, and that kills the caller.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crash_url: Option<String>,
}

/// When a fault happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FaultMoment {
    /// Instead of the operation.
    #[default]
    Before,
    /// When the operation has happened: only its answer is lost.
    After,
}

/// What the caller gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FaultAction {
    /// An exception.
    #[default]
    Error,
    /// No answer, and after a while the end of the connection.
    Timeout,
    /// Its own end: the crash hook kills it.
    Crash,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            error_rate: 0.0,
            error_code: ErrorKind::InternalServer.name().to_owned(),
            latency_ms: 0,
            throttle_rate: 0.0,
            nth: None,
            when: FaultMoment::default(),
            action: FaultAction::default(),
            crash_url: None,
        }
    }
}

impl Faults {
    /// Says which value is impossible.
    pub(super) fn check(&self) -> Result<(), String> {
        for (name, rate) in [("error_rate", self.error_rate), ("throttle_rate", self.throttle_rate)] {
            if !(0.0..=1.0).contains(&rate) {
                return Err(format!("{name} {rate} is not between 0 and 1"));
            }
        }
        if self.latency_ms > LONGEST_LATENCY_MS {
            return Err(format!("latency_ms {} is over {LONGEST_LATENCY_MS}", self.latency_ms));
        }
        if self.nth == Some(0) {
            return Err("nth counts from 1".to_owned());
        }
        let strikes = self.nth.is_some() || self.error_rate + self.throttle_rate > 0.0;
        if self.action != FaultAction::Error && !strikes {
            return Err("nothing says which calls are struck; give nth or error_rate".to_owned());
        }
        let hook = self.crash_url.as_deref().is_some_and(|url| url.starts_with("http://"));
        if self.action == FaultAction::Crash && !hook {
            return Err("a crash needs a crash_url that begins with http://".to_owned());
        }
        match self.error() {
            Some(_) => Ok(()),
            None => Err(format!("error_code `{}` is no exception of Rekognition", self.error_code)),
        }
    }

    /// The exception of `error_code`.
    pub(super) fn error(&self) -> Option<ErrorKind> {
        ErrorKind::named(&self.error_code)
    }

    /// Which exception strikes a call by the rates, if any, by a number thrown between 0 and 1.
    pub(super) fn verdict(&self, thrown: f64) -> Option<ErrorKind> {
        if thrown < self.throttle_rate {
            Some(ErrorKind::ProvisionedThroughputExceeded)
        } else if thrown < self.throttle_rate + self.error_rate {
            self.error()
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
    fn what_cannot_happen_cannot_be_planned() {
        let crash = |url: Option<&str>| Faults {
            nth: Some(1),
            action: FaultAction::Crash,
            crash_url: url.map(str::to_owned),
            ..Faults::default()
        };
        assert_eq!(crash(Some("http://127.0.0.1:1/")).check(), Ok(()));
        for bad in [
            crash(None),
            crash(Some("ftp://example.com")),
            Faults { error_rate: 1.5, ..Faults::default() },
            Faults { error_code: "Oops".to_owned(), ..Faults::default() },
            Faults { latency_ms: 60_001, ..Faults::default() },
            Faults { nth: Some(0), ..Faults::default() },
            Faults { action: FaultAction::Timeout, ..Faults::default() },
        ] {
            assert!(bad.check().is_err(), "{bad:?}");
        }
    }
}
