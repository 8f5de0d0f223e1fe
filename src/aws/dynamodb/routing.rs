//! Routing tables in their table, readable and changeable in the console.
//!
//! ```text
//! role (pk)   strategy   shards [{collection, open}]   attributes {value: shard}
//! ```

use std::collections::BTreeMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;

use super::item::{Fields, Item, Record, Unreadable, number};
use super::transaction::{Change, NotWritten, Write, write};
use super::{brisk_client, item};
use crate::aws::patience::Pauses;
use crate::aws::{Cloud, CloudError};
use crate::identity::routing::{RoutedShard, Routing};
use crate::identity::{RoutingRecords, ServiceError};
use crate::model::{Collection, CollectionId, CollectionRole, ShardStrategy};

const TABLE: &str = "routing";

/// Routing tables in their table.
#[derive(Debug)]
pub struct RoutingTable {
    client: Client,
    table: String,
}

/// What became of writing a routing table down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoutingWritten {
    /// There was none; now there is.
    Created,
    /// So many shards were appended.
    Appended(usize),
    /// It had every shard.
    Unchanged,
}

impl RoutingTable {
    /// A client for a table.
    #[must_use]
    pub fn new(cloud: &Cloud, table: String) -> Self {
        Self { client: brisk_client(cloud), table }
    }

    /// Writes down the collections of a role that its routing table does not have yet. What it has stays as it is,
    /// closed shards and the strategy included: operators change that, and a face is found only where it was put.
    ///
    /// # Errors
    /// A table that cannot be read or written; another writer who does not come to an end.
    pub async fn write_missing(
        &self,
        role: &CollectionRole,
        strategy: ShardStrategy,
        collections: &[Collection],
    ) -> Result<RoutingWritten, CloudError> {
        let configured = Routing::configured(strategy, collections);
        let mut pauses = Pauses::new();
        loop {
            let (change, outcome) = match item(&self.client, &self.table, key(role)).await? {
                None => {
                    let put = Write::put(&self.table, to_item(role, &configured));
                    (put.when("attribute_not_exists(#role)", Fields::new()), RoutingWritten::Created)
                }
                Some(found) => {
                    let known = from_item(Record::new(TABLE, &found))?;
                    let merged = merged(&known, &configured);
                    let missing = merged.len() - known.shards.len();
                    if missing == 0 {
                        return Ok(RoutingWritten::Unchanged);
                    }
                    let change = Change::new().set(Fields::new().with("shards", shards(&merged)));
                    let update = Write::update(&self.table, key(role), change);
                    let as_read = found.get("shards").cloned().unwrap_or_else(|| shards(&known.shards));
                    let update = update.when("#shards = :read", Fields::new().with("read", as_read));
                    (update, RoutingWritten::Appended(missing))
                }
            };
            match write(&self.client, [change]).await {
                Ok(()) => return Ok(outcome),
                // Somebody else changed it in between: read again.
                Err(NotWritten::Refused(_)) if pauses.pause().await => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

impl RoutingRecords for RoutingTable {
    async fn routing(&self, role: &CollectionRole) -> Result<Option<Routing>, ServiceError> {
        let item = item(&self.client, &self.table, key(role)).await?;
        Ok(item.map(|item| from_item(Record::new(TABLE, &item))).transpose()?)
    }
}

/// The shards that are known, and behind them those that are only configured.
fn merged(known: &Routing, configured: &Routing) -> Vec<RoutedShard> {
    let is_new = |shard: &&RoutedShard| known.shards.iter().all(|known| known.collection != shard.collection);
    known.shards.iter().chain(configured.shards.iter().filter(is_new)).cloned().collect()
}

fn key(role: &CollectionRole) -> Item {
    Fields::new().text("role", role).item()
}

fn to_item(role: &CollectionRole, routing: &Routing) -> Item {
    let attributes = routing.attributes.iter().map(|(value, shard)| (value.clone(), number(shard))).collect();
    Fields::new()
        .text("role", role)
        .text("strategy", strategy(routing.strategy))
        .with("shards", shards(&routing.shards))
        .with("attributes", AttributeValue::M(attributes))
        .item()
}

const fn strategy(strategy: ShardStrategy) -> &'static str {
    match strategy {
        ShardStrategy::Hash => "hash",
        ShardStrategy::LastDigit => "last_digit",
        ShardStrategy::Attribute => "attribute",
    }
}

fn shards(shards: &[RoutedShard]) -> AttributeValue {
    let shard = |shard: &RoutedShard| {
        Fields::new().text("collection", &shard.collection).with("open", AttributeValue::Bool(shard.open)).map()
    };
    AttributeValue::L(shards.iter().map(shard).collect())
}

fn from_item(record: Record<'_>) -> Result<Routing, Unreadable> {
    let shard = |part: Record<'_>| -> Result<RoutedShard, Unreadable> {
        let open = match part.value("open") {
            None => true,
            Some(open) => *open.as_bool().map_err(|_| part.unreadable("open"))?,
        };
        Ok(RoutedShard { collection: part.checked("collection", CollectionId::new)?, open })
    };
    let attributes = match record.value("attributes") {
        None => BTreeMap::new(),
        Some(value) => {
            let shard = |value: &AttributeValue| value.as_n().ok()?.parse().ok();
            let listed = value.as_m().ok().and_then(|listed| {
                listed.iter().map(|(value, number)| Some((value.clone(), shard(number)?))).collect()
            });
            listed.ok_or_else(|| record.unreadable("attributes"))?
        }
    };
    // Without shards nobody would be found: a list that is missing is no empty one.
    if record.value("shards").is_none() {
        return Err(record.unreadable("shards"));
    }
    let shards = record.parts("shards")?.into_iter().map(shard).collect::<Result<_, _>>()?;
    Ok(Routing { strategy: record.word("strategy")?, shards, attributes })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::fakes::collection;

    fn routing(shards: &[(u16, bool)]) -> Routing {
        let shards = shards.iter().map(|(number, open)| RoutedShard { collection: collection(*number), open: *open });
        let attributes = BTreeMap::from([("DE".to_owned(), 1)]);
        Routing { strategy: ShardStrategy::Attribute, shards: shards.collect(), attributes }
    }

    #[test]
    fn routing_tables_survive_the_trip_through_the_table() {
        for strategy in [ShardStrategy::Hash, ShardStrategy::LastDigit, ShardStrategy::Attribute] {
            let routing = Routing { strategy, ..routing(&[(0, true), (1, false)]) };
            let item = to_item(&CollectionRole::Registered, &routing);
            assert_eq!(from_item(Record::new(TABLE, &item)), Ok(routing));
        }
    }

    #[test]
    fn a_table_without_a_list_of_shards_is_an_error() {
        let mut item = to_item(&CollectionRole::Registered, &routing(&[]));
        item.remove("shards");
        assert_eq!(from_item(Record::new(TABLE, &item)).unwrap_err().attribute, "shards");
    }

    #[test]
    fn new_shards_come_behind_the_known_ones_which_stay_as_they_are() {
        let merged = merged(&routing(&[(2, false), (0, true)]), &routing(&[(0, true), (1, true), (2, true)]));
        assert_eq!(merged, routing(&[(2, false), (0, true), (1, true)]).shards);
    }
}
