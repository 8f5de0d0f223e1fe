//! A stack that is missing, changing or stuck after a failed change.

use crate::model::Environment;

use super::super::{StackHealth, StackStatus};
use super::{Gravity, Incident, Part, Snapshot};

pub(super) fn check(snapshot: &Snapshot, _: &Environment) -> Vec<Incident> {
    if snapshot.is_absent() {
        return Vec::new();
    }
    snapshot.stacks.iter().filter_map(incomplete).collect()
}

fn incomplete(stack: &StackStatus) -> Option<Incident> {
    let status = stack.status.known().and_then(Option::as_deref).unwrap_or_default();
    let reason = stack.reason.as_deref().map(|reason| format!(": {reason}")).unwrap_or_default();
    let (gravity, message, remedy) = match stack.health() {
        StackHealth::Failed => (
            Gravity::Error,
            format!("{status}{reason}"),
            "mend the cause that its events name, then run `idvctl deploy`",
        ),
        StackHealth::Absent => (Gravity::Error, "the stack does not exist".to_owned(), "run `idvctl deploy`"),
        StackHealth::Moving => (Gravity::Warning, format!("{status}: a change is running"), "wait for its end"),
        // A status that could not be read is the business of the rule `unread`.
        StackHealth::Complete | StackHealth::Unknown => return None,
    };
    Some(Incident {
        rule: "stack_incomplete",
        gravity,
        part: Part::Stacks,
        subject: stack.name.clone(),
        message,
        since: stack.changed,
        remedy: remedy.to_owned(),
    })
}
