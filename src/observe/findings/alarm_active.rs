//! An alarm that is raised.

use crate::model::{AlarmState, Environment, Reading};

use super::{Gravity, Incident, Part, Snapshot};

pub(super) fn check(snapshot: &Snapshot, _: &Environment) -> Vec<Incident> {
    let Reading::Known(alarms) = &snapshot.alarms else { return Vec::new() };
    let raised = alarms.iter().filter(|alarm| alarm.state == AlarmState::Alarm);
    raised
        .map(|alarm| Incident {
            rule: "alarm_active",
            gravity: Gravity::Error,
            part: Part::Alarms,
            subject: alarm.name.clone(),
            message: if alarm.reason.is_empty() { "the alarm is raised".to_owned() } else { alarm.reason.clone() },
            since: alarm.since,
            remedy: "look at the metric behind it, then at the logs of the same minutes".to_owned(),
        })
        .collect()
}
