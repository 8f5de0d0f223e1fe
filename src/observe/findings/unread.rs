//! Parts that could not be read. Their numbers are unknown, so nothing can be said of their health.

use crate::model::{Environment, Reading};

use super::super::series::NO_METRIC_YET;
use super::{Gravity, Incident, Part, Snapshot};

pub(super) fn check(snapshot: &Snapshot, _: &Environment) -> Vec<Incident> {
    let stacks = snapshot.stacks.iter().find_map(|stack| stack.status.why());
    let collections = snapshot.collections.iter().find_map(|status| status.faces.why());
    let operations = snapshot
        .operations
        .iter()
        .find_map(|status| status.requests.why().or(status.errors.why()).or(status.throttles.why()));
    let routes = snapshot.routes.iter().find_map(|status| status.requests.why().or(status.server_errors.why()));
    let kpis = snapshot.kpis.registrations.total();
    let compliance = match &snapshot.compliance {
        Some(Reading::Unknown(why)) => Some(why.as_str()),
        _ => None,
    };
    [
        (Part::Stacks, "stacks", stacks),
        (Part::Collections, "collections", collections),
        (Part::Alarms, "alarms", snapshot.alarms.why()),
        (Part::Operations, "Rekognition operations", operations),
        (Part::Routes, "routes", routes),
        (Part::Kpis, "business numbers", kpis.why().or(snapshot.kpis.refusals.why())),
        (Part::Compliance, "compliance", compliance),
    ]
    .into_iter()
    .filter(|(_, _, why)| why.is_none_or(|why| why != NO_METRIC_YET))
    .filter_map(|(part, subject, why)| {
        Some(Incident {
            rule: "unread",
            gravity: Gravity::Unknown,
            part,
            subject: subject.to_owned(),
            message: format!("could not be read: {}", why?),
            since: None,
            remedy: "mend what the message names; the next refresh asks again".to_owned(),
        })
    })
    .collect()
}
