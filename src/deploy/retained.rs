//! What outlives its stack: where it is, what it still holds, and how it goes for good.

use std::collections::{BTreeMap, BTreeSet};

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::{DeployError, Site, adopt};
use crate::aws::CloudError;
use crate::model::{Collection, Reading, StackKind};

/// Looks at a deleting table before it is an error.
const LOOKS: usize = 300;

/// Something in the cloud that holds, or guards, data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RetainedResource {
    /// What it is.
    pub store: Store,
    /// Its name in the cloud.
    pub name: String,
    /// What it still holds.
    pub holding: Holding,
}

/// What kind of store a resource is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Store {
    /// A Rekognition collection.
    Collection,
    /// A DynamoDB table.
    Table,
    /// An S3 bucket.
    Bucket,
    /// A KMS key, without which the others cannot be read.
    Key,
}

/// How much a store holds; the unit goes with the store: faces, items, objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// The number of faces, items or objects.
    pub count: Reading<u64>,
    /// Older versions and delete markers of a bucket.
    pub hidden: u64,
}

/// A count that is not known is null, with the reason beside it.
impl Serialize for Holding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let why = self.count.why();
        let mut holding = serializer.serialize_struct("Holding", if why.is_some() { 3 } else { 2 })?;
        holding.serialize_field("count", &self.count.known())?;
        holding.serialize_field("hidden", &self.hidden)?;
        if let Some(why) = why {
            holding.serialize_field("why", why)?;
        }
        holding.end()
    }
}

impl Store {
    pub(super) fn of(resource_type: &str) -> Option<Self> {
        Some(match resource_type {
            "AWS::Rekognition::Collection" => Self::Collection,
            "AWS::DynamoDB::Table" => Self::Table,
            "AWS::S3::Bucket" => Self::Bucket,
            "AWS::KMS::Key" => Self::Key,
            _ => return None,
        })
    }

    /// In one word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Collection => "collection",
            Self::Table => "table",
            Self::Bucket => "bucket",
            Self::Key => "key",
        }
    }

    /// What it holds, in the plural.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Collection => "faces",
            Self::Table => "items",
            Self::Bucket => "objects",
            Self::Key => "",
        }
    }
}

impl Site {
    /// Everything of this environment that holds data and exists: what the templates name, what the stacks hold from
    /// earlier configurations, and collections that neither knows any more.
    pub(super) async fn holdings(&self, stack_ids: &[String]) -> Result<Vec<RetainedResource>, DeployError> {
        let mut names: BTreeSet<(Store, String)> = BTreeSet::new();
        for kind in StackKind::ALL {
            let template = self.template(kind, &BTreeMap::new());
            for resource in adopt::retained(&template) {
                if let (Some(store), Some(name)) = (Store::of(&resource.resource_type), resource.name) {
                    names.insert((store, name));
                }
            }
        }
        for stack in stack_ids {
            for resource in self.stacks.stack_resources(stack).await? {
                if let (Some(store), false) = (Store::of(&resource.resource_type), resource.physical_id.is_empty()) {
                    names.insert((store, resource.physical_id));
                }
            }
        }
        // A shard or a tenant that left the configuration left its faces behind: no template and no stack names it.
        let prefix = self.environment.prefix();
        let left = self.collections.ids().await?.into_iter().filter(|id| Collection::is_named_for(&prefix, id));
        names.extend(left.map(|id| (Store::Collection, id)));
        let stores: Vec<(Store, String)> = names.iter().cloned().collect();
        for (store, name) in stores {
            // After the stack is gone only what it encrypts still knows the key.
            if let Some(key) = self.key_of(store, &name).await? {
                names.insert((Store::Key, key));
            }
        }
        let mut holdings = Vec::new();
        for (store, name) in names {
            if let Some(holding) = self.holding(store, &name).await {
                holdings.push(RetainedResource { store, name, holding });
            }
        }
        Ok(holdings)
    }

    /// The id of the account's own key that encrypts a store; `None` when there is none.
    pub(super) async fn key_of(&self, store: Store, name: &str) -> Result<Option<String>, CloudError> {
        let key = match store {
            Store::Table => self.tables.describe(name).await?.and_then(|table| table.key_arn),
            Store::Bucket => self.buckets.key(name).await?,
            Store::Collection | Store::Key => None,
        };
        // A key of AWS itself (`alias/aws/…`) is nobody's to keep.
        let own = key.filter(|arn| !arn.contains("alias/aws/"));
        Ok(own.map(|arn| arn.rsplit('/').next().unwrap_or(&arn).to_owned()))
    }

    /// What a store holds; `None` when it does not exist.
    async fn holding(&self, store: Store, name: &str) -> Option<Holding> {
        let plain = |count: Result<Option<u64>, CloudError>| match count {
            Ok(None) => None,
            Ok(Some(count)) => Some(Holding { count: Reading::Known(count), hidden: 0 }),
            Err(error) => Some(Holding { count: Reading::unknown(error.to_string()), hidden: 0 }),
        };
        match store {
            Store::Collection => plain(self.collections.faces(name).await),
            Store::Table => plain(self.tables.count(name).await),
            Store::Bucket => match self.buckets.content(name).await {
                Ok(None) => None,
                Ok(Some(content)) => Some(Holding { count: Reading::Known(content.objects), hidden: content.hidden }),
                Err(error) => Some(Holding { count: Reading::unknown(error.to_string()), hidden: 0 }),
            },
            Store::Key => {
                Some(Holding { count: Reading::unknown("a key holds nothing, it opens the others"), hidden: 0 })
            }
        }
    }

    /// Deletes a store with everything in it and makes sure that it is gone. A key is not deleted: that takes 7 to 30
    /// days and a decision of its own.
    pub(super) async fn purge(&self, resource: &RetainedResource) -> Result<(), DeployError> {
        let name = resource.name.as_str();
        match resource.store {
            Store::Collection => self.collections.delete(name).await?,
            Store::Bucket => drop(self.buckets.purge(name).await?),
            Store::Table => {
                if self.tables.describe(name).await?.is_some_and(|table| table.deletion_protected) {
                    self.tables.unprotect(name).await?;
                }
                self.tables.delete(name).await?;
            }
            Store::Key => return Ok(()),
        }
        self.gone(resource).await
    }

    async fn gone(&self, resource: &RetainedResource) -> Result<(), DeployError> {
        let name = resource.name.as_str();
        for pause in self.pace.pauses().take(LOOKS) {
            let exists = match resource.store {
                Store::Collection => self.collections.faces(name).await?.is_some(),
                Store::Bucket => self.buckets.content(name).await?.is_some(),
                Store::Table => self.tables.describe(name).await?.is_some(),
                Store::Key => false,
            };
            if !exists {
                return Ok(());
            }
            tokio::time::sleep(pause).await;
        }
        Err(DeployError::StillThere { what: format!("{} {name}", resource.store.name()) })
    }
}
