//! Shards of one role that are pinned to different face model versions: their scores do not compare.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{CollectionRole, Environment, ModelVersion};

use super::{Gravity, Incident, Part, Snapshot};

pub(super) fn check(snapshot: &Snapshot, _: &Environment) -> Vec<Incident> {
    let mut versions: BTreeMap<&CollectionRole, BTreeSet<&ModelVersion>> = BTreeMap::new();
    for status in &snapshot.collections {
        if let Some(Some(version)) = status.model_version.known() {
            versions.entry(&status.collection.role).or_default().insert(version);
        }
    }
    let mixed = versions.into_iter().filter(|(_, versions)| versions.len() > 1);
    mixed
        .map(|(role, versions)| {
            let mut versions: Vec<&ModelVersion> = versions.into_iter().collect();
            versions.sort_by_key(|version| version.numbers());
            let versions: Vec<&str> = versions.into_iter().map(ModelVersion::as_str).collect();
            Incident {
                rule: "mixed_models",
                gravity: Gravity::Warning,
                part: Part::Collections,
                subject: role.to_string(),
                message: format!("shards have face models {}: their scores do not compare", versions.join(" and ")),
                since: None,
                remedy: "index the faces of the older shards anew into collections of the newest model".to_owned(),
            }
        })
        .collect()
}
