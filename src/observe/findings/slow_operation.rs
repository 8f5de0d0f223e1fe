//! A Rekognition operation that is slower than the environment allows.

use crate::model::Environment;

use super::{Gravity, Incident, Part, Snapshot};

pub(super) fn check(snapshot: &Snapshot, environment: &Environment) -> Vec<Incident> {
    let limit = f64::from(environment.alarms.rekognition_p99_ms);
    let slow = |status: &super::super::OperationStatus| {
        let p99 = status.p99_ms.known().copied().flatten().filter(|p99| *p99 > limit)?;
        Some(Incident {
            rule: "slow_operation",
            gravity: Gravity::Warning,
            part: Part::Operations,
            subject: status.operation.to_string(),
            message: format!("p99 is {:.2} s, {:.1} times its limit of {:.2} s", p99 / 1e3, p99 / limit, limit / 1e3),
            since: None,
            remedy: "compare with its throttles: retries are part of the time; smaller images are faster".to_owned(),
        })
    };
    snapshot.operations.iter().filter_map(slow).collect()
}
