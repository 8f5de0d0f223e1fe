//! Nothing is deployed at all: one incident instead of one per stack.

use crate::model::Environment;

use super::{Gravity, Incident, Part, Snapshot};

pub(super) fn check(snapshot: &Snapshot, environment: &Environment) -> Vec<Incident> {
    if !snapshot.is_absent() {
        return Vec::new();
    }
    vec![Incident {
        rule: "not_deployed",
        gravity: Gravity::Error,
        part: Part::Stacks,
        subject: environment.prefix(),
        message: "nothing is deployed here yet".to_owned(),
        since: None,
        remedy: format!("run `idvctl up -e {}`", environment.name),
    }]
}
