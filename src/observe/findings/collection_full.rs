//! A collection that will soon take no more faces.

use crate::model::Environment;

use super::{Gravity, Incident, Part, Snapshot};

/// From here on a new shard should be planned: moving faces takes days.
const WARN_AT: f64 = 0.80;
/// From here on registrations will soon fail.
const ERROR_AT: f64 = 0.95;

pub(super) fn check(snapshot: &Snapshot, _: &Environment) -> Vec<Incident> {
    let full = |status: &super::super::CollectionStatus| {
        let fill = status.fill()?;
        let gravity = match fill {
            _ if fill >= ERROR_AT => Gravity::Error,
            _ if fill >= WARN_AT => Gravity::Warning,
            _ => return None,
        };
        Some(Incident {
            rule: "collection_full",
            gravity,
            part: Part::Collections,
            subject: status.collection.id.to_string(),
            message: format!("{:.1} % of its {} million faces are used", fill * 100.0, status.capacity / 1_000_000),
            since: None,
            remedy: "add a shard to the role in idv.yaml and deploy it before the collection is full".to_owned(),
        })
    };
    snapshot.collections.iter().filter_map(full).collect()
}
