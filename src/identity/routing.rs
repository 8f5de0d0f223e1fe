//! The routing table: which collections a role has, and which of them takes a new face.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::{IdentityError, ServiceError, ServiceErrorKind};
use super::ports::RoutingRecords;
use super::sharding::{self, ShardingError};
use crate::model::{Collection, CollectionId, CollectionRole, HandlerSettings, ShardStrategy};

/// The collections of one role. Data, not code: shards are added, and closed to new faces, by changing it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Routing {
    /// How a key finds its shard.
    pub strategy: ShardStrategy,
    /// Every shard, by number from 0 without gaps: the strategies count on it.
    pub shards: Vec<RoutedShard>,
    /// Under the strategy `attribute`: the shard of a value. A value that is not listed is hashed.
    #[serde(default)]
    pub attributes: BTreeMap<String, u16>,
}

/// One shard of a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoutedShard {
    /// Its collection.
    pub collection: CollectionId,
    /// Whether it takes new faces. One that does not is still searched.
    #[serde(default = "yes")]
    pub open: bool,
}

const fn yes() -> bool {
    true
}

impl Routing {
    /// The table that a configuration stands for, where none was written yet.
    #[must_use]
    pub fn configured(strategy: ShardStrategy, collections: &[Collection]) -> Self {
        let shards = collections.iter().map(|one| RoutedShard { collection: one.id.clone(), open: true });
        Self { strategy, shards: shards.collect(), attributes: BTreeMap::new() }
    }

    /// The table of a role: the one that was written, or the one that the configuration stands for.
    pub async fn of<R: RoutingRecords>(
        records: &R,
        settings: &HandlerSettings,
        role: &CollectionRole,
    ) -> Result<Self, IdentityError> {
        if let Some(routing) = records.routing(role).await? {
            return Ok(routing);
        }
        let invalid = |error| ServiceError::new(ServiceErrorKind::Unavailable, format!("no collections: {error}"));
        Ok(Self::configured(settings.strategy, &settings.shards(role).map_err(invalid)?))
    }

    /// Every collection: whoever looks for a face looks into all of them.
    #[must_use]
    pub fn collections(&self) -> Vec<CollectionId> {
        self.shards.iter().map(|shard| shard.collection.clone()).collect()
    }

    /// The collection that a new face goes to. Shards that are closed are passed over: their keys spread over the open
    /// ones by their hash, as do keys without a digit at their end and attributes that are not listed. All other keys
    /// stay where they are.
    pub fn choose(&self, key: &str, attribute: Option<&str>) -> Result<&CollectionId, ShardingError> {
        let attribute = attribute.filter(|_| self.strategy == ShardStrategy::Attribute);
        let key = attribute.unwrap_or(key);
        let own = match self.strategy {
            ShardStrategy::Hash => None,
            ShardStrategy::LastDigit => sharding::last_digit(key, self.count()).ok(),
            ShardStrategy::Attribute => attribute.and_then(|value| self.attributes.get(value).copied()),
        };
        let shard = match own.filter(|shard| self.is_open(*shard)) {
            Some(shard) => shard,
            None => sharding::rendezvous_among(key, (0..self.count()).filter(|shard| self.is_open(*shard)))?,
        };
        self.shards.get(usize::from(shard)).map(|shard| &shard.collection).ok_or(ShardingError::NoShards)
    }

    fn count(&self) -> u16 {
        u16::try_from(self.shards.len()).unwrap_or(u16::MAX)
    }

    fn is_open(&self, shard: u16) -> bool {
        self.shards.get(usize::from(shard)).is_some_and(|shard| shard.open)
    }
}

#[cfg(test)]
mod tests;
