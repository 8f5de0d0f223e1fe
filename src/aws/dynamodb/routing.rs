//! Routing tables in their table.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Builder;

use crate::aws::Cloud;
use crate::aws::ports::{brisk_retries, brisk_timeouts};
use crate::identity::routing::Routing;
use crate::identity::{RoutingRecords, ServiceError, ServiceErrorKind};
use crate::model::CollectionRole;

/// Routing tables in their table.
#[derive(Debug)]
pub struct RoutingTable {
    client: Client,
    table: String,
}

impl RoutingTable {
    /// A client for a table.
    #[must_use]
    pub(in crate::aws) fn new(cloud: &Cloud, table: String) -> Self {
        let config = Builder::from(&cloud.shared).retry_config(brisk_retries()).timeout_config(brisk_timeouts());
        Self { client: Client::from_conf(config.build()), table }
    }

    fn unconnected(&self) -> ServiceError {
        ServiceError::new(ServiceErrorKind::Unavailable, format!("{} is not connected {:?}", self.table, self.client))
    }
}

impl RoutingRecords for RoutingTable {
    async fn routing(&self, _: &CollectionRole) -> Result<Option<Routing>, ServiceError> {
        Err(self.unconnected())
    }
}
