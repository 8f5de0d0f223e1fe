//! One environment from its layers, each overriding those before it: built-in, the built-in part of this environment,
//! the file's top level, the file's part of this environment; then the defaults of the keys that are still missing.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::keys::{self, ENVIRONMENTS};
use super::rule::Fault;
use super::shape::{self, Kind, Shape};
use crate::model::{
    AlarmSettings, Architecture, AuthSettings, Collection, CollectionRole, Environment, EnvironmentName, InvalidId,
    LivenessSettings, MatchThresholds, Matching, ModelVersion, Percent, ProjectName, QualityGates,
    RegistrationSettings, Retention, ShardStrategy, TenantId, TenantSettings,
};

/// Every environment of the file and the built-in ones.
pub(super) fn environment_names(file: &Value) -> BTreeSet<String> {
    let built_in = keys::built_in();
    let sources = [&built_in, file];
    sources.iter().filter_map(|source| source[ENVIRONMENTS].as_object()).flat_map(Map::keys).cloned().collect()
}

/// The mapping that an environment consists of, from a file that has been checked.
pub(super) fn layered(file: &Value, name: &str) -> Value {
    let built_in = keys::built_in();
    let mut layered = Value::Object(Map::new());
    for source in [&built_in, file] {
        overlay(&mut layered, source);
        overlay(&mut layered, &source[ENVIRONMENTS][name]);
    }
    complete(&mut layered, keys::LAYERED);
    layered
}

/// Lays a mapping over another. An empty section (null) says nothing; an emptied value overrides.
fn overlay(below: &mut Value, above: &Value) {
    let (Some(entries), Some(above)) = (below.as_object_mut(), above.as_object()) else { return };
    for (key, value) in above {
        match entries.get_mut(key) {
            Some(lower) if lower.is_object() => overlay(lower, value),
            _ => {
                entries.insert(key.clone(), value.clone());
            }
        }
    }
}

/// Fills in the default of every key that no layer has set.
fn complete(node: &mut Value, shape: Shape) {
    if node.is_null() {
        *node = Value::Object(Map::new());
    }
    let Some(entries) = node.as_object_mut() else { return };
    for field in shape::fields(shape) {
        let value = entries.entry(field.key).or_insert(Value::Null);
        match field.kind {
            Kind::Section(shape) => complete(value, shape),
            Kind::Value(_, preset) if value.is_null() => *value = preset.value(),
            Kind::Value(..) => {}
            Kind::Named { entry, .. } => {
                // Nothing below the key is no entries.
                complete(value, &[]);
                for value in value.as_object_mut().into_iter().flat_map(Map::values_mut) {
                    complete(value, entry);
                }
            }
        }
    }
}

/// The layered mapping in its own words, where the model has others.
#[derive(Deserialize)]
struct Layered {
    project: ProjectName,
    collections: Roles,
    matching: Thresholds,
    tenants: BTreeMap<TenantId, TenantSettings>,
    registration: RegistrationSettings,
    liveness: LivenessSettings,
    alarms: AlarmSettings,
    retention: Retention,
    auth: AuthSettings,
    architecture: Architecture,
}

#[derive(Deserialize)]
struct Roles {
    registered: Registered,
    fraudulent: Fraudulent,
}

#[derive(Deserialize)]
struct Registered {
    shards: u16,
    strategy: ShardStrategy,
}

#[derive(Deserialize)]
struct Fraudulent {
    shards: u16,
}

#[derive(Deserialize)]
struct Thresholds {
    #[serde(flatten)]
    default: MatchThresholds,
    model_versions: BTreeMap<ModelVersion, VersionThresholds>,
    quality: QualityGates,
}

#[derive(Deserialize)]
struct VersionThresholds {
    compare: Option<Percent>,
    search: Option<Percent>,
}

/// The environment that a layered mapping describes.
pub(super) fn assemble(layered: Value, name: &str) -> Result<Environment, Fault> {
    try_assemble(layered, name).map_err(|reason| Fault::new(reason, "report this: the checks should have found it"))
}

fn try_assemble(layered: Value, name: &str) -> Result<Environment, String> {
    let name = EnvironmentName::new(name).map_err(|error| error.to_string())?;
    let target = read(layered.clone())?;
    let Layered {
        project,
        collections,
        matching,
        tenants,
        registration,
        liveness,
        alarms,
        retention,
        auth,
        architecture,
    } = read(layered)?;
    Ok(Environment {
        target,
        collections: name_collections(&project, &name, &collections, &tenants).map_err(|error| error.to_string())?,
        strategy: collections.registered.strategy,
        matching: matching.into(),
        project,
        name,
        tenants,
        registration,
        liveness,
        alarms,
        retention,
        auth,
        architecture,
    })
}

fn read<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    serde_json::from_value(value).map_err(|error| error.to_string())
}

fn name_collections(
    project: &ProjectName,
    environment: &EnvironmentName,
    roles: &Roles,
    tenants: &BTreeMap<TenantId, TenantSettings>,
) -> Result<Vec<Collection>, InvalidId> {
    let own =
        [(CollectionRole::Registered, roles.registered.shards), (CollectionRole::Fraudulent, roles.fraudulent.shards)];
    let of_tenants = tenants.iter().map(|(tenant, settings)| (CollectionRole::Tenant(tenant.clone()), settings.shards));
    own.into_iter()
        .chain(of_tenants)
        .flat_map(|(role, shards)| (0..shards).map(move |shard| (role.clone(), shard)))
        .map(|(role, shard)| Collection::named(project, environment, role, shard))
        .collect()
}

impl From<Thresholds> for Matching {
    fn from(Thresholds { default, model_versions, quality }: Thresholds) -> Self {
        let own = |thresholds: VersionThresholds| MatchThresholds {
            compare: thresholds.compare.unwrap_or(default.compare),
            search: thresholds.search.unwrap_or(default.search),
        };
        let by_model_version = model_versions.into_iter().map(|(version, thresholds)| (version, own(thresholds)));
        Self { default, by_model_version: by_model_version.collect(), quality }
    }
}
