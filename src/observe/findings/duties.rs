//! Duties that are not met: stores without the protection that is required of them, and no opt-out.

use crate::model::{ComplianceStatus, Environment, OptOutAnswer, Reading, Verdict};

use super::{Gravity, Incident, Part, Snapshot};

pub(super) fn check(snapshot: &Snapshot, _: &Environment) -> Vec<Incident> {
    let Some(Reading::Known(status)) = &snapshot.compliance else { return Vec::new() };
    let stores = [(Verdict::Fail, Gravity::Warning), (Verdict::Unknown, Gravity::Unknown)];
    stores
        .into_iter()
        .filter_map(|(verdict, gravity)| of_stores(status, verdict, gravity))
        .chain(opt_out(status))
        .collect()
}

fn of_stores(status: &ComplianceStatus, verdict: Verdict, gravity: Gravity) -> Option<Incident> {
    let first = status.controls.iter().find(|control| control.verdict == verdict)?;
    let (count, all) = (status.count(verdict), status.controls.len());
    let word = if verdict == Verdict::Fail { "not met" } else { "unknown" };
    Some(Incident {
        rule: "store_protection",
        gravity,
        part: Part::Compliance,
        subject: format!("stores {verdict}"),
        message: format!("{count} of {all} requirements are {word}, first: {} of {}", first.requirement, first.store),
        since: None,
        remedy: first.remedy.clone(),
    })
}

/// The local cloud has no organisation whose policy could keep anything: its answer is drawn, but is no incident.
fn opt_out(status: &ComplianceStatus) -> Option<Incident> {
    let gravity = match status.opt_out.answer {
        OptOutAnswer::Yes => return None,
        OptOutAnswer::No => Gravity::Warning,
        OptOutAnswer::Unknown => Gravity::Unknown,
    };
    (!status.simulated).then(|| Incident {
        rule: "opt_out",
        gravity,
        part: Part::Compliance,
        subject: "AI services opt-out".to_owned(),
        message: format!("{}: {}", status.opt_out.answer, status.opt_out.reason),
        since: None,
        remedy: "attach policies/organizations/ai-services-opt-out.json in the management account".to_owned(),
    })
}
