//! Face collections: what they are for and how faces are spread over them.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{CollectionId, EnvironmentName, InvalidId, ProjectName, TenantId};

/// How many face vectors one collection holds at most (Rekognition developer guide, limits).
pub const COLLECTION_CAPACITY: u64 = 20_000_000;

/// What the faces of a collection stand for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CollectionRole {
    /// Verified users: searched for duplicates and at authentication.
    Registered,
    /// Known fraudsters: a match ends a registration.
    Fraudulent,
    /// The faces of one customer of the Face Matching API.
    Tenant(TenantId),
}

/// One collection, which is one shard of its role.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Collection {
    /// Its id at Rekognition.
    pub id: CollectionId,
    /// What its faces stand for.
    pub role: CollectionRole,
    /// Which shard of the role it is, from 0.
    pub shard: u16,
}

/// How a face finds its shard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShardStrategy {
    /// Rendezvous hash of the user id: stable, balanced, and an added shard moves the least.
    Hash,
    /// Last digit of the user id.
    LastDigit,
    /// An attribute that the caller sends, such as a state or a country.
    Attribute,
}

impl Collection {
    /// The collection of a role and shard, named `PROJECT-ENVIRONMENT-ROLE-NN`.
    pub fn named(
        project: &ProjectName,
        environment: &EnvironmentName,
        role: CollectionRole,
        shard: u16,
    ) -> Result<Self, InvalidId> {
        let id = CollectionId::new(format!("{project}-{environment}-{role}-{shard:02}"))?;
        Ok(Self { id, role, shard })
    }
}

impl Collection {
    /// Whether an id is one that [`Self::named`] gives to a collection of the environment with this prefix, also of a
    /// role or shard that is no longer configured. `idv-prod` does not own what belongs to `idv-prod-eu`.
    #[must_use]
    pub fn is_named_for(prefix: &str, id: &str) -> bool {
        let Some((role, shard)) = id.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('-')?.rsplit_once('-'))
        else {
            return false;
        };
        let role_fits = matches!(role, "registered" | "fraudulent")
            || role.strip_prefix("tenant-").is_some_and(|tenant| TenantId::new(tenant).is_ok());
        role_fits && shard.len() >= 2 && shard.bytes().all(|digit| digit.is_ascii_digit())
    }
}

impl fmt::Display for CollectionRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Registered => f.pad("registered"),
            Self::Fraudulent => f.pad("fraudulent"),
            Self::Tenant(tenant) => f.pad(&format!("tenant-{tenant}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_environment_knows_its_collections_by_name() {
        for own in ["idv-prod-registered-00", "idv-prod-fraudulent-12", "idv-prod-tenant-acme-bank-00"] {
            assert!(Collection::is_named_for("idv-prod", own), "{own}");
        }
        for foreign in
            ["idv-prod-eu-registered-00", "idv-production-registered-00", "idv-prod-00", "idv-prod-registered-x"]
        {
            assert!(!Collection::is_named_for("idv-prod", foreign), "{foreign}");
        }
    }
}
