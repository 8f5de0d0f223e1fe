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

impl fmt::Display for CollectionRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Registered => f.pad("registered"),
            Self::Fraudulent => f.pad("fraudulent"),
            Self::Tenant(tenant) => f.pad(&format!("tenant-{tenant}")),
        }
    }
}
