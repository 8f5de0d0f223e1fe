//! Collections of a face model that nobody has measured: without thresholds of its own it is judged by the strictest.

use std::collections::BTreeMap;

use crate::model::{Environment, ModelVersion};

use super::{Gravity, Incident, Part, Snapshot};

pub(super) fn check(snapshot: &Snapshot, environment: &Environment) -> Vec<Incident> {
    let mut unknown: BTreeMap<&ModelVersion, usize> = BTreeMap::new();
    for status in &snapshot.collections {
        if let Some(Some(version)) = status.model_version.known()
            && !environment.matching.by_model_version.contains_key(version)
        {
            *unknown.entry(version).or_default() += 1;
        }
    }
    let found = unknown.into_iter().map(|(version, collections)| {
        let collections = if collections == 1 { "1 collection".into() } else { format!("{collections} collections") };
        Incident {
            rule: "unknown_model",
            gravity: Gravity::Warning,
            part: Part::Collections,
            subject: format!("face model {version}"),
            message: format!("{collections} of it, and no thresholds: the strictest of idv.yaml judge its scores"),
            since: None,
            remedy: format!(
                "measure its scores, then set matching.model_versions.\"{version}\" in idv.yaml and deploy"
            ),
        }
    });
    found.collect()
}
