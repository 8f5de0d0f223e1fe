//! A route that answers 5xx more often than the environment allows.

use crate::model::Environment;

use super::{Gravity, Incident, Part, Snapshot};

pub(super) fn check(snapshot: &Snapshot, environment: &Environment) -> Vec<Incident> {
    let limit = f64::from(environment.alarms.error_percent);
    let failing = |status: &super::super::RouteStatus| {
        let (errors, requests) = (*status.server_errors.known()?, *status.requests.known()?);
        let percent = 100.0 * errors as f64 / requests.max(1) as f64;
        (errors > 0 && percent > limit).then(|| Incident {
            rule: "route_errors",
            gravity: Gravity::Error,
            part: Part::Routes,
            subject: status.route.to_string(),
            message: format!("{errors} of {requests} answers are 5xx ({percent:.1} %, allowed {limit} %)"),
            since: None,
            remedy: format!("read the logs of the function {}-api", environment.prefix()),
        })
    };
    snapshot.routes.iter().filter_map(failing).collect()
}
