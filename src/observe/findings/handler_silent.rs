//! Calls that the handler answered, and not a single metric of its own: nothing on this page can then be believed.

use crate::model::Environment;

use super::super::awaits_first_metric;
use super::{Gravity, Incident, Part, Snapshot};

pub(super) fn check(snapshot: &Snapshot, _: &Environment) -> Vec<Incident> {
    if !awaits_first_metric(&snapshot.kpis.searches) {
        return Vec::new();
    }
    // Refused calls may never have reached the handler; a call that went well did.
    let answered: u64 = snapshot.routes.iter().filter_map(went_well).sum();
    if answered == 0 {
        return Vec::new();
    }
    vec![Incident {
        rule: "handler_silent",
        // It may be that the first metrics are still on their way.
        gravity: Gravity::Unknown,
        part: Part::Kpis,
        subject: "business numbers".to_owned(),
        message: format!("the API answered {answered} requests, and no metric of the handler has arrived"),
        since: None,
        remedy: "wait some minutes; then look for metric lines in the log group of the function, and for IDV_SETTINGS"
            .to_owned(),
    }]
}

fn went_well(route: &super::super::RouteStatus) -> Option<u64> {
    let (requests, refused, failed) =
        (route.requests.known()?, route.client_errors.known()?, route.server_errors.known()?);
    Some(requests.saturating_sub(refused + failed))
}
