//! The last step of the data stack: the routing table of every role knows the collections that the stack has made.

use std::collections::BTreeMap;

use super::watch::Reporter;
use super::{DeployError, Site};
use crate::aws::dynamodb::{RoutingTable, RoutingWritten};
use crate::model::{Collection, CollectionRole, ShardStrategy};

/// The stack output that names the table.
const TABLE: &str = "RoutingTableName";

impl Site {
    /// Writes down what the routing tables lack. Doing it again changes nothing, nor does it undo what operators have
    /// changed; so it is done in every deployment, and one that was killed before it is made good by the next.
    pub(super) async fn write_routing(
        &self,
        outputs: &BTreeMap<String, String>,
        reporter: &Reporter,
    ) -> Result<(), DeployError> {
        // A template of the user's own may do without.
        let Some(table) = outputs.get(TABLE) else { return Ok(()) };
        let table = RoutingTable::new(&self.cloud, table.clone());
        for (role, collections) in by_role(&self.environment.collections) {
            let strategy = match role {
                CollectionRole::Registered => self.environment.strategy,
                CollectionRole::Fraudulent | CollectionRole::Tenant(_) => ShardStrategy::Hash,
            };
            let written = table.write_missing(role, strategy, &collections).await?;
            if let Some(message) = told(role, collections.len(), written) {
                reporter.note(message);
            }
        }
        Ok(())
    }
}

fn by_role(collections: &[Collection]) -> BTreeMap<&CollectionRole, Vec<Collection>> {
    let mut roles: BTreeMap<&CollectionRole, Vec<Collection>> = BTreeMap::new();
    for collection in collections {
        roles.entry(&collection.role).or_default().push(collection.clone());
    }
    roles
}

/// What is worth a line.
fn told(role: &CollectionRole, shards: usize, written: RoutingWritten) -> Option<String> {
    let count = |shards: usize| if shards == 1 { "1 shard".to_owned() } else { format!("{shards} shards") };
    match written {
        RoutingWritten::Created => Some(format!("routing of {role}: {}", count(shards))),
        RoutingWritten::Appended(added) => Some(format!("routing of {role}: {} added", count(added))),
        RoutingWritten::Unchanged => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Environment;

    #[test]
    fn every_collection_is_routed_under_its_role() {
        let environment = Environment::fixture();
        let roles = by_role(&environment.collections);
        assert_eq!(roles.values().map(Vec::len).sum::<usize>(), environment.collections.len());
        for (role, collections) in roles {
            assert!(collections.iter().all(|collection| collection.role == *role));
            assert!(collections.iter().map(|collection| usize::from(collection.shard)).eq(0..collections.len()));
        }
    }

    #[test]
    fn only_what_was_written_is_told() {
        let role = CollectionRole::Registered;
        assert_eq!(told(&role, 1, RoutingWritten::Created).as_deref(), Some("routing of registered: 1 shard"));
        let appended = told(&role, 4, RoutingWritten::Appended(2));
        assert_eq!(appended.as_deref(), Some("routing of registered: 2 shards added"));
        assert_eq!(told(&role, 4, RoutingWritten::Unchanged), None);
    }
}
