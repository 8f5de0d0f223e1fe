//! What is wrong in an environment: one file per rule, each a pure function of the snapshot.

mod alarm_active;
mod alarm_without_data;
mod collection_full;
mod collection_missing;
mod duties;
mod handler_silent;
mod mixed_models;
mod not_deployed;
mod route_errors;
mod slow_operation;
mod stack_incomplete;
mod throttling;
mod unknown_model;
mod unread;
mod unsettled;

#[cfg(test)]
mod tests;

use std::fmt;

use serde::Serialize;

use crate::model::{Environment, Timestamp};

use super::Snapshot;

/// One thing that is wrong, with where to look and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Incident {
    /// The rule's stable name, for example `throttling`.
    pub rule: &'static str,
    /// How bad it is.
    #[serde(rename = "severity")]
    pub gravity: Gravity,
    /// The part of the environment to look at.
    pub part: Part,
    /// What it is about: a stack, an alarm, a collection …
    pub subject: String,
    /// What is wrong, with the value.
    pub message: String,
    /// Since when, where that is known.
    pub since: Option<Timestamp>,
    /// What to do.
    pub remedy: String,
}

/// How bad an incident is. What is not known is no good state, but nothing is known to be broken either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Gravity {
    /// People are affected now.
    Error,
    /// It will be an error if nothing is done.
    Warning,
    /// It could not be determined.
    Unknown,
}

/// A part of an environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// CloudFormation stacks.
    Stacks,
    /// Face collections.
    Collections,
    /// Alarms.
    Alarms,
    /// Rekognition operations.
    Operations,
    /// Routes of the API.
    Routes,
    /// What the business counts.
    Kpis,
    /// The duties.
    Compliance,
}

/// A rule: everything that it finds in a snapshot.
type Rule = fn(&Snapshot, &Environment) -> Vec<Incident>;

/// Every rule.
const RULES: [Rule; 15] = [
    not_deployed::check,
    stack_incomplete::check,
    alarm_active::check,
    throttling::check,
    route_errors::check,
    slow_operation::check,
    collection_missing::check,
    collection_full::check,
    mixed_models::check,
    unknown_model::check,
    unsettled::check,
    duties::check,
    handler_silent::check,
    unread::check,
    alarm_without_data::check,
];

/// Everything that is wrong, the worst first, and among equals what began last.
pub(super) fn all(snapshot: &Snapshot, environment: &Environment) -> Vec<Incident> {
    let mut found: Vec<Incident> = RULES.iter().flat_map(|rule| rule(snapshot, environment)).collect();
    // Stable: rules keep their order where nothing else decides.
    found.sort_by_key(|incident| (incident.gravity, std::cmp::Reverse(incident.since)));
    found
}

impl fmt::Display for Gravity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Unknown => "unknown",
        })
    }
}
