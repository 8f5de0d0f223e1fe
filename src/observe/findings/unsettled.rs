//! What a crash left half done and the sweep cannot finish; and a sweep that is not heard of.

use std::time::Duration;

use crate::model::Environment;

use super::{Gravity, Incident, Part, Snapshot};

/// The sweep comes every minute. After this it has stopped, and is not just late.
const SILENCE: Duration = Duration::from_mins(10);

pub(super) fn check(snapshot: &Snapshot, _: &Environment) -> Vec<Incident> {
    let kinds = snapshot.kpis.unsettled.known().map(Vec::as_slice).unwrap_or_default();
    // A period of a long window is longer than the silence, and its report is dated to its beginning.
    let patience = SILENCE.max(2 * snapshot.window.period());
    let (mut left, mut is_silent) = (Vec::new(), false);
    for one in kinds {
        match one.last.known() {
            Some(Some(report)) if snapshot.generated_at.since(report.at) <= patience => {
                left.extend((report.left > 0).then(|| one.kind.counted(report.left)));
            }
            Some(_) => is_silent = true,
            None => {}
        }
    }
    let left = (!left.is_empty()).then(|| Incident {
        rule: "unsettled",
        gravity: Gravity::Warning,
        part: Part::Kpis,
        subject: "sweep".to_owned(),
        message: format!("{} could not be cleaned up", left.join(", ")),
        since: None,
        remedy: "the log group of the sweeper function says why; it tries again every minute".to_owned(),
    });
    let silent = is_silent.then(|| Incident {
        rule: "sweep_silent",
        gravity: Gravity::Unknown,
        part: Part::Kpis,
        subject: "sweep".to_owned(),
        message: format!("has not reported for more than {} minutes", patience.as_secs() / 60),
        since: None,
        remedy: "look for errors of the sweeper function, and whether its schedule is enabled".to_owned(),
    });
    left.into_iter().chain(silent).collect()
}
