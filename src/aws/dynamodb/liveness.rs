//! Liveness sessions in their table.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Builder;

use crate::aws::Cloud;
use crate::aws::ports::{brisk_retries, brisk_timeouts};
use crate::identity::liveness::{LivenessRecord, LivenessVerdict};
use crate::identity::{LivenessRecords, ServiceError, ServiceErrorKind};
use crate::model::{LivenessSessionId, Timestamp};

/// Liveness sessions in their table.
#[derive(Debug)]
pub struct LivenessTable {
    client: Client,
    table: String,
}

impl LivenessTable {
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

impl LivenessRecords for LivenessTable {
    async fn add(&self, _: &LivenessRecord) -> Result<(), ServiceError> {
        Err(self.unconnected())
    }

    async fn find(&self, _: &LivenessSessionId) -> Result<Option<LivenessRecord>, ServiceError> {
        Err(self.unconnected())
    }

    async fn judge(&self, _: &LivenessSessionId, _: &LivenessVerdict) -> Result<(), ServiceError> {
        Err(self.unconnected())
    }

    async fn consume(&self, _: &LivenessSessionId) -> Result<(), ServiceError> {
        Err(self.unconnected())
    }

    async fn abandon(&self, _: &LivenessSessionId) -> Result<(), ServiceError> {
        Err(self.unconnected())
    }

    async fn unsettled(&self, _: Timestamp, _: u16) -> Result<Vec<LivenessSessionId>, ServiceError> {
        Err(self.unconnected())
    }
}
