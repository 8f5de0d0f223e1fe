//! Alarms that cannot tell. One incident for all of them: an idle environment has many, and they have one cause.

use crate::model::{Alarm, AlarmState, Environment, Reading};

use super::{Gravity, Incident, Part, Snapshot};

/// How many alarms an incident names.
const NAMED: usize = 3;

pub(super) fn check(snapshot: &Snapshot, _: &Environment) -> Vec<Incident> {
    let Reading::Known(alarms) = &snapshot.alarms else { return Vec::new() };
    let blind: Vec<_> = alarms.iter().filter(|alarm| alarm.state == AlarmState::InsufficientData).collect();
    let Some(first) = blind.first() else { return Vec::new() };
    let (subject, message) = match blind.len() {
        1 => (first.name.clone(), "the alarm has no data".to_owned()),
        count => (format!("{count} alarms"), format!("have no data yet: {}", names(&blind))),
    };
    vec![Incident {
        rule: "alarm_without_data",
        gravity: Gravity::Unknown,
        part: Part::Alarms,
        subject,
        message,
        since: blind.iter().filter_map(|alarm| alarm.since).min(),
        remedy: "nothing to do where there was no traffic yet; otherwise check the alarm's metric and dimensions"
            .to_owned(),
    }]
}

/// The first few; the alarms' own page has them all.
fn names(alarms: &[&Alarm]) -> String {
    let names: Vec<&str> = alarms.iter().take(NAMED).map(|alarm| alarm.name.as_str()).collect();
    match alarms.len().saturating_sub(NAMED) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}
