//! Rekognition calls refused for their rate.

use crate::model::Environment;

use super::{Gravity, Incident, Part, Snapshot};

pub(super) fn check(snapshot: &Snapshot, _: &Environment) -> Vec<Incident> {
    let throttled = |status: &super::super::OperationStatus| {
        let throttles = status.throttles.known().copied().filter(|throttles| *throttles > 0)?;
        Some(Incident {
            rule: "throttling",
            gravity: Gravity::Warning,
            part: Part::Operations,
            subject: status.operation.to_string(),
            message: format!(
                "{throttles} calls were refused for their rate; the default quota is {} per second",
                status.quota_per_second
            ),
            since: None,
            remedy: "spread the calls, or ask for a larger quota in Service Quotas".to_owned(),
        })
    };
    snapshot.operations.iter().filter_map(throttled).collect()
}
