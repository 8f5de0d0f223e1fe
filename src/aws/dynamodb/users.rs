//! Users in their table.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Builder;

use crate::aws::Cloud;
use crate::aws::ports::{brisk_retries, brisk_timeouts};
use crate::identity::user::{PhotoChange, User, UserFace};
use crate::identity::{ServiceError, ServiceErrorKind, UserRecords};
use crate::model::{RegistrationId, Timestamp, UserId};

/// Users in their table.
#[derive(Debug)]
pub struct UserTable {
    client: Client,
    table: String,
}

impl UserTable {
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

impl UserRecords for UserTable {
    async fn find(&self, _: &UserId) -> Result<Option<User>, ServiceError> {
        Err(self.unconnected())
    }

    async fn holder(&self, _: &UserId) -> Result<Option<RegistrationId>, ServiceError> {
        Err(self.unconnected())
    }

    async fn seen(&self, _: &UserId, _: Timestamp) -> Result<(), ServiceError> {
        Err(self.unconnected())
    }

    async fn begin_change(&self, _: &UserId, _: &PhotoChange) -> Result<(), ServiceError> {
        Err(self.unconnected())
    }

    async fn switch_face(&self, _: &User, _: &UserFace, _: Timestamp) -> Result<(), ServiceError> {
        Err(self.unconnected())
    }

    async fn end_change(&self, _: &UserId, _: &PhotoChange) -> Result<(), ServiceError> {
        Err(self.unconnected())
    }

    async fn remove(&self, _: &UserId) -> Result<(), ServiceError> {
        Err(self.unconnected())
    }

    async fn unsettled(&self, _: Timestamp, _: u16) -> Result<Vec<UserId>, ServiceError> {
        Err(self.unconnected())
    }
}
