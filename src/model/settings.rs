//! What the Lambda program is told about its environment.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Collection, CollectionRole, Environment, EnvironmentName, InvalidId, LivenessSettings, Matching, ProjectName,
    RegistrationSettings, ShardStrategy, TenantId, TenantSettings,
};

/// The part of an [`Environment`] that decisions are made of. Written by the renderer as JSON into the variable
/// `IDV_SETTINGS` of every function (together at most 4 KB of variables, a Lambda limit), read by the handler.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HandlerSettings {
    /// The deployment family.
    pub project: ProjectName,
    /// The environment's name.
    pub environment: EnvironmentName,
    /// Number of collections of registered users.
    pub registered_shards: u16,
    /// Number of collections of fraudsters.
    pub fraudulent_shards: u16,
    /// How a registered user's face finds its shard.
    pub strategy: ShardStrategy,
    /// Thresholds and quality gates.
    pub matching: Matching,
    /// How a registration goes.
    pub registration: RegistrationSettings,
    /// When a person counts as living.
    pub liveness: LivenessSettings,
    /// Days that the record of a concluded registration is kept.
    pub registrations_days: u32,
    /// The customers of the Face Matching API.
    pub tenants: BTreeMap<TenantId, TenantSettings>,
}

impl HandlerSettings {
    /// `PROJECT-ENVIRONMENT`, the value of the metric dimension `Environment`.
    #[must_use]
    pub fn prefix(&self) -> String {
        format!("{}-{}", self.project, self.environment)
    }

    /// Every shard of a role; none for a tenant that is not configured.
    pub fn shards(&self, role: &CollectionRole) -> Result<Vec<Collection>, InvalidId> {
        let count = match role {
            CollectionRole::Registered => self.registered_shards,
            CollectionRole::Fraudulent => self.fraudulent_shards,
            CollectionRole::Tenant(tenant) => self.tenants.get(tenant).map_or(0, |settings| settings.shards),
        };
        (0..count).map(|shard| Collection::named(&self.project, &self.environment, role.clone(), shard)).collect()
    }
}

impl From<&Environment> for HandlerSettings {
    fn from(environment: &Environment) -> Self {
        let count = |role: &CollectionRole| {
            let shards = environment.collections.iter().filter(|collection| collection.role == *role).count();
            u16::try_from(shards).unwrap_or(u16::MAX)
        };
        Self {
            project: environment.project.clone(),
            environment: environment.name.clone(),
            registered_shards: count(&CollectionRole::Registered),
            fraudulent_shards: count(&CollectionRole::Fraudulent),
            strategy: environment.strategy,
            matching: environment.matching.clone(),
            registration: environment.registration.clone(),
            liveness: environment.liveness,
            registrations_days: environment.retention.registrations_days,
            tenants: environment.tenants.clone(),
        }
    }
}
