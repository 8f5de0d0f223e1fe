//! CloudWatch alarms.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// One alarm as CloudWatch reports it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    /// Its name.
    pub name: String,
    /// What it says now.
    pub state: AlarmState,
    /// Since when it says so.
    pub since: Option<Timestamp>,
    /// CloudWatch's reason in words.
    pub reason: String,
}

/// What an alarm says. No data is a state of its own, never a good one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AlarmState {
    /// The threshold is broken.
    Alarm,
    /// Not enough data to tell.
    InsufficientData,
    /// Within the threshold.
    Ok,
}

impl fmt::Display for AlarmState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Alarm => "ALARM",
            Self::InsufficientData => "NO DATA",
            Self::Ok => "OK",
        })
    }
}
