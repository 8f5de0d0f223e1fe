//! Alarms that cannot tell. One incident for all of them: an idle environment has many, and they have one cause.

use crate::model::{AlarmState, Environment, Reading};

use super::{Gravity, Incident, Part, Snapshot};

pub(super) fn check(snapshot: &Snapshot, _: &Environment) -> Vec<Incident> {
    let Reading::Known(alarms) = &snapshot.alarms else { return Vec::new() };
    let blind: Vec<_> = alarms.iter().filter(|alarm| alarm.state == AlarmState::InsufficientData).collect();
    let Some(first) = blind.first() else { return Vec::new() };
    let (subject, message) = match blind.len() {
        1 => (first.name.clone(), "the alarm has no data".to_owned()),
        count => (format!("{count} alarms"), format!("have no data: {}", names(&blind))),
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

fn names(alarms: &[&crate::model::Alarm]) -> String {
    let names: Vec<&str> = alarms.iter().map(|alarm| alarm.name.as_str()).collect();
    names.join(", ")
}
