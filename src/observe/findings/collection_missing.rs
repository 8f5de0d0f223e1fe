//! A configured collection that does not exist though the data stack does.

use crate::model::{Environment, StackKind};

use super::super::StackHealth;
use super::{Gravity, Incident, Part, Snapshot};

pub(super) fn check(snapshot: &Snapshot, _: &Environment) -> Vec<Incident> {
    let deployed = snapshot.stacks.iter().any(|stack| {
        stack.kind == StackKind::Data && matches!(stack.health(), StackHealth::Complete | StackHealth::Failed)
    });
    if !deployed {
        return Vec::new();
    }
    let missing = snapshot.collections.iter().filter(|status| status.is_missing());
    missing
        .map(|status| Incident {
            rule: "collection_missing",
            gravity: Gravity::Error,
            part: Part::Collections,
            subject: status.collection.id.to_string(),
            message: "the collection is configured but does not exist: calls that need it fail".to_owned(),
            since: None,
            remedy: "deploy the data stack with `idvctl deploy`".to_owned(),
        })
        .collect()
}
